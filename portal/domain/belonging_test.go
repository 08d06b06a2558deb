package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/domain"
)

var noon = time.Date(2026, time.March, 1, 12, 0, 0, 0, time.UTC)

// at builds a user's place in a community with a team: what he is in each, and how many owners each has.
func at(t *testing.T, community, team domain.Role, owners int, policies ...domain.JoinPolicy) domain.Belonging {
	t.Helper()
	by := domain.Actor{Tenant: uuid.New(), User: uuid.New()}
	policies = append(policies, domain.JoinInvite, domain.JoinInvite)
	c, err := domain.NewCommunity(by, domain.GroupDraft{Name: "Chess", JoinPolicy: policies[0]}, noon)
	require.NoError(t, err)
	tm, err := domain.NewTeam(by, c, domain.GroupDraft{Name: "Openings", JoinPolicy: policies[1]}, noon)
	require.NoError(t, err)
	user := uuid.New()
	seat := func(g domain.Group, role domain.Role) domain.Seat {
		d := g.Data()
		d.Owners, d.Members = owners, owners
		s := domain.Seat{Group: domain.RestoreGroup(d)}
		if role != domain.Nobody {
			s.Membership = domain.RestoreMembership(domain.MembershipData{
				Scope: g.Scope(), CommunityID: c.ID(), UserID: user, Role: role, Active: true, Version: 3, JoinedAt: noon, UpdatedAt: noon,
			})
		}
		return s
	}
	return domain.Belonging{User: user, Community: seat(c, community), Teams: []domain.Seat{seat(tm, team)}}
}

func scopes(b domain.Belonging) (community, team domain.Scope) {
	return b.Community.Group.Scope(), b.Teams[0].Group.Scope()
}

const (
	nobody    = domain.Nobody
	member    = domain.RoleMember
	moderator = domain.RoleModerator
	owner     = domain.RoleOwner
)

// move is a change as a test writes it.
type move struct {
	in       domain.ScopeType
	was, now domain.Role
}

func moves(found []domain.Move) (short []move) {
	for _, m := range found {
		short = append(short, move{m.Group.Scope().Type, m.Was, m.Membership.Role()})
	}
	return short
}

func TestEntering(t *testing.T) {
	const c, tm = domain.ScopeCommunity, domain.ScopeTeam
	for name, test := range map[string]struct {
		community, team domain.Role
		into            domain.ScopeType
		as              domain.Role
		admits          bool
		want            []move
		err             error
	}{
		"a community":                         {into: c, as: member, want: []move{{c, nobody, member}}},
		"a community one is in":               {community: owner, into: c, as: member},
		"a team from its community":           {community: member, into: tm, as: moderator, want: []move{{tm, nobody, moderator}}},
		"a team from outside":                 {into: tm, as: member, err: domain.ErrNotInCommunity},
		"a team from outside, being let in":   {into: tm, as: owner, admits: true, want: []move{{c, nobody, member}, {tm, nobody, owner}}},
		"a team one is in already":            {community: member, team: member, into: tm, as: owner},
		"a community as its second moderator": {into: c, as: moderator, want: []move{{c, nobody, moderator}}},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.community, test.team, 1)
			scope, team := scopes(b)
			if test.into == tm {
				scope = team
			}
			got, err := b.Enter(scope, test.as, test.admits, noon)
			require.ErrorIs(t, err, test.err)
			require.Equal(t, test.want, moves(got))
		})
	}
	b := at(t, nobody, nobody, 1)
	_, err := b.Enter(domain.TeamScope(uuid.New()), member, true, noon)
	require.ErrorIs(t, err, domain.ErrTeamNotFound)
}

