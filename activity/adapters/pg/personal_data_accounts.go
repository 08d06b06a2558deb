package pg

import (
	"context"
	"strconv"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/games/domain"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// accountSections are the linked accounts of a person and their games. Which account it is stands in the data of identity; here it is sealed.
// What the accounts brought is among the items.
func accountSections(db *pg.DB) []personaldata.Section {
	return []personaldata.Section{{
		Name: "account_links", Columns: []string{"account_links.user_id", "account_links.external_id"},
		Read: personaldata.ByKey(
			func(ctx context.Context, user uuid.UUID, after string, limit int) ([]linkRow, error) {
				from, _ := strconv.ParseInt(after, 10, 64) // zero for the beginning
				return pg.Many(ctx, db, linkItself, func(q *bun.SelectQuery) *bun.SelectQuery {
					return q.Where("l.user_id = ?", user).Where("l.id > ?", from).OrderExpr("l.id").Limit(int64(limit))
				})
			},
			func(r linkRow) string { return strconv.FormatInt(r.ID, 10) },
			func(r linkRow) map[string]any {
				return map[string]any{"account_link_id": r.ID, "provider": r.Provider, "enabled": r.Enabled, "visibility": r.Visibility, "linked_at": r.LinkedAt.UTC()}
			},
		),
		Erase: personaldata.Statements(db, "DELETE FROM account_links WHERE tenant_id = ?0 AND user_id = ?1"),
	}, {
		Name: "account_games", Columns: []string{"account_games.name"},
		Read: personaldata.ByKey(
			func(ctx context.Context, user uuid.UUID, after string, limit int) ([]accountGameRow, error) {
				from, _ := strconv.ParseInt(after, 10, 64)
				return pg.Many(ctx, db, func(row *accountGameRow) accountGameRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
					return q.Join("JOIN account_links AS l ON l.tenant_id = g.tenant_id AND l.id = g.link_id AND l.user_id = ? AND l.provider = ?", user, domain.Steam).
						Where("g.app_id > ?", from).OrderExpr("g.app_id").Limit(int64(limit))
				})
			},
			func(r accountGameRow) string { return strconv.FormatInt(r.AppID, 10) },
			func(r accountGameRow) map[string]any {
				return map[string]any{
					"app_id": r.AppID, "name": r.Name, "played_minutes": r.Played, "achieved": r.Achieved, "achievements": r.Achievements,
				}
			},
		),
		Erase: personaldata.Statements(db, `DELETE FROM account_games AS g USING account_links AS l
			WHERE g.tenant_id = ?0 AND l.tenant_id = g.tenant_id AND l.id = g.link_id AND l.user_id = ?1`),
	}}
}
