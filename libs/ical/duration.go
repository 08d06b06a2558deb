package ical

import (
	"strconv"
	"strings"
	"time"
)

// Duration is a value of the type DURATION (RFC 5545, 3.3.6). Days are those of a calendar, which have 23 or 25 hours when the
// clocks change; Clock is exact. Both have the same sign.
type Duration struct {
	Days  int
	Clock time.Duration
}

// String is the value as a property has it.
func (d Duration) String() string {
	var out strings.Builder
	if d.Days < 0 || d.Clock < 0 {
		out.WriteByte('-')
		d = Duration{-d.Days, -d.Clock}
	}
	out.WriteByte('P')
	if d.Days > 0 {
		out.WriteString(strconv.Itoa(d.Days) + "D")
	}
	if clock := d.Clock.Truncate(time.Second); clock > 0 || d.Days == 0 {
		out.WriteString("T" + clockUnits.Replace(clock.String()+"."))
	}
	return out.String()
}

// clockUnits turns 1h0m0s. into 1H; hours and seconds without minutes in between are not RFC 5545's.
var clockUnits = strings.NewReplacer("h0m0s.", "H", "m0s.", "M", "h", "H", "m", "M", "s.", "S")

// Duration reads a value of the type DURATION.
func (p Property) Duration() (Duration, error) {
	d, ok := parseDuration(p.Value)
	if !ok {
		return Duration{}, &Error{Line: p.Line, Reason: BadDuration}
	}
	return d, nil
}

// maxDuration bounds durations, so that no sum of them and a time overflows.
const maxDuration = 100 * 366 * 24 * time.Hour

// parseDuration reads [+-]P1W, P1DT2H3M4S and all that leaves parts out; the parts keep their order.
func parseDuration(value string) (d Duration, ok bool) {
	value = strings.ToUpper(strings.TrimSpace(value))
	value, negative := strings.CutPrefix(value, "-")
	if !negative {
		value = strings.TrimPrefix(value, "+")
	}
	value, found := strings.CutPrefix(value, "P")
	date, clock, timed := strings.Cut(value, "T")
	if !found || date == "" && !timed || timed && clock == "" {
		return Duration{}, false
	}
	var days, seconds int64
	if !addUnits(date, &days, unit{'W', 7}, unit{'D', 1}) || !addUnits(clock, &seconds, unit{'H', 3600}, unit{'M', 60}, unit{'S', 1}) {
		return Duration{}, false
	}
	if days > int64(maxDuration/(24*time.Hour)) || seconds > int64(maxDuration/time.Second) {
		return Duration{}, false
	}
	d = Duration{Days: int(days), Clock: time.Duration(seconds) * time.Second}
	if negative {
		d = Duration{-d.Days, -d.Clock}
	}
	return d, true
}

type unit struct {
	name byte
	size int64
}

// maxDigits of a number keep the sums of addUnits far below an overflow.
const maxDigits = 10

// addUnits adds up text, which is numbers with units in the given order, each at most once.
func addUnits(text string, sum *int64, units ...unit) bool {
	for _, u := range units {
		end := strings.IndexByte(text, u.name)
		if end < 0 {
			continue
		}
		n, err := strconv.ParseUint(text[:end], 10, 64)
		if err != nil || end > maxDigits {
			return false
		}
		*sum += int64(n) * u.size
		text = text[end+1:]
	}
	return text == ""
}

// Period is a value of the type PERIOD (RFC 5545, 3.3.9): it has an end or a duration.
type Period struct {
	Start    Time
	End      Time // its Wall is zero when the period has a duration
	Duration Duration
}

// Periods reads a list of periods, such as an RDATE with VALUE=PERIOD.
func (p Property) Periods() ([]Period, error) {
	var periods []Period
	for value := range strings.SplitSeq(p.Value, ",") {
		period, ok := p.parsePeriod(value)
		if !ok {
			return nil, &Error{Line: p.Line, Reason: BadPeriod}
		}
		periods = append(periods, period)
	}
	return periods, nil
}

func (p Property) parsePeriod(value string) (period Period, ok bool) {
	start, end, found := strings.Cut(value, "/")
	if period.Start, ok = p.parseTime(start); !ok || !found || period.Start.Date {
		return Period{}, false
	}
	if period.Duration, ok = parseDuration(end); ok {
		return period, period.Duration.Days >= 0 && period.Duration.Clock >= 0
	}
	period.End, ok = p.parseTime(end)
	return period, ok && !period.End.Date
}
