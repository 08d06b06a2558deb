package events_test

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/eventsapi"
	"go.updspace.com/api/eventsevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

func capacity(n int) func(*eventsapi.EventCreate) {
	return func(b *eventsapi.EventCreate) { b.Capacity = some(n) }
}

// answer answers about the next date of an event.
func (s *fixture) answer(by authz.Actor, event uuid.UUID, status eventsapi.RsvpSetStatus, change ...func(*eventsapi.RsvpSet)) eventsapi.Event {
	s.T.Helper()
	body := eventsapi.RsvpSet{Status: status}
	for _, c := range change {
		c(&body)
	}
	r, err := s.As(by).SetRsvpWithResponse(s.T.Context(), event, body)
	return *service.OK(s.T, r, err).JSON200
}

// list are the members who answered, as a user sees them.
func (s *fixture) list(by authz.Actor, event uuid.UUID, status ...eventsapi.ListAnswersParamsStatus) (users []uuid.UUID) {
	s.T.Helper()
	params := &eventsapi.ListAnswersParams{Limit: new(100)}
	if len(status) > 0 {
		params.Status = &status[0]
	}
	for {
		r, err := s.As(by).ListAnswersWithResponse(s.T.Context(), event, params)
		page := service.OK(s.T, r, err).JSON200
		for _, a := range page.Items {
			users = append(users, a.UserID)
		}
		next, err := page.NextCursor.Get()
		if err != nil {
			return users
		}
		params.Cursor = &next
	}
}

func promoted(t testing.TB, e service.Event) uuid.UUID {
	t.Helper()
	var data eventsevents.Promotion
	require.NoError(t, json.Unmarshal(e.Data, &data))
	return data.UserID
}

func counts(e eventsapi.Event) [5]int {
	return [5]int{e.RsvpCounts.Going, e.RsvpCounts.Interested, e.RsvpCounts.NotGoing, e.WaitingCount, e.SeatsTaken}
}

func TestAnAnswerReplacesTheOneBefore(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(func(b *eventsapi.EventCreate) { b.PlusOnes = new(2) })
	require.True(t, event.MyRsvp.IsNull())
	require.True(t, s.answer(s.member, event.ID, eventsapi.RsvpSetStatusWithdrawn).MyRsvp.IsNull(), "nothing to take back")
	got := s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.PlusOnes, b.Comment = new(2), some("late") })
	require.Equal(t, eventsapi.EventMyRsvpGoing, got.MyRsvp.MustGet())
	require.Equal(t, [5]int{1, 0, 0, 0, 3}, counts(got))
	mine := got.MyAnswer.MustGet()
	require.Equal(t, []any{false, 2, "late", s.member.User}, []any{mine.Waiting, mine.PlusOnes, mine.Comment.MustGet(), mine.AnsweredBy})
	before := len(s.Events())
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.PlusOnes, b.Comment = new(2), some("late") })
	require.Len(t, s.Events(), before, "the same answer changes nothing")
	require.Equal(t, [5]int{0, 1, 0, 0, 0}, counts(s.answer(s.member, event.ID, eventsapi.RsvpSetStatusInterested)))
	require.Equal(t, [5]int{0, 1, 1, 0, 0}, counts(s.answer(s.maker, event.ID, eventsapi.RsvpSetStatusNotGoing)))
	require.Equal(t, []uuid.UUID{s.member.User}, s.list(s.member, event.ID))
	require.Equal(t, []uuid.UUID{s.member.User, s.maker.User}, s.list(s.maker, event.ID), "those who manage the event see who does not come")
	list, err := s.As(s.member).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{MyAnswer: new(eventsapi.ListEventsParamsMyAnswerInterested)})
	items := service.OK(t, list, err).JSON200.Items
	require.Len(t, items, 1)
	require.Equal(t, eventsapi.EventMyRsvpInterested, items[0].MyRsvp.MustGet())
	require.Equal(t, [5]int{0, 0, 1, 0, 0}, counts(s.answer(s.member, event.ID, eventsapi.RsvpSetStatusWithdrawn)))

	more, err := s.As(s.member).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing, PlusOnes: new(3)})
	service.Invalid(t, more, err, "plusOnes")
	last := s.Events()[len(s.Events())-1]
	require.Equal(t, eventsevents.TypeRsvpChanged, last.Type)
}

