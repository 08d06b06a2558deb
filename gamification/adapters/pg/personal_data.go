package pg

import "go.updspace.com/libs/personaldata"

// PersonalData lists what the service stores about a user.
func PersonalData() []personaldata.Section { return nil }
