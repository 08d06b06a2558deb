package recurrence_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/recurrence"
)

// TestDatesAreThoseOfASecondReading compares the dates of random rules with those of a slow and plain evaluation, which
// looks at each day by itself.
func TestDatesAreThoseOfASecondReading(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r := anyRule(t)
		start := anyStart(t)
		rule, err := recurrence.Parse(r.text())
		require.NoError(t, err, r.text())
		set := recurrence.Set{Start: recurrence.Wall(start), Rule: rule}
		from := start.AddDate(0, 0, rapid.IntRange(-30, 2000).Draw(t, "from"))
		to := from.AddDate(0, 0, rapid.IntRange(1, 1500).Draw(t, "window"))
		found, _ := set.Expand(from, to, 100)
		var got []time.Time
		for _, date := range found {
			require.Equal(t, date.At, date.Local.Time())
			got = append(got, date.At)
		}
		require.Equal(t, r.dates(start, from, to, 100), got, "%s from %v", r.text(), start)
	})
}

// plainRule is a rule with every part written out.
type plainRule struct {
	freq                                                       string
	interval, count, weekStart                                 int
	months, weeks, yearDays, monthDays, hours, minutes, places []int
	days                                                       []plainDay
}

type plainDay struct{ nth, weekday int }

var weekdays = []string{"MO", "TU", "WE", "TH", "FR", "SA", "SU"}

func anyStart(t *rapid.T) time.Time {
	return time.Date(rapid.IntRange(1995, 2030).Draw(t, "year"), 1, rapid.IntRange(1, 366).Draw(t, "day"), rapid.IntRange(0, 23).Draw(t, "hour"),
		rapid.SampledFrom([]int{0, 15, 30}).Draw(t, "minute"), rapid.SampledFrom([]int{0, 7}).Draw(t, "second"), 0, time.UTC)
}

// anyRule draws a rule that Parse accepts.
func anyRule(t *rapid.T) plainRule {
	list := func(name string, most, size int, signed bool) []int {
		value := rapid.IntRange(1, most)
		if signed {
			value = rapid.IntRange(-most, most).Filter(func(n int) bool { return n != 0 })
		}
		if !rapid.Bool().Draw(t, name) {
			return nil
		}
		return rapid.SliceOfNDistinct(value, 1, size, rapid.ID).Draw(t, name)
	}
	r := plainRule{
		freq: rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(t, "freq"), interval: rapid.SampledFrom([]int{1, 1, 2, 3, 5, 13}).Draw(t, "interval"),
		weekStart: rapid.SampledFrom([]int{0, 0, 6, 3}).Draw(t, "wkst"), months: list("months", 12, 4, false),
	}
	if r.freq == "YEARLY" {
		r.weeks = list("weeks", 51, 5, true)
		if rapid.Bool().Draw(t, "by year day") {
			r.yearDays = list("yearDays", 366, 30, true)
		}
	}
	if r.freq != "WEEKLY" {
		r.monthDays = list("monthDays", 31, 8, true)
	}
	if rapid.Bool().Draw(t, "by day") {
		most := 0
		switch {
		case r.freq == "MONTHLY", r.freq == "YEARLY" && r.months != nil && r.weeks == nil:
			most = 5
		case r.freq == "YEARLY" && r.weeks == nil:
			most = 53
		}
		r.days = rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) plainDay {
			return plainDay{rapid.IntRange(-most, most).Draw(t, "nth"), rapid.IntRange(0, 6).Draw(t, "weekday")}
		}), 1, 5, rapid.ID).Draw(t, "days")
	}
	if rapid.IntRange(0, 3).Draw(t, "times") == 0 {
		r.hours, r.minutes = list("hours", 23, 5, false), list("minutes", 59, 4, false)
	}
	if len(r.months)+len(r.weeks)+len(r.yearDays)+len(r.monthDays)+len(r.days)+len(r.hours)+len(r.minutes) > 0 {
		most := map[string]int{"DAILY": 1, "WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}[r.freq] * max(1, len(r.hours)) * max(1, len(r.minutes))
		r.places = list("places", min(most, rapid.SampledFrom([]int{3, 366}).Draw(t, "far")), 4, true)
	}
	if rapid.IntRange(0, 3).Draw(t, "counted") == 0 {
		r.count = rapid.IntRange(1, 40).Draw(t, "count")
	}
	return r
}

func (r plainRule) text() string {
	text := fmt.Sprintf("FREQ=%s;INTERVAL=%d;WKST=%s", r.freq, r.interval, weekdays[r.weekStart])
	if r.count > 0 {
		text += fmt.Sprintf(";COUNT=%d", r.count)
	}
	add := func(name string, values []string) {
		if len(values) > 0 {
			text += ";" + name + "=" + strings.Join(values, ",")
		}
	}
	numbers := func(list []int) (values []string) {
		for _, n := range list {
			values = append(values, strconv.Itoa(n))
		}
		return values
	}
	add("BYMONTH", numbers(r.months))
	add("BYWEEKNO", numbers(r.weeks))
	add("BYYEARDAY", numbers(r.yearDays))
	add("BYMONTHDAY", numbers(r.monthDays))
	add("BYHOUR", numbers(r.hours))
	add("BYMINUTE", numbers(r.minutes))
	add("BYSETPOS", numbers(r.places))
	var days []string
	for _, d := range r.days {
		if d.nth == 0 {
			days = append(days, weekdays[d.weekday])
		} else {
			days = append(days, strconv.Itoa(d.nth)+weekdays[d.weekday])
		}
	}
	add("BYDAY", days)
	return text
}

