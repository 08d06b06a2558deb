package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Journal keeps what was written by whom. The request of an entry is the one of the context.
type Journal interface {
	// Write works inside Tx.Do, with the change it tells of.
	Write(ctx context.Context, entries ...domain.Entry) error
	// List returns entries that match, newest first, beginning after one.
	List(ctx context.Context, search EntrySearch, after uuid.UUID, limit int) ([]domain.Entry, error)
	// Prune removes the entries of all tenants from before a moment, and returns how many there were.
	Prune(ctx context.Context, before time.Time) (int64, error)
}

// EntrySearch says which entries are looked for. Zero values match everything.
type EntrySearch struct {
	Actor  uuid.UUID
	Action string
	Target string
}
