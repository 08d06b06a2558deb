package pg

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// PersonalData lists what the service stores about a user. Events are content of their community: they stay, without their
// creator.
func PersonalData(db *pg.DB) []personaldata.Section {
	return slices.Concat(personaldata.Kit(db), []personaldata.Section{
		{
			Name: "answers", Columns: []string{"answers.user_id", "answers.comment", "promotions.user_id", "series_answers.user_id", "series_answers.comment"},
			Read: personaldata.ByID(list[answerRow](db, "a.user_id = ?", "a.occurrence_id"), func(r answerRow) uuid.UUID { return r.OccurrenceID },
				func(r answerRow) map[string]any {
					return map[string]any{
						"occurrence_id": r.OccurrenceID, "status": r.Status, "waiting": r.Waiting, "plus_ones": r.PlusOnes, "comment": r.Comment,
						"answered_at": r.AnsweredAt.UTC(),
					}
				}),
			Erase: personaldata.Counted(func(ctx context.Context, user uuid.UUID) (erased int64, err error) {
				tenant := reqctx.From(ctx).TenantID
				if _, err := db.Conn(ctx).NewRaw("DELETE FROM series_answers WHERE tenant_id = ? AND user_id = ?", tenant, user).Exec(ctx); err != nil {
					return 0, pg.Error(err)
				}
				if _, err := db.Conn(ctx).NewDelete().Model((*promotionRow)(nil)).Where("user_id = ?", user).Exec(ctx); err != nil {
					return 0, pg.Error(err)
				}
				err = db.Conn(ctx).NewRaw("SELECT erase_answers(?, ?, now())", tenant, user).Scan(ctx, &erased)
				return erased, pg.Error(err)
			}),
		},
		{
			Name: "reminders", Columns: []string{"reminder_choices.user_id", "reminders.user_id"},
			Read: personaldata.ByID(list[reminderChoiceRow](db, "c.user_id = ?", "c.event_id"), func(r reminderChoiceRow) uuid.UUID { return r.EventID },
				func(r reminderChoiceRow) map[string]any {
					return map[string]any{"event_id": r.EventID, "minutes": r.Minutes}
				}),
			Erase: personaldata.Statements(db, "DELETE FROM reminders WHERE tenant_id = ?0 AND user_id = ?1", "DELETE FROM reminder_choices WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "reminder_settings", Columns: []string{"reminder_settings.user_id"},
			Read: personaldata.ByID(list[reminderSettingsRow](db, "s.user_id = ?", "s.user_id"), func(r reminderSettingsRow) uuid.UUID { return r.UserID },
				func(r reminderSettingsRow) map[string]any { return map[string]any{"minutes": r.Minutes} }),
			Erase: personaldata.Statements(db, "DELETE FROM reminder_settings WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "suspended_accounts", Columns: []string{"suspended_accounts.user_id", "system_administrators.user_id"},
			Reason: "A copy of what identity has decided about the account, which identity exports. It ends with that decision, or with the account.",
		},
		{
			Name: "attendance", Columns: []string{"attendance.user_id"},
			Read: personaldata.ByID(list[attendanceRow](db, "m.user_id = ?", "m.occurrence_id"), func(r attendanceRow) uuid.UUID { return r.OccurrenceID },
				func(r attendanceRow) map[string]any {
					return map[string]any{"occurrence_id": r.OccurrenceID, "marked_at": r.MarkedAt.UTC(), "method": r.Method}
				}),
			Erase: personaldata.Statements(db, "DELETE FROM attendance WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "attendance_marked", Columns: []string{"attendance.marked_by"}, Reason: "The marks are exported to the members who they are of.",
			Erase: personaldata.Statements(db, "UPDATE attendance SET marked_by = ?2 WHERE tenant_id = ?0 AND marked_by = ?1"),
		},
		{
			Name: "answers_given", Columns: []string{"answers.answered_by", "series_answers.answered_by"}, Reason: "The answers are exported to the members who they are of.",
			Erase: personaldata.Statements(db, "UPDATE series_answers SET answered_by = ?2 WHERE tenant_id = ?0 AND answered_by = ?1",
				"UPDATE answers SET answered_by = ?2 WHERE tenant_id = ?0 AND answered_by = ?1"),
		},
		{
			Name: "calendar_addresses", Columns: []string{"calendar_addresses.user_id", "calendar_addresses.name"},
			Read: personaldata.ByID(list[addressRow](db, "c.user_id = ?", "c.id"), func(r addressRow) uuid.UUID { return r.ID },
				func(r addressRow) map[string]any {
					return map[string]any{"name": r.Name, "content": r.Content, "scope_type": r.ScopeType, "scope_id": r.ScopeID, "created_at": r.CreatedAt.UTC()}
				}),
			Erase: personaldata.Statements(db, "DELETE FROM calendar_addresses WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "tenant_memberships", Columns: []string{"tenant_members.user_id"}, Reason: "Identity exports the memberships.",
			Erase: personaldata.Statements(db, "DELETE FROM tenant_members WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "events", Columns: []string{"events.created_by", "events.title", "events.description", "events.location_text", "events.location_url", "events.search_text", "events.cancel_reason", "events.import_uid"},
			Read: personaldata.ByID(list[eventRow](db, "e.created_by = ?", "e.id"), func(r eventRow) uuid.UUID { return r.ID },
				func(r eventRow) map[string]any {
					return map[string]any{
						"event_id": r.ID, "title": r.Title, "description": r.Description, "location_text": r.LocationText, "location_url": r.LocationURL,
						"cancel_reason": r.CancelReason, "created_at": r.CreatedAt.UTC(),
					}
				}),
			Erase: personaldata.Statements(db, "UPDATE events SET created_by = ?2, import_uid = NULL WHERE tenant_id = ?0 AND created_by = ?1"),
		},
		{
			Name: "invitations", Columns: []string{"invitations.user_id", "invitations.slug"},
			Read: personaldata.ByID(list[invitationRow](db, "NOT i.guest AND i.user_id = ?", "i.id"), func(r invitationRow) uuid.UUID { return r.ID },
				func(r invitationRow) map[string]any {
					return map[string]any{"event_id": r.EventID, "invited_at": r.InvitedAt.UTC(), "withdrawn": r.Withdrawn, "delivery": r.Delivery}
				}),
			Erase: personaldata.Statements(db, "DELETE FROM invitations WHERE tenant_id = ?0 AND user_id = ?1 AND NOT guest"),
		},
		{
			Name: "invitations_made", Columns: []string{"invitations.invited_by", "invitations.address"},
			Read: personaldata.ByID(list[invitationRow](db, "i.invited_by = ?", "i.id"), func(r invitationRow) uuid.UUID { return r.ID },
				func(r invitationRow) map[string]any {
					return map[string]any{"event_id": r.EventID, "address": r.Address, "invited_at": r.InvitedAt.UTC()}
				}),
			Erase: personaldata.Statements(db, "UPDATE invitations SET invited_by = ?2 WHERE tenant_id = ?0 AND invited_by = ?1"),
		},
		{
			Name: "members", Columns: []string{"members.user_id"}, Reason: "A copy of portal's memberships, which portal exports.",
			Erase: personaldata.Statements(db, "DELETE FROM members WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "co_hosts", Columns: []string{"events.co_hosts"},
			Read: personaldata.ByID(list[eventRow](db, "? = ANY (e.co_hosts)", "e.id"), func(r eventRow) uuid.UUID { return r.ID },
				func(r eventRow) map[string]any { return map[string]any{"event_id": r.ID, "title": r.Title} }),
			Erase: personaldata.Statements(db, "UPDATE events SET co_hosts = array_remove(co_hosts, ?1), version = version + 1 WHERE tenant_id = ?0 AND ?1 = ANY (co_hosts)"),
		},
	})
}

// list reads the rows of a user in the order of an id.
func list[R any](db *pg.DB, ofUser, id string) func(ctx context.Context, user, after uuid.UUID, limit int) ([]R, error) {
	return func(ctx context.Context, user, after uuid.UUID, limit int) ([]R, error) {
		return pg.Many(ctx, db, func(r *R) R { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where(ofUser, user).Where("? > ?", bun.Safe(id), after).OrderExpr(id).Limit(int64(limit))
		})
	}
}
