package domain

import (
	"errors"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// The bounds of answers.
const (
	maxCapacity     = 100_000
	maxPlusOnes     = 10
	maxCloseMinutes = 366 * 24 * 60
	maxComment      = 300
)

// AnswerRules are what an event says about answers.
type AnswerRules struct {
	Capacity     int  // seats of each date; 0 for any number
	PlusOnes     int  // how many people a member may bring
	CloseMinutes *int // before the start, when answers close; nil for the end of the date
}

func (r AnswerRules) checked(fields errs.Fields) AnswerRules {
	fields.Check(r.Capacity >= 0 && r.Capacity <= maxCapacity, "capacity", why.Outside(1, maxCapacity))
	fields.Check(r.PlusOnes >= 0 && r.PlusOnes <= maxPlusOnes, "plusOnes", why.Outside(0, maxPlusOnes))
	fields.Check(r.CloseMinutes == nil || *r.CloseMinutes >= 0 && *r.CloseMinutes <= maxCloseMinutes, "answersCloseMinutes", why.Outside(0, maxCloseMinutes))
	return r
}

// AnswerStatus is what a member answers.
type AnswerStatus string

// The answers.
const (
	AnswerGoing      AnswerStatus = "going" // takes seats, or waits for them
	AnswerInterested AnswerStatus = "interested"
	AnswerNotGoing   AnswerStatus = "not_going"
	AnswerWithdrawn  AnswerStatus = "withdrawn" // took the answer back
)

// Answer is what a member answered about one date.
type Answer struct {
	OccurrenceID uuid.UUID
	UserID       uuid.UUID
	Status       AnswerStatus
	Waiting      bool // going, and waits for a seat
	Place        int  // in the waiting list; orders it, and is not counted from 1
	PlusOnes     int  // people that the member brings, who take seats too
	Comment      string
	At           time.Time
	By           uuid.UUID // the member, or the organiser who answered for the member
	Guest        bool      // UserID is that of an invitation to an address
	Address      string    // of a guest; in lists only
}

// Counts are how many answers a date has.
type Counts struct {
	Seats      int // taken, with those of the people who are brought along
	Going      int
	Interested int
	NotGoing   int
	Waiting    int
}

// AnswerDraft is what a caller answers.
type AnswerDraft struct {
	Status   AnswerStatus
	PlusOnes int // counts with going only
	Comment  string
}

// AnswersClose is when answers about a date close.
func (e Event) AnswersClose(o Occurrence) time.Time {
	if minutes := e.data.Answers.CloseMinutes; minutes != nil {
		return o.data.Starts.Add(-time.Duration(*minutes) * time.Minute)
	}
	return o.data.Ends
}

// TakesPlace reports whether the event is on at a time, or comes later: on a date that is neither a draft nor cancelled nor over.
func (e Event) TakesPlace(o Occurrence, now time.Time) bool {
	return e.Status(o) == StatusScheduled && now.Before(o.data.Ends)
}

// AcceptsAnswers says whether members may answer about a date at a time.
func (e Event) AcceptsAnswers(o Occurrence, now time.Time) error {
	switch e.Status(o) {
	case StatusCancelled:
		return ErrEventCancelled
	case StatusDraft:
		return ErrAnswersClosed
	}
	if !now.Before(e.AnswersClose(o)) {
		return ErrAnswersClosed
	}
	return nil
}

// Answer makes an answer of a user about a date. The deadline counts for members who want to come: until the date ends others may
// say that they do not, and those who run the event may answer for them.
func (e Event) Answer(o Occurrence, user, by uuid.UUID, organiser bool, d AnswerDraft, now time.Time) (Answer, error) {
	fields := errs.Fields{}
	answer := Answer{OccurrenceID: o.data.ID, UserID: user, Status: d.Status, At: valid.Instant(now), By: by}
	answer.Comment = valid.Line(fields, "comment", d.Comment, 0, maxComment)
	if d.Status == AnswerGoing {
		answer.PlusOnes = d.PlusOnes
	}
	most := e.data.Answers.PlusOnes
	fields.Check(answer.PlusOnes >= 0 && answer.PlusOnes <= most, "plusOnes", why.Outside(0, most))
	if err := fields.Err(); err != nil {
		return Answer{}, err
	}
	err := e.AcceptsAnswers(o, now)
	late := organiser || d.Status == AnswerNotGoing || d.Status == AnswerWithdrawn
	if errors.Is(err, ErrAnswersClosed) && late && e.TakesPlace(o, now) {
		err = nil
	}
	return answer, err
}
