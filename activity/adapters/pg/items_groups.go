package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/pg"
)

// latest leaves of each group the latest item that the viewer sees. Items of a group are about one source, so what the filter says of scopes holds
// for all of them or for none.
func (r *Items) latest(ctx context.Context, viewer domain.Viewer, f domain.Filter) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if !f.Grouped {
			return q
		}
		later := r.db.Conn(ctx).NewSelect().TableExpr("items AS j").ColumnExpr("1").
			Where("j.tenant_id = i.tenant_id").Where("j.parent_ref = i.parent_ref").Where("j.type = i.type").Where("NOT j.retracted").
			Where("(j.occurred_at, j.id) > (i.occurred_at, i.id)").Where("j.id <= ?", f.Until).Apply(judged(viewer, "j"))
		if !f.To.IsZero() {
			later = later.Where("j.occurred_at <= ?", f.To)
		}
		return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("i.type <> ALL (?)", pgdialect.Array(domain.GroupedTypes())).WhereOr("i.parent_ref = ''").WhereOr("NOT EXISTS (?)", later)
		})
	}
}

type groupRow struct {
	ParentRef string      `bun:"parent_ref"`
	Type      string      `bun:"type"`
	Count     int         `bun:"count"`
	Actors    []uuid.UUID `bun:"actors,array,type:uuid[]"`
}

// Groups counts the members of groups by one query.
func (r *Items) Groups(ctx context.Context, viewer domain.Viewer, f domain.Filter, of []domain.GroupKey) (map[domain.GroupKey]domain.Group, error) {
	groups := make(map[domain.GroupKey]domain.Group, len(of))
	if len(of) == 0 {
		return groups, nil
	}
	types, parents := make([]string, len(of)), make([]string, len(of))
	for i, key := range of {
		types[i], parents[i] = string(key.Type), key.Parent
	}
	var rows []groupRow
	err := r.db.Read(ctx, func(ctx context.Context) error {
		members := r.db.Conn(ctx).NewSelect().Model((*itemRow)(nil)).ColumnExpr("i.parent_ref, i.type, i.actor_id, max(i.occurred_at) AS at").Apply(withParent).
			Where("i.tenant_id = ?", viewer.Actor.Tenant).Where("i.actor_id IS NOT NULL").
			Where("(i.type, i.parent_ref) IN (SELECT * FROM unnest(?::text[], ?::text[]))", pgdialect.Array(types), pgdialect.Array(parents)).
			Apply(matching(viewer.Actor.Tenant, f)).Apply(visible(viewer)).GroupExpr("i.parent_ref, i.type, i.actor_id")
		return pg.Error(r.db.Conn(ctx).NewSelect().TableExpr("(?) AS m", members).ColumnExpr("m.parent_ref, m.type, count(*) AS count").
			ColumnExpr("(array_agg(m.actor_id ORDER BY m.at DESC, m.actor_id))[1:?] AS actors", domain.MaxGroupActors).
			GroupExpr("m.parent_ref, m.type").Having("count(*) > 1").Scan(ctx, &rows))
	})
	for _, row := range rows {
		groups[domain.GroupKey{Type: domain.ItemType(row.Type), Parent: row.ParentRef}] = domain.Group{Count: row.Count, Actors: row.Actors}
	}
	return groups, err
}
