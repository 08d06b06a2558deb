package portstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	contentports "go.updspace.com/portal/content/ports"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports"
)

// Store is one implementation of the repositories, over one set of data.
type Store struct {
	Groups      groupsports.Groups
	Memberships groupsports.Memberships
	Requests    groupsports.JoinRequests
	Invites     groupsports.Invites
	Links       groupsports.InviteLinks
	Bans        groupsports.Bans
	Pending     groupsports.Pending
	Tenants     groupsports.Tenants
	Tx          ports.Tx
	Posts       contentports.Posts
	Targets     contentports.PostTargets
	Files       contentports.Files
	Profiles    contentports.Profiles
	Accounts    contentports.Accounts
	Traces      groupsports.Traces
	Cards       groupsports.Cards
	People      contentports.People
	// RemoveProfile is what an erasure does.
	RemoveProfile func(ctx context.Context, user uuid.UUID) error
	// Across makes a context for what works across tenants.
	Across func(ctx context.Context) context.Context
}

// Suite is what every implementation of the repositories promises.
func Suite(t *testing.T, open func(*testing.T) Store) {
	for _, part := range []map[string]func(*testing.T, Store){groupSuite(), contentSuite(), personSuite()} {
		for name, test := range part {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				test(t, open(t))
			})
		}
	}
}

func groupSuite() map[string]func(*testing.T, Store) {
	return map[string]func(*testing.T, Store){
		"a group is found as it was stored":               groupRoundTrip,
		"a group is changed":                              groupUpdate,
		"names are taken whatever their case":             groupNames,
		"deleting a community takes everything along":     groupDelete,
		"a list of groups has what matches, by name":      groupList,
		"what fails leaves nothing":                       rollback,
		"a membership is stored over the version before":  membershipStore,
		"a user's place in a community is found":          belonging,
		"members are counted":                             counts,
		"no group is without an owner":                    ownerless,
		"members of a team are in its community":          teamWithin,
		"a list of members has what matches, in order":    memberList,
		"questions about members are answered in order":   memberQuestions,
		"a card has what it shows a user":                 cards,
		"a text finds what a viewer sees":                 found,
		"a walk passes every membership once":             walk,
		"changes of one community come one after another": lock,
		"a request is found as it was stored":             requestRoundTrip,
		"an invitation is found as it was stored":         inviteRoundTrip,
		"a link is found as it was stored":                linkRoundTrip,
		"lists of requests, invitations and links":        joiningLists,
		"a ban is found as it was stored":                 banRoundTrip,
		"what groups hold about a user is erased":         groupTraces,
		"what becomes a membership is settled":            settling,
		"what is pending is closed":                       closing,
		"what another tenant has does not exist":          strangers,
	}
}

func same(t testing.TB, want, got any) {
	t.Helper()
	require.Empty(t, cmp.Diff(want, got), "- wanted, + got")
}

// do runs fn in a transaction that must succeed.
func (s Store) do(t testing.TB, ctx context.Context, fn func(ctx context.Context) error) {
	t.Helper()
	require.NoError(t, s.Tx.Do(ctx, fn))
}

// found stores a group with its founder as its owner, and returns it as it is found.
func (s Store) found(t testing.TB, ctx context.Context, by authz.Actor, g groupsdomain.Group) groupsdomain.Group {
	t.Helper()
	s.do(t, ctx, func(ctx context.Context) error {
		if err := s.Groups.Add(ctx, g); err != nil {
			return err
		}
		b := groupsdomain.UserMemberships{User: by.User}
		if g.Scope().Type == authz.ScopeTeam {
			place, err := s.Groups.Lock(ctx, g.Data().CommunityID)
			if err != nil {
				return err
			}
			if b, err = s.Memberships.OfUser(ctx, place, by.User); err != nil {
				return err
			}
		}
		return s.store(ctx, b.InitialMembers(g, Noon))
	})
	return s.group(t, ctx, g.Scope())
}

func (s Store) store(ctx context.Context, moves []groupsdomain.MembershipChange) error {
	for _, m := range moves {
		if err := s.Memberships.Store(ctx, m.Membership); err != nil {
			return err
		}
	}
	return nil
}