// Seats are given in the order in which members came; a free seat goes to the first who waits.
func TestWaitingListIsAQueue(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(capacity(3), func(b *eventsapi.EventCreate) { b.PlusOnes = new(1) })
	two := func(b *eventsapi.RsvpSet) { b.PlusOnes = new(1) }
	a, b, c, d := s.Actor(memberKeys...), s.Actor(memberKeys...), s.Actor(memberKeys...), s.Actor(memberKeys...)
	require.Equal(t, [5]int{1, 0, 0, 0, 2}, counts(s.answer(a, event.ID, eventsapi.RsvpSetStatusGoing, two)))
	waits := s.answer(b, event.ID, eventsapi.RsvpSetStatusGoing, two)
	require.Equal(t, [5]int{1, 0, 0, 1, 2}, counts(waits))
	require.True(t, waits.MyAnswer.MustGet().Waiting)
	require.True(t, s.answer(c, event.ID, eventsapi.RsvpSetStatusGoing).MyAnswer.MustGet().Waiting, "one seat is free, but b comes first")
	full, err := s.As(a).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing, PlusOnes: new(1), Comment: some("same seats")})
	service.OK(t, full, err)
	require.Equal(t, []uuid.UUID{b.User, c.User}, s.list(s.member, event.ID, eventsapi.ListAnswersParamsStatusWaiting))

	require.Equal(t, [5]int{2, 0, 1, 0, 3}, counts(s.answer(a, event.ID, eventsapi.RsvpSetStatusNotGoing)), "b and c get seats")
	require.True(t, s.answer(d, event.ID, eventsapi.RsvpSetStatusGoing).MyAnswer.MustGet().Waiting)
	more, err := s.As(c).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing, PlusOnes: new(1)})
	service.Refused(t, http.StatusConflict, "NO_SEATS", more, err)
	require.Equal(t, [5]int{3, 0, 1, 0, 3}, counts(s.answer(b, event.ID, eventsapi.RsvpSetStatusGoing)), "b brings nobody, so that d gets a seat")

	low, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Capacity: some(2)})
	service.Refused(t, http.StatusConflict, "CAPACITY_TAKEN", low, err)
	require.True(t, s.answer(a, event.ID, eventsapi.RsvpSetStatusGoing).MyAnswer.MustGet().Waiting)
	high, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Capacity: some(4)})
	require.Equal(t, [5]int{4, 0, 0, 0, 4}, counts(*service.OK(t, high, err).JSON200))

	for range 2 {
		require.NoError(t, s.lifecycle.TellPromotions(t.Context()))
	}
	var told []uuid.UUID
	for _, e := range s.Events() {
		if e.Type == eventsevents.TypeWaitlistPromoted {
			told = append(told, promoted(t, e))
		}
	}
	require.Equal(t, []uuid.UUID{b.User, c.User, d.User, a.User}, told)
}

