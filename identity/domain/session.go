package domain

import (
	"time"

	"github.com/google/uuid"
)

// SessionLifetime is how long a session on the ID host lives.
const SessionLifetime = 14 * 24 * time.Hour

// SessionMethod is how somebody signed in.
type SessionMethod string

// The ways to sign in.
const (
	MethodPassword  SessionMethod = "password"
	MethodMagicLink SessionMethod = "magic_link"
)

// Session is somebody signed in on the ID host. Its token is known to the
// browser alone.
type Session struct {
	ID        uuid.UUID // public name of the session, good for nothing else
	UserID    uuid.UUID
	TokenHash Hash
	Method    SessionMethod
	IP        string
	UserAgent string
	CreatedAt time.Time // also when the user proved who he is: auth_time
	ExpiresAt time.Time
	RevokedAt *time.Time
}

// NewSession begins a session and returns its token, which is not kept.
func NewSession(id uuid.UUID, user uuid.UUID, method SessionMethod, from Origin, now time.Time) (Session, Secret) {
	token := NewSecret()
	return Session{
		ID: id, UserID: user, TokenHash: token.Hash(), Method: method,
		IP: from.IP, UserAgent: truncate(printable(from.UserAgent), 512),
		CreatedAt: now, ExpiresAt: now.Add(SessionLifetime),
	}, token
}

// Alive reports whether the session of u still counts.
func (s Session) Alive(u User, now time.Time) bool {
	return s.RevokedAt == nil && now.Before(s.ExpiresAt) && !s.CreatedAt.Before(u.SessionsValidFrom) && u.Status == StatusActive
}

// Origin is where a request came from, for limits and the journal.
type Origin struct {
	IP        string
	UserAgent string
}
