package ical_test

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/ical"
)

// zones have changes of all kinds: none, half an hour, whole days, offsets with seconds, both hemispheres, rules that changed, rules
// that no week of a month describes, and changes that the moon decides.
var zones = []string{
	"UTC", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Europe/Berlin", "Europe/London",
	"Europe/Dublin", "Europe/Istanbul", "Europe/Kyiv", "America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Sao_Paulo", "America/Havana",
	"America/Santiago", "America/Caracas", "America/Nuuk", "America/Mexico_City", "America/Phoenix", "Australia/Lord_Howe", "Australia/Sydney", "Pacific/Apia",
	"Pacific/Auckland", "Pacific/Chatham", "Pacific/Fiji", "Pacific/Kiritimati", "Asia/Tehran", "Asia/Jerusalem", "Asia/Gaza", "Asia/Amman", "Africa/Cairo",
	"Africa/Casablanca", "Africa/Monrovia", "Antarctica/Troll", "Atlantic/Azores",
}

// onset is a moment at which an observance begins.
type onset struct {
	at     int64 // Unix time
	offset int
	name   string
}

var ruleForm = regexp.MustCompile(`^FREQ=YEARLY;BYMONTH=(\d+);BYDAY=(-?\d)(SU|MO|TU|WE|TH|FR|SA)$`)

// onsets expands the observances of a VTIMEZONE as RFC 5545, 3.6.5, says, to the end of a year.
func onsets(t *testing.T, zone ical.Component, to int) []onset {
	var list []onset
	for _, observance := range zone.Components {
		require.Contains(t, []string{"STANDARD", "DAYLIGHT"}, observance.Name)
		value := func(name string) string {
			p, ok := observance.Property(name)
			require.True(t, ok, name)
			return p.Value
		}
		start, err := time.Parse("20060102T150405", value("DTSTART"))
		require.NoError(t, err)
		add := func(wall time.Time) {
			list = append(list, onset{wall.Unix() - int64(seconds(t, value("TZOFFSETFROM"))), seconds(t, value("TZOFFSETTO")), value("TZNAME")})
		}
		rule, recurs := observance.Property("RRULE")
		if !recurs {
			add(start)
			continue
		}
		form := ruleForm.FindStringSubmatch(rule.Value)
		require.NotNil(t, form, rule.Value)
		month, err := strconv.Atoi(form[1])
		require.NoError(t, err)
		for year := start.Year(); year <= to; year++ {
			var days []time.Time // the weekdays of the month
			for day := 1; day <= 31; day++ {
				at := time.Date(year, time.Month(month), day, start.Hour(), start.Minute(), start.Second(), 0, time.UTC)
				if at.Month() == time.Month(month) && strings.HasPrefix(strings.ToUpper(at.Weekday().String()), form[3]) {
					days = append(days, at)
				}
			}
			nth, err := strconv.Atoi(form[2])
			require.NoError(t, err)
			if nth < 0 {
				nth += len(days) + 1
			}
			if year == start.Year() {
				require.Equal(t, start, days[nth-1], "DTSTART is the first of its rule")
			}
			add(days[nth-1])
		}
	}
	slices.SortFunc(list, func(a, b onset) int { return int(a.at - b.at) })
	return list
}

// seconds reads a UTC-OFFSET.
func seconds(t *testing.T, value string) int {
	require.Regexp(t, `^[+-]\d{4}(\d\d)?$`, value)
	require.NotEqual(t, "-0000", value)
	n := 0
	for i, unit := range []int{3600, 60, 1} {
		if part := value[1:]; len(part) > 2*i {
			v, err := strconv.Atoi(part[2*i : 2*i+2])
			require.NoError(t, err)
			n += v * unit
		}
	}
	if value[0] == '-' {
		return -n
	}
	return n
}

func TestTimezonesAreThoseOfGo(t *testing.T) {
	t.Parallel()
	for _, name := range zones {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loc, err := time.LoadLocation(name)
			require.NoError(t, err)
			for _, span := range []struct{ first, last, step int }{{1970, 2040, 7 * 3601}, {2005, 2013, 53 * 60}, {2026, 2031, 53 * 60}, {2028, 2028, 53 * 60}} {
				zone := ical.Timezone(loc, span.first, span.last)
				read := withoutLines(parse(t, write(t, ical.Component{Name: "VCALENDAR", Components: []ical.Component{zone}}))).Components[0]
				require.Equal(t, zone, read)
				id, _ := read.Property("TZID")
				require.Equal(t, name, id.Text())
				list := onsets(t, read, span.last)
				from, to := time.Date(span.first, 1, 1, 0, 0, 0, 0, loc), time.Date(span.last+1, 1, 1, 0, 0, 0, 0, loc)
				instants := []int64{from.Unix(), to.Unix() - 1}
				for at := from.Unix(); at < to.Unix(); at += int64(span.step) {
					instants = append(instants, at)
				}
				for _, o := range list {
					instants = append(instants, o.at-1, o.at)
				}
				slices.Sort(instants)
				current := -1
				for _, at := range instants {
					for current+1 < len(list) && list[current+1].at <= at {
						current++
					}
					if at < from.Unix() || at >= to.Unix() {
						continue
					}
					name, offset := time.Unix(at, 0).In(loc).Zone()
					if list[current].offset != offset || list[current].name != name {
						t.Fatalf("%v: %d %s, not %d %s", time.Unix(at, 0).In(loc), list[current].offset, list[current].name, offset, name)
					}
				}
			}
		})
	}
}

// What follows a rule is right long after the years that were asked for.
func TestRulesHoldAfterTheLastYear(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Moscow", "Asia/Tokyo", "Europe/Berlin", "Europe/Dublin", "America/New_York", "America/Havana", "Australia/Lord_Howe", "Pacific/Auckland", "Atlantic/Azores"} {
		loc, err := time.LoadLocation(name)
		require.NoError(t, err)
		list := onsets(t, ical.Timezone(loc, 2026, 2026), 2080)
		require.LessOrEqual(t, len(ical.Timezone(loc, 2026, 2026).Components), 3)
		for i, o := range list {
			_, offset := time.Unix(o.at, 0).In(loc).Zone()
			require.Equal(t, offset, o.offset, "%s %v", name, time.Unix(o.at, 0).In(loc))
			if i > 0 {
				_, before := time.Unix(o.at-1, 0).In(loc).Zone()
				require.Equal(t, list[i-1].offset, before, "%s %v", name, time.Unix(o.at, 0).In(loc))
			}
		}
	}
}

func TestTimezone(t *testing.T) {
	t.Parallel()
	loc, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	want := strings.ReplaceAll(`BEGIN:VTIMEZONE
TZID:America/New_York
BEGIN:STANDARD
DTSTART:20251230T190000
TZOFFSETFROM:-0500
TZOFFSETTO:-0500
TZNAME:EST
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:20260308T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20261101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU
END:STANDARD
END:VTIMEZONE
`, "\n", "\r\n")
	require.Equal(t, want, write(t, ical.Timezone(loc, 2026, 2031)))

	calendar, err := ics.ParseCalendar(strings.NewReader("BEGIN:VCALENDAR\r\n" + want + "END:VCALENDAR\r\n"))
	require.NoError(t, err)
	require.Len(t, calendar.Timezones(), 1)
	require.Len(t, calendar.Timezones()[0].Components, 3)

	// An offset with seconds, before clocks agreed.
	loc, err = time.LoadLocation("Africa/Monrovia")
	require.NoError(t, err)
	require.Contains(t, write(t, ical.Timezone(loc, 1970, 1975)), "TZOFFSETTO:-004430\r\n")
}
