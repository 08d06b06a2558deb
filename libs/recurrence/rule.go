package recurrence

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/teambition/rrule-go"
)

// Rule is a recurrence rule (RFC 5545 section 3.3.10) that [Parse] accepted. It is never changed.
type Rule struct {
	parts rrule.ROption // without DTSTART and UNTIL
	until *until        // nil without UNTIL
}

// until is the last moment at which a date may be.
type until struct {
	Local
	utc bool // of UTC, and not of the zone of the set
}

func (u until) String() string {
	if u.utc {
		return u.Local.String() + "Z"
	}
	return u.Local.String()
}

var weekdays = map[string]rrule.Weekday{
	"MO": rrule.MO, "TU": rrule.TU, "WE": rrule.WE, "TH": rrule.TH, "FR": rrule.FR, "SA": rrule.SA, "SU": rrule.SU,
}

// lists are the parts that are lists of numbers.
var lists = []list{
	{"BYMONTH", 1, 12, false, func(p *rrule.ROption) *[]int { return &p.Bymonth }},
	// The library has the days around New Year wrong for the weeks 52 and 53, counted from either end.
	{"BYWEEKNO", 1, 51, true, func(p *rrule.ROption) *[]int { return &p.Byweekno }},
	{"BYYEARDAY", 1, 366, true, func(p *rrule.ROption) *[]int { return &p.Byyearday }},
	{"BYMONTHDAY", 1, 31, true, func(p *rrule.ROption) *[]int { return &p.Bymonthday }},
	{"BYHOUR", 0, 23, false, func(p *rrule.ROption) *[]int { return &p.Byhour }},
	{"BYMINUTE", 0, 59, false, func(p *rrule.ROption) *[]int { return &p.Byminute }},
	{"BYSETPOS", 1, 366, true, func(p *rrule.ROption) *[]int { return &p.Bysetpos }},
}

type list struct {
	name        string
	least, most int
	signed      bool // -1 is the last
	of          func(*rrule.ROption) *[]int
}

// String returns the rule in one canonical form, which [Parse] reads back: lists sorted and without repetitions, and
// nothing that is the default.
func (r *Rule) String() string {
	var b strings.Builder
	p := r.parts
	fmt.Fprintf(&b, "FREQ=%v", p.Freq)
	if p.Interval > 1 {
		fmt.Fprintf(&b, ";INTERVAL=%d", p.Interval)
	}
	if p.Count > 0 {
		fmt.Fprintf(&b, ";COUNT=%d", p.Count)
	}
	if r.until != nil {
		fmt.Fprintf(&b, ";UNTIL=%v", r.until)
	}
	write(&b, "BYDAY", p.Byweekday, func(d rrule.Weekday) string { return strings.TrimPrefix(d.String(), "+") })
	for _, list := range lists {
		write(&b, list.name, *list.of(&p), strconv.Itoa)
	}
	if p.Wkst != rrule.MO {
		fmt.Fprintf(&b, ";WKST=%v", p.Wkst)
	}
	return b.String()
}

func write[T any](b *strings.Builder, name string, values []T, text func(T) string) {
	for i, value := range values {
		if i == 0 {
			b.WriteString(";" + name + "=")
		} else {
			b.WriteByte(',')
		}
		b.WriteString(text(value))
	}
}

// ended reports whether a date that the rule makes lies after its UNTIL. Where one of the two is a date only, days are
// compared, although RFC 5545 wants both of the same type: an UNTIL by day includes that day.
func (r *Rule) ended(date Local, zone *time.Location) bool {
	switch u := r.until; {
	case u == nil:
		return false
	case date.allDay || u.allDay:
		return Day(u.wall).Before(Day(date.wall))
	case u.utc:
		return date.Resolve(zone).After(u.wall)
	default:
		return u.Before(date)
	}
}

