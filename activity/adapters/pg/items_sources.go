package pg

import (
	"context"

	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// LockSources takes an advisory lock for each source, because there may be no row yet. All take them in one order, so that two calls do not wait
// for each other.
func (r *Items) LockSources(ctx context.Context, sourceRefs ...string) error {
	_, err := r.db.Conn(ctx).NewRaw(`
SELECT pg_advisory_xact_lock(key) FROM (
	SELECT DISTINCT hashtextextended('item of ' || ?::text || ' ' || ref, 0) AS key FROM unnest(?::text[]) AS ref ORDER BY 1
) AS keys`, reqctx.From(ctx).TenantID.String(), pgdialect.Array(sourceRefs)).Exec(ctx)
	return pg.Error(err)
}

// ShownOf reads items, and those that they are about.
func (r *Items) ShownOf(ctx context.Context, sourceRefs ...string) (map[string]domain.Shown, error) {
	rows, err := r.rows(ctx, sourceRefs)
	if err != nil {
		return nil, err
	}
	var parentRefs []string
	for _, row := range rows {
		if row.ParentRef != "" {
			parentRefs = append(parentRefs, row.ParentRef)
		}
	}
	var parents map[string]*itemRow
	if len(parentRefs) > 0 {
		if parents, err = r.rows(ctx, parentRefs); err != nil {
			return nil, err
		}
	}
	shown := make(map[string]domain.Shown, len(rows))
	for ref, row := range rows {
		var parent *domain.Item
		if about := parents[row.ParentRef]; about != nil {
			if about.Retracted {
				continue
			}
			parent = new(about.toDomain())
		}
		if !row.Retracted {
			shown[ref] = domain.NewShown(row.toDomain(), parent)
		}
	}
	return shown, nil
}

// rowsOfSources looks each source up in its index. LIMIT keeps PostgreSQL from reading all items of the tenant and comparing them with the list, as it
// does for `= ANY` while it has no statistics of the table, or old ones: then each change cost more with each item that there was.
const rowsOfSources = `SELECT i.* FROM unnest(?1::text[]) AS ref
	CROSS JOIN LATERAL (SELECT * FROM items AS s WHERE s.tenant_id = ?0 AND s.source_ref = ref LIMIT 1) AS i`

// rows are the rows of sources, those without an item too.
func (r *Items) rows(ctx context.Context, sourceRefs []string) (map[string]*itemRow, error) {
	var found []*itemRow
	err := r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw(rowsOfSources, reqctx.From(ctx).TenantID, pgdialect.Array(sourceRefs)).Scan(ctx, &found))
	})
	rows := make(map[string]*itemRow, len(found))
	for _, row := range found {
		rows[row.SourceRef] = row
	}
	return rows, err
}

// LastID reads the end of the primary key.
func (r *Items) LastID(ctx context.Context) (id int64, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*itemRow)(nil)).ColumnExpr("coalesce(max(i.id), 0)").Scan(ctx, &id))
	})
	return id, err
}
