package pg

import (
	"context"
	"slices"
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

var (
	_ ports.Journal = (*Journal)(nil)
	_ ports.History = (*Journal)(nil)
)

// NewJournal stores entries in db.
func NewJournal(db *pg.DB) *Journal { return &Journal{db: db} }

type entryRow struct {
	bun.BaseModel `bun:"table:audit_events,alias:a"`
	pg.Tenanted

	ID          uuid.UUID      `bun:"id,pk,type:uuid"`
	PerformedBy uuid.UUID      `bun:"performed_by,type:uuid"`
	Action      string         `bun:"action"`
	TargetType  string         `bun:"target_type"`
	TargetID    string         `bun:"target_id"`
	Metadata    map[string]any `bun:"metadata,type:jsonb"`
	CreatedAt   time.Time      `bun:"created_at"`
}

// keysOfEntry is where the permissions of an entry stand among its metadata.
const keysOfEntry = "permission_keys"

// entriesAtOnce bounds a statement: a role may take thousands of bindings along.
const entriesAtOnce = 500

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
		for part := range slices.Chunk(rows, entriesAtOnce) {
			if _, err := j.db.Conn(ctx).NewInsert().Model(&part).Exec(ctx); err != nil {
				return pg.Error(err)
			}
		}
		return nil
	})
}

// Page implements ports.History.
func (j *Journal) Page(ctx context.Context, search ports.EntrySearch) (entries []domain.Recorded, err error) {
	err = j.db.Read(ctx, func(ctx context.Context) error {
		var rows []entryRow
		q := j.db.Conn(ctx).NewSelect().Model(&rows).OrderExpr("a.created_at DESC, a.id DESC").Limit(int64(search.Limit))
		if search.Actor != nil {
			q = q.Where("a.performed_by = ?", *search.Actor)
		}
		if person := search.Concerning; person != uuid.Nil {
			q = q.Where("("+concerning+")", person, person.String(), domain.TargetRequest, person.String())
		}
		if search.Action != "" {
			q = q.Where("a.action = ?", search.Action)
		}
		if search.TargetType != "" {
			q = q.Where("a.target_type = ?", search.TargetType)
		}
		if search.TargetID != "" {
			q = q.Where("a.target_id = ?", search.TargetID)
		}
		if !search.From.IsZero() {
			q = q.Where("a.created_at >= ?", search.From)
		}
		if !search.To.IsZero() {
			q = q.Where("a.created_at < ?", search.To)
		}
		if search.After != nil {
			q = q.Where("(a.created_at, a.id) < (?, ?)", search.After.At, search.After.ID)
		}
		if err := q.Scan(ctx); err != nil {
			return pg.Error(err)
		}
		for i := range rows {
			entries = append(entries, rows[i].toDomain())
		}
		return nil
	})
	return entries, err
}

// concerning is domain.Entry.Concerns in SQL, of four arguments: the person, as
// text, domain.TargetRequest, and the person as text once more.
const concerning = "a.performed_by = ? OR a.metadata ->> 'user_id' = ? OR a.target_type = ? AND a.target_id = ?"

func (r *entryRow) toDomain() domain.Recorded {
	e := domain.Recorded{ID: r.ID, Entry: domain.Entry{
		Tenant: r.TenantID, PerformedBy: r.PerformedBy, Action: r.Action, TargetType: r.TargetType, TargetID: r.TargetID,
		Metadata: make(map[string]string, len(r.Metadata)), At: r.CreatedAt.UTC(),
	}}
	for name, value := range r.Metadata {
		switch value := value.(type) {
		case string:
			e.Metadata[name] = value
		case []any: // keysOfEntry
			e.Keys = make([]string, 0, len(value))
			for _, key := range value {
				if key, ok := key.(string); ok {
					e.Keys = append(e.Keys, key)
				}
			}
		}
	}
	return e
}

// recordFor stores entries of one tenant outside of a request.
func (j *Journal) recordFor(ctx context.Context, tenant uuid.UUID, entries []domain.Entry) error {
	return j.Record(reqctx.With(ctx, reqctx.Context{TenantID: tenant}), entries...)
}

func toDBEntry(id uuid.UUID, e domain.Entry) entryRow {
	metadata := make(map[string]any, len(e.Metadata)+1) // the column holds objects, never null
	for name, value := range e.Metadata {
		metadata[name] = value
	}
	if e.Keys != nil {
		metadata[keysOfEntry] = e.Keys
	}
	return entryRow{
		Tenanted: pg.Tenanted{TenantID: e.Tenant}, ID: id, PerformedBy: e.PerformedBy, Action: e.Action,
		TargetType: e.TargetType, TargetID: e.TargetID, Metadata: metadata, CreatedAt: pg.Time(e.At),
	}
}
