package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Preferences implements ports.Preferences of notifications.
type Preferences struct{ db *pg.DB }

var _ ports.Preferences = (*Preferences)(nil)

// NewPreferences stores what people have chosen in db.
func NewPreferences(db *pg.DB) *Preferences { return &Preferences{db} }

type choiceRow struct {
	bun.BaseModel `bun:"table:notification_choices,alias:c"`
	pg.Tenanted

	UserID  uuid.UUID `bun:"user_id,pk,type:uuid"`
	Kind    string    `bun:"kind,pk"`
	Channel string    `bun:"channel,pk"`
	Enabled bool      `bun:"enabled"`
}

func (r *choiceRow) toDomain() domain.Choice {
	return domain.Choice{Kind: domain.Kind(r.Kind), Channel: domain.Channel(r.Channel), On: r.Enabled}
}

type settingsRow struct {
	bun.BaseModel `bun:"table:notification_settings,alias:s"`
	pg.Tenanted

	UserID    uuid.UUID  `bun:"user_id,pk,type:uuid"`
	Frequency string     `bun:"frequency"`
	Hour      int        `bun:"digest_hour"`
	Weekday   int        `bun:"digest_weekday"`
	Zone      string     `bun:"time_zone"`
	Next      *time.Time `bun:"next_digest"`
}

func (r *settingsRow) toDomain() domain.Settings {
	s := domain.Settings{Frequency: domain.Frequency(r.Frequency), Hour: r.Hour, Weekday: time.Weekday(r.Weekday), Zone: r.Zone}
	if r.Next != nil {
		s.Next = r.Next.UTC()
	}
	return s
}

type muteRow struct {
	bun.BaseModel `bun:"table:notification_mutes,alias:u"`
	pg.Tenanted

	UserID    uuid.UUID  `bun:"user_id,pk,type:uuid"`
	ScopeType string     `bun:"scope_type,pk"`
	ScopeID   uuid.UUID  `bun:"scope_id,pk,type:uuid"`
	Until     *time.Time `bun:"until"`
}

func (r *muteRow) toDomain() domain.Mute {
	m := domain.Mute{Scope: authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID}}
	if r.Until != nil {
		m.Until = r.Until.UTC()
	}
	return m
}

// Choices returns what a person has chosen.
func (r *Preferences) Choices(ctx context.Context, person uuid.UUID) ([]domain.Choice, error) {
	return pg.Many(ctx, r.db, (*choiceRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("c.user_id = ?", person).OrderExpr("c.kind, c.channel")
	})
}

// SetChoices stores choices, in the place of earlier ones of the same kind and channel. Of two in the list the last counts.
func (r *Preferences) SetChoices(ctx context.Context, person uuid.UUID, choices []domain.Choice) error {
	for _, c := range choices {
		row := &choiceRow{UserID: person, Kind: string(c.Kind), Channel: string(c.Channel), Enabled: c.On}
		if _, err := r.db.Conn(ctx).NewInsert().Model(row).On("CONFLICT (tenant_id, user_id, kind, channel) DO UPDATE").
			Set("enabled = EXCLUDED.enabled").Exec(ctx); err != nil {
			return pg.Error(err)
		}
	}
	return nil
}

// Settings returns when a person gets e-mails.
func (r *Preferences) Settings(ctx context.Context, person uuid.UUID) (domain.Settings, error) {
	found, err := pg.Many(ctx, r.db, (*settingsRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("s.user_id = ?", person) })
	if err != nil || len(found) == 0 {
		return domain.DefaultSettings(), err
	}
	return found[0], nil
}

// SetSettings stores when a person gets e-mails.
func (r *Preferences) SetSettings(ctx context.Context, person uuid.UUID, s domain.Settings) error {
	row := &settingsRow{UserID: person, Frequency: string(s.Frequency), Hour: s.Hour, Weekday: int(s.Weekday), Zone: s.Zone}
	if !s.Next.IsZero() {
		row.Next = &s.Next
	}
	_, err := r.db.Conn(ctx).NewInsert().Model(row).On("CONFLICT (tenant_id, user_id) DO UPDATE").Set("frequency = EXCLUDED.frequency").
		Set("digest_hour = EXCLUDED.digest_hour").Set("digest_weekday = EXCLUDED.digest_weekday").Set("time_zone = EXCLUDED.time_zone").
		Set("next_digest = EXCLUDED.next_digest").Exec(ctx)
	return pg.Error(err)
}

// Mutes lists what a person has muted.
func (r *Preferences) Mutes(ctx context.Context, person uuid.UUID, now time.Time) ([]domain.Mute, error) {
	return pg.Many(ctx, r.db, (*muteRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("u.user_id = ?", person).Where("(u.until IS NULL OR u.until > ?)", now).OrderExpr("u.scope_type, u.scope_id").Limit(domain.MaxMutes)
	})
}

