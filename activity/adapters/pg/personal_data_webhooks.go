package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

func webhookSections(db *pg.DB) []personaldata.Section {
	return []personaldata.Section{webhookSection(db), deliverySection(db)}
}

// webhookSection keeps the webhooks that a person made, which are the tenant's, without the person.
func webhookSection(db *pg.DB) personaldata.Section {
	return personaldata.Section{
		Name: "webhooks", Columns: []string{"webhook_endpoints.created_by", "webhook_endpoints.name", "webhook_endpoints.url"},
		Read: personaldata.ByID(
			func(ctx context.Context, user, after uuid.UUID, limit int) ([]endpointRow, error) {
				return pg.Many(ctx, db, endpointItself, func(q *bun.SelectQuery) *bun.SelectQuery {
					return pg.PageByID(withoutSecrets(q).Where("e.created_by = ?", user), after, limit)
				})
			},
			func(e endpointRow) uuid.UUID { return e.ID },
			func(e endpointRow) map[string]any {
				return map[string]any{"webhook_id": e.ID, "name": e.Name, "format": e.Format, "types": e.Types, "created_at": e.CreatedAt.UTC()}
			},
		),
		Erase: personaldata.Counted(func(ctx context.Context, user uuid.UUID) (int64, error) {
			result, err := db.Conn(ctx).NewUpdate().Model((*endpointRow)(nil)).Set("created_by = NULL").Where("e.created_by = ?", user).Exec(ctx)
			if err != nil {
				return 0, pg.Error(err)
			}
			return result.RowsAffected()
		}),
	}
}

// deliverySection deletes the copies of messages that name a person. What was delivered is with its receiver.
func deliverySection(db *pg.DB) personaldata.Section {
	return personaldata.Section{
		Name: "webhook_deliveries", Columns: []string{"webhook_deliveries.body", "webhook_deliveries.people"},
		Read: personaldata.ByID(
			func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Delivery, error) {
				return pg.Many(ctx, db, (*deliveryRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
					return pg.PageByID(q.Where("? = ANY (d.people)", user), after, limit)
				})
			},
			func(d domain.Delivery) uuid.UUID { return d.ID },
			func(d domain.Delivery) map[string]any {
				return map[string]any{"delivery_id": d.ID, "type": d.Type, "body": string(d.Body), "created_at": d.CreatedAt}
			},
		),
		Erase: personaldata.Counted(func(ctx context.Context, user uuid.UUID) (int64, error) {
			result, err := db.Conn(ctx).NewDelete().Model((*deliveryRow)(nil)).Where("? = ANY (d.people)", user).Exec(ctx)
			if err != nil {
				return 0, pg.Error(err)
			}
			return result.RowsAffected()
		}),
	}
}
