package app_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

// colleague is another member of the tenant, with a role in the poll.
func (h *fixture) colleague(info app.PollInfo, role domain.Role) authz.Actor {
	h.t.Helper()
	a := portstest.SameTenantActor(h.member)
	h.access.Member(a, memberKeys...)
	if role != domain.RoleNone {
		_, err := h.participants.Put(h.as(h.maker), h.maker, info.Poll.ID(), a.User, role, false)
		require.NoError(h.t, err)
	}
	return a
}

// What each role may do with a private poll, through the use cases.
func TestRolesInAPrivatePoll(t *testing.T) {
	t.Parallel()
	private := func(in *app.CreatePoll) { in.Poll.Visibility = authz.VisibilityPrivate }
	for role, want := range map[domain.Role]struct{ read, vote, edit, manage, remove, results error }{
		domain.RoleNone:        {domain.ErrPollNotFound, domain.ErrPollNotFound, domain.ErrPollNotFound, domain.ErrPollNotFound, domain.ErrPollNotFound, domain.ErrPollNotFound},
		domain.RoleParticipant: {nil, nil, domain.ErrPollNotFound, domain.ErrForbidden, domain.ErrPollNotFound, domain.ErrResultsHidden},
		domain.RoleObserver:    {nil, domain.ErrForbidden, domain.ErrPollNotFound, domain.ErrForbidden, domain.ErrPollNotFound, nil},
		domain.RoleModerator:   {nil, nil, nil, domain.ErrForbidden, domain.ErrForbidden, nil},
		domain.RoleAdmin:       {nil, nil, nil, nil, domain.ErrForbidden, nil},
		domain.RoleOwner:       {nil, nil, nil, nil, nil, nil},
	} {
		t.Run(string(role), func(t *testing.T) {
			h := newFixture(t)
			poll, draft := h.make(private, 1), h.make(private)
			a := h.colleague(poll, role)
			if role != domain.RoleNone {
				_, err := h.participants.Put(h.as(h.maker), h.maker, draft.Poll.ID(), a.User, role, false)
				require.NoError(t, err)
			}
			ctx := h.as(a)
			info, err := h.polls.Info(ctx, a, poll.Poll.ID())
			require.ErrorIs(t, err, want.read)
			require.Equal(t, want.read == nil && want.vote == nil, err == nil && info.Standing.CanVote())
			_, err = h.polls.Get(ctx, a, poll.Poll.ID())
			require.ErrorIs(t, err, want.read)
			_, err = h.ballots.Mine(ctx, a, poll.Poll.ID())
			require.ErrorIs(t, err, want.read)
			_, err = h.ballots.Cast(ctx, a, pick(poll, 0))
			require.ErrorIs(t, err, want.vote)
			_, err = h.results.Get(ctx, a, poll.Poll.ID())
			require.ErrorIs(t, err, want.results)
			_, err = h.questions.Add(ctx, a, app.AddQuestion{PollID: draft.Poll.ID(), Question: domain.QuestionDraft{Title: "q"}})
			require.ErrorIs(t, err, want.edit)
			_, err = h.polls.Update(ctx, a, poll.Poll.ID(), app.UpdatePoll{Edit: domain.PollEdit{Settings: map[string]any{"a": "b"}}})
			require.ErrorIs(t, err, want.manage)
			_, err = h.participants.List(ctx, a, poll.Poll.ID())
			require.ErrorIs(t, err, want.manage)
			require.ErrorIs(t, h.polls.Delete(ctx, a, draft.Poll.ID()), want.remove)
			list, err := h.polls.List(ctx, a, app.ListPolls{Status: domain.StatusActive, Limit: 10})
			require.NoError(t, err)
			require.Equal(t, want.read == nil, list.Total == 1)
		})
	}
}

// An observer is refused although the cache and access say yes.
func TestAnObserverOfAPublicPollDoesNotVote(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 2)
	h.cast(h.member, info, 0)
	observer := h.colleague(info, domain.RoleObserver)
	before := len(h.memory.Published())
	_, err := h.ballots.Cast(h.as(observer), observer, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrForbidden)
	require.Len(t, h.memory.Published(), before)
	got, err := h.polls.Info(h.as(observer), observer, info.Poll.ID())
	require.NoError(t, err)
	require.False(t, got.Standing.CanVote())
}

