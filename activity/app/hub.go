package app

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/errs"
)

// Bounds of a hub.
const (
	maxStreams = 20_000 // of an instance
	maxOwn     = 20     // of a user
	maxHistory = 1_000  // updates of a tenant that are kept for readers who come back
	maxQueue   = 2_000  // updates of a tenant that wait for access
)

// Thousands of streams do not write at once, or requests would wait for all of them: a hub tells some, and pauses.
const (
	toldAtOnce = 64
	toldPause  = 8 * time.Millisecond
)

// Hub holds the open streams of an instance, and tells them of the updates that the whole platform publishes. A reader is told of an item only if
// access says then, after the update, that the reader sees it: a right that is lost ends at once what it gave, whatever the reader saw before.
type Hub struct {
	audience ports.Audience
	log      *slog.Logger

	mu      sync.Mutex
	rooms   map[uuid.UUID]*room
	start   domain.Position // later updates are known; zero: none are
	streams int
	ended   bool
	end     chan struct{} // closed when ended
	working sync.WaitGroup
}

var _ ports.Arrivals = (*Hub)(nil)

// NewHub returns a hub without streams.
func NewHub(audience ports.Audience, log *slog.Logger) *Hub {
	return &Hub{audience: audience, log: log, rooms: map[uuid.UUID]*room{}, end: make(chan struct{})}
}

// room is what a hub has of a tenant.
type room struct {
	tenant   uuid.UUID
	streams  map[*Stream]struct{}
	own      map[uuid.UUID]int // streams by user
	watchers map[chan struct{}]struct{}
	history  []arrived
	forgot   time.Time // updates since then are in the history; zero: all since the hub's start
	at       domain.Position
	queue    []arrived
	works    bool
}

type arrived struct {
	domain.Update

	at domain.Position
}

// Errors of opening a stream.
var (
	errTooManyStreams = errs.New(errs.RateLimited, "TOO_MANY_STREAMS", "You have too many open pages. Close some of them.").WithRetryAfter(time.Minute)
	errFull           = errs.Unavailablef("Too many members are connected right now. Try again in a moment.")
)

// Started says since when updates are known, by the clock of those who give positions.
func (h *Hub) Started(at time.Time, seq uint64) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.start = domain.Position{At: at.Truncate(time.Millisecond), Seq: seq} // as positions that come back
}

func (h *Hub) room(tenant uuid.UUID) *room {
	r := h.rooms[tenant]
	if r == nil {
		r = &room{tenant: tenant, streams: map[*Stream]struct{}{}, own: map[uuid.UUID]int{}, watchers: map[chan struct{}]struct{}{}}
		h.rooms[tenant] = r
	}
	return r
}

// Receive takes updates of a tenant, in the order of their positions.
func (h *Hub) Receive(tenant uuid.UUID, at domain.Position, updates ...domain.Update) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		return
	}
	r := h.room(tenant)
	r.at = at
	for _, u := range updates {
		r.history = append(r.history, arrived{u, at})
	}
	if over := len(r.history) - maxHistory; over > 0 {
		r.forgot = r.history[over-1].at.At.Add(time.Millisecond) // positions have milliseconds
		r.history = slices.Clone(r.history[over:])
	}
	for changed := range r.watchers {
		select {
		case changed <- struct{}{}:
		default: // it has not looked since the last signal
		}
	}
	if len(r.streams) == 0 {
		return
	}
	r.queue = append(r.queue, r.history[max(0, len(r.history)-len(updates)):]...)
	if len(r.queue) > maxQueue { // access is too slow for what happens
		r.queue = nil
		for s := range r.streams {
			s.miss(at)
		}
	}
	if !r.works && len(r.queue) > 0 {
		r.works = true
		h.working.Go(func() { h.work(r) })
	}
}

// work tells the streams of a room what waits, until nothing does.
func (h *Hub) work(r *room) {
	for {
		h.mu.Lock()
		batch, streams := r.queue, make([]*Stream, 0, len(r.streams))
		r.queue = nil
		if len(batch) == 0 || h.ended {
			r.works = false
			h.mu.Unlock()
			return
		}
		for s := range r.streams {
			streams = append(streams, s)
		}
		h.mu.Unlock()
		h.tell(r.tenant, batch, streams)
	}
}

