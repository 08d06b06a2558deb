package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Journal stores entries at once, in the transaction of ctx if there is one:
// what is recorded and what was done stand or fall together.
type Journal struct{ db *pg.DB }

var _ ports.Journal = (*Journal)(nil)

// NewJournal stores entries in db.
func NewJournal(db *pg.DB) *Journal { return &Journal{db: db} }

type entryRow struct {
	bun.BaseModel `bun:"table:audit_events"`
	pg.Tenanted

	ID          uuid.UUID         `bun:"id,pk,type:uuid"`
	PerformedBy uuid.UUID         `bun:"performed_by,type:uuid"`
	Action      string            `bun:"action"`
	TargetType  string            `bun:"target_type"`
	TargetID    string            `bun:"target_id"`
	Metadata    map[string]string `bun:"metadata,type:jsonb"`
	CreatedAt   time.Time         `bun:"created_at"`
}

// Record implements ports.Journal. Entries must be of the tenant of ctx.
func (j *Journal) Record(ctx context.Context, entries ...domain.Entry) error {
	rows := make([]entryRow, len(entries))
	for i, e := range entries {
		id, err := uuid.NewV7()
		if err != nil {
			return err
		}
		rows[i] = toDBEntry(id, e)
	}
	return j.db.Do(ctx, func(ctx context.Context) error {
		_, err := j.db.Conn(ctx).NewInsert().Model(&rows).Exec(ctx)
		return pg.Error(err)
	})
}

// recordFor stores entries of one tenant outside of a request.
func (j *Journal) recordFor(ctx context.Context, tenant uuid.UUID, entries []domain.Entry) error {
	return j.Record(reqctx.With(ctx, reqctx.Context{TenantID: tenant}), entries...)
}

func toDBEntry(id uuid.UUID, e domain.Entry) entryRow {
	metadata := e.Metadata
	if metadata == nil {
		metadata = map[string]string{} // the column holds objects, never null
	}
	return entryRow{
		Tenanted: pg.Tenanted{TenantID: e.Tenant}, ID: id, PerformedBy: e.PerformedBy, Action: e.Action,
		TargetType: e.TargetType, TargetID: e.TargetID, Metadata: metadata, CreatedAt: pg.Time(e.At),
	}
}
