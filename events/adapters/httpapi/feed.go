package httpapi

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/events/calendarfile"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/recurrence"
)

// maxFeed bounds the events of a calendar in bytes.
const maxFeed = 1 << 20

// zoneYears is for how many years after the last change of an event its zone is described.
const zoneYears = 6

// refresh is how often calendar programs should ask.
const refresh = "PT1H"

func (s *server) ReadCalendar(ctx context.Context, r eventsapi.ReadCalendarRequestObject) (eventsapi.ReadCalendarResponseObject, error) {
	feed, err := s.calendars.Open(ctx, domain.CalendarToken(r.Token))
	if err != nil {
		return nil, err
	}
	answer := feedAnswer{tag: `W/"` + feed.Tag + `"`, modified: feed.Modified}
	if unchanged(answer, r.Params) {
		return answer, nil
	}
	content, err := s.calendars.Read(ctx, feed)
	if err != nil {
		return nil, err
	}
	answer.content, err = feedFile(content)
	return answer, err
}

// unchanged reports whether the program has read the calendar as it is (RFC 9110 section 13.2.2).
func unchanged(now feedAnswer, p eventsapi.ReadCalendarParams) bool {
	if p.IfNoneMatch != nil {
		for tag := range strings.SplitSeq(*p.IfNoneMatch, ",") {
			if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == strings.TrimPrefix(now.tag, "W/") {
				return true
			}
		}
		return false
	}
	if p.IfModifiedSince == nil {
		return false
	}
	since, err := http.ParseTime(*p.IfModifiedSince)
	return err == nil && !now.modified.Truncate(time.Second).After(since)
}

// feedAnswer answers with a calendar, or without one that nothing has changed.
type feedAnswer struct {
	tag      string
	modified time.Time
	content  []byte
}

// VisitReadCalendarResponse implements the generated interface.
func (f feedAnswer) VisitReadCalendarResponse(w http.ResponseWriter) error {
	header := w.Header()
	header.Set("ETag", f.tag)
	header.Set("Last-Modified", f.modified.UTC().Format(http.TimeFormat))
	header.Set("Cache-Control", "private, no-cache")
	if f.content == nil {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(f.content)))
	header.Set("Content-Disposition", "attachment; filename=calendar.ics")
	if _, err := w.Write(f.content); err != nil {
		return fmt.Errorf("writing a calendar: %w", err)
	}
	return nil
}

// feedFile writes the calendar of an address, as far as it fits.
func feedFile(content app.FeedContent) ([]byte, error) {
	calendar := ical.Component{Name: "VCALENDAR", Properties: []ical.Property{
		ical.Text("VERSION", "2.0"), ical.Text("PRODID", "-//UpdSpace//Events//EN"), ical.Text("CALSCALE", "GREGORIAN"), ical.Text("METHOD", "PUBLISH"),
		ical.Text("NAME", content.Address.Name), ical.Text("X-WR-CALNAME", content.Address.Name),
		ical.Property{Name: "REFRESH-INTERVAL", Value: refresh}.With("VALUE", "DURATION"), {Name: "X-PUBLISHED-TTL", Value: refresh},
	}}
	zones, size := feedZones{}, 0
	for _, c := range content.Calendars {
		part, err := feedPart(c, content.Answers)
		if err != nil {
			return nil, err
		}
		var written bytes.Buffer
		if err := ical.Write(&written, part...); err != nil {
			return nil, fmt.Errorf("writing an event: %w", err)
		}
		if size += written.Len(); size > maxFeed {
			content.Truncated = true
			break
		}
		zones.add(c.Event)
		calendar.Components = append(calendar.Components, part...)
	}
	described, err := zones.components()
	if err != nil {
		return nil, err
	}
	calendar.Components = append(described, calendar.Components...)
	if content.Truncated {
		calendar.Properties = append(calendar.Properties, ical.Property{Name: "X-UPDSPACE-TRUNCATED", Value: "TRUE"})
	}
	var out bytes.Buffer
	if err := ical.Write(&out, calendar); err != nil {
		return nil, fmt.Errorf("writing a calendar: %w", err)
	}
	return out.Bytes(), nil
}

// feedPart makes the components of an event. A date without its series is an event of its own.
func feedPart(c app.Calendar, answers map[uuid.UUID]domain.Answer) ([]ical.Component, error) {
	w, err := calendarfile.NewWriter(c.Event)
	if err != nil {
		return nil, err
	}
	var part []ical.Component
	if c.Series {
		part = append(part, with(w.Series(), ical.Text("TRANSP", "TRANSPARENT")))
	}
	for _, o := range c.Occurrences {
		date := w.Date(o)
		if c.Event.Data().Schedule.Recurs() && !c.Series {
			_, host, _ := strings.Cut(c.Event.Data().ICalUID, "@")
			date = with(without(date, "RECURRENCE-ID"), ical.Text("UID", o.ID().String()+"@"+host))
		}
		part = append(part, shown(date, answers[o.ID()], c.Event.Status(o)))
	}
	return part, nil
}

// shown is what a member's answer says in the member's own calendar.
func shown(date ical.Component, answer domain.Answer, status domain.Status) ical.Component {
	transparency := "TRANSPARENT"
	if answer.Status == domain.AnswerGoing {
		transparency = "OPAQUE"
	}
	if status == domain.StatusScheduled && (answer.Status == domain.AnswerInterested || answer.Waiting) {
		date = with(date, ical.Text("STATUS", "TENTATIVE"))
	}
	return with(date, ical.Text("TRANSP", transparency))
}

// with sets a property of a component.
func with(c ical.Component, p ical.Property) ical.Component {
	c = without(c, p.Name)
	c.Properties = append(c.Properties, p)
	return c
}

func without(c ical.Component, name string) ical.Component {
	kept := make([]ical.Property, 0, len(c.Properties)+1)
	for _, p := range c.Properties {
		if p.Name != name {
			kept = append(kept, p)
		}
	}
	c.Properties = kept
	return c
}

// feedZones are the zones that the times of a calendar need, with the first and the last year that they are needed for.
type feedZones map[string][2]int

func (z feedZones) add(event domain.Event) {
	d := event.Data()
	if d.Schedule.Zone == "UTC" || d.Schedule.AllDay() {
		return
	}
	first := d.Schedule.Start.Time().Year()
	last := max(first, d.UpdatedAt.Year()) + zoneYears
	if years, ok := z[d.Schedule.Zone]; ok {
		first, last = min(first, years[0]), max(last, years[1])
	}
	z[d.Schedule.Zone] = [2]int{first, last}
}

func (z feedZones) components() ([]ical.Component, error) {
	var list []ical.Component
	for _, name := range slices.Sorted(maps.Keys(z)) {
		zone, err := recurrence.Zone(name)
		if err != nil {
			return nil, fmt.Errorf("the zone of an event: %w", err)
		}
		list = append(list, ical.Timezone(zone, z[name][0], z[name][1]))
	}
	return list, nil
}
