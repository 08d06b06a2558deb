package events_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/recurrence"
	"go.updspace.com/tools/devkit/testkit/service"
)

// file is the file of an event for calendars, read back.
func (s *fixture) file(event uuid.UUID, occurrence *uuid.UUID) (calendar ical.Component, text string) {
	s.T.Helper()
	r, err := s.As(s.member).ExportEventWithResponse(s.T.Context(), event, &eventsapi.ExportEventParams{Occurrence: occurrence})
	answer := service.OK(s.T, r, err)
	require.Equal(s.T, "attachment; filename=event-"+event.String()+".ics", answer.HTTPResponse.Header.Get("Content-Disposition"))
	require.Equal(s.T, "text/calendar; charset=utf-8", answer.HTTPResponse.Header.Get("Content-Type"))
	for _, line := range strings.Split(strings.TrimSuffix(string(answer.Body), "\r\n"), "\r\n") {
		require.LessOrEqual(s.T, len(line), 75)
	}
	calendars, err := ical.Parse(bytes.NewReader(answer.Body))
	require.NoError(s.T, err)
	require.Len(s.T, calendars, 1)
	return calendars[0], string(answer.Body)
}

func property(t testing.TB, c ical.Component, name string) ical.Property {
	t.Helper()
	p, ok := c.Property(name)
	require.True(t, ok, name)
	return p
}

// A series is read back to the dates that it has, across a change of clocks.
func TestASeriesIsReadBackToItsDates(t *testing.T) {
	t.Parallel()
	s := start(t)
	at := time.Date(2026, 3, 21, 23, 0, 0, 0, time.UTC) // Saturday, 19:00 in New York
	event := s.event(func(b *eventsapi.EventCreate) {
		b.Title, b.Description, b.Tags = "Игра; с \\ и, запятой", some(strings.Repeat("Длинное описание. ", 20)+"\nвторая строка"), some([]string{"a,b", "c"})
		b.TimeZone, b.StartsAt, b.EndsAt, b.LocationURL = new("America/New_York"), &at, new(at.Add(2*time.Hour)), some("https://example.com/?a=1,2")
		b.Rrule, b.Exdates = some("FREQ=MONTHLY;BYDAY=3SA;UNTIL=20261231T000000"), some([]time.Time{time.Date(2026, 5, 16, 23, 0, 0, 0, time.UTC)})
	})
	dates := s.dates(s.maker, event.ID)
	require.Len(t, dates, 9)
	c := s.As(s.maker)
	moved, err := c.UpdateOccurrenceWithResponse(t.Context(), event.ID, dates[1].OccurrenceID, &eventsapi.UpdateOccurrenceParams{},
		eventsapi.OccurrenceUpdate{Title: new("Final"), StartsAt: new(dates[1].StartsAt.Add(time.Hour))})
	service.OK(t, moved, err)
	off, err := c.CancelOccurrenceWithResponse(t.Context(), event.ID, dates[2].OccurrenceID, &eventsapi.CancelOccurrenceParams{}, eventsapi.EventCancel{})
	service.OK(t, off, err)

	calendar, text := s.file(event.ID, nil)
	require.Equal(t, "PUBLISH", property(t, calendar, "METHOD").Text())
	require.Len(t, calendar.Children("VTIMEZONE"), 1)
	parts := calendar.Children("VEVENT")
	require.Len(t, parts, 3)
	for _, part := range parts {
		require.Equal(t, event.ID.String()+"@aef.updspace", property(t, part, "UID").Text())
	}
	series := parts[0]
	require.Equal(t, event.Title, property(t, series, "SUMMARY").Text())
	require.Equal(t, event.Description.MustGet(), property(t, series, "DESCRIPTION").Text())
	require.Equal(t, []string{"a,b", "c"}, property(t, series, "CATEGORIES").Texts())
	require.Equal(t, "https://example.com/?a=1,2", property(t, series, "URL").Value)
	require.Contains(t, text, "UNTIL=20261231T050000Z", "in UTC")

	zone, err := recurrence.Zone(property(t, series, "DTSTART").Param("TZID"))
	require.NoError(t, err)
	first, err := property(t, series, "DTSTART").Time()
	require.NoError(t, err)
	rule, err := recurrence.Parse(property(t, series, "RRULE").Value)
	require.NoError(t, err)
	except, err := property(t, series, "EXDATE").Time()
	require.NoError(t, err)
	set := recurrence.Set{Start: recurrence.Wall(first.Wall), Zone: zone, Rule: rule, EXDates: []recurrence.Local{recurrence.Wall(except.Wall)}}
	got, _ := set.Expand(time.Time{}, at.AddDate(1, 0, 0), 100)
	require.Len(t, got, len(dates))
	for i, date := range got {
		require.Equal(t, dates[i].OriginalStartsAt, date.At)
	}
	id, err := property(t, parts[1], "RECURRENCE-ID").Time()
	require.NoError(t, err)
	require.Equal(t, dates[1].OriginalStartsAt, recurrence.Wall(id.Wall).Resolve(zone))
	require.Equal(t, "Final", property(t, parts[1], "SUMMARY").Text())
	require.Equal(t, "CANCELLED", property(t, parts[2], "STATUS").Text())
	for i, want := range [][]string{{"-PT1440M", "-PT60M"}, {"-PT1440M", "-PT60M"}, nil} {
		var alarms []string
		for _, alarm := range parts[i].Children("VALARM") {
			require.Equal(t, "DISPLAY", property(t, alarm, "ACTION").Value)
			require.Equal(t, property(t, parts[i], "SUMMARY").Text(), property(t, alarm, "DESCRIPTION").Text())
			alarms = append(alarms, property(t, alarm, "TRIGGER").Value)
		}
		require.Equal(t, want, alarms, "the reminders of a date that takes place")
	}

	one, _ := s.file(event.ID, &dates[3].OccurrenceID)
	require.Len(t, one.Children("VEVENT"), 1)
	_, repeats := one.Children("VEVENT")[0].Property("RRULE")
	require.False(t, repeats)
}

func TestSingleEventsAndWholeDaysInFiles(t *testing.T) {
	t.Parallel()
	s := start(t)
	event := s.event()
	calendar, _ := s.file(event.ID, nil)
	require.Empty(t, calendar.Children("VTIMEZONE"), "in UTC")
	require.Len(t, calendar.Children("VEVENT"), 1)
	require.Equal(t, event.StartsAt.Format("20060102T150405Z"), property(t, calendar.Children("VEVENT")[0], "DTSTART").Value)
	midnight := time.Date(2026, 3, 28, 23, 0, 0, 0, time.UTC) // 29 March in Berlin
	days := s.event(func(b *eventsapi.EventCreate) {
		b.TimeZone, b.AllDay, b.StartsAt, b.EndsAt = new("Europe/Berlin"), new(true), &midnight, new(midnight.Add(47*time.Hour))
	})
	calendar, _ = s.file(days.ID, nil)
	part := calendar.Children("VEVENT")[0]
	require.Equal(t, []string{"20260329", "20260331"}, []string{property(t, part, "DTSTART").Value, property(t, part, "DTEND").Value})
	require.Equal(t, "DATE", property(t, part, "DTSTART").Param("VALUE"))
}
