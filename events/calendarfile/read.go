package calendarfile

import (
	"cmp"
	"errors"
	"io"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/ical"
	"go.updspace.com/libs/recurrence"
)

// maxDateLines bounds the lines with extra dates and exceptions that are read of an event.
const maxDateLines = 1_000

// Read returns the events of a calendar file in its order: those that can be taken over, and those that cannot with the reason. zone is
// for times without one. A text that is no calendar is domain.ErrNotACalendar.
func Read(file io.Reader, zone string) ([]domain.FileEvent, error) {
	floating, err := recurrence.Zone(zone)
	if err != nil {
		return nil, errs.Field("time_zone", why.InvalidFormat("must be the IANA name of a time zone, such as Europe/Moscow"))
	}
	calendars, err := ical.Parse(file)
	if broken, ok := errors.AsType[*ical.Error](err); ok {
		return nil, domain.ErrNotACalendar.WithDetails(map[string]any{"line": broken.Line, "reason": string(broken.Reason)})
	}
	if err != nil {
		return nil, err
	}
	var events []domain.FileEvent
	for _, calendar := range calendars {
		r := reader{zones: ical.NewZones(calendar, recurrence.Zone), floating: floating}
		events = append(events, r.calendar(calendar)...)
	}
	return events, nil
}

// reader reads one calendar.
type reader struct {
	zones    *ical.Zones
	floating *time.Location
}

// calendar reads the events of a calendar, with those dates of series that are components of their own.
func (r reader) calendar(calendar ical.Component) (events []domain.FileEvent) {
	series := map[string]int{} // by UID
	var dates []ical.Component
	for _, c := range calendar.Components {
		switch _, isDate := c.Property("RECURRENCE-ID"); {
		case c.Name == "VTIMEZONE":
		case c.Name != "VEVENT":
			events = append(events, domain.FileEvent{Line: c.Line, Draft: titled(c), Wrong: domain.Unfit{Reason: domain.UnfitUnsupported, Property: c.Name}})
		case isDate:
			dates = append(dates, c)
		default:
			event := r.event(c)
			if _, twice := series[event.UID]; !twice {
				series[event.UID] = len(events)
			}
			events = append(events, event)
		}
	}
	for _, c := range dates {
		i, ok := series[text(c, "UID")]
		if !ok { // a date without its series
			events = append(events, domain.FileEvent{Line: c.Line, Draft: titled(c), Wrong: domain.Unfit{Reason: domain.UnfitNoDate, Property: "RECURRENCE-ID"}})
			continue
		}
		events[i].Dates = append(events[i].Dates, r.date(c))
	}
	slices.SortStableFunc(events, func(a, b domain.FileEvent) int { return cmp.Compare(a.Line, b.Line) })
	return events
}

func titled(c ical.Component) domain.EventDraft {
	return domain.EventDraft{Details: domain.Details{Title: line(c, "SUMMARY")}}
}

// event reads an event. Its texts are checked by the rules of events.
func (r reader) event(c ical.Component) domain.FileEvent {
	event := domain.FileEvent{Line: c.Line, UID: text(c, "UID"), Draft: titled(c)}
	event.Draft.Details = details(c)
	event.Draft.Tags = tags(c)
	event.Draft.Schedule, event.Wrong = r.schedule(c)
	switch {
	case event.UID == "":
		event.Wrong = domain.Unfit{Reason: domain.UnfitNoUID, Property: "UID"}
	case len([]rune(event.UID)) > domain.MaxImportUID:
		event.Wrong = domain.Unfit{Reason: domain.UnfitInvalid, Property: "UID"}
	case strings.EqualFold(text(c, "STATUS"), "CANCELLED"):
		event.Wrong = domain.Unfit{Reason: domain.UnfitCancelled, Property: "STATUS"}
	}
	return event
}

func (r reader) schedule(c ical.Component) (d domain.ScheduleDraft, wrong domain.Unfit) {
	start, ok := c.Property("DTSTART")
	if !ok {
		return d, domain.Unfit{Reason: domain.UnfitNoStart, Property: "DTSTART"}
	}
	rules := c.All("RRULE")
	if len(rules) > 1 || len(c.All("EXRULE")) > 0 {
		return d, domain.Unfit{Reason: domain.UnfitUnsupported, Property: "RRULE"}
	}
	begins, at, wrong := r.time(start)
	if wrong != (domain.Unfit{}) {
		return d, wrong
	}
	zone := r.floating
	if !begins.Date && (begins.Zone != "UTC" || len(rules) > 0) {
		zone = at.Location()
	}
	d = domain.ScheduleDraft{Starts: at.UTC(), Zone: zone.String(), AllDay: begins.Date}
	if len(rules) == 1 {
		d.Rule = strings.TrimSpace(rules[0].Value)
	}
	if d.Ends, wrong = r.end(c, begins, at); wrong != (domain.Unfit{}) {
		return d, wrong
	}
	if d.RDates, wrong = r.times(c, "RDATE", begins.Date); wrong != (domain.Unfit{}) {
		return d, wrong
	}
	d.EXDates, wrong = r.times(c, "EXDATE", begins.Date)
	return d, wrong
}