// dates returns the first dates in [from, to).
func (r plainRule) dates(start, from, to time.Time, most int) (found []time.Time) {
	left := r.count
	keep := func(t time.Time) (more bool) {
		if !t.Before(to) || len(found) == most {
			return false
		}
		if !t.Before(from) {
			found = append(found, t)
		}
		left--
		return left != 0
	}
	if !keep(start) {
		return found
	}
	r = r.filled(start)
	for first := r.periodOf(start); first.Before(to); first = r.after(first, r.interval) {
		for _, t := range r.inPeriod(first, start.Second()) {
			if t.After(start) && !keep(t) {
				return found
			}
		}
	}
	return found
}

// filled takes from the start what the rule does not say.
func (r plainRule) filled(start time.Time) plainRule {
	if r.hours == nil {
		r.hours = []int{start.Hour()}
	}
	if r.minutes == nil {
		r.minutes = []int{start.Minute()}
	}
	if len(r.yearDays)+len(r.monthDays)+len(r.days) > 0 || r.freq == "DAILY" {
		return r
	}
	if r.freq == "WEEKLY" || r.weeks != nil {
		r.days = []plainDay{{0, monday(start)}}
		return r
	}
	r.monthDays = []int{start.Day()}
	if r.freq == "YEARLY" && r.months == nil {
		r.months = []int{int(start.Month())}
	}
	return r
}

func (r plainRule) periodOf(t time.Time) time.Time {
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC)
	switch r.freq {
	case "YEARLY":
		return time.Date(t.Year(), 1, 1, 0, 0, 0, 0, time.UTC)
	case "MONTHLY":
		return time.Date(t.Year(), t.Month(), 1, 0, 0, 0, 0, time.UTC)
	case "WEEKLY":
		for monday(day) != r.weekStart {
			day = day.AddDate(0, 0, -1)
		}
	}
	return day
}

func (r plainRule) after(period time.Time, n int) time.Time {
	switch r.freq {
	case "YEARLY":
		return period.AddDate(n, 0, 0)
	case "MONTHLY":
		return period.AddDate(0, n, 0)
	case "WEEKLY":
		return period.AddDate(0, 0, 7*n)
	}
	return period.AddDate(0, 0, n)
}

func (r plainRule) inPeriod(first time.Time, second int) (set []time.Time) {
	for day := first; day.Before(r.after(first, 1)); day = day.AddDate(0, 0, 1) {
		if !r.has(day) {
			continue
		}
		for minute := range 24 * 60 {
			if slices.Contains(r.hours, minute/60) && slices.Contains(r.minutes, minute%60) {
				set = append(set, day.Add(time.Duration(minute*60+second)*time.Second))
			}
		}
	}
	if r.places == nil {
		return set
	}
	var chosen []time.Time
	for i, t := range set {
		if counts(r.places, i+1, len(set)) {
			chosen = append(chosen, t)
		}
	}
	return chosen
}

// has reports whether the rule has the day.
func (r plainRule) has(day time.Time) bool {
	year := time.Date(day.Year(), 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
	month := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
	at, length := day.Day(), month
	if r.freq == "YEARLY" && r.months == nil {
		at, length = day.YearDay(), year
	}
	return (r.months == nil || slices.Contains(r.months, int(day.Month()))) &&
		(r.yearDays == nil || counts(r.yearDays, day.YearDay(), year)) &&
		(r.monthDays == nil || counts(r.monthDays, day.Day(), month)) &&
		(r.weeks == nil || r.hasWeek(day)) &&
		(r.days == nil || slices.ContainsFunc(r.days, func(d plainDay) bool {
			return d.weekday == monday(day) && (d.nth == 0 || d.nth == (at+6)/7 || d.nth == -(length-at+7)/7)
		}))
}

// hasWeek: week 1 is the first that has four days in its year (RFC 5545 section 3.3.10).
func (r plainRule) hasWeek(day time.Time) bool {
	for monday(day) != r.weekStart {
		day = day.AddDate(0, 0, -1)
	}
	middle := day.AddDate(0, 0, 3) // its year is that of the week
	week := (middle.YearDay() + 6) / 7
	last := time.Date(middle.Year(), 12, 31, 0, 0, 0, 0, time.UTC)
	for monday(last) != (r.weekStart+3)%7 {
		last = last.AddDate(0, 0, -1)
	}
	return counts(r.weeks, week, (last.YearDay()+6)/7)
}

// counts reports whether the list names place n of so many, from either end.
func counts(list []int, n, of int) bool {
	return slices.Contains(list, n) || slices.Contains(list, n-of-1)
}

func monday(t time.Time) int { return int(t.Weekday()+6) % 7 }
