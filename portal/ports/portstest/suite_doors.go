package portstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// at is a user's place in the community of a group.
func (s Store) at(t testing.TB, ctx context.Context, scope domain.Scope, user uuid.UUID) (b domain.Belonging) {
	t.Helper()
	require.NoError(t, s.move(ctx, scope, user, func(found domain.Belonging) ([]domain.Move, error) { b = found; return nil, nil }))
	return b
}

func (s Store) asking(t testing.TB, ctx context.Context, by domain.Actor, name string) domain.Group {
	t.Helper()
	return s.found(t, ctx, by, NewCommunity(t, by, domain.GroupDraft{Name: name, JoinPolicy: domain.JoinRequest}))
}

func requestRoundTrip(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	community := s.asking(t, ctx, by, "Chess")
	scope := community.Scope()
	request, err := s.at(t, ctx, scope, user).Ask(scope, "пустите", Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Requests.Add(ctx, request) })
	for _, find := range []func() (domain.Request, error){
		func() (domain.Request, error) { return s.Requests.Find(ctx, scope, request.ID()) },
		func() (domain.Request, error) { return s.Requests.Open(ctx, scope, user) },
	} {
		found, err := find()
		require.NoError(t, err)
		same(t, request.Data(), found.Data())
	}
	again, err := s.at(t, ctx, scope, user).Ask(scope, "", Noon)
	require.NoError(t, err)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Requests.Add(ctx, again) }), domain.ErrRequestPending)

	decided, err := request.Decide(domain.RequestDeclined, by.User, Noon.Add(time.Hour))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Requests.Update(ctx, decided) })
	found, err := s.Requests.Find(ctx, scope, request.ID())
	require.NoError(t, err)
	same(t, decided.Data(), found.Data())
	_, err = s.Requests.Open(ctx, scope, user)
	require.ErrorIs(t, err, domain.ErrRequestNotFound)
	s.do(t, ctx, func(ctx context.Context) error { return s.Requests.Add(ctx, again) })
	_, err = s.Requests.Find(ctx, domain.CommunityScope(uuid.New()), request.ID())
	require.ErrorIs(t, err, domain.ErrRequestNotFound, "by another group")
}

func inviteRoundTrip(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	_, team := s.chess(t, ctx, by)
	scope := team.Scope()
	invite, err := s.at(t, ctx, scope, user).Invite(scope, domain.RoleModerator, domain.RoleOwner, true, by, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Invites.Add(ctx, invite) })
	for _, find := range []func() (domain.Invite, error){
		func() (domain.Invite, error) { return s.Invites.Find(ctx, invite.ID()) },
		func() (domain.Invite, error) { return s.Invites.Open(ctx, scope, user) },
	} {
		found, err := find()
		require.NoError(t, err)
		same(t, invite.Data(), found.Data())
	}
	again, err := s.at(t, ctx, scope, user).Invite(scope, domain.RoleMember, domain.RoleOwner, true, by, Noon)
	require.NoError(t, err)
	require.ErrorIs(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Invites.Add(ctx, again) }), domain.ErrInvitePending)
	declined, err := invite.Decide(domain.InviteDeclined, Noon.Add(time.Hour))
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error {
		return errors.Join(s.Invites.Update(ctx, declined), s.Invites.Add(ctx, again))
	})
	found, err := s.Invites.Find(ctx, invite.ID())
	require.NoError(t, err)
	same(t, declined.Data(), found.Data())
}

func linkRoundTrip(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	_, team := s.chess(t, ctx, by)
	place, err := s.Groups.Find(ctx, team.Scope())
	require.NoError(t, err)
	link, token, err := domain.NewLink(place, domain.LinkDraft{MaxUses: 3}, true, by, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error { return s.Links.Add(ctx, link) })
	check := func(want domain.Link, token string) {
		t.Helper()
		found, err := s.Links.Find(ctx, team.Scope(), link.ID())
		require.NoError(t, err)
		same(t, want.Data(), found.Data())
		found, err = s.Links.ByToken(ctx, domain.HashToken(token))
		require.NoError(t, err)
		require.Equal(t, link.ID(), found.ID())
	}
	check(link, token)
	used, _, err := s.at(t, ctx, team.Scope(), uuid.New()).Use(link, Noon)
	require.NoError(t, err)
	renewed, fresh := used.Revoke(Noon.Add(time.Minute)).Renew()
	s.do(t, ctx, func(ctx context.Context) error { return s.Links.Update(ctx, renewed) })
	check(renewed, fresh)
	_, err = s.Links.ByToken(ctx, domain.HashToken(token))
	require.ErrorIs(t, err, domain.ErrLinkNotFound)
	_, err = s.Links.Find(ctx, domain.CommunityScope(place.Community.ID()), link.ID())
	require.ErrorIs(t, err, domain.ErrLinkNotFound, "by another group")
}

