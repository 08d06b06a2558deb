package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

const (
	lookupRetry   = 2 * time.Second // between tries while the ID service is away
	lookupTimeout = 2 * time.Second
)

// directory remembers the ID service's answers to one kind of question.
type directory[K comparable, V any] struct {
	directoryConfig[K, V]
	clock   ports.Clock
	cache   *lru.Cache[K, answer[V]]
	flight  singleflight.Group
	forgets atomic.Uint64 // counts what was forgotten: answers from before it are not kept
}

type directoryConfig[K comparable, V any] struct {
	ask   func(ctx context.Context, key K) (V, error)
	none  []*errs.Error // the errors of ask for a key that does not exist
	away  *errs.Error   // what get fails with while ask fails and no answer is known that may still be used
	size  int           // clients choose the keys: the memory for them is bounded
	fresh time.Duration // how long an answer is used
	gone  time.Duration // how long it is believed that a key does not exist
	stale time.Duration // how old an answer may be that is used while ask fails
}

type answer[V any] struct {
	value V
	none  *errs.Error // nil for a key that exists
	asked time.Time
	until time.Time // when to ask again
}

func newDirectory[K comparable, V any](clock ports.Clock, cfg directoryConfig[K, V]) (*directory[K, V], error) {
	cache, err := lru.New[K, answer[V]](cfg.size)
	return &directory[K, V]{directoryConfig: cfg, clock: clock, cache: cache}, err
}

// get returns the value of a key. It asks the ID service unless there is a fresh answer.
func (d *directory[K, V]) get(ctx context.Context, key K) (V, error) {
	found, ok := d.remembered(key)
	if !ok {
		var err error
		if found, err = d.refresh(ctx, key); err != nil {
			return found.value, err
		}
	}
	if found.none != nil {
		return found.value, found.none
	}
	return found.value, nil
}

// remembered returns the answer that get would use without asking.
func (d *directory[K, V]) remembered(key K) (answer[V], bool) {
	found, ok := d.cache.Get(key)
	return found, ok && d.clock.Now().Before(found.until)
}

// refresh asks, once however many requests are waiting. The question outlives the request that happened to be first. A
// request that comes after something was forgotten does not wait for a question from before.
func (d *directory[K, V]) refresh(ctx context.Context, key K) (answer[V], error) {
	forgets := d.forgets.Load()
	shared, err, _ := d.flight.Do(fmt.Sprintf("%d %v", forgets, key), func() (any, error) {
		if found, ok := d.remembered(key); ok {
			return found, nil // answered since get looked
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
		defer cancel()
		asked := d.clock.Now() // before the question: the answer is at least this old
		value, err := d.ask(ctx, key)
		found := answer[V]{value: value, asked: asked, until: asked.Add(d.fresh)}
		none := slices.IndexFunc(d.none, func(none *errs.Error) bool { return errors.Is(err, none) })
		switch {
		case none >= 0:
			found = answer[V]{none: d.none[none], asked: asked, until: asked.Add(d.gone)}
		case err != nil:
			old, ok := d.cache.Get(key)
			now, limit := d.clock.Now(), old.asked.Add(d.stale)
			if !ok || old.none != nil || !now.Before(limit) {
				return answer[V]{}, d.away.Wrap(err)
			}
			found = old
			found.until = now.Add(min(lookupRetry, limit.Sub(now)))
		}
		if d.forgets.Load() == forgets {
			d.cache.Add(key, found)
		}
		return found, nil
	})
	if err != nil {
		return answer[V]{}, err
	}
	return shared.(answer[V]), nil
}

// expire makes the next get of every key ask. What is known is still used while ask fails.
func (d *directory[K, V]) expire() {
	d.forgets.Add(1)
	for _, key := range d.cache.Keys() {
		if old, ok := d.cache.Peek(key); ok {
			old.until = old.asked
			d.cache.Add(key, old)
		}
	}
}

// forget drops the answers for some keys, and those that are under way.
func (d *directory[K, V]) forget(drop func(K) bool) {
	d.forgets.Add(1)
	for _, key := range d.cache.Keys() {
		if drop(key) {
			d.cache.Remove(key)
		}
	}
}
