package app_test

import (
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
	"go.updspace.com/voting/ports/portstest"
)

func TestAVoteIsStoredAndPublished(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 2)
	before := len(h.memory.Published())
	h.access.TakeChecks()
	ballot := h.cast(h.member, info, 1)
	asked, calls := h.access.TakeChecks()
	require.Equal(t, 1, calls)
	require.Equal(t, []authz.Check{info.Poll.Audience().Check(domain.PermissionVoteCast)}, asked)
	require.Equal(t, []domain.Event{domain.VoteCast{BallotEvent: domain.BallotEvent{Poll: info.Poll, Ballot: ballot}}}, h.memory.Published()[before:])
	mine, err := h.ballots.Mine(h.as(h.member), h.member, info.Poll.ID())
	require.NoError(t, err)
	require.Equal(t, []domain.Ballot{ballot}, mine)
}

func TestRefusedVotes(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	soon := func(in *app.CreatePoll) { in.Poll.Schedule.Starts = h.clock.Now().Add(hour(9)) }
	over := func(in *app.CreatePoll) { in.Poll.Schedule.Ends = h.clock.Now().Add(hour(1)) }
	open, notYet, past, draft, closed, voted := h.make(nil, 2), h.make(soon, 1), h.make(over, 1), h.make(nil), h.make(nil, 1), h.make(nil, 2)
	h.move(closed, domain.StatusClosed)
	h.cast(h.member, voted, 0)
	h.clock.Advance(hour(2))
	elsewhere := pick(open, 0)
	elsewhere.PollID = voted.Poll.ID()
	noOption := pick(open, 0)
	noOption.OptionID = uuid.New()
	inDraft := app.CastBallot{PollID: draft.Poll.ID(), QuestionID: uuid.New(), OptionID: uuid.New()}
	missing := app.CastBallot{PollID: uuid.New(), QuestionID: uuid.New(), OptionID: uuid.New()}
	mute := portstest.SameTenantActor(h.member)
	h.access.Member(mute, domain.PermissionPollRead)
	before := len(h.memory.Published())
	for name, c := range map[string]struct {
		voter authz.Actor
		in    app.CastBallot
		err   error
	}{
		"no such poll":                      {h.member, missing, domain.ErrPollNotFound},
		"another tenant":                    {portstest.NewActor(), pick(open, 0), domain.ErrPollNotFound},
		"without the right to vote":         {mute, pick(open, 0), domain.ErrForbidden},
		"without any right":                 {portstest.SameTenantActor(h.member), pick(open, 0), domain.ErrPollNotFound},
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
	for _, in := range []app.CastBallot{
		{QuestionID: uuid.New(), OptionID: uuid.New()}, {PollID: uuid.New(), OptionID: uuid.New()}, {PollID: uuid.New(), QuestionID: uuid.New()},
	} {
		require.Equal(t, errs.Invalid, errs.KindOf(in.Validate()))
	}
	require.NoError(t, missing.Validate())
	require.Len(t, h.memory.Published(), before)
}

// A vote costs Access one call, a refusal one more to say why, and an outage is not asked about twice, whether the cache
// knows what the voter points at or not.
func TestCallsToAccessPerVote(t *testing.T) {
	t.Parallel()
	mute := func(h *fixture) authz.Actor {
		a := portstest.SameTenantActor(h.member)
		h.access.Member(a, domain.PermissionPollRead)
		return a
	}
	away := errs.Unavailablef("away")
	for name, c := range map[string]struct {
		voter func(*fixture) authz.Actor
		fail  error
		calls int
		err   error
	}{
		"a member":          {func(h *fixture) authz.Actor { return h.member }, nil, 1, nil},
		"a denied voter":    {mute, nil, 2, domain.ErrForbidden},
		"a stranger":        {func(h *fixture) authz.Actor { return portstest.SameTenantActor(h.member) }, nil, 2, domain.ErrPollNotFound},
		"Access is away":    {func(h *fixture) authz.Actor { return h.member }, away, 1, away},
		"a denied outsider": {mute, away, 1, away},
	} {
		t.Run(name, func(t *testing.T) {
			for _, cached := range []bool{false, true} {
				h := newFixture(t)
				info := h.make(nil, 2)
				if cached {
					h.cast(h.maker, info, 0)
				}
				voter := c.voter(h)
				h.access.TakeChecks()
				h.access.Fail(c.fail)
				_, err := h.ballots.Cast(h.as(voter), voter, pick(info, 0))
				require.ErrorIs(t, err, c.err)
				_, calls := h.access.TakeChecks()
				require.Equal(t, c.calls, calls, "cached: %v", cached)
			}
		})
	}
}

func TestARepeatedVoteGetsItsFirstAnswer(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 2)
	in := pick(info, 0)
	first, err := h.ballots.Cast(h.as(h.member), h.member, in)
	require.NoError(t, err)
	told := len(h.memory.Published())
	again, err := h.ballots.Cast(h.as(h.member), h.member, in)
	require.NoError(t, err)
	require.Equal(t, first, again)

	h.move(info, domain.StatusClosed)
	again, err = h.ballots.Cast(h.as(h.member), h.member, in)
	require.NoError(t, err, "the vote was in when the poll was closed")
	require.Equal(t, first, again)
	_, err = h.ballots.Cast(h.as(h.member), h.member, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrPollClosed)
	require.Len(t, h.memory.Published(), told+1, "the closing")
}

