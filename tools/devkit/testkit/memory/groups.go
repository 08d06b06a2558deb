package memory

import (
	"context"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
)

// Groups is groups.Store in memory.
type Groups struct {
	db    *DB
	known *Table[authz.Scope, groups.Group]
}

// NewGroups adds a store of groups to a DB.
func NewGroups(db *DB) *Groups {
	return &Groups{db: db, known: NewTable[authz.Scope, groups.Group](db)}
}

// FindShared is groups.Store.FindShared.
func (g *Groups) FindShared(ctx context.Context, scope authz.Scope) (groups.Group, error) {
	group, ok := g.known.Get(ctx, scope)
	if !ok {
		return groups.Group{}, groups.ErrUnknown
	}
	return group, nil
}

// Put is groups.Store.Put.
func (g *Groups) Put(ctx context.Context, group groups.Group) error {
	return g.db.Do(ctx, func(ctx context.Context) error {
		if known, _ := g.known.Get(ctx, group.Scope); known.State != groups.Deleted {
			g.known.Put(ctx, group.Scope, group)
		}
		if group.State != groups.Deleted {
			return nil
		}
		for _, team := range g.known.All(ctx, func(team groups.Group) bool { return authz.CommunityScope(team.Community) == group.Scope }) {
			team.State = groups.Deleted
			g.known.Put(ctx, team.Scope, team)
		}
		return nil
	})
}

// Within is the condition of portalgroups.Within.
func (g *Groups) Within(ctx context.Context, group, scope authz.Scope) bool {
	known, _ := g.known.Get(ctx, scope)
	return scope == group || scope.Type == authz.ScopeTeam && authz.CommunityScope(known.Community) == group
}
