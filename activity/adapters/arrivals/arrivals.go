// Package arrivals tells those who wait, in all instances of the service, that the feed of a tenant has changed.
package arrivals

import (
	"context"
	"fmt"
	"log/slog"
	"sync"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

// subject is where instances tell each other. It is a signal beside the streams: an instance that misses one finds the change when it next looks at the database.
const subject = "activity.arrivals"

// Arrivals implements ports.Arrivals, with one subscription for the whole instance.
type Arrivals struct {
	url string
	log *slog.Logger

	mu       sync.Mutex
	nc       *nats.Conn
	ended    bool
	watchers map[uuid.UUID]map[chan struct{}]struct{}
}

var _ ports.Arrivals = (*Arrivals)(nil)

// New returns arrivals that other instances hear of by the broker at url. Without it, only this instance does.
func New(url string, log *slog.Logger) *Arrivals {
	return &Arrivals{url: url, log: log, watchers: map[uuid.UUID]map[chan struct{}]struct{}{}}
}

// Run listens to the other instances until ctx ends. Then it ends all waiting.
func (a *Arrivals) Run(ctx context.Context) error {
	defer a.end()
	if a.url != "" {
		nc, err := outbox.Connect(a.url, "activity arrivals", a.log)
		if err != nil {
			return err
		}
		defer nc.Close()
		if _, err := nc.Subscribe(subject, func(m *nats.Msg) {
			if tenant, err := uuid.FromBytes(m.Data); err == nil {
				a.wake(tenant)
			}
		}); err != nil {
			return fmt.Errorf("arrivals: %w", err)
		}
		a.connected(nc)
		defer a.connected(nil)
	}
	<-ctx.Done()
	return nil
}

// end closes the channels of those who wait, so that they do not hold up the shutdown.
func (a *Arrivals) end() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ended = true
	for _, watchers := range a.watchers {
		for changed := range watchers {
			close(changed)
		}
	}
	clear(a.watchers)
}

func (a *Arrivals) connected(nc *nats.Conn) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.nc = nc
}

// Watch implements ports.Arrivals.
func (a *Arrivals) Watch(tenant uuid.UUID) (<-chan struct{}, func()) {
	changed := make(chan struct{}, 1)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.ended {
		close(changed)
		return changed, func() {}
	}
	if a.watchers[tenant] == nil {
		a.watchers[tenant] = map[chan struct{}]struct{}{}
	}
	a.watchers[tenant][changed] = struct{}{}
	return changed, func() {
		a.mu.Lock()
		defer a.mu.Unlock()
		delete(a.watchers[tenant], changed)
		if len(a.watchers[tenant]) == 0 {
			delete(a.watchers, tenant)
		}
	}
}

// Tell tells all instances that the feed of a tenant has changed.
func (a *Arrivals) Tell(tenant uuid.UUID) {
	a.wake(tenant)
	a.mu.Lock()
	nc := a.nc
	a.mu.Unlock()
	if nc == nil {
		return
	}
	if err := nc.Publish(subject, tenant[:]); err != nil {
		a.log.Debug("other instances were not told of an arrival", "error", err)
	}
}

func (a *Arrivals) wake(tenant uuid.UUID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for changed := range a.watchers[tenant] {
		select {
		case changed <- struct{}{}:
		default: // it has not looked since the last signal
		}
	}
}

// Items are ports.Items that tell of every change when it is committed.
type Items struct {
	ports.Items
	db       *pg.DB
	arrivals *Arrivals
}

// Telling decorates items that are stored in db.
func Telling(items ports.Items, db *pg.DB, arrivals *Arrivals) *Items {
	return &Items{items, db, arrivals}
}

// Apply implements ports.Items.
func (i *Items) Apply(ctx context.Context, changes ...domain.Change) error {
	if len(changes) == 0 {
		return nil
	}
	if err := i.Items.Apply(ctx, changes...); err != nil {
		return err
	}
	tenant := changes[0].Item().Data().TenantID
	i.db.AfterCommit(ctx, func() { i.arrivals.Tell(tenant) })
	return nil
}
