package domain

import (
	"time"

	"github.com/google/uuid"
)

// Back-channel logout: how long a logout token is valid, and for how long a client that does not answer is asked again.
const (
	LogoutTokenLifetime = 2 * time.Minute
	LogoutNoticeTTL     = time.Hour
)

// LogoutNotice tells one client that a session has ended.
type LogoutNotice struct {
	ID        uuid.UUID
	ClientID  string
	SessionID uuid.UUID
	UserID    uuid.UUID
	Attempts  int
	ExpiresAt time.Time
}

// NewLogoutNotice makes the notice to a client about a session that ends now.
func NewLogoutNotice(id uuid.UUID, client string, s Session, now time.Time) LogoutNotice {
	return LogoutNotice{ID: id, ClientID: client, SessionID: s.ID, UserID: s.UserID, ExpiresAt: now.Add(LogoutNoticeTTL)}
}
