package app

import (
	"context"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
	"go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/groups/ports"
)

// Groups are the use cases of communities and teams themselves.
type Groups struct{ Deps }

// GroupView is a group as shown to a user.
type GroupView struct {
	Group domain.Group
	Card  domain.Card
}

// maxQuery is the length of a search text.
const maxQuery = 100

// MaxGroups is the length of a page of groups, which the former API returned in one piece.
const MaxGroups = 200

// ListGroups selects the groups of a list.
type ListGroups struct {
	Query  string
	Status domain.Status // empty means all
	page.Request
}

// Validate checks the input.
func (in ListGroups) Validate() error {
	fields := errs.Fields{}
	fields.Check(in.Status == "" || in.Status.Valid(), "status", why.NotAllowed("must be active or archived"))
	fields.Check(utf8.RuneCountInString(in.Query) <= maxQuery, "q", why.TooLong(maxQuery))
	return fields.Err()
}

// Communities returns the communities of the tenant, ordered by name.
func (s Groups) Communities(ctx context.Context, by authz.Actor, in ListGroups) (page.Page[GroupView], error) {
	tenant := authz.TenantScope(by.Tenant)
	viewer, err := s.viewer(ctx, by, tenant, authz.Check{Permission: domain.PermissionCommunitiesList, Scope: tenant})
	if err != nil {
		return page.Page[GroupView]{}, err
	}
	return s.list(ctx, viewer, ports.GroupSearch{Kind: authz.ScopeCommunity}, in)
}

// Teams returns the teams of a community, ordered by name.
func (s Groups) Teams(ctx context.Context, by authz.Actor, community uuid.UUID, in ListGroups) (page.Page[GroupView], error) {
	scope := authz.CommunityScope(community)
	viewer, err := s.viewer(ctx, by, scope, authz.Check{Permission: domain.PermissionTeamsList, Scope: scope})
	if err != nil {
		return page.Page[GroupView]{}, err
	}
	return s.list(ctx, viewer, ports.GroupSearch{Kind: authz.ScopeTeam, Community: community}, in)
}

// Mine returns the groups that the caller is in, ordered by name. An empty kind means communities and teams.
func (s Groups) Mine(ctx context.Context, by authz.Actor, kind authz.ScopeType, in ListGroups) (page.Page[GroupView], error) {
	viewer, err := s.viewer(ctx, by, authz.TenantScope(by.Tenant))
	if err != nil {
		return page.Page[GroupView]{}, err
	}
	return s.list(ctx, viewer, ports.GroupSearch{Kind: kind, Member: by.User}, in)
}

// viewer refuses a caller who lacks a required permission, and finds out whether the caller may see the members in a scope, in
// one question.
func (s Groups) viewer(ctx context.Context, by authz.Actor, scope authz.Scope, required ...authz.Check) (ports.CardViewer, error) {
	members := domain.PermissionReadMembers
	checks := append(slices.Clone(required), authz.Check{Permission: members.Community, Scope: scope}, authz.Check{Permission: members.Team, Scope: scope})
	answers, err := s.Access.CheckAll(ctx, checks)
	if err != nil {
		return ports.CardViewer{}, err
	}
	n := len(required)
	if i := slices.Index(answers[:n], false); i >= 0 {
		return ports.CardViewer{}, authz.Denied(required[i].Permission)
	}
	return ports.CardViewer{User: by.User, At: s.Clock.Now(), Faces: answers[n], TeamFaces: answers[n+1]}, nil
}

func (s Groups) list(ctx context.Context, viewer ports.CardViewer, search ports.GroupSearch, in ListGroups) (page.Page[GroupView], error) {
	if err := in.Validate(); err != nil {
		return page.Page[GroupView]{}, err
	}
	search.Status, search.Query = in.Status, in.Query
	var after ports.GroupKey
	if _, err := page.Decode("groups", in.Cursor, &after.Name, &after.ID); err != nil {
		return page.Page[GroupView]{}, err
	}
	return page.FetchMax(in.Limit, MaxGroups, func(limit int) ([]GroupView, error) {
		found, err := s.Groups.List(ctx, search, after, limit)
		if err != nil {
			return nil, err
		}
		return s.views(ctx, viewer, found...)
	}, func(last GroupView) string {
		key := ports.GroupKeyOf(last.Group)
		return page.Encode("groups", key.Name, key.ID)
	})
}

