package pg

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// PersonalData lists what activity stores about a user, one section for each subject.
func PersonalData(db *pg.DB) []personaldata.Section {
	feed := []personaldata.Section{itemSection(db), subscriptionSection(db), readSection(db)}
	return slices.Concat(personaldata.Kit(db), feed, newsPersonalData(db), notificationSections(db), webhookSections(db), []personaldata.Section{sourceSection(db), gameSection(db)}, accountSections(db), roleSections(db))
}

func subscriptionSection(db *pg.DB) personaldata.Section {
	return personaldata.Section{
		Name: "subscription", Columns: []string{"subscriptions.user_id", "subscriptions.scopes"},
		Read: personaldata.Single(func(ctx context.Context, user uuid.UUID) (domain.Subscription, error) {
			return pg.One(ctx, db, errNone, (*subscriptionRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.user_id = ?", user) })
		}, func(s domain.Subscription) map[string]any { return map[string]any{"scopes": s.Scopes} }),
		Erase: personaldata.Statements(db, "DELETE FROM subscriptions WHERE tenant_id = ?0 AND user_id = ?1"),
	}
}

func readSection(db *pg.DB) personaldata.Section {
	return personaldata.Section{
		Name: "feed_read", Columns: []string{"feed_reads.user_id"},
		Read: personaldata.Single(func(ctx context.Context, user uuid.UUID) (time.Time, error) {
			return pg.One(ctx, db, errNone, func(row *readRow) time.Time { return row.ReadTo.UTC() }, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("r.user_id = ?", user) })
		}, func(at time.Time) map[string]any { return map[string]any{"read_to": at} }),
		Erase: personaldata.Statements(db, "DELETE FROM feed_reads WHERE tenant_id = ?0 AND user_id = ?1"),
	}
}

// itemSection erases what a person did, and keeps what belongs to the tenant without its author.
func itemSection(db *pg.DB) personaldata.Section {
	return personaldata.Section{
		Name: "items", Columns: []string{"items.actor_id", "items.target_id", "items.source_ref", "items.parent_ref", "items.title", "items.payload", "items.link"},
		Read: personaldata.ByKey(
			func(ctx context.Context, user uuid.UUID, after string, limit int) ([]domain.Item, error) {
				return pg.Many(ctx, db, (*itemRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
					from, _ := strconv.ParseInt(after, 10, 64) // zero for the beginning
					return q.Where("i.actor_id = ?0 OR i.target_id = ?0", user).Where("i.id > ?", from).OrderExpr("i.id").Limit(int64(limit))
				})
			},
			func(i domain.Item) string { return strconv.FormatInt(i.Data().ID, 10) },
			func(i domain.Item) map[string]any {
				d := i.Data()
				return map[string]any{"item_id": d.ID, "type": d.Type, "title": d.Title, "details": d.Payload, "source_ref": d.SourceRef, "occurred_at": d.OccurredAt}
			},
		),
		Erase: personaldata.Counted(func(ctx context.Context, user uuid.UUID) (int64, error) {
			kept := domain.ContentTypes()
			// What was taken back has no actor any more, but its reference can have the id.
			deleted, err := db.Conn(ctx).NewDelete().Model((*itemRow)(nil)).
				Where("i.actor_id = ?0 OR i.target_id = ?0 OR (i.retracted AND strpos(i.source_ref || ' ' || i.parent_ref, ?0::text) > 0)", user).
				Where("i.type <> ALL (?)", pgdialect.Array(kept)).Exec(ctx)
			if err != nil {
				return 0, pg.Error(err)
			}
			n, _ := deleted.RowsAffected()
			cleared, err := db.Conn(ctx).NewUpdate().Model((*itemRow)(nil)).Set("actor_id = nullif(actor_id, ?0), target_id = nullif(target_id, ?0)", user).
				Where("i.actor_id = ?0 OR i.target_id = ?0", user).Exec(ctx)
			if err != nil {
				return 0, pg.Error(err)
			}
			m, _ := cleared.RowsAffected()
			return n + m, nil
		}),
	}
}
