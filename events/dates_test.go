package events_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/tools/devkit/testkit/service"
)

func starts(events []eventsapi.Event) []time.Time {
	list := make([]time.Time, len(events))
	for i, e := range events {
		list[i] = e.StartsAt
	}
	return list
}

func week(n int) time.Duration { return time.Duration(n) * 7 * 24 * time.Hour }

// One date is moved, named and cancelled; the others stay as they are.
func TestOneDateOfASeriesIsChangedOnItsOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly)
	c := s.As(s.maker)
	series := event.Series.MustGet()
	require.Equal(t, "FREQ=WEEKLY;COUNT=5", series.Rrule.MustGet())
	dates := s.dates(s.member, event.ID)
	require.Len(t, dates, 5)

	moved, err := c.UpdateOccurrenceWithResponse(t.Context(), event.ID, dates[1].OccurrenceID, &eventsapi.UpdateOccurrenceParams{},
		eventsapi.OccurrenceUpdate{Title: new("Final"), StartsAt: new(dates[1].StartsAt.Add(time.Hour))})
	got := service.OK(t, moved, err).JSON200
	require.Equal(t, "Final", got.Title)
	require.True(t, got.Changed)
	require.Equal(t, dates[1].StartsAt, got.OriginalStartsAt)
	require.Equal(t, dates[1].EndsAt.Add(time.Hour), got.EndsAt)
	require.Equal(t, "Game night", got.Series.MustGet().Title)

	off, err := c.CancelOccurrenceWithResponse(t.Context(), event.ID, dates[2].OccurrenceID, &eventsapi.CancelOccurrenceParams{}, eventsapi.EventCancel{Reason: some("Holiday")})
	require.Equal(t, eventsapi.EventStatusCancelled, service.OK(t, off, err).JSON200.Status)
	refused, err := c.UpdateOccurrenceWithResponse(t.Context(), event.ID, dates[2].OccurrenceID, &eventsapi.UpdateOccurrenceParams{}, eventsapi.OccurrenceUpdate{Title: new("x")})
	service.Refused(t, http.StatusConflict, "EVENT_CANCELLED", refused, err)
	status := func(by string) (n int) {
		r, err := s.As(s.member).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{Status: new(eventsapi.EventStatus(by))})
		return service.OK(t, r, err).JSON200.Meta.Total
	}
	require.Equal(t, []int{4, 1}, []int{status("scheduled"), status("cancelled")})
	on, err := c.RestoreOccurrenceWithResponse(t.Context(), event.ID, dates[2].OccurrenceID, &eventsapi.RestoreOccurrenceParams{})
	require.Equal(t, eventsapi.EventStatusScheduled, service.OK(t, on, err).JSON200.Status)
	reset, err := c.UpdateOccurrenceWithResponse(t.Context(), event.ID, dates[1].OccurrenceID, &eventsapi.UpdateOccurrenceParams{}, eventsapi.OccurrenceUpdate{Reset: new(true)})
	require.False(t, service.OK(t, reset, err).JSON200.Changed)
	require.Equal(t, starts(dates), starts(s.dates(s.member, event.ID)))
	unknown, err := c.UpdateOccurrenceWithResponse(t.Context(), event.ID, event.ID, &eventsapi.UpdateOccurrenceParams{}, eventsapi.OccurrenceUpdate{Title: new("x")})
	service.Refused(t, http.StatusNotFound, "OCCURRENCE_NOT_FOUND", unknown, err)
}

// A series that begins an hour later keeps its dates, with their ids and what they have of their own, except those that have begun.
func TestAChangedScheduleKeepsTheDates(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly)
	c := s.As(s.maker)
	before := s.dates(s.member, event.ID)
	named, err := c.UpdateOccurrenceWithResponse(t.Context(), event.ID, before[3].OccurrenceID, &eventsapi.UpdateOccurrenceParams{}, eventsapi.OccurrenceUpdate{Title: new("Final")})
	service.OK(t, named, err)
	s.Clock.Advance(week(1) + 2*time.Hour) // into the second date
	later, err := c.UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{Occurrence: &before[3].OccurrenceID},
		eventsapi.EventUpdate{StartsAt: some(event.StartsAt.Add(time.Hour)), Rrule: some("FREQ=WEEKLY;COUNT=6")})
	require.Equal(t, before[3].OccurrenceID, service.OK(t, later, err).JSON200.OccurrenceID)
	require.Equal(t, "Final", later.JSON200.Title)
	after := s.dates(s.member, event.ID)
	require.Len(t, after, 6)
	require.Equal(t, starts(before[:2]), starts(after[:2]), "what has begun stays")
	for i, date := range after[2:] {
		require.Equal(t, event.StartsAt.Add(time.Hour+week(i+2)), date.StartsAt)
		if i < 3 {
			require.Equal(t, before[i+2].OccurrenceID, date.OccurrenceID)
		}
	}
}

