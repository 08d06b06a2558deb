package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Memberships stores memberships and the bindings that follow from them.
//
// Putting and forgetting exclude each other within a tenant by an advisory
// lock: a membership that is put while its community is being forgotten would
// otherwise stay, because neither transaction sees the other.
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
		if err := s.lock(ctx, "_shared"); err != nil {
			return err
		}
		ms, err := s.notForgotten(ctx, ms)
		if err != nil || len(ms) == 0 {
			return err
		}
		if err := s.learn(ctx, ms); err != nil {
			return err
		}
		rows := make([]membershipRow, len(ms))
		for i, m := range ms {
			rows[i] = toDBMembership(m, at)
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

// LearnTeam implements ports.Memberships.
func (s *Memberships) LearnTeam(ctx context.Context, team, community uuid.UUID) error {
	return s.db.Do(ctx, func(ctx context.Context) error {
		if err := s.lock(ctx, "_shared"); err != nil {
			return err
		}
		known, err := s.notForgotten(ctx, []domain.Membership{{
			MembershipKey: domain.MembershipKey{Type: domain.Team, Scope: team}, Community: community,
		}})
		if err != nil {
			return err
		}
		return s.learn(ctx, known)
	})
}

// learn remembers the communities of the teams among ms.
func (s *Memberships) learn(ctx context.Context, ms []domain.Membership) error {
	of := map[uuid.UUID]uuid.UUID{}
	var teams, communities []string
	for _, m := range ms {
		if _, told := of[m.Scope]; m.Type != domain.Team || told {
			continue
		}
		of[m.Scope] = m.Community
		teams, communities = append(teams, m.Scope.String()), append(communities, m.Community.String())
	}
	if len(teams) == 0 {
		return nil
	}
	_, err := s.db.Conn(ctx).ExecContext(ctx, `
		INSERT INTO teams (tenant_id, team_id, community_id)
		SELECT ?, * FROM unnest(?::text[], ?::text[])
		ON CONFLICT (tenant_id, team_id) DO UPDATE SET community_id = excluded.community_id, updated_at = now()
		WHERE teams.community_id <> excluded.community_id`,
		tenantOf(ctx), pgdialect.Array(teams), pgdialect.Array(communities))
	return pg.Error(err)
}

// notForgotten leaves out what concerns scopes that were deleted.
func (s *Memberships) notForgotten(ctx context.Context, ms []domain.Membership) ([]domain.Membership, error) {
	var ids []string
	for _, m := range ms {
		ids = append(ids, m.Scope.String(), m.Community.String())
	}
	var gone []uuid.UUID
	err := s.db.Conn(ctx).NewSelect().
		TableExpr("deleted_scopes").Column("scope_id").
		Where("tenant_id = ?", tenantOf(ctx)).Where("scope_id = ANY (?::uuid[])", pgdialect.Array(ids)).
		Scan(ctx, &gone)
	if err != nil || len(gone) == 0 {
		return ms, pg.Error(err)
	}
	deleted := map[uuid.UUID]bool{}
	for _, id := range gone {
		deleted[id] = true
	}
	var left []domain.Membership
	for _, m := range ms {
		if !deleted[m.Scope] && !deleted[m.Community] {
			left = append(left, m)
		}
	}
	return left, nil
}

// Forget implements ports.Memberships.
func (s *Memberships) Forget(ctx context.Context, scope domain.Scope, at time.Time) ([]domain.BoundGrant, error) {
	var byHand []bindingRow
	err := s.db.Do(ctx, func(ctx context.Context) error {
		if err := s.lock(ctx, ""); err != nil {
			return err
		}
		conn, tenant := s.db.Conn(ctx), tenantOf(ctx)
		_, err := conn.ExecContext(ctx, `
			INSERT INTO deleted_scopes (tenant_id, scope_type, scope_id, deleted_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`,
			tenant, scope.Type, scope.ID, pg.Time(at))
		if err != nil {
			return pg.Error(err)
		}
		teams := []string{}
		if scope.Type == domain.Team {
			teams = append(teams, scope.ID)
		} else if err := conn.NewRaw("SELECT team_id FROM teams WHERE tenant_id = ? AND community_id = ?", tenant, scope.ID).Scan(ctx, &teams); err != nil {
			return pg.Error(err)
		}
		var gone []bindingRow
		err = conn.NewDelete().Model(&gone).
			WhereGroup(" AND ", func(q *bun.DeleteQuery) *bun.DeleteQuery {
				return q.Where("scope_type = ? AND scope_id = ?", scope.Type, scope.ID).
					WhereOr("scope_type = 'TEAM' AND scope_id = ANY (?::text[])", pgdialect.Array(teams))
			}).
			Returning("id, user_id, scope_type, scope_id, role_id, expires_at, created_by, source").Scan(ctx, &gone)
		if err != nil {
			return pg.Error(err)
		}
		for _, b := range gone {
			if b.Source == string(domain.Manual) {
				byHand = append(byHand, b)
			}
		}
		_, err = conn.NewDelete().Model((*membershipRow)(nil)).
			WhereGroup(" AND ", func(q *bun.DeleteQuery) *bun.DeleteQuery {
				return q.Where("scope_type = ? AND scope_id = ?", scope.Type, scope.ID).
					WhereOr("? = 'COMMUNITY' AND community_id = ?", scope.Type, scope.ID)
			}).Exec(ctx)
		if err != nil {
			return pg.Error(err)
		}
		_, err = conn.ExecContext(ctx, "DELETE FROM teams WHERE tenant_id = ? AND team_id = ANY (?::text[])", tenant, pgdialect.Array(teams))
		return pg.Error(err)
	})
	if err != nil {
		return nil, err
	}
	grants := make([]domain.BoundGrant, len(byHand))
	for i, b := range byHand {
		grants[i] = fromDBBinding(b)
	}
	return grants, nil
}

// lock keeps putting and forgetting in the tenant apart until the transaction ends.
func (s *Memberships) lock(ctx context.Context, kind string) error {
	_, err := s.db.Conn(ctx).ExecContext(ctx, "SELECT pg_advisory_xact_lock"+kind+"(hashtextextended('memberships ' || ?, 0))", tenantOf(ctx).String())
	return pg.Error(err)
}

func tenantOf(ctx context.Context) uuid.UUID { return reqctx.From(ctx).TenantID }
