package pg

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
)

// Items implements ports.Items.
type Items struct{ db *pg.DB }

var _ ports.Items = (*Items)(nil)

// NewItems stores items in db.
func NewItems(db *pg.DB) *Items { return &Items{db} }

type itemRow struct {
	bun.BaseModel `bun:"table:items,alias:i"`
	pg.Tenanted

	ID         int64          `bun:"id,pk,autoincrement"`
	SourceRef  string         `bun:"source_ref"`
	ParentRef  string         `bun:"parent_ref"`
	Retracted  bool           `bun:"retracted"`
	Type       string         `bun:"type"`
	ActorID    *uuid.UUID     `bun:"actor_id,type:uuid"`
	TargetID   *uuid.UUID     `bun:"target_id,type:uuid"`
	OccurredAt time.Time      `bun:"occurred_at"`
	ChangedAt  time.Time      `bun:"changed_at"`
	Title      string         `bun:"title"`
	Payload    map[string]any `bun:"payload,type:jsonb"`
	Visibility string         `bun:"visibility"`
	ScopeType  string         `bun:"scope_type"`
	ScopeID    uuid.UUID      `bun:"scope_id,type:uuid"`
	Link       string         `bun:"link"`
}

func toItemRow(change domain.Change) *itemRow {
	d := change.Item().Data()
	row := &itemRow{
		Tenanted: pg.Tenanted{TenantID: d.TenantID}, SourceRef: d.SourceRef, ParentRef: d.Parent, Retracted: change.Retracted(), Type: string(d.Type),
		ActorID: orNull(d.Actor), TargetID: orNull(d.Target), OccurredAt: pg.Time(d.OccurredAt), ChangedAt: pg.Time(d.ChangedAt),
		Title: d.Title, Payload: d.Payload, Visibility: string(d.Visibility), ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, Link: d.Link,
	}
	if row.Retracted { // what no reader sees
		row.Payload, row.Visibility, row.ScopeType, row.ScopeID = map[string]any{}, string(authz.VisibilityPrivate), string(authz.ScopeTenant), d.TenantID
	}
	return row
}

func (r *itemRow) toDomain() domain.Item {
	return domain.RestoreItem(domain.ItemData{
		ID: r.ID, TenantID: r.TenantID, SourceRef: r.SourceRef, Parent: r.ParentRef, Type: domain.ItemType(r.Type), Actor: orNil(r.ActorID), Target: orNil(r.TargetID),
		OccurredAt: r.OccurredAt.UTC(), ChangedAt: r.ChangedAt.UTC(), Title: r.Title, Payload: r.Payload,
		Visibility: authz.Visibility(r.Visibility), Scope: authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}, Link: r.Link,
	})
}

// Apply writes all changes by one statement, in the order of their sources, so that two calls do not wait for each other.
func (r *Items) Apply(ctx context.Context, changes ...domain.Change) error {
	if len(changes) == 0 {
		return nil
	}
	bySource := make(map[string]domain.Change, len(changes)) // a statement changes a row once
	for _, change := range changes {
		ref := change.Item().Data().SourceRef
		if other, ok := bySource[ref]; ok {
			change = change.After(other)
		}
		bySource[ref] = change
	}
	rows := make([]*itemRow, 0, len(bySource))
	for _, ref := range slices.Sorted(maps.Keys(bySource)) {
		rows = append(rows, toItemRow(bySource[ref]))
	}
	insert := r.db.Conn(ctx).NewInsert().Model(&rows).ExcludeColumn("id").On("CONFLICT (tenant_id, source_ref) DO UPDATE")
	for _, column := range []string{
		"parent_ref", "retracted", "type", "actor_id", "target_id", "changed_at", "title", "payload", "visibility", "scope_type", "scope_id", "link",
	} {
		insert = insert.Set("? = CASE WHEN "+counts+" THEN EXCLUDED.? ELSE i.? END", bun.Ident(column), bun.Ident(column), bun.Ident(column))
	}
	_, err := insert.Set(`occurred_at = CASE
			WHEN NOT i.retracted AND NOT EXCLUDED.retracted THEN least(i.occurred_at, EXCLUDED.occurred_at)
			WHEN `+counts+` THEN EXCLUDED.occurred_at
			ELSE i.occurred_at END`).
		Where("? OR NOT i.retracted AND NOT EXCLUDED.retracted AND EXCLUDED.occurred_at < i.occurred_at", bun.Safe(counts)).Exec(ctx)
	return pg.Error(err)
}

