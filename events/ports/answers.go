package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/events/domain"
)

// Outcome is what became of an answer.
type Outcome string

// The outcomes.
const (
	OutcomeSaved   Outcome = "saved"
	OutcomeWaiting Outcome = "waiting" // for a seat
	OutcomeSame    Outcome = "same"    // as before; nothing was changed
	OutcomeFull    Outcome = "full"    // nothing was changed: more seats were asked for than are free
	OutcomeStale   Outcome = "stale"   // nothing was changed: the event or the date is another by now
)

// Answerable is an event on the date that is answered about.
type Answerable struct {
	Dated
	Cached bool // it may be out of date
}

// Answers stores what members answer.
type Answers interface {
	// Answerable returns an event on one of its dates; nil is the date that is on or comes next, else the last one. Unless fresh is set, it
	// may come from a cache.
	Answerable(ctx context.Context, event uuid.UUID, occurrence *uuid.UUID, now time.Time, fresh bool) (Answerable, error)
	// Set stores an answer with its domain event, in a transaction of its own, if the event is at the version that it was decided on.
	// It keeps the capacity, and the order of the waiting list. An answer that was stored comes with what the date has then.
	Set(ctx context.Context, event domain.Event, occurrence domain.Occurrence, answer domain.Answer) (Outcome, domain.Counts, error)
	// SetAll is Set of one answer for several dates, without a domain event and in the caller's transaction. The outcomes are those of
	// the dates in the order of their starts.
	SetAll(ctx context.Context, event domain.Event, answer domain.Answer, occurrences ...uuid.UUID) ([]Outcome, error)
	// SetSeries stores an answer about a whole series for dates that it gets later; a withdrawn one is removed. A member who answers the
	// same again keeps the place. It works in the caller's transaction, as FollowSeries and CopySeries do.
	SetSeries(ctx context.Context, event domain.Event, answer domain.Answer) error
	// FollowSeries gives new dates of an event the answers about the whole series, in the order of their places.
	FollowSeries(ctx context.Context, event uuid.UUID, occurrences ...domain.Occurrence) error
	// CopySeries gives the answers about one series to another.
	CopySeries(ctx context.Context, from, to uuid.UUID) error
	// SeatWaiting gives seats that a greater capacity has made free to those who wait. It works in the caller's transaction.
	SeatWaiting(ctx context.Context, event domain.Event, now time.Time) error
	// MostSeats returns how many seats the dates to come have taken at most.
	MostSeats(ctx context.Context, event uuid.UUID, now time.Time) (int, error)
	// OfUser returns the answers of a user about dates, by date.
	OfUser(ctx context.Context, user uuid.UUID, occurrences ...uuid.UUID) (map[uuid.UUID]domain.Answer, error)
	// IsGuest reports whether a user is invited to an event, or has an answer about a date of it that was not taken back.
	IsGuest(ctx context.Context, event, user uuid.UUID) (bool, error)
	// Page lists the answers about a date: those who go, then those who wait by their place, then the others.
	Page(ctx context.Context, occurrence uuid.UUID, filter AnswerFilter, after *AnswerPosition, limit int) ([]domain.Answer, error)
	// ListPromotions lists members of all tenants who got a seat while they waited and were not told of it, oldest first.
	ListPromotions(ctx context.Context, limit int) ([]Promotion, error)
	// TakePromotion removes a promotion that is to be told of, and reports whether it was still there.
	TakePromotion(ctx context.Context, id uuid.UUID) (bool, error)
}

// AnswerFilter selects answers. Answers that were taken back never match.
type AnswerFilter struct {
	Status   domain.AnswerStatus // empty for all
	Waiting  *bool
	NotGoing bool // with those who do not come
}

// AnswerPosition is the place of an answer in a list.
type AnswerPosition struct {
	Rank, Place int
	At          time.Time
	User        uuid.UUID
}

// PositionOfAnswer is the place of an answer.
func PositionOfAnswer(a domain.Answer) AnswerPosition {
	rank := map[domain.AnswerStatus]int{domain.AnswerGoing: 0, domain.AnswerInterested: 2, domain.AnswerNotGoing: 3}[a.Status]
	if a.Waiting {
		rank = 1
	}
	return AnswerPosition{Rank: rank, Place: a.Place, At: a.At, User: a.UserID}
}

// Promotion is a member who got a seat while waiting.
type Promotion struct {
	Tenant     uuid.UUID
	ID         uuid.UUID
	Event      uuid.UUID
	Occurrence uuid.UUID
	User       uuid.UUID
}
