package app

import (
	"cmp"
	"maps"
	"slices"
	"sync"
	"time"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// Notice tells a reader of one item. Notices about one item that wait are one.
type Notice struct {
	At         domain.Position
	SourceRef  string
	ItemID     int64
	Type       domain.ItemType
	OccurredAt time.Time
	Gone       bool     // the reader sees it no longer
	New        bool     // the reader has not seen it before
	Created    bool     // there was none before
	Own        bool     // the reader did it
	Fields     []string // what changed, as far as it is known
}

// Report is what a stream has for its reader since the last time.
type Report struct {
	Notices []Notice        // in the order of their positions
	Missed  bool            // some were left out: the reader must read the feed anew
	Count   bool            // the unread items must be counted anew
	Inbox   bool            // there are other notifications than before
	At      domain.Position // up to which the reader is told everything with this
}

// maxWaiting is how many notices wait for a slow reader.
const maxWaiting = 256

// Stream is one open connection of a reader.
type Stream struct {
	by     authz.Actor
	all    bool // by a flag of the request, without asking access
	types  map[domain.ItemType]bool
	scopes []authz.Scope // of the subscription
	wake   chan struct{}
	ended  chan struct{}

	mu      sync.Mutex
	waiting map[string]Notice
	report  Report // without Notices
}

func newStream(by authz.Actor, all bool, types []domain.ItemType, scopes []authz.Scope) *Stream {
	s := &Stream{
		by: by, all: all, types: make(map[domain.ItemType]bool, len(types)), scopes: scopes,
		wake: make(chan struct{}, 1), ended: make(chan struct{}), waiting: map[string]Notice{},
	}
	for _, t := range types {
		s.types[t] = true
	}
	return s
}

// Wake receives when there is something to report.
func (s *Stream) Wake() <-chan struct{} { return s.wake }

// Ended is closed when the service stops.
func (s *Stream) Ended() <-chan struct{} { return s.ended }

// Take returns what there is to report.
func (s *Stream) Take() Report {
	s.mu.Lock()
	defer s.mu.Unlock()
	report := s.report
	report.Notices = slices.SortedFunc(maps.Values(s.waiting), func(a, b Notice) int { return cmp.Compare(a.At.Seq, b.At.Seq) })
	clear(s.waiting)
	s.report.Missed, s.report.Count, s.report.Inbox = false, false, false
	return report
}

// wants reports whether the reader has asked for items like this.
func (s *Stream) wants(u domain.Update) bool {
	within := func(sights []domain.Sight) bool { return len(sights) > 0 && sights[0].Within(s.scopes) }
	return s.types[u.Type] && (within(u.After) || within(u.Before))
}

// tell adds notices, up to a position.
func (s *Stream) tell(at domain.Position, notices ...Notice) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, n := range notices {
		s.add(n)
	}
	if at.Seq > s.report.At.Seq {
		s.report.At = at
	}
	if len(notices) > 0 {
		s.signal()
	}
}

func (s *Stream) add(n Notice) {
	old, waits := s.waiting[n.SourceRef]
	switch {
	case waits && old.At.Seq >= n.At.Seq: // a replay
		return
	case waits:
		n.New, n.Created = n.New || old.New && !n.Gone, n.Created || old.Created && !n.Gone
		n.Fields = union(old.Fields, n.Fields)
	case len(s.waiting) >= maxWaiting:
		clear(s.waiting)
		s.report.Missed, s.report.Count = true, true
		return
	case s.report.Missed:
		return // the reader reads everything anew
	}
	s.waiting[n.SourceRef] = n
	s.report.Count = s.report.Count || !n.Own && (n.Gone || n.New && !n.Created || slices.Contains(n.Fields, "status"))
}

func union(a, b []string) []string {
	all := append(slices.Clone(a), b...)
	slices.Sort(all)
	return slices.Compact(all)
}

// miss says that something may be missing.
func (s *Stream) miss(at domain.Position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.waiting)
	s.report.Missed, s.report.Count = true, true
	if at.Seq > s.report.At.Seq {
		s.report.At = at
	}
	s.signal()
}

// count says that the unread items must be counted anew.
func (s *Stream) count() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.Count = true
	s.signal()
}

// inbox says that there are other notifications than before.
func (s *Stream) inbox() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.report.Inbox = true
	s.signal()
}

func (s *Stream) signal() {
	select {
	case s.wake <- struct{}{}:
	default: // it has not looked since the last signal
	}
}
