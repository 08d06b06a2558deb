package ical

import (
	"strings"
	"time"
)

// Time is a value of the type DATE or DATE-TIME (RFC 5545, 3.3.4 and 3.3.5). A date and a floating time are what they are in the
// zone of each reader.
type Time struct {
	Wall time.Time // what a calendar and a clock show, as if in UTC
	Zone string    // "UTC" or the TZID; "" for a date and for a floating time
	Date bool      // no time of day
}

const utc = "UTC"

// UTC is an instant.
func UTC(instant time.Time) Time { return Time{Wall: instant.UTC().Truncate(time.Second), Zone: utc} }

// Local is what a clock shows at an instant in its zone, which the calendar must describe in a VTIMEZONE. A clock that is set back
// shows a time twice; readers then take the first (RFC 5545, 3.3.5).
func Local(instant time.Time) Time {
	year, month, day := instant.Date()
	hour, minute, second := instant.Clock()
	return Time{Wall: time.Date(year, month, day, hour, minute, second, 0, time.UTC), Zone: instant.Location().String()}
}

// Date is the day of an instant in its zone.
func Date(instant time.Time) Time {
	year, month, day := instant.Date()
	return Time{Wall: time.Date(year, month, day, 0, 0, 0, 0, time.UTC), Date: true}
}

// Layouts of the values.
const (
	dateLayout = "20060102"
	timeLayout = "20060102T150405"
)

// At makes a property of a time, such as DTSTART or EXDATE, with the parameters VALUE and TZID that it needs.
func At(name string, at Time) Property {
	switch {
	case at.Date:
		return Property{Name: name, Value: at.Wall.Format(dateLayout)}.With("VALUE", "DATE")
	case at.Zone == utc:
		return Property{Name: name, Value: at.Wall.Format(timeLayout) + "Z"}
	case at.Zone == "":
		return Property{Name: name, Value: at.Wall.Format(timeLayout)}
	default:
		return Property{Name: name, Value: at.Wall.Format(timeLayout)}.With("TZID", at.Zone)
	}
}

// Time reads a value of the type DATE or DATE-TIME. Without the parameter VALUE its form tells which.
func (p Property) Time() (Time, error) {
	at, ok := p.parseTime(p.Value)
	if !ok || p.typed("DATE") && !at.Date || p.typed("DATE-TIME") && at.Date {
		return Time{}, &Error{Line: p.Line, Reason: BadTime}
	}
	return at, nil
}

// Times reads a list of dates or times: EXDATE, or RDATE (RFC 5545, 3.8.5.1 and 3.8.5.2). An RDATE with VALUE=PERIOD is read by
// Periods.
func (p Property) Times() ([]Time, error) {
	var times []Time
	for value := range strings.SplitSeq(p.Value, ",") {
		p.Value = value
		at, err := p.Time()
		if err != nil {
			return nil, err
		}
		times = append(times, at)
	}
	return times, nil
}

// parseTime reads one value. A leap second is the second before it, as RFC 5545, 3.3.12, wants.
func (p Property) parseTime(value string) (at Time, ok bool) {
	value = strings.ToUpper(strings.TrimSpace(value))
	if len(value) == len(dateLayout) {
		wall, err := time.Parse(dateLayout, value)
		return Time{Wall: wall, Date: true}, err == nil
	}
	value, inUTC := strings.CutSuffix(value, "Z")
	if len(value) != len(timeLayout) {
		return Time{}, false
	}
	if minute, leap := strings.CutSuffix(value, "60"); leap {
		value = minute + "59"
	}
	wall, err := time.Parse(timeLayout, value)
	at = Time{Wall: wall, Zone: strings.TrimSpace(p.Param("TZID"))}
	if inUTC {
		at.Zone = utc
	}
	return at, err == nil
}