func (s Store) group(t testing.TB, ctx context.Context, scope authz.Scope) groupsdomain.Group {
	t.Helper()
	place, err := s.Groups.Find(ctx, scope.ID)
	require.NoError(t, err)
	return place.Group
}

// move changes what a user is at a place, by fn.
func (s Store) move(ctx context.Context, scope authz.Scope, user uuid.UUID, fn func(groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error)) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		place, err := s.Groups.Lock(ctx, scope.ID)
		if err != nil {
			return err
		}
		b, err := s.Memberships.OfUser(ctx, place, user)
		if err != nil {
			return err
		}
		moves, err := fn(b)
		if err != nil {
			return err
		}
		return s.store(ctx, moves)
	})
}

func (s Store) enter(t testing.TB, ctx context.Context, scope authz.Scope, user uuid.UUID, as groupsdomain.Role, at time.Time) {
	t.Helper()
	require.NoError(t, s.move(ctx, scope, user, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.Add(scope, as, true, at)
	}))
}

// chess is a community with a team, both owned by the actor.
func (s Store) chess(t testing.TB, ctx context.Context, by authz.Actor) (community, team groupsdomain.Group) {
	t.Helper()
	community = s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: "Chess"}))
	team = s.found(t, ctx, by, NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "Openings"}))
	return community, team
}

func groupRoundTrip(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community := NewCommunity(t, by, groupsdomain.GroupDraft{Name: "Шахматы", Description: "line\nline", JoinPolicy: groupsdomain.PolicyOpen, Hue: 360})
	team := NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "Дебюты"})
	for _, g := range []groupsdomain.Group{community, team} {
		want := g.Data()
		want.Members, want.Owners = 1, 1
		same(t, want, s.found(t, ctx, by, g).Data())
	}
	place, err := s.Groups.Find(ctx, team.ID())
	require.NoError(t, err)
	require.Equal(t, community.ID(), place.Community.ID())
	require.Equal(t, team.ID(), place.Group.ID())
	_, err = s.Groups.Find(ctx, uuid.New())
	require.ErrorIs(t, err, groupsdomain.ErrGroupNotFound)
	names, err := s.Groups.Names(ctx, team.ID(), community.ID(), uuid.New())
	require.NoError(t, err)
	same(t, map[uuid.UUID]string{team.ID(): "Дебюты", community.ID(): "Шахматы"}, names)
}

func groupUpdate(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, _ := s.chess(t, ctx, by)
	name, open, hue := "Go", groupsdomain.PolicyOpen, 210
	changed, _, err := groupsdomain.GroupInCommunity{Community: community, Group: community}.Edit(groupsdomain.GroupEdit{Name: &name, JoinPolicy: &open, Hue: &hue}, Noon.Add(time.Minute))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, changed) })
	same(t, changed.Data(), s.group(t, ctx, community.Scope()).Data())
	archived, _, err := groupsdomain.GroupInCommunity{Community: changed, Group: changed}.SetStatus(groupsdomain.StatusArchived, Noon.Add(time.Hour))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, archived) })
	same(t, archived.Data(), s.group(t, ctx, community.Scope()).Data())
	gone := NewCommunity(t, by, groupsdomain.GroupDraft{Name: "never stored"})
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, gone) }), groupsdomain.ErrGroupNotFound)
}

func groupNames(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, _ := s.chess(t, ctx, by)
	other := s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: "Ёлка"}))
	add := func(g groupsdomain.Group) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Groups.Add(ctx, g) })
	}
	require.ErrorIs(t, add(NewCommunity(t, by, groupsdomain.GroupDraft{Name: "CHESS"})), groupsdomain.ErrNameTaken)
	require.ErrorIs(t, add(NewCommunity(t, by, groupsdomain.GroupDraft{Name: "ёЛКА"})), groupsdomain.ErrNameTaken)
	require.ErrorIs(t, add(NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "openings"})), groupsdomain.ErrNameTaken)
	s.found(t, ctx, by, NewTeam(t, by, other, groupsdomain.GroupDraft{Name: "Openings"}))
	s.found(t, ctx, by, NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "Chess"}))
	name := "cheSS"
	changed, _, err := groupsdomain.GroupInCommunity{Community: other, Group: other}.Edit(groupsdomain.GroupEdit{Name: &name}, Noon)
	require.NoError(t, err)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, changed) }), groupsdomain.ErrNameTaken)
	stranger := Someone()
	s.found(t, As(t.Context(), stranger), stranger, NewCommunity(t, stranger, groupsdomain.GroupDraft{Name: "Chess"}))
}