func TestAnswersClose(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(func(b *eventsapi.EventCreate) { b.AnswersCloseMinutes = some(30) })
	require.Equal(t, event.StartsAt.Add(-30*time.Minute), event.AnswersCloseAt)
	require.True(t, s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing).CanAnswer)
	s.Clock.Set(event.AnswersCloseAt)
	late, err := s.As(s.maker).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
	service.Refused(t, http.StatusConflict, "ANSWERS_CLOSED", late, err)
	off := s.answer(s.member, event.ID, eventsapi.RsvpSetStatusNotGoing)
	require.False(t, off.CanAnswer, "a member who does not come may still say so")
	guest := s.Actor(memberKeys...)
	s.answer(s.maker, event.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.UserID = &guest.User })
	s.Clock.Set(event.EndsAt)
	over, err := s.As(s.maker).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusNotGoing})
	service.Refused(t, http.StatusConflict, "ANSWERS_CLOSED", over, err)

	gone := s.event(func(b *eventsapi.EventCreate) {
		b.StartsAt, b.EndsAt = new(s.Clock.Now().Add(time.Hour)), new(s.Clock.Now().Add(2*time.Hour))
	})
	cancelled, err := s.As(s.maker).CancelEventWithResponse(t.Context(), gone.ID, &eventsapi.CancelEventParams{}, eventsapi.EventCancel{})
	service.OK(t, cancelled, err)
	refused, err := s.As(s.member).SetRsvpWithResponse(t.Context(), gone.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
	service.Refused(t, http.StatusConflict, "EVENT_CANCELLED", refused, err)
}

// Those who run an event answer for members, who then see it even if it is private.
func TestAMemberWhoWasAnsweredForIsAGuest(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(func(b *eventsapi.EventCreate) { b.Visibility = some(commonapi.VisibilityPrivate) })
	hidden, err := s.As(s.member).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", hidden, err)
	s.answer(s.maker, event.ID, eventsapi.RsvpSetStatusInterested, func(b *eventsapi.RsvpSet) { b.UserID, b.Comment = &s.member.User, some("invited") })
	seen, err := s.As(s.member).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	got := service.OK(t, seen, err).JSON200
	require.Equal(t, s.maker.User, got.MyAnswer.MustGet().AnsweredBy)
	require.False(t, got.CanManage)
	list, err := s.As(s.member).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{})
	require.Equal(t, []uuid.UUID{event.ID}, ids(service.OK(t, list, err).JSON200.Items))
	forOther, err := s.As(s.member).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing, UserID: &s.maker.User})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", forOther, err)
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusWithdrawn)
	again, err := s.As(s.member).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", again, err)
}

// A seat is told of only while the member has it and the date comes.
func TestSeatsThatCameToNothingAreNotToldOf(t *testing.T) {
	t.Parallel()
	s := start(t)
	left, cancelled, over := s.event(), s.event(), s.event()
	for _, event := range []eventsapi.Event{left, cancelled, over} {
		s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing)
	}
	s.answer(s.member, left.ID, eventsapi.RsvpSetStatusNotGoing)
	off, err := s.As(s.maker).CancelEventWithResponse(t.Context(), cancelled.ID, &eventsapi.CancelEventParams{}, eventsapi.EventCancel{})
	service.OK(t, off, err)
	s.Clock.Set(over.EndsAt)
	// Noted only now, because the job may tell of a seat before it comes to nothing.
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: s.Tenant})
	require.NoError(t, s.DB.Do(ctx, func(ctx context.Context) error {
		for _, event := range []eventsapi.Event{left, cancelled, over} {
			_, err := s.DB.Conn(ctx).NewRaw("INSERT INTO promotions (tenant_id, occurrence_id, user_id, promoted_at, place) VALUES (?, ?, ?, now(), 1)",
				s.Tenant, event.OccurrenceID, s.member.User).Exec(ctx)
			if err != nil {
				return err
			}
		}
		return nil
	}))
	require.NoError(t, s.lifecycle.TellPromotions(t.Context()))
	due, err := s.lifecycle.Answers.ListPromotions(t.Context(), 10)
	require.NoError(t, err)
	require.Empty(t, due)
	for _, e := range s.Events() {
		require.NotEqual(t, eventsevents.TypeWaitlistPromoted, e.Type)
	}
}

