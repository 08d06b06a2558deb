package domain

import (
	"time"

	"github.com/google/uuid"
)

// SessionLifetime is how long a session on the ID host lives.
const SessionLifetime = 14 * 24 * time.Hour

// SessionMethod is how the user last proved who they are.
type SessionMethod string

// The ways to sign in.
const (
	MethodPassword  SessionMethod = "password"
	MethodMagicLink SessionMethod = "magic_link"
	MethodPasskey   SessionMethod = "passkey"
	MethodExternal  SessionMethod = "external" // an account at another service
)

// Session is a user signed in on the ID host. Only the browser knows its token. A session of a magic link belongs to the
// gateway alone: no browser has its token.
type Session struct {
	ID        uuid.UUID // the claim sid; it grants nothing
	UserID    uuid.UUID
	TokenHash Hash
	Method    SessionMethod
	Strong    bool // the user has shown more than a password: a second factor, or a passkey that verified them
	IP        string
	UserAgent string
	CreatedAt time.Time
	AuthTime  time.Time // when the user last proved who they are
	ExpiresAt time.Time
	RevokedAt *time.Time
	UsedAt    *time.Time // to within sessionUse; nil: not since AuthTime
}

// NewSession begins a session and returns its token, which is not stored.
func NewSession(id uuid.UUID, user uuid.UUID, method SessionMethod, from Origin, now time.Time) (Session, Secret) {
	token := NewSecret()
	return Session{
		ID: id, UserID: user, TokenHash: token.Hash(), Method: method,
		IP: from.IP, UserAgent: truncate(printable(from.UserAgent), 512),
		CreatedAt: now, AuthTime: now, ExpiresAt: now.Add(SessionLifetime),
	}, token
}

// Renew continues the session under a new token after its user has authenticated again. Its ID stays, so clients that were
// signed in with it stay signed in.
func (s Session) Renew(method SessionMethod, from Origin, now time.Time) (Session, Secret) {
	next, token := NewSession(s.ID, s.UserID, method, from, now)
	next.CreatedAt = s.CreatedAt
	return next, token
}

// ConfirmedUntil is until when the session may change the ways to sign in. The word of another service alone is not enough for that: it may come
// from a session there, without its user.
func (s Session) ConfirmedUntil() time.Time {
	if s.Method == MethodExternal && !s.Strong {
		return s.AuthTime
	}
	return s.AuthTime.Add(ReauthenticationWindow)
}

// Confirmed reports whether the user has proven lately who they are, as changes of the ways to sign in demand.
func (s Session) Confirmed(now time.Time) bool { return now.Before(s.ConfirmedUntil()) }

// sessionUse is how exactly the last use of a session is known: storing it at every request would cost a write each.
const sessionUse = 10 * time.Minute

// LastUsed is when the session was used last, to within sessionUse.
func (s Session) LastUsed() time.Time {
	if s.UsedAt != nil && s.UsedAt.After(s.AuthTime) {
		return *s.UsedAt
	}
	return s.AuthTime
}

// UseIsNews reports whether a use of the session at now is worth storing.
func (s Session) UseIsNews(now time.Time) bool { return now.Sub(s.LastUsed()) >= sessionUse }

// Alive reports whether the session of u is still valid.
func (s Session) Alive(u User, now time.Time) bool {
	return s.RevokedAt == nil && now.Before(s.ExpiresAt) && !s.CreatedAt.Before(u.SessionsValidFrom) && u.Status == StatusActive
}

// Origin is where a request came from, for limits and the audit log.
type Origin struct {
	IP        string
	UserAgent string
	Language  string // that the browser asks for, of those that there are
}
