package redis

import (
	"sync"
	"time"

	"go.updspace.com/bff/domain"
)

// endedSet remembers sessions that are over for as long as a copy of one may
// still be around.
type endedSet struct {
	mu    sync.RWMutex
	until map[domain.Hash]time.Time
}

func newEndedSet() *endedSet { return &endedSet{until: map[domain.Hash]time.Time{}} }

func (e *endedSet) has(id domain.Hash) bool {
	e.mu.RLock()
	defer e.mu.RUnlock()
	_, ok := e.until[id]
	return ok
}

func (e *endedSet) add(until time.Time, ids ...domain.Hash) {
	if len(ids) == 0 {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, id := range ids {
		e.until[id] = until
	}
}

func (e *endedSet) forget(now time.Time) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for id, until := range e.until {
		if !now.Before(until) {
			delete(e.until, id)
		}
	}
}
