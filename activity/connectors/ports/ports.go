// Package ports holds the interfaces that sources need from outside. Repositories work on the tenant of the request context; what
// another tenant owns does not exist for them. The methods that work across tenants say so.
package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/connectors/domain"
	feed "go.updspace.com/activity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/signature"
)

// Sources stores sources and, sealed, their secrets and addresses.
type Sources interface {
	// List lists all sources of the tenant, by kind and id. There are at most domain.MaxSources.
	List(ctx context.Context) ([]domain.Source, error)
	// Find returns a source, or domain.ErrSourceNotFound; Lock makes other changes of it wait until Tx.Do ends, too.
	Find(ctx context.Context, id int64) (domain.Source, error)
	Lock(ctx context.Context, id int64) (domain.Source, error)
	// LockByKey is Lock for the key of a source's address.
	LockByKey(ctx context.Context, key uuid.UUID) (domain.Source, error)
	// Add stores a new source and gives it its id, or returns domain.ErrTooManySources. Racing calls wait for one another.
	Add(ctx context.Context, source domain.Source, secrets signature.Pair) (domain.Source, error)
	Update(ctx context.Context, source domain.Source) error
	// Delete deletes a source, or returns domain.ErrSourceHasRoleSync.
	Delete(ctx context.Context, id int64) error
	Secrets(ctx context.Context, id int64) (signature.Pair, error)
	PutSecrets(ctx context.Context, id int64, secrets signature.Pair) error

	// Claim gives up to limit sources of any tenant that are due to be asked to the caller, for as long as the lease.
	Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) ([]domain.Source, error)
}

// Messages remembers what came of a source.
type Messages interface {
	// Remember stores the nonce of a message and reports whether it is new.
	Remember(ctx context.Context, source int64, nonce [32]byte, now time.Time) (fresh bool, err error)
	// Count counts the nonces since a time.
	Count(ctx context.Context, source int64, since time.Time) (int, error)
	// AddHashes stores hashes of entries and returns those that are new.
	AddHashes(ctx context.Context, source int64, hashes [][32]byte, now time.Time) (map[[32]byte]bool, error)
	// Forget deletes the nonces of all tenants that are older than a time.
	Forget(ctx context.Context, before time.Time) error
}

// Feed is the feed of the tenant: activity's ports.Items.
type Feed interface {
	Apply(ctx context.Context, changes ...feed.Change) error
	Page(ctx context.Context, viewer feed.Viewer, filter feed.Filter, after feed.Key, limit int) ([]feed.Item, error)
}

// Fetched is what a feed answered.
type Fetched struct {
	Unchanged bool
	Entries   []domain.Entry
	Validator domain.Validator
}

// Reader asks for feeds.
type Reader interface {
	// Check tells why an address cannot be asked, as far as that can be told without asking.
	Check(url string) error
	// Read asks for a feed. When it fails, problem says why in one word.
	Read(ctx context.Context, url string, known domain.Validator) (fetched Fetched, problem string)
}

// Audit stores who did what.
type Audit interface {
	Write(ctx context.Context, entries ...audit.Entry) error
}

// Tx runs fn in a transaction.
type Tx interface {
	Do(ctx context.Context, fn func(ctx context.Context) error) error
}

// Clock tells the time.
type Clock interface{ Now() time.Time }