func TestBecoming(t *testing.T) {
	for name, test := range map[string]struct {
		was, to, hand domain.Role
		owners        int
		err           error
		changes       bool
	}{
		"a moderator makes a moderator":        {was: member, to: moderator, hand: moderator, owners: 1, changes: true},
		"a moderator unmakes a moderator":      {was: moderator, to: member, hand: moderator, owners: 1, changes: true},
		"a moderator makes no owner":           {was: member, to: owner, hand: moderator, owners: 1, err: domain.ErrBeyondReach},
		"a moderator unmakes no owner":         {was: owner, to: member, hand: moderator, owners: 2, err: domain.ErrBeyondReach},
		"an owner makes an owner":              {was: member, to: owner, hand: owner, owners: 1, changes: true},
		"an owner unmakes an owner":            {was: owner, to: moderator, hand: owner, owners: 2, changes: true},
		"nobody unmakes the last owner":        {was: owner, to: moderator, hand: owner, owners: 1, err: domain.ErrLastOwner},
		"the last owner may stay one":          {was: owner, to: owner, hand: owner, owners: 1},
		"whoever is nobody becomes nothing":    {was: nobody, to: member, hand: owner, owners: 1, err: domain.ErrMemberNotFound},
		"whoever manages nothing changes none": {was: member, to: member, hand: nobody, owners: 1, err: domain.ErrBeyondReach},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.was, nobody, test.owners)
			scope, _ := scopes(b)
			got, err := b.Become(scope, test.to, test.hand, noon.Add(time.Hour))
			require.ErrorIs(t, err, test.err)
			if !test.changes {
				require.Empty(t, got)
				return
			}
			require.Equal(t, []move{{domain.ScopeCommunity, test.was, test.to}}, moves(got))
			d := got[0].Membership.Data()
			require.EqualValues(t, 4, d.Version)
			require.Equal(t, noon, d.JoinedAt)
			require.Equal(t, noon.Add(time.Hour), d.UpdatedAt)
		})
	}
}

func TestLeavingAndRemoving(t *testing.T) {
	const c, tm = domain.ScopeCommunity, domain.ScopeTeam
	for name, test := range map[string]struct {
		community, team, hand domain.Role
		from                  domain.ScopeType
		owners                int
		want                  []move
		err                   error
	}{
		"a community with its teams, the teams first": {community: member, team: moderator, hand: owner, from: c, owners: 1, want: []move{{tm, moderator, nobody}, {c, member, nobody}}},
		"a team and not its community":                {community: member, team: member, hand: moderator, from: tm, owners: 1, want: []move{{tm, member, nobody}}},
		"the last owner stays":                        {community: owner, hand: owner, from: c, owners: 1, err: domain.ErrLastOwner},
		"one of two owners goes":                      {community: owner, hand: owner, from: c, owners: 2, want: []move{{c, owner, nobody}}},
		"the last owner of a team stays in both":      {community: member, team: owner, hand: owner, from: c, owners: 1, err: domain.ErrLastOwner},
		"a moderator removes no owner":                {community: owner, hand: moderator, from: c, owners: 2, err: domain.ErrBeyondReach},
		"nor the owner of a team within":              {community: member, team: owner, hand: moderator, from: c, owners: 2, err: domain.ErrBeyondReach},
		"whoever is not in does not go":               {hand: owner, from: c, owners: 1, err: domain.ErrMemberNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.community, test.team, test.owners)
			scope, team := scopes(b)
			if test.from == tm {
				scope = team
			}
			got, err := b.Remove(scope, test.hand, noon)
			require.ErrorIs(t, err, test.err)
			require.Equal(t, test.want, moves(got))
			if test.hand == owner {
				left, err := b.Leave(scope, noon)
				require.ErrorIs(t, err, test.err)
				require.Equal(t, test.want, moves(left))
			}
		})
	}
}

// A membership that ended keeps its last role, and its version goes on when he comes back.
func TestComingBack(t *testing.T) {
	b := at(t, moderator, nobody, 1)
	scope, _ := scopes(b)
	left, err := b.Leave(scope, noon.Add(time.Hour))
	require.NoError(t, err)
	gone := left[0].Membership
	require.Equal(t, nobody, gone.Role())
	require.Equal(t, moderator, gone.Data().Role)
	require.IsType(t, domain.MembershipRemoved{}, left[0].Event(b.User))
	b.Community.Membership = gone
	back, err := b.Enter(scope, member, true, noon.Add(2*time.Hour))
	require.NoError(t, err)
	require.EqualValues(t, 5, back[0].Membership.Data().Version)
	require.Equal(t, noon.Add(2*time.Hour), back[0].Membership.Data().JoinedAt)
	require.IsType(t, domain.MembershipAdded{}, back[0].Event(b.User))
}

