package domain_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/voting/domain"
)

func activePoll(t require.TestingT, p domain.Questionnaire, poll domain.Poll) domain.Poll {
	active, _, err := poll.Transition(domain.StatusActive, p, noon)
	require.NoError(t, err)
	return active
}

func TestFillingABallot(t *testing.T) {
	t.Parallel()
	draft := newPoll(t, nil)
	p := questionnaire(t, draft.ID(), 2)
	active := activePoll(t, p, draft)
	good := domain.Selection{Poll: active, QuestionID: p.Questions()[0].ID(), OptionID: p.Options()[0].ID(), MaxVotes: 1, Offered: true}

	ballot, err := good.NewBallot(other, "request", noon)
	require.NoError(t, err)
	require.Equal(t, domain.BallotData{
		ID: ballot.ID(), TenantID: other.Tenant, PollID: active.ID(), QuestionID: good.QuestionID, OptionID: good.OptionID,
		UserID: other.User, Slot: 1, RequestID: "request", CastAt: noon,
	}, ballot.Data())
	_, err = good.NewBallot(other, "again", noon, ballot)
	require.ErrorIs(t, err, domain.ErrAlreadyVoted)
	second := good
	second.OptionID = p.Options()[1].ID()
	_, err = second.NewBallot(other, "again", noon, ballot)
	require.ErrorIs(t, err, domain.ErrTooManyVotes)

	for _, c := range []struct { // the first thing wrong is what is said
		change func(*domain.Selection)
		err    error
	}{
		{func(c *domain.Selection) { c.Offered = false }, domain.ErrOptionNotFound},
		{func(c *domain.Selection) { c.Offered, c.MaxVotes = false, 0 }, domain.ErrQuestionNotFound},
		{func(c *domain.Selection) { c.Offered, c.MaxVotes, c.Poll = false, 0, draft }, domain.ErrPollClosed},
	} {
		bad := good
		c.change(&bad)
		_, err := bad.NewBallot(other, "", noon)
		require.ErrorIs(t, err, c.err)
	}
}

func TestARepeatedRequestIsNoSecondVote(t *testing.T) {
	t.Parallel()
	c := domain.Selection{QuestionID: uuid.New(), OptionID: uuid.New()}
	ballot := func(d domain.BallotData) domain.Ballot { return domain.RestoreBallot(d) }
	same := domain.BallotData{QuestionID: c.QuestionID, OptionID: c.OptionID, RequestID: "r"}
	require.True(t, ballot(same).Repeats(c, "r"))
	require.False(t, ballot(same).Repeats(c, "s"))
	elsewhere := same
	elsewhere.OptionID = uuid.New()
	require.False(t, ballot(elsewhere).Repeats(c, "r"))
	nameless := same
	nameless.RequestID = ""
	require.False(t, ballot(nameless).Repeats(c, ""), "requests without an id cannot be told apart")
}

