package portstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Store is one implementation of the repositories, over one set of data.
type Store struct {
	Groups      ports.Groups
	Memberships ports.Memberships
	Requests    ports.Requests
	Invites     ports.Invites
	Links       ports.Links
	Journal     ports.Journal
	Tenants     ports.Tenants
	Exclusive   ports.Exclusive
	Tx          ports.Tx
	Posts       ports.Posts
	Places      ports.Places
	Files       ports.Files
	Profiles    ports.Profiles
	Accounts    ports.Accounts
	Traces      ports.Traces
	// Across makes a context for what works across tenants.
	Across func(ctx context.Context) context.Context
}

// Suite is what every implementation of the repositories promises.
func Suite(t *testing.T, open func(*testing.T) Store) {
	for _, part := range []map[string]func(*testing.T, Store){groupSuite(), contentSuite(), personSuite()} {
		for name, test := range part {
			t.Run(name, func(t *testing.T) { test(t, open(t)) })
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
		"nobody is in a team and not in its community":    teamWithin,
		"a list of members has what matches, in order":    memberList,
		"questions about members are answered in order":   memberQuestions,
		"a walk passes every membership once":             walk,
		"changes of one community come one after another": lock,
		"a request is found as it was stored":             requestRoundTrip,
		"an invitation is found as it was stored":         inviteRoundTrip,
		"a link is found as it was stored":                linkRoundTrip,
		"lists of requests, invitations and links":        doorLists,
		"the journal remembers for its time":              journalLife,
		"one at a time does a job":                        exclusive,
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
func (s Store) found(t testing.TB, ctx context.Context, by domain.Actor, g domain.Group) domain.Group {
	t.Helper()
	s.do(t, ctx, func(ctx context.Context) error {
		if err := s.Groups.Add(ctx, g); err != nil {
			return err
		}
		b := domain.Belonging{User: by.User}
		if g.Scope().Type == domain.ScopeTeam {
			place, err := s.Groups.Lock(ctx, domain.CommunityScope(g.Data().CommunityID))
			if err != nil {
				return err
			}
			if b, err = s.Memberships.Belonging(ctx, place, by.User); err != nil {
				return err
			}
		}
		return s.store(ctx, g.Found(b, Noon))
	})
	return s.group(t, ctx, g.Scope())
}

func (s Store) store(ctx context.Context, moves []domain.Move) error {
	for _, m := range moves {
		if err := s.Memberships.Store(ctx, m.Membership); err != nil {
			return err
		}
	}
	return nil
}

func (s Store) group(t testing.TB, ctx context.Context, scope domain.Scope) domain.Group {
	t.Helper()
	place, err := s.Groups.Find(ctx, scope)
	require.NoError(t, err)
	return place.Group
}

// move changes what a user is at a place, by fn.
func (s Store) move(ctx context.Context, scope domain.Scope, user uuid.UUID, fn func(domain.Belonging) ([]domain.Move, error)) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		place, err := s.Groups.Lock(ctx, scope)
		if err != nil {
			return err
		}
		b, err := s.Memberships.Belonging(ctx, place, user)
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

func (s Store) enter(t testing.TB, ctx context.Context, scope domain.Scope, user uuid.UUID, as domain.Role, at time.Time) {
	t.Helper()
	require.NoError(t, s.move(ctx, scope, user, func(b domain.Belonging) ([]domain.Move, error) { return b.Enter(scope, as, true, at) }))
}

// chess is a community with a team, both owned by the actor.
func (s Store) chess(t testing.TB, ctx context.Context, by domain.Actor) (community, team domain.Group) {
	t.Helper()
	community = s.found(t, ctx, by, NewCommunity(t, by, domain.GroupDraft{Name: "Chess"}))
	team = s.found(t, ctx, by, NewTeam(t, by, community, domain.GroupDraft{Name: "Openings"}))
	return community, team
}

func groupRoundTrip(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community := NewCommunity(t, by, domain.GroupDraft{Name: "Шахматы", Description: "line\nline", JoinPolicy: domain.JoinOpen})
	team := NewTeam(t, by, community, domain.GroupDraft{Name: "Дебюты"})
	for _, g := range []domain.Group{community, team} {
		want := g.Data()
		want.Members, want.Owners = 1, 1
		same(t, want, s.found(t, ctx, by, g).Data())
	}
	place, err := s.Groups.Find(ctx, team.Scope())
	require.NoError(t, err)
	require.Equal(t, community.ID(), place.Community.ID())
	require.Equal(t, team.ID(), place.Group.ID())
	_, err = s.Groups.Find(ctx, domain.CommunityScope(uuid.New()))
	require.ErrorIs(t, err, domain.ErrCommunityNotFound)
	_, err = s.Groups.Find(ctx, domain.TeamScope(community.ID()))
	require.ErrorIs(t, err, domain.ErrTeamNotFound, "a community is no team")
	names, err := s.Groups.Names(ctx, team.ID(), community.ID(), uuid.New())
	require.NoError(t, err)
	same(t, map[uuid.UUID]string{team.ID(): "Дебюты", community.ID(): "Шахматы"}, names)
}

func groupUpdate(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, _ := s.chess(t, ctx, by)
	name, open := "Go", domain.JoinOpen
	changed, _, err := domain.Place{Community: community, Group: community}.Edit(domain.GroupEdit{Name: &name, JoinPolicy: &open}, Noon.Add(time.Minute))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, changed) })
	same(t, changed.Data(), s.group(t, ctx, community.Scope()).Data())
	archived, _, err := domain.Place{Community: changed, Group: changed}.Put(domain.StatusArchived, Noon.Add(time.Hour))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, archived) })
	same(t, archived.Data(), s.group(t, ctx, community.Scope()).Data())
	gone := NewCommunity(t, by, domain.GroupDraft{Name: "never stored"})
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, gone) }), domain.ErrCommunityNotFound)
}

