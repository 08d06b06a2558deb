package portstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// at is a user's place in the community of a group.
func (s Store) at(t testing.TB, ctx context.Context, scope authz.Scope, user uuid.UUID) (b groupsdomain.UserMemberships) {
	t.Helper()
	require.NoError(t, s.move(ctx, scope, user, func(found groupsdomain.UserMemberships) ([]groupsdomain.MembershipChange, error) {
		b = found
		return nil, nil
	}))
	return b
}

func (s Store) communityWithRequests(t testing.TB, ctx context.Context, by authz.Actor, name string) groupsdomain.Group {
	t.Helper()
	return s.found(t, ctx, by, NewCommunity(t, by, groupsdomain.GroupDraft{Name: name, JoinPolicy: groupsdomain.PolicyRequest}))
}

func requestRoundTrip(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community := s.communityWithRequests(t, ctx, by, "Chess")
	scope := community.Scope()
	request, err := s.at(t, ctx, scope, user).Request(scope, "пустите", Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Requests.Add(ctx, request) })
	pending := func() []groupsdomain.JoinRequest {
		found, err := s.Requests.List(ctx, groupsports.JoinRequestSearch{Group: scope.ID, User: user, Status: groupsdomain.RequestPending}, uuid.Nil, 2)
		require.NoError(t, err)
		return found
	}
	found, err := s.Requests.Find(ctx, scope.ID, request.ID())
	require.NoError(t, err)
	same(t, request.Data(), found.Data())
	require.Len(t, pending(), 1)
	again, err := s.at(t, ctx, scope, user).Request(scope, "", Noon)
	require.NoError(t, err)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Requests.Add(ctx, again) }), groupsdomain.ErrRequestPending)

	decided, err := request.Decide(groupsdomain.RequestDeclined, by.User, Noon.Add(time.Hour))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Requests.Update(ctx, decided) })
	found, err = s.Requests.Find(ctx, scope.ID, request.ID())
	require.NoError(t, err)
	same(t, decided.Data(), found.Data())
	require.Empty(t, pending())
	s.do(t, ctx, func(ctx context.Context) error { return s.Requests.Add(ctx, again) })
	_, err = s.Requests.Find(ctx, uuid.New(), request.ID())
	require.ErrorIs(t, err, groupsdomain.ErrJoinRequestNotFound, "by another group")
}

func inviteRoundTrip(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	_, team := s.chess(t, ctx, by)
	scope := team.Scope()
	invite, err := s.at(t, ctx, scope, user).Invite(scope, groupsdomain.RoleModerator, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: by.User, SystemAdmin: true}, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Invites.Add(ctx, invite) })
	found, err := s.Invites.Find(ctx, invite.ID())
	require.NoError(t, err)
	same(t, invite.Data(), found.Data())
	pending, err := s.Invites.List(ctx, groupsports.InviteSearch{Group: scope.ID, User: user, Pending: true}, uuid.Nil, 2)
	require.NoError(t, err)
	require.Len(t, pending, 1)
	again, err := s.at(t, ctx, scope, user).Invite(scope, groupsdomain.RoleMember, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: by.User, SystemAdmin: true}, Noon)
	require.NoError(t, err)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Invites.Add(ctx, again) }), groupsdomain.ErrInvitePending)
	declined, err := invite.Decide(groupsdomain.InviteDeclined, Noon.Add(time.Hour))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error {
		return errors.Join(s.Invites.Update(ctx, declined), s.Invites.Add(ctx, again))
	})
	found, err = s.Invites.Find(ctx, invite.ID())
	require.NoError(t, err)
	same(t, declined.Data(), found.Data())
}

func linkRoundTrip(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	_, team := s.chess(t, ctx, by)
	place, err := s.Groups.Find(ctx, team.ID())
	require.NoError(t, err)
	link, token, err := groupsdomain.NewInviteLink(place, groupsdomain.InviteLinkDraft{MaxUses: 3}, groupsdomain.Maker{User: by.User, SystemAdmin: true}, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Links.Add(ctx, link) })
	check := func(want groupsdomain.InviteLink, token string) {
		t.Helper()
		found, err := s.Links.Find(ctx, team.ID(), link.ID())
		require.NoError(t, err)
		same(t, want.Data(), found.Data())
		found, err = s.Links.ByToken(ctx, groupsdomain.HashToken(token))
		require.NoError(t, err)
		require.Equal(t, link.ID(), found.ID())
	}
	check(link, token)
	used, _, err := s.at(t, ctx, team.Scope(), uuid.New()).Use(link, true, Noon)
	require.NoError(t, err)
	renewed, fresh := used.Revoke(Noon.Add(time.Minute)).Renew()
	s.do(t, ctx, func(ctx context.Context) error { return s.Links.Update(ctx, renewed) })
	check(renewed, fresh)
	_, err = s.Links.ByToken(ctx, groupsdomain.HashToken(token))
	require.ErrorIs(t, err, groupsdomain.ErrInviteLinkNotFound)
	_, err = s.Links.Find(ctx, place.Community.ID(), link.ID())
	require.ErrorIs(t, err, groupsdomain.ErrInviteLinkNotFound, "by another group")
}

