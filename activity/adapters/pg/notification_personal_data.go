package pg

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// notificationSections are what notifications store about a user.
func notificationSections(db *pg.DB) []personaldata.Section {
	return []personaldata.Section{
		{
			Name: "notifications", Columns: []string{
				"notifications.user_id", "notifications.actor_ids", "notifications.subject_ref", "notifications.group_key", "notifications.title",
				"notifications.details", "notifications.link", "notification_causes.user_id", "notification_causes.actor_id", "notification_causes.cause",
				"notices.user_ids", "notices.actor_id", "notices.after_user", "notices.cause", "notices.subject_ref", "notices.group_key", "notices.title",
				"notices.details", "notices.link",
			},
			Read: personaldata.ByID(
				func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Notification, error) {
					return pg.Many(ctx, db, (*notificationRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
						return pg.PageByID(q.Where("n.user_id = ?", user), after, limit)
					})
				},
				func(n domain.Notification) uuid.UUID { return n.ID },
				func(n domain.Notification) map[string]any {
					return map[string]any{
						"notification_id": n.ID, "kind": n.Kind, "about": n.Subject, "title": n.Title, "excerpt": n.Details.Excerpt, "told_at": n.ToldAt, "read": !n.ReadAt.IsZero(),
					}
				},
			),
			// What a person did stays in the notifications of others, without the person, and what others wrote without the person's name.
			Scrub: scrubNotifications(db),
			Erase: personaldata.Statements(db,
				`UPDATE notifications AS n SET actor_ids = array_remove(n.actor_ids, ?1) WHERE n.tenant_id = ?0
					AND n.id IN (SELECT c.notification_id FROM notification_causes c WHERE c.tenant_id = ?0 AND c.actor_id = ?1)`,
				"UPDATE notification_causes SET actor_id = NULL WHERE tenant_id = ?0 AND actor_id = ?1",
				"UPDATE notices SET actor_id = NULL WHERE tenant_id = ?0 AND actor_id = ?1",
				"UPDATE notices SET user_ids = array_remove(user_ids, ?1) WHERE tenant_id = ?0 AND ?1 = ANY (user_ids)",
				"DELETE FROM notification_causes WHERE tenant_id = ?0 AND user_id = ?1",
				"DELETE FROM notifications WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "notification_preferences", Columns: []string{
				"notification_choices.user_id", "notification_settings.user_id", "notification_settings.time_zone", "notification_mutes.user_id", "notification_mutes.scope_id",
			},
			Read: personaldata.Single(func(ctx context.Context, user uuid.UUID) (chosen map[string]any, err error) {
				stored := NewPreferences(db)
				settings, err := stored.Settings(ctx, user)
				if err != nil {
					return nil, err
				}
				choices, err := stored.Choices(ctx, user)
				if err != nil {
					return nil, err
				}
				mutes, err := pg.Many(ctx, db, (*muteRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
					return q.Where("u.user_id = ?", user).OrderExpr("u.scope_type, u.scope_id").Limit(domain.MaxMutes)
				})
				if err != nil || len(choices) == 0 && len(mutes) == 0 && settings == domain.DefaultSettings() {
					return nil, errors.Join(err, domain.ErrNotFound)
				}
				on, muted := map[string]bool{}, []string{}
				for _, c := range choices {
					on[string(c.Kind)+" "+string(c.Channel)] = c.On
				}
				for _, m := range mutes {
					muted = append(muted, m.Scope.String())
				}
				return map[string]any{"email_frequency": settings.Frequency, "digest_hour": settings.Hour, "time_zone": settings.Zone, "choices": on, "muted": muted}, nil
			}, func(chosen map[string]any) map[string]any { return chosen }),
			Erase: personaldata.Statements(db,
				"DELETE FROM notification_choices WHERE tenant_id = ?0 AND user_id = ?1",
				"DELETE FROM notification_mutes WHERE tenant_id = ?0 AND user_id = ?1",
				"DELETE FROM notification_settings WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "notification_audiences", Columns: []string{
				"notification_members.user_id", "notification_attendees.user_id", "notification_accounts.user_id", "notification_accounts.username",
			},
			Read: personaldata.ByKey(
				func(ctx context.Context, user uuid.UUID, after string, limit int) ([]notificationMemberRow, error) {
					return pg.Many(ctx, db, func(r *notificationMemberRow) notificationMemberRow { return *r }, func(q *bun.SelectQuery) *bun.SelectQuery {
						return q.Where("m.user_id = ?", user).Where("m.scope_type || ' ' || m.scope_id > ?", after).OrderExpr("m.scope_type || ' ' || m.scope_id").Limit(int64(limit))
					})
				},
				func(r notificationMemberRow) string { return r.ScopeType + " " + r.ScopeID.String() },
				func(r notificationMemberRow) map[string]any {
					return map[string]any{"scope_type": r.ScopeType, "scope_id": r.ScopeID}
				},
			),
			Erase: personaldata.Statements(db,
				"UPDATE notification_accounts SET username = '' WHERE user_id = ?1",
				"DELETE FROM notification_attendees WHERE tenant_id = ?0 AND user_id = ?1",
				"DELETE FROM notification_members WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "push_subscriptions", Columns: []string{"push_subscriptions.user_id", "push_subscriptions.subscription", "push_subscriptions.browser", "push_messages.message"},
			Read: personaldata.ByID(
				func(ctx context.Context, user, after uuid.UUID, limit int) ([]domain.Browser, error) {
					return pg.Many(ctx, db, (*browserRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
						return pg.PageByID(q.Where("b.user_id = ?", user), after, limit)
					})
				},
				func(b domain.Browser) uuid.UUID { return b.ID },
				func(b domain.Browser) map[string]any {
					return map[string]any{"browser": b.Name, "language": b.Language, "created_at": b.Created}
				},
			),
			Erase: personaldata.Statements(db, "DELETE FROM push_subscriptions WHERE tenant_id = ?0 AND user_id = ?1"),
		},
	}
}

// scrubNotifications removes names from what waits to be told and what was told.
func scrubNotifications(db *pg.DB) func(context.Context, personaldata.Names) (int64, error) {
	scrub := func(table string) func(context.Context, personaldata.Names) (int64, error) {
		return personaldata.ScrubStatement(db, `UPDATE `+table+` SET title = regexp_replace(title, ?1, ?3, 'g'), details = details || jsonb_strip_nulls(jsonb_build_object(
			'reason', regexp_replace(details->>'reason', ?1, ?3, 'g'), 'excerpt', regexp_replace(details->>'excerpt', ?1, ?3, 'g')))
			WHERE tenant_id = ?0 AND (title ~ ?1 OR details->>'reason' ~ ?1 OR details->>'excerpt' ~ ?1)`)
	}
	waiting, told := scrub("notices"), scrub("notifications")
	return func(ctx context.Context, names personaldata.Names) (int64, error) {
		n, err := waiting(ctx, names)
		if err != nil {
			return n, err
		}
		m, err := told(ctx, names)
		return n + m, err
	}
}