func TestOneAnswerForAllDates(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly)
	series := func(b *eventsapi.RsvpSet) { b.Series = new(true) }
	s.Clock.Advance(week(1) + time.Hour + time.Minute) // into the second date
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing, series)
	answered := func() (list []bool) {
		for _, date := range s.dates(s.member, event.ID) {
			list = append(list, !date.MyRsvp.IsNull())
		}
		return list
	}
	require.Equal(t, []bool{false, true, true, true, true}, answered())
	last := s.dates(s.member, event.ID)[4].OccurrenceID
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusWithdrawn, func(b *eventsapi.RsvpSet) { b.OccurrenceID = &last })
	require.Equal(t, []bool{false, true, true, true, false}, answered())
	var told int
	for _, e := range s.Events() {
		if e.Type == eventsevents.TypeRsvpChanged {
			told++
		}
	}
	require.Equal(t, 2, told, "one event for the series, one for the date")
	both, err := s.As(s.member).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing, Series: new(true), OccurrenceID: &last})
	service.Invalid(t, both, err, "occurrenceId")

	small := s.event(weekly, capacity(2), func(b *eventsapi.EventCreate) { b.PlusOnes = new(2) })
	s.answer(s.member, small.ID, eventsapi.RsvpSetStatusGoing, series)
	full, err := s.As(s.member).SetRsvpWithResponse(t.Context(), small.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing, Series: new(true), PlusOnes: new(2)})
	service.Refused(t, http.StatusConflict, "NO_SEATS", full, err)
	for _, date := range s.dates(s.member, small.ID) {
		require.Equal(t, [5]int{1, 0, 0, 0, 1}, counts(date), "all dates or none")
	}
}

// An erased member leaves a seat for the next one.
func TestErasedAnswersLeaveTheirSeats(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(capacity(1))
	next := s.Actor(memberKeys...)
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.Comment = some("mine") })
	s.answer(next, event.ID, eventsapi.RsvpSetStatusGoing)
	bff := s.With("bff", reqctx.Context{TenantID: s.Tenant, TenantSlug: "aef"})
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), s.member.User, &eventsapi.ExportPersonalDataParams{})
	require.Equal(t, "mine", service.OK(t, export, err).JSON200.Items[0].Data["comment"])
	receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), s.member.User)
	require.EqualValues(t, 1, service.OK(t, receipt, err).JSON200.Counts["answers"])
	require.Equal(t, []uuid.UUID{next.User}, s.list(s.maker, event.ID, eventsapi.ListAnswersParamsStatusGoing))
}

// An instance answers from what it has read before, and yet by what another has changed meanwhile.
func TestAnswersHoldToWhatAnotherInstanceHasChanged(t *testing.T) {
	t.Parallel()
	s := start(t)
	other := startOn(t, func(testing.TB) pg.Config { return s.Database })
	other.Access.Member(s.maker, makerKeys...)
	event := s.event(capacity(1))
	s.answer(s.maker, event.ID, eventsapi.RsvpSetStatusGoing)
	edit := func(body eventsapi.EventUpdate) {
		r, err := other.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, body)
		service.OK(t, r, err)
	}
	going := func() (*eventsapi.SetRsvpResponse, error) {
		return s.As(s.Actor(memberKeys...)).SetRsvpWithResponse(t.Context(), event.ID, eventsapi.RsvpSet{Status: eventsapi.RsvpSetStatusGoing})
	}
	edit(eventsapi.EventUpdate{Title: some("Later"), Capacity: some(2)})
	r, err := going()
	seated := service.OK(t, r, err).JSON200
	require.Equal(t, "Later", seated.Title)
	require.False(t, seated.MyAnswer.MustGet().Waiting)

	edit(eventsapi.EventUpdate{Visibility: some(commonapi.VisibilityPrivate)})
	r, err = going()
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", r, err)
	edit(eventsapi.EventUpdate{Visibility: some(commonapi.VisibilityPublic)})
	r, err = going()
	require.True(t, service.OK(t, r, err).JSON200.MyAnswer.MustGet().Waiting)

	gone, err := other.As(s.maker).DeleteEventWithResponse(t.Context(), event.ID, &eventsapi.DeleteEventParams{})
	service.OK(t, gone, err)
	r, err = going()
	service.Refused(t, http.StatusNotFound, "NOT_FOUND", r, err)
}