func joiningLists(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	chess, bridge := s.communityWithRequests(t, ctx, by, "Chess"), s.communityWithRequests(t, ctx, by, "Bridge")
	var requests []groupsdomain.JoinRequest
	var invites []groupsdomain.Invite
	var links []groupsdomain.InviteLink
	for i, who := range []uuid.UUID{user, uuid.New(), user} {
		g := chess
		if i == 2 {
			g = bridge
		}
		b := s.at(t, ctx, g.Scope(), who)
		request, err := b.Request(g.Scope(), "", Noon)
		require.NoError(t, err)
		if i == 1 {
			request, err = request.Decide(groupsdomain.RequestApproved, by.User, Noon)
			require.NoError(t, err)
		}
		invite, err := b.Invite(g.Scope(), groupsdomain.RoleMember, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: by.User, SystemAdmin: true}, Noon.Add(time.Duration(i)*time.Hour))
		require.NoError(t, err)
		link, _, err := groupsdomain.NewInviteLink(groupsdomain.GroupInCommunity{Community: g, Group: g}, groupsdomain.InviteLinkDraft{}, groupsdomain.Maker{User: by.User}, Noon)
		require.NoError(t, err)
		s.do(t, ctx, func(ctx context.Context) error {
			return errors.Join(s.Requests.Add(ctx, request), s.Invites.Add(ctx, invite), s.Links.Add(ctx, link))
		})
		requests, invites, links = append(requests, request), append(invites, invite), append(links, link)
	}
	paged(t, func(after uuid.UUID) ([]groupsdomain.JoinRequest, error) {
		return s.Requests.List(ctx, groupsports.JoinRequestSearch{Group: chess.ID()}, after, 1)
	}, groupsdomain.JoinRequest.ID, requests[0], requests[1])
	paged(t, func(after uuid.UUID) ([]groupsdomain.JoinRequest, error) {
		return s.Requests.List(ctx, groupsports.JoinRequestSearch{User: user}, after, 1)
	}, groupsdomain.JoinRequest.ID, requests[0], requests[2])
	paged(t, func(after uuid.UUID) ([]groupsdomain.JoinRequest, error) {
		return s.Requests.List(ctx, groupsports.JoinRequestSearch{Group: chess.ID(), Status: groupsdomain.RequestPending}, after, 1)
	}, groupsdomain.JoinRequest.ID, requests[0])
	paged(t, func(after uuid.UUID) ([]groupsdomain.Invite, error) {
		return s.Invites.List(ctx, groupsports.InviteSearch{Group: chess.ID()}, after, 1)
	}, groupsdomain.Invite.ID, invites[0], invites[1])
	paged(t, func(after uuid.UUID) ([]groupsdomain.Invite, error) { // the first has run out at that moment
		return s.Invites.List(ctx, groupsports.InviteSearch{User: user, PendingAt: Noon.Add(groupsdomain.DefaultInviteLife)}, after, 1)
	}, groupsdomain.Invite.ID, invites[2])
	paged(t, func(after uuid.UUID) ([]groupsdomain.InviteLink, error) {
		return s.Links.List(ctx, chess.ID(), after, 1)
	}, groupsdomain.InviteLink.ID, links[0], links[1])
}

// paged reads a list in pages of one, and wants exactly these.
func paged[T any](t testing.TB, read func(after uuid.UUID) ([]T, error), id func(T) uuid.UUID, want ...T) {
	t.Helper()
	var got, ids []uuid.UUID
	for _, v := range want {
		ids = append(ids, id(v))
	}
	for after := uuid.Nil; ; {
		page, err := read(after)
		require.NoError(t, err)
		if len(page) == 0 {
			break
		}
		after = id(page[0])
		got = append(got, after)
	}
	require.Equal(t, ids, got)
}

