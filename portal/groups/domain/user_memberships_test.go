package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/groups/domain"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// at builds the memberships of a user in a community with a team. owners is the number of owners of each.
func at(t *testing.T, community, team domain.Role, owners int, policies ...domain.JoinPolicy) domain.UserMemberships {
	t.Helper()
	by := authz.Actor{Tenant: uuid.New(), User: uuid.New()}
	policies = append(policies, domain.PolicyInvite, domain.PolicyInvite)
	c, err := domain.NewCommunity(by, domain.GroupDraft{Name: "Chess", JoinPolicy: policies[0]}, noon)
	require.NoError(t, err)
	tm, err := domain.NewTeam(by, c, domain.GroupDraft{Name: "Openings", JoinPolicy: policies[1]}, noon)
	require.NoError(t, err)
	user := uuid.New()
	seat := func(g domain.Group, role domain.Role) domain.GroupMembership {
		d := g.Data()
		d.Owners, d.Members = owners, owners
		s := domain.GroupMembership{Group: domain.RestoreGroup(d)}
		if role != domain.RoleNone {
			s.Membership = domain.RestoreMembership(domain.MembershipData{
				Scope: g.Scope(), CommunityID: c.ID(), UserID: user, Role: role, Status: domain.MembershipActive, Version: 3, JoinedAt: noon, UpdatedAt: noon,
			})
		}
		return s
	}
	return domain.UserMemberships{User: user, Community: seat(c, community), Teams: []domain.GroupMembership{seat(tm, team)}}
}

func scopes(b domain.UserMemberships) (community, team authz.Scope) {
	return b.Community.Group.Scope(), b.Teams[0].Group.Scope()
}

const (
	none      = domain.RoleNone
	member    = domain.RoleMember
	moderator = domain.RoleModerator
	owner     = domain.RoleOwner
)

// change is a membership change as a test writes it.
type change struct {
	in       authz.ScopeType
	was, now domain.Role
}

func changes(found []domain.MembershipChange) (short []change) {
	for _, m := range found {
		short = append(short, change{m.Group.Scope().Type, m.Was, m.Membership.Role()})
	}
	return short
}

func TestAddingAMember(t *testing.T) {
	const c, tm = authz.ScopeCommunity, authz.ScopeTeam
	for name, test := range map[string]struct {
		community, team domain.Role
		into            authz.ScopeType
		as              domain.Role
		intoCommunity   bool
		want            []change
		err             error
	}{
		"a community":                                     {into: c, as: member, want: []change{{c, none, member}}},
		"a community that the user is in":                 {community: owner, into: c, as: member},
		"a team from its community":                       {community: member, into: tm, as: moderator, want: []change{{tm, none, moderator}}},
		"a team from outside":                             {into: tm, as: member, err: domain.ErrNotInCommunity},
		"a team from outside, into the community as well": {into: tm, as: owner, intoCommunity: true, want: []change{{c, none, member}, {tm, none, owner}}},
		"a team that the user is in":                      {community: member, team: member, into: tm, as: owner},
		"a community as its second moderator":             {into: c, as: moderator, want: []change{{c, none, moderator}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.community, test.team, 1)
			scope, team := scopes(b)
			if test.into == tm {
				scope = team
			}
			got, err := b.Add(scope, test.as, test.intoCommunity, noon)
			require.ErrorIs(t, err, test.err)
			require.Equal(t, test.want, changes(got))
		})
	}
	b := at(t, none, none, 1)
	_, err := b.Add(authz.TeamScope(uuid.New()), member, true, noon)
	require.ErrorIs(t, err, domain.ErrGroupNotFound)
}

// A group that was deleted meanwhile, or that is of another community, is not found, whatever is done there.
func TestAGroupThatIsNotThere(t *testing.T) {
	m, nowhere := at(t, member, member, 1, domain.PolicyOpen, domain.PolicyOpen), authz.TeamScope(uuid.New())
	for name, do := range map[string]func() error{
		"add":             func() error { _, err := m.Add(nowhere, member, true, noon); return err },
		"join":            func() error { _, err := m.Join(nowhere, noon); return err },
		"change the role": func() error { _, err := m.ChangeRole(nowhere, member, owner, noon); return err },
		"remove":          func() error { _, err := m.Remove(nowhere, owner, noon); return err },
		"leave":           func() error { _, err := m.Leave(nowhere, noon); return err },
		"ask to join":     func() error { _, err := m.Request(nowhere, "", noon); return err },
		"invite":          func() error { _, err := m.Invite(nowhere, member, owner, true, domain.Maker{}, noon); return err },
	} {
		require.ErrorIs(t, do(), domain.ErrGroupNotFound, name)
	}
	require.Equal(t, none, m.Role(nowhere))
}

