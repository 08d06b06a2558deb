package app_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/page"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

func TestPollsAreClosedAtTheirEnd(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	ending := h.make(func(in *app.CreatePoll) { in.Poll.Schedule.Ends = h.clock.Now().Add(hour(1)) }, 1)
	endless := h.make(nil, 1)
	status := func(info app.PollInfo) domain.Status {
		view, err := h.polls.Get(h.as(h.maker), h.maker, info.Poll.ID())
		require.NoError(t, err)
		return view.Poll.Data().Status
	}
	require.NoError(t, h.lifecycle.CloseEnded(context.Background()))
	require.Equal(t, domain.StatusActive, status(ending))
	h.clock.Advance(hour(1) + time.Second)
	events := len(h.memory.Published())
	for range 2 {
		require.NoError(t, h.lifecycle.CloseEnded(context.Background()))
		require.Equal(t, domain.StatusClosed, status(ending))
		require.Equal(t, domain.StatusActive, status(endless))
		require.Len(t, h.memory.Published(), events+1)
	}
	closed, ok := h.memory.Published()[events].(domain.PollClosed)
	require.True(t, ok)
	require.Equal(t, ending.Poll.ID(), closed.Poll.ID())
	require.Equal(t, uuid.Nil, closed.By)
	entries, err := h.audit.List(h.as(h.admin), h.admin, audit.Filter{TargetID: ending.Poll.ID().String()}, page.Request{})
	require.NoError(t, err)
	require.Equal(t, "poll.closed", entries.Items[0].Action)
	require.Equal(t, audit.System, entries.Items[0].Actor.Type)
}

func TestPollsNeedAGroupThatTakesThem(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	community := authz.CommunityScope(uuid.New())
	create := func() error {
		_, err := h.polls.Create(h.as(h.admin), h.admin, app.CreatePoll{
			Poll: domain.PollDraft{Title: "t"}, ScopeType: community.Type, ScopeID: community.ID.String(),
		})
		return err
	}
	require.ErrorIs(t, create(), groups.ErrUnknown)
	h.group(community, community.ID, groups.Active)
	require.NoError(t, create())
	draft := h.make(func(in *app.CreatePoll) { in.ScopeType, in.ScopeID = community.Type, community.ID.String() })
	_, err := h.questions.Add(h.as(h.maker), h.maker, app.AddQuestion{PollID: draft.Poll.ID(), Question: domain.QuestionDraft{Title: "q", Options: []domain.OptionDraft{{Title: "o"}}}})
	require.NoError(t, err)
	h.group(community, community.ID, groups.Archived)
	require.ErrorIs(t, create(), groups.ErrArchived)
	_, err = h.polls.Update(h.as(h.maker), h.maker, draft.Poll.ID(), app.UpdatePoll{Status: ptr(domain.StatusActive)})
	require.ErrorIs(t, err, groups.ErrArchived)
	h.group(community, community.ID, groups.Active)
	require.NoError(t, create())
	h.group(community, community.ID, groups.Deleted)
	require.ErrorIs(t, create(), groups.ErrUnknown)
	_, err = h.polls.Create(h.as(h.admin), h.admin, app.CreatePoll{Poll: domain.PollDraft{Title: "t"}, ScopeType: authz.ScopeTeam, ScopeID: "not-a-uuid"})
	require.Equal(t, errs.Invalid, errs.KindOf(err))
	_, err = h.polls.Create(h.as(h.admin), h.admin, app.CreatePoll{Poll: domain.PollDraft{Title: "t"}, ScopeType: domain.ScopeEvent, ScopeID: uuid.NewString()})
	require.NoError(t, err, "voting knows no events")
}

// The polls of a deleted community and of its teams are closed, hidden, refuse votes and can be deleted.
func TestPollsOfADeletedCommunity(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	community, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	h.group(community, community.ID, groups.Active)
	h.group(team, community.ID, groups.Active)
	in := func(scope authz.Scope) func(*app.CreatePoll) {
		return func(in *app.CreatePoll) { in.ScopeType, in.ScopeID = scope.Type, scope.ID.String() }
	}
	ofCommunity, ofTeam, ofTenant := h.make(in(community), 2), h.make(in(team), 1), h.make(nil, 1)
	h.cast(h.member, ofCommunity, 0)
	events := len(h.memory.Published())
	h.group(community, community.ID, groups.Deleted)
	require.Len(t, h.memory.Published(), events+2)
	for _, event := range h.memory.Published()[events:] {
		require.IsType(t, domain.PollClosed{}, event)
	}
	for _, info := range []app.PollInfo{ofCommunity, ofTeam} {
		id := info.Poll.ID()
		_, err := h.polls.Get(h.as(h.member), h.member, id)
		require.ErrorIs(t, err, domain.ErrPollNotFound)
		_, err = h.ballots.Cast(h.as(h.member), h.member, pick(info, 0))
		require.ErrorIs(t, err, domain.ErrPollNotFound)
		got, err := h.polls.Get(h.as(h.maker), h.maker, id)
		require.NoError(t, err)
		require.Equal(t, domain.StatusClosed, got.Poll.Data().Status)
		require.NoError(t, h.polls.Delete(h.as(h.maker), h.maker, id))
		_, err = h.polls.Get(h.as(h.maker), h.maker, id)
		require.ErrorIs(t, err, domain.ErrPollNotFound)
	}
	list, err := h.polls.List(h.as(h.member), h.member, app.ListPolls{})
	require.NoError(t, err)
	require.Equal(t, ofTenant.Poll.ID(), list.Items[0].Poll.ID())
	require.Equal(t, 1, list.Total)
	h.cast(h.member, ofTenant, 0)
}

func TestPollsOfAnArchivedTeamAreClosed(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	community, team := authz.CommunityScope(uuid.New()), authz.TeamScope(uuid.New())
	h.group(team, community.ID, groups.Active)
	in := func(in *app.CreatePoll) { in.ScopeType, in.ScopeID = team.Type, team.ID.String() }
	active, draft := h.make(in, 1), h.make(in)
	h.group(team, community.ID, groups.Archived)
	_, err := h.ballots.Cast(h.as(h.member), h.member, pick(active, 0))
	require.ErrorIs(t, err, domain.ErrPollClosed)
	got, err := h.polls.Get(h.as(h.member), h.member, active.Poll.ID())
	require.NoError(t, err, "it stays visible")
	require.Equal(t, domain.StatusClosed, got.Poll.Data().Status)
	got, err = h.polls.Get(h.as(h.maker), h.maker, draft.Poll.ID())
	require.NoError(t, err)
	require.Equal(t, domain.StatusDraft, got.Poll.Data().Status)
}

// A draft of a deleted community changes without being closed: its event says that it was updated.
func TestADraftOfADeletedCommunityIsHidden(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	community := authz.CommunityScope(uuid.New())
	h.group(community, community.ID, groups.Active)
	draft := h.make(func(in *app.CreatePoll) { in.ScopeType, in.ScopeID = community.Type, community.ID.String() })
	h.group(community, community.ID, groups.Deleted)
	last, ok := h.memory.Published()[len(h.memory.Published())-1].(domain.PollUpdated)
	require.True(t, ok)
	require.Equal(t, draft.Poll.ID(), last.Poll.ID())
	require.True(t, last.Poll.Data().Hidden)
}