// Get returns a group.
func (s Groups) Get(ctx context.Context, by authz.Actor, id uuid.UUID) (GroupView, error) {
	found, err := s.find(ctx, by, id, domain.PermissionRead)
	if err != nil {
		return GroupView{}, err
	}
	return s.view(ctx, by, found.Group, domain.PermissionRead.In(found.Group.Scope()))
}

func (s Groups) view(ctx context.Context, by authz.Actor, group domain.Group, required ...authz.Check) (GroupView, error) {
	viewer, err := s.viewer(ctx, by, group.Scope(), required...)
	if err != nil {
		return GroupView{}, err
	}
	views, err := s.views(ctx, viewer, group)
	if err != nil {
		return GroupView{}, err
	}
	return views[0], nil
}

func (s Groups) load(ctx context.Context, by authz.Actor, id uuid.UUID) (GroupView, error) {
	found, err := s.Groups.Find(ctx, id)
	if err != nil {
		return GroupView{}, err
	}
	return s.view(ctx, by, found.Group)
}

func (s Groups) views(ctx context.Context, viewer ports.CardViewer, groups ...domain.Group) ([]GroupView, error) {
	ids := make([]uuid.UUID, len(groups))
	for i, g := range groups {
		ids[i] = g.ID()
	}
	cards, err := s.Cards.Cards(ctx, viewer, ids...)
	if err != nil {
		return nil, err
	}
	views := make([]GroupView, len(groups))
	for i, g := range groups {
		views[i] = GroupView{Group: g, Card: cards[g.ID()]}
	}
	return views, nil
}

// CreateCommunity creates a community with the caller as its owner.
func (s Groups) CreateCommunity(ctx context.Context, by authz.Actor, in domain.GroupDraft) (GroupView, error) {
	if err := s.requireInTenant(ctx, by, domain.PermissionCommunitiesCreate); err != nil {
		return GroupView{}, err
	}
	id, err := s.Once.Once(ctx, "createCommunity", in, func(ctx context.Context) (uuid.UUID, error) {
		group, err := domain.NewCommunity(by, in, s.Clock.Now())
		if err != nil {
			return uuid.Nil, err
		}
		return group.ID(), s.add(ctx, by, group, domain.UserMemberships{User: by.User})
	})
	if err != nil {
		return GroupView{}, err
	}
	return s.load(ctx, by, id)
}

// CreateTeam creates a team with the caller as its owner, who becomes a member of the community.
func (s Groups) CreateTeam(ctx context.Context, by authz.Actor, community uuid.UUID, in domain.GroupDraft) (GroupView, error) {
	if err := s.requireInCommunity(ctx, community, domain.PermissionTeamsCreate); err != nil {
		return GroupView{}, err
	}
	add := func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (uuid.UUID, error) {
		if g.Group.Scope().Type != authz.ScopeCommunity {
			return uuid.Nil, domain.ErrGroupNotFound
		}
		group, err := domain.NewTeam(by, g.Community, in, now)
		if err != nil {
			return uuid.Nil, err
		}
		maker, err := s.Members.OfUser(ctx, g, by.User)
		if err != nil {
			return uuid.Nil, err
		}
		return group.ID(), s.add(ctx, by, group, maker)
	}
	id, err := s.create(ctx, "createTeam", community, in, add)
	if err != nil {
		return GroupView{}, err
	}
	return s.load(ctx, by, id)
}

// add stores a new group with its first owner.
func (s Groups) add(ctx context.Context, by authz.Actor, group domain.Group, maker domain.UserMemberships) error {
	if err := s.Groups.Add(ctx, group); err != nil {
		return err
	}
	if err := s.publishGroupEvent(ctx, by, group, domain.Created, nil); err != nil {
		return err
	}
	return s.apply(ctx, by, maker.InitialMembers(group, s.Clock.Now()))
}

