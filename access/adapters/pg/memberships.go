package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

// Memberships stores memberships, their communities and teams, and the derived bindings. See [lockScopes].
type Memberships struct{ db *pg.DB }

var _ ports.Memberships = (*Memberships)(nil)

// NewMemberships stores memberships in db.
func NewMemberships(db *pg.DB) *Memberships { return &Memberships{db: db} }

type membershipRow struct {
	bun.BaseModel `bun:"table:memberships"`
	pg.Tenanted

	ScopeType   string    `bun:"scope_type"`
	ScopeID     uuid.UUID `bun:"scope_id,type:uuid"`
	UserID      uuid.UUID `bun:"user_id,type:uuid"`
	CommunityID uuid.UUID `bun:"community_id,type:uuid"`
	Role        string    `bun:"role,nullzero"`
	Version     int64     `bun:"version"`
	AppliedAt   time.Time `bun:"applied_at"`
}

func toDBMembership(m domain.Membership, at time.Time) membershipRow {
	return membershipRow{
		ScopeType: string(m.Type), ScopeID: m.Scope, UserID: m.User, CommunityID: m.Community,
		Role: string(m.Role), Version: m.Version, AppliedAt: pg.Time(at),
	}
}

func fromDBMembership(r membershipRow) domain.KnownMembership {
	return domain.KnownMembership{
		Membership: domain.Membership{
			MembershipKey: domain.MembershipKey{Type: domain.ScopeType(r.ScopeType), Scope: r.ScopeID, User: r.UserID},
			Community:     r.CommunityID, Role: domain.MemberRole(r.Role), Version: r.Version,
		},
		Applied: r.AppliedAt,
	}
}

// Put implements ports.Memberships.
func (s *Memberships) Put(ctx context.Context, ms []domain.Membership, at time.Time) error {
	return s.put(ctx, ms, at, "membership_row.version < excluded.version")
}

// Repair implements ports.Memberships.
func (s *Memberships) Repair(ctx context.Context, ms []domain.Membership, at time.Time) error {
	return s.put(ctx, ms, at, `membership_row.version < excluded.version
		OR membership_row.version = excluded.version AND membership_row.role IS DISTINCT FROM excluded.role`)
}

func (s *Memberships) put(ctx context.Context, ms []domain.Membership, at time.Time, newer string) error {
	ms = latest(ms)
	return s.db.Do(ctx, func(ctx context.Context) error {
		if err := lockScopes(ctx, s.db, shared); err != nil {
			return err
		}
		ms, err := s.withoutDeleted(ctx, ms)
		if err != nil || len(ms) == 0 {
			return err
		}
		scopes := make([]domain.MemberScope, len(ms))
		rows := make([]membershipRow, len(ms))
		for i, m := range ms {
			scopes[i], rows[i] = m.In(), toDBMembership(m, at)
		}
		if err := s.putScopes(ctx, scopes); err != nil {
			return err
		}
		var changed []membershipRow
		err = s.db.Conn(ctx).NewInsert().Model(&rows).
			On("CONFLICT (tenant_id, scope_type, scope_id, user_id) DO UPDATE").
			Set("community_id = excluded.community_id, role = excluded.role, version = excluded.version, applied_at = excluded.applied_at").
			Where(newer).
			Returning("scope_type, scope_id, user_id").
			Scan(ctx, &changed)
		if err != nil {
			return pg.Error(err)
		}
		keys := make([]domain.MembershipKey, len(changed))
		for i, r := range changed {
			keys[i] = fromDBMembership(r).MembershipKey
		}
		return s.derive(ctx, keys)
	})
}

// Between implements ports.Memberships.
func (s *Memberships) Between(ctx context.Context, r domain.MembershipRange) ([]domain.KnownMembership, error) {
	var rows []membershipRow
	err := s.db.Read(ctx, func(ctx context.Context) error {
		q := s.db.Conn(ctx).NewSelect().Model(&rows).Order("scope_type", "scope_id", "user_id")
		const key = "(scope_type, scope_id, user_id)"
		if k := r.After; k != nil {
			q = q.Where(key+" > (?, ?, ?)", k.Type, k.Scope, k.User)
		}
		if k := r.Until; k != nil {
			q = q.Where(key+" <= (?, ?, ?)", k.Type, k.Scope, k.User)
		}
		return pg.Error(q.Scan(ctx))
	})
	if err != nil {
		return nil, err
	}
	known := make([]domain.KnownMembership, len(rows))
	for i, r := range rows {
		known[i] = fromDBMembership(r)
	}
	return known, nil
}