func TestChangingARole(t *testing.T) {
	for name, test := range map[string]struct {
		was, to, acting domain.Role
		owners          int
		err             error
		changed         bool
	}{
		"a moderator makes a moderator":                {was: member, to: moderator, acting: moderator, owners: 1, changed: true},
		"a moderator unmakes a moderator":              {was: moderator, to: member, acting: moderator, owners: 1, changed: true},
		"a moderator makes no owner":                   {was: member, to: owner, acting: moderator, owners: 1, err: domain.ErrRoleTooHigh},
		"a moderator unmakes no owner":                 {was: owner, to: member, acting: moderator, owners: 2, err: domain.ErrRoleTooHigh},
		"an owner makes an owner":                      {was: member, to: owner, acting: owner, owners: 1, changed: true},
		"an owner unmakes an owner":                    {was: owner, to: moderator, acting: owner, owners: 2, changed: true},
		"the last owner is not demoted":                {was: owner, to: moderator, acting: owner, owners: 1, err: domain.ErrLastOwner},
		"the last owner may stay one":                  {was: owner, to: owner, acting: owner, owners: 1},
		"a user who is no member gets no role":         {was: none, to: member, acting: owner, owners: 1, err: domain.ErrMemberNotFound},
		"a caller who manages nothing changes no role": {was: member, to: member, acting: none, owners: 1, err: domain.ErrRoleTooHigh},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.was, none, test.owners)
			scope, _ := scopes(b)
			got, err := b.ChangeRole(scope, test.to, test.acting, noon.Add(time.Hour))
			require.ErrorIs(t, err, test.err)
			if !test.changed {
				require.Empty(t, got)
				return
			}
			require.Equal(t, []change{{authz.ScopeCommunity, test.was, test.to}}, changes(got))
			d := got[0].Membership.Data()
			require.EqualValues(t, 4, d.Version)
			require.Equal(t, noon, d.JoinedAt)
			require.Equal(t, noon.Add(time.Hour), d.UpdatedAt)
		})
	}
}

func TestLeavingAndRemoving(t *testing.T) {
	const c, tm = authz.ScopeCommunity, authz.ScopeTeam
	for name, test := range map[string]struct {
		community, team, acting domain.Role
		from                    authz.ScopeType
		owners                  int
		want                    []change
		err                     error
	}{
		"a community with its teams, the teams first": {community: member, team: moderator, acting: owner, from: c, owners: 1, want: []change{{tm, moderator, none}, {c, member, none}}},
		"a team and not its community":                {community: member, team: member, acting: moderator, from: tm, owners: 1, want: []change{{tm, member, none}}},
		"the last owner stays":                        {community: owner, acting: owner, from: c, owners: 1, err: domain.ErrLastOwner},
		"one of two owners goes":                      {community: owner, acting: owner, from: c, owners: 2, want: []change{{c, owner, none}}},
		"the last owner of a team stays in both":      {community: member, team: owner, acting: owner, from: c, owners: 1, err: domain.ErrLastOwner},
		"a moderator removes no owner":                {community: owner, acting: moderator, from: c, owners: 2, err: domain.ErrRoleTooHigh},
		"nor the owner of a team within":              {community: member, team: owner, acting: moderator, from: c, owners: 2, err: domain.ErrRoleTooHigh},
		"a user who is no member does not leave":      {acting: owner, from: c, owners: 1, err: domain.ErrMemberNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.community, test.team, test.owners)
			scope, team := scopes(b)
			if test.from == tm {
				scope = team
			}
			got, err := b.Remove(scope, test.acting, noon)
			require.ErrorIs(t, err, test.err)
			require.Equal(t, test.want, changes(got))
			if test.acting == owner {
				left, err := b.Leave(scope, noon)
				require.ErrorIs(t, err, test.err)
				require.Equal(t, test.want, changes(left))
			}
		})
	}
}

