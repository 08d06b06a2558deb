package pg

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// matching limits a query to the items of a filter.
func matching(tenant uuid.UUID, f domain.Filter) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.Where("NOT i.retracted")
		if len(f.Types) == 1 { // in the order of items_type
			q = q.Where("i.type = ?", f.Types[0])
		} else {
			q = q.Where("i.type = ANY (?)", pgdialect.Array(f.Types))
		}
		if !f.From.IsZero() {
			q = q.Where("i.occurred_at >= ?", f.From)
		}
		if !f.To.IsZero() {
			q = q.Where("i.occurred_at <= ?", f.To)
		}
		if !f.After.IsZero() {
			q = q.Where("i.occurred_at > ?", f.After)
		}
		if f.Grouped {
			q = q.Where("i.id <= ?", f.Until)
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
	return inside(q, "i", tenant, within, "")
}

// visible is domain.Viewer.Sees in SQL, of an item and of the one that it is about, and hides what belongs to deleted communities and
// teams. An item whose parent has not arrived is judged by itself.
func visible(v domain.Viewer) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Apply(judged(v, "i")).WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("p.id IS NULL").WhereGroup(" OR ", func(q *bun.SelectQuery) *bun.SelectQuery {
				return q.Where("NOT p.retracted").Apply(judged(v, "p"))
			})
		})
	}
}

func judged(v domain.Viewer, alias string) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery { return reaches(q, alias, v.Actor, v.Feed) })
		for _, permission := range slices.Sorted(maps.Keys(v.Sources)) {
			q = q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
				q = q.WhereOr(of(alias, "@type <> ALL (?)"), pgdialect.Array(domain.TypesReadWith(permission)))
				return reaches(q, alias, v.Actor, v.Sources[permission])
			})
		}
		return q.Where(of(alias, `(@scope_type = 'TENANT' OR NOT EXISTS (SELECT FROM groups AS g
			WHERE g.tenant_id = @tenant_id AND g.scope_type = @scope_type AND g.scope_id = @scope_id AND g.state = 'deleted'))`))
	}
}

// of makes a condition about the row of an alias.
func of(alias, condition string) string { return strings.ReplaceAll(condition, "@", alias+".") }

// reaches adds the alternatives by which a reach shows an item.
func reaches(q *bun.SelectQuery, alias string, by authz.Actor, r domain.Reach) *bun.SelectQuery {
	q = inside(q, alias, by.Tenant, r.Public, "@visibility = 'public' AND ")
	if r.Public.InTenant() {
		q = q.WhereOr(of(alias, "@visibility = 'community' AND @scope_type = 'TENANT'"))
	}
	q = inside(q, alias, by.Tenant, r.Community, "@visibility = 'community' AND @scope_type <> 'TENANT' AND ")
	q = inside(q, alias, by.Tenant, r.Team, "@visibility = 'team' AND ")
	mine := fmt.Sprintf("@visibility = 'private' AND '%s' IN (@actor_id, @target_id) AND ", by.User)
	return inside(q, alias, by.Tenant, r.Public, mine)
}

// inside adds the alternatives that an item belongs to allowed scopes, each under a condition.
func inside(q *bun.SelectQuery, alias string, tenant uuid.UUID, a authz.AllowedScopes, under string) *bun.SelectQuery {
	if a.Everywhere {
		return q.WhereOr(of(alias, under+"TRUE"))
	}
	q = q.WhereOr("FALSE")
	if a.Tenant {
		q = q.WhereOr(of(alias, under+"@scope_type = 'TENANT'"))
	}
	if len(a.Communities) > 0 {
		q = q.WhereOr(of(alias, under+"@scope_type = 'COMMUNITY' AND @scope_id = ANY (?)"), pgdialect.Array(a.Communities)).
			WhereOr(of(alias, under+`@scope_type = 'TEAM' AND @scope_id IN (
				SELECT g.scope_id FROM groups AS g WHERE g.tenant_id = ? AND g.scope_type = 'TEAM' AND g.community_id = ANY (?))`), tenant, pgdialect.Array(a.Communities))
	}
	if len(a.Teams) > 0 {
		q = q.WhereOr(of(alias, under+"@scope_type = 'TEAM' AND @scope_id = ANY (?)"), pgdialect.Array(a.Teams))
	}
	return q
}
