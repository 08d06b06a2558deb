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

	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

func membershipStore(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, _ := s.chess(t, ctx, by)
	scope := community.Scope()
	s.enter(t, ctx, scope, user, groupsdomain.RoleMember, Noon.Add(time.Microsecond))
	found, err := s.Memberships.Find(ctx, scope.ID, user)
	require.NoError(t, err)
	same(t, groupsdomain.MembershipData{
		Scope: scope, CommunityID: community.ID(), UserID: user, Role: groupsdomain.RoleMember, Status: groupsdomain.MembershipActive, Version: 1,
		JoinedAt: Noon.Add(time.Microsecond), UpdatedAt: Noon.Add(time.Microsecond),
	}, found.Data())

	stale := found
	require.NoError(t, s.move(ctx, scope, user, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.ChangeRole(scope, groupsdomain.RoleModerator, groupsdomain.RoleOwner, Noon)
	}))
	require.Error(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Memberships.Store(ctx, stale) }), "an old version")
	require.NoError(t, s.move(ctx, scope, user, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.Leave(scope, Noon.Add(time.Hour))
	}))
	_, err = s.Memberships.Find(ctx, scope.ID, user)
	require.ErrorIs(t, err, groupsdomain.ErrMemberNotFound)
	s.enter(t, ctx, scope, user, groupsdomain.RoleMember, Noon.Add(2*time.Hour))
	found, err = s.Memberships.Find(ctx, scope.ID, user)
	require.NoError(t, err)
	require.EqualValues(t, 4, found.Data().Version, "leaving does not begin again at one")
	require.Equal(t, Noon.Add(2*time.Hour), found.Data().JoinedAt)
}

func belonging(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, openings := s.chess(t, ctx, by)
	endgames := s.found(t, ctx, by, NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "Endgames"}))
	s.found(t, ctx, by, NewTeam(t, by, community, groupsdomain.GroupDraft{Name: "Blitz"}))
	s.enter(t, ctx, openings.Scope(), user, groupsdomain.RoleModerator, Noon)

	look := func(scope authz.Scope) (b groupsdomain.UserMemberships) {
		require.NoError(t, s.move(ctx, scope, user, func(found groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
			b = found
			return nil, nil
		}))
		return b
	}
	b := look(community.Scope())
	require.Equal(t, user, b.User)
	require.Equal(t, groupsdomain.RoleMember, b.Role(community.Scope()))
	require.Equal(t, 2, b.Community.Group.Data().Members)
	require.Len(t, b.Teams, 1)
	require.Equal(t, groupsdomain.RoleModerator, b.Role(openings.Scope()))
	b = look(endgames.Scope())
	require.Len(t, b.Teams, 2, "the one with the user, and the one in question")
	require.Equal(t, groupsdomain.RoleNone, b.Role(endgames.Scope()))
	require.Error(t, s.move(ctx, authz.TeamScope(uuid.New()), user, nil))
}

func counts(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	check := func(g groupsdomain.Group, members, owners int) {
		t.Helper()
		d := s.group(t, ctx, g.Scope()).Data()
		require.Equal(t, []int{members, owners}, []int{d.Members, d.Owners})
	}
	check(community, 1, 1)
	s.enter(t, ctx, team.Scope(), user, groupsdomain.RoleOwner, Noon)
	check(community, 2, 1)
	check(team, 2, 2)
	require.NoError(t, s.move(ctx, team.Scope(), by.User, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.ChangeRole(team.Scope(), groupsdomain.RoleMember, groupsdomain.RoleOwner, Noon)
	}))
	check(team, 2, 1)
	require.NoError(t, s.move(ctx, team.Scope(), by.User, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.Leave(team.Scope(), Noon)
	}))
	check(team, 1, 1)
	check(community, 2, 1)
}