func TestAnEndedMembershipKeepsItsRoleAndItsVersion(t *testing.T) {
	b := at(t, moderator, none, 1)
	scope, _ := scopes(b)
	left, err := b.Leave(scope, noon.Add(time.Hour))
	require.NoError(t, err)
	gone := left[0].Membership
	require.Equal(t, none, gone.Role())
	require.Equal(t, moderator, gone.Data().Role)
	require.Equal(t, domain.Removed, left[0].Happened())
	b.Community.Membership = gone
	back, err := b.Add(scope, member, true, noon.Add(2*time.Hour))
	require.NoError(t, err)
	require.EqualValues(t, 5, back[0].Membership.Data().Version)
	require.Equal(t, noon.Add(2*time.Hour), back[0].Membership.Data().JoinedAt)
	require.Equal(t, domain.Added, back[0].Happened())
}

func TestJoinAndRequest(t *testing.T) {
	open, asking, shut := domain.PolicyOpen, domain.PolicyRequest, domain.PolicyInvite
	for name, test := range map[string]struct {
		community       domain.Role
		policies        []domain.JoinPolicy
		team            bool
		joining, asking error
	}{
		"an open community":                                {policies: []domain.JoinPolicy{open}, asking: domain.ErrRequestsClosed},
		"one that takes requests":                          {policies: []domain.JoinPolicy{asking}, joining: domain.ErrJoinClosed},
		"one that invites":                                 {policies: []domain.JoinPolicy{shut}, joining: domain.ErrJoinClosed, asking: domain.ErrRequestsClosed},
		"an open team from outside":                        {policies: []domain.JoinPolicy{shut, open}, team: true, joining: domain.ErrNotInCommunity, asking: domain.ErrRequestsClosed},
		"an open team of an open community":                {policies: []domain.JoinPolicy{open, open}, team: true, asking: domain.ErrRequestsClosed},
		"an open team from inside":                         {community: member, policies: []domain.JoinPolicy{shut, open}, team: true, asking: domain.ErrRequestsClosed},
		"a team that takes requests, from outside":         {policies: []domain.JoinPolicy{shut, asking}, team: true, joining: domain.ErrJoinClosed, asking: domain.ErrNotInCommunity},
		"a team that takes requests, from inside":          {community: member, policies: []domain.JoinPolicy{shut, asking}, team: true, joining: domain.ErrJoinClosed},
		"a team that takes requests, of an open community": {policies: []domain.JoinPolicy{open, asking}, team: true, joining: domain.ErrJoinClosed},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.community, none, 1, test.policies...)
			scope, team := scopes(b)
			if test.team {
				scope = team
			}
			_, err := b.Join(scope, noon)
			require.ErrorIs(t, err, test.joining)
			request, err := b.Request(scope, "please", noon)
			require.ErrorIs(t, err, test.asking)
			if err == nil {
				require.Equal(t, domain.RequestPending, request.Data().Status)
			}
		})
	}
	b := at(t, member, none, 1, asking)
	scope, _ := scopes(b)
	_, err := b.Request(scope, "", noon)
	require.ErrorIs(t, err, domain.ErrAlreadyMember)
}

func TestArchivedGroups(t *testing.T) {
	b := at(t, none, none, 1, domain.PolicyOpen, domain.PolicyOpen)
	d := b.Community.Group.Data()
	d.Status = domain.StatusArchived
	b.Community.Group = domain.RestoreGroup(d)
	place := domain.GroupInCommunity{Community: b.Community.Group, Group: b.Teams[0].Group}
	scope, team := scopes(b)
	for _, s := range []authz.Scope{scope, team} {
		_, err := b.Add(s, member, true, noon)
		require.ErrorIs(t, err, domain.ErrArchived)
		_, err = b.Join(s, noon)
		require.ErrorIs(t, err, domain.ErrArchived)
	}
	_, _, err := domain.NewInviteLink(place, domain.InviteLinkDraft{}, domain.Maker{}, noon)
	require.ErrorIs(t, err, domain.ErrArchived)
	_, err = domain.NewTeam(authz.Actor{}, b.Community.Group, domain.GroupDraft{Name: "x"}, noon)
	require.ErrorIs(t, err, domain.ErrArchived)
	_, _, err = place.Edit(domain.GroupEdit{}, noon)
	require.ErrorIs(t, err, domain.ErrArchived)
	b = at(t, member, member, 1)
	d = b.Community.Group.Data()
	d.Status = domain.StatusArchived
	b.Community.Group = domain.RestoreGroup(d)
	_, err = b.Leave(b.Community.Group.Scope(), noon)
	require.NoError(t, err, "leaving is always possible")
}