func groupNames(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, _ := s.chess(t, ctx, by)
	other := s.found(t, ctx, by, NewCommunity(t, by, domain.GroupDraft{Name: "Ёлка"}))
	add := func(g domain.Group) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Groups.Add(ctx, g) })
	}
	require.ErrorIs(t, add(NewCommunity(t, by, domain.GroupDraft{Name: "CHESS"})), domain.ErrDuplicate)
	require.ErrorIs(t, add(NewCommunity(t, by, domain.GroupDraft{Name: "ёЛКА"})), domain.ErrDuplicate)
	require.ErrorIs(t, add(NewTeam(t, by, community, domain.GroupDraft{Name: "openings"})), domain.ErrDuplicate)
	s.found(t, ctx, by, NewTeam(t, by, other, domain.GroupDraft{Name: "Openings"}))
	s.found(t, ctx, by, NewTeam(t, by, community, domain.GroupDraft{Name: "Chess"}))
	name := "cheSS"
	changed, _, err := domain.Place{Community: other, Group: other}.Edit(domain.GroupEdit{Name: &name}, Noon)
	require.NoError(t, err)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, changed) }), domain.ErrDuplicate)
	stranger := Someone()
	s.found(t, As(t.Context(), stranger), stranger, NewCommunity(t, stranger, domain.GroupDraft{Name: "Chess"}))
}

func groupDelete(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	kept := s.found(t, ctx, by, NewCommunity(t, by, domain.GroupDraft{Name: "Kept"}))
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Delete(ctx, community.Scope()) })
	for _, scope := range []domain.Scope{community.Scope(), team.Scope()} {
		_, err := s.Groups.Find(ctx, scope)
		require.Error(t, err)
		_, err = s.Memberships.Find(ctx, scope, by.User)
		require.ErrorIs(t, err, domain.ErrMemberNotFound)
	}
	mine, err := s.Memberships.Of(ctx, by.User)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	require.Equal(t, kept.Scope(), mine[0].Data().Scope)
}

func groupList(t *testing.T, s Store) {
	by := Someone()
	member := Colleague(by)
	ctx := As(t.Context(), by)
	byName := map[string]domain.Group{}
	for _, draft := range []domain.GroupDraft{{Name: "Go"}, {Name: "chess", Description: "50% Luck"}, {Name: "Bridge"}, {Name: "Ёлка_1"}} {
		byName[draft.Name] = s.found(t, ctx, by, NewCommunity(t, by, draft))
	}
	for _, name := range []string{"one", "Two"} {
		byName[name] = s.found(t, ctx, by, NewTeam(t, by, byName["Go"], domain.GroupDraft{Name: name}))
	}
	s.enter(t, ctx, byName["Two"].Scope(), member.User, domain.RoleMember, Noon)
	archived, _, err := domain.Place{Community: byName["Bridge"], Group: byName["Bridge"]}.Put(domain.StatusArchived, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Groups.Update(ctx, archived) })

	communities := func(search ports.GroupSearch) ports.GroupSearch {
		search.Kind = domain.ScopeCommunity
		return search
	}
	for _, test := range []struct {
		search ports.GroupSearch
		want   []string
	}{
		{communities(ports.GroupSearch{}), []string{"Bridge", "chess", "Go", "Ёлка_1"}},
		{communities(ports.GroupSearch{Status: domain.StatusActive}), []string{"chess", "Go", "Ёлка_1"}},
		{communities(ports.GroupSearch{Status: domain.StatusArchived}), []string{"Bridge"}},
		{communities(ports.GroupSearch{Words: " LUCK "}), []string{"chess"}},
		{communities(ports.GroupSearch{Words: "0%"}), []string{"chess"}},
		{communities(ports.GroupSearch{Words: "ё"}), []string{"Ёлка_1"}},
		{communities(ports.GroupSearch{Words: "_"}), []string{"Ёлка_1"}},
		{communities(ports.GroupSearch{Words: `\`}), nil},
		{communities(ports.GroupSearch{Member: member.User}), []string{"Go"}},
		{ports.GroupSearch{Kind: domain.ScopeTeam, Within: byName["Go"].ID()}, []string{"one", "Two"}},
		{ports.GroupSearch{Kind: domain.ScopeTeam, Within: byName["chess"].ID()}, nil},
		{ports.GroupSearch{Kind: domain.ScopeTeam, Member: member.User}, []string{"Two"}},
	} {
		var found []string
		after := ports.GroupKey{}
		for { // in pages of one, which is every place a page can end
			page, err := s.Groups.List(ctx, test.search, after, 1)
			require.NoError(t, err)
			if len(page) == 0 {
				break
			}
			found, after = append(found, page[0].Data().Name), ports.KeyOf(page[0])
		}
		require.Equal(t, test.want, found, "%+v", test.search)
	}
}

func rollback(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	g := NewCommunity(t, by, domain.GroupDraft{Name: "gone"})
	failed := errors.New("failed")
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return errors.Join(s.Groups.Add(ctx, g), s.store(ctx, g.Found(domain.Belonging{User: by.User}, Noon)), failed)
	}), failed)
	_, err := s.Groups.Find(ctx, g.Scope())
	require.ErrorIs(t, err, domain.ErrCommunityNotFound)
}
