package invitationmail

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
)

var update = flag.Bool("update", false, "write the files of testdata")

// step is a mail of an invitation, and what the recipient's calendar must show after it.
type step struct {
	File     string `json:"file"`
	Sequence int    `json:"sequence"` // of the event as a whole
	PartStat string `json:"partstat"`
	Dates    []date `json:"dates"`
}

type date struct {
	UID    string    `json:"uid"`
	Title  string    `json:"title"`
	Starts time.Time `json:"starts"`
	Ends   time.Time `json:"ends"`
	AllDay bool      `json:"allDay"`
}

// course is one invitation from its first mail to its last.
type course struct {
	t     *testing.T
	name  string
	event domain.Event
	dates []domain.Occurrence
	reply *domain.Answer
	now   time.Time
	steps []step
}

func instant(t *testing.T, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	return at
}

func newCourse(t *testing.T, name, id string, draft domain.EventDraft) *course {
	t.Helper()
	c := &course{t: t, name: name, now: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)}
	by := authz.Actor{Tenant: uuid.MustParse("00000000-0000-0000-0000-000000000001"), User: uuid.MustParse("00000000-0000-0000-0000-000000000002")}
	draft.Scope = authz.TenantScope(by.Tenant)
	event, dates, err := domain.NewEvent(by, "aef", draft, c.now)
	require.NoError(t, err)
	d := event.Data()
	d.ID = uuid.MustParse(id)
	d.ICalUID = id + "@aef.updspace"
	c.event, c.dates = domain.RestoreEvent(d), dates
	return c
}

// mailed writes the mail of a reason, an hour after the one before.
func (c *course) mailed(about domain.MailReason, cancelled ...domain.Occurrence) {
	c.t.Helper()
	c.now = c.now.Add(time.Hour)
	w, err := newWriter(domain.MailSubject{Event: c.event, Dates: c.dates, Now: c.now})
	require.NoError(c.t, err)
	mail := domain.InvitationMail{Invitation: domain.Invitation{Slug: "aef", Reply: c.reply}, About: about, Cancelled: cancelled}
	_, file, err := w.calendar(mail, organiser{name: "aef (UpdSpace)", address: "reply+abc@reply.example.com", answers: true})
	require.NoError(c.t, err)
	s := step{File: c.name + "-" + string(rune('1'+len(c.steps))) + "-" + string(about) + ".ics", Sequence: c.event.Data().Sequence, PartStat: "NEEDS-ACTION", Dates: []date{}}
	if c.reply != nil {
		s.PartStat = participation[c.reply.Status]
	}
	for _, o := range c.dates {
		if gone := about == domain.EventOff || about == domain.Uninvited; !gone && !o.Data().Cancelled {
			s.Dates = append(s.Dates, date{c.event.Data().ICalUID, c.event.Details(o).Title, o.Data().Starts, o.Data().Ends, c.event.Data().Schedule.AllDay()})
		}
	}
	golden(c.t, s.File, file)
	c.steps = append(c.steps, s)
}

func (c *course) edited(edit domain.EventEdit) {
	c.t.Helper()
	event, plan, changed, err := c.event.Edit(edit, c.dates, c.now)
	require.NoError(c.t, err)
	require.True(c.t, changed)
	require.Empty(c.t, plan.Added)
	require.Empty(c.t, plan.Removed)
	c.event = event
	for _, o := range plan.Changed {
		c.put(o)
	}
}

func (c *course) put(o domain.Occurrence) {
	for i := range c.dates {
		if c.dates[i].ID() == o.ID() {
			c.dates[i] = o
		}
	}
	c.event = c.event.Touch(c.now)
}

// The files of testdata are what the mails of two invitations bring to a calendar, and what it must show after each.
// web/e2e/invitationMails.test.ts takes the first into a calendar with another parser and must find the second.
func TestCalendarsOfInvitationsAreTheGoldenOnes(t *testing.T) {
	t.Parallel()
	series := newCourse(t, "series", "00000000-0000-4000-8000-000000000010", domain.EventDraft{
		Details: domain.Details{Title: "Рейд; \"Недра\", часть 1", Description: "Первая строка\nвторая", LocationText: "Клуб, зал 2"},
		Schedule: domain.ScheduleDraft{
			Starts: instant(t, "2026-03-03T19:00:00-05:00"), Ends: instant(t, "2026-03-03T21:00:00-05:00"), Zone: "America/New_York",
			Rule: "FREQ=WEEKLY;COUNT=5", EXDates: []time.Time{instant(t, "2026-03-24T19:00:00-04:00")},
			RDates: []time.Time{instant(t, "2026-03-27T19:00:00-04:00")},
		},
	})
	series.mailed(domain.Invited)
	series.reply = &domain.Answer{Status: domain.AnswerGoing}
	series.edited(domain.EventEdit{Title: new("Raid"), Starts: new(instant(t, "2026-03-03T20:00:00-05:00"))})
	moved, _, err := series.event.EditOccurrence(series.dates[1], domain.OccurrenceEdit{Title: new("Final"), Starts: new(instant(t, "2026-03-11T18:00:00-04:00"))})
	require.NoError(t, err)
	series.put(moved)
	series.mailed(domain.EventChanged)
	off, _, err := series.event.CancelOccurrence(series.dates[2], "Storm")
	require.NoError(t, err)
	series.put(off)
	series.mailed(domain.DatesCancelled, off)
	on, _, err := series.event.RestoreDate(series.dates[2])
	require.NoError(t, err)
	series.put(on)
	series.mailed(domain.EventChanged)
	series.reply.Status = domain.AnswerInterested
	cancelled, _, err := series.event.Cancel("", series.now)
	require.NoError(t, err)
	series.event = cancelled
	series.mailed(domain.EventOff)

	single := newCourse(t, "days", "00000000-0000-4000-8000-000000000011", domain.EventDraft{
		Details: domain.Details{Title: "Camp"},
		Schedule: domain.ScheduleDraft{
			Starts: instant(t, "2026-03-28T00:00:00+01:00"), Ends: instant(t, "2026-03-30T00:00:00+02:00"), Zone: "Europe/Berlin", AllDay: true,
		},
	})
	single.mailed(domain.Invited)
	single.reply = &domain.Answer{Status: domain.AnswerNotGoing}
	single.edited(domain.EventEdit{Starts: new(instant(t, "2026-04-04T00:00:00+02:00"))})
	single.mailed(domain.EventChanged)
	single.mailed(domain.Uninvited)

	list, err := json.MarshalIndent(map[string][]step{"series": series.steps, "days": single.steps}, "", "  ")
	require.NoError(t, err)
	golden(t, "steps.json", append(list, '\n'))
}

func golden(t *testing.T, name string, content []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o750))
		require.NoError(t, os.WriteFile(path, content, 0o600))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, string(want), string(content), "go test ./events/adapters/invitationmail -update writes it anew")
}