// end is when an event ends: as it says, or after its duration, or after an hour or a day.
func (r reader) end(c ical.Component, begins ical.Time, at time.Time) (time.Time, domain.Unfit) {
	if p, ok := c.Property("DTEND"); ok {
		ends, end, wrong := r.time(p)
		if wrong == (domain.Unfit{}) && ends.Date != begins.Date {
			wrong = domain.Unfit{Reason: domain.UnfitTime, Property: "DTEND"}
		}
		if !end.Equal(at) { // RFC 5545 section 3.6.1 has events without a duration; they get one
			return end.UTC(), wrong
		}
	}
	duration := ical.Duration{Clock: time.Hour}
	if begins.Date {
		duration = ical.Duration{Days: 1}
	}
	if p, ok := c.Property("DURATION"); ok {
		read, err := p.Duration()
		if err != nil || begins.Date && read.Clock != 0 {
			return time.Time{}, domain.Unfit{Reason: domain.UnfitTime, Property: "DURATION"}
		}
		if read != (ical.Duration{}) {
			duration = read
		}
	}
	days := recurrence.Wall(begins.Wall.AddDate(0, 0, duration.Days)).Resolve(at.Location())
	return days.Add(duration.Clock), domain.Unfit{}
}

// times reads extra dates or exceptions, which must have times exactly when the start has one. Periods are not supported.
func (r reader) times(c ical.Component, name string, dates bool) (list []time.Time, wrong domain.Unfit) {
	for _, p := range c.All(name) {
		times, err := p.Times()
		if err != nil {
			reason := domain.UnfitTime
			if strings.EqualFold(p.Param("VALUE"), "PERIOD") {
				reason = domain.UnfitUnsupported
			}
			return nil, domain.Unfit{Reason: reason, Property: name}
		}
		if len(list)+len(times) > maxDateLines {
			return nil, domain.Unfit{Reason: domain.UnfitDates, Property: name}
		}
		for _, t := range times {
			at, wrong := r.resolve(t, name)
			if wrong == (domain.Unfit{}) && t.Date != dates {
				wrong = domain.Unfit{Reason: domain.UnfitTime, Property: name}
			}
			if wrong != (domain.Unfit{}) {
				return nil, wrong
			}
			list = append(list, at.UTC())
		}
	}
	return list, domain.Unfit{}
}

// time reads a time, with its instant in its zone.
func (r reader) time(p ical.Property) (ical.Time, time.Time, domain.Unfit) {
	t, err := p.Time()
	if err != nil {
		return ical.Time{}, time.Time{}, domain.Unfit{Reason: domain.UnfitTime, Property: p.Name}
	}
	at, wrong := r.resolve(t, p.Name)
	return t, at, wrong
}

func (r reader) resolve(t ical.Time, property string) (time.Time, domain.Unfit) {
	zone := r.floating
	if t.Zone != "" {
		var err error
		if zone, err = r.zones.Location(t.Zone); err != nil {
			return time.Time{}, domain.Unfit{Reason: domain.UnfitZone, Property: property}
		}
	}
	return recurrence.Wall(t.Wall).Resolve(zone).In(zone), domain.Unfit{}
}

// date reads a date of a series that differs from it. What it does not say it has not.
func (r reader) date(c ical.Component) domain.FileDate {
	id, _ := c.Property("RECURRENCE-ID")
	date := domain.FileDate{Line: c.Line, Cancelled: strings.EqualFold(text(c, "STATUS"), "CANCELLED")}
	_, at, wrong := r.time(id)
	date.At, date.Wrong = at.UTC(), wrong
	switch {
	case wrong != (domain.Unfit{}) || date.Cancelled:
		return date
	case id.Param("RANGE") != "":
		date.Wrong = domain.Unfit{Reason: domain.UnfitUnsupported, Property: "RECURRENCE-ID"}
		return date
	}
	own := details(c)
	date.Edit = domain.OccurrenceEdit{Title: &own.Title, Description: &own.Description, LocationText: &own.LocationText, LocationURL: &own.LocationURL}
	start, ok := c.Property("DTSTART")
	if !ok {
		return date
	}
	begins, starts, wrong := r.time(start)
	if date.Wrong = wrong; wrong != (domain.Unfit{}) {
		return date
	}
	ends, wrong := r.end(c, begins, starts)
	date.Wrong, date.Edit.Starts, date.Edit.Ends = wrong, new(starts.UTC()), &ends
	return date
}

func details(c ical.Component) domain.Details {
	return domain.Details{
		Title: line(c, "SUMMARY"), Description: strings.TrimSpace(text(c, "DESCRIPTION")), LocationText: line(c, "LOCATION"), LocationURL: link(text(c, "URL")),
	}
}

// link is an address that an event can have, or none.
func link(address string) string {
	address = strings.TrimSpace(address)
	if u, err := url.Parse(address); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return ""
	}
	return address
}

// tags are as many categories as an event can have.
func tags(c ical.Component) (list []string) {
	for _, p := range c.All("CATEGORIES") {
		for _, tag := range p.Texts() {
			tag = oneLine(tag)
			if size := len([]rune(tag)); size > 0 && size <= domain.MaxTag && len(list) < domain.MaxTags {
				list = append(list, tag)
			}
		}
	}
	return list
}

func text(c ical.Component, name string) string {
	p, _ := c.Property(name)
	return strings.TrimSpace(p.Text())
}

func line(c ical.Component, name string) string { return oneLine(text(c, name)) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
