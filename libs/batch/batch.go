// Package batch runs calls together that arrive while an earlier one runs, as a database commits several transactions with
// one write. It is for the hottest writes of a service: a round trip and a commit then serve many requests. A call that
// finds nothing running is not delayed.
package batch

import (
	"context"
	"slices"
	"sync"
	"time"

	"go.updspace.com/libs/errs"
)

// Group runs the calls of a key one batch after another. Calls of different keys do not wait for each other. A call holds
// its input and its results, so it usually is a pointer.
type Group[K comparable, C any] struct {
	run     func(ctx context.Context, key K, calls []C) error
	most    int
	timeout time.Duration

	mu      sync.Mutex
	waiting map[K][]*waiter[C] // has a key while a batch of it runs
}

type waiter[C any] struct {
	ctx  context.Context
	call C
	err  error
	done chan struct{}
}

// New returns a group that hands run at most the given number of calls at a time. An error of run is that of all of them.
// The context of a batch is that of its first call and ends after the timeout. The end of a call's own context ends only a
// call that found nothing running.
func New[K comparable, C any](most int, timeout time.Duration, run func(ctx context.Context, key K, calls []C) error) *Group[K, C] {
	return &Group[K, C]{run: run, most: most, timeout: timeout, waiting: map[K][]*waiter[C]{}}
}

// Do runs a call and returns when it is done. A call whose context ends while it waits for its turn is not run, and Do returns at once.
func (g *Group[K, C]) Do(ctx context.Context, key K, call C) error {
	w := &waiter[C]{ctx: ctx, call: call, done: make(chan struct{})}
	g.mu.Lock()
	waiting, running := g.waiting[key]
	if running {
		g.waiting[key] = append(waiting, w)
		g.mu.Unlock()
		select {
		case <-w.done:
		case <-ctx.Done():
			if g.leave(key, w) {
				return ctx.Err()
			}
			<-w.done // it runs, which ends after the timeout
		}
		return w.err
	}
	g.waiting[key] = nil
	g.mu.Unlock()

	g.runBatch(ctx, key, []*waiter[C]{w})
	if batch := g.next(key); batch != nil {
		go g.runAll(key, batch)
	}
	return w.err
}

// leave takes a call out of those that wait, and reports whether it was one of them.
func (g *Group[K, C]) leave(key K, w *waiter[C]) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	i := slices.Index(g.waiting[key], w)
	if i >= 0 {
		g.waiting[key] = slices.Delete(g.waiting[key], i, i+1)
	}
	return i >= 0
}

// runAll runs batches of a key until no call waits.
func (g *Group[K, C]) runAll(key K, batch []*waiter[C]) {
	for ; batch != nil; batch = g.next(key) {
		g.runBatch(context.WithoutCancel(batch[0].ctx), key, batch)
	}
}

// next takes the next batch of a key. When no call waits, it returns nil and nothing of the key runs any more.
func (g *Group[K, C]) next(key K) (batch []*waiter[C]) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for waiting := g.waiting[key]; len(waiting) > 0 && len(batch) < g.most; waiting = g.waiting[key] {
		w := waiting[0]
		g.waiting[key] = waiting[1:]
		if w.err = w.ctx.Err(); w.err != nil {
			close(w.done)
			continue
		}
		batch = append(batch, w)
	}
	if batch == nil {
		delete(g.waiting, key)
	}
	return batch
}

func (g *Group[K, C]) runBatch(ctx context.Context, key K, batch []*waiter[C]) {
	ctx, cancel := context.WithTimeout(ctx, g.timeout)
	defer cancel()
	calls := make([]C, len(batch))
	for i, w := range batch {
		calls[i] = w.call
	}
	err := g.guarded(ctx, key, calls)
	for _, w := range batch {
		w.err = err
		close(w.done)
	}
}

// guarded turns a panic of run into an error: the callers wait for an answer.
func (g *Group[K, C]) guarded(ctx context.Context, key K, calls []C) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = errs.Internalf("batch: panic: %v", p)
		}
	}()
	return g.run(ctx, key, calls)
}
