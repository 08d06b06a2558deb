package httpapi

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"go.updspace.com/api/eventsapi"
	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/recurrence"
)

// zoneYears is for how many years around an event its zone is described.
const zoneYears = 6

func (s *server) ExportEvent(ctx context.Context, r eventsapi.ExportEventRequestObject) (eventsapi.ExportEventResponseObject, error) {
	calendar, err := s.calendars.Event(ctx, actor(ctx), app.DateOf{Event: r.EventID, Occurrence: r.Params.Occurrence})
	if err != nil {
		return nil, err
	}
	file, err := calendarOf(calendar)
	if err != nil {
		return nil, err
	}
	return calendarFile{name: "event-" + r.EventID.String(), content: file}, nil
}

// calendarOf writes an event as an iCalendar stream (RFC 5545) for people to take into their calendars.
func calendarOf(c app.Calendar) ([]byte, error) {
	calendar := ical.Component{Name: "VCALENDAR", Properties: []ical.Property{
		ical.Text("VERSION", "2.0"), ical.Text("PRODID", "-//UpdSpace//Events//EN"), ical.Text("CALSCALE", "GREGORIAN"), ical.Text("METHOD", "PUBLISH"),
	}}
	schedule := c.Event.Data().Schedule
	zone, err := recurrence.Zone(schedule.Zone)
	if err != nil {
		return nil, fmt.Errorf("the zone of an event: %w", err)
	}
	if zone != time.UTC && zone.String() != "UTC" && !schedule.AllDay() {
		year := schedule.Start.Time().Year()
		calendar.Components = append(calendar.Components, ical.Timezone(zone, year, max(year, c.Event.Data().UpdatedAt.Year())+zoneYears))
	}
	w := eventWriter{event: c.Event, zone: zone}
	if c.Series {
		calendar.Components = append(calendar.Components, w.series())
	}
	for _, o := range c.Occurrences {
		calendar.Components = append(calendar.Components, w.date(o))
	}
	var out bytes.Buffer
	if err := ical.Write(&out, calendar); err != nil {
		return nil, fmt.Errorf("writing a calendar: %w", err)
	}
	return out.Bytes(), nil
}

// eventWriter makes the components of an event.
type eventWriter struct {
	event domain.Event
	zone  *time.Location
}

// series is the component of what all dates share: the first date, and how it repeats.
func (w eventWriter) series() ical.Component {
	d := w.event.Data()
	s := d.Schedule
	properties := []ical.Property{w.at("DTSTART", s.Starts()), w.at("DTEND", s.EndOf(s.Start))}
	if s.Rule != "" {
		properties = append(properties, ical.Property{Name: "RRULE", Value: w.rule(s.Rule)})
	}
	for _, t := range s.Instants(s.RDates) {
		properties = append(properties, w.at("RDATE", t))
	}
	for _, t := range s.Instants(s.EXDates) {
		properties = append(properties, w.at("EXDATE", t))
	}
	return w.component(properties, d.Details, d.Status, d.Sequence)
}

// rule is a rule with its end in UTC, as RFC 5545 section 3.3.10 wants it beside a start with a zone.
func (w eventWriter) rule(text string) string {
	parts := strings.Split(text, ";")
	for i, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		if end, err := recurrence.ParseLocal(value); name == "UNTIL" && err == nil && !end.AllDay() {
			parts[i] = "UNTIL=" + ical.At("", ical.UTC(end.Resolve(w.zone))).Value
		}
	}
	return strings.Join(parts, ";")
}

// date is the component of one date: of a series an exception to it, which its RECURRENCE-ID names (RFC 5545 section 3.8.4.4).
func (w eventWriter) date(o domain.Occurrence) ical.Component {
	d := o.Data()
	properties := []ical.Property{w.at("DTSTART", d.Starts), w.at("DTEND", d.Ends)}
	if w.event.Data().Schedule.Recurs() {
		properties = append(properties, w.at("RECURRENCE-ID", d.Original))
	}
	return w.component(properties, w.event.Details(o), w.event.Status(o), w.event.Data().Sequence+d.Sequence)
}

// at is a time in the form of the event: a day, an instant, or on the wall clock of its zone.
func (w eventWriter) at(name string, t time.Time) ical.Property {
	switch {
	case w.event.Data().Schedule.AllDay():
		return ical.At(name, ical.Date(t.In(w.zone)))
	case w.zone.String() == "UTC":
		return ical.At(name, ical.UTC(t))
	}
	return ical.At(name, ical.Local(t.In(w.zone)))
}

var calendarStatus = map[domain.Status]string{
	domain.StatusDraft: "TENTATIVE", domain.StatusScheduled: "CONFIRMED", domain.StatusCancelled: "CANCELLED",
}

func (w eventWriter) component(times []ical.Property, details domain.Details, status domain.Status, sequence int) ical.Component {
	d := w.event.Data()
	properties := append([]ical.Property{
		ical.Text("UID", d.ICalUID), ical.At("DTSTAMP", ical.UTC(d.UpdatedAt)), ical.At("CREATED", ical.UTC(d.CreatedAt)),
		ical.At("LAST-MODIFIED", ical.UTC(d.UpdatedAt)), ical.Text("SEQUENCE", fmt.Sprint(sequence)), ical.Text("STATUS", calendarStatus[status]),
		ical.Text("SUMMARY", details.Title),
	}, times...)
	if details.Description != "" {
		properties = append(properties, ical.Text("DESCRIPTION", details.Description))
	}
	if details.LocationText != "" {
		properties = append(properties, ical.Text("LOCATION", details.LocationText))
	}
	if details.LocationURL != "" {
		properties = append(properties, ical.Property{Name: "URL", Value: details.LocationURL})
	}
	if len(d.Tags) > 0 {
		properties = append(properties, ical.Text("CATEGORIES", d.Tags...))
	}
	return ical.Component{Name: "VEVENT", Properties: properties}
}

// calendarFile answers with a calendar. The generated answer does not say in which character set it is.
type calendarFile struct {
	name    string
	content []byte
}

// VisitExportEventResponse implements the generated interface.
func (f calendarFile) VisitExportEventResponse(w http.ResponseWriter) error {
	header := w.Header()
	header.Set("Content-Type", "text/calendar; charset=utf-8")
	header.Set("Content-Length", strconv.Itoa(len(f.content)))
	header.Set("Content-Disposition", "attachment; filename="+f.name+".ics")
	if _, err := w.Write(f.content); err != nil {
		return fmt.Errorf("writing a calendar: %w", err)
	}
	return nil
}
