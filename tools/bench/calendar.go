package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/tools/bench/load"
)

// What the month is chosen from: single events of a year and series, in all communities of the feed, of which the reader is a member of
// every other one. The baseline "month" has as many.
const (
	calendarEvents = 10_000
	calendarSeries = 200
	calendarYear   = 365 // days
	answered       = 200 // events that each user answers about once
	makers         = 8   // requests at once
)

// calendar is what the requests of the events service are about.
type calendar struct {
	month    string // that is read
	answered []uuid.UUID
	address  string // of the reader's calendar, for programs
}

// newCalendar has the writer fill the calendars of the communities.
func newCalendar(ctx context.Context, m maker, writer uuid.UUID, communities []uuid.UUID) (calendar, error) {
	now := time.Now().UTC()
	month := time.Date(now.Year(), now.Month()+1, 1, 0, 0, 0, 0, time.UTC)
	first := month.AddDate(0, 0, 15-calendarYear/2)
	c := calendar{month: month.Format("2006-01"), answered: make([]uuid.UUID, answered)}
	event := func(n int, starts time.Time) map[string]any {
		return map[string]any{
			"title": fmt.Sprintf("Game night %d", n), "description": "We play at eight on the usual server.", "locationText": "Club, room 2",
			"scopeType": "COMMUNITY", "scopeId": communities[n%len(communities)], "visibility": "community", "timeZone": "Europe/Berlin",
			"startsAt": starts, "endsAt": starts.Add(2 * time.Hour),
		}
	}
	bodies := make([]map[string]any, 0, calendarEvents+calendarSeries+answered)
	for n := range calendarEvents {
		bodies = append(bodies, event(n, first.Add(time.Duration(n)*calendarYear*24*time.Hour/calendarEvents)))
	}
	for n := range calendarSeries {
		series := event(n, first.Add(time.Duration(n)*time.Hour))
		series["rrule"] = "FREQ=WEEKLY"
		bodies = append(bodies, series)
	}
	for n := range answered {
		open := event(n, now.AddDate(0, 0, 20))
		open["scopeType"], open["scopeId"], open["visibility"], open["capacity"] = "TENANT", tenantAEF, "public", 2*users
		bodies = append(bodies, open)
	}
	next := make(chan int)
	failed := make(chan error, makers)
	var group sync.WaitGroup
	for range makers {
		group.Go(func() {
			for i := range next {
				id, err := m.makeEvent(ctx, writer, bodies[i])
				if err != nil {
					failed <- err
					return
				}
				if n := i - calendarEvents - calendarSeries; n >= 0 {
					c.answered[n] = id
				}
			}
		})
	}
	var err error
	for i := range bodies {
		select {
		case next <- i:
			continue
		case err = <-failed:
		}
		break
	}
	close(next)
	group.Wait()
	close(failed)
	for other := range failed {
		err = errors.Join(err, other)
	}
	return c, err
}

func (m maker) makeEvent(ctx context.Context, writer uuid.UUID, body map[string]any) (uuid.UUID, error) {
	r, err := m.signed("bff", "events", "/api/v1/events", writer, body)
	if err != nil {
		return uuid.Nil, err
	}
	answer, err := send(ctx, r, m.harness.At["events"], http.StatusCreated)
	if err != nil {
		return uuid.Nil, err
	}
	var made struct {
		ID uuid.UUID `json:"id"`
	}
	return made.ID, json.Unmarshal(answer, &made)
}

// month reads a month of everything that the reader may see.
func (m maker) month(context.Context) (requests, error) {
	r, err := m.signedGet("bff", "events", "/api/v1/events/month?time_zone=Europe/Moscow&month="+m.fixture.calendar.month, m.fixture.reader)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

// subscribe makes an address of the reader's calendar.
func (m maker) subscribe(ctx context.Context, reader uuid.UUID) (string, error) {
	r, err := m.signed("bff", "events", "/api/v1/events/calendars/addresses", reader, map[string]any{"name": "Bench", "content": "all"})
	if err != nil {
		return "", err
	}
	answer, err := send(ctx, r, m.harness.At["events"], http.StatusCreated)
	if err != nil {
		return "", err
	}
	var made struct{ Path string }
	return made.Path, json.Unmarshal(answer, &made)
}

// unchanged reads a calendar that the program has read before, as the gateway passes it on: for no user. It holds until the hour is over.
func (m maker) unchanged(ctx context.Context) (requests, error) {
	first, err := m.signedGet("bff", "events", m.fixture.calendar.address, uuid.Nil)
	if err != nil {
		return requests{}, err
	}
	first = first.WithContext(ctx)
	first.URL.Host = m.harness.At["events"]
	read, err := transport.RoundTrip(first)
	if err != nil {
		return requests{}, err
	}
	if err := read.Body.Close(); err != nil {
		return requests{}, err
	}
	r, err := m.signedGet("bff", "events", m.fixture.calendar.address, uuid.Nil)
	if err != nil {
		return requests{}, err
	}
	r.Header.Set("If-None-Match", read.Header.Get("ETag"))
	return repeat(r)
}

// rsvp gives the one answer of a user about an event: of each user in turn, and when all have answered, about the next event.
func (m maker) rsvp(context.Context) (requests, error) {
	v := m.fixture
	return requests{next: func(int) ([]byte, error) {
		n := int(v.rsvps.Add(1)) - 1
		if n >= users*answered {
			return nil, fmt.Errorf("the %d events have the answers of all users", answered)
		}
		path := "/api/v1/events/" + v.calendar.answered[n/users].String() + "/rsvp"
		r, err := m.signed("bff", "events", path, v.facts.users[n%users], map[string]any{"status": "going"})
		if err != nil {
			return nil, err
		}
		return load.Encode(r)
	}}, nil
}
