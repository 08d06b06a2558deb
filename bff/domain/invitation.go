package domain

import (
	"time"

	"github.com/google/uuid"
)

// Invitation is what the link of an invitation is for.
type Invitation struct {
	Email, DisplayName, Kind string
	HasAccount               bool // the address has an account that can sign in
	ExpiresAt                time.Time
}

// Acceptance is what the person sends who accepts an invitation. Empty parts stay as they are.
type Acceptance struct {
	Token, Username, DisplayName, Password, Language, Timezone string
}

// Accepted is who has become a member. SID is uuid.Nil for the holder of an account, who signs in as ever.
type Accepted struct{ UserID, SID uuid.UUID }