func banRoundTrip(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community, team := s.chess(t, ctx, by)
	ban := func(scope authz.Scope, reason string, until time.Time) groupsdomain.Ban {
		t.Helper()
		ban, _, err := s.at(t, ctx, scope, user).Ban(scope, groupsdomain.BanDraft{Reason: reason, Until: until}, groupsdomain.RoleOwner, by, Noon)
		require.NoError(t, err)
		s.do(t, ctx, func(ctx context.Context) error { return s.Bans.Put(ctx, ban) })
		return ban
	}
	list := func(group uuid.UUID) []groupsdomain.Ban {
		t.Helper()
		found, err := s.Bans.List(ctx, group, uuid.Nil, 10)
		require.NoError(t, err)
		return found
	}
	ban(community.Scope(), "first", Noon.Add(time.Hour))
	second := ban(community.Scope(), "second", time.Time{})
	teams := ban(team.Scope(), "", Noon.Add(time.Hour))
	require.Len(t, list(community.ID()), 1, "in the place of the first")
	same(t, second.Data(), list(community.ID())[0].Data())
	same(t, teams.Data(), list(team.ID())[0].Data())
	require.Len(t, s.at(t, ctx, community.Scope(), user).Bans, 2, "those in the teams as well")
	require.Empty(t, s.at(t, ctx, community.Scope(), uuid.New()).Bans)
	s.do(t, ctx, func(ctx context.Context) error { return s.Bans.Delete(ctx, community.ID(), user) })
	require.Empty(t, list(community.ID()))
	require.Len(t, list(team.ID()), 1)
	err := s.Tx.Do(ctx, func(ctx context.Context) error { return s.Bans.Delete(ctx, community.ID(), user) })
	require.ErrorIs(t, err, groupsdomain.ErrBanNotFound)
	paged(t, func(after uuid.UUID) ([]groupsdomain.Ban, error) { return s.Bans.List(ctx, team.ID(), after, 1) },
		func(b groupsdomain.Ban) uuid.UUID { return b.Data().UserID }, teams)
}

func closing(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	chess, bridge := s.communityWithRequests(t, ctx, by, "Chess"), s.communityWithRequests(t, ctx, by, "Bridge")
	team := s.found(t, ctx, by, NewTeam(t, by, chess, groupsdomain.GroupDraft{Name: "Openings", JoinPolicy: groupsdomain.PolicyRequest}))
	for _, g := range []groupsdomain.Group{chess, team, bridge} {
		for _, who := range []uuid.UUID{user, uuid.New()} {
			m := s.at(t, ctx, g.Scope(), who)
			if g.ID() == team.ID() {
				m.Community.Membership = groupsdomain.RestoreMembership(groupsdomain.MembershipData{Role: groupsdomain.RoleMember, Status: groupsdomain.MembershipActive})
			}
			request, err := m.Request(g.Scope(), "", Noon)
			require.NoError(t, err)
			invite, err := m.Invite(g.Scope(), groupsdomain.RoleMember, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: by.User}, Noon)
			require.NoError(t, err)
			s.do(t, ctx, func(ctx context.Context) error {
				return errors.Join(s.Requests.Add(ctx, request), s.Invites.Add(ctx, invite))
			})
		}
	}
	pending := func() (groups int) {
		t.Helper()
		requests, err := s.Requests.List(ctx, groupsports.JoinRequestSearch{Status: groupsdomain.RequestPending}, uuid.Nil, 10)
		require.NoError(t, err)
		invites, err := s.Invites.List(ctx, groupsports.InviteSearch{Pending: true}, uuid.Nil, 10)
		require.NoError(t, err)
		require.Len(t, invites, len(requests))
		return len(requests)
	}
	require.Equal(t, 6, pending())
	s.do(t, ctx, func(ctx context.Context) error { return s.Pending.Close(ctx, chess.ID(), user, Noon) })
	require.Equal(t, 4, pending(), "in a community, with its teams")
	s.do(t, ctx, func(ctx context.Context) error { return s.Pending.Close(ctx, uuid.Nil, user, Noon) })
	require.Equal(t, 3, pending(), "everywhere, and those of other users stay")
	closed, err := s.Requests.List(ctx, groupsports.JoinRequestSearch{User: user}, uuid.Nil, 10)
	require.NoError(t, err)
	for _, request := range closed {
		require.Equal(t, groupsdomain.RequestCancelled, request.Data().Status)
		require.Equal(t, Noon, request.Data().DecidedAt)
	}
}

