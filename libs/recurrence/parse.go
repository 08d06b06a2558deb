package recurrence

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/teambition/rrule-go"

	"go.updspace.com/libs/errs/why"
)

// Bounds of a rule. They leave every rule that people make, and bound what a rule can cost.
const (
	mostText      = 500
	mostInterval  = 999
	mostCount     = 1_000
	mostTimes     = 48 // of a day
	mostPositions = 12 // of BYSETPOS
)

// Parse reads a rule: the value of an RRULE property, in letters of either case. It refuses what RFC 5545 section 3.3.10
// forbids, frequencies below DAILY, BYSECOND, extensions, and what is out of bounds. Whether a rule ever makes a date depends
// on the start: see [Set.Check].
func Parse(text string) (*Rule, error) {
	if len(text) > mostText {
		return nil, &Error{Why: why.TooLong(mostText)}
	}
	r := &Rule{parts: rrule.ROption{Interval: 1}}
	seen := map[string]bool{}
	for part := range strings.SplitSeq(strings.ToUpper(text), ";") {
		name, value, found := strings.Cut(part, "=")
		if !found || !partName.MatchString(name) {
			return nil, &Error{Why: why.InvalidFormat("must be parts such as FREQ=WEEKLY, separated by semicolons")}
		}
		if seen[name] {
			return nil, &Error{name, why.Duplicate("is given twice")}
		}
		seen[name] = true
		if reason := r.set(name, value); !reason.None() {
			return nil, &Error{name, reason}
		}
	}
	if !seen["FREQ"] {
		return nil, &Error{"FREQ", why.Required}
	}
	if err := r.fits(); err != nil {
		return nil, err
	}
	return r, nil
}

var (
	partName  = regexp.MustCompile(`^[A-Z-]{1,20}$`)
	untilForm = regexp.MustCompile(`^[0-9]{8}(T[0-9]{6}Z?)?$`)
	unsigned  = regexp.MustCompile(`^[0-9]{1,4}$`)
	signed    = regexp.MustCompile(`^[+-]?[0-9]{1,3}$`)
	dayForm   = regexp.MustCompile(`^([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)$`)
)

// set reads the value of one part.
func (r *Rule) set(name, value string) (reason why.Reason) {
	p := &r.parts
	switch name {
	case "FREQ":
		freq, err := rrule.StrToFreq(value)
		if err != nil || freq > rrule.DAILY {
			return why.NotAllowed("must be DAILY, WEEKLY, MONTHLY or YEARLY")
		}
		p.Freq = freq
	case "INTERVAL":
		p.Interval, reason = number(value, 1, mostInterval, false)
	case "COUNT":
		p.Count, reason = number(value, 1, mostCount, false)
	case "UNTIL":
		bare, utc := strings.CutSuffix(value, "Z")
		local, err := ParseLocal(bare)
		if err != nil || !untilForm.MatchString(value) {
			return why.InvalidFormat("must be a date such as 20261231, or with a time such as 20261231T215959Z")
		}
		r.until = &until{local, utc}
	case "WKST":
		start, ok := weekdays[value]
		if !ok {
			return why.InvalidFormat("must be MO, TU, WE, TH, FR, SA or SU")
		}
		p.Wkst = start
	case "BYDAY":
		p.Byweekday, reason = days(value)
	default:
		i := slices.IndexFunc(lists, func(l list) bool { return l.name == name })
		if i < 0 {
			return why.NotAllowed("is not supported")
		}
		*lists[i].of(p), reason = lists[i].read(value)
	}
	return reason
}

// days reads BYDAY. Which numbers its days may have depends on other parts.
func days(value string) (days []rrule.Weekday, reason why.Reason) {
	for text := range strings.SplitSeq(value, ",") {
		match := dayForm.FindStringSubmatch(text)
		if match == nil {
			return nil, why.InvalidFormat("must be days such as MO, or 2TU and -1FR, separated by commas")
		}
		day := weekdays[match[2]]
		if match[1] != "" {
			nth, _ := strconv.Atoi(match[1]) // of the form above
			if nth == 0 {
				return nil, why.InvalidFormat("must not have a zero")
			}
			day = day.Nth(nth)
		}
		days = append(days, day)
	}
	slices.SortFunc(days, func(a, b rrule.Weekday) int { return cmp.Or(cmp.Compare(a.N(), b.N()), cmp.Compare(a.Day(), b.Day())) })
	return slices.Compact(days), reason
}