func ownerless(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	g := NewCommunity(t, by, groupsdomain.GroupDraft{Name: "no owner"})
	require.ErrorContains(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Groups.Add(ctx, g) }), "without an owner")
	community, _ := s.chess(t, ctx, by)
	m, err := s.Memberships.Find(ctx, community.ID(), by.User)
	require.NoError(t, err)
	d := m.Data()
	d.Role, d.Version = groupsdomain.RoleMember, d.Version+1
	require.ErrorContains(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Memberships.Store(ctx, groupsdomain.RestoreMembership(d))
	}), "without an owner")

	// no member is left: then it is archived, and cannot be restored without a member
	leave := func(status groupsdomain.Status) error {
		return s.Tx.Do(ctx, func(ctx context.Context) error {
			place, err := s.Groups.Lock(ctx, community.ID())
			if err != nil {
				return err
			}
			group := place.Group.Data()
			group.Status = status
			if err := s.Groups.Update(ctx, groupsdomain.RestoreGroup(group)); err != nil || status == groupsdomain.StatusActive {
				return err
			}
			of, err := s.Memberships.All(ctx, by.User)
			if err != nil {
				return err
			}
			for _, m := range slices.Backward(of) { // the team before the community
				d := m.Data()
				d.Status, d.Version = groupsdomain.MembershipLeft, d.Version+1
				team, err := s.Groups.Find(ctx, d.Scope.ID)
				if err != nil {
					return err
				}
				group := team.Group.Data()
				group.Status = groupsdomain.StatusArchived
				if err := errors.Join(s.Groups.Update(ctx, groupsdomain.RestoreGroup(group)), s.Memberships.Store(ctx, groupsdomain.RestoreMembership(d))); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, leave(groupsdomain.StatusArchived))
	require.ErrorContains(t, leave(groupsdomain.StatusActive), "without an owner")
}

func teamWithin(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	alone := groupsdomain.RestoreMembership(groupsdomain.MembershipData{
		Scope: team.Scope(), CommunityID: community.ID(), UserID: user, Role: groupsdomain.RoleMember, Status: groupsdomain.MembershipActive, Version: 1, JoinedAt: Noon, UpdatedAt: Noon,
	})
	require.ErrorContains(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Memberships.Store(ctx, alone) }), "in a team and not in its community")
	s.enter(t, ctx, team.Scope(), user, groupsdomain.RoleMember, Noon)
	m, err := s.Memberships.Find(ctx, community.ID(), user)
	require.NoError(t, err)
	d := m.Data()
	d.Status, d.Version = groupsdomain.MembershipLeft, d.Version+1
	require.ErrorContains(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		return s.Memberships.Store(ctx, groupsdomain.RestoreMembership(d))
	}), "in a team and not in its community")
}

func memberList(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	users := []uuid.UUID{by.User}
	for i := range 5 {
		user := uuid.New()
		s.profile(t, ctx, contentdomain.NewProfile(by.Tenant, contentdomain.Account{UserID: user, DisplayName: fmt.Sprintf("Имя %d 100%%", i)}))
		role := groupsdomain.RoleMember
		if i == 3 {
			role = groupsdomain.RoleModerator
		}
		s.enter(t, ctx, community.Scope(), user, role, Noon.Add(time.Duration(i/2+1)*time.Minute)) // two and two at once
		users = append(users, user)
	}
	require.NoError(t, s.move(ctx, community.Scope(), users[5], func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.Leave(community.Scope(), Noon)
	}))
	list := func(search groupsports.MemberSearch) (found []uuid.UUID) {
		after := groupsports.MemberKey{}
		for {
			page, err := s.Memberships.List(ctx, search, after, 2)
			require.NoError(t, err)
			for _, m := range page {
				require.Equal(t, search.Group, m.Data().Scope.ID)
				found = append(found, m.Data().UserID)
				after = groupsports.MemberKey{JoinedAt: m.Data().JoinedAt, User: m.Data().UserID}
			}
			if len(page) < 2 {
				return found
			}
		}
	}
	all := list(groupsports.MemberSearch{Group: community.ID()})
	require.Equal(t, by.User, all[0])
	require.ElementsMatch(t, users[:5], all)
	require.ElementsMatch(t, users[1:3], all[1:3], "ordered by join time")
	require.Equal(t, users[4:5], list(groupsports.MemberSearch{Group: community.ID(), Role: groupsdomain.RoleModerator}))
	require.Equal(t, users[1:2], list(groupsports.MemberSearch{Group: community.ID(), Query: " иМЯ 0 "}))
	require.ElementsMatch(t, users[1:5], list(groupsports.MemberSearch{Group: community.ID(), Query: "100%"}))
	require.Empty(t, list(groupsports.MemberSearch{Group: community.ID(), Query: "0_"}))
	require.Equal(t, users[:1], list(groupsports.MemberSearch{Group: team.ID()}))
}

