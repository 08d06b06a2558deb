package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/pg"
)

// losses is domain.RoleLoss for all holders at once. A holder may have the role in several scopes; a scope that another role
// with the permission reaches loses nothing.
const losses = `
WITH held AS (
	SELECT b.user_id, b.scope_type, b.scope_id FROM role_bindings b
	WHERE b.tenant_id = ?0 AND b.role_id = ?1 AND (b.expires_at IS NULL OR b.expires_at > ?2)
	UNION
	SELECT m.user_id, 'TENANT', ?0::text FROM tenant_members m WHERE ?3 AND m.tenant_id = ?0 AND m.active
), gone AS (
	SELECT g.key COLLATE "C" AS key, coalesce(g.key = ANY ((
		SELECT r.keys FROM roles r WHERE NOT ?5 AND r.owner IN (?0, ?6) AND r.service = ?7 AND r.name = 'member' AND r.id <> ?1
		ORDER BY r.tenant_id IS NULL LIMIT 1)::text[]), false) AS of_members
	FROM unnest(?4::text[]) AS g (key)
), matched AS (
	SELECT DISTINCT h.user_id, g.key, o.action FROM held h CROSS JOIN gone g
	JOIN policy_overrides o ON o.tenant_id = ?0 AND o.user_id = h.user_id AND (o.permission_key IS NULL OR o.permission_key = g.key)
		AND (o.expires_at IS NULL OR o.expires_at > ?2)
), lost AS (
	SELECT DISTINCT h.user_id, g.key FROM held h CROSS JOIN gone g
	WHERE NOT EXISTS (SELECT FROM matched o WHERE o.user_id = h.user_id AND o.key = g.key)
		AND NOT (g.of_members AND EXISTS (SELECT FROM tenant_members m WHERE m.tenant_id = ?0 AND m.user_id = h.user_id AND m.active))
		AND NOT EXISTS (
			SELECT FROM role_bindings b JOIN roles r ON r.id = b.role_id
			WHERE b.tenant_id = ?0 AND b.user_id = h.user_id AND b.role_id <> ?1 AND (b.expires_at IS NULL OR b.expires_at > ?2)
				AND r.service = ?7 AND g.key = ANY (r.keys)
				AND (b.scope_type IN ('TENANT', 'GLOBAL') OR b.scope_type = h.scope_type AND b.scope_id = h.scope_id
					OR b.scope_type = 'COMMUNITY' AND h.scope_type = 'TEAM' AND EXISTS (
						SELECT FROM teams t WHERE t.tenant_id = ?0 AND t.team_id = h.scope_id AND t.community_id = b.scope_id)))
)`

// Loss implements ports.Roles with two statements.
func (r *Roles) Loss(ctx context.Context, q ports.LossQuery) (loss domain.RoleLoss, err error) {
	member := q.Role.Name == domain.RoleMember
	args := []any{
		tenantOf(ctx), q.Role.ID, pg.Time(q.At), member, pgdialect.Array(q.Removed),
		member && !q.Deleted, // it stays the role of members, without the permissions
		uuid.Nil, q.Role.Service,
	}
	var counts []struct {
		Key            string
		Holders        int
		Losers, Denied int
	}
	var first []struct {
		UserID uuid.UUID
		Keys   []string `bun:",array"`
	}
	err = r.db.Read(ctx, func(ctx context.Context) error {
		// the row without a key is about all
		err := r.db.Conn(ctx).NewRaw(losses+`
			SELECT '' AS key, (SELECT count(DISTINCT user_id) FROM held) AS holders, (SELECT count(DISTINCT user_id) FROM lost) AS losers, 0 AS denied
			UNION ALL
			SELECT g.key, 0, (SELECT count(*) FROM lost l WHERE l.key = g.key),
				(SELECT count(*) FROM matched m WHERE m.key = g.key AND m.action = 'deny')
			FROM gone g ORDER BY key`, args...).Scan(ctx, &counts)
		if err != nil {
			return pg.Error(err)
		}
		return pg.Error(r.db.Conn(ctx).NewRaw(losses+`
			SELECT user_id, array_agg(key ORDER BY key) AS keys FROM lost GROUP BY user_id ORDER BY user_id LIMIT ?8`,
			append(args, domain.MaxLosers)...).Scan(ctx, &first))
	})
	if err != nil {
		return loss, err
	}
	loss.Holders, loss.Losers = counts[0].Holders, counts[0].Losers
	for _, c := range counts[1:] {
		loss.Keys = append(loss.Keys, domain.KeyLoss{Key: c.Key, Lost: c.Losers, Kept: loss.Holders - c.Losers - c.Denied})
	}
	for _, f := range first {
		loss.First = append(loss.First, domain.Loser{User: f.UserID, Keys: f.Keys})
	}
	return loss, nil
}
