package events_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// lastDate is the last stored date of a series as a user sees it.
func (s *fixture) lastDate(by authz.Actor, event uuid.UUID) eventsapi.Event {
	s.T.Helper()
	r, err := s.As(by).ListEventsWithResponse(s.T.Context(), &eventsapi.ListEventsParams{Order: new(eventsapi.ListEventsParamsOrderDesc), Limit: new(1)})
	last := service.OK(s.T, r, err).JSON200.Items[0]
	require.Equal(s.T, event, last.ID)
	return last
}

// An answer about a whole series is one about the dates, too, that the job adds later: in the order in which members answered.
func TestAnAnswerAboutASeriesHoldsForLaterDates(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(capacity(2), func(b *eventsapi.EventCreate) { b.Rrule, b.PlusOnes = some("FREQ=MONTHLY"), new(1) })
	series := func(b *eventsapi.RsvpSet) { b.Series = new(true) }
	first, second, third, interested := s.Actor(memberKeys...), s.Actor(memberKeys...), s.Actor(memberKeys...), s.Actor(memberKeys...)
	one, left := s.Actor(memberKeys...), s.Actor(memberKeys...)
	s.answer(first, event.ID, eventsapi.RsvpSetStatusNotGoing, series)
	s.answer(second, event.ID, eventsapi.RsvpSetStatusGoing, series, func(b *eventsapi.RsvpSet) { b.Comment = some("always") })
	s.answer(left, event.ID, eventsapi.RsvpSetStatusGoing, series)
	s.answer(interested, event.ID, eventsapi.RsvpSetStatusInterested, series)
	s.answer(third, event.ID, eventsapi.RsvpSetStatusGoing, series, func(b *eventsapi.RsvpSet) { b.PlusOnes = new(1) })
	s.answer(first, event.ID, eventsapi.RsvpSetStatusGoing, series) // changed, so that the place is the last one
	s.answer(second, event.ID, eventsapi.RsvpSetStatusGoing, series, func(b *eventsapi.RsvpSet) { b.Comment = some("still") })
	s.answer(left, event.ID, eventsapi.RsvpSetStatusWithdrawn, series)
	s.answer(one, event.ID, eventsapi.RsvpSetStatusGoing) // about one date only
	before := s.lastDate(second, event.ID)

	s.Clock.Set(before.StartsAt.AddDate(0, -1, 0))
	require.NoError(t, s.lifecycle.Extend(t.Context()))
	added := s.lastDate(second, event.ID)
	require.True(t, added.StartsAt.After(before.StartsAt.AddDate(4, 0, 0)))
	require.Equal(t, "still", added.MyAnswer.MustGet().Comment.MustGet())
	list := func(status eventsapi.ListAnswersParamsStatus) (users []uuid.UUID) {
		r, err := s.As(s.maker).ListAnswersWithResponse(t.Context(), event.ID, &eventsapi.ListAnswersParams{Occurrence: &added.OccurrenceID, Status: &status})
		for _, a := range service.OK(t, r, err).JSON200.Items {
			users = append(users, a.UserID)
		}
		return users
	}
	require.Equal(t, []uuid.UUID{second.User}, list(eventsapi.ListAnswersParamsStatusGoing))
	require.Equal(t, []uuid.UUID{third.User, first.User}, list(eventsapi.ListAnswersParamsStatusWaiting), "two seats for the third member come before one for the first")
	require.Equal(t, []uuid.UUID{interested.User}, list(eventsapi.ListAnswersParamsStatusInterested))
}

// The answers and choices go along with the dates that a new event takes over, and hold for dates that a change adds.
func TestAnAnswerAboutASeriesHoldsAfterASplit(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly)
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.Series = new(true) })
	chosen, err := s.As(s.member).SetEventRemindersWithResponse(t.Context(), event.ID, eventsapi.ReminderSettings{Minutes: some([]int{30})})
	service.OK(t, chosen, err)
	third := s.dates(s.member, event.ID)[2]
	r, err := s.As(s.maker).SplitEventWithResponse(t.Context(), event.ID, third.OccurrenceID, &eventsapi.SplitEventParams{}, eventsapi.EventUpdate{
		Rrule: some("FREQ=WEEKLY;COUNT=6"), StartsAt: some(third.StartsAt.Add(time.Hour)),
	})
	split := service.OK(t, r, err).JSON201
	dates := s.dates(s.member, split.ID)
	require.Len(t, dates, 6)
	for _, date := range dates {
		require.Equal(t, eventsapi.EventMyRsvpGoing, date.MyRsvp.MustGet())
	}
	got, err := s.As(s.member).GetEventRemindersWithResponse(t.Context(), split.ID)
	require.Equal(t, []int{30}, service.OK(t, got, err).JSON200.Minutes.MustGet())
	more, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), split.ID, &eventsapi.UpdateEventParams{}, eventsapi.EventUpdate{Rrule: some("FREQ=WEEKLY;COUNT=8")})
	service.OK(t, more, err)
	require.False(t, s.dates(s.member, split.ID)[7].MyRsvp.IsNull())
}

// A member who is erased has no answer about later dates.
func TestErasedMembersGetNoLaterDates(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(func(b *eventsapi.EventCreate) { b.Rrule = some("FREQ=MONTHLY") })
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.Series = new(true) })
	choice, err := s.As(s.member).SetEventRemindersWithResponse(t.Context(), event.ID, eventsapi.ReminderSettings{Minutes: some([]int{30})})
	service.OK(t, choice, err)
	settings, err := s.As(s.member).SetReminderSettingsWithResponse(t.Context(), eventsapi.ReminderSettings{Minutes: some([]int{15})})
	service.OK(t, settings, err)
	bff := s.AsService("bff")
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), s.member.User, &eventsapi.ExportPersonalDataParams{Limit: new(100)})
	exported := map[string]map[string]any{}
	for _, item := range service.OK(t, export, err).JSON200.Items {
		exported[item.Section] = item.Data
	}
	require.Equal(t, []any{30.0}, exported["reminders"]["minutes"])
	require.Equal(t, []any{15.0}, exported["reminder_settings"]["minutes"])
	erased, err := bff.ErasePersonalDataWithResponse(t.Context(), s.member.User)
	receipt := service.OK(t, erased, err).JSON200.Counts
	require.Equal(t, []int64{1, 1}, []int64{receipt["reminders"], receipt["reminder_settings"]})
	s.Clock.Set(s.lastDate(s.maker, event.ID).StartsAt.AddDate(0, -1, 0))
	require.NoError(t, s.lifecycle.Extend(t.Context()))
	require.Equal(t, [5]int{}, counts(s.lastDate(s.maker, event.ID)))
}
