package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// PersonalData lists what activity stores about a user.
func PersonalData(db *pg.DB) []personaldata.Section {
	return []personaldata.Section{{
		Name: "items", Columns: []string{"items.created_by", "items.title", "items.text"},
		Read: personaldata.ByID(
			func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Item, error) {
				return pg.Many(ctx, db, (*itemRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
					return pg.PageByID(q.Where("item.created_by = ?", user), after, limit)
				})
			},
			func(i domain.Item) uuid.UUID { return i.Data().ID },
			func(i domain.Item) map[string]any {
				d := i.Data()
				return map[string]any{"item_id": d.ID, "title": d.Title, "text": d.Text, "created_at": d.CreatedAt}
			},
		),
		Erase: personaldata.Counted(func(ctx context.Context, user uuid.UUID) (int64, error) {
			result, err := db.Conn(ctx).NewDelete().Model((*itemRow)(nil)).Where("created_by = ?", user).Exec(ctx)
			if err != nil {
				return 0, pg.Error(err)
			}
			return result.RowsAffected()
		}),
	}}
}
