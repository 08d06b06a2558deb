package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// PersonalData lists what the service stores about a user. Achievements are content of the tenant: they stay, without their author.
func PersonalData(db *pg.DB) []personaldata.Section {
	return []personaldata.Section{{
		Name: "achievements",
		Columns: []string{
			"achievements.created_by", "achievements.names", "achievements.description", "achievements.descriptions", "achievements.search_text",
			"achievements.image_alt", "achievements.image_small", "achievements.image_medium", "achievements.image_large",
		},
		Read: personaldata.ByID(func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Achievement, error) {
			return pg.Many(ctx, db, (*achievementRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
				return pg.PageByID(withCategory(q).Where("a.created_by = ?", user), after, limit)
			})
		}, domain.Achievement.ID, func(a domain.Achievement) map[string]any {
			d := a.Data()
			return map[string]any{
				"achievement_id": d.ID, "names": d.Names, "description": d.Description, "descriptions": d.Descriptions, "category": d.Category.Slug,
				"status": d.Status, "images": []string{d.Images.Small, d.Images.Medium, d.Images.Large}, "image_alt": d.ImageAlt, "created_at": d.CreatedAt,
			}
		}),
		Erase: personaldata.Statements(db, "UPDATE achievements SET created_by = ?2 WHERE tenant_id = ?0 AND created_by = ?1"),
	}}
}