func TestParticipantsAreChangedByThoseWhoManageThePoll(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 1)
	id := info.Poll.ID()
	admin := h.colleague(info, domain.RoleAdmin)
	user := uuid.New()
	put := func(by authz.Actor, user uuid.UUID, role domain.Role) error {
		_, err := h.participants.Put(h.as(by), by, id, user, role, false)
		return err
	}
	require.NoError(t, put(admin, user, domain.RoleObserver))
	events := len(h.memory.Published())
	require.NoError(t, put(h.maker, user, domain.RoleObserver), "the same role again")
	require.Len(t, h.memory.Published(), events)
	h.clock.Advance(hour(1))
	same, err := h.participants.Put(h.as(h.maker), h.maker, id, user, domain.RoleObserver, false)
	require.NoError(t, err)
	require.Equal(t, admin.User, same.InvitedBy, "what is there stays as it is")
	require.ErrorIs(t, put(admin, h.maker.User, domain.RoleOwner), domain.ErrForbidden)
	require.NoError(t, put(h.maker, user, domain.RoleOwner))
	require.ErrorIs(t, put(admin, user, domain.RoleObserver), domain.ErrForbidden, "only owners take ownership away")
	require.ErrorIs(t, h.participants.Remove(h.as(admin), admin, id, user), domain.ErrForbidden)
	require.ErrorIs(t, put(h.maker, h.maker.User, domain.RoleAdmin), domain.ErrCreatorIsOwner)
	require.ErrorIs(t, put(h.member, user, domain.RoleObserver), domain.ErrForbidden)
	require.ErrorIs(t, put(h.maker, user, "king"), domain.ErrInvalidRole)

	list, err := h.participants.List(h.as(h.maker), h.maker, id)
	require.NoError(t, err)
	require.Len(t, list, 3)
	require.Contains(t, list, domain.Participant{PollID: id, UserID: user, Role: domain.RoleOwner, InvitedBy: h.maker.User, AddedAt: h.clock.Now()})
	require.Contains(t, list, domain.Creator(info.Poll))

	require.NoError(t, h.participants.Remove(h.as(h.maker), h.maker, id, user))
	last := h.memory.Published()[len(h.memory.Published())-1]
	require.Equal(t, domain.ParticipantRemoved{ParticipantEvent: domain.ParticipantEvent{
		PollEvent: domain.PollEvent{Poll: info.Poll, By: h.maker.User}, Participant: list[indexOfUser(list, user)],
	}}, last)
	events = len(h.memory.Published())
	require.NoError(t, h.participants.Remove(h.as(h.maker), h.maker, id, user), "nothing to remove")
	require.Len(t, h.memory.Published(), events)
	require.ErrorIs(t, h.participants.Remove(h.as(h.maker), h.maker, id, h.maker.User), domain.ErrCreatorIsOwner)

	entries, err := h.audit.List(h.as(h.admin), h.admin, audit.Filter{TargetID: id.String()}, page.Request{})
	require.NoError(t, err)
	actions := map[string]int{}
	for _, e := range entries.Items {
		actions[e.Action]++
		if e.Action == "participant.removed" {
			require.Equal(t, user, e.About)
			require.Equal(t, h.maker.User, e.Actor.ID)
			require.Equal(t, map[string]any{"user_id": user.String(), "role": "owner"}, e.Metadata)
		}
	}
	require.Equal(t, map[string]int{"poll.created": 1, "poll.published": 1, "participant.changed": 3, "participant.removed": 1}, actions)
}

func indexOfUser(list []domain.Participant, user uuid.UUID) int {
	for i, p := range list {
		if p.UserID == user {
			return i
		}
	}
	return -1
}

func TestAPollTakesAThousandParticipants(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil)
	id := info.Poll.ID()
	for range 999 { // the creator is one
		_, err := h.participants.Put(h.as(h.maker), h.maker, id, uuid.New(), domain.RoleObserver, false)
		require.NoError(t, err)
	}
	_, err := h.participants.Put(h.as(h.maker), h.maker, id, uuid.New(), domain.RoleObserver, false)
	require.ErrorIs(t, err, domain.ErrTooManyPeople)
	list, err := h.participants.List(h.as(h.maker), h.maker, id)
	require.NoError(t, err)
	_, err = h.participants.Put(h.as(h.maker), h.maker, id, list[500].UserID, domain.RoleAdmin, false)
	require.NoError(t, err, "a change of a role is no new participant")
}

func TestTheAuditLogNeedsThePermissionInTheTenant(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	_, err := h.audit.List(h.as(h.maker), h.maker, audit.Filter{}, page.Request{})
	require.ErrorIs(t, err, authz.ErrDenied)
	_, err = h.audit.List(h.as(h.admin), h.admin, audit.Filter{}, page.Request{})
	require.NoError(t, err)
}
