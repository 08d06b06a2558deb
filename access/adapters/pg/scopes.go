package pg

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Kinds of lockScopes.
const (
	shared    = "_shared"
	exclusive = ""
)

// lockScopes locks the communities and teams of the tenant until the transaction ends: shared to write something into
// one, exclusive to delete one. Without it a membership or binding stored while its community is being deleted would
// remain, because neither transaction sees the other.
func lockScopes(ctx context.Context, db *pg.DB, kind string) error {
	_, err := db.Conn(ctx).ExecContext(ctx, "SELECT "+lockOfScopes(kind), tenantOf(ctx))
	return pg.Error(err)
}

// lockOfScopes is the lock in SQL, with the tenant as its argument.
func lockOfScopes(kind string) string {
	return "pg_advisory_xact_lock" + kind + "(hashtextextended('memberships ' || ?0, 0))"
}

// References implements ports.Memberships. A member of a community or team counts as a member of the tenant until identity's
// event arrives, because Portal admits members of the tenant only.
func (s *Memberships) References(ctx context.Context, user uuid.UUID, scope domain.Scope) (refs domain.References, err error) {
	id, err := uuid.Parse(scope.ID)
	if err != nil {
		id = uuid.Nil // names no community or team
	}
	err = s.db.Do(ctx, func(ctx context.Context) error {
		if err := lockScopes(ctx, s.db, shared); err != nil {
			return err
		}
		row := s.db.Conn(ctx).QueryRowContext(ctx, `
			SELECT coalesce(
				(SELECT active FROM tenant_members WHERE tenant_id = ?0 AND user_id = ?1),
				EXISTS (SELECT FROM memberships WHERE tenant_id = ?0 AND user_id = ?1 AND role IS NOT NULL)),
			coalesce((
				SELECT CASE WHEN s.status = 'open' THEN coalesce(c.status, 'open') ELSE s.status END
				FROM scopes s
				LEFT JOIN teams t ON s.scope_type = 'TEAM' AND t.tenant_id = ?0 AND t.team_id = s.scope_id::text
				LEFT JOIN scopes c ON c.tenant_id = ?0 AND c.scope_type = 'COMMUNITY' AND c.scope_id = t.community_id::uuid
				WHERE s.tenant_id = ?0 AND s.scope_type = ?2 AND s.scope_id = ?3), '')`,
			tenantOf(ctx), user, scope.Type, id)
		return pg.Error(row.Scan(&refs.Member, &refs.Scope))
	})
	return refs, err
}

// PutScope implements ports.Memberships.
func (s *Memberships) PutScope(ctx context.Context, scope domain.MemberScope, status domain.ScopeStatus, at time.Time) error {
	return s.db.Do(ctx, func(ctx context.Context) error {
		if err := lockScopes(ctx, s.db, shared); err != nil {
			return err
		}
		left, err := s.withoutDeleted(ctx, []domain.Membership{{
			MembershipKey: domain.MembershipKey{Type: scope.Type, Scope: scope.ID}, Community: scope.Community,
		}})
		if err != nil || len(left) == 0 {
			return err
		}
		if err := s.putScopes(ctx, []domain.MemberScope{scope}); err != nil || status == domain.ScopeUnknown {
			return err
		}
		_, err = s.db.Conn(ctx).ExecContext(ctx, `
			UPDATE scopes SET status = ?, changed_at = ? WHERE tenant_id = ? AND scope_type = ? AND scope_id = ? AND status <> 'deleted'`,
			status, pg.Time(at), tenantOf(ctx), scope.Type, scope.ID)
		return pg.Error(err)
	})
}

// putScopes stores scopes that are new, and the communities of teams.
func (s *Memberships) putScopes(ctx context.Context, scopes []domain.MemberScope) error {
	var types, ids, teams, communities []string
	for _, m := range scopes {
		types, ids = append(types, string(domain.Community), string(m.Type)), append(ids, m.Community.String(), m.ID.String())
		if m.Type == domain.Team {
			teams, communities = append(teams, m.ID.String()), append(communities, m.Community.String())
		}
	}
	_, err := s.db.Conn(ctx).ExecContext(ctx, `
		INSERT INTO scopes (tenant_id, scope_type, scope_id) SELECT ?, * FROM unnest(?::text[], ?::uuid[])
		ON CONFLICT (tenant_id, scope_type, scope_id) DO NOTHING`,
		tenantOf(ctx), pgdialect.Array(types), pgdialect.Array(ids))
	if err != nil || len(teams) == 0 {
		return pg.Error(err)
	}
	_, err = s.db.Conn(ctx).ExecContext(ctx, `
		INSERT INTO teams (tenant_id, team_id, community_id)
		SELECT DISTINCT ON (team) ?::uuid, * FROM unnest(?::text[], ?::text[]) AS t (team, community)
		ON CONFLICT (tenant_id, team_id) DO UPDATE SET community_id = excluded.community_id, updated_at = now()
		WHERE teams.community_id <> excluded.community_id`,
		tenantOf(ctx), pgdialect.Array(teams), pgdialect.Array(communities))
	return pg.Error(err)
}