func (l list) read(value string) (numbers []int, reason why.Reason) {
	for text := range strings.SplitSeq(value, ",") {
		n, reason := number(text, l.least, l.most, l.signed)
		if !reason.None() {
			return nil, reason
		}
		numbers = append(numbers, n)
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), reason
}

// number reads a number from least to most, or from -most to -least where it may have a sign.
func number(text string, least, most int, sign bool) (int, why.Reason) {
	form := unsigned
	if sign {
		form = signed
	}
	if !form.MatchString(text) {
		return 0, why.InvalidFormat("must be whole numbers")
	}
	n, _ := strconv.Atoi(text) // of the form above
	switch size := max(n, -n); {
	case least <= size && size <= most:
		return n, why.Reason{}
	case sign:
		return 0, why.Outside(-most, most).Saying(fmt.Sprintf("must be between %d and %d, or between %d and %d", least, most, -most, -least))
	default:
		return 0, why.Outside(least, most)
	}
}

// fits checks the parts against each other: by the table of RFC 5545 section 3.3.10, and by the bounds.
func (r *Rule) fits() error {
	p := r.parts
	times := max(1, len(p.Byhour)) * max(1, len(p.Byminute))
	foreign := why.Mismatch("does not go with this FREQ")
	switch {
	case len(p.Byweekno) > 0 && p.Freq != rrule.YEARLY:
		return &Error{"BYWEEKNO", foreign}
	case len(p.Byyearday) > 0 && p.Freq != rrule.YEARLY:
		return &Error{"BYYEARDAY", foreign}
	case len(p.Bymonthday) > 0 && p.Freq == rrule.WEEKLY:
		return &Error{"BYMONTHDAY", foreign}
	case p.Count > 0 && r.until != nil:
		return &Error{"UNTIL", why.Mismatch("does not go with COUNT")}
	case times > mostTimes:
		return &Error{"BYMINUTE", why.TooMany(mostTimes).Saying(fmt.Sprintf("must not make more than %d times a day", mostTimes))}
	}
	for _, d := range p.Byweekday {
		most := r.mostNth()
		switch nth := d.N(); {
		case nth == 0:
		case p.Freq != rrule.YEARLY && p.Freq != rrule.MONTHLY:
			return &Error{"BYDAY", why.Mismatch("must not have numbers with this FREQ")}
		case len(p.Byweekno) > 0:
			return &Error{"BYDAY", why.Mismatch("must not have numbers beside BYWEEKNO")}
		case nth < -most || nth > most:
			return &Error{"BYDAY", why.Outside(-most, most)}
		}
	}
	if len(p.Bysetpos) > 0 {
		return r.positionsFit(times)
	}
	return nil
}

// positionsFit checks BYSETPOS. A position that no period has is refused, because the library would look for it long.
func (r *Rule) positionsFit(times int) error {
	p := r.parts
	days := map[rrule.Frequency]int{rrule.DAILY: 1, rrule.WEEKLY: 7, rrule.MONTHLY: 31, rrule.YEARLY: 366}
	most := min(days[p.Freq]*times, 366)
	others := len(p.Byweekday) - len(p.Bysetpos)
	for _, list := range lists {
		others += len(*list.of(&p))
	}
	switch {
	case others == 0:
		return &Error{"BYSETPOS", why.Mismatch("needs another BY part")}
	case len(p.Bysetpos) > mostPositions:
		return &Error{"BYSETPOS", why.TooMany(mostPositions)}
	case p.Bysetpos[0] < -most || p.Bysetpos[len(p.Bysetpos)-1] > most:
		return &Error{"BYSETPOS", why.Outside(-most, most).Saying("has a position that there never is")}
	}
	return nil
}
