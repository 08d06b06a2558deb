package portstest

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/authz"
)

// scheduled stores an event of the tenant with dates a day apart, of two hours, that begins an hour past noon.
func (s Store) scheduled(t *testing.T, by authz.Actor, dates int, rules domain.AnswerRules) (domain.Event, []domain.Occurrence) {
	t.Helper()
	start := Noon.Add(time.Hour)
	draft := domain.EventDraft{
		Details: domain.Details{Title: "Title"}, Scope: authz.TenantScope(by.Tenant), Answers: rules,
		Schedule: domain.ScheduleDraft{Starts: start, Ends: start.Add(2 * time.Hour), Zone: "UTC"},
	}
	for i := 1; i < dates; i++ {
		draft.Schedule.RDates = append(draft.Schedule.RDates, start.AddDate(0, 0, i))
	}
	event, list, err := domain.NewEvent(by, "aef", draft, Noon)
	require.NoError(t, err)
	require.Len(t, list, dates)
	s.add(t, As(t.Context(), by), event, list...)
	return event, list
}

// answered stores an answer and returns what became of it.
func (s Store) answered(t *testing.T, ctx context.Context, event domain.Event, o domain.Occurrence, a domain.Answer) (ports.Outcome, domain.Counts) {
	t.Helper()
	a.OccurrenceID = o.ID()
	if a.By == uuid.Nil {
		a.By = a.UserID
	}
	if a.At.IsZero() {
		a.At = Noon
	}
	outcome, counts, err := s.Answers.Set(ctx, event, o, a)
	require.NoError(t, err)
	return outcome, counts
}

func going(user uuid.UUID, plusOnes int) domain.Answer {
	return domain.Answer{UserID: user, Status: domain.AnswerGoing, PlusOnes: plusOnes}
}

// counted are the counts that a date is stored with.
func (s Store) counted(t *testing.T, ctx context.Context, o domain.Occurrence) domain.Counts {
	t.Helper()
	got, err := s.Occurrences.Find(ctx, o.Data().EventID, o.ID())
	require.NoError(t, err)
	return got.Data().Counts
}

// waiting are those who wait for a seat on a date, in their order.
func (s Store) waiting(t *testing.T, ctx context.Context, o domain.Occurrence) (users []uuid.UUID) {
	t.Helper()
	list, err := s.Answers.Page(ctx, o.ID(), ports.AnswerFilter{Waiting: new(true)}, nil, 100)
	require.NoError(t, err)
	for _, a := range list {
		users = append(users, a.UserID)
	}
	return users
}

// promoted takes the promotions of the tenant and returns who got a seat, in the order of it.
func (s Store) promoted(t *testing.T, ctx context.Context, by authz.Actor) (users []uuid.UUID) {
	t.Helper()
	list, err := s.Answers.ListPromotions(ctx, 1_000)
	require.NoError(t, err)
	for _, p := range list {
		if p.Tenant != by.Tenant {
			continue
		}
		users = append(users, p.User)
		for _, want := range []bool{true, false} { // of two instances one finds it
			s.do(t, ctx, func(ctx context.Context) error {
				taken, err := s.Answers.TakePromotion(ctx, p.ID)
				require.Equal(t, want, taken)
				return err
			})
		}
	}
	return users
}

