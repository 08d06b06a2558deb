package pg

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/pg"
)

// PersonalData lists what access stores about a user.
func PersonalData(db *pg.DB) []personaldata.Section {
	return slices.Concat(personaldata.Kit(db), []personaldata.Section{
		{
			Name: "role_bindings", Columns: []string{"role_bindings.user_id"},
			Read: personaldata.ByKey(func(ctx context.Context, user uuid.UUID, after string, limit int) ([]domain.BindingRecord, error) {
				before, _ := strconv.ParseInt(after, 10, 64) // zero for the empty key
				return NewBindings(db).Page(ctx, ports.BindingSearch{User: user, Before: before, Limit: limit})
			}, func(b domain.BindingRecord) string { return domain.FormatID(b.ID) }, bindingData),
			Erase: personaldata.Statements(db, "DELETE FROM role_bindings WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "policy_overrides", Columns: []string{"policy_overrides.user_id", "policy_overrides.reason"},
			Read: personaldata.ByID(func(ctx context.Context, user, before uuid.UUID, limit int) ([]domain.OverrideRecord, error) {
				return NewOverrides(db).Page(ctx, ports.OverrideSearch{User: user, Before: before, Limit: limit})
			}, func(o domain.OverrideRecord) uuid.UUID { return o.ID }, overrideData),
			Erase: personaldata.Statements(db, "DELETE FROM policy_overrides WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "memberships", Columns: []string{"memberships.user_id", "tenant_members.user_id"},
			Read: personaldata.ByKey(func(ctx context.Context, user uuid.UUID, after string, limit int) ([]storedMembership, error) {
				return storedMemberships(ctx, db, user, after, limit)
			}, func(m storedMembership) string { return m.ScopeType + " " + m.ScopeID }, storedMembership.data),
			Erase: personaldata.Statements(db, "SELECT "+lockOfScopes(exclusive), `
				WITH left_tenant AS (DELETE FROM tenant_members WHERE tenant_id = ?0 AND user_id = ?1 RETURNING user_id),
					left_scopes AS (DELETE FROM memberships WHERE tenant_id = ?0 AND user_id = ?1 RETURNING user_id)
				SELECT FROM left_tenant UNION ALL SELECT FROM left_scopes`),
		},
		{
			Name: "rewards", Columns: []string{"rewards.user_id", "rewards.refused"}, Reason: "The role bindings are exported; gamification exports the grants.",
			Erase: personaldata.Statements(db, "DELETE FROM rewards WHERE tenant_id = ?0 AND user_id = ?1"),
		},
		{
			Name: "grants_to_others", Columns: []string{"role_bindings.created_by", "policy_overrides.created_by"},
			Reason: "What a user granted to others is data of those others; the audit log shows it.",
			Erase: personaldata.Statements(db, `
				WITH bindings AS (UPDATE role_bindings SET created_by = NULL WHERE tenant_id = ?0 AND created_by = ?1 RETURNING id),
					overrides AS (UPDATE policy_overrides SET created_by = NULL WHERE tenant_id = ?0 AND created_by = ?1 RETURNING id)
				SELECT FROM bindings UNION ALL SELECT FROM overrides`),
		},
	})
}

func bindingData(b domain.BindingRecord) map[string]any {
	return map[string]any{
		"id": b.ID, "scope_type": string(b.Scope.Type), "scope_id": b.Scope.ID, "source": string(b.Source),
		"role_id": b.Role.ID, "role_name": b.Role.Name, "role_service": string(b.Role.Service),
		"created_at": b.CreatedAt, "expires_at": timeOrNil(b.Expires),
	}
}

func overrideData(o domain.OverrideRecord) map[string]any {
	return map[string]any{
		"id": o.ID, "action": string(o.Effect), "permission_key": o.Permission, "reason": o.Reason,
		"created_at": o.CreatedAt, "expires_at": timeOrNil(o.Expires),
	}
}

func timeOrNil(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t
}

// storedMembership is a membership of the tenant, a community or a team. Its role is empty when it has ended.
type storedMembership struct {
	ScopeType, ScopeID, Role string
	At                       time.Time
}

func (m storedMembership) data() map[string]any {
	return map[string]any{"scope_type": m.ScopeType, "scope_id": m.ScopeID, "role": m.Role, "updated_at": m.At.UTC()}
}

// storedMemberships lists memberships by scope.
func storedMemberships(ctx context.Context, db *pg.DB, user uuid.UUID, after string, limit int) (found []storedMembership, err error) {
	typ, id, _ := strings.Cut(after, " ")
	err = db.Read(ctx, func(ctx context.Context) error {
		return pg.Error(db.Conn(ctx).NewRaw(`
			SELECT * FROM (
				SELECT scope_type, scope_id::text, coalesce(role, ''), applied_at FROM memberships WHERE tenant_id = ?0 AND user_id = ?1
				UNION ALL
				SELECT 'TENANT', tenant_id::text, CASE WHEN active THEN 'member' ELSE '' END, changed_at FROM tenant_members WHERE tenant_id = ?0 AND user_id = ?1
			) AS m (scope_type, scope_id, role, at)
			WHERE (scope_type, scope_id) > (?2, ?3) ORDER BY scope_type, scope_id LIMIT ?4`,
			tenantOf(ctx), user, typ, id, limit).Scan(ctx, &found))
	})
	return found, err
}
