package pg

import (
	"context"

	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/voting/domain"
)

// Groups is ports.Groups.
type Groups struct {
	db *pg.DB
}

// NewGroups stores groups in db.
func NewGroups(db *pg.DB) *Groups { return &Groups{db: db} }

// FindShared returns a group with a shared lock, so that a poll is created before or after the group is closed, and never
// while it is.
func (r *Groups) FindShared(ctx context.Context, scope authz.Scope) (domain.Group, error) {
	return pg.One(ctx, r.db, domain.ErrUnknownGroup, (*groupRow).toDomain, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.scope_type = ?", scope.Type).Where("g.scope_id = ?", scope.ID).For("SHARE")
	})
}

// Put stores a group, and the teams of a deleted community as deleted.
func (r *Groups) Put(ctx context.Context, group domain.Group) error {
	_, err := r.db.Conn(ctx).NewInsert().Model(&groupRow{
		ScopeType: string(group.Scope.Type), ScopeID: group.Scope.ID, CommunityID: group.Community, State: string(group.State),
	}).On("CONFLICT (tenant_id, scope_type, scope_id) DO UPDATE").Set("state = EXCLUDED.state").
		Where("g.state <> ?", domain.GroupDeleted).Exec(ctx)
	if err != nil || group.State != domain.GroupDeleted || group.Scope.Type != authz.ScopeCommunity {
		return pg.Error(err)
	}
	_, err = r.db.Conn(ctx).NewUpdate().Model((*groupRow)(nil)).Set("state = ?", domain.GroupDeleted).
		Where("community_id = ?", group.Scope.ID).Exec(ctx)
	return pg.Error(err)
}