// The waiting list is a strict queue: who comes later does not pass who waits, also where the seats would do.
func answersFillSeats(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 1, domain.AnswerRules{Capacity: 3, PlusOnes: 2})
	o := dates[0]
	a, b, c, d := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	expect := func(want ports.Outcome, counts domain.Counts, answer domain.Answer) {
		t.Helper()
		outcome, got := s.answered(t, ctx, event, o, answer)
		require.Equal(t, want, outcome)
		if want == ports.OutcomeSaved || want == ports.OutcomeWaiting {
			require.Equal(t, counts, got)
		}
		require.Equal(t, counts, s.counted(t, ctx, o))
	}
	one := domain.Counts{Seats: 2, Going: 1}
	expect(ports.OutcomeSaved, one, going(a, 1))
	expect(ports.OutcomeSame, one, going(a, 1))
	expect(ports.OutcomeFull, one, going(b, 3))
	expect(ports.OutcomeWaiting, domain.Counts{Seats: 2, Going: 1, Waiting: 1}, going(b, 1))
	expect(ports.OutcomeWaiting, domain.Counts{Seats: 2, Going: 1, Waiting: 2}, going(c, 0))
	expect(ports.OutcomeFull, domain.Counts{Seats: 2, Going: 1, Waiting: 2}, going(a, 2))
	require.Equal(t, []uuid.UUID{b, c}, s.waiting(t, ctx, o))
	expect(ports.OutcomeWaiting, domain.Counts{Seats: 2, Going: 1, Waiting: 2}, going(b, 2))
	require.Equal(t, []uuid.UUID{b, c}, s.waiting(t, ctx, o), "who changes what is asked for keeps the place")
	expect(ports.OutcomeSaved, domain.Counts{Seats: 3, Going: 1, Waiting: 1, NotGoing: 1}, domain.Answer{UserID: a, Status: domain.AnswerNotGoing})
	require.Equal(t, []uuid.UUID{b}, s.promoted(t, ctx, by))
	expect(ports.OutcomeWaiting, domain.Counts{Seats: 3, Going: 1, Waiting: 2, NotGoing: 1}, going(d, 0))
	expect(ports.OutcomeSaved, domain.Counts{Seats: 3, Going: 3, NotGoing: 1}, going(b, 0))
	require.Equal(t, []uuid.UUID{c, d}, s.promoted(t, ctx, by), "in the order in which they came")
	expect(ports.OutcomeSaved, domain.Counts{Seats: 2, Going: 2, NotGoing: 1}, domain.Answer{UserID: d, Status: domain.AnswerWithdrawn})
	expect(ports.OutcomeSame, domain.Counts{Seats: 2, Going: 2, NotGoing: 1}, domain.Answer{UserID: uuid.New(), Status: domain.AnswerWithdrawn})
	most, err := s.Answers.MostSeats(ctx, event.ID(), Noon)
	require.NoError(t, err)
	require.Equal(t, 2, most)
	most, err = s.Answers.MostSeats(ctx, event.ID(), o.Data().Ends)
	require.NoError(t, err)
	require.Zero(t, most, "of dates to come")

	// A greater capacity seats who waits, on dates to come.
	expect(ports.OutcomeSaved, domain.Counts{Seats: 3, Going: 3}, going(a, 0))
	expect(ports.OutcomeWaiting, domain.Counts{Seats: 3, Going: 3, Waiting: 1}, going(d, 1))
	data := event.Touch(Noon).Data()
	data.Answers.Capacity = 5
	larger := domain.RestoreEvent(data)
	s.do(t, ctx, func(ctx context.Context) error {
		if err := s.Events.Update(ctx, larger); err != nil {
			return err
		}
		return s.Answers.SeatWaiting(ctx, larger, o.Data().Ends)
	})
	require.Equal(t, []uuid.UUID{d}, s.waiting(t, ctx, o), "the date is over")
	s.do(t, ctx, func(ctx context.Context) error { return s.Answers.SeatWaiting(ctx, larger, Noon) })
	require.Equal(t, domain.Counts{Seats: 5, Going: 4}, s.counted(t, ctx, o))
	require.Equal(t, []uuid.UUID{d}, s.promoted(t, ctx, by))
}

