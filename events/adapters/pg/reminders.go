package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Reminders is ports.Reminders.
type Reminders struct {
	db *pg.DB
}

// NewReminders stores reminders in db.
func NewReminders(db *pg.DB) *Reminders { return &Reminders{db: db} }

// ListLooks lists dates of all tenants that are to be looked at.
func (r *Reminders) ListLooks(ctx context.Context, now time.Time, limit int) ([]ports.OccurrenceOfTenant, error) {
	return pg.Many(pg.AcrossTenants(ctx, "looking for reminders"), r.db, func(row *occurrenceRow) ports.OccurrenceOfTenant {
		return ports.OccurrenceOfTenant{EventOfTenant: ports.EventOfTenant{Tenant: row.TenantID, Event: row.EventID}, Occurrence: row.ID}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Column("tenant_id", "event_id", "id").Where("o.remind_at <= ?", now).OrderExpr("o.remind_at").Limit(int64(limit))
	})
}

const queueReminders = `
INSERT INTO reminders (tenant_id, occurrence_id, user_id, minutes, due_at)
SELECT a.tenant_id, a.occurrence_id, a.user_id, min(m.minutes), ?2::timestamptz - make_interval(mins => min(m.minutes))
FROM answers AS a
LEFT JOIN reminder_choices AS c ON c.tenant_id = a.tenant_id AND c.event_id = ?1 AND c.user_id = a.user_id
LEFT JOIN reminder_settings AS s ON s.tenant_id = a.tenant_id AND s.user_id = a.user_id
CROSS JOIN LATERAL unnest(coalesce(c.minutes, s.minutes, ?3::integer[])) AS m (minutes)
WHERE a.tenant_id = ?4 AND a.occurrence_id = ?0 AND (a.status = 'going' AND NOT a.waiting OR a.status = 'interested') AND m.minutes IN ?5
GROUP BY a.tenant_id, a.occurrence_id, a.user_id
ON CONFLICT (tenant_id, occurrence_id, user_id) DO UPDATE SET minutes = EXCLUDED.minutes, due_at = EXCLUDED.due_at`

// Queue queues the reminders of a date in one statement.
func (r *Reminders) Queue(ctx context.Context, event domain.Event, o domain.Occurrence, due []int) error {
	_, err := r.db.Conn(ctx).NewRaw(queueReminders, o.ID(), event.ID(), o.Data().Starts, pgdialect.Array(event.Data().Reminders),
		reqctx.From(ctx).TenantID, bun.Tuple(due)).Exec(ctx)
	return pg.Error(err)
}

type reminderRow struct {
	bun.BaseModel `bun:"table:reminders,alias:r"`
	pg.Tenanted

	OccurrenceID uuid.UUID `bun:"occurrence_id,pk,type:uuid"`
	UserID       uuid.UUID `bun:"user_id,pk,type:uuid"`
	Minutes      int       `bun:"minutes"`
	DueAt        time.Time `bun:"due_at"`
	EventID      uuid.UUID `bun:"event_id,scanonly,type:uuid"`
}

// ListDue lists the queued reminders of all tenants.
func (r *Reminders) ListDue(ctx context.Context, limit int) ([]ports.DueReminder, error) {
	return pg.Many(pg.AcrossTenants(ctx, "telling of reminders"), r.db, func(row *reminderRow) ports.DueReminder {
		return ports.DueReminder{
			OccurrenceOfTenant: ports.OccurrenceOfTenant{EventOfTenant: ports.EventOfTenant{Tenant: row.TenantID, Event: row.EventID}, Occurrence: row.OccurrenceID},
			User:               row.UserID, Minutes: row.Minutes, Due: row.DueAt,
		}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.ColumnExpr("?TableColumns, o.event_id").Join("JOIN occurrences AS o ON o.tenant_id = r.tenant_id AND o.id = r.occurrence_id").
			OrderExpr("r.due_at, r.occurrence_id, r.user_id").Limit(int64(limit))
	})
}

