package pg

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
)

// Recorder journals decisions behind the back of the requests that caused
// them, so that a check does not wait for an INSERT. Entries leave in batches.
//
// It is bounded: while the database cannot take entries, up to recorderRoom
// wait, then Record itself waits and at last refuses, and with it the decision.
// Nothing is dropped in an orderly life: Stop stores what waits. A process that
// is killed loses at most what came in within recorderPause; each entry is a
// line of the log, too.
type Recorder struct {
	journal *Journal
	log     *slog.Logger
	entries chan domain.Entry
	quit    chan struct{}
	done    chan struct{}
	stop    sync.Once
	abandon context.CancelFunc
}

var _ ports.Journal = (*Recorder)(nil)

const (
	recorderRoom  = 4096                   // entries that may wait
	recorderBatch = 256                    // entries of one transaction
	recorderPause = 200 * time.Millisecond // that an entry waits for others
	recorderRetry = time.Second            // after the database refused
)

// NewRecorder makes a recorder; Start sets it going.
func NewRecorder(j *Journal, log *slog.Logger) *Recorder {
	return &Recorder{
		journal: j, log: log,
		entries: make(chan domain.Entry, recorderRoom), quit: make(chan struct{}), done: make(chan struct{}),
	}
}

// Start begins to store entries.
func (r *Recorder) Start() {
	ctx, cancel := context.WithCancel(context.Background())
	r.abandon = cancel
	go r.run(ctx)
}

// Stop stores what waits and returns, at the latest when ctx ends. Nothing may
// be recorded afterwards.
func (r *Recorder) Stop(ctx context.Context) error {
	r.stop.Do(func() { close(r.quit) })
	defer r.abandon()
	select {
	case <-r.done:
		return nil
	case <-ctx.Done():
		r.abandon()
		<-r.done
		return errs.Internalf("journal: %d entries were not stored", len(r.entries))
	}
}

// Record implements ports.Journal.
func (r *Recorder) Record(ctx context.Context, entries ...domain.Entry) error {
	for _, e := range entries {
		r.log.LogAttrs(ctx, slog.LevelWarn, "system administrator's power used",
			slog.String("tenant", e.Tenant.String()), slog.String("user", e.PerformedBy.String()),
			slog.String("permission", e.TargetID), slog.Any("about", e.Metadata))
		select {
		case r.entries <- e:
			continue
		default:
		}
		select {
		case r.entries <- e:
		case <-ctx.Done():
			return errs.Unavailablef("The journal cannot be written right now.").Wrap(ctx.Err())
		case <-r.quit:
			return errs.Unavailablef("The service is stopping.")
		}
	}
	return nil
}

func (r *Recorder) run(ctx context.Context) {
	defer close(r.done)
	for {
		batch, more := r.gather()
		for tenant, entries := range byTenant(batch) {
			r.store(ctx, tenant, entries)
		}
		if !more {
			return
		}
	}
}

// gather waits for a first entry and a moment longer for others. more is false
// when the recorder is stopping and nothing waits any more.
func (r *Recorder) gather() (batch []domain.Entry, more bool) {
	select {
	case e := <-r.entries:
		batch = append(batch, e)
	case <-r.quit:
		return r.rest(nil)
	}
	timer := time.NewTimer(recorderPause)
	defer timer.Stop()
	for len(batch) < recorderBatch {
		select {
		case e := <-r.entries:
			batch = append(batch, e)
		case <-timer.C:
			return batch, true
		case <-r.quit:
			return r.rest(batch)
		}
	}
	return batch, true
}

// rest takes what waits without waiting.
func (r *Recorder) rest(batch []domain.Entry) ([]domain.Entry, bool) {
	for len(batch) < recorderBatch {
		select {
		case e := <-r.entries:
			batch = append(batch, e)
		default:
			return batch, false
		}
	}
	return batch, true
}

// store tries until it succeeds or the recorder is abandoned.
func (r *Recorder) store(ctx context.Context, tenant uuid.UUID, entries []domain.Entry) {
	for {
		err := r.journal.recordFor(ctx, tenant, entries)
		if err == nil {
			return
		}
		r.log.LogAttrs(ctx, slog.LevelError, "the journal cannot be written", slog.Int("waiting", len(entries)+len(r.entries)), slog.Any("error", err))
		if errs.KindOf(err) == errs.Invalid || errs.KindOf(err) == errs.Conflict {
			return // would fail for ever; the log holds what it said
		}
		timer := time.NewTimer(recorderRetry)
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}

func byTenant(entries []domain.Entry) map[uuid.UUID][]domain.Entry {
	groups := make(map[uuid.UUID][]domain.Entry, 1)
	for _, e := range entries {
		groups[e.Tenant] = append(groups[e.Tenant], e)
	}
	return groups
}