func doorLists(t *testing.T, s Store) {
	by := Someone()
	user := Colleague(by).User
	ctx := As(t.Context(), by)
	chess, bridge := s.asking(t, ctx, by, "Chess"), s.asking(t, ctx, by, "Bridge")
	var requests []domain.Request
	var invites []domain.Invite
	var links []domain.Link
	for i, who := range []uuid.UUID{user, uuid.New(), user} {
		g := chess
		if i == 2 {
			g = bridge
		}
		b := s.at(t, ctx, g.Scope(), who)
		request, err := b.Ask(g.Scope(), "", Noon)
		require.NoError(t, err)
		if i == 1 {
			request, err = request.Decide(domain.RequestApproved, by.User, Noon)
			require.NoError(t, err)
		}
		invite, err := b.Invite(g.Scope(), domain.RoleMember, domain.RoleOwner, true, by, Noon.Add(time.Duration(i)*time.Hour))
		require.NoError(t, err)
		link, _, err := domain.NewLink(domain.Place{Community: g, Group: g}, domain.LinkDraft{}, true, by, Noon)
		require.NoError(t, err)
		s.do(t, ctx, func(ctx context.Context) error {
			return errors.Join(s.Requests.Add(ctx, request), s.Invites.Add(ctx, invite), s.Links.Add(ctx, link))
		})
		requests, invites, links = append(requests, request), append(invites, invite), append(links, link)
	}
	paged(t, func(after uuid.UUID) ([]domain.Request, error) {
		return s.Requests.List(ctx, ports.RequestSearch{Scope: chess.Scope()}, after, 1)
	}, domain.Request.ID, requests[0], requests[1])
	paged(t, func(after uuid.UUID) ([]domain.Request, error) {
		return s.Requests.List(ctx, ports.RequestSearch{User: user}, after, 1)
	}, domain.Request.ID, requests[0], requests[2])
	paged(t, func(after uuid.UUID) ([]domain.Request, error) {
		return s.Requests.List(ctx, ports.RequestSearch{Scope: chess.Scope(), Status: domain.RequestPending}, after, 1)
	}, domain.Request.ID, requests[0])
	paged(t, func(after uuid.UUID) ([]domain.Invite, error) {
		return s.Invites.List(ctx, ports.InviteSearch{Scope: chess.Scope()}, after, 1)
	}, domain.Invite.ID, invites[0], invites[1])
	paged(t, func(after uuid.UUID) ([]domain.Invite, error) { // the first has run out at that moment
		return s.Invites.List(ctx, ports.InviteSearch{User: user, PendingAt: Noon.Add(domain.DefaultInviteLife)}, after, 1)
	}, domain.Invite.ID, invites[2])
	paged(t, func(after uuid.UUID) ([]domain.Link, error) { return s.Links.List(ctx, chess.Scope(), after, 1) }, domain.Link.ID, links[0], links[1])
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

func journalLife(t *testing.T, s Store) {
	by := Someone()
	ctx := As(t.Context(), by)
	scope := domain.CommunityScope(uuid.New())
	old := domain.NewEntry(by.User, "created", scope, map[string]any{"members": 1.0}, Noon)
	late := domain.NewEntry(uuid.New(), "deleted", domain.TeamScope(uuid.New()), nil, Noon.Add(time.Hour))
	require.Error(t, s.Journal.Write(ctx, old), "apart from what it tells of")
	s.do(t, ctx, func(ctx context.Context) error { return s.Journal.Write(ctx, old, late) })
	list := func(search ports.EntrySearch, after uuid.UUID) []domain.Entry {
		found, err := s.Journal.List(ctx, search, after, 10)
		require.NoError(t, err)
		return found
	}
	all := list(ports.EntrySearch{}, uuid.Nil)
	require.Len(t, all, 2)
	require.Equal(t, []uuid.UUID{late.ID, old.ID}, []uuid.UUID{all[0].ID, all[1].ID}, "newest first")
	require.NotEmpty(t, all[1].RequestID)
	all[1].RequestID = ""
	same(t, old, all[1])
	require.Len(t, list(ports.EntrySearch{}, late.ID), 1)
	require.Len(t, list(ports.EntrySearch{Actor: by.User}, uuid.Nil), 1)
	require.Len(t, list(ports.EntrySearch{Action: "team.deleted"}, uuid.Nil), 1)
	require.Len(t, list(ports.EntrySearch{Target: scope.ID.String()}, uuid.Nil), 1)

	n, err := s.Journal.Prune(t.Context(), Noon.Add(time.Minute))
	require.NoError(t, err)
	require.EqualValues(t, 1, n)
	require.Equal(t, late.ID, list(ports.EntrySearch{}, uuid.Nil)[0].ID)
}

func exclusive(t *testing.T, s Store) {
	ran, err := s.Exclusive.Try(t.Context(), "job", func(ctx context.Context) error {
		again, err := s.Exclusive.Try(ctx, "job", func(context.Context) error { return errors.New("twice at once") })
		require.NoError(t, err)
		require.False(t, again)
		other, err := s.Exclusive.Try(ctx, "other", func(context.Context) error { return nil })
		require.NoError(t, err)
		require.True(t, other)
		return nil
	})
	require.NoError(t, err)
	require.True(t, ran)
	failed := errors.New("failed")
	ran, err = s.Exclusive.Try(t.Context(), "job", func(context.Context) error { return failed })
	require.ErrorIs(t, err, failed)
	require.True(t, ran)
}

func strangers(t *testing.T, s Store) {
	by, stranger := Someone(), Someone()
	ctx, other := As(t.Context(), by), As(t.Context(), stranger)
	community := s.asking(t, ctx, by, "Chess")
	scope := community.Scope()
	b := s.at(t, ctx, scope, stranger.User)
	request, err := b.Ask(scope, "", Noon)
	require.NoError(t, err)
	invite, err := b.Invite(scope, domain.RoleMember, domain.RoleOwner, true, by, Noon)
	require.NoError(t, err)
	link, token, err := domain.NewLink(domain.Place{Community: community, Group: community}, domain.LinkDraft{}, true, by, Noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) error {
		return errors.Join(s.Requests.Add(ctx, request), s.Invites.Add(ctx, invite), s.Links.Add(ctx, link),
			s.Journal.Write(ctx, domain.NewEntry(by.User, "created", scope, nil, Noon)))
	})
	_, err = s.Groups.Find(other, scope)
	require.ErrorIs(t, err, domain.ErrCommunityNotFound)
	_, err = s.Memberships.Find(other, scope, by.User)
	require.ErrorIs(t, err, domain.ErrMemberNotFound)
	_, err = s.Requests.Find(other, scope, request.ID())
	require.ErrorIs(t, err, domain.ErrRequestNotFound)
	_, err = s.Invites.Find(other, invite.ID())
	require.ErrorIs(t, err, domain.ErrInviteNotFound)
	_, err = s.Links.ByToken(other, domain.HashToken(token))
	require.ErrorIs(t, err, domain.ErrLinkNotFound)
	for _, fn := range []func(context.Context) error{
		func(ctx context.Context) error { _, err := s.Groups.Lock(ctx, scope); return err },
		func(ctx context.Context) error { return s.Groups.Update(ctx, community) },
		func(ctx context.Context) error { return s.Requests.Update(ctx, request) },
		func(ctx context.Context) error { return s.Invites.Update(ctx, invite) },
		func(ctx context.Context) error { return s.Links.Update(ctx, link) },
	} {
		require.Error(t, s.Tx.Do(other, fn))
	}
	s.do(t, other, func(ctx context.Context) error { return s.Groups.Delete(ctx, scope) })
	require.Equal(t, community.Data(), s.group(t, ctx, scope).Data(), "deleted by a stranger")
	groups, err := s.Groups.List(other, ports.GroupSearch{}, ports.GroupKey{}, 10)
	require.NoError(t, err)
	require.Empty(t, groups)
	names, err := s.Groups.Names(other, community.ID())
	require.NoError(t, err)
	require.Empty(t, names)
	walked, err := s.Memberships.Walk(other, ports.WalkKey{}, 10)
	require.NoError(t, err)
	require.Empty(t, walked)
	entries, err := s.Journal.List(other, ports.EntrySearch{}, uuid.Nil, 10)
	require.NoError(t, err)
	require.Empty(t, entries)
}