func groupDelete(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	kept := s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: "Kept"}))
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Delete(ctx, community.ID()) })
	for _, scope := range []authz.Scope{community.Scope(), team.Scope()} {
		_, err := s.Groups.Find(ctx, scope.ID)
		require.Error(t, err)
		_, err = s.Memberships.Find(ctx, scope.ID, by.User)
		require.ErrorIs(t, err, groupsdomain.ErrMemberNotFound)
	}
	mine, err := s.Memberships.All(ctx, by.User)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.Equal(t, kept.Scope(), mine[0].Data().Scope)
}

func groupList(t *testing.T, s Store) {
	by := Someone()
	member := Colleague(by)
	ctx := As(t.Context(), by)
	byName := map[string]groupsdomain.Group{}
	for _, draft := range []groupsdomain.GroupDraft{{Name: "Go"}, {Name: "chess", Description: "50% Luck"}, {Name: "Bridge"}, {Name: "Ёлка_1"}} {
		byName[draft.Name] = s.found(t, ctx, by, NewCommunity(t, by, draft))
	}
	for _, name := range []string{"one", "Two"} {
		byName[name] = s.found(t, ctx, by, NewTeam(t, by, byName["Go"], groupsdomain.GroupDraft{Name: name}))
	}
	s.enter(t, ctx, byName["Two"].Scope(), member.User, groupsdomain.RoleMember, Noon)
	archived, _, err := groupsdomain.GroupInCommunity{Community: byName["Bridge"], Group: byName["Bridge"]}.SetStatus(groupsdomain.StatusArchived, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, archived) })

	communities := func(search groupsports.GroupSearch) groupsports.GroupSearch {
		search.Kind = authz.ScopeCommunity
		return search
	}
	for _, test := range []struct {
		search groupsports.GroupSearch
		want   []string
	}{
		{communities(groupsports.GroupSearch{}), []string{"Bridge", "chess", "Go", "Ёлка_1"}},
		{communities(groupsports.GroupSearch{Status: groupsdomain.StatusActive}), []string{"chess", "Go", "Ёлка_1"}},
		{communities(groupsports.GroupSearch{Status: groupsdomain.StatusArchived}), []string{"Bridge"}},
		{communities(groupsports.GroupSearch{Query: " LUCK "}), []string{"chess"}},
		{communities(groupsports.GroupSearch{Query: "0%"}), []string{"chess"}},
		{communities(groupsports.GroupSearch{Query: "ё"}), []string{"Ёлка_1"}},
		{communities(groupsports.GroupSearch{Query: "_"}), []string{"Ёлка_1"}},
		{communities(groupsports.GroupSearch{Query: `\`}), nil},
		{communities(groupsports.GroupSearch{Member: member.User}), []string{"Go"}},
		{groupsports.GroupSearch{Kind: authz.ScopeTeam, Community: byName["Go"].ID()}, []string{"one", "Two"}},
		{groupsports.GroupSearch{Kind: authz.ScopeTeam, Community: byName["chess"].ID()}, nil},
		{groupsports.GroupSearch{Kind: authz.ScopeTeam, Member: member.User}, []string{"Two"}},
	} {
		var found []string
		after := groupsports.GroupKey{}
		for { // in pages of one, which is every place a page can end
			page, err := s.Groups.List(ctx, test.search, after, 1)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			found, after = append(found, page[0].Data().Name), groupsports.GroupKeyOf(page[0])
		}
		require.Equal(t, test.want, found, "%+v", test.search)
	}
}

func rollback(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	g := NewCommunity(t, by, groupsdomain.GroupDraft{Name: "gone"})
	failed := errors.New("failed")
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return errors.Join(s.Groups.Add(ctx, g), s.store(ctx, groupsdomain.UserMemberships{User: by.User}.InitialMembers(g, Noon)), failed)
	}), failed)
	_, err := s.Groups.Find(ctx, g.ID())
	require.ErrorIs(t, err, groupsdomain.ErrGroupNotFound)
}