// Take removes a queued reminder. Of several instances one finds it.
func (r *Reminders) Take(ctx context.Context, due ports.DueReminder) (bool, error) {
	result, err := r.db.Conn(ctx).NewDelete().Model((*reminderRow)(nil)).Where("occurrence_id = ?", due.Occurrence).Where("user_id = ?", due.User).
		Where("minutes = ?", due.Minutes).Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

type reminderSettingsRow struct {
	bun.BaseModel `bun:"table:reminder_settings,alias:s"`
	pg.Tenanted

	UserID  uuid.UUID `bun:"user_id,pk,type:uuid"`
	Minutes []int     `bun:"minutes,array"`
}

type reminderChoiceRow struct {
	bun.BaseModel `bun:"table:reminder_choices,alias:c"`
	pg.Tenanted

	EventID uuid.UUID `bun:"event_id,pk,type:uuid"`
	UserID  uuid.UUID `bun:"user_id,pk,type:uuid"`
	Minutes []int     `bun:"minutes,array"`
}

var errNotChosen = errs.NotFoundf("nothing is chosen")

// chosen is what a member has chosen, or nil.
func chosen(minutes []int, err error) (*[]int, error) {
	if errs.KindOf(err) == errs.NotFound {
		return nil, nil
	}
	return &minutes, err
}

// Settings returns what a member has chosen for all events.
func (r *Reminders) Settings(ctx context.Context, user uuid.UUID) (*[]int, error) {
	return chosen(pg.One(ctx, r.db, errNotChosen, func(row *reminderSettingsRow) []int { return column(row.Minutes, same) },
		func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.user_id = ?", user) }))
}

// SetSettings stores what a member has chosen for all events.
func (r *Reminders) SetSettings(ctx context.Context, user uuid.UUID, minutes *[]int) error {
	if minutes == nil {
		_, err := r.db.Conn(ctx).NewDelete().Model((*reminderSettingsRow)(nil)).Where("user_id = ?", user).Exec(ctx)
		return pg.Error(err)
	}
	row := reminderSettingsRow{UserID: user, Minutes: column(*minutes, same)}
	_, err := r.db.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (tenant_id, user_id) DO UPDATE").Set("minutes = EXCLUDED.minutes").Exec(ctx)
	return pg.Error(err)
}

// Choice returns what a member has chosen for an event.
func (r *Reminders) Choice(ctx context.Context, event, user uuid.UUID) (*[]int, error) {
	return chosen(pg.One(ctx, r.db, errNotChosen, func(row *reminderChoiceRow) []int { return column(row.Minutes, same) },
		func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("c.event_id = ?", event).Where("c.user_id = ?", user)
		}))
}

// SetChoice stores what a member has chosen for an event.
func (r *Reminders) SetChoice(ctx context.Context, event, user uuid.UUID, minutes *[]int) error {
	if minutes == nil {
		_, err := r.db.Conn(ctx).NewDelete().Model((*reminderChoiceRow)(nil)).Where("event_id = ?", event).Where("user_id = ?", user).Exec(ctx)
		return pg.Error(err)
	}
	row := reminderChoiceRow{EventID: event, UserID: user, Minutes: column(*minutes, same)}
	_, err := r.db.Conn(ctx).NewInsert().Model(&row).On("CONFLICT (tenant_id, event_id, user_id) DO UPDATE").Set("minutes = EXCLUDED.minutes").Exec(ctx)
	return pg.Taken(err, map[string]*errs.Error{"reminder_choices_event": domain.ErrEventNotFound})
}

// CopyChoices gives the choices about one event to another.
func (r *Reminders) CopyChoices(ctx context.Context, from, to uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewRaw(`INSERT INTO reminder_choices (tenant_id, event_id, user_id, minutes)
		SELECT tenant_id, ?, user_id, minutes FROM reminder_choices WHERE tenant_id = ? AND event_id = ?`, to, reqctx.From(ctx).TenantID, from).Exec(ctx)
	return pg.Error(err)
}
