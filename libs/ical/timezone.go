package ical

import (
	"fmt"
	"strings"
	"time"
)

// Timezone describes a zone as a VTIMEZONE (RFC 5545, 3.6.5) for the years from first to last. It has one observance for the offset
// that holds at the beginning, and one for each change. Changes that follow one yearly rule to the end are one observance together,
// which holds beyond the last year too.
func Timezone(loc *time.Location, first, last int) Component {
	// The first year begins up to 14 hours earlier in the zone than in UTC.
	start := time.Date(first, 1, 1, 0, 0, 0, 0, time.UTC).Add(-24 * time.Hour).In(loc)
	list := changes(start, last+proof)
	for i := len(list) - 1; i >= 0 && list[i].wall.Year() == last+proof; i-- {
		joinRule(list[:i+1])
	}
	name, offset := start.Zone()
	holds := change{wall: Local(start).Wall, from: offset, to: offset, name: name, daylight: start.IsDST()}
	zone := Component{Name: "VTIMEZONE", Properties: []Property{Text("TZID", loc.String())}, Components: []Component{holds.observance()}}
	for _, c := range list {
		if c.rule != inRule && c.wall.Year() <= last {
			zone.Components = append(zone.Components, c.observance())
		}
	}
	return zone
}

// proof is the number of years after the last in which changes must follow a rule for it to be one. A day of a year falls on every
// day of the week in this time.
const proof = 12

// change is a change of the offset of a zone, or of the name of its time.
type change struct {
	wall     time.Time // what a clock would show that was not changed, as if in UTC
	from, to int       // seconds east of UTC
	name     string    // from now on
	daylight bool      // from now on
	rule     string    // an RRULE if this is the first change of a rule, inRule if it is a later one
}

const inRule = "in rule"

// changes returns the changes after an instant, in its zone, to the end of a year.
func changes(at time.Time, year int) []change {
	var list []change
	name, offset := at.Zone()
	for {
		_, next := at.ZoneBounds()
		if next.IsZero() {
			return list
		}
		if !next.After(at) { // on the last day of a leap year: golang/go#81583
			next = at.Add(24 * time.Hour)
		}
		at = next
		wall := at.UTC().Add(time.Duration(offset) * time.Second)
		if wall.Year() > year {
			return list
		}
		newName, newOffset := at.Zone()
		if newName != name || newOffset != offset { // bounds may also be the ends of years
			list = append(list, change{wall: wall, from: offset, to: newOffset, name: newName, daylight: at.IsDST()})
			name, offset = newName, newOffset
		}
	}
}

// joinRule finds the rule that the last change of a list follows, and the change with which it began.
func joinRule(list []change) {
	begin := len(list) - 1
	end := list[begin]
	nth, final := true, end.inLastWeek() // counted from the beginning and from the end of the month
	for i := begin - 1; i >= 0; i-- {
		c := list[i]
		if c.pattern() != end.pattern() {
			continue
		}
		stillNth, stillFinal := nth && c.week() == end.week(), final && c.inLastWeek()
		if c.wall.Year() != list[begin].wall.Year()-1 || !stillNth && !stillFinal {
			break
		}
		list[begin].rule = inRule
		begin, nth, final = i, stillNth, stillFinal
	}
	week := end.week()
	if final {
		week = -1
	}
	weekday := strings.ToUpper(end.wall.Weekday().String()[:2])
	list[begin].rule = fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", end.wall.Month(), week, weekday)
}

// pattern is what all changes of a rule have in common, besides the week.
type pattern struct {
	from, to int
	name     string
	daylight bool
	month    time.Month
	weekday  time.Weekday
	clock    time.Duration // since midnight
}

func (c change) pattern() pattern {
	return pattern{c.from, c.to, c.name, c.daylight, c.wall.Month(), c.wall.Weekday(), c.wall.Sub(c.wall.Truncate(24 * time.Hour))}
}

// week counts the weekday of a change in its month.
func (c change) week() int { return (c.wall.Day()-1)/7 + 1 }

func (c change) inLastWeek() bool { return c.wall.AddDate(0, 0, 7).Month() != c.wall.Month() }

// observance is a STANDARD or DAYLIGHT component.
func (c change) observance() Component {
	kind := "STANDARD"
	if c.daylight {
		kind = "DAYLIGHT"
	}
	properties := []Property{
		At("DTSTART", Time{Wall: c.wall}),
		{Name: "TZOFFSETFROM", Value: utcOffset(c.from)},
		{Name: "TZOFFSETTO", Value: utcOffset(c.to)},
		Text("TZNAME", c.name),
	}
	if c.rule != "" {
		properties = append(properties, Property{Name: "RRULE", Value: c.rule})
	}
	return Component{Name: kind, Properties: properties}
}

// utcOffset is a value of the type UTC-OFFSET (RFC 5545, 3.3.14), which has seconds only where they are needed.
func utcOffset(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