// counts is domain.Change.After in SQL: whether a change counts that arrives when there is a row. The same change again does nothing.
const counts = "(EXCLUDED.changed_at > i.changed_at OR EXCLUDED.changed_at = i.changed_at AND (EXCLUDED.retracted OR NOT i.retracted))"

// BySource returns the item of a source.
func (r *Items) BySource(ctx context.Context, sourceRef string) (domain.Item, error) {
	return pg.One(ctx, r.db, domain.ErrItemNotFound, (*itemRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("i.source_ref = ?", sourceRef).Where("NOT i.retracted")
	})
}

// withParent joins the item that an item is about. LIMIT makes PostgreSQL look it up for each item that is shown, instead of joining
// the whole table with itself.
func withParent(q *bun.SelectQuery) *bun.SelectQuery {
	return q.Join(`LEFT JOIN LATERAL (SELECT p.* FROM items AS p
		WHERE p.tenant_id = i.tenant_id AND p.source_ref = i.parent_ref AND i.parent_ref <> '' LIMIT 1) AS p ON TRUE`)
}

// Page lists items, newest first. The title of an item that is about another one is always that one's.
func (r *Items) Page(ctx context.Context, viewer domain.Viewer, filter domain.Filter, after domain.Key, limit int) ([]domain.Item, error) {
	return pg.Many(ctx, r.db, (*itemRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		if after != (domain.Key{}) {
			q = q.Where("(i.occurred_at, i.id) < (?, ?)", after.OccurredAt, after.ID)
		}
		return q.ExcludeColumn("title").ColumnExpr("coalesce(p.title, i.title) AS title").Apply(withParent).
			Apply(matching(viewer.Actor.Tenant, filter)).Apply(visible(viewer)).Apply(r.latest(ctx, viewer, filter)).
			OrderExpr("i.occurred_at DESC, i.id DESC").Limit(int64(limit))
	})
}

// Count counts in the order of the feed, so that it stops at most.
func (r *Items) Count(ctx context.Context, viewer domain.Viewer, filter domain.Filter, most int) (n int, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		found := r.db.Conn(ctx).NewSelect().Model((*itemRow)(nil)).ColumnExpr("1").Where("i.tenant_id = ?", viewer.Actor.Tenant).Apply(withParent).
			Apply(matching(viewer.Actor.Tenant, filter)).Apply(visible(viewer)).Limit(int64(most))
		return pg.Error(r.db.Conn(ctx).NewSelect().TableExpr("(?) AS found", found).ColumnExpr("count(*)").Scan(ctx, &n))
	})
	return n, err
}

// Forget deletes in batches. What is about a retracted item goes with it: without it, it would be judged by itself.
func (r *Items) Forget(ctx context.Context, happened, retracted time.Time) error {
	ctx = pg.AcrossTenants(ctx, "retention of the feed")
	for {
		var n int64
		err := r.db.Do(ctx, func(ctx context.Context) error {
			result, err := r.db.Conn(ctx).NewRaw(`
				WITH gone AS (SELECT tenant_id, source_ref FROM items WHERE retracted AND changed_at < ? LIMIT ? FOR UPDATE SKIP LOCKED),
				about AS (DELETE FROM items AS i USING gone AS g WHERE i.tenant_id = g.tenant_id AND i.parent_ref = g.source_ref AND i.parent_ref <> '')
				DELETE FROM items AS i USING gone AS g WHERE i.tenant_id = g.tenant_id AND i.source_ref = g.source_ref`, retracted, forgetAtOnce).Exec(ctx)
			if err != nil {
				return pg.Error(err)
			}
			n, err = result.RowsAffected()
			return pg.Error(err)
		})
		if err != nil {
			return err
		}
		if n < forgetAtOnce {
			break
		}
	}
	_, err := r.db.Prune(ctx, "items", "occurred_at", happened)
	return err
}

const forgetAtOnce = 500
