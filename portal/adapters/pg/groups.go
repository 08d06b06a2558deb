package pg

import (
	"context"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Groups is ports.Groups.
type Groups struct {
	db *pg.DB
}

// NewGroups keeps groups in db.
func NewGroups(db *pg.DB) *Groups { return &Groups{db: db} }

// List returns a page of the groups that match.
func (r *Groups) List(ctx context.Context, search ports.GroupSearch, after ports.GroupKey, limit int) (groups []domain.Group, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []groupRow
		q := r.db.Conn(ctx).NewSelect().Model(&rows).Apply(matching(search)).OrderExpr("g.folded_name, g.id").Limit(int64(limit))
		if after != (ports.GroupKey{}) {
			q = q.Where("(g.folded_name, g.id) > (?, ?)", after.Name, after.ID)
		}
		err := q.Scan(ctx)
		for i := range rows {
			groups = append(groups, rows[i].toDomain())
		}
		return pg.Error(err)
	})
	return groups, err
}

func matching(search ports.GroupSearch) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		if search.Kind != "" {
			q = q.Where("g.kind = ?", search.Kind)
		}
		if search.Within != uuid.Nil {
			q = q.Where("g.community_id = ?", search.Within)
		}
		if search.Status != "" {
			q = q.Where("g.status = ?", search.Status)
		}
		if words := strings.TrimSpace(search.Words); words != "" {
			q = q.Where("g.folded LIKE ?", "%"+wildcards.Replace(domain.Fold(words))+"%")
		}
		return q
	}
}