// Whatever a user tries in a poll, NewBallot allows one ballot for an option and no more than the limit of every
// question, HasVotesLeft says whether anything is left, and the results add up to the ballots.
func TestBallotsStayWithinTheRules(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		poll, err := domain.NewPoll(maker, draft(func(d *domain.PollDraft) { d.Rules.AllowRevoting = rapid.Bool().Draw(t, "revoting") }), noon)
		require.NoError(t, err)
		var p domain.Questionnaire
		for range rapid.IntRange(1, 3).Draw(t, "questions") {
			n := rapid.IntRange(1, 4).Draw(t, "options")
			p, _, err = p.Add(poll.ID(), domain.QuestionDraft{Title: "q", MaxVotes: rapid.IntRange(1, n).Draw(t, "limit"), Options: optionDrafts(n)})
			require.NoError(t, err)
		}
		poll = activePoll(t, p, poll)
		var mine []domain.Ballot
		now := noon
		t.Repeat(map[string]func(*rapid.T){
			"cast": func(t *rapid.T) {
				o := rapid.SampledFrom(p.Options()).Draw(t, "option").Data()
				q, err := p.Question(o.QuestionID)
				require.NoError(t, err)
				c := domain.Selection{Poll: poll, QuestionID: o.QuestionID, OptionID: o.ID, MaxVotes: q.Data().MaxVotes, Offered: true}
				now = now.Add(time.Second)
				if b, err := c.NewBallot(other, "", now, mine...); err == nil {
					mine = append(mine, b)
				}
			},
			"revoke": func(t *rapid.T) {
				if len(mine) == 0 || poll.CanRevoke(now) != nil {
					t.Skip()
				}
				i := rapid.IntRange(0, len(mine)-1).Draw(t, "ballot")
				mine = append(mine[:i:i], mine[i+1:]...)
			},
			"": func(t *rapid.T) {
				type slot struct {
					question uuid.UUID
					number   int
				}
				options, questions, tally, slots := map[uuid.UUID]int{}, map[uuid.UUID]int{}, domain.Tally{}, map[slot]bool{}
				for _, b := range mine {
					taken := slot{b.Data().QuestionID, b.Data().Slot}
					require.False(t, slots[taken])
					slots[taken] = true
					options[b.Data().OptionID]++
					questions[b.Data().QuestionID]++
					tally[b.Data().OptionID]++
					require.Equal(t, 1, options[b.Data().OptionID])
				}
				left := false
				for _, q := range p.Questions() {
					require.LessOrEqual(t, questions[q.ID()], q.Data().MaxVotes)
					for taken := range slots {
						require.True(t, taken.question != q.ID() || taken.number >= 1 && taken.number <= q.Data().MaxVotes)
					}
					left = left || questions[q.ID()] < q.Data().MaxVotes
				}
				require.Equal(t, left, p.HasVotesLeft(mine))
				standing := standingOf(poll, p, mine, now)
				require.Equal(t, left || poll.Data().Rules.AllowRevoting && len(mine) > 0, standing.CanVote())
				require.Equal(t, len(mine), standing.Progress.Votes)

				results := p.Results(poll, tally, domain.Voters{Questions: questionVoters(questions)})
				var sum int64
				require.Len(t, results.Questions, len(p.Questions()))
				for i, q := range p.Questions() {
					require.Equal(t, q.ID(), results.Questions[i].QuestionID)
					for k, o := range p.OptionsOf(q.ID()) {
						require.Equal(t, domain.OptionResult{OptionID: o.ID(), Title: o.Data().Title, Votes: tally[o.ID()], Percent: 100 * float64(tally[o.ID()])}, results.Questions[i].Options[k])
						sum += results.Questions[i].Options[k].Votes
					}
				}
				require.EqualValues(t, len(mine), sum)
			},
		})
	})
}

func TestNobodyVotesInAPollThatIsNotOpen(t *testing.T) {
	t.Parallel()
	poll := newPoll(t, nil)
	p := questionnaire(t, poll.ID(), 1)
	require.False(t, standingOf(poll, p, nil, noon).CanVote())
	require.True(t, standingOf(activePoll(t, p, poll), p, nil, noon).CanVote())
}

// standingOf is the standing of a member who belongs to the audience and holds every permission of members.
func standingOf(poll domain.Poll, p domain.Questionnaire, mine []domain.Ballot, now time.Time) domain.Standing {
	grants := domain.Grants{Read: true, Audience: true, Cast: true, Results: true}
	return domain.NewStanding(poll, domain.RoleNone, grants, domain.NewPollAccess(poll, other, domain.RoleNone, grants), p.Progress(mine), now)
}

func TestAnonymousPollsDoNotTellWhoVoted(t *testing.T) {
	t.Parallel()
	ballot := domain.RestoreBallot(domain.BallotData{UserID: other.User})
	open, secret := newPoll(t, nil), newPoll(t, func(d *domain.PollDraft) { d.Rules.Anonymous = true })
	require.Equal(t, other.User, domain.BallotEvent{Poll: open, Ballot: ballot}.Voter())
	require.Equal(t, uuid.Nil, domain.BallotEvent{Poll: secret, Ballot: ballot}.Voter())
}

// questionVoters is one voter in every question with ballots.
func questionVoters(ballots map[uuid.UUID]int) map[uuid.UUID]int64 {
	voters := map[uuid.UUID]int64{}
	for question := range ballots {
		voters[question] = 1
	}
	return voters
}
