package app_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

func TestAVoteIsCountedAndTold(t *testing.T) {
	h := open(t)
	info := h.make(nil, 2)
	before := len(h.memory.Events())
	h.access.Asked()
	ballot := h.cast(h.member, info, 1)
	asked, calls := h.access.Asked()
	require.Equal(t, 1, calls)
	require.Equal(t, []domain.Ask{info.Poll.AskVisible(domain.PermissionVoteCast)}, asked)
	require.Equal(t, []domain.Event{domain.VoteCast{BallotEvent: domain.BallotEvent{Poll: info.Poll, Ballot: ballot}}}, h.memory.Events()[before:])
	mine, err := h.ballots.Mine(h.as(h.member), h.member, info.Poll.ID())
	require.NoError(t, err)
	require.Equal(t, []domain.Ballot{ballot}, mine)
}

func TestWhyAVoteIsRefused(t *testing.T) {
	h := open(t)
	soon := func(in *app.CreatePoll) { in.Poll.Schedule.Starts = h.clock.Now().Add(hour(1)) }
	over := func(in *app.CreatePoll) { in.Poll.Schedule.Ends = h.clock.Now().Add(-hour(1)) }
	open, notYet, past, draft, closed, voted := h.make(nil, 2), h.make(soon, 1), h.make(over, 1), h.make(nil), h.make(nil, 1), h.make(nil, 2)
	h.move(closed, domain.StatusClosed)
	h.cast(h.member, voted, 0)
	elsewhere := pick(open, 0)
	elsewhere.PollID = voted.Poll.ID()
	noOption := pick(open, 0)
	noOption.OptionID = uuid.New()
	inDraft := app.CastBallot{PollID: draft.Poll.ID(), QuestionID: uuid.New(), OptionID: uuid.New()}
	missing := app.CastBallot{PollID: uuid.New(), QuestionID: uuid.New(), OptionID: uuid.New()}
	mute := portstest.Colleague(h.member)
	h.access.Grant(mute.User, []domain.Permission{domain.PermissionPollRead})
	before := len(h.memory.Events())
	for name, c := range map[string]struct {
		voter domain.Actor
		in    app.CastBallot
		err   error
	}{
		"no such poll":                      {h.member, missing, domain.ErrPollNotFound},
		"another tenant":                    {portstest.Someone(), pick(open, 0), domain.ErrPollNotFound},
		"without the right to vote":         {mute, pick(open, 0), domain.ErrForbidden},
		"without any right":                 {portstest.Colleague(h.member), pick(open, 0), domain.ErrPollNotFound},
		"in a draft one does not see":       {h.member, inDraft, domain.ErrPollNotFound},
		"in one's own draft":                {h.maker, inDraft, domain.ErrPollClosed},
		"in a closed poll":                  {h.member, pick(closed, 0), domain.ErrPollClosed},
		"too early":                         {h.member, pick(notYet, 0), domain.ErrPollNotStarted},
		"too late":                          {h.member, pick(past, 0), domain.ErrPollEnded},
		"for a question of another poll":    {h.member, elsewhere, domain.ErrQuestionNotFound},
		"for an option that is not offered": {h.member, noOption, domain.ErrOptionNotFound},
		"for the same option":               {h.member, pick(voted, 0), domain.ErrAlreadyVoted},
		"beyond the limit":                  {h.member, pick(voted, 1), domain.ErrTooManyVotes},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := h.ballots.Cast(h.as(c.voter), c.voter, c.in)
			require.ErrorIs(t, err, c.err)
		})
	}
	require.Error(t, app.CastBallot{}.Validate())
	require.Len(t, h.memory.Events(), before)
}

func TestARepeatedVoteGetsItsFirstAnswer(t *testing.T) {
	h := open(t)
	info := h.make(nil, 2)
	in := pick(info, 0)
	first, err := h.ballots.Cast(h.as(h.member), h.member, in)
	require.NoError(t, err)
	told := len(h.memory.Events())
	again, err := h.ballots.Cast(h.as(h.member), h.member, in)
	require.NoError(t, err)
	require.Equal(t, first, again)

	h.move(info, domain.StatusClosed)
	again, err = h.ballots.Cast(h.as(h.member), h.member, in)
	require.NoError(t, err, "the vote was in when the poll was closed")
	require.Equal(t, first, again)
	_, err = h.ballots.Cast(h.as(h.member), h.member, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrPollClosed)
	require.Len(t, h.memory.Events(), told+1, "the closing")
}

