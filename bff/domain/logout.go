package domain

import (
	"time"

	"github.com/google/uuid"
)

// LogoutTokenAge is how old a logout token may be, or how far ahead its clock.
const LogoutTokenAge = 2 * time.Minute

// LogoutToken is a verified notice of the ID service that a session there has ended.
type LogoutToken struct {
	ID       Hash // of its jti: a token is accepted once
	SID      uuid.UUID
	IssuedAt time.Time
}

// Check refuses a token that was not issued just now.
func (t LogoutToken) Check(now time.Time) error {
	if age := now.Sub(t.IssuedAt); age > LogoutTokenAge || age < -LogoutTokenAge {
		return ErrLogoutToken
	}
	return nil
}
