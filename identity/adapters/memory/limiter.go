// Package memory counts in this process alone: the limiter of an instance that
// cannot reach Redis, and of tests.
package memory

import (
	"context"
	"sync"
	"time"

	"go.updspace.com/identity/ports"
)

// maxKeys bounds the memory that made-up keys can take. Each key has cost its
// sender the check of a password, so filling it takes longer than a window lasts.
const maxKeys = 1 << 16

// Limiter implements ports.Limiter with fixed windows.
type Limiter struct {
	clock   ports.Clock
	mu      sync.Mutex
	windows map[string]*window
}

type window struct {
	events int
	until  time.Time
}

// NewLimiter returns an empty Limiter.
func NewLimiter(clock ports.Clock) *Limiter {
	return &Limiter{clock: clock, windows: map[string]*window{}}
}

// Blocked implements ports.Limiter.
func (l *Limiter) Blocked(_ context.Context, limit ports.Limit, key string) time.Duration {
	return l.add(limit, key, 0)
}

// Count implements ports.Limiter.
func (l *Limiter) Count(_ context.Context, limit ports.Limit, key string) time.Duration {
	return l.add(limit, key, 1)
}

// Reset implements ports.Limiter.
func (l *Limiter) Reset(_ context.Context, limit ports.Limit, key string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.windows, limit.Name+":"+key)
}

func (l *Limiter) add(limit ports.Limit, key string, n int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.clock.Now()
	name := limit.Name + ":" + key
	w, ok := l.windows[name]
	if !ok || !now.Before(w.until) {
		if n == 0 {
			return 0
		}
		l.makeRoom(now)
		w = &window{until: now.Add(limit.Window)}
		l.windows[name] = w
	}
	if w.events >= limit.Events {
		return w.until.Sub(now)
	}
	w.events += n
	return 0
}

func (l *Limiter) makeRoom(now time.Time) {
	if len(l.windows) < maxKeys {
		return
	}
	for name, w := range l.windows {
		if !now.Before(w.until) {
			delete(l.windows, name)
		}
	}
	// All alive: forget a good part rather than grow, so that looking through
	// all of them stays rare.
	for name := range l.windows {
		if len(l.windows) < maxKeys*3/4 {
			return
		}
		delete(l.windows, name)
	}
}

// Len is how many keys are remembered.
func (l *Limiter) Len() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.windows)
}
