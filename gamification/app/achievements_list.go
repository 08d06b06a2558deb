package app

import (
	"context"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// ListAchievements is the input of Achievements.List.
type ListAchievements struct {
	Filter    ports.AchievementFilter // its Scope and CreatedBy are set from the fields below
	ScopeType authz.ScopeType
	ScopeID   string
	Mine      bool
	Page      page.Request
}

// List returns a page of the achievements that the caller sees. It makes one call to access, about the scopes of the
// achievements that match, and filters in the database.
func (s *Achievements) List(ctx context.Context, by authz.Actor, in ListAchievements) (page.Page[AchievementView], error) {
	none := page.Page[AchievementView]{}
	if in.Mine {
		in.Filter.CreatedBy = by.User
	}
	query := authz.ViewerQuery{
		Read: domain.PermissionRead, Also: domain.Checked, Scope: authz.TenantScope(by.Tenant), Named: in.ScopeID != "" || in.ScopeType != "",
	}
	var err error
	if query.Named {
		if query.Scope, err = domain.ScopeTypes.Parse(by.Tenant, in.ScopeType, in.ScopeID); err != nil {
			return none, err
		}
		in.Filter.Scope = query.Scope
	}
	if query.Audiences, err = s.Achievements.Audiences(ctx, in.Filter); err != nil {
		return none, err
	}
	viewer, err := authz.RequireViewer(ctx, s.Access, by, query)
	if err != nil {
		return none, err
	}
	var key ports.AchievementKey
	var after *ports.AchievementKey
	list := "achievements"
	if in.Filter.Rarest {
		list = "achievements by rarity"
	}
	found, err := page.Decode(list, in.Page.Cursor, &key.Holders, &key.CreatedAt, &key.ID)
	if err != nil {
		return none, err
	}
	if found {
		after = &key
	}
	achievements, err := page.Fetch(in.Page.Limit, func(limit int) ([]domain.Achievement, error) {
		return s.Achievements.Page(ctx, in.Filter, viewer, after, limit)
	}, func(last domain.Achievement) string {
		return page.Encode(list, last.Data().Holders, last.Data().CreatedAt, last.ID())
	})
	return page.Map(achievements, func(a domain.Achievement) AchievementView { return viewOf(a, by, domain.HeldBy(viewer, a)) }), err
}