// The date that comes next is another one when the first is over.
func TestAnswersAreAboutTheDateThatComesNext(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly)
	dates := s.dates(s.member, event.ID)
	for i := range 2 {
		require.Equal(t, dates[i].OccurrenceID, s.answer(s.member, event.ID, eventsapi.RsvpSetStatusInterested).OccurrenceID)
		require.Equal(t, dates[i].OccurrenceID, s.answer(s.maker, event.ID, eventsapi.RsvpSetStatusInterested).OccurrenceID)
		s.Clock.Set(dates[i].EndsAt)
	}
}

// 500 members answer for 100 seats at once through two instances: exactly 100 get one and 400 wait in the order of their places.
// Then 30 of the first take their answers back while 30 more come: exactly 100 seats are taken again, and each promotion is told once.
func TestSeatsHoldWhateverRaces(t *testing.T) {
	t.Parallel()
	s := start(t)
	other := startOn(t, func(testing.TB) pg.Config { return s.Database })
	event := s.event(capacity(100))
	members := make([]authz.Actor, 530)
	for i := range members {
		members[i] = s.Actor(memberKeys...)
		other.Access.Member(members[i], memberKeys...)
	}
	all := func(status eventsapi.RsvpSetStatus, actors ...authz.Actor) func() {
		return func() {
			var wg sync.WaitGroup
			slots := make(chan struct{}, 32)
			for i, a := range actors {
				wg.Go(func() {
					slots <- struct{}{}
					defer func() { <-slots }()
					c := s.As(a)
					if i%2 == 1 {
						c = other.As(a)
					}
					r, err := c.SetRsvpWithResponse(context.Background(), event.ID, eventsapi.RsvpSet{Status: status})
					service.OK(t, r, err)
				})
			}
			wg.Wait()
		}
	}
	all(eventsapi.RsvpSetStatusGoing, members[:500]...)()
	going, waiting := s.list(s.maker, event.ID, eventsapi.ListAnswersParamsStatusGoing), s.list(s.maker, event.ID, eventsapi.ListAnswersParamsStatusWaiting)
	require.Len(t, going, 100)
	require.Len(t, waiting, 400)

	var leaving []authz.Actor
	for _, id := range going[:30] {
		leaving = append(leaving, authz.Actor{Tenant: s.Tenant, User: id})
	}
	var wg sync.WaitGroup
	wg.Go(all(eventsapi.RsvpSetStatusWithdrawn, leaving...))
	wg.Go(all(eventsapi.RsvpSetStatusGoing, members[500:]...))
	wg.Wait()
	after := s.list(s.maker, event.ID, eventsapi.ListAnswersParamsStatusGoing)
	require.Len(t, after, 100)
	for _, id := range waiting[:30] {
		require.True(t, slices.Contains(after, id), "the first who waited got the seats")
	}
	left := s.list(s.maker, event.ID, eventsapi.ListAnswersParamsStatusWaiting)
	require.Equal(t, waiting[30:], left[:370], "the order is kept")
	require.Len(t, left, 400)

	wg.Go(func() { require.NoError(t, s.lifecycle.TellPromotions(context.Background())) })
	wg.Go(func() { require.NoError(t, other.lifecycle.TellPromotions(context.Background())) })
	wg.Wait()
	told := map[uuid.UUID]int{}
	for _, e := range s.Events() {
		if e.Type == eventsevents.TypeWaitlistPromoted {
			told[promoted(t, e)]++
		}
	}
	require.Len(t, told, 30)
	for user, times := range told {
		require.Equal(t, 1, times, user)
	}
}
