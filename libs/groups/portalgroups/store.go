// Package portalgroups keeps a service's copy of portal's communities and teams: the table, and the consumer that fills it.
//
// A service creates the table in a migration by
//
//	SELECT updspace_create_groups();
//
// and consumes with servicefx.Consumer("<service>-groups", portalgroups.Types, ...) and Handler.
package portalgroups

import (
	"context"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Store is groups.Store in the table groups.
type Store struct {
	db *pg.DB
}

var _ groups.Store = (*Store)(nil)

// NewStore stores groups in db.
func NewStore(db *pg.DB) *Store { return &Store{db: db} }

// FindShared returns a group with a shared lock, so that a resource is created before or after the group is closed, and
// never while it is.
func (s *Store) FindShared(ctx context.Context, scope authz.Scope) (groups.Group, error) {
	return pg.One(ctx, s.db, groups.ErrUnknown, (*row).toGroup, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.scope_type = ?", scope.Type).Where("g.scope_id = ?", scope.ID).For("SHARE")
	})
}

// Put stores a group, and the teams of a deleted community as deleted.
func (s *Store) Put(ctx context.Context, group groups.Group) error {
	_, err := s.db.Conn(ctx).NewInsert().Model(&row{
		ScopeType: string(group.Scope.Type), ScopeID: group.Scope.ID, CommunityID: group.Community, State: string(group.State),
	}).On("CONFLICT (tenant_id, scope_type, scope_id) DO UPDATE").Set("state = EXCLUDED.state").
		Where("g.state <> ?", groups.Deleted).Exec(ctx)
	if err != nil || group.State != groups.Deleted || group.Scope.Type != authz.ScopeCommunity {
		return pg.Error(err)
	}
	_, err = s.db.Conn(ctx).NewUpdate().Model((*row)(nil)).Set("state = ?", groups.Deleted).
		Where("community_id = ?", group.Scope.ID).Exec(ctx)
	return pg.Error(err)
}

// Within limits a query to resources, by their columns scope_type and scope_id, of a team, or of a community and its teams.
func Within(ctx context.Context, group authz.Scope) func(*bun.SelectQuery) *bun.SelectQuery {
	return func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.WhereGroup(" AND ", func(q *bun.SelectQuery) *bun.SelectQuery {
			return q.Where("?TableAlias.scope_type = ? AND ?TableAlias.scope_id = ?", group.Type, group.ID).
				WhereOr(`? = 'COMMUNITY' AND ?TableAlias.scope_type = 'TEAM' AND ?TableAlias.scope_id IN (
					SELECT g.scope_id FROM groups AS g WHERE g.tenant_id = ? AND g.community_id = ?)`, group.Type, reqctx.From(ctx).TenantID, group.ID)
		})
	}
}

type row struct {
	bun.BaseModel `bun:"table:groups,alias:g"`
	pg.Tenanted

	ScopeType   string    `bun:"scope_type,pk"`
	ScopeID     uuid.UUID `bun:"scope_id,pk,type:uuid"`
	CommunityID uuid.UUID `bun:"community_id,type:uuid"`
	State       string    `bun:"state"`
}

func (r *row) toGroup() groups.Group {
	return groups.Group{
		Scope:     authz.Scope{Type: authz.ScopeType(r.ScopeType), ID: r.ScopeID},
		Community: r.CommunityID, State: groups.State(r.State),
	}
}
