// Package rule decides who gets an achievement without a hand: an achievement may have a rule over what happened on the
// platform. The package does no I/O and reads no clock.
//
// # A rule is data
//
//	{"time_zone": "Europe/Moscow", "takes_back": true, "conditions": [
//	  {"fact": "event_attended", "where": [{"field": "scope", "any_of": ["0192…"]}], "measure": "count", "need": 5, "window_days": 30}
//	]}
//
// All conditions must be met. A condition takes the facts of one kind about one person, keeps those that fit its filters and its dates, and
// measures them:
//
//	count     the facts
//	distinct  the different things that they are about: polls, events, posts
//	days      the different days on which they happened
//	streak    the longest run of days, weeks (from Monday) or months without a gap
//	years     the full years since the first of them (anniversaries only)
//
// A window asks for the best run of so many days in a row instead of all time. Days are those of the rule's time zone.
//
// # From events to grants
//
// FactOf turns a domain event into a Fact: who, what kind, about what, when, with which fields. A Fact either says that
// something happened or takes it back. The service stores facts, not events: they are what a dry run and a back-fill read, in
// the order of persons (Program.EachPerson), so that each person is counted alone and in bounded memory.
//
// A State counts for one rule and one person:
//
//	program, err := rule.Compile(r)
//	state, err := program.Load(stored)   // or program.NewState()
//	if state.Apply(fact) {               // false: nothing is new, for example the event came twice
//		progress := state.Progress(now)
//		stored = state.Marshal()
//	}
//
// The outcome depends on the set of facts alone: not on their order, not on how often each is delivered, not on restarts in between.
// What a fact is about has a key; the latest fact about a key says whether it stands. A rule that does not take back counts a
// key by its first fact, whatever follows; the service takes grants back for rules that take back, and for no others.
//
// Progress says how much of what is needed is there, which facts are the evidence, and when time alone will change it.
package rule

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/recurrence"
)

// Limits of a rule.
const (
	MaxBytes      = 16 << 10
	maxConditions = 5
	maxValues     = 50
	maxValue      = 64
	maxNeed       = 1_000
	maxYears      = 50
	maxWindow     = 366
)

// Measure is how a condition measures its facts.
type Measure string

// The measures.
const (
	Count    Measure = "count"
	Distinct Measure = "distinct"
	Days     Measure = "days"
	Streak   Measure = "streak"
	Years    Measure = "years"
)

// Unit is what a streak is made of.
type Unit string

// The units.
const (
	Day   Unit = "day"
	Week  Unit = "week"
	Month Unit = "month"
)

// Rule is a rule as it is written. Parse and Compile refuse those that are not valid.
type Rule struct {
	TimeZone   string      `json:"time_zone"`  // IANA; "" means UTC
	TakesBack  bool        `json:"takes_back"` // whether a fact that is taken back counts no more
	Conditions []Condition `json:"conditions"` // all of them must be met
}

// Condition is one condition of a rule.
type Condition struct {
	Fact       Kind     `json:"fact"`
	Where      []Filter `json:"where,omitempty"` // all of them must fit
	Measure    Measure  `json:"measure"`
	Unit       Unit     `json:"unit,omitempty"` // of a streak
	Need       int      `json:"need"`
	WindowDays int      `json:"window_days,omitempty"` // 0: all time
	From       string   `json:"from,omitempty"`        // the first day that counts, as 2026-01-31
	Until      string   `json:"until,omitempty"`       // the last day that counts
}

// Filter keeps the facts whose field has one of the values.
type Filter struct {
	Field string   `json:"field"`
	AnyOf []string `json:"any_of"`
}

// Parse reads a rule in JSON and checks it. Errors name the fields, such as conditions.0.need.
func Parse(data []byte) (Rule, error) {
	var r Rule
	if len(data) > MaxBytes {
		return r, errs.Field("rule", why.TooLarge(MaxBytes))
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return Rule{}, errs.Field("rule", why.InvalidFormat("is not a rule in JSON: "+err.Error()))
	}
	if _, err := d.Token(); err != io.EOF {
		return Rule{}, errs.Field("rule", why.InvalidFormat("has more than one value"))
	}
	return r.normal(), r.Validate()
}

// Validate returns a VALIDATION_ERROR that names all fields that are wrong, or nil.
func (r Rule) Validate() error {
	f := errs.Fields{}
	r.Check(f, "")
	return f.Err()
}

// Check adds what is wrong to fields, whose names get the prefix, such as "rule.".
func (r Rule) Check(f errs.Fields, prefix string) {
	if _, err := recurrence.Zone(r.zone()); err != nil {
		f.Add(prefix+"time_zone", why.NotFormat("time-zone", "must be the name of a time zone, such as Europe/Moscow"))
	}
	n := len(r.Conditions)
	f.Check(n >= 1 && n <= maxConditions, prefix+"conditions", why.Count(n, 1, maxConditions))
	for i, c := range r.Conditions[:min(n, maxConditions)] {
		c.check(f, prefix+"conditions."+strconv.Itoa(i)+".")
	}
	if n <= maxConditions && len(f) == 0 {
		f.Check(len(r.Canonical()) <= MaxBytes, prefix+"conditions", why.TooLarge(MaxBytes))
		seen := map[string]bool{}
		for i, c := range r.normal().Conditions {
			text := string(must(json.Marshal(c)))
			f.Check(!seen[text], prefix+"conditions."+strconv.Itoa(i), why.Duplicate("is the same as another condition"))
			seen[text] = true
		}
	}
}

