package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Journal is ports.Journal.
type Journal struct {
	db *pg.DB
}

// NewJournal keeps the journal in db.
func NewJournal(db *pg.DB) *Journal { return &Journal{db: db} }

// Write stores entries, with the change they tell of.
func (r *Journal) Write(ctx context.Context, entries ...domain.Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if !r.db.InTx(ctx) {
		return errs.Internalf("portal: %s journalled outside of a transaction", entries[0].Action)
	}
	rows := make([]*entryRow, len(entries))
	for i, e := range entries {
		rows[i] = toRowEntry(e, reqctx.From(ctx).RequestID)
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
	return pg.Error(err)
}

// List returns a page of entries, newest first.
func (r *Journal) List(ctx context.Context, search ports.EntrySearch, after uuid.UUID, limit int) ([]domain.Entry, error) {
	return many[entryRow, domain.Entry](ctx, r.db, func(q *bun.SelectQuery) *bun.SelectQuery {
		if search.Actor != uuid.Nil {
			q = q.Where("j.actor_id = ?", search.Actor)
		}
		if search.Action != "" {
			q = q.Where("j.action = ?", search.Action)
		}
		if search.Target != "" {
			q = q.Where("j.target_id = ?", search.Target)
		}
		if after != uuid.Nil {
			q = q.Where("j.id < ?", after)
		}
		return q.OrderExpr("j.id DESC").Limit(int64(limit))
	})
}

// Prune removes old entries of all tenants.
func (r *Journal) Prune(ctx context.Context, before time.Time) (int64, error) {
	return r.db.Prune(pg.AcrossTenants(ctx, "portal journal"), "journal", "created_at", before)
}
