package domain

import (
	"math"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// Tally is the number of ballots per option. Options without any are absent.
type Tally map[uuid.UUID]int64

// Voters is how many users have a ballot in a poll, and in each of its questions. Questions without any are absent.
type Voters struct {
	Poll      int64
	Questions map[uuid.UUID]int64
}

// Results are the votes for the options of a poll.
type Results struct {
	PollID    uuid.UUID
	Final     bool // the poll is closed
	Votes     int64
	Turnout   Turnout
	Questions []QuestionResult
}

// Turnout is how many of those who may vote did.
type Turnout struct {
	Voters   int64
	Eligible *int64 // nil when voting does not know the audience
}

// QuestionResult is the result of one question.
type QuestionResult struct {
	QuestionID uuid.UUID
	Title      string
	Votes      int64
	Voters     int64
	Winners    []uuid.UUID // the options with the most votes; none without a vote
	Options    []OptionResult
}

// OptionResult is the result of one option.
type OptionResult struct {
	OptionID uuid.UUID
	Title    string
	Votes    int64
	Percent  float64 // of the voters of the question
}

// Results returns a tally in the order of the questionnaire: every question with every option.
func (p Questionnaire) Results(poll Poll, tally Tally, voters Voters) Results {
	r := Results{
		PollID: poll.ID(), Final: poll.data.Status == StatusClosed, Turnout: Turnout{Voters: voters.Poll},
		Questions: make([]QuestionResult, 0, len(p.questions)),
	}
	for _, q := range p.questions {
		result := newQuestionResult(q, p.OptionsOf(q.data.ID), tally, voters.Questions[q.data.ID])
		r.Votes += result.Votes
		r.Questions = append(r.Questions, result)
	}
	return r
}

func newQuestionResult(q Question, options []Option, tally Tally, voters int64) QuestionResult {
	r := QuestionResult{QuestionID: q.data.ID, Title: q.data.Title, Voters: voters, Options: make([]OptionResult, 0, len(options))}
	var most int64
	for _, o := range options {
		votes := tally[o.data.ID]
		r.Votes += votes
		most = max(most, votes)
		r.Options = append(r.Options, OptionResult{OptionID: o.data.ID, Title: o.data.Title, Votes: votes, Percent: Percent(votes, voters)})
	}
	for _, o := range r.Options {
		if most > 0 && o.Votes == most {
			r.Winners = append(r.Winners, o.OptionID)
		}
	}
	return r
}

// WithEligible returns the results of a private poll with the number of its participants who may vote. The audience of
// other polls is known to access only.
func (r Results) WithEligible(poll Poll, participants []Participant) Results {
	if poll.data.Visibility != authz.VisibilityPrivate {
		return r
	}
	var eligible int64
	for _, m := range participants {
		if m.Role != RoleObserver {
			eligible++
		}
	}
	eligible = max(eligible, r.Turnout.Voters) // a voter may have lost the role since
	r.Turnout.Eligible = &eligible
	return r
}

// Percent is a part of a whole in percent, with one decimal; 0 of nothing. More than the whole counts as the whole, which
// happens when both were counted one after the other.
func Percent(part, whole int64) float64 {
	if whole == 0 {
		return 0
	}
	return math.Min(100, math.Round(float64(part)*1000/float64(whole))/10)
}

// Tie reports whether more than one option has the most votes.
func (q QuestionResult) Tie() bool { return len(q.Winners) > 1 }
