package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// People implements ports.People of notifications.
type People struct{ db *pg.DB }

var _ ports.People = (*People)(nil)

// NewPeople stores members and attendees in db.
func NewPeople(db *pg.DB) *People { return &People{db} }

type notificationMemberRow struct {
	bun.BaseModel `bun:"table:notification_members,alias:m"`
	pg.Tenanted

	ScopeType string    `bun:"scope_type,pk"`
	ScopeID   uuid.UUID `bun:"scope_id,pk,type:uuid"`
	UserID    uuid.UUID `bun:"user_id,pk,type:uuid"`
	Community uuid.UUID `bun:"community_id,type:uuid"`
}

type attendeeRow struct {
	bun.BaseModel `bun:"table:notification_attendees,alias:a"`
	pg.Tenanted

	Event      uuid.UUID `bun:"event_id,pk,type:uuid"`
	UserID     uuid.UUID `bun:"user_id,pk,type:uuid"`
	Occurrence uuid.UUID `bun:"occurrence_id,pk,type:uuid"`
}

// SetMember stores a membership, or removes it.
func (r *People) SetMember(ctx context.Context, m domain.Membership) error {
	if m.Member {
		_, err := r.db.Conn(ctx).NewInsert().Model(&notificationMemberRow{ScopeType: string(m.Scope.Type), ScopeID: m.Scope.ID, UserID: m.Person, Community: m.Community}).
			On("CONFLICT DO NOTHING").Exec(ctx)
		return pg.Error(err)
	}
	_, err := r.db.Conn(ctx).NewDelete().Model((*notificationMemberRow)(nil)).
		Where("scope_type = ?", m.Scope.Type).Where("scope_id = ?", m.Scope.ID).Where("user_id = ?", m.Person).Exec(ctx)
	return pg.Error(err)
}

// Close removes the members of a team, or of a community and its teams.
func (r *People) Close(ctx context.Context, group authz.Scope) error {
	q := r.db.Conn(ctx).NewDelete().Model((*notificationMemberRow)(nil))
	if group.Type == authz.ScopeCommunity {
		q = q.Where("community_id = ?", group.ID)
	} else {
		q = q.Where("scope_type = ?", group.Type).Where("scope_id = ?", group.ID)
	}
	_, err := q.Exec(ctx)
	return pg.Error(err)
}

// SetAttendance stores who wants to come, or removes it.
func (r *People) SetAttendance(ctx context.Context, a domain.Attendance) error {
	if a.Coming {
		_, err := r.db.Conn(ctx).NewInsert().Model(&attendeeRow{Event: a.Event, UserID: a.Person, Occurrence: a.Occurrence}).On("CONFLICT DO NOTHING").Exec(ctx)
		return pg.Error(err)
	}
	q := r.db.Conn(ctx).NewDelete().Model((*attendeeRow)(nil)).Where("event_id = ?", a.Event).Where("user_id = ?", a.Person)
	if a.Occurrence != uuid.Nil {
		q = q.Where("occurrence_id = ?", a.Occurrence)
	}
	_, err := q.Exec(ctx)
	return pg.Error(err)
}

// SetBlocked stores whether an account may not sign in.
func (r *People) SetBlocked(ctx context.Context, account uuid.UUID, blocked bool) error {
	_, err := r.db.Conn(ctx).NewRaw(`INSERT INTO notification_accounts (user_id, username, blocked) VALUES (?, '', ?)
		ON CONFLICT (user_id) DO UPDATE SET blocked = EXCLUDED.blocked`, account, blocked).Exec(ctx)
	return pg.Error(err)
}

// SetUsername stores the name by which an account is mentioned.
func (r *People) SetUsername(ctx context.Context, account uuid.UUID, username string) error {
	_, err := r.db.Conn(ctx).NewRaw(`INSERT INTO notification_accounts (user_id, username, blocked) VALUES (?, ?, false)
		ON CONFLICT (user_id) DO UPDATE SET username = EXCLUDED.username`, account, username).Exec(ctx)
	return pg.Error(err)
}

// Named lists the accounts with some usernames.
func (r *People) Named(ctx context.Context, usernames []string) (accounts []uuid.UUID, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw("SELECT user_id FROM notification_accounts WHERE username = ANY (?) AND username <> '' ORDER BY user_id",
			pgdialect.Array(usernames)).Scan(ctx, &accounts))
	})
	return accounts, err
}

// Forget removes what is known of an account.
func (r *People) Forget(ctx context.Context, account uuid.UUID) error {
	_, err := r.db.Conn(ctx).NewRaw("DELETE FROM notification_accounts WHERE user_id = ?", account).Exec(ctx)
	return pg.Error(err)
}

// SetSlug stores the slug of the tenant.
func (r *People) SetSlug(ctx context.Context, slug string) error {
	_, err := r.db.Conn(ctx).NewRaw("INSERT INTO notification_tenants (tenant_id, slug) VALUES (?, ?) ON CONFLICT (tenant_id) DO UPDATE SET slug = EXCLUDED.slug",
		reqctx.From(ctx).TenantID, slug).Exec(ctx)
	return pg.Error(err)
}

// Slug returns the slug of the tenant.
func (r *People) Slug(ctx context.Context) (slug string, err error) {
	var found []string
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewRaw("SELECT slug FROM notification_tenants WHERE tenant_id = ?", reqctx.From(ctx).TenantID).Scan(ctx, &found))
	})
	if len(found) > 0 {
		slug = found[0]
	}
	return slug, err
}

// Next lists those whom a notice is to be told to next.
func (r *People) Next(ctx context.Context, n domain.Notice, limit int) (people []uuid.UUID, err error) {
	tenant := reqctx.From(ctx).TenantID
	of := bun.SafeQuery("SELECT unnest(?::uuid[])", pgdialect.Array(n.Persons))
	switch {
	case n.To == domain.Attendees && n.Occurrence == uuid.Nil:
		of = bun.SafeQuery("SELECT a.user_id FROM notification_attendees a WHERE a.tenant_id = ? AND a.event_id = ?", tenant, n.Event)
	case n.To == domain.Attendees:
		of = bun.SafeQuery("SELECT a.user_id FROM notification_attendees a WHERE a.tenant_id = ? AND a.event_id = ? AND a.occurrence_id IN (?, ?)",
			tenant, n.Event, n.Occurrence, uuid.Nil)
	case n.To == domain.Members:
		of = bun.SafeQuery("SELECT s.user_id FROM notification_members s WHERE s.tenant_id = ? AND s.scope_type = ? AND s.scope_id = ?",
			tenant, n.Sight.Scope.Type, n.Sight.Scope.ID)
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*notificationMemberRow)(nil)).Column("user_id").
			Where("m.scope_type = 'TENANT'").Where("m.scope_id = m.tenant_id").Where("m.user_id > ?", n.After).Where("m.user_id IN (?)", of).
			Where("NOT EXISTS (SELECT FROM notification_accounts b WHERE b.user_id = m.user_id AND b.blocked)").
			OrderExpr("m.user_id").Limit(int64(limit)).Scan(ctx, &people))
	})
	return people, err
}

// Tenants lists the tenants that an account belongs to. ctx is across tenants.
func (r *People) Tenants(ctx context.Context, account uuid.UUID) (tenants []uuid.UUID, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(r.db.Conn(ctx).NewSelect().Model((*notificationMemberRow)(nil)).Column("tenant_id").
			Where("m.scope_type = 'TENANT'").Where("m.user_id = ?", account).Limit(100).Scan(ctx, &tenants))
	})
	return tenants, err
}