// withoutDeleted drops memberships of deleted communities and teams.
func (s *Memberships) withoutDeleted(ctx context.Context, ms []domain.Membership) ([]domain.Membership, error) {
	var ids []string
	for _, m := range ms {
		ids = append(ids, m.Scope.String(), m.Community.String())
	}
	var gone []uuid.UUID
	err := s.db.Conn(ctx).NewSelect().
		TableExpr("scopes").Column("scope_id").
		Where("tenant_id = ?", tenantOf(ctx)).Where("status = 'deleted'").Where("scope_id = ANY (?::uuid[])", pgdialect.Array(ids)).
		Scan(ctx, &gone)
	if err != nil || len(gone) == 0 {
		return ms, pg.Error(err)
	}
	return slices.DeleteFunc(ms, func(m domain.Membership) bool {
		return slices.Contains(gone, m.Scope) || slices.Contains(gone, m.Community)
	}), nil
}

// DeleteScope implements ports.Memberships.
func (s *Memberships) DeleteScope(ctx context.Context, scope domain.Scope, at time.Time) (manual []domain.BindingRecord, err error) {
	err = s.db.Do(ctx, func(ctx context.Context) error {
		if err := lockScopes(ctx, s.db, exclusive); err != nil {
			return err
		}
		conn, tenant := s.db.Conn(ctx), tenantOf(ctx)
		teams := []string{}
		if scope.Type == domain.Team {
			teams = append(teams, scope.ID)
		} else if err := conn.NewRaw("SELECT team_id FROM teams WHERE tenant_id = ? AND community_id = ?", tenant, scope.ID).Scan(ctx, &teams); err != nil {
			return pg.Error(err)
		}
		_, err := conn.ExecContext(ctx, `
			INSERT INTO scopes (tenant_id, scope_type, scope_id, status, changed_at)
			SELECT ?0::uuid, ?1, ?2::uuid, 'deleted', ?4::timestamptz UNION SELECT ?0::uuid, 'TEAM', unnest(?3::uuid[]), 'deleted', ?4::timestamptz
			ON CONFLICT (tenant_id, scope_type, scope_id) DO UPDATE SET status = 'deleted', changed_at = excluded.changed_at`,
			tenant, scope.Type, scope.ID, pgdialect.Array(teams), pg.Time(at))
		if err != nil {
			return pg.Error(err)
		}
		var ended []bindingRow
		err = conn.NewDelete().Model(&ended).
			WhereGroup(" AND ", func(q *bun.DeleteQuery) *bun.DeleteQuery {
				return q.Where("b.scope_type = ? AND b.scope_id = ?", scope.Type, scope.ID).
					WhereOr("b.scope_type = 'TEAM' AND b.scope_id = ANY (?::text[])", pgdialect.Array(teams))
			}).
			Returning("b.tenant_id, b.id, b.user_id, b.scope_type, b.scope_id, b.role_id, b.expires_at, b.created_at, b.created_by, b.source, b.achievement_id").Scan(ctx, &ended)
		if err != nil {
			return pg.Error(err)
		}
		for _, b := range ended {
			if b.Source != string(domain.FromMembership) {
				manual = append(manual, b.toDomain())
			}
		}
		_, err = conn.ExecContext(ctx, `
			UPDATE rewards SET refused = 'SCOPE_NOT_FOUND' WHERE tenant_id = ?0 AND role_id IS NOT NULL
				AND (scope_type = ?1 AND scope_id = ?2 OR scope_type = 'TEAM' AND scope_id = ANY (?3::text[]))`,
			tenant, scope.Type, scope.ID, pgdialect.Array(teams))
		if err != nil {
			return pg.Error(err)
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
	return manual, err
}

func tenantOf(ctx context.Context) uuid.UUID { return reqctx.From(ctx).TenantID }
