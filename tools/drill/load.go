package drill

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/tools/journey"
)

// write is something that a person does, under one request id however often it is sent.
type write struct {
	by   *journey.Browser
	path string
	body map[string]any
	good int
	key  string // what it is about, for the count afterwards
}

// kind is one kind of writes. make returns the nth one.
type kind struct {
	name string
	make func(n int) write
}

// ack is a write that was acknowledged.
type ack struct {
	key, id string // id of what was made, where it has one
}

// load is people who write in every way at once.
type load struct {
	pace time.Duration // between two writes of a kind

	mu       sync.Mutex
	acks     map[string][]ack
	refused  map[int]int // answers by status
	broken   int         // connections without an answer, of a gateway that was killed
	may      bool        // connections may break: a gateway is being killed
	problems []error
	last     time.Time // an answer that was not good
	failures int
	changed  chan struct{} // closed at every acknowledgement
}

func newLoad(pace time.Duration) *load {
	return &load{pace: pace, acks: map[string][]ack{}, refused: map[int]int{}, changed: make(chan struct{})}
}

// run writes until stop is closed, and then only finishes what is under way.
func (l *load) run(ctx context.Context, stop <-chan struct{}, kinds []kind, writers int) {
	var group sync.WaitGroup
	for _, k := range kinds {
		work := make(chan int)
		group.Go(func() { // the pace
			defer close(work)
			tick := time.NewTicker(l.pace)
			defer tick.Stop()
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				case <-tick.C:
				}
				select {
				case <-stop:
					return
				case work <- n:
				}
			}
		})
		for range writers {
			group.Go(func() {
				for n := range work {
					l.insist(ctx, k.name, k.make(n))
				}
			})
		}
	}
	group.Wait()
}

// retryAfter is how long a page waits before it sends again.
const retryAfter = 100 * time.Millisecond

// insist sends until it is acknowledged, each time under the same request id, as the frontends do.
func (l *load) insist(ctx context.Context, kind string, w write) {
	id := uuid.NewString()
	for {
		a := w.by.Send(ctx, http.MethodPost, w.path, w.body, "X-Request-Id", id)
		if a.Err == nil && a.Status == w.good {
			l.acknowledged(kind, w, a)
			return
		}
		l.failed(a)
		select {
		case <-ctx.Done():
			return
		case <-time.After(retryAfter):
		}
	}
}

func (l *load) acknowledged(kind string, w write, a *journey.Answer) {
	var made struct{ ID any }
	_ = json.Unmarshal(a.Body, &made) // not every answer has an id
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acks[kind] = append(l.acks[kind], ack{w.key, fmt.Sprint(made.ID)})
	close(l.changed)
	l.changed = make(chan struct{})
}

// failed notes an answer that was not good. Only 503 and 504 with the envelope are honest.
func (l *load) failed(a *journey.Answer) {
	var problem error
	l.mu.Lock()
	defer l.mu.Unlock()
	l.last = time.Now()
	l.failures++
	switch {
	case a.Err != nil && l.may:
		l.broken++
	case a.Err != nil:
		problem = a.Err
	default:
		l.refused[a.Status]++
		if _, err := a.Envelope(); err != nil {
			problem = err
		} else if a.Status != http.StatusServiceUnavailable && a.Status != http.StatusGatewayTimeout {
			problem = a.Expect(http.StatusServiceUnavailable)
		} else if a.Status == http.StatusServiceUnavailable && a.Header.Get("Retry-After") == "" {
			problem = fmt.Errorf("%s answered 503 without Retry-After", a.Request.URL)
		}
	}
	if problem != nil && len(l.problems) < 20 {
		l.problems = append(l.problems, problem)
	}
}

// breaks says whether connections may end without an answer.
func (l *load) breaks(may bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.may = may
}

// flows waits until some more writes of every kind are acknowledged.
func (l *load) flows(ctx context.Context, kinds []kind) error {
	const more = 5
	before := l.counts()
	for {
		l.mu.Lock()
		changed := l.changed
		l.mu.Unlock()
		now := l.counts()
		if !slices.ContainsFunc(kinds, func(k kind) bool { return now[k.name] < before[k.name]+more }) {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.Join(ctx.Err(), fmt.Errorf("acknowledged before: %v, now: %v", before, now))
		case <-changed:
		}
	}
}

func (l *load) counts() map[string]int {
	l.mu.Lock()
	defer l.mu.Unlock()
	counts := map[string]int{}
	for name, acks := range l.acks {
		counts[name] = len(acks)
	}
	return counts
}

// state is how many answers were not good so far, and when the last of them came.
func (l *load) state() (failures int, last time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failures, l.last
}
