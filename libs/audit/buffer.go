package audit

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Buffer writes entries in batches, after the requests that they are about, so that a request which changes nothing does not
// wait for an INSERT. It is for frequent entries that belong to no change: those are written in its transaction.
//
// It is bounded: while the database does not accept entries, up to bufferSize wait; then Write waits, and at last fails, and
// what the entry records must not happen. Stop writes what waits. A process that is killed loses the entries of the last
// bufferPause; each entry is also a warning in the log.
type Buffer struct {
	store   *Log
	log     *slog.Logger
	entries chan Entry
	quit    chan struct{}
	done    chan struct{}
	stop    sync.Once
	abandon context.CancelFunc
}

const (
	bufferSize  = 4096                   // entries that may wait
	bufferBatch = 256                    // entries of one transaction
	bufferPause = 200 * time.Millisecond // how long an entry waits for others
	bufferRetry = time.Second            // after a failed write
)

// NewBuffer makes a buffer in front of store; Start starts it.
func NewBuffer(store *Log, log *slog.Logger) *Buffer {
	return &Buffer{store: store, log: log, entries: make(chan Entry, bufferSize), quit: make(chan struct{}), done: make(chan struct{})}
}

// Start begins to write entries.
func (b *Buffer) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	b.abandon = cancel
	go b.run(ctx)
}

// Stop writes what waits and returns, at the latest when ctx ends. Write must not be called afterwards.
func (b *Buffer) Stop(ctx context.Context) error {
	b.stop.Do(func() { close(b.quit) })
	defer b.abandon()
	select {
	case <-b.done:
		return nil
	case <-ctx.Done():
		b.abandon()
		<-b.done
		return errs.Internalf("audit: %d entries were not stored", len(b.entries))
	}
}

// Write hands entries over. What an entry leaves out is filled in from ctx: see [Entry].
func (b *Buffer) Write(ctx context.Context, entries ...Entry) error {
	for _, e := range entries {
		e = e.Complete(ctx, valid.NewID(), b.store.now())
		b.log.LogAttrs(ctx, slog.LevelWarn, e.Action, slog.String("tenant", e.Tenant.String()), slog.String("actor", e.Actor.ID.String()),
			slog.String("target_type", e.TargetType), slog.String("target_id", e.TargetID), slog.Any("metadata", e.Metadata))
		select {
		case b.entries <- e:
			continue
		default:
		}
		select {
		case b.entries <- e:
		case <-ctx.Done():
			return errs.Unavailablef("The audit log cannot be written right now.").Wrap(ctx.Err())
		case <-b.quit:
			return errs.Unavailablef("The service is stopping.")
		}
	}
	return nil
}

func (b *Buffer) run(ctx context.Context) {
	defer close(b.done)
	for {
		batch, more := b.nextBatch()
		for tenant, entries := range byTenant(batch) {
			b.write(reqctx.With(ctx, reqctx.Context{TenantID: tenant}), entries)
		}
		if !more {
			return
		}
	}
}

// nextBatch waits for an entry and a moment longer for others. more is false when the buffer is stopping and empty.
func (b *Buffer) nextBatch() (batch []Entry, more bool) {
	select {
	case e := <-b.entries:
		batch = append(batch, e)
	case <-b.quit:
		return b.drain(nil)
	}
	timer := time.NewTimer(bufferPause)
	defer timer.Stop()
	for len(batch) < bufferBatch {
		select {
		case e := <-b.entries:
			batch = append(batch, e)
		case <-timer.C:
			return batch, true
		case <-b.quit:
			return b.drain(batch)
		}
	}
	return batch, true
}

// drain takes what is there without waiting.
func (b *Buffer) drain(batch []Entry) ([]Entry, bool) {
	for len(batch) < bufferBatch {
		select {
		case e := <-b.entries:
			batch = append(batch, e)
		default:
			return batch, false
		}
	}
	return batch, true
}

// write tries until it succeeds or the buffer is abandoned.
func (b *Buffer) write(ctx context.Context, entries []Entry) {
	for {
		err := b.store.WriteNow(ctx, entries...)
		if err == nil {
			return
		}
		b.log.LogAttrs(ctx, slog.LevelError, "the audit log cannot be written", slog.Int("waiting", len(entries)+len(b.entries)), slog.Any("error", err))
		if errs.KindOf(err) == errs.Invalid || errs.KindOf(err) == errs.Conflict {
			return // it would fail again; the log has the entry
		}
		timer := time.NewTimer(bufferRetry)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

func byTenant(entries []Entry) map[uuid.UUID][]Entry {
	groups := make(map[uuid.UUID][]Entry, 1)
	for _, e := range entries {
		groups[e.Tenant] = append(groups[e.Tenant], e)
	}
	return groups
}
