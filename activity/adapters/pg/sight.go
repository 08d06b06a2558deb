package pg

import (
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// matching limits a query to the items of a filter.
func matching(tenant uuid.UUID, f domain.Filter) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("NOT i.retracted").Where("i.type = ANY (?)", pgdialect.Array(f.Types))
		if !f.From.IsZero() {
			q = q.Where("i.occurred_at >= ?", f.From)
		}
		if !f.To.IsZero() {
			q = q.Where("i.occurred_at <= ?", f.To)
		}
		if !f.After.IsZero() {
			q = q.Where("i.occurred_at > ?", f.After)
		}
		if f.NotBy != uuid.Nil {
			q = q.Where("i.actor_id IS DISTINCT FROM ?", f.NotBy)
		}
		if len(f.Scopes) > 0 {
			q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery { return inScopes(q, tenant, f) })
		}
		return q
	}
}

func inScopes(q *bun.SelectQuery, tenant uuid.UUID, f domain.Filter) *bun.SelectQuery {
	var within authz.AllowedScopes
	for _, scope := range f.Scopes {
		switch {
		case scope.Type == authz.ScopeTenant && !f.Exactly:
			within = authz.AllowedScopes{Everywhere: true}
		case scope.Type == authz.ScopeTenant:
			within.Tenant = true
		case scope.Type == authz.ScopeTeam:
			within.Teams = append(within.Teams, scope.ID)
		case f.Exactly:
			q = q.WhereOr("i.scope_type = 'COMMUNITY' AND i.scope_id = ?", scope.ID)
		default:
			within.Communities = append(within.Communities, scope.ID)
		}
	}
	return inside(q, tenant, within, "")
}

// visible is domain.Viewer.Sees in SQL, and hides what belongs to deleted communities and teams.
func visible(v domain.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery { return reaches(q, v.Actor, v.Feed) })
		for _, permission := range slices.Sorted(maps.Keys(v.Sources)) {
			q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				return reaches(q.WhereOr("i.type <> ALL (?)", pgdialect.Array(domain.TypesReadWith(permission))), v.Actor, v.Sources[permission])
			})
		}
		return q.Where(`(i.scope_type = 'TENANT' OR NOT EXISTS (SELECT FROM groups AS g
			WHERE g.tenant_id = i.tenant_id AND g.scope_type = i.scope_type AND g.scope_id = i.scope_id AND g.state = 'deleted'))`)
	}
}

// reaches adds the alternatives by which a reach shows an item.
func reaches(q *bun.SelectQuery, by authz.Actor, r domain.Reach) *bun.SelectQuery {
	q = inside(q, by.Tenant, r.Public, "i.visibility = 'public' AND ")
	if r.Public.InTenant() {
		q = q.WhereOr("i.visibility = 'community' AND i.scope_type = 'TENANT'")
	}
	q = inside(q, by.Tenant, r.Community, "i.visibility = 'community' AND i.scope_type <> 'TENANT' AND ")
	q = inside(q, by.Tenant, r.Team, "i.visibility = 'team' AND ")
	mine := fmt.Sprintf("i.visibility = 'private' AND '%s' IN (i.actor_id, i.target_id) AND ", by.User)
	return inside(q, by.Tenant, r.Public, mine)
}

// inside adds the alternatives that an item belongs to allowed scopes, each under a condition.
func inside(q *bun.SelectQuery, tenant uuid.UUID, a authz.AllowedScopes, under string) *bun.SelectQuery {
	if a.Everywhere {
		return q.WhereOr(under + "TRUE")
	}
	q = q.WhereOr("FALSE")
	if a.Tenant {
		q = q.WhereOr(under + "i.scope_type = 'TENANT'")
	}
	if len(a.Communities) > 0 {
		q = q.WhereOr(under+"i.scope_type = 'COMMUNITY' AND i.scope_id = ANY (?)", pgdialect.Array(a.Communities)).
			WhereOr(under+`i.scope_type = 'TEAM' AND i.scope_id IN (
				SELECT g.scope_id FROM groups AS g WHERE g.tenant_id = ? AND g.scope_type = 'TEAM' AND g.community_id = ANY (?))`, tenant, pgdialect.Array(a.Communities))
	}
	if len(a.Teams) > 0 {
		q = q.WhereOr(under+"i.scope_type = 'TEAM' AND i.scope_id = ANY (?)", pgdialect.Array(a.Teams))
	}
	return q
}
