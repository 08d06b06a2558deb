package httpapi

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
)

var update = flag.Bool("update", false, "write the files of testdata")

// date is a date of a calendar as another program must find it.
type date struct {
	UID    string    `json:"uid"`
	Title  string    `json:"title"`
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
	AllDay bool      `json:"allDay"`
}

// The files of testdata are what the service writes, and the dates that it stores. web/e2e/calendars.test.ts reads the first with
// another parser and must find the second.
func TestCalendarsAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	by := authz.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-0000-0000-000000000002")}
	at := func(text string) time.Time {
		instant, err := time.Parse(time.RFC3339, text)
		require.NoError(t, err)
		return instant
	}
	drafts := []domain.EventDraft{
		{Details: domain.Details{Title: "Single"}, Schedule: domain.ScheduleDraft{Starts: at("2026-03-05T18:00:00Z"), Ends: at("2026-03-05T20:30:00Z")}},
		{Details: domain.Details{Title: "Camp"}, Schedule: domain.ScheduleDraft{
			Starts: at("2026-03-28T00:00:00+01:00"), Ends: at("2026-03-30T00:00:00+02:00"), Zone: "Europe/Berlin", AllDay: true,
		}},
		{Details: domain.Details{Title: "Weekly"}, Schedule: domain.ScheduleDraft{
			Starts: at("2026-03-03T19:00:00-05:00"), Ends: at("2026-03-03T21:00:00-05:00"), Zone: "America/New_York",
			Rule: "FREQ=WEEKLY;UNTIL=20260414T230000Z", RDates: []time.Time{at("2026-03-12T19:00:00-04:00")}, EXDates: []time.Time{at("2026-03-17T19:00:00-04:00")},
		}},
		{Details: domain.Details{Title: "Lord Howe"}, Schedule: domain.ScheduleDraft{
			Starts: at("2026-04-03T02:30:00+11:00"), Ends: at("2026-04-03T04:30:00+11:00"), Zone: "Australia/Lord_Howe", Rule: "FREQ=DAILY;COUNT=5",
		}},
		{
			Details: domain.Details{
				Title: "Длинное название; с запятой, чертой \\ и 👩‍👩‍👧 " + strings.Repeat("щ", 100), Description: strings.Repeat("Первая строка 世界.\n", 30),
				LocationText: "Здесь, \"там\"; и тут", LocationURL: "https://example.com/?a=1,2;b=3",
			},
			Tags: []string{"a,b", "в;г"}, Schedule: domain.ScheduleDraft{Starts: at("2026-03-06T15:00:00+03:00"), Ends: at("2026-03-06T16:00:00+03:00"), Zone: "Europe/Moscow"},
		},
	}
	feed := app.FeedContent{Address: domain.CalendarAddress{Name: "АЕФ; общий, календарь"}, Answers: map[uuid.UUID]domain.Answer{}}
	mine := app.FeedContent{Address: domain.CalendarAddress{Name: "Answered"}, Answers: map[uuid.UUID]domain.Answer{}}
	dates, mineDates := []date{}, []date{}
	for i, draft := range drafts {
		draft.Scope = authz.TenantScope(by.Tenant)
		event, all, err := domain.NewEvent(by, "aef", draft, now)
		require.NoError(t, err)
		d := event.Data()
		d.ID = uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-00000000000%d", i))
		d.ICalUID = d.ID.String() + "@aef.updspace"
		event = domain.RestoreEvent(d)
		c := app.Calendar{Event: event, Series: d.Schedule.Recurs()}
		for k, o := range all {
			od := o.Data()
			od.ID, od.EventID = uuid.MustParse(fmt.Sprintf("00000000-0000-4000-8000-0000000001%d%d", i, k)), d.ID
			o = domain.RestoreOccurrence(od)
			if d.Details.Title == "Weekly" && k == 1 {
				o, _, err = event.EditOccurrence(o, domain.OccurrenceEdit{Title: new("Moved"), Starts: new(o.Data().Starts.Add(25 * time.Hour))})
				require.NoError(t, err)
			}
			if d.Details.Title == "Weekly" && k == 3 {
				o, _, err = event.CancelOccurrence(o, "")
				require.NoError(t, err)
			}
			if d.Details.Title == "Weekly" && k == 4 {
				feed.Answers[o.ID()] = domain.Answer{Status: domain.AnswerInterested}
			}
			_, answered := feed.Answers[o.ID()]
			if !c.Series || o.Changed() || o.Data().Cancelled || answered {
				c.Occurrences = append(c.Occurrences, o)
			}
			shown := date{d.ICalUID, event.Details(o).Title, o.Data().Starts, o.Data().Ends, d.Schedule.AllDay()}
			if !o.Data().Cancelled {
				dates = append(dates, shown)
			}
			if k > 1 { // the calendar of what a member has answered has the first two dates of each event, one by one
				continue
			}
			mine.Answers[o.ID()] = domain.Answer{Status: []domain.AnswerStatus{domain.AnswerGoing, domain.AnswerInterested}[k]}
			mine.Calendars = append(mine.Calendars, app.Calendar{Event: event, Occurrences: []domain.Occurrence{o}})
			file, err := calendarOf(app.Calendar{Event: event, Occurrences: []domain.Occurrence{o}})
			require.NoError(t, err)
			golden(t, fmt.Sprintf("date-%d-%d.ics", i, k), file)
			if c.Series {
				shown.UID = o.ID().String() + "@aef.updspace"
			}
			mineDates = append(mineDates, shown)
		}
		feed.Calendars = append(feed.Calendars, c)
		file, err := calendarOf(c)
		require.NoError(t, err)
		golden(t, fmt.Sprintf("event-%d.ics", i), file)
	}
	file, err := feedFile(feed)
	require.NoError(t, err)
	golden(t, "feed.ics", file)
	file, err = feedFile(mine)
	require.NoError(t, err)
	golden(t, "answered.ics", file)
	for name, list := range map[string][]date{"dates.json": dates, "answered.json": mineDates} {
		text, err := json.MarshalIndent(list, "", "  ")
		require.NoError(t, err)
		golden(t, name, append(text, '\n'))
	}
}

func golden(t *testing.T, name string, content []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(path, content, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(content), "go test ./events/adapters/httpapi -update writes it anew")
}
