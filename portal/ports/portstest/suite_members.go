package portstest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

func membershipStore(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, _ := s.chess(t, ctx, by)
	scope := community.Scope()
	s.enter(t, ctx, scope, user, domain.RoleMember, Noon.Add(time.Microsecond))
	found, err := s.Memberships.Find(ctx, scope, user)
	require.NoError(t, err)
	same(t, domain.MembershipData{
		Scope: scope, CommunityID: community.ID(), UserID: user, Role: domain.RoleMember, Active: true, Version: 1,
		JoinedAt: Noon.Add(time.Microsecond), UpdatedAt: Noon.Add(time.Microsecond),
	}, found.Data())

	stale := found
	require.NoError(t, s.move(ctx, scope, user, func(b domain.Belonging) ([]domain.Move, error) {
		return b.Become(scope, domain.RoleModerator, domain.RoleOwner, Noon)
	}))
	require.Error(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Memberships.Store(ctx, stale) }), "an old version")
	require.NoError(t, s.move(ctx, scope, user, func(b domain.Belonging) ([]domain.Move, error) { return b.Leave(scope, Noon.Add(time.Hour)) }))
	_, err = s.Memberships.Find(ctx, scope, user)
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
	s.enter(t, ctx, scope, user, domain.RoleMember, Noon.Add(2*time.Hour))
	found, err = s.Memberships.Find(ctx, scope, user)
	require.NoError(t, err)
	require.EqualValues(t, 4, found.Data().Version, "leaving does not begin again at one")
	require.Equal(t, Noon.Add(2*time.Hour), found.Data().JoinedAt)
}

func belonging(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, openings := s.chess(t, ctx, by)
	endgames := s.found(t, ctx, by, NewTeam(t, by, community, domain.GroupDraft{Name: "Endgames"}))
	s.found(t, ctx, by, NewTeam(t, by, community, domain.GroupDraft{Name: "Blitz"}))
	s.enter(t, ctx, openings.Scope(), user, domain.RoleModerator, Noon)

	look := func(scope domain.Scope) (b domain.Belonging) {
		require.NoError(t, s.move(ctx, scope, user, func(found domain.Belonging) ([]domain.Move, error) { b = found; return nil, nil }))
		return b
	}
	b := look(community.Scope())
	require.Equal(t, user, b.User)
	require.Equal(t, domain.RoleMember, b.Role(community.Scope()))
	require.Equal(t, 2, b.Community.Group.Data().Members)
	require.Len(t, b.Teams, 1)
	require.Equal(t, domain.RoleModerator, b.Role(openings.Scope()))
	b = look(endgames.Scope())
	require.Len(t, b.Teams, 2, "the one he is in, and the one in question")
	require.Equal(t, domain.Nobody, b.Role(endgames.Scope()))
	require.Error(t, s.move(ctx, domain.TeamScope(uuid.New()), user, nil))
}

func counts(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	check := func(g domain.Group, members, owners int) {
		t.Helper()
		d := s.group(t, ctx, g.Scope()).Data()
		require.Equal(t, []int{members, owners}, []int{d.Members, d.Owners})
	}
	check(community, 1, 1)
	s.enter(t, ctx, team.Scope(), user, domain.RoleOwner, Noon)
	check(community, 2, 1)
	check(team, 2, 2)
	require.NoError(t, s.move(ctx, team.Scope(), by.User, func(b domain.Belonging) ([]domain.Move, error) {
		return b.Become(team.Scope(), domain.RoleMember, domain.RoleOwner, Noon)
	}))
	check(team, 2, 1)
	require.NoError(t, s.move(ctx, team.Scope(), by.User, func(b domain.Belonging) ([]domain.Move, error) { return b.Leave(team.Scope(), Noon) }))
	check(team, 1, 1)
	check(community, 2, 1)
}

