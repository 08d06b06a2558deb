package pg

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// roleSections are a person's account at Discord and the roles that follow it. Which account it is stands in the data of identity; here it is sealed.
// Roles that were given at Discord stay there: the person has the account.
func roleSections(db *pg.DB) []personaldata.Section {
	return []personaldata.Section{{
		Name: "discord_roles", Columns: []string{
			"discord_accounts.user_id", "discord_accounts.external_id", "role_members.user_id", "role_members.actions", "role_members.last_error",
		},
		Read: personaldata.ByKey(
			func(ctx context.Context, user uuid.UUID, after string, limit int) ([]roleMemberRow, error) {
				source, account, _ := strings.Cut(after, "/")
				from, _ := strconv.ParseInt(source, 10, 64) // zero for the beginning
				last, _ := uuid.Parse(account)
				return pg.Many(ctx, db, func(row *roleMemberRow) roleMemberRow { return *row }, func(q *bun.SelectQuery) *bun.SelectQuery {
					return q.ExcludeColumn("lease", "leased_until").Where("r.user_id = ?", user).Where("(r.source_id, r.account_id) > (?, ?)", from, last).OrderExpr("r.source_id, r.account_id").Limit(int64(limit))
				})
			},
			func(r roleMemberRow) string { return strconv.FormatInt(r.SourceID, 10) + "/" + r.AccountID.String() },
			func(r roleMemberRow) map[string]any {
				return map[string]any{"source_id": r.SourceID, "present": r.Present, "actions": r.Actions, "last_at": r.LastAt.UTC(), "last_error": r.LastError}
			},
		),
		Erase: personaldata.Statements(db, "DELETE FROM discord_accounts WHERE tenant_id = ?0 AND user_id = ?1"),
	}, {
		Name: "role_mappings", Columns: []string{"role_mappings.defined_by", "role_syncs.updated_by"},
		Reason: "The audit log has who paired which roles.",
		Erase: personaldata.Statements(db,
			"UPDATE role_mappings SET defined_by = NULL WHERE tenant_id = ?0 AND defined_by = ?1",
			"UPDATE role_syncs SET updated_by = NULL WHERE tenant_id = ?0 AND updated_by = ?1"),
	}}
}
