package portstest

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/voting/domain"
)

func participants(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll := NewPoll(t, by, Draft(by, "draft"), Noon)
	s.save(t, ctx, poll, domain.Questionnaire{})
	put := func(user uuid.UUID, role domain.Role, at time.Time) domain.Participant {
		p := domain.Participant{PollID: poll.ID(), UserID: user, Role: role, InvitedBy: by.User, AddedAt: at}
		require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Participants.Put(ctx, p) }))
		return p
	}
	list := func() []domain.Participant {
		got, err := s.Participants.List(ctx, poll.ID())
		require.NoError(t, err)
		return got
	}
	late, early := put(uuid.New(), domain.RoleObserver, Noon.Add(2*time.Hour)), put(uuid.New(), domain.RoleAdmin, Noon.Add(time.Hour))
	require.Equal(t, []domain.Participant{domain.Creator(poll), early, late}, list())
	early = put(early.UserID, domain.RoleModerator, Noon.Add(3*time.Hour))
	require.Equal(t, []domain.Participant{domain.Creator(poll), late, early}, list())
	for user, want := range map[uuid.UUID]domain.Role{by.User: domain.RoleOwner, early.UserID: domain.RoleModerator, uuid.New(): domain.RoleNone} {
		role, err := s.Participants.Role(ctx, poll.ID(), user)
		require.NoError(t, err)
		require.Equal(t, want, role)
	}
	for range 2 {
		require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Participants.Remove(ctx, poll.ID(), late.UserID) }))
		require.Equal(t, []domain.Participant{domain.Creator(poll), early}, list())
	}
}

func invites(t *testing.T, s Store) {
	by := NewActor()
	ctx, user := As(t.Context(), by), uuid.New()
	var polls []domain.Poll
	for i := range 3 {
		poll := NewPoll(t, by, Draft(by, "draft"), Noon)
		if i == 2 {
			data := poll.Data()
			data.Hidden = true
			poll = domain.RestorePoll(data)
		}
		s.save(t, ctx, poll, domain.Questionnaire{})
		polls = append(polls, poll)
	}
	invite := func(i int, user uuid.UUID) domain.Participant {
		return domain.Participant{
			PollID: polls[i].ID(), UserID: user, Role: domain.RoleObserver, InvitedBy: by.User, AddedAt: Noon.Add(time.Duration(i) * time.Hour),
		}.Invited()
	}
	do := func(fn func(context.Context) error) { t.Helper(); require.NoError(t, s.Tx.Do(ctx, fn)) }
	pending := func() (ids []uuid.UUID) {
		t.Helper()
		found, err := s.Invites.ListPending(ctx, user, 10)
		require.NoError(t, err)
		for _, p := range found {
			require.Equal(t, p.Poll.ID(), p.Invite.PollID)
			ids = append(ids, p.Invite.PollID)
		}
		return ids
	}
	list := func() []domain.Participant {
		t.Helper()
		found, err := s.Invites.List(ctx, polls[0].ID())
		require.NoError(t, err)
		return found
	}
	mine, other := invite(0, user), invite(0, uuid.New())
	other.AddedAt = Noon.Add(time.Minute)
	do(func(ctx context.Context) error {
		return s.Invites.Put(ctx, mine, other, invite(1, user), invite(2, user))
	})
	require.Equal(t, []domain.Participant{mine, other}, list())
	require.Equal(t, []uuid.UUID{polls[1].ID(), polls[0].ID()}, pending(), "newest first, without the hidden poll")
	first, err := s.Invites.ListPending(ctx, user, 1)
	require.NoError(t, err)
	require.Len(t, first, 1)
	role, err := s.Participants.Role(ctx, polls[0].ID(), user)
	require.NoError(t, err)
	require.Equal(t, domain.RoleNone, role, "an invite is no role")
	do(func(ctx context.Context) error { return s.Invites.Put(ctx, mine.Decline()) })
	require.Equal(t, []domain.Participant{mine.Decline(), other}, list())
	require.Equal(t, []uuid.UUID{polls[1].ID()}, pending())
	do(func(ctx context.Context) error {
		return s.Invites.Remove(ctx, polls[0].ID(), mine.UserID, other.UserID)
	})
	require.Empty(t, list())
	require.Len(t, pending(), 1)
	elsewhere, err := s.Invites.ListPending(As(t.Context(), NewActor()), user, 10)
	require.NoError(t, err)
	require.Empty(t, elsewhere)
}