func TestThisAndTheFollowingDatesBecomeAnEventOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(weekly)
	c := s.As(s.maker)
	dates := s.dates(s.member, event.ID)
	first, err := c.SplitEventWithResponse(t.Context(), event.ID, dates[0].OccurrenceID, &eventsapi.SplitEventParams{}, eventsapi.EventUpdate{})
	service.Refused(t, http.StatusConflict, "NOT_RECURRING", first, err)
	r, err := c.SplitEventWithResponse(t.Context(), event.ID, dates[2].OccurrenceID, &eventsapi.SplitEventParams{},
		eventsapi.EventUpdate{Title: some("Late night"), StartsAt: some(dates[2].StartsAt.Add(time.Hour))})
	second := service.OK(t, r, err).JSON201
	require.NotEqual(t, event.ID, second.ID)
	require.Equal(t, "FREQ=WEEKLY;COUNT=3", second.Series.MustGet().Rrule.MustGet())
	require.Equal(t, starts(dates[:2]), starts(s.dates(s.member, event.ID)))
	following := s.dates(s.member, second.ID)
	require.Len(t, following, 3)
	for i, date := range following {
		require.Equal(t, dates[i+2].StartsAt.Add(time.Hour), date.StartsAt)
		require.Equal(t, dates[i+2].OccurrenceID, date.OccurrenceID)
		require.Equal(t, "Late night", date.Title)
	}
}

// The wall clock stays when clocks change: 19:00 in New York is 00:00 UTC in winter and 23:00 in summer.
func TestASeriesKeepsItsWallClock(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := time.Date(2027, 3, 7, 0, 0, 0, 0, time.UTC) // Saturday 6 March, 19:00
	event := s.event(weekly, func(b *eventsapi.EventCreate) {
		b.TimeZone, b.StartsAt, b.EndsAt = new("America/New_York"), &at, new(at.Add(time.Hour))
	})
	require.Equal(t, []time.Time{
		at, at.Add(week(1)), at.Add(week(2) - time.Hour), at.Add(week(3) - time.Hour), at.Add(week(4) - time.Hour),
	}, starts(s.dates(s.member, event.ID)))
}

func TestWholeDaysLastFromMidnightToMidnight(t *testing.T) {
	t.Parallel()
	s := start(t)
	midnight := time.Date(2027, 3, 27, 23, 0, 0, 0, time.UTC) // of 28 March in Berlin, which has 23 hours
	event := s.event(func(b *eventsapi.EventCreate) {
		b.TimeZone, b.AllDay, b.StartsAt, b.EndsAt = new("Europe/Berlin"), new(true), new(midnight.Add(9*time.Hour)), new(midnight.Add(23*time.Hour))
	})
	require.True(t, event.AllDay)
	require.Equal(t, []time.Time{midnight, midnight.Add(23 * time.Hour)}, []time.Time{event.StartsAt, event.EndsAt})
	for month, want := range map[string]int{"2027-03": 1, "2027-04": 0, "2027-02": 0} {
		r, err := s.As(s.member).GetMonthWithResponse(t.Context(), &eventsapi.GetMonthParams{Month: month, TimeZone: new("Europe/Berlin")})
		require.Len(t, service.OK(t, r, err).JSON200.Items, want, month)
	}
	wrong, err := s.As(s.member).GetMonthWithResponse(t.Context(), &eventsapi.GetMonthParams{Month: "2027-03", TimeZone: new("Berlin")})
	service.Invalid(t, wrong, err, "time_zone")
}

// A series without an end gets further dates in time, and the date that is shown is the next one.
func TestASeriesGoesOn(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(func(b *eventsapi.EventCreate) { b.Rrule = some("FREQ=MONTHLY") })
	last := func() time.Time {
		r, err := s.As(s.member).ListEventsWithResponse(t.Context(), &eventsapi.ListEventsParams{Order: new(eventsapi.ListEventsParamsOrderDesc), Limit: new(1)})
		return service.OK(t, r, err).JSON200.Items[0].StartsAt
	}
	end := last()
	require.Less(t, end.Sub(event.StartsAt), 5*366*24*time.Hour)
	s.Clock.Advance(end.Sub(event.StartsAt) - week(4))
	require.NoError(t, s.lifecycle.Extend(t.Context()))
	require.Greater(t, last().Sub(end), 4*365*24*time.Hour)
	shown, err := s.As(s.member).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	require.False(t, service.OK(t, shown, err).JSON200.EndsAt.Before(s.Clock.Now()))
	require.Less(t, shown.JSON200.StartsAt.Sub(s.Clock.Now()), week(5))
}