// For returns the rule as RFC 5545 section 3.3.10 wants it beside a DTSTART: UNTIL is a date when DTSTART is one, else it is
// in UTC. It makes the same dates.
func (r *Rule) For(start Local, zone *time.Location) *Rule {
	if r.until == nil {
		return r
	}
	same := *r
	switch u := r.until; {
	case start.allDay:
		same.until = &until{Local: Day(u.wall)}
	case u.allDay:
		midnight := Wall(u.wall.AddDate(0, 0, 1)).Resolve(zone)
		same.until = &until{Local: Wall(midnight.Add(-time.Second)), utc: true}
	case !u.utc:
		same.until = &until{Local: Wall(u.Resolve(zone)), utc: true}
	}
	return &same
}

// from returns the parts with which the library makes the dates of the rule for a set that starts at start. Each of them is
// given, because some of the library's defaults are wrong, or depend on a start that is not this one. COUNT and UNTIL are
// left to the caller.
func (r *Rule) from(start Local) rrule.ROption {
	p := r.parts
	p.Count = 0
	p.Byweekday = r.days()
	if len(p.Byyearday)+len(p.Bymonthday)+len(p.Byweekday) == 0 { // what the rule does not say is as in DTSTART
		switch {
		case p.Freq == rrule.WEEKLY, len(p.Byweekno) > 0:
			p.Byweekday = []rrule.Weekday{weekdays[strings.ToUpper(start.wall.Weekday().String()[:2])]}
		case p.Freq == rrule.YEARLY && len(p.Bymonth) == 0:
			p.Bymonth = []int{int(start.wall.Month())}
			fallthrough
		case p.Freq != rrule.DAILY:
			p.Bymonthday = []int{start.wall.Day()}
		}
	}
	if len(p.Byhour) == 0 {
		p.Byhour = []int{start.wall.Hour()}
	}
	if len(p.Byminute) == 0 {
		p.Byminute = []int{start.wall.Minute()}
	}
	p.Bysecond = []int{start.wall.Second()}
	return p
}

// days returns BYDAY for the library. Of a mixture such as SU,1MO it takes only days that are both, so every Sunday is said as
// the first, the second and so on.
func (r *Rule) days() []rrule.Weekday {
	days := r.parts.Byweekday
	if !slices.ContainsFunc(days, func(d rrule.Weekday) bool { return d.N() != 0 }) {
		return days
	}
	var numbered []rrule.Weekday
	for _, d := range days {
		if d.N() != 0 {
			numbered = append(numbered, d)
			continue
		}
		for nth := range r.mostNth() {
			numbered = append(numbered, d.Nth(nth+1))
		}
	}
	return numbered
}

// mostNth returns how often a weekday can be in the month or year in which BYDAY numbers them.
func (r *Rule) mostNth() int {
	if r.parts.Freq == rrule.YEARLY && len(r.parts.Bymonth) == 0 {
		return 53
	}
	return 5
}

// period returns the first day of the period of the rule, such as the week, in which t lies.
func (r *Rule) period(t time.Time) time.Time {
	year, month, date := t.Date()
	switch r.parts.Freq {
	case rrule.YEARLY:
		month, date = time.January, 1
	case rrule.MONTHLY:
		date = 1
	case rrule.WEEKLY:
		date -= (int(t.Weekday()) + 6 - r.parts.Wkst.Day() + 7) % 7
	}
	return time.Date(year, month, date, 0, 0, 0, 0, time.UTC)
}

// skip returns the first day of a period that is a whole number of intervals after the one that begins at first: of the last
// one that begins at t or before.
func (r *Rule) skip(first, t time.Time) time.Time {
	if t.Before(first) {
		return first
	}
	interval := r.parts.Interval
	months := (t.Year()-first.Year())*12 + int(t.Month()-first.Month())
	days := int(t.Unix()-first.Unix()) / (24 * 60 * 60)
	switch r.parts.Freq {
	case rrule.YEARLY:
		return first.AddDate(months/12/interval*interval, 0, 0)
	case rrule.MONTHLY:
		return first.AddDate(0, months/interval*interval, 0)
	case rrule.WEEKLY:
		return first.AddDate(0, 0, days/7/interval*interval*7)
	default:
		return first.AddDate(0, 0, days/interval*interval)
	}
}