func TestJoiningAndAsking(t *testing.T) {
	open, asking, shut := domain.JoinOpen, domain.JoinRequest, domain.JoinInvite
	for name, test := range map[string]struct {
		community       domain.Role
		policies        []domain.JoinPolicy
		team            bool
		joining, asking error
	}{
		"an open community":                        {policies: []domain.JoinPolicy{open}, asking: domain.ErrAskClosed},
		"one that takes requests":                  {policies: []domain.JoinPolicy{asking}, joining: domain.ErrJoinClosed},
		"one that invites":                         {policies: []domain.JoinPolicy{shut}, joining: domain.ErrJoinClosed, asking: domain.ErrAskClosed},
		"an open team from outside":                {policies: []domain.JoinPolicy{shut, open}, team: true, joining: domain.ErrNotInCommunity, asking: domain.ErrAskClosed},
		"an open team of an open community":        {policies: []domain.JoinPolicy{open, open}, team: true, asking: domain.ErrAskClosed},
		"an open team from inside":                 {community: member, policies: []domain.JoinPolicy{shut, open}, team: true, asking: domain.ErrAskClosed},
		"a team that takes requests, from outside": {policies: []domain.JoinPolicy{shut, asking}, team: true, joining: domain.ErrJoinClosed, asking: domain.ErrNotInCommunity},
		"a team that takes requests, from inside":  {community: member, policies: []domain.JoinPolicy{shut, asking}, team: true, joining: domain.ErrJoinClosed},
		"a team that takes requests, anybody's":    {policies: []domain.JoinPolicy{open, asking}, team: true, joining: domain.ErrJoinClosed},
	} {
		t.Run(name, func(t *testing.T) {
			b := at(t, test.community, nobody, 1, test.policies...)
			scope, team := scopes(b)
			if test.team {
				scope = team
			}
			_, err := b.Join(scope, noon)
			require.ErrorIs(t, err, test.joining)
			request, err := b.Ask(scope, "please", noon)
			require.ErrorIs(t, err, test.asking)
			if err == nil {
				require.Equal(t, domain.RequestPending, request.Data().Status)
			}
		})
	}
	b := at(t, member, nobody, 1, asking)
	scope, _ := scopes(b)
	_, err := b.Ask(scope, "", noon)
	require.ErrorIs(t, err, domain.ErrAlreadyMember)
}

func TestNothingIsDoneWithWhatIsArchived(t *testing.T) {
	b := at(t, nobody, nobody, 1, domain.JoinOpen, domain.JoinOpen)
	d := b.Community.Group.Data()
	d.Status = domain.StatusArchived
	b.Community.Group = domain.RestoreGroup(d)
	place := domain.Place{Community: b.Community.Group, Group: b.Teams[0].Group}
	scope, team := scopes(b)
	for _, s := range []domain.Scope{scope, team} {
		_, err := b.Enter(s, member, true, noon)
		require.ErrorIs(t, err, domain.ErrArchived)
		_, err = b.Join(s, noon)
		require.ErrorIs(t, err, domain.ErrArchived)
	}
	_, _, err := domain.NewLink(place, domain.LinkDraft{}, true, domain.Actor{}, noon)
	require.ErrorIs(t, err, domain.ErrArchived)
	_, err = domain.NewTeam(domain.Actor{}, b.Community.Group, domain.GroupDraft{Name: "x"}, noon)
	require.ErrorIs(t, err, domain.ErrArchived)
	_, _, err = place.Edit(domain.GroupEdit{}, noon)
	require.ErrorIs(t, err, domain.ErrArchived)
	b = at(t, member, member, 1)
	d = b.Community.Group.Data()
	d.Status = domain.StatusArchived
	b.Community.Group = domain.RestoreGroup(d)
	_, err = b.Leave(b.Community.Group.Scope(), noon)
	require.NoError(t, err, "one can always leave")
}
