package pg

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// What waits in a group that is in use: inUse joins such groups to the rows called w.
const inUse = ` JOIN groups AS g ON g.tenant_id = w.tenant_id AND g.id = w.scope_id AND g.status = 'active'
	JOIN groups AS c ON c.tenant_id = w.tenant_id AND c.id = w.community_id AND c.status = 'active'`

const selectWaitingInvites = `
WITH waiting AS MATERIALIZED (SELECT w.id FROM invites AS w` + inUse + `
	WHERE w.tenant_id = $1 AND w.user_id = $2 AND w.status = 'pending' AND w.expires_at > $3 ORDER BY w.id LIMIT $4)
SELECT (SELECT count(*) FROM waiting), g.name, i.id, i.scope_type, i.scope_id, i.community_id, i.user_id, i.role, i.status,
	i.maker_user, i.created_at, i.expires_at
FROM invites AS i JOIN groups AS g ON g.tenant_id = i.tenant_id AND g.id = i.scope_id
WHERE i.tenant_id = $1 AND i.id = ANY (ARRAY(SELECT id FROM waiting ORDER BY id LIMIT $5)) ORDER BY i.id`

const selectWaitingRequests = `
WITH waiting AS MATERIALIZED (SELECT w.id FROM join_requests AS w` + inUse + `
	WHERE w.tenant_id = $1 AND w.status = 'pending' AND CASE w.scope_type
		WHEN 'COMMUNITY' THEN $2::boolean OR w.scope_id = ANY ($3::uuid[])
		ELSE $4::boolean OR w.community_id = ANY ($5::uuid[]) OR w.scope_id = ANY ($6::uuid[]) END
	ORDER BY w.id LIMIT $7)
SELECT (SELECT count(*) FROM waiting), g.name, r.id, r.scope_type, r.scope_id, r.community_id, r.user_id, r.message, r.status, r.created_at
FROM join_requests AS r JOIN groups AS g ON g.tenant_id = r.tenant_id AND g.id = r.scope_id
WHERE r.tenant_id = $1 AND r.id = ANY (ARRAY(SELECT id FROM waiting ORDER BY id LIMIT $8)) ORDER BY r.id`

// Queue reads what waits in one query of each kind.
func (r *Cards) Queue(ctx context.Context, s groupsports.QueueSearch, limit int) (groupsports.Waiting, error) {
	tenant := reqctx.From(ctx).TenantID
	invites, err := waiting(ctx, r, selectWaitingInvites, []any{tenant, s.User, s.At, groupsports.MaxWaiting, limit}, groupsdomain.Invite.Scope,
		func(rows pgx.Rows, count *int, name *string) (groupsdomain.Invite, error) {
			var d groupsdomain.InviteData
			err := rows.Scan(count, name, &d.ID, &d.Scope.Type, &d.Scope.ID, &d.CommunityID, &d.UserID, &d.Role, &d.Status,
				&d.Maker.User, &d.CreatedAt, &d.ExpiresAt)
			return groupsdomain.RestoreInvite(d), err
		})
	if err != nil || s.Decides.None() && s.DecidesTeam.None() {
		return groupsports.Waiting{Invites: invites}, err
	}
	args := []any{
		tenant, s.Decides.Everywhere, ids(s.Decides.Communities), s.DecidesTeam.Everywhere, ids(s.DecidesTeam.Communities),
		ids(s.DecidesTeam.Teams), groupsports.MaxWaiting, limit,
	}
	requests, err := waiting(ctx, r, selectWaitingRequests, args, groupsdomain.JoinRequest.Scope,
		func(rows pgx.Rows, count *int, name *string) (groupsdomain.JoinRequest, error) {
			var d groupsdomain.JoinRequestData
			err := rows.Scan(count, name, &d.ID, &d.Scope.Type, &d.Scope.ID, &d.CommunityID, &d.UserID, &d.Message, &d.Status, &d.CreatedAt)
			return groupsdomain.RestoreJoinRequest(d), err
		})
	return groupsports.Waiting{Invites: invites, JoinRequests: requests}, err
}

// ids is a list that PostgreSQL gets as an array, also when it is empty.
func ids(list []uuid.UUID) []uuid.UUID {
	if list == nil {
		return []uuid.UUID{}
	}
	return list
}

func waiting[T any](
	ctx context.Context, r *Cards, statement string, args []any, scope func(T) authz.Scope, scan func(rows pgx.Rows, count *int, name *string) (T, error),
) (q groupsports.Queued[T], err error) {
	err = r.db.QueryRows(ctx, statement, args, func(rows pgx.Rows) error {
		q = groupsports.Queued[T]{Names: map[uuid.UUID]string{}}
		for rows.Next() {
			var name string
			v, err := scan(rows, &q.Count, &name)
			if err != nil {
				return err
			}
			q.First = append(q.First, v)
			q.Names[scope(v).ID] = name
		}
		return rows.Err()
	})
	return q, err
}
