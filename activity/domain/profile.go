package domain

import "github.com/google/uuid"

// Profile is what the feed shows of a user.
type Profile struct {
	User                                                  uuid.UUID
	Username, DisplayName, FirstName, LastName, AvatarURL string // each may be empty
}