// A series whose last dates are stored is not looked at again.
func TestASeriesEnds(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event(func(b *eventsapi.EventCreate) { b.Rrule = some("FREQ=YEARLY;COUNT=7") })
	due := func() int {
		list, err := s.lifecycle.Events.ListContinuing(t.Context(), s.Clock.Now().AddDate(10, 0, 0), 10)
		require.NoError(t, err)
		return len(list)
	}
	require.Equal(t, 1, due())
	s.Clock.Advance(3 * 365 * 24 * time.Hour)
	require.NoError(t, s.lifecycle.Extend(t.Context()))
	require.Len(t, s.dates(s.member, event.ID), 5, "the stored dates do not end soon")
	s.Clock.Advance(365 * 24 * time.Hour)
	for range 2 {
		require.NoError(t, s.lifecycle.Extend(t.Context()))
	}
	require.Len(t, s.dates(s.member, event.ID), 7)
	require.Zero(t, due())
	shown, err := s.As(s.member).GetEventWithResponse(t.Context(), event.ID, &eventsapi.GetEventParams{})
	require.Equal(t, event.Version+1, service.OK(t, shown, err).JSON200.Version)
}

// Extra dates and exceptions of a series come and go with its edits, and each is kept on the wall clock.
func TestExtraDatesOfASeries(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := time.Date(2027, 3, 21, 18, 0, 0, 0, time.UTC) // 19:00 in Berlin, a week before summer time
	extra := at.Add(3*24*time.Hour + time.Hour)
	event := s.event(func(b *eventsapi.EventCreate) {
		b.TimeZone, b.StartsAt, b.EndsAt, b.Rrule = new("Europe/Berlin"), &at, new(at.Add(2*time.Hour)), some("FREQ=WEEKLY;COUNT=3")
		b.Rdates = some([]time.Time{extra, at.Add(week(1) - time.Hour), extra}) // twice, and one that the rule makes anyway
	})
	require.Equal(t, []time.Time{extra, at.Add(week(1) - time.Hour)}, event.Series.MustGet().Rdates)
	byRule := []time.Time{at, at.Add(week(1) - time.Hour), at.Add(week(2) - time.Hour)}
	dates := s.dates(s.member, event.ID)
	require.Equal(t, []time.Time{byRule[0], extra, byRule[1], byRule[2]}, starts(dates))
	require.Equal(t, extra.Add(2*time.Hour), dates[1].EndsAt)
	s.answer(s.member, event.ID, eventsapi.RsvpSetStatusGoing, func(b *eventsapi.RsvpSet) { b.OccurrenceID = &dates[1].OccurrenceID })

	edit := func(body eventsapi.EventUpdate) []eventsapi.Event {
		t.Helper()
		r, err := s.As(s.maker).UpdateEventWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, body)
		service.OK(t, r, err)
		return s.dates(s.member, event.ID)
	}
	second := extra.Add(24 * time.Hour)
	after := edit(eventsapi.EventUpdate{Rdates: some([]time.Time{extra, second}), Exdates: some([]time.Time{byRule[1]})})
	require.Equal(t, []time.Time{byRule[0], extra, second, byRule[2]}, starts(after))
	require.Equal(t, []any{dates[1].OccurrenceID, eventsapi.EventMyRsvpGoing}, []any{after[1].OccurrenceID, after[1].MyRsvp.MustGet()}, "a date that stays keeps its answers")
	require.Equal(t, starts(after), starts(edit(eventsapi.EventUpdate{Title: some("New")})))
	require.Equal(t, []time.Time{byRule[0], byRule[2]}, starts(edit(eventsapi.EventUpdate{Rdates: some([]time.Time{})})))
	require.Equal(t, byRule, starts(edit(eventsapi.EventUpdate{Exdates: some([]time.Time{})})))

	single := s.event(func(b *eventsapi.EventCreate) { b.Rdates = some([]time.Time{b.StartsAt.Add(week(1))}) })
	require.Equal(t, []time.Time{single.StartsAt, single.StartsAt.Add(week(1))}, starts(s.dates(s.member, single.ID)), "without a rule")

	for field, change := range map[string]func(*eventsapi.EventCreate){
		"rdates":  func(b *eventsapi.EventCreate) { b.Rdates = some(slices.Repeat([]time.Time{*b.StartsAt}, 367)) },
		"exdates": func(b *eventsapi.EventCreate) { b.Exdates = some(slices.Repeat([]time.Time{*b.StartsAt}, 367)) },
	} {
		r, err := s.As(s.maker).CreateEventWithResponse(t.Context(), s.draft(1, change))
		service.Invalid(t, r, err, field)
	}
	for field, body := range map[string]string{"rdates.0": `{"rdates":["2027-03-24"]}`, "exdates.0": `{"exdates":["2027-03-24T19:00:00"]}`} {
		r, err := s.As(s.maker).UpdateEventWithBodyWithResponse(t.Context(), event.ID, &eventsapi.UpdateEventParams{}, "application/json", strings.NewReader(body))
		service.Invalid(t, r, err, field)
	}
}