// tell tells streams of updates, or that they have missed some when access does not answer.
func (h *Hub) tell(tenant uuid.UUID, batch []arrived, streams []*Stream) {
	last := batch[len(batch)-1].at
	notices, err := newDelivery(h.audience, tenant, streams).of(context.Background(), batch)
	if err != nil {
		h.log.Warn("readers of the feed are not told of updates", "tenant", tenant, "error", err)
		for _, s := range streams {
			s.miss(last)
		}
		return
	}
	told := 0
	for _, s := range streams {
		if len(notices[s]) > 0 {
			if told > 0 && told%toldAtOnce == 0 && !h.pause() {
				return
			}
			told++
		}
		s.tell(last, notices[s]...)
	}
}

// pause lets requests go first, and reports whether the hub goes on.
func (h *Hub) pause() bool {
	timer := time.NewTimer(toldPause)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-h.end:
		return false
	}
}

// join adds a stream, which is told of what happens from now on, and returns what has happened since a position. known is false if that is not
// known.
func (h *Hub) join(s *Stream, since domain.Position, back bool) (replay []arrived, known bool, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.room(s.by.Tenant)
	switch {
	case h.ended || h.streams >= maxStreams:
		return nil, false, errFull
	case r.own[s.by.User] >= maxOwn:
		return nil, false, errTooManyStreams
	}
	h.streams++
	r.own[s.by.User]++
	r.streams[s] = struct{}{}
	s.report.At = r.at
	if s.report.At.Seq == 0 {
		s.report.At = h.start
	}
	if !back {
		return nil, true, nil
	}
	if h.start.At.IsZero() || since.At.Before(h.start.At) || since.At.Before(r.forgot) {
		return nil, false, nil
	}
	i, _ := slices.BinarySearchFunc(r.history, since.Seq+1, func(a arrived, seq uint64) int { return int(a.at.Seq) - int(seq) }) //nolint:gosec // numbers of events
	return slices.Clone(r.history[i:]), true, nil
}

func (h *Hub) leave(s *Stream) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.room(s.by.Tenant)
	if _, there := r.streams[s]; !there {
		return
	}
	delete(r.streams, s)
	h.streams--
	if r.own[s.by.User]--; r.own[s.by.User] == 0 {
		delete(r.own, s.by.User)
	}
}

// Read says that a user has read the feed.
func (h *Hub) Read(tenant, user uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[tenant]
	if r == nil || r.own[user] == 0 {
		return
	}
	for s := range r.streams {
		if s.by.User == user {
			s.count()
		}
	}
}

// Tell says that users have other notifications than before.
func (h *Hub) Tell(tenant uuid.UUID, users ...uuid.UUID) {
	h.mu.Lock()
	defer h.mu.Unlock()
	r := h.rooms[tenant]
	if r == nil || !slices.ContainsFunc(users, func(user uuid.UUID) bool { return r.own[user] > 0 }) {
		return
	}
	for s := range r.streams {
		if slices.Contains(users, s.by.User) {
			s.inbox()
		}
	}
}

// Watch implements ports.Arrivals.
func (h *Hub) Watch(tenant uuid.UUID) (<-chan struct{}, func()) {
	changed := make(chan struct{}, 1)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended {
		close(changed)
		return changed, func() {}
	}
	r := h.room(tenant)
	r.watchers[changed] = struct{}{}
	return changed, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		delete(r.watchers, changed)
	}
}

// Streams is how many streams are open.
func (h *Hub) Streams() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.streams
}

// End ends all streams, and waits until no more work is under way.
func (h *Hub) End() {
	h.mu.Lock()
	if !h.ended {
		h.ended = true
		close(h.end)
		for _, r := range h.rooms {
			for s := range r.streams {
				close(s.ended)
			}
			for changed := range r.watchers {
				close(changed)
			}
			clear(r.watchers)
		}
	}
	h.mu.Unlock()
	h.working.Wait()
}
