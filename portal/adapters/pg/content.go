package pg

import "go.updspace.com/portal/ports"

// The repositories of what people write and show.
var (
	_ ports.Posts    = (*Posts)(nil)
	_ ports.Files    = (*Files)(nil)
	_ ports.Profiles = (*Profiles)(nil)
	_ ports.Accounts = (*Accounts)(nil)
	_ ports.Places   = (*Places)(nil)
)