func TestRevoking(t *testing.T) {
	h := open(t)
	soft := h.make(func(in *app.CreatePoll) {
		in.Poll.Rules.AllowRevoting = true
		in.Poll.Schedule.Ends = h.clock.Now().Add(hour(1))
	}, 2)
	firm := h.make(nil, 1)
	ballot := h.cast(h.member, soft, 0)
	revoke := func(by domain.Actor, id uuid.UUID) error { return h.ballots.Revoke(h.as(by), by, id) }

	require.ErrorIs(t, revoke(h.maker, ballot.ID()), domain.ErrBallotNotFound, "somebody else's")
	require.ErrorIs(t, revoke(h.member, uuid.New()), domain.ErrBallotNotFound)
	require.ErrorIs(t, revoke(h.member, h.cast(h.member, firm, 0).ID()), domain.ErrRevoteNotAllowed)
	h.access.Revoke(h.member.User, domain.PermissionVoteCast)
	require.ErrorIs(t, revoke(h.member, ballot.ID()), domain.ErrForbidden)
	h.access.Grant(h.member.User, memberKeys)

	require.NoError(t, revoke(h.member, ballot.ID()))
	require.ErrorIs(t, revoke(h.member, ballot.ID()), domain.ErrBallotNotFound)
	events := h.memory.Events()
	require.Equal(t, domain.VoteRevoked{BallotEvent: domain.BallotEvent{Poll: soft.Poll, Ballot: ballot}}, events[len(events)-1])

	other := h.cast(h.member, soft, 1) // revoke and cast again is how a vote is changed
	h.clock.Advance(hour(2))
	require.ErrorIs(t, revoke(h.member, other.ID()), domain.ErrPollEnded)
	h.move(soft, domain.StatusClosed)
	require.ErrorIs(t, revoke(h.member, other.ID()), domain.ErrPollClosed)
}

func TestOwnVotesNeedTheRight(t *testing.T) {
	h := open(t)
	info := h.make(nil, 1)
	h.access.Revoke(h.member.User, domain.PermissionVoteReadOwn)
	_, err := h.ballots.Mine(h.as(h.member), h.member, info.Poll.ID())
	require.ErrorIs(t, err, domain.ErrForbidden)
}

func TestResults(t *testing.T) {
	h := open(t)
	info := h.make(nil, 2)
	h.cast(h.member, info, 1)
	h.cast(h.maker, info, 1)
	of := func(a domain.Actor) error {
		_, err := h.results.Of(h.as(a), a, info.Poll.ID())
		return err
	}
	require.ErrorIs(t, of(h.member), domain.ErrResultsHidden)
	require.NoError(t, of(h.maker), "managers see them early")
	require.NoError(t, of(h.admin))
	h.move(info, domain.StatusClosed)
	got, err := h.results.Of(h.as(h.member), h.member, info.Poll.ID())
	require.NoError(t, err)
	require.Equal(t, info.Paper.Results(info.Poll.ID(), domain.Tally{info.Paper.Options()[1].ID(): 2}), got)
	h.access.Revoke(h.member.User, domain.PermissionResultsRead)
	require.ErrorIs(t, of(h.member), domain.ErrForbidden)
}

// Two hundred of one user and two hundred users, through the use case, with a close in the middle of others.
func TestVotesRace(t *testing.T) {
	h := open(t)
	info := h.make(nil, 3)
	var cast, refused atomic.Int32
	var wg sync.WaitGroup
	for range 200 {
		wg.Go(func() {
			if _, err := h.ballots.Cast(h.as(h.member), h.member, pick(info, 0)); err == nil {
				cast.Add(1)
			} else if domain.ErrAlreadyVoted.Is(err) {
				refused.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, cast.Load())
	require.EqualValues(t, 199, refused.Load())
}

// What is remembered of a poll is good for a yes only: every no is a no of the poll as it is now.
func TestARememberedChoiceDoesNotOutliveThePoll(t *testing.T) {
	h := open(t)
	info := h.make(func(in *app.CreatePoll) { in.Poll.Schedule.Ends = h.clock.Now().Add(hour(1)) }, 2)
	h.cast(h.maker, info, 0) // remembered from here on
	update := func(in app.UpdatePoll) {
		t.Helper()
		_, err := h.polls.Update(h.as(h.maker), h.maker, info.Poll.ID(), in)
		require.NoError(t, err)
	}
	h.clock.Advance(hour(2))
	_, err := h.ballots.Cast(h.as(h.member), h.member, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrPollEnded)
	update(app.UpdatePoll{Edit: domain.PollEdit{Ends: ptr(h.clock.Now().Add(hour(1)))}})
	h.cast(h.member, info, 0) // the end was put off; what is remembered says that it is over

	update(app.UpdatePoll{Edit: domain.PollEdit{Visibility: ptr(domain.VisibilityPrivate)}})
	late := portstest.Colleague(h.member)
	h.access.Grant(late.User, memberKeys)
	_, err = h.ballots.Cast(h.as(late), late, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrPollNotFound, "what is remembered says that everybody may")
	update(app.UpdatePoll{Edit: domain.PollEdit{Visibility: ptr(domain.VisibilityPublic)}})
	h.cast(late, info, 0)

	h.move(info, domain.StatusClosed)
	_, err = h.ballots.Cast(h.as(h.admin), h.admin, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrPollClosed, "what is remembered says that it is open")
}
