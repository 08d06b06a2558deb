package ports

import (
	"context"
	"time"

	"go.updspace.com/identity/domain"
)

// MailSuppressions stores which addresses get no mails because one came back.
type MailSuppressions interface {
	// Since is when an address was suppressed; nil: it gets mails.
	Since(ctx context.Context, address string, now time.Time) (*time.Time, error)
	// Add suppresses an address; added is false if it was.
	Add(ctx context.Context, address string, at, expires time.Time) (added bool, err error)
	// Remove lets an address get mails again; removed is false if it did.
	Remove(ctx context.Context, address string) (removed bool, err error)
	// Remember keeps a report until it expires; fresh is false if it was known.
	Remember(ctx context.Context, report domain.Hash, expires time.Time) (fresh bool, err error)
}