func answersNeedTheirVersion(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 2, domain.AnswerRules{})
	changed := event.Touch(Noon)
	s.do(t, ctx, func(ctx context.Context) error { return s.Events.Update(ctx, changed) })
	outcome, _ := s.answered(t, ctx, event, dates[0], going(by.User, 0))
	require.Equal(t, ports.OutcomeStale, outcome)
	outcome, _ = s.answered(t, ctx, changed, dates[0], going(by.User, 0))
	require.Equal(t, ports.OutcomeSaved, outcome)
	off := dates[1].Data()
	off.Cancelled = true
	s.do(t, ctx, func(ctx context.Context) error { return s.Occurrences.Update(ctx, domain.RestoreOccurrence(off)) })
	outcome, _ = s.answered(t, ctx, changed, dates[1], going(by.User, 0))
	require.Equal(t, ports.OutcomeStale, outcome, "the date is cancelled")
	other := NewActor()
	outcome, _ = s.answered(t, As(t.Context(), other), changed, dates[0], going(other.User, 0))
	require.Equal(t, ports.OutcomeStale, outcome, "of another tenant")
	require.Error(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		_, _, err := s.Answers.Set(ctx, changed, dates[0], going(by.User, 0))
		return err
	}), "in a transaction of its own")

	got, err := s.Answers.Answerable(ctx, event.ID(), nil, dates[0].Data().Ends, true)
	require.NoError(t, err)
	require.Equal(t, []any{changed, dates[1].ID(), false}, []any{got.Event, got.Occurrence.ID(), got.Cached}, "the date that comes next")
	first := dates[0].ID()
	got, err = s.Answers.Answerable(ctx, event.ID(), &first, dates[0].Data().Ends, true)
	require.NoError(t, err)
	require.Equal(t, 1, got.Occurrence.Data().Counts.Going)
	_, err = s.Answers.Answerable(As(t.Context(), other), event.ID(), nil, Noon, true)
	require.ErrorIs(t, err, domain.ErrEventNotFound)
	_, err = s.Answers.Answerable(ctx, event.ID(), new(uuid.New()), Noon, true)
	require.ErrorIs(t, err, domain.ErrOccurrenceNotFound)
}

func answersAreListed(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 2, domain.AnswerRules{Capacity: 2})
	organiser := uuid.New()
	list := []domain.Answer{
		going(uuid.New(), 0), {UserID: uuid.New(), Status: domain.AnswerGoing, Comment: "late", By: organiser}, going(uuid.New(), 0), going(uuid.New(), 0),
		{UserID: uuid.New(), Status: domain.AnswerInterested}, {UserID: uuid.New(), Status: domain.AnswerNotGoing},
	}
	for i := range list {
		list[i].At = Noon.Add(time.Duration(i) * time.Second)
		s.answered(t, ctx, event, dates[0], list[i])
	}
	s.answered(t, ctx, event, dates[0], going(by.User, 0))
	s.answered(t, ctx, event, dates[0], domain.Answer{UserID: by.User, Status: domain.AnswerWithdrawn})
	page := func(f ports.AnswerFilter, after *ports.AnswerPosition, limit int) (users []uuid.UUID) {
		t.Helper()
		got, err := s.Answers.Page(ctx, dates[0].ID(), f, after, limit)
		require.NoError(t, err)
		for _, a := range got {
			users = append(users, a.UserID)
		}
		return users
	}
	var order []uuid.UUID
	for _, a := range list {
		order = append(order, a.UserID)
	}
	require.Equal(t, order, page(ports.AnswerFilter{NotGoing: true}, nil, 100), "those who go, who wait, who are interested, who do not come")
	require.Equal(t, order[:5], page(ports.AnswerFilter{}, nil, 100))
	require.Equal(t, order[:4], page(ports.AnswerFilter{Status: domain.AnswerGoing}, nil, 100))
	require.Equal(t, order[:2], page(ports.AnswerFilter{Status: domain.AnswerGoing, Waiting: new(false)}, nil, 100))
	all, err := s.Answers.Page(ctx, dates[0].ID(), ports.AnswerFilter{NotGoing: true}, nil, 100)
	require.NoError(t, err)
	for i := range all {
		at := ports.PositionOfAnswer(all[i])
		require.Equal(t, order[i+1:min(i+3, len(order))], append([]uuid.UUID{}, page(ports.AnswerFilter{NotGoing: true}, &at, 2)...))
	}
	require.Equal(t, []any{"late", organiser, list[1].At}, []any{all[1].Comment, all[1].By, all[1].At})

	own, err := s.Answers.OfUser(ctx, list[2].UserID, dates[0].ID(), dates[1].ID())
	require.NoError(t, err)
	require.Len(t, own, 1)
	require.True(t, own[dates[0].ID()].Waiting)
	for user, want := range map[uuid.UUID]bool{list[5].UserID: true, by.User: false, uuid.New(): false} {
		guest, err := s.Answers.IsGuest(ctx, event.ID(), user)
		require.NoError(t, err)
		require.Equal(t, want, guest, "an answer that was not taken back makes a guest")
	}
	none, err := s.Answers.OfUser(As(t.Context(), NewActor()), list[2].UserID, dates[0].ID())
	require.NoError(t, err)
	require.Empty(t, none, "another tenant")
}

