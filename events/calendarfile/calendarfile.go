// Package calendarfile makes the iCalendar components of events (RFC 5545): for people who take them into their calendars, and for
// invitations by mail.
package calendarfile

import (
	"bytes"
	"fmt"
	"strings"
	"time"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/recurrence"
)

// zoneYears is for how many years around an event its zone is described.
const zoneYears = 6

// Encode writes components as a calendar with a method (RFC 5545 section 3.7.2).
func Encode(method string, components ...ical.Component) ([]byte, error) {
	calendar := ical.Component{Name: "VCALENDAR", Properties: []ical.Property{
		ical.Text("VERSION", "2.0"), ical.Text("PRODID", "-//UpdSpace//Events//EN"), ical.Text("CALSCALE", "GREGORIAN"), ical.Text("METHOD", method),
	}, Components: components}
	var out bytes.Buffer
	if err := ical.Write(&out, calendar); err != nil {
		return nil, fmt.Errorf("writing a calendar: %w", err)
	}
	return out.Bytes(), nil
}

// Writer makes the components of an event.
type Writer struct {
	// Left are the dates that the series leaves out besides its own exceptions.
	Left  []time.Time
	event domain.Event
	zone  *time.Location
}

// NewWriter returns the writer of an event.
func NewWriter(event domain.Event) (Writer, error) {
	zone, err := recurrence.Zone(event.Data().Schedule.Zone)
	if err != nil {
		return Writer{}, fmt.Errorf("the zone of an event: %w", err)
	}
	return Writer{event: event, zone: zone}, nil
}

// Zones are the zones that the times of the event need: one or none.
func (w Writer) Zones() []ical.Component {
	d := w.event.Data()
	if w.zone.String() == "UTC" || d.Schedule.AllDay() {
		return nil
	}
	year := d.Schedule.Start.Time().Year()
	return []ical.Component{ical.Timezone(w.zone, year, max(year, d.UpdatedAt.Year())+zoneYears)}
}

// Series is the component of what all dates share: the first date, and how it repeats.
func (w Writer) Series() ical.Component {
	d := w.event.Data()
	s := d.Schedule
	properties := []ical.Property{w.at("DTSTART", s.Starts()), w.at("DTEND", s.EndOf(s.Start))}
	if s.Rule != "" {
		properties = append(properties, ical.Property{Name: "RRULE", Value: w.rule(s.Rule)})
	}
	for _, t := range s.Instants(s.RDates) {
		properties = append(properties, w.at("RDATE", t))
	}
	for _, t := range append(s.Instants(s.EXDates), w.Left...) {
		properties = append(properties, w.at("EXDATE", t))
	}
	return w.component(properties, d.Details, d.Status, d.Sequence)
}

// rule is a rule with its end in UTC, as RFC 5545 section 3.3.10 wants it beside a start with a zone.
func (w Writer) rule(text string) string {
	parts := strings.Split(text, ";")
	for i, part := range parts {
		name, value, _ := strings.Cut(part, "=")
		if end, err := recurrence.ParseLocal(value); name == "UNTIL" && err == nil && !end.AllDay() {
			parts[i] = "UNTIL=" + ical.At("", ical.UTC(end.Resolve(w.zone))).Value
		}
	}
	return strings.Join(parts, ";")
}

// Date is the component of one date: of a series an exception to it, which its RECURRENCE-ID names (RFC 5545 section 3.8.4.4).
func (w Writer) Date(o domain.Occurrence) ical.Component {
	d := o.Data()
	properties := []ical.Property{w.at("DTSTART", d.Starts), w.at("DTEND", d.Ends)}
	if w.event.Data().Schedule.Recurs() {
		properties = append(properties, w.at("RECURRENCE-ID", d.Original))
	}
	return w.component(properties, w.event.Details(o), w.event.Status(o), w.event.Data().Sequence+d.Sequence)
}

// Alarmed is a component with the reminders of the event, unless it does not take place.
func (w Writer) Alarmed(c ical.Component) ical.Component {
	title, _ := c.Property("SUMMARY")
	if is, _ := c.Property("STATUS"); is.Value == status[domain.StatusCancelled] {
		return c
	}
	for _, minutes := range w.event.Data().Reminders {
		c.Components = append(c.Components, ical.Component{Name: "VALARM", Properties: []ical.Property{
			ical.Text("ACTION", "DISPLAY"), {Name: "DESCRIPTION", Value: title.Value}, {Name: "TRIGGER", Value: fmt.Sprintf("-PT%dM", minutes)},
		}})
	}
	return c
}

// at is a time in the form of the event: a day, an instant, or on the wall clock of its zone.
func (w Writer) at(name string, t time.Time) ical.Property {
	switch {
	case w.event.Data().Schedule.AllDay():
		return ical.At(name, ical.Date(t.In(w.zone)))
	case w.zone.String() == "UTC":
		return ical.At(name, ical.UTC(t))
	}
	return ical.At(name, ical.Local(t.In(w.zone)))
}

var status = map[domain.Status]string{
	domain.StatusDraft: "TENTATIVE", domain.StatusScheduled: "CONFIRMED", domain.StatusCancelled: "CANCELLED",
}

func (w Writer) component(times []ical.Property, details domain.Details, is domain.Status, sequence int) ical.Component {
	d := w.event.Data()
	properties := append([]ical.Property{
		ical.Text("UID", d.ICalUID), ical.At("DTSTAMP", ical.UTC(d.UpdatedAt)), ical.At("CREATED", ical.UTC(d.CreatedAt)),
		ical.At("LAST-MODIFIED", ical.UTC(d.UpdatedAt)), ical.Text("SEQUENCE", fmt.Sprint(sequence)), ical.Text("STATUS", status[is]),
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
