package rule

import (
	"cmp"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Progress is how far a person is.
type Progress struct {
	Have  int       // of all conditions together, each at most what it needs
	Need  int       // of all conditions together
	Met   bool      // each condition is met
	Times int       // how often the rule is met, for achievements that can be repeated; at most once with a window, a streak or years
	Parts []Part    // one a condition
	Next  time.Time // when time alone changes the progress; zero: never
}

// Part is the progress of a condition. Have can be more than Need.
type Part struct {
	Have, Need int
	times      int
	evidence   []uuid.UUID
}

// Evidence returns the events for which the rule is met for the nth time, from 1: those of each condition in the order of their days. If it
// is not met so often, it is what there is.
func (p Progress) Evidence(nth int) []uuid.UUID {
	var events []uuid.UUID
	for _, part := range p.Parts {
		from := min((nth-1)*part.Need, len(part.evidence))
		for _, e := range part.evidence[from:min(from+part.Need, len(part.evidence))] {
			if !slices.Contains(events, e) {
				events = append(events, e)
			}
		}
	}
	return events
}

// Progress measures what has been counted. Only years depend on now.
func (s *State) Progress(now time.Time) Progress {
	var p Progress
	for i := range s.program.conditions {
		c := &s.program.conditions[i]
		facts := s.counts[i].facts()
		var part Part
		var next time.Time
		switch c.Measure {
		case Years:
			part, next = c.years(facts, now, s.program.zone)
		case Streak:
			part = c.streak(facts)
		default:
			part = c.most(facts)
		}
		part.Need = c.Need
		if c.WindowDays > 0 || c.Measure == Streak || c.Measure == Years {
			part.times = min(part.Have/part.Need, 1)
		} else {
			part.times = part.Have / part.Need
		}
		p.Parts = append(p.Parts, part)
		p.Have += min(part.Have, part.Need)
		p.Need += part.Need
		if i == 0 || part.times < p.Times {
			p.Times = part.times
		}
		if !next.IsZero() && (p.Next.IsZero() || next.Before(p.Next)) {
			p.Next = next
		}
	}
	p.Met = p.Times > 0
	return p
}

// fact is a fact that counts.
type fact struct {
	record
	key string
}

// facts are those that count, in the order of their days.
func (n *counter) facts() []fact {
	all := make([]fact, 0, len(n.keys))
	for key, records := range n.keys {
		if r, ok := standing(records); ok {
			all = append(all, fact{record: r, key: key})
		}
	}
	slices.SortFunc(all, func(a, b fact) int { return cmp.Or(cmp.Compare(a.Day, b.Day), compareRecords(a.record, b.record)) })
	return all
}

// thing is what a measure counts once: for Distinct an object, for Days a day, for Count a key.
type thing struct {
	name string
	day  int32
}

func (c *condition) thing(key string, r record) thing {
	switch c.Measure {
	case Distinct:
		return thing{name: cmp.Or(r.Object, key)}
	case Days, Streak, Years:
		return thing{day: r.Day}
	default:
		return thing{name: key}
	}
}

// most counts the things in all facts, or in the days of the window that has most. The evidence is of the first window that has as many
// as are needed, else of the best.
func (c *condition) most(facts []fact) Part {
	inside := map[thing]int{}
	first, have, from, to := 0, 0, 0, 0
	for last, f := range facts {
		inside[c.thing(f.key, f.record)]++
		for c.WindowDays > 0 && f.Day-facts[first].Day >= int32(c.WindowDays) {
			t := c.thing(facts[first].key, facts[first].record)
			if inside[t]--; inside[t] == 0 {
				delete(inside, t)
			}
			first++
		}
		if len(inside) > have {
			if c.WindowDays == 0 || have < c.Need {
				from, to = first, last+1
			}
			have = len(inside)
		}
	}
	part := Part{Have: have}
	seen := map[thing]bool{}
	for _, f := range facts[from:to] {
		if t := c.thing(f.key, f.record); !seen[t] {
			seen[t] = true
			part.evidence = append(part.evidence, f.Event)
		}
	}
	return part
}

// streak is the longest run of units. The evidence is the first fact of each unit, of the first run that is long enough, else of the
// longest.
func (c *condition) streak(facts []fact) Part {
	var part Part
	var run []uuid.UUID
	last := int32(0)
	for _, f := range facts {
		unit := unitOf(f.Day, c.Unit)
		switch {
		case len(run) > 0 && unit == last:
			continue
		case len(run) > 0 && unit == last+1:
			run = append(run, f.Event)
		default:
			run = []uuid.UUID{f.Event}
		}
		last = unit
		if len(run) > part.Have {
			if part.Have < c.Need {
				part.evidence = slices.Clone(run)
			}
			part.Have = len(run)
		}
	}
	return part
}

// years are the full years since the first fact. Who joined on 29 February has an anniversary on 1 March in other years.
func (c *condition) years(facts []fact, now time.Time, zone *time.Location) (Part, time.Time) {
	if len(facts) == 0 {
		return Part{}, time.Time{}
	}
	start := time.Unix(int64(facts[0].Day)*secondsOfDay, 0).UTC()
	day := func(n int) time.Time {
		return time.Date(start.Year()+n, start.Month(), start.Day(), 0, 0, 0, 0, time.UTC)
	}
	today := dayOf(now, zone)
	have := max(0, now.In(zone).Year()-start.Year()-1)
	for dayOf(day(have+1), time.UTC) <= today {
		have++
	}
	part := Part{Have: have, evidence: []uuid.UUID{facts[0].Event}}
	if have >= c.Need {
		return part, time.Time{}
	}
	return part, startOf(day(have+1), zone)
}

// startOf is when a day begins in a zone: where midnight is skipped, at the end of the gap.
func startOf(day time.Time, zone *time.Location) time.Time {
	at := time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, zone)
	for dayOf(at, zone) < dayOf(day, time.UTC) {
		at = at.Add(time.Hour)
	}
	return at
}