func observers(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, questionnaire := s.active(t, ctx, by, 1)
	for role, want := range map[domain.Role]error{domain.RoleObserver: domain.ErrForbidden, domain.RoleParticipant: nil} {
		voter := SameTenantActor(by)
		require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
			return s.Participants.Put(ctx, domain.Participant{PollID: poll.ID(), UserID: voter.User, Role: role, InvitedBy: by.User, AddedAt: Noon})
		}))
		cast, err := s.try(ctx, s.fill(t, ctx, voter, poll, questionnaire.Options()[0], Noon))
		require.ErrorIs(t, err, want)
		require.Equal(t, want == nil, cast)
	}
}

func pollsOfGroups(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	community, team, elsewhere := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New()), authz.CommunityScope(uuid.New())
	for scope, parent := range map[authz.Scope]uuid.UUID{community: community.ID, team: community.ID, elsewhere: elsewhere.ID} {
		require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
			return s.Groups.Put(ctx, groups.Group{Scope: scope, Community: parent, State: groups.Active})
		}))
	}
	made := map[authz.Scope]uuid.UUID{}
	for _, scope := range []authz.Scope{community, team, elsewhere, authz.TenantScope(by.Tenant)} {
		poll := NewPoll(t, by, domain.PollDraft{Title: "poll", Scope: scope}, Noon)
		s.save(t, ctx, poll, domain.Questionnaire{})
		made[scope] = poll.ID()
	}
	for scope, want := range map[authz.Scope][]uuid.UUID{
		community: {made[community], made[team]}, team: {made[team]}, elsewhere: {made[elsewhere]}, authz.CommunityScope(uuid.New()): {},
	} {
		require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
			found, err := s.Polls.ListByGroup(ctx, scope)
			require.ElementsMatch(t, want, found)
			return err
		}))
	}
}

func ended(t *testing.T, s Store) {
	by, other := NewActor(), NewActor()
	ends := Noon.Add(time.Hour)
	make := func(by authz.Actor, ends time.Time, publish bool) uuid.UUID {
		ctx := As(t.Context(), by)
		draft := Draft(by, "poll")
		draft.Schedule.Ends = ends
		poll := NewPoll(t, by, draft, Noon)
		questionnaire := NewQuestionnaire(t, poll.ID(), 1)
		if publish {
			poll = Move(t, poll, domain.StatusActive, questionnaire)
		}
		s.save(t, ctx, poll, questionnaire)
		return poll.ID()
	}
	mine, theirs := make(by, ends, true), make(other, ends, true)
	make(by, time.Time{}, true)
	make(by, ends.Add(time.Hour), true)
	make(by, ends, false)
	list := func(now time.Time, limit int) (ids []uuid.UUID) {
		found, err := s.Polls.ListEnded(context.Background(), now, limit)
		require.NoError(t, err)
		for _, e := range found {
			if e.Tenant == by.Tenant || e.Tenant == other.Tenant {
				ids = append(ids, e.Poll)
			}
		}
		return ids
	}
	require.Empty(t, list(ends, 100))
	require.ElementsMatch(t, []uuid.UUID{mine, theirs}, list(ends.Add(time.Second), 100))
	require.Len(t, slices.Compact(list(ends.Add(time.Second), 1)), 1)
}

func amendments(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	poll, _ := s.active(t, ctx, by, 1)
	title, text := "corrected", "a text"
	for _, edit := range []domain.PollEdit{{Title: &title, AmendmentReason: "a typo"}, {Description: &text, AmendmentReason: "it was missing"}} {
		amended, _, err := poll.Edit(edit, true, Noon.Add(time.Hour))
		require.NoError(t, err)
		require.NoError(t, s.update(ctx, amended))
		found, err := s.Polls.Find(ctx, poll.ID())
		require.NoError(t, err)
		same(t, amended.Data(), found.Data())
		poll = amended
	}
	require.Len(t, poll.Data().Amendments, 2)
	hidden, _ := poll.CloseWithGroup(groups.Deleted, Noon)
	require.NoError(t, s.update(ctx, hidden))
	found, err := s.Polls.Find(ctx, poll.ID())
	require.NoError(t, err)
	same(t, hidden.Data(), found.Data())
}
