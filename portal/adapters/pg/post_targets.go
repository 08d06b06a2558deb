package pg

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	contentdomain "go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// PostTargets is contentports.PostTargets, over the groups.
type PostTargets struct {
	db *pg.DB
}

// NewPostTargets reads from db.
func NewPostTargets(db *pg.DB) *PostTargets { return &PostTargets{db: db} }

// Open finds the scope of an active group. A team is active as long as its community is. The share lock of the community
// keeps it, its teams and the members of both as they are until the post is written: see Groups.Lock. The team's own row is
// not locked, because a change of it holds the community's lock already, and would wait for the post that waits for the
// change.
func (r *PostTargets) Open(ctx context.Context, scope authz.Scope) (contentdomain.PostScope, error) {
	missing := domain.ErrCommunityNotFound
	if scope.Type == authz.ScopeTeam {
		missing = domain.ErrTeamNotFound
	}
	community, err := r.find(ctx, missing, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Join("JOIN groups AS asked ON asked.tenant_id = g.tenant_id AND asked.community_id = g.id").
			Where("asked.id = ?", scope.ID).Where("asked.kind = ?", scope.Type).For("SHARE OF g")
	})
	if err != nil {
		return contentdomain.PostScope{}, err
	}
	group, at := community, contentdomain.PostScope{CommunityID: community.ID}
	if scope.Type == authz.ScopeTeam { // as it is now that its community is locked
		at.TeamID = scope.ID
		group, err = r.find(ctx, missing, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("g.id = ?", scope.ID) })
		if err != nil {
			return contentdomain.PostScope{}, err
		}
	}
	if group.Status != groupsdomain.StatusActive || community.Status != groupsdomain.StatusActive {
		return contentdomain.PostScope{}, domain.ErrArchived
	}
	return at, nil
}

// CommunityOf finds the community of a team.
func (r *PostTargets) CommunityOf(ctx context.Context, team uuid.UUID) (uuid.UUID, error) {
	found, err := r.find(ctx, domain.ErrTeamNotFound, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("g.id = ?", team).Where("g.kind = ?", authz.ScopeTeam)
	})
	if errors.Is(err, domain.ErrTeamNotFound) {
		return uuid.Nil, nil
	}
	return found.CommunityID, err
}

func (r *PostTargets) find(ctx context.Context, missing *errs.Error, query func(*bun.SelectQuery) *bun.SelectQuery) (groupRow, error) {
	return pg.One(ctx, r.db, missing, func(row *groupRow) groupRow { return *row }, query)
}