func answersAboutASeries(t *testing.T, s Store) {
	by := NewActor()
	ctx := As(t.Context(), by)
	event, dates := s.scheduled(t, by, 3, domain.AnswerRules{Capacity: 1, PlusOnes: 1})
	a, b := uuid.New(), uuid.New()
	about := func(event domain.Event, answer domain.Answer, dates ...domain.Occurrence) (outcomes []ports.Outcome) {
		t.Helper()
		answer.By, answer.At = answer.UserID, Noon
		var ids []uuid.UUID
		for _, o := range dates {
			ids = append(ids, o.ID())
		}
		s.do(t, ctx, func(ctx context.Context) (err error) {
			if outcomes, err = s.Answers.SetAll(ctx, event, answer, ids...); err != nil {
				return err
			}
			return s.Answers.SetSeries(ctx, event, answer)
		})
		return outcomes
	}
	s.answered(t, ctx, event, dates[1], going(b, 0))
	saved, waits := ports.OutcomeSaved, ports.OutcomeWaiting
	require.Equal(t, []ports.Outcome{saved, waits}, about(event, going(a, 0), dates[1], dates[0]), "by the start of the dates")
	require.Equal(t, []ports.Outcome{waits, ports.OutcomeSame}, about(event, going(b, 0), dates[0], dates[1]))
	unknown := dates[0].Data()
	unknown.ID = uuid.New()
	require.Contains(t, about(event, going(a, 0), dates[0], domain.RestoreOccurrence(unknown)), ports.OutcomeStale, "a date is gone")

	s.do(t, ctx, func(ctx context.Context) error { return s.Answers.FollowSeries(ctx, event.ID(), dates[2]) })
	require.Equal(t, []uuid.UUID{b}, s.waiting(t, ctx, dates[2]), "in the order of their places")
	require.Equal(t, domain.Counts{Seats: 1, Going: 1, Waiting: 1}, s.counted(t, ctx, dates[2]))

	// The same answer keeps the place, another one gets the last, and one that was taken back none.
	about(event, going(a, 0), dates[0])
	about(event, domain.Answer{UserID: a, Status: domain.AnswerInterested}, dates[0])
	about(event, going(a, 0), dates[0])
	next, more := s.scheduled(t, by, 2, domain.AnswerRules{Capacity: 1})
	s.do(t, ctx, func(ctx context.Context) error {
		if err := s.Answers.CopySeries(ctx, event.ID(), next.ID()); err != nil {
			return err
		}
		return s.Answers.FollowSeries(ctx, next.ID(), more[0])
	})
	require.Equal(t, []uuid.UUID{a}, s.waiting(t, ctx, more[0]), "b came before by then")
	about(next, domain.Answer{UserID: b, Status: domain.AnswerWithdrawn}, more[0])
	s.do(t, ctx, func(ctx context.Context) error { return s.Answers.FollowSeries(ctx, next.ID(), more[1]) })
	require.Equal(t, domain.Counts{Seats: 1, Going: 1}, s.counted(t, ctx, more[1]))
	require.Empty(t, s.waiting(t, ctx, more[1]))
}
