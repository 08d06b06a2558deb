package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

var _ ports.FactsOfUsers = (*Facts)(nil)

// Arguments: $1 tenant, $2 users, $3 now.
const usersQuery = `/* facts of users and the tenant */
SELECT 'b'::"char" AS kind, rb.scope_type AS a, rb.scope_id AS b, rb.role_id AS id, rb.expires_at AS expires, rb.achievement_id AS achievement, false AS own, NULL::text[] AS keys, rb.user_id
FROM role_bindings rb WHERE rb.tenant_id = $1 AND rb.user_id = ANY ($2) AND (rb.expires_at IS NULL OR rb.expires_at > $3)
UNION ALL
SELECT 'o', po.action, coalesce(po.permission_key, ''), 0, po.expires_at, NULL, false, NULL, po.user_id
FROM policy_overrides po WHERE po.tenant_id = $1 AND po.user_id = ANY ($2) AND (po.expires_at IS NULL OR po.expires_at > $3)
UNION ALL
SELECT 'a', '', '', 0, NULL, NULL, false, NULL, tm.user_id FROM tenant_members tm WHERE tm.tenant_id = $1 AND tm.user_id = ANY ($2) AND tm.active
UNION ALL
SELECT r.*, NULL::uuid FROM (` + role + both + `) r
UNION ALL
SELECT 't', t.team_id, t.community_id, 0, NULL, NULL, false, NULL, NULL FROM teams t WHERE t.tenant_id = $1`

// LoadUsers implements ports.FactsOfUsers with one statement.
func (f *Facts) LoadUsers(ctx context.Context, tenant uuid.UUID, users []uuid.UUID, at time.Time) (map[uuid.UUID]ports.FactsOfUser, error) {
	t, parts, members := &domain.TenantFacts{}, make(map[uuid.UUID]*domain.UserFacts, len(users)), make(map[uuid.UUID]bool, len(users))
	for _, user := range users {
		parts[user] = &domain.UserFacts{}
	}
	err := f.db.QueryRows(ctx, usersQuery, []any{tenant, users, at}, func(rows pgx.Rows) error {
		var r factsRow
		var user uuid.NullUUID
		for rows.Next() {
			r.keys = nil
			if err := rows.Scan(&r.kind, &r.a, &r.b, &r.id, &r.expires, &r.reward, &r.own, &r.keys, &user); err != nil {
				return err
			}
			if r.kind == kindTenantMember {
				members[user.UUID] = true
				continue
			}
			r.addTo(t, parts[user.UUID], tenant)
		}
		return rows.Err()
	})
	if err != nil {
		return nil, err
	}
	facts := make(map[uuid.UUID]ports.FactsOfUser, len(parts))
	for user, part := range parts {
		facts[user] = ports.FactsOfUser{Facts: domain.JoinKnown(t, part), Member: members[user]}
	}
	return facts, nil
}