func memberQuestions(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	s.enter(t, ctx, community.Scope(), user, groupsdomain.RoleModerator, Noon)

	roles, err := s.Memberships.Roles(ctx, by.User, community.ID(), team.ID(), uuid.New())
	require.NoError(t, err)
	same(t, map[uuid.UUID]groupsdomain.Role{community.ID(): groupsdomain.RoleOwner, team.ID(): groupsdomain.RoleOwner}, roles)
	none, err := s.Memberships.Roles(ctx, by.User)
	require.NoError(t, err)
	require.Empty(t, none)
	answers, err := s.Memberships.Check(ctx,
		groupsports.MembershipKey{User: user, Scope: team.Scope()}, groupsports.MembershipKey{User: user, Scope: community.Scope()},
		groupsports.MembershipKey{User: by.User, Scope: team.Scope()}, groupsports.MembershipKey{User: user, Scope: community.Scope()}, groupsports.MembershipKey{User: uuid.New(), Scope: team.Scope()},
		groupsports.MembershipKey{User: by.User, Scope: authz.TeamScope(community.ID())})
	require.NoError(t, err)
	same(t, []groupsdomain.Role{groupsdomain.RoleNone, groupsdomain.RoleModerator, groupsdomain.RoleOwner, groupsdomain.RoleModerator, groupsdomain.RoleNone, groupsdomain.RoleNone}, answers)
	answers, err = s.Memberships.Check(ctx)
	require.NoError(t, err)
	require.Empty(t, answers)
	of, err := s.Memberships.All(ctx, by.User)
	require.NoError(t, err)
	require.Len(t, of, 2)
	require.Equal(t, []authz.Scope{community.Scope(), team.Scope()}, []authz.Scope{of[0].Data().Scope, of[1].Data().Scope})
}

func walk(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	want := []groupsports.MembershipKey{{Scope: community.Scope(), User: by.User}, {Scope: team.Scope(), User: by.User}}
	for range 7 {
		user := uuid.New()
		s.enter(t, ctx, team.Scope(), user, groupsdomain.RoleMember, Noon)
		want = append(want, groupsports.MembershipKey{Scope: community.Scope(), User: user}, groupsports.MembershipKey{Scope: team.Scope(), User: user})
	}
	gone := uuid.New()
	s.enter(t, ctx, community.Scope(), gone, groupsdomain.RoleMember, Noon)
	require.NoError(t, s.move(ctx, community.Scope(), gone, func(b groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		return b.Leave(community.Scope(), Noon)
	}))
	slices.SortFunc(want, compareKeys)
	var passed []groupsports.MembershipKey
	for after := (groupsports.MembershipKey{}); ; {
		page, err := s.Memberships.Range(ctx, after, 3)
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
				place, err := s.Groups.Lock(ctx, scope.ID)
				if err != nil {
					return err
				}
				longer := place.Community.Data().Description + "x"
				changed, _, err := groupsdomain.GroupInCommunity{Community: place.Community, Group: place.Community}.Edit(groupsdomain.GroupEdit{Description: &longer}, Noon)
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
