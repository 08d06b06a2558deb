package pg

import (
	"context"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/libs/pg"
)

// Derive implements ports.Memberships.
func (s *Memberships) Derive(ctx context.Context, r domain.MembershipRange) error {
	return s.db.Do(ctx, func(ctx context.Context) error {
		known, err := s.Between(ctx, r)
		if err != nil {
			return err
		}
		keys := make([]domain.MembershipKey, len(known))
		for i, k := range known {
			keys[i] = k.MembershipKey
		}
		return s.derive(ctx, keys)
	})
}

// derive corrects the derived bindings of some memberships, and writes nothing where they are right. It reads the
// memberships itself, so that it sees those of transactions that committed before.
func (s *Memberships) derive(ctx context.Context, keys []domain.MembershipKey) error {
	if len(keys) == 0 {
		return nil
	}
	var types, scopes, users []string
	for _, k := range keys {
		types, scopes, users = append(types, string(k.Type)), append(scopes, k.Scope.String()), append(users, k.User.String())
	}
	var roles, services, names []string
	for _, role := range []domain.MemberRole{domain.PlainMember, domain.MemberModerator, domain.MemberOwner} {
		for _, ref := range role.Grants() {
			roles, services, names = append(roles, string(role)), append(services, string(ref.Service)), append(names, ref.Name)
		}
	}
	tenant := tenantOf(ctx)
	// One statement adds and deletes; both parts see the state before it and touch different rows.
	_, err := s.db.Conn(ctx).ExecContext(ctx, `
		WITH known AS (
			SELECT m.scope_type, m.scope_id::text AS scope_id, m.user_id, m.role
			FROM unnest(?::text[], ?::uuid[], ?::uuid[]) AS k (scope_type, scope_id, user_id)
			JOIN memberships m USING (scope_type, scope_id, user_id) WHERE m.tenant_id = ?
		), wanted AS (
			SELECT k.scope_type, k.scope_id, k.user_id, r.id AS role_id
			FROM known k JOIN unnest(?::text[], ?::text[], ?::text[]) AS g (role, service, name) USING (role)
			JOIN roles r ON r.owner = ? AND r.service = g.service AND r.name = g.name
		), surplus AS (
			DELETE FROM role_bindings b USING known k
			WHERE b.tenant_id = ? AND b.user_id = k.user_id AND b.scope_type = k.scope_type AND b.scope_id = k.scope_id AND b.source = ?
				AND NOT EXISTS (SELECT FROM wanted w WHERE (w.scope_type, w.scope_id, w.user_id, w.role_id) = (b.scope_type, b.scope_id, b.user_id, b.role_id))
		)
		INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, source)
		SELECT ?, w.user_id, w.scope_type, w.scope_id, w.role_id, ? FROM wanted w
		WHERE NOT EXISTS (SELECT FROM role_bindings b WHERE b.tenant_id = ? AND b.source = ?
			AND (b.user_id, b.scope_type, b.scope_id, b.role_id) = (w.user_id, w.scope_type, w.scope_id, w.role_id))
		ON CONFLICT (tenant_id, user_id, scope_type, scope_id, role_id, source) DO NOTHING`,
		pgdialect.Array(types), pgdialect.Array(scopes), pgdialect.Array(users), tenant,
		pgdialect.Array(roles), pgdialect.Array(services), pgdialect.Array(names), uuid.Nil,
		tenant, domain.FromMembership, tenant, domain.FromMembership, tenant, domain.FromMembership)
	return pg.Error(err)
}

// latest keeps the highest version of each membership, in the order of keys: all transactions lock rows in that order,
// which prevents deadlocks.
func latest(ms []domain.Membership) []domain.Membership {
	ms = slices.Clone(ms)
	slices.SortStableFunc(ms, func(a, b domain.Membership) int {
		if c := a.Compare(b.MembershipKey); c != 0 {
			return c
		}
		return int(min(max(b.Version-a.Version, -1), 1))
	})
	return slices.CompactFunc(ms, func(a, b domain.Membership) bool { return a.MembershipKey == b.MembershipKey })
}
