package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/valid"
)

// Ballot is one user's selection of one option.
type Ballot struct {
	data BallotData
}

// BallotData is all data of a ballot.
type BallotData struct {
	ID         uuid.UUID
	TenantID   uuid.UUID
	PollID     uuid.UUID
	QuestionID uuid.UUID
	OptionID   uuid.UUID
	UserID     uuid.UUID
	Slot       int    // which of the user's votes in the question it uses up: 1 to the question's MaxVotes
	RequestID  string // of the request that cast it, which tells a repetition of it from a second vote
	CastAt     time.Time
}

// RestoreBallot returns a stored ballot. It is for repositories only.
func RestoreBallot(d BallotData) Ballot { return Ballot{data: d} }

// Data returns all data of the ballot.
func (b Ballot) Data() BallotData { return b.data }

// ID is the ballot's id.
func (b Ballot) ID() uuid.UUID { return b.data.ID }

// Selection is what a voter points at: an option of a question of a poll, as far as they exist.
type Selection struct {
	Poll       Poll
	QuestionID uuid.UUID
	OptionID   uuid.UUID
	MaxVotes   int  // of the question; 0 when the poll has no such question
	Offered    bool // whether the question has the option
}

// NewBallot makes the ballot for the selection. It refuses when the poll accepts no ballots, when the question or option
// does not exist, or when the voter's other ballots in the poll, as far as they are known, leave no vote for it.
func (c Selection) NewBallot(voter authz.Actor, requestID string, now time.Time, known ...Ballot) (Ballot, error) {
	if err := c.Poll.AcceptsBallots(now); err != nil {
		return Ballot{}, err
	}
	if c.MaxVotes == 0 {
		return Ballot{}, ErrQuestionNotFound
	}
	if !c.Offered {
		return Ballot{}, ErrOptionNotFound
	}
	if err := c.conflict(known); err != nil {
		return Ballot{}, err
	}
	id := valid.NewID()
	return Ballot{data: BallotData{
		ID: id, TenantID: voter.Tenant, PollID: c.Poll.ID(), QuestionID: c.QuestionID, OptionID: c.OptionID,
		UserID: voter.User, Slot: c.freeSlot(id, known), RequestID: requestID, CastAt: valid.Instant(now),
	}}, nil
}

// freeSlot returns a slot that no known ballot uses. Where it starts to look depends on the ballot, so that several
// ballots of one voter at the same time rarely get the same.
func (c Selection) freeSlot(ballot uuid.UUID, known []Ballot) int {
	used := make(map[int]bool, len(known))
	for _, b := range known {
		if b.data.QuestionID == c.QuestionID {
			used[b.data.Slot] = true
		}
	}
	first := int(ballot[len(ballot)-1]) // random in a UUIDv7
	for i := range c.MaxVotes {
		if slot := (first+i)%c.MaxVotes + 1; !used[slot] {
			return slot
		}
	}
	return 0 // not reached: conflict has found fewer ballots than slots
}

// Repeats reports whether b was cast by the same request for the same selection.
func (b Ballot) Repeats(c Selection, requestID string) bool {
	return b.data.QuestionID == c.QuestionID && b.data.OptionID == c.OptionID && requestID != "" && b.data.RequestID == requestID
}

// conflict says why the ballots that the voter has cast in the poll leave no vote for the selection, or nil.
func (c Selection) conflict(mine []Ballot) error {
	used := 0
	for _, b := range mine {
		if b.data.QuestionID != c.QuestionID {
			continue
		}
		if b.data.OptionID == c.OptionID {
			return ErrAlreadyVoted
		}
		used++
	}
	if used >= c.MaxVotes {
		return ErrTooManyVotes
	}
	return nil
}

// HasVotesLeft reports whether a voter with these ballots has a vote left in any question.
func (p Questionnaire) HasVotesLeft(mine []Ballot) bool {
	used := make(map[uuid.UUID]int, len(p.questions))
	for _, b := range mine {
		used[b.data.QuestionID]++
	}
	for _, q := range p.questions {
		if used[q.data.ID] < min(q.data.MaxVotes, len(p.OptionsOf(q.data.ID))) {
			return true
		}
	}
	return false
}