func (c Condition) check(f errs.Fields, at string) {
	kind, known := kinds[c.Fact]
	if !known {
		f.Add(at+"fact", why.NotAllowed("must be one of the kinds of facts"))
		return
	}
	f.Check(slices.Contains(kind.measures, c.Measure), at+"measure", why.NotAllowed("must be one of "+list(kind.measures)))
	if most := map[bool]int{false: maxNeed, true: maxYears}[c.Measure == Years]; c.Need < 1 || c.Need > most {
		f.Add(at+"need", why.Outside(1, most))
	}
	units := []Unit{""}
	if c.Measure == Streak {
		units = []Unit{Day, Week, Month}
	}
	f.Check(slices.Contains(units, c.Unit), at+"unit", why.NotAllowed("must be day, week or month for a streak, and absent else"))
	if c.WindowDays != 0 {
		f.Check(c.WindowDays > 0 && c.WindowDays <= maxWindow, at+"window_days", why.Outside(1, maxWindow))
		f.Check(c.Measure != Streak && c.Measure != Years, at+"window_days", why.NotAllowed("must be absent for a streak and for years"))
		f.Check(c.Measure != Days || c.Need <= c.WindowDays, at+"need", why.Mismatch("must not be more than the days of the window"))
	}
	from, okFrom := parseDay(c.From)
	until, okUntil := parseDay(c.Until)
	f.Check(okFrom, at+"from", why.NotFormat("date", "must be a date such as 2026-01-31"))
	f.Check(okUntil, at+"until", why.NotFormat("date", "must be a date such as 2026-01-31"))
	f.Check(!okFrom || !okUntil || c.From == "" || c.Until == "" || from <= until, at+"until", why.Mismatch("must not be before from"))
	f.Check(len(c.Where) <= len(kind.fields), at+"where", why.TooMany(len(kind.fields)))
	seen := map[string]bool{}
	for i, w := range c.Where[:min(len(c.Where), len(kind.fields))] {
		w.check(f, kind, at+"where."+strconv.Itoa(i)+".")
		f.Check(!seen[w.Field], at+"where."+strconv.Itoa(i)+".field", why.Duplicate("has a filter already"))
		seen[w.Field] = true
	}
}

func (w Filter) check(f errs.Fields, kind kindInfo, at string) {
	field, known := kind.field(w.Field)
	if !known {
		f.Add(at+"field", why.NotAllowed("must be one of "+list(kind.names())))
		return
	}
	n := len(w.AnyOf)
	f.Check(n >= 1 && n <= maxValues, at+"any_of", why.Count(n, 1, maxValues))
	for i, value := range w.AnyOf[:min(n, maxValues)] {
		if reason := field.wrong(value); !reason.None() {
			f.Add(at+"any_of."+strconv.Itoa(i), reason)
		}
	}
}

func (r Rule) zone() string {
	if r.TimeZone == "" {
		return "UTC"
	}
	return r.TimeZone
}

// normal is the rule in its one form: the time zone said, filters and their values sorted and without doubles.
func (r Rule) normal() Rule {
	r.TimeZone = r.zone()
	r.Conditions = slices.Clone(r.Conditions)
	for i, c := range r.Conditions {
		where := make([]Filter, len(c.Where))
		for j, w := range c.Where {
			values := slices.Clone(w.AnyOf)
			slices.Sort(values)
			where[j] = Filter{Field: w.Field, AnyOf: slices.Compact(values)}
		}
		slices.SortStableFunc(where, func(a, b Filter) int { return bytes.Compare([]byte(a.Field), []byte(b.Field)) })
		r.Conditions[i].Where = where
	}
	return r
}

// Canonical is the rule in JSON, in its one form. Rules that mean the same for the same reasons have the same text.
func (r Rule) Canonical() []byte { return must(json.Marshal(r.normal())) }

// must is for values that cannot fail to be encoded.
func must(data []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return data
}

func list[T ~string](words []T) string {
	text := ""
	for i, w := range words {
		if i > 0 {
			text += ", "
		}
		text += string(w)
	}
	return text
}

// A day is a number: how many days it is after 1 January 1970.
const secondsOfDay = 24 * 60 * 60

// dayOf is the day of an instant in a zone.
func dayOf(at time.Time, zone *time.Location) int32 {
	at = at.In(zone)
	_, offset := at.Zone()
	return int32(floorDiv(at.Unix()+int64(offset), secondsOfDay))
}

// parseDay reads a date. No date is a date that does not count.
func parseDay(text string) (day int32, ok bool) {
	if text == "" {
		return 0, true
	}
	at, err := time.Parse(time.DateOnly, text)
	return int32(at.Unix() / secondsOfDay), err == nil && at.Year() >= 2000 && at.Year() < 2200
}

// unitOf is the number of the day's week or month; those that follow each other have numbers that do.
func unitOf(day int32, unit Unit) int32 {
	switch unit {
	case Week: // 1 January 1970 was a Thursday; the weeks begin on Mondays
		return int32(floorDiv(int64(day)+3, 7))
	case Month:
		at := time.Unix(int64(day)*secondsOfDay, 0).UTC()
		return int32(at.Year()*12) + int32(at.Month())
	default:
		return day
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// String is the rule as data.
func (r Rule) String() string { return fmt.Sprintf("rule %s", r.Canonical()) }
