package domain

import (
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// Answer is what a voter chooses in one question.
type Answer struct {
	QuestionID uuid.UUID
	OptionIDs  []uuid.UUID
}

// Replacement is what turns the ballots of a voter into others: ballots to remove and ballots to add.
type Replacement struct {
	Kept   []Ballot
	Remove []Ballot
	Add    []Ballot
}

// Changes reports whether there is anything to do.
func (r Replacement) Changes() bool { return len(r.Remove)+len(r.Add) > 0 }

// Ballots are the voter's ballots afterwards.
func (r Replacement) Ballots() []Ballot { return append(slices.Clone(r.Kept), r.Add...) }

// ReplaceBallots returns what makes the answers the voter's only ballots in the poll. Answers that are those already cast
// need nothing, whatever the state of the poll. It refuses when the poll accepts no ballots, an answer is not possible, a
// required question has none, or a ballot would be taken back that cannot be.
func (p Questionnaire) ReplaceBallots(poll Poll, voter authz.Actor, answers []Answer, mine []Ballot, requestID string, now time.Time) (Replacement, error) {
	chosen, err := p.chosen(answers)
	if err != nil {
		return Replacement{}, err
	}
	var r Replacement
	cast := make(map[uuid.UUID]bool, len(mine))
	for _, b := range mine {
		cast[b.data.OptionID] = true
		if _, still := chosen[b.data.OptionID]; still {
			r.Kept = append(r.Kept, b)
		} else {
			r.Remove = append(r.Remove, b)
		}
	}
	if len(r.Remove) == 0 && len(chosen) == len(r.Kept) {
		return r, nil
	}
	if err := poll.AcceptsBallots(now); err != nil {
		return Replacement{}, err
	}
	if len(r.Remove) > 0 {
		if err := poll.CanRevoke(now); err != nil {
			return Replacement{}, err
		}
	}
	if err := p.requireAnswers(answers); err != nil {
		return Replacement{}, err
	}
	for _, o := range p.options { // in their order
		q := chosen[o.data.ID]
		if q.data.ID == uuid.Nil || cast[o.data.ID] {
			continue
		}
		selection := Selection{Poll: poll, QuestionID: q.data.ID, OptionID: o.data.ID, MaxVotes: q.data.MaxVotes, Offered: true}
		ballot, err := selection.NewBallot(voter, requestID, now, r.Ballots()...)
		if err != nil {
			return Replacement{}, err
		}
		r.Add = append(r.Add, ballot)
	}
	return r, nil
}

// chosen returns the options of the answers, each with its question.
func (p Questionnaire) chosen(answers []Answer) (map[uuid.UUID]Question, error) {
	fields := errs.Fields{}
	chosen, answered := map[uuid.UUID]Question{}, map[uuid.UUID]bool{}
	for i, a := range answers {
		q, err := p.Question(a.QuestionID)
		if err != nil {
			return nil, err
		}
		fields.Check(!answered[a.QuestionID], fmt.Sprintf("answers.%d.nomination_id", i), why.Duplicate("must not be answered twice"))
		answered[a.QuestionID] = true
		for k, id := range a.OptionIDs {
			o, err := p.Option(id)
			if err != nil {
				return nil, err
			}
			if o.data.QuestionID != q.data.ID {
				return nil, ErrOptionNotFound
			}
			_, twice := chosen[id]
			fields.Check(!twice, fmt.Sprintf("answers.%d.option_ids.%d", i, k), why.Duplicate("must not be chosen twice"))
			chosen[id] = q
		}
		if len(a.OptionIDs) > q.data.MaxVotes {
			return nil, ErrTooManyVotes.WithDetails(map[string]any{"nomination_id": q.data.ID.String(), "max_votes": q.data.MaxVotes})
		}
	}
	return chosen, fields.Err()
}

// requireAnswers refuses answers that leave a required question out, and names all that do.
func (p Questionnaire) requireAnswers(answers []Answer) error {
	var missing []string
	for _, q := range p.questions {
		if q.data.IsRequired && !slices.ContainsFunc(answers, func(a Answer) bool { return a.QuestionID == q.data.ID && len(a.OptionIDs) > 0 }) {
			missing = append(missing, q.data.ID.String())
		}
	}
	if len(missing) > 0 {
		return ErrAnswerRequired.WithDetails(map[string]any{"nomination_ids": missing})
	}
	return nil
}