// Mute stores a mute. Mutes whose term is over are removed first.
func (r *Preferences) Mute(ctx context.Context, person uuid.UUID, m domain.Mute, most int, now time.Time) error {
	tenant := reqctx.From(ctx).TenantID
	if _, err := r.db.Conn(ctx).NewRaw("SELECT pg_advisory_xact_lock(hashtextextended('mutes ' || ?, 0))", person.String()).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	if _, err := r.db.Conn(ctx).NewDelete().Model((*muteRow)(nil)).Where("user_id = ?", person).Where("until <= ?", now).Exec(ctx); err != nil {
		return pg.Error(err)
	}
	var until *time.Time
	if !m.Until.IsZero() {
		until = &m.Until
	}
	result, err := r.db.Conn(ctx).NewRaw(`INSERT INTO notification_mutes (tenant_id, user_id, scope_type, scope_id, until)
		SELECT ?0, ?1, ?2, ?3, ?4::timestamptz WHERE EXISTS (SELECT FROM notification_mutes WHERE tenant_id = ?0 AND user_id = ?1 AND scope_type = ?2 AND scope_id = ?3)
			OR (SELECT count(*) FROM notification_mutes WHERE tenant_id = ?0 AND user_id = ?1) < ?5
		ON CONFLICT (tenant_id, user_id, scope_type, scope_id) DO UPDATE SET until = EXCLUDED.until`,
		tenant, person, m.Scope.Type, m.Scope.ID, until, most).Exec(ctx)
	if err != nil {
		return pg.Error(err)
	}
	if n, err := result.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return domain.ErrTooManyMutes
}

// Unmute ends a mute.
func (r *Preferences) Unmute(ctx context.Context, person uuid.UUID, scope authz.Scope) error {
	_, err := r.db.Conn(ctx).NewDelete().Model((*muteRow)(nil)).Where("user_id = ?", person).Where("scope_type = ?", scope.Type).Where("scope_id = ?", scope.ID).Exec(ctx)
	return pg.Error(err)
}

// DigestsDue lists the digests of all tenants that are due.
func (r *Preferences) DigestsDue(ctx context.Context, now time.Time, limit int) ([]domain.DigestDue, error) {
	return pg.Many(pg.AcrossTenants(ctx, "digests that are due"), r.db, func(row *settingsRow) domain.DigestDue {
		return domain.DigestDue{Tenant: row.TenantID, Person: row.UserID, Settings: row.toDomain()}
	}, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("s.next_digest <= ?", now).OrderExpr("s.next_digest").Limit(int64(limit))
	})
}

// Postpone stores when the next digest is due.
func (r *Preferences) Postpone(ctx context.Context, due domain.DigestDue, next time.Time) (bool, error) {
	result, err := r.db.Conn(ctx).NewUpdate().Model((*settingsRow)(nil)).Set("next_digest = ?", next).
		Where("user_id = ?", due.Person).Where("next_digest = ?", due.Settings.Next).Exec(ctx)
	if err != nil {
		return false, pg.Error(err)
	}
	n, err := result.RowsAffected()
	return n == 1, err
}

// Wishes returns the wish of each of some people about a notice.
func (r *Preferences) Wishes(ctx context.Context, n domain.Notice, people []uuid.UUID, now time.Time) (map[uuid.UUID]ports.Wish, error) {
	wishes := make(map[uuid.UUID]ports.Wish, len(people))
	for _, person := range people {
		wishes[person] = ports.Wish{Settings: domain.DefaultSettings()}
	}
	of := pgdialect.Array(people)
	var choices []choiceRow
	var settings []settingsRow
	var muted []uuid.UUID
	err := r.db.Read(ctx, func(ctx context.Context) error {
		if err := r.db.Conn(ctx).NewSelect().Model(&choices).Where("c.user_id = ANY (?)", of).Where("c.kind = ?", n.Kind).Scan(ctx); err != nil {
			return pg.Error(err)
		}
		if err := r.db.Conn(ctx).NewSelect().Model(&settings).Where("s.user_id = ANY (?)", of).Scan(ctx); err != nil {
			return pg.Error(err)
		}
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*muteRow)(nil)).Column("user_id").Where("u.user_id = ANY (?)", of).
			Where("(u.until IS NULL OR u.until > ?)", now).
			Where(`(u.scope_type = ?0 AND u.scope_id = ?1 OR ?0 = 'TEAM' AND u.scope_type = 'COMMUNITY' AND u.scope_id IN (
				SELECT g.community_id FROM groups AS g WHERE g.tenant_id = u.tenant_id AND g.scope_type = 'TEAM' AND g.scope_id = ?1))`, n.Scope.Type, n.Scope.ID).
			Scan(ctx, &muted))
	})
	for _, row := range choices {
		w := wishes[row.UserID]
		w.Choices = append(w.Choices, row.toDomain())
		wishes[row.UserID] = w
	}
	for _, row := range settings {
		w := wishes[row.UserID]
		w.Settings = row.toDomain()
		wishes[row.UserID] = w
	}
	for _, person := range muted {
		w := wishes[person]
		w.Muted = true
		wishes[person] = w
	}
	return wishes, err
}
