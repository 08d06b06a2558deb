package ports

import (
	"context"
	"time"
)

// InboundMails remembers the mails that were read, by their Message-ID: each counts once.
type InboundMails interface {
	// Known reports whether a mail was read before.
	Known(ctx context.Context, messageID string) (bool, error)
	Remember(ctx context.Context, messageID string, now time.Time) error
	// Forget removes what was read before a time, of all tenants.
	Forget(ctx context.Context, before time.Time) error
}
