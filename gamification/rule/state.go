package rule

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/recurrence"
)

// Limits of a state. What is dropped beyond them changes the outcome only if it is taken back later.
const (
	maxRecords = 10_000 // of one condition
	maxOfKey   = 64     // facts about one key
)

// ErrOtherRule is the error of a stored state that counts for another rule, or for the rule before it was edited: the facts must
// be counted again.
var ErrOtherRule = errors.New("rule: the state is not of this rule")

// Program is a rule that is ready to count.
type Program struct {
	rule        Rule
	fingerprint [16]byte
	zone        *time.Location
	conditions  []condition
}

type condition struct {
	Condition
	kind        Kind // of the facts
	from, until int32
	where       []map[string]bool // in the order of Condition.Where
}

// Compile checks a rule and makes it ready.
func Compile(r Rule) (*Program, error) {
	if err := r.Validate(); err != nil {
		return nil, err
	}
	r = r.normal()
	zone, err := recurrence.Zone(r.TimeZone)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(r.Canonical())
	p := &Program{rule: r, fingerprint: [16]byte(sum[:16]), zone: zone}
	for _, c := range r.Conditions {
		compiled := condition{Condition: c, kind: c.Fact}
		if c.Fact == MemberAnniversary {
			compiled.kind = MemberJoined
		}
		compiled.from, _ = parseDay(c.From)
		compiled.until, _ = parseDay(c.Until)
		for _, w := range c.Where {
			values := map[string]bool{}
			for _, v := range w.AnyOf {
				values[v] = true
			}
			compiled.where = append(compiled.where, values)
		}
		p.conditions = append(p.conditions, compiled)
	}
	return p, nil
}

// Rule is the rule, in its one form.
func (p *Program) Rule() Rule { return p.rule }

// Kinds are the kinds of the facts that the rule counts, sorted.
func (p *Program) Kinds() []Kind {
	set := map[Kind]bool{}
	for _, c := range p.conditions {
		set[c.kind] = true
	}
	return slices.Sorted(maps.Keys(set))
}

// ByTime reports whether time alone can meet the rule: Progress then says when to look again.
func (p *Program) ByTime() bool {
	return slices.ContainsFunc(p.conditions, func(c condition) bool { return c.Measure == Years })
}

func (c *condition) fits(f Fact, day int32) bool {
	if f.Undone || c.From != "" && day < c.from || c.Until != "" && day > c.until {
		return false
	}
	for i, w := range c.Where {
		if !c.where[i][f.Fields[w.Field]] {
			return false
		}
	}
	return true
}

// State is what has been counted for one rule and one person.
type State struct {
	program *Program
	counts  []counter // one a condition
}

// counter has the facts of a condition by their keys.
type counter struct {
	keys  map[string][]record // sorted by compareRecords; never empty
	total int
}

// record is what is kept of a fact.
type record struct {
	At     int64 // microseconds
	Event  uuid.UUID
	Fits   bool
	Day    int32  // if it fits
	Object string // if it fits
}

// compareRecords orders the facts about a key: the last one counts.
func compareRecords(a, b record) int {
	return cmp.Or(cmp.Compare(a.At, b.At), slices.Compare(a.Event[:], b.Event[:]))
}

// NewState returns the state of a person of whom nothing is known.
func (p *Program) NewState() *State {
	s := &State{program: p, counts: make([]counter, len(p.conditions))}
	for i := range s.counts {
		s.counts[i].keys = map[string][]record{}
	}
	return s
}

// Apply counts a fact about the person. It reports whether the state has changed: not if no condition counts such facts, and not if
// the fact has been counted before. A fact that is not valid is not counted.
func (s *State) Apply(f Fact) bool {
	if f.Validate() != nil {
		return false
	}
	changed := false
	for i := range s.program.conditions {
		if c := &s.program.conditions[i]; c.kind == f.Kind {
			day := dayOf(f.When, s.program.zone)
			r := record{At: f.At.UnixMicro(), Event: f.Event, Day: day, Object: f.Object, Fits: c.fits(f, day)}
			if s.program.rule.TakesBack {
				changed = s.counts[i].add(f.Key, r, c) || changed
			} else if r.Fits {
				changed = s.counts[i].first(f.Key, r, c) || changed
			}
		}
	}
	return changed
}

// add keeps a record among those of its key.
func (n *counter) add(key string, r record, c *condition) bool {
	records := n.keys[key]
	at, known := slices.BinarySearchFunc(records, r, compareRecords)
	if known || at == 0 && len(records) >= maxOfKey {
		return false
	}
	if !r.Fits { // only that it does not count is of interest
		r.Day, r.Object = 0, ""
	}
	records = slices.Insert(records, at, r)
	if len(records) > maxOfKey {
		records = records[1:]
	} else {
		n.total++
	}
	n.keys[key] = records
	n.bound(c)
	return true
}

// first keeps only the first record of a key.
func (n *counter) first(key string, r record, c *condition) bool {
	records := n.keys[key]
	if len(records) > 0 && compareRecords(records[0], r) <= 0 {
		return false
	}
	n.keys[key] = []record{r}
	n.total += 1 - len(records)
	n.bound(c)
	return true
}

// bound drops a key when there are too many records: one that does not count, else one of the day or the object that has most.
func (n *counter) bound(c *condition) {
	for n.total > maxRecords {
		crowd := map[thing]int{}
		for key, records := range n.keys {
			if r, stands := standing(records); stands {
				crowd[c.crowd(key, r)]++
			}
		}
		drop, most := "", -1
		for key, records := range n.keys {
			size := maxRecords + 1
			if r, stands := standing(records); stands {
				size = crowd[c.crowd(key, r)]
			}
			if size > most || size == most && key < drop {
				drop, most = key, size
			}
		}
		n.total -= len(n.keys[drop])
		delete(n.keys, drop)
	}
}

// crowd is what a fact has in common with others of which the measure needs few.
func (c *condition) crowd(key string, r record) thing {
	if c.Measure == Count {
		return thing{day: r.Day}
	}
	return c.thing(key, r)
}

// standing returns the fact that counts for a key: the first of those that fit since the last one that does not. None stands if the
// last fact does not fit.
func standing(records []record) (record, bool) {
	var found record
	ok := false
	for _, r := range slices.Backward(records) {
		if !r.Fits {
			break
		}
		found, ok = r, true
	}
	return found, ok
}
