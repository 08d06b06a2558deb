package audit

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Log is the audit log in the service's own database. Its table belongs to the kit's migrations.
type Log struct {
	db  *pg.DB
	now func() time.Time
}

// New returns the audit log in db.
func New(db *pg.DB) *Log { return &Log{db: db, now: time.Now} }

// insertBatch is how many entries one statement writes.
const insertBatch = 500

type row struct {
	bun.BaseModel `bun:"table:audit_entries,alias:a"`

	TenantID   uuid.UUID      `bun:"tenant_id,pk,type:uuid"`
	ID         uuid.UUID      `bun:"id,pk,type:uuid"`
	CreatedAt  time.Time      `bun:"created_at"`
	ActorType  string         `bun:"actor_type"`
	ActorID    uuid.NullUUID  `bun:"actor_id,type:uuid"`
	ActorName  string         `bun:"actor_name"`
	Action     string         `bun:"action"`
	TargetType string         `bun:"target_type"`
	TargetID   string         `bun:"target_id"`
	About      uuid.NullUUID  `bun:"about,type:uuid"`
	Reason     string         `bun:"reason"`
	IP         string         `bun:"ip"`
	RequestID  string         `bun:"request_id"`
	Metadata   map[string]any `bun:"metadata,type:jsonb"`
}

func toRow(e Entry) *row {
	return &row{
		TenantID: e.Tenant, ID: e.ID, CreatedAt: pg.Time(e.At), ActorType: string(e.Actor.Type), ActorID: nullID(e.Actor.ID), ActorName: e.Actor.Name,
		Action: e.Action, TargetType: e.TargetType, TargetID: e.TargetID, About: nullID(e.About), Reason: e.Reason, IP: e.IP,
		RequestID: e.RequestID, Metadata: e.Metadata,
	}
}

func (r *row) toEntry() Entry {
	return Entry{
		ID: r.ID, At: r.CreatedAt.UTC(), Tenant: r.TenantID, Actor: Actor{Type: ActorType(r.ActorType), ID: r.ActorID.UUID, Name: r.ActorName},
		Action: r.Action, TargetType: r.TargetType, TargetID: r.TargetID, About: r.About.UUID, Reason: r.Reason, IP: r.IP,
		RequestID: r.RequestID, Metadata: r.Metadata,
	}
}

func nullID(id uuid.UUID) uuid.NullUUID { return uuid.NullUUID{UUID: id, Valid: id != uuid.Nil} }

// Write stores entries in the transaction in ctx, and refuses to write outside of one: see [Log.WriteNow]. What an entry leaves out is filled in:
// see [Entry].
func (l *Log) Write(ctx context.Context, entries ...Entry) error {
	if len(entries) == 0 {
		return nil
	}
	if !l.db.InTx(ctx) {
		return errs.Internalf("audit: %s written outside of a transaction", entries[0].Action)
	}
	rows := make([]*row, len(entries))
	for i, e := range entries {
		rows[i] = toRow(e.Complete(ctx, valid.NewID(), l.now()))
	}
	for batch := range slices.Chunk(rows, insertBatch) {
		if _, err := l.db.Conn(ctx).NewInsert().Model(&batch).Exec(ctx); err != nil {
			return pg.Error(err)
		}
	}
	return nil
}

// WriteNow is Write in a transaction of its own. It is for what changes nothing, such as a refused change.
func (l *Log) WriteNow(ctx context.Context, entries ...Entry) error {
	return l.db.Do(ctx, func(ctx context.Context) error { return l.Write(ctx, entries...) })
}

// List returns a page of entries, newest first: those of the tenant in ctx, or of all under [pg.AcrossTenants].
func (l *Log) List(ctx context.Context, filter Filter, p page.Request) (page.Page[Entry], error) {
	var at time.Time
	var id uuid.UUID
	after, err := page.Decode("audit", p.Cursor, &at, &id)
	if err != nil {
		return page.Page[Entry]{}, err
	}
	return page.Fetch(p.Limit, func(limit int) ([]Entry, error) {
		return pg.Many(ctx, l.db, (*row).toEntry, func(q *bun.SelectQuery) *bun.SelectQuery {
			if after {
				q = q.Where("(a.created_at, a.id) < (?, ?)", at, id)
			}
			return filter.apply(ofTenant(ctx, q)).OrderExpr("a.created_at DESC, a.id DESC").Limit(int64(limit))
		})
	}, Cursor)
}

// Cursor returns the cursor of the page that begins after an entry.
func Cursor(e Entry) string { return page.Encode("audit", e.At, e.ID) }

func (f Filter) apply(q *bun.SelectQuery) *bun.SelectQuery {
	if f.Actor != uuid.Nil {
		q = q.Where("a.actor_id = ?", f.Actor)
	}
	if f.Concerning != uuid.Nil {
		q = q.Where("(a.actor_id = ? OR a.about = ?)", f.Concerning, f.Concerning)
	}
	for column, value := range map[string]string{"action": f.Action, "target_type": f.TargetType} {
		if value != "" {
			q = q.Where("a.? = ?", bun.Ident(column), value)
		}
	}
	if f.TargetID != "" {
		q = q.Where("(a.target_id = ?0 OR starts_with(a.target_id, ?0 || '/'))", f.TargetID)
	}
	if !f.From.IsZero() {
		q = q.Where("a.created_at >= ?", f.From)
	}
	if !f.To.IsZero() {
		q = q.Where("a.created_at < ?", f.To)
	}
	return q
}

// ofTenant is the tenant filter, which [pg.Tenanted] would refuse to apply to the zero tenant.
func ofTenant(ctx context.Context, q *bun.SelectQuery) *bun.SelectQuery {
	if pg.IsAcrossTenants(ctx) {
		return q
	}
	return q.Where("a.tenant_id = ?", reqctx.From(ctx).TenantID)
}

// RedactUser removes a user from up to limit entries: the id of the actor, of the target or of the user whom they are about
// becomes the zero UUID wherever it stands, and reason and address become empty. It returns how many entries were changed; fewer than
// limit means that none is left.
func (l *Log) RedactUser(ctx context.Context, user uuid.UUID, limit int) (int, error) {
	var n int64
	err := l.db.Do(ctx, func(ctx context.Context) error {
		tenant, across := reqctx.From(ctx).TenantID, pg.IsAcrossTenants(ctx)
		result, err := l.db.Conn(ctx).NewRaw(`
			UPDATE audit_entries SET
				actor_id = nullif(actor_id, ?0), about = nullif(about, ?0), reason = '', ip = '',
				target_id = replace(target_id, ?1, ?2), metadata = replace(metadata::text, ?1, ?2)::jsonb
			WHERE (tenant_id, id) IN (
				SELECT tenant_id, id FROM audit_entries WHERE (actor_id = ?0 OR about = ?0 OR target_type = 'user' AND target_id = ?1) AND (?3 OR tenant_id = ?4)
				ORDER BY tenant_id, id LIMIT ?5 FOR UPDATE)`,
			user, user.String(), uuid.Nil.String(), across, tenant, limit).Exec(ctx)
		if err != nil {
			return pg.Error(err)
		}
		n, err = result.RowsAffected()
		return pg.Error(err)
	})
	return int(n), err
}

// Prune deletes the entries of all tenants that are older than a moment.
func Prune(ctx context.Context, db *pg.DB, before time.Time) error {
	_, err := db.Prune(pg.AcrossTenants(ctx, "audit pruning"), "audit_entries", "created_at", before)
	return err
}
