package pg

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// sourceSection keeps the sources that a person added, which are the tenant's, without the person. What sources sent is in the items.
func sourceSection(db *pg.DB) personaldata.Section {
	return personaldata.Section{
		Name: "sources", Columns: []string{"sources.created_by", "sources.name", "sources.config"},
		Read: personaldata.ByKey(
			func(ctx context.Context, user uuid.UUID, after string, limit int) ([]sourceRow, error) {
				from, _ := strconv.ParseInt(after, 10, 64) // zero for the beginning
				return pg.Many(ctx, db, itself, func(q *bun.SelectQuery) *bun.SelectQuery {
					return q.Where("s.created_by = ?", user).Where("s.id > ?", from).OrderExpr("s.id").Limit(int64(limit))
				})
			},
			func(r sourceRow) string { return strconv.FormatInt(r.ID, 10) },
			func(r sourceRow) map[string]any {
				return map[string]any{"source_id": r.ID, "kind": r.Kind, "name": r.Name, "created_at": r.CreatedAt.UTC()}
			},
		),
		Erase: personaldata.Statements(db, "UPDATE sources SET created_by = NULL WHERE tenant_id = ?0 AND created_by = ?1"),
	}
}