// settling: who becomes a member by another way has nothing pending in that group, and everything as it was elsewhere.
func settling(t *testing.T, s Store) {
	by := Someone()
	user, other := Colleague(by).User, Colleague(by).User
	ctx := As(t.Context(), by)
	chess, bridge := s.communityWithRequests(t, ctx, by, "Chess"), s.communityWithRequests(t, ctx, by, "Bridge")
	requests, invites := map[string]groupsdomain.JoinRequest{}, map[string]groupsdomain.Invite{}
	for name, c := range map[string]struct {
		group groupsdomain.Group
		user  uuid.UUID
	}{"settled": {chess, user}, "another user": {chess, other}, "another group": {bridge, user}} {
		m := s.at(t, ctx, c.group.Scope(), c.user)
		request, err := m.Request(c.group.Scope(), "", Noon)
		require.NoError(t, err)
		invite, err := m.Invite(c.group.Scope(), groupsdomain.RoleMember, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: by.User}, Noon)
		require.NoError(t, err)
		s.do(t, ctx, func(ctx context.Context) error {
			return errors.Join(s.Requests.Add(ctx, request), s.Invites.Add(ctx, invite))
		})
		requests[name], invites[name] = request, invite
	}
	require.NoError(t, s.Tx.Do(As(t.Context(), Someone()), func(ctx context.Context) error { // of another tenant
		return s.Pending.Settle(ctx, chess.ID(), user, by.User, Noon)
	}))
	expired := Noon.Add(groupsdomain.DefaultInviteLife)
	s.do(t, ctx, func(ctx context.Context) error { return s.Pending.Settle(ctx, chess.ID(), other, by.User, expired) })
	s.do(t, ctx, func(ctx context.Context) error {
		return s.Pending.Settle(ctx, chess.ID(), user, by.User, Noon.Add(time.Hour))
	})
	for name, want := range map[string]struct {
		request groupsdomain.JoinRequestStatus
		invite  groupsdomain.InviteStatus
	}{
		"settled":       {groupsdomain.RequestApproved, groupsdomain.InviteAccepted},
		"another user":  {groupsdomain.RequestApproved, groupsdomain.InvitePending}, // the invitation has expired
		"another group": {groupsdomain.RequestPending, groupsdomain.InvitePending},
	} {
		request, err := s.Requests.Find(ctx, requests[name].Scope().ID, requests[name].ID())
		require.NoError(t, err)
		invite, err := s.Invites.Find(ctx, invites[name].ID())
		require.NoError(t, err)
		require.Equal(t, want.request, request.Data().Status, name)
		require.Equal(t, want.invite, invite.Data().Status, name)
		if name == "settled" {
			require.Equal(t, []any{by.User, Noon.Add(time.Hour)}, []any{request.Data().DecidedBy, request.Data().DecidedAt})
			require.Equal(t, Noon.Add(time.Hour), invite.Data().DecidedAt)
		}
	}
}

func strangers(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx, other := As(t.Context(), by), As(t.Context(), stranger)
	community := s.communityWithRequests(t, ctx, by, "Chess")
	scope := community.Scope()
	b := s.at(t, ctx, scope, stranger.User)
	request, err := b.Request(scope, "", Noon)
	require.NoError(t, err)
	invite, err := b.Invite(scope, groupsdomain.RoleMember, groupsdomain.RoleOwner, true, groupsdomain.Maker{User: by.User, SystemAdmin: true}, Noon)
	require.NoError(t, err)
	link, token, err := groupsdomain.NewInviteLink(groupsdomain.GroupInCommunity{Community: community, Group: community}, groupsdomain.InviteLinkDraft{}, groupsdomain.Maker{User: by.User}, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error {
		return errors.Join(s.Requests.Add(ctx, request), s.Invites.Add(ctx, invite), s.Links.Add(ctx, link))
	})
	_, err = s.Groups.Find(other, scope.ID)
	require.ErrorIs(t, err, groupsdomain.ErrGroupNotFound)
	_, err = s.Memberships.Find(other, scope.ID, by.User)
	require.ErrorIs(t, err, groupsdomain.ErrMemberNotFound)
	_, err = s.Requests.Find(other, scope.ID, request.ID())
	require.ErrorIs(t, err, groupsdomain.ErrJoinRequestNotFound)
	_, err = s.Invites.Find(other, invite.ID())
	require.ErrorIs(t, err, groupsdomain.ErrInviteNotFound)
	_, err = s.Links.ByToken(other, groupsdomain.HashToken(token))
	require.ErrorIs(t, err, groupsdomain.ErrInviteLinkNotFound)
	for _, fn := range []func(context.Context) error{
		func(ctx context.Context) error { _, err := s.Groups.Lock(ctx, scope.ID); return err },
		func(ctx context.Context) error { return s.Groups.Update(ctx, community) },
		func(ctx context.Context) error { return s.Requests.Update(ctx, request) },
		func(ctx context.Context) error { return s.Invites.Update(ctx, invite) },
		func(ctx context.Context) error { return s.Links.Update(ctx, link) },
	} {
		require.Error(t, s.Tx.Do(other, fn))
	}
	s.do(t, other, func(ctx context.Context) error { return s.Groups.Delete(ctx, scope.ID) })
	require.Equal(t, community.Data(), s.group(t, ctx, scope).Data(), "deleted by a stranger")
	groups, err := s.Groups.List(other, groupsports.GroupSearch{}, groupsports.GroupKey{}, 10)
	require.NoError(t, err)
	require.Empty(t, groups)
	names, err := s.Groups.Names(other, community.ID())
	require.NoError(t, err)
	require.Empty(t, names)
	walked, err := s.Memberships.Range(other, groupsports.MembershipKey{}, 10)
	require.NoError(t, err)
	require.Empty(t, walked)
}
