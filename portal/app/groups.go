package app

import (
	"context"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Groups are the use cases around communities and teams themselves.
type Groups struct {
	*Desk
}

// NewGroups works at a desk.
func NewGroups(desk *Desk) *Groups { return &Groups{desk} }

// GroupView is a group as it is shown to somebody.
type GroupView struct {
	Group domain.Group
	Role  domain.Role // what the viewer is in it
}

// ListGroups says which groups to list.
type ListGroups struct {
	Words  string
	Status domain.Status // empty: all
	Paging
}

// Validate checks what can be told without looking anything up.
func (in ListGroups) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Status == "" || in.Status.Valid(), "status", "must be active or archived")
	fields.Check(utf8.RuneCountInString(in.Words) <= maxWords, "q", "must be at most 100 characters long")
	return fields.Err()
}

// Communities returns the communities of the tenant that match, by name.
func (s *Groups) Communities(ctx context.Context, by domain.Actor, in ListGroups) (Page[GroupView], error) {
	if err := s.gate.require(ctx, domain.PermissionCommunitiesList, domain.TenantScope(by.Tenant)); err != nil {
		return Page[GroupView]{}, err
	}
	return s.list(ctx, by, ports.GroupSearch{Kind: domain.ScopeCommunity}, in)
}

// Teams returns the teams of a community that match, by name.
func (s *Groups) Teams(ctx context.Context, by domain.Actor, community uuid.UUID, in ListGroups) (Page[GroupView], error) {
	if err := s.gate.require(ctx, domain.PermissionTeamsList, domain.CommunityScope(community)); err != nil {
		return Page[GroupView]{}, err
	}
	return s.list(ctx, by, ports.GroupSearch{Kind: domain.ScopeTeam, Within: community}, in)
}

// Mine returns the communities or teams that the caller is in, by name.
func (s *Groups) Mine(ctx context.Context, by domain.Actor, kind domain.ScopeType, in ListGroups) (Page[GroupView], error) {
	return s.list(ctx, by, ports.GroupSearch{Kind: kind, Member: by.User}, in)
}

func (s *Groups) list(ctx context.Context, by domain.Actor, search ports.GroupSearch, in ListGroups) (Page[GroupView], error) {
	if err := in.Validate(); err != nil {
		return Page[GroupView]{}, err
	}
	search.Status, search.Words = in.Status, in.Words
	after, err := groupKey(in.Cursor)
	if err != nil {
		return Page[GroupView]{}, err
	}
	last := func(v GroupView) string { return groupCursor(ports.KeyOf(v.Group)) }
	return page(in.Paging, last, func(limit int) ([]GroupView, error) {
		found, err := s.groups.List(ctx, search, after, limit)
		if err != nil {
			return nil, err
		}
		return s.views(ctx, by, found...)
	})
}

// Get returns one group.
func (s *Groups) Get(ctx context.Context, by domain.Actor, scope domain.Scope) (GroupView, error) {
	if err := s.gate.require(ctx, scope.Type.ToRead(), scope); err != nil {
		return GroupView{}, err
	}
	return s.view(ctx, by, scope)
}

func (s *Groups) view(ctx context.Context, by domain.Actor, scope domain.Scope) (GroupView, error) {
	place, err := s.groups.Find(ctx, scope)
	if err != nil {
		return GroupView{}, err
	}
	views, err := s.views(ctx, by, place.Group)
	if err != nil {
		return GroupView{}, err
	}
	return views[0], nil
}

func (s *Groups) views(ctx context.Context, by domain.Actor, groups ...domain.Group) ([]GroupView, error) {
	ids := make([]uuid.UUID, len(groups))
	for i, g := range groups {
		ids[i] = g.ID()
	}
	roles, err := s.members.Roles(ctx, by.User, ids...)
	if err != nil {
		return nil, err
	}
	views := make([]GroupView, len(groups))
	for i, g := range groups {
		views[i] = GroupView{Group: g, Role: roles[g.ID()]}
	}
	return views, nil
}
