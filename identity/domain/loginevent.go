package domain

import (
	"time"

	"github.com/google/uuid"
)

// LoginHistoryLifetime is how long sign-ins are kept for the owner of the account to read.
const LoginHistoryLifetime = 180 * 24 * time.Hour

// LoginEvent is a sign-in, or an attempt that failed.
type LoginEvent struct {
	ID        uuid.UUID
	UserID    uuid.UUID
	Succeeded bool
	Method    SessionMethod
	Reason    string // the code of the failure
	IP        string
	UserAgent string
	DeviceID  *uuid.UUID // the same for sign-ins of one browser; nil: not known
	NewDevice bool       // the browser had not signed the account in before
	CreatedAt time.Time
	ExpiresAt time.Time
}

// NewLoginEvent notes a sign-in; reason is the code of its failure, empty for none.
func NewLoginEvent(id, user uuid.UUID, method SessionMethod, reason string, from Origin, now time.Time) LoginEvent {
	return LoginEvent{
		ID: id, UserID: user, Succeeded: reason == "", Method: method, Reason: reason, IP: from.IP, UserAgent: truncate(printable(from.UserAgent), 512),
		CreatedAt: now, ExpiresAt: now.Add(LoginHistoryLifetime),
	}
}
