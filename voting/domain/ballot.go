package domain

import (
	"time"

	"github.com/google/uuid"
)

// Ballot is one user's choice of one option.
type Ballot struct {
	data BallotData
}

// BallotData is everything there is to know about a ballot.
type BallotData struct {
	ID         uuid.UUID
	TenantID   uuid.UUID
	PollID     uuid.UUID
	QuestionID uuid.UUID
	OptionID   uuid.UUID
	UserID     uuid.UUID
	Slot       int    // which of the user's votes in the question it uses up: 1 to the question's MaxVotes
	RequestID  string // of the request that cast it, so that its repetition can be told from a second vote
	CastAt     time.Time
}

// RestoreBallot takes back a ballot from where it was stored.
func RestoreBallot(d BallotData) Ballot { return Ballot{data: d} }

// Data returns everything about the ballot.
func (b Ballot) Data() BallotData { return b.data }

// ID is the ballot's id.
func (b Ballot) ID() uuid.UUID { return b.data.ID }

// Choice is what a voter points at: an option of a question of a poll, as far as they exist.
type Choice struct {
	Poll       Poll
	QuestionID uuid.UUID
	OptionID   uuid.UUID
	MaxVotes   int  // of the question; 0 when the poll has no such question
	Offered    bool // whether the question has the option
}

// Fill makes the ballot for a choice, unless the poll takes none, the choice is not on its paper, or the voter's other
// ballots in the poll, as far as they are known, leave no room for it.
func (c Choice) Fill(voter Actor, requestID string, now time.Time, known ...Ballot) (Ballot, error) {
	if err := c.Poll.TakesBallots(now); err != nil {
		return Ballot{}, err
	}
	if c.MaxVotes == 0 {
		return Ballot{}, ErrQuestionNotFound
	}
	if !c.Offered {
		return Ballot{}, ErrOptionNotFound
	}
	if err := c.against(known); err != nil {
		return Ballot{}, err
	}
	id := newID()
	return Ballot{data: BallotData{
		ID: id, TenantID: voter.Tenant, PollID: c.Poll.ID(), QuestionID: c.QuestionID, OptionID: c.OptionID,
		UserID: voter.User, Slot: c.slot(id, known), RequestID: requestID, CastAt: Instant(now),
	}}, nil
}

// slot finds one that the known ballots leave free. Which one depends on the ballot, so that several of one voter at a
// time rarely want the same.
func (c Choice) slot(ballot uuid.UUID, known []Ballot) int {
	used := make(map[int]bool, len(known))
	for _, b := range known {
		if b.data.QuestionID == c.QuestionID {
			used[b.data.Slot] = true
		}
	}
	first := int(ballot[len(ballot)-1]) // random in any version of UUID that we make
	for i := range c.MaxVotes {
		if slot := (first+i)%c.MaxVotes + 1; !used[slot] {
			return slot
		}
	}
	return 0 // not reached: against has found fewer ballots than slots
}

// Repeats reports whether b was cast by the very request that now asks for the choice again.
func (b Ballot) Repeats(c Choice, requestID string) bool {
	return b.data.QuestionID == c.QuestionID && b.data.OptionID == c.OptionID && requestID != "" && b.data.RequestID == requestID
}

// against says why the ballots a voter has already cast in the poll leave no room for the choice, or nil.
func (c Choice) against(mine []Ballot) error {
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

// LeavesChoice reports whether somebody with these ballots has a vote left in any question of the paper.
func (p Paper) LeavesChoice(mine []Ballot) bool {
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

// MayVote reports whether somebody with these ballots may still cast one or change one. It does not ask for the right
// to vote, which is Access's to know.
func (p Poll) MayVote(paper Paper, mine []Ballot, now time.Time) bool {
	if p.TakesBallots(now) != nil {
		return false
	}
	return paper.LeavesChoice(mine) || p.data.Rules.AllowRevoting && len(mine) > 0
}