// Update changes a group.
func (s Groups) Update(ctx context.Context, by authz.Actor, id uuid.UUID, edit domain.GroupEdit) (GroupView, error) {
	return s.manage(ctx, by, id, func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (changes, error) {
		group, changed, err := g.Edit(edit, now)
		if err != nil || !changed {
			return nil, err
		}
		if err := s.Groups.Update(ctx, group); err != nil {
			return nil, err
		}
		return nil, s.publishGroupEvent(ctx, by, group, domain.Updated, map[string]any{"fields": editedFields(edit)})
	})
}

func editedFields(e domain.GroupEdit) (names []string) {
	for name, set := range map[string]bool{"name": e.Name != nil, "description": e.Description != nil, "join_policy": e.JoinPolicy != nil, "hue": e.Hue != nil} {
		if set {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// SetStatus archives or restores a group. A caller who restores a group without members becomes its owner.
func (s Groups) SetStatus(ctx context.Context, by authz.Actor, id uuid.UUID, to domain.Status) (GroupView, error) {
	return s.manage(ctx, by, id, func(ctx context.Context, g domain.GroupInCommunity, now time.Time) (changes, error) {
		group, err := s.setStatus(ctx, by, g, to, now)
		if err != nil || to == domain.StatusArchived || group.Data().Owners > 0 {
			return nil, err
		}
		m, err := s.Members.OfUser(ctx, domain.GroupInCommunity{Community: g.Community, Group: group}, by.User)
		if err != nil {
			return nil, err
		}
		return m.Add(group.Scope(), domain.RoleOwner, true, now)
	})
}

// setStatus stores the status of a group and publishes it, for the active teams of a community as well: they are in use
// while their community is.
func (d Deps) setStatus(
	ctx context.Context, by authz.Actor, g domain.GroupInCommunity, to domain.Status, now time.Time,
) (domain.Group, error) {
	group, changed, err := g.SetStatus(to, now)
	if err != nil || !changed {
		return group, err
	}
	if err := d.Groups.Update(ctx, group); err != nil {
		return group, err
	}
	happened := domain.Restored
	if to == domain.StatusArchived {
		happened = domain.Archived
	}
	if err := d.publishGroupEvent(ctx, by, group, happened, nil); err != nil {
		return group, err
	}
	return group, d.publishTeams(ctx, by, group, domain.StatusActive, happened)
}

// publishTeams publishes for the teams of a community what happened to the community.
func (d Deps) publishTeams(ctx context.Context, by authz.Actor, group domain.Group, status domain.Status, happened domain.Happened) error {
	if group.Scope().Type != authz.ScopeCommunity {
		return nil
	}
	var after ports.GroupKey
	for {
		teams, err := d.Groups.List(ctx, ports.GroupSearch{Kind: authz.ScopeTeam, Community: group.ID(), Status: status}, after, MaxGroups)
		if err != nil {
			return err
		}
		published := make([]domain.Event, len(teams))
		for i, team := range teams {
			published[i] = domain.GroupEvent{Happened: happened, Group: team, By: by.User}
			after = ports.GroupKeyOf(team)
		}
		if err := d.Events.Publish(ctx, published...); err != nil || len(teams) < MaxGroups {
			return err
		}
	}
}

func (s Groups) manage(ctx context.Context, by authz.Actor, id uuid.UUID, decide decide) (GroupView, error) {
	if err := s.require(ctx, by, id, domain.PermissionManage); err != nil {
		return GroupView{}, err
	}
	if err := s.change(ctx, by, id, decide); err != nil {
		return GroupView{}, err
	}
	return s.load(ctx, by, id)
}

// Delete deletes a group with everything in it.
func (s Groups) Delete(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	if err := s.require(ctx, by, id, domain.PermissionAdminister); err != nil {
		return err
	}
	return s.change(ctx, by, id, func(ctx context.Context, g domain.GroupInCommunity, _ time.Time) (changes, error) {
		if err := s.publishTeams(ctx, by, g.Group, "", domain.Deleted); err != nil {
			return nil, err
		}
		if err := s.Groups.Delete(ctx, id); err != nil {
			return nil, err
		}
		return nil, s.publishGroupEvent(ctx, by, g.Group, domain.Deleted, map[string]any{"members": g.Group.Data().Members})
	})
}