func ownerless(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	g := NewCommunity(t, by, domain.GroupDraft{Name: "nobody's"})
	require.ErrorContains(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Groups.Add(ctx, g) }), "without an owner")
	community, _ := s.chess(t, ctx, by)
	m, err := s.Memberships.Find(ctx, community.Scope(), by.User)
	require.NoError(t, err)
	d := m.Data()
	d.Role, d.Version = domain.RoleMember, d.Version+1
	require.ErrorContains(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Memberships.Store(ctx, domain.RestoreMembership(d))
	}), "without an owner")

	// nobody is left in it: then it is archived, and cannot come back without somebody
	leave := func(status domain.Status) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error {
			place, err := s.Groups.Lock(ctx, community.Scope())
			if err != nil {
				return err
			}
			group := place.Group.Data()
			group.Status = status
			if err := s.Groups.Update(ctx, domain.RestoreGroup(group)); err != nil || status == domain.StatusActive {
				return err
			}
			of, err := s.Memberships.Of(ctx, by.User)
			if err != nil {
				return err
			}
			for _, m := range slices.Backward(of) { // the team before the community
				d := m.Data()
				d.Active, d.Version = false, d.Version+1
				team, err := s.Groups.Find(ctx, d.Scope)
				if err != nil {
					return err
				}
				group := team.Group.Data()
				group.Status = domain.StatusArchived
				if err := errors.Join(s.Groups.Update(ctx, domain.RestoreGroup(group)), s.Memberships.Store(ctx, domain.RestoreMembership(d))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, leave(domain.StatusArchived))
	require.ErrorContains(t, leave(domain.StatusActive), "without an owner")
}

func teamWithin(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	alone := domain.RestoreMembership(domain.MembershipData{
		Scope: team.Scope(), CommunityID: community.ID(), UserID: user, Role: domain.RoleMember, Active: true, Version: 1, JoinedAt: Noon, UpdatedAt: Noon,
	})
	require.ErrorContains(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Memberships.Store(ctx, alone) }), "in a team and not in its community")
	s.enter(t, ctx, team.Scope(), user, domain.RoleMember, Noon)
	m, err := s.Memberships.Find(ctx, community.Scope(), user)
	require.NoError(t, err)
	d := m.Data()
	d.Active, d.Version = false, d.Version+1
	require.ErrorContains(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Memberships.Store(ctx, domain.RestoreMembership(d))
	}), "in a team and not in its community")
}

func memberList(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	users := []uuid.UUID{by.User}
	for i := range 5 {
		user := uuid.New()
		s.profile(t, ctx, domain.NewProfile(by.Tenant, domain.Account{UserID: user, DisplayName: fmt.Sprintf("Имя %d 100%%", i)}))
		role := domain.RoleMember
		if i == 3 {
			role = domain.RoleModerator
		}
		s.enter(t, ctx, community.Scope(), user, role, Noon.Add(time.Duration(i/2+1)*time.Minute)) // two and two at once
		users = append(users, user)
	}
	require.NoError(t, s.move(ctx, community.Scope(), users[5], func(b domain.Belonging) ([]domain.Move, error) { return b.Leave(community.Scope(), Noon) }))
	list := func(search ports.MemberSearch) (found []uuid.UUID) {
		after := ports.MemberKey{}
		for {
			page, err := s.Memberships.List(ctx, search, after, 2)
			require.NoError(t, err)
			for _, m := range page {
				require.Equal(t, search.Scope, m.Data().Scope)
				found = append(found, m.Data().UserID)
				after = ports.MemberKey{JoinedAt: m.Data().JoinedAt, User: m.Data().UserID}
			}
			if len(page) < 2 {
				return found
			}
		}
	}
	all := list(ports.MemberSearch{Scope: community.Scope()})
	require.Equal(t, by.User, all[0])
	require.ElementsMatch(t, users[:5], all)
	require.ElementsMatch(t, users[1:3], all[1:3], "who came first first")
	require.Equal(t, users[4:5], list(ports.MemberSearch{Scope: community.Scope(), Role: domain.RoleModerator}))
	require.Equal(t, users[1:2], list(ports.MemberSearch{Scope: community.Scope(), Words: " иМЯ 0 "}))
	require.ElementsMatch(t, users[1:5], list(ports.MemberSearch{Scope: community.Scope(), Words: "100%"}))
	require.Empty(t, list(ports.MemberSearch{Scope: community.Scope(), Words: "0_"}))
	require.Equal(t, users[:1], list(ports.MemberSearch{Scope: team.Scope()}))
}