func TestRevoking(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	soft := h.make(func(in *app.CreatePoll) {
		in.Poll.Rules.AllowRevoting = true
		in.Poll.Schedule.Ends = h.clock.Now().Add(hour(1))
	}, 2)
	firm := h.make(nil, 1)
	ballot := h.cast(h.member, soft, 0)
	revoke := func(by authz.Actor, id uuid.UUID) error { return h.ballots.Revoke(h.as(by), by, id) }

	require.ErrorIs(t, revoke(h.maker, ballot.ID()), domain.ErrBallotNotFound, "somebody else's")
	require.ErrorIs(t, revoke(h.member, uuid.New()), domain.ErrBallotNotFound)
	require.ErrorIs(t, revoke(h.member, h.cast(h.member, firm, 0).ID()), domain.ErrRevoteNotAllowed)
	h.access.Revoke(h.member, domain.PermissionVoteCast)
	require.ErrorIs(t, revoke(h.member, ballot.ID()), domain.ErrForbidden)
	h.access.Member(h.member, memberKeys...)

	require.NoError(t, revoke(h.member, ballot.ID()))
	require.ErrorIs(t, revoke(h.member, ballot.ID()), domain.ErrBallotNotFound)
	events := h.memory.Published()
	require.Equal(t, domain.VoteRevoked{BallotEvent: domain.BallotEvent{Poll: soft.Poll, Ballot: ballot}}, events[len(events)-1])

	other := h.cast(h.member, soft, 1) // revoke and cast again is how a vote is changed
	h.clock.Advance(hour(2))
	require.ErrorIs(t, revoke(h.member, other.ID()), domain.ErrPollEnded)
	h.move(soft, domain.StatusClosed)
	require.ErrorIs(t, revoke(h.member, other.ID()), domain.ErrPollClosed)
}

func TestOwnVotesNeedTheRight(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 1)
	h.access.Revoke(h.member, domain.PermissionVoteReadOwn)
	_, err := h.ballots.Mine(h.as(h.member), h.member, info.Poll.ID())
	require.ErrorIs(t, err, domain.ErrForbidden)
}

func TestResults(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(nil, 2)
	h.cast(h.member, info, 1)
	h.cast(h.maker, info, 1)
	of := func(a authz.Actor) error {
		_, err := h.results.Get(h.as(a), a, info.Poll.ID())
		return err
	}
	require.ErrorIs(t, of(h.member), domain.ErrResultsHidden)
	require.NoError(t, of(h.maker), "managers see them early")
	require.NoError(t, of(h.admin))
	h.move(info, domain.StatusClosed)
	got, err := h.results.Get(h.as(h.member), h.member, info.Poll.ID())
	require.NoError(t, err)
	closed, err := h.polls.Get(h.as(h.member), h.member, info.Poll.ID())
	require.NoError(t, err)
	require.Equal(t, info.Questionnaire.Results(closed.Poll, domain.Tally{info.Questionnaire.Options()[1].ID(): 2}, domain.Voters{
		Poll: 2, Questions: map[uuid.UUID]int64{info.Questionnaire.Questions()[0].ID(): 2},
	}), got)
	h.access.Revoke(h.member, domain.PermissionResultsRead)
	require.ErrorIs(t, of(h.member), domain.ErrForbidden)
}

// Two hundred votes of one user for one option at once leave one ballot.
func TestOneUserVotesOnceWhateverRaces(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
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

// A cached selection may accept a vote; every refusal is about the poll as it is now.
func TestACachedSelectionRefusesNoVote(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	info := h.make(func(in *app.CreatePoll) { in.Poll.Schedule.Ends = h.clock.Now().Add(hour(1)) }, 2)
	mute := portstest.SameTenantActor(h.member)
	h.access.Member(mute, domain.PermissionPollRead)
	_, err := h.ballots.Cast(h.as(mute), mute, pick(info, 0)) // fills the cache
	require.ErrorIs(t, err, domain.ErrForbidden)
	update := func(in app.UpdatePoll) {
		t.Helper()
		_, err := h.polls.Update(h.as(h.maker), h.maker, info.Poll.ID(), in)
		require.NoError(t, err)
	}
	update(app.UpdatePoll{Edit: domain.PollEdit{Visibility: ptr(authz.VisibilityPrivate)}})
	_, err = h.ballots.Cast(h.as(h.member), h.member, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrPollNotFound, "the cached poll was public")
	update(app.UpdatePoll{Edit: domain.PollEdit{Visibility: ptr(authz.VisibilityPublic)}})
	h.cast(h.maker, info, 0)

	h.clock.Advance(hour(2))
	_, err = h.ballots.Cast(h.as(h.member), h.member, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrPollEnded)
	update(app.UpdatePoll{Edit: domain.PollEdit{Ends: ptr(h.clock.Now().Add(hour(1)))}})
	h.cast(h.member, info, 0) // the end was put off, the cached poll is over

	h.move(info, domain.StatusClosed)
	_, err = h.ballots.Cast(h.as(h.admin), h.admin, pick(info, 0))
	require.ErrorIs(t, err, domain.ErrPollClosed, "the cached poll was open")
}