func memberQuestions(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	s.enter(t, ctx, community.Scope(), user, domain.RoleModerator, Noon)

	roles, err := s.Memberships.Roles(ctx, by.User, community.ID(), team.ID(), uuid.New())
	require.NoError(t, err)
	same(t, map[uuid.UUID]domain.Role{community.ID(): domain.RoleOwner, team.ID(): domain.RoleOwner}, roles)
	none, err := s.Memberships.Roles(ctx, by.User)
	require.NoError(t, err)
	require.Empty(t, none)
	answers, err := s.Memberships.Check(ctx,
		ports.Pair{User: user, Scope: team.Scope()}, ports.Pair{User: user, Scope: community.Scope()},
		ports.Pair{User: by.User, Scope: team.Scope()}, ports.Pair{User: user, Scope: community.Scope()}, ports.Pair{User: uuid.New(), Scope: team.Scope()},
		ports.Pair{User: by.User, Scope: domain.TeamScope(community.ID())})
	require.NoError(t, err)
	same(t, []domain.Role{domain.Nobody, domain.RoleModerator, domain.RoleOwner, domain.RoleModerator, domain.Nobody, domain.Nobody}, answers)
	answers, err = s.Memberships.Check(ctx)
	require.NoError(t, err)
	require.Empty(t, answers)
	of, err := s.Memberships.Of(ctx, by.User)
	require.NoError(t, err)
	require.Len(t, of, 2)
	require.Equal(t, []domain.Scope{community.Scope(), team.Scope()}, []domain.Scope{of[0].Data().Scope, of[1].Data().Scope})
}

func walk(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	want := []ports.WalkKey{{Scope: community.Scope(), User: by.User}, {Scope: team.Scope(), User: by.User}}
	for range 7 {
		user := uuid.New()
		s.enter(t, ctx, team.Scope(), user, domain.RoleMember, Noon)
		want = append(want, ports.WalkKey{Scope: community.Scope(), User: user}, ports.WalkKey{Scope: team.Scope(), User: user})
	}
	gone := uuid.New()
	s.enter(t, ctx, community.Scope(), gone, domain.RoleMember, Noon)
	require.NoError(t, s.move(ctx, community.Scope(), gone, func(b domain.Belonging) ([]domain.Move, error) { return b.Leave(community.Scope(), Noon) }))
	slices.SortFunc(want, compareKeys)
	var passed []ports.WalkKey
	for after := (ports.WalkKey{}); ; {
		page, err := s.Memberships.Walk(ctx, after, 3)
		require.NoError(t, err)
		for _, m := range page {
			passed = append(passed, keyOf(m))
		}
		if len(page) < 3 {
			break
		}
		after = passed[len(passed)-1]
	}
	require.Equal(t, want, passed)
	tenants, err := s.Tenants.All(t.Context())
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{by.Tenant}, tenants)
}

// lock: fifty changes of one community that read and write what the others do, and none is lost.
func lock(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	var wg sync.WaitGroup
	failures := make(chan error, 50)
	for i := range 50 {
		scope := community.Scope()
		if i%2 == 0 {
			scope = team.Scope() // is under the lock of its community
		}
		wg.Go(func() {
			failures <- s.Tx.Do(As(context.WithoutCancel(ctx), by), func(ctx context.Context) error {
				place, err := s.Groups.Lock(ctx, scope)
				if err != nil {
					return err
				}
				longer := place.Community.Data().Description + "x"
				changed, _, err := domain.Place{Community: place.Community, Group: place.Community}.Edit(domain.GroupEdit{Description: &longer}, Noon)
				if err != nil {
					return err
				}
				return s.Groups.Update(ctx, changed)
			})
		})
	}
	wg.Wait()
	close(failures)
	for err := range failures {
		require.NoError(t, err)
	}
	require.Equal(t, strings.Repeat("x", 50), s.group(t, ctx, community.Scope()).Data().Description)
}
