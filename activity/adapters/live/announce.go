// Package live tells all instances of the service, through the outbox and the broker, what open streams are told of.
package live

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Announcer publishes what changes, in the transaction of the change. Without a broker it tells the hub of its own process instead, after the
// commit.
type Announcer struct {
	db        *pg.DB
	publisher *outbox.Publisher
	groups    groups.Store
	alone     *Alone // nil with a broker
}

// NewAnnouncer returns an announcer. alone is nil unless there is no broker.
func NewAnnouncer(db *pg.DB, publisher *outbox.Publisher, known groups.Store, alone *Alone) *Announcer {
	return &Announcer{db, publisher, known, alone}
}

// most is how many updates are in an event.
const most = 200

// Items decorates items, so that each change of them is announced.
func (a *Announcer) Items(items ports.Items) ports.Items { return announced{items, a} }

// Readers decorates readers, so that reading is announced.
func (a *Announcer) Readers(readers ports.Readers) ports.Readers { return reading{readers, a} }

type announced struct {
	ports.Items

	by *Announcer
}

// Apply implements ports.Items. What the changes came to is read under the lock of their sources, because changes that come late or again change
// nothing.
func (d announced) Apply(ctx context.Context, changes ...domain.Change) error {
	if len(changes) == 0 {
		return nil
	}
	refs := make([]string, len(changes))
	for i, change := range changes {
		refs[i] = change.Item().Data().SourceRef
	}
	slices.Sort(refs)
	refs = slices.Compact(refs)
	return d.by.db.Do(ctx, func(ctx context.Context) error {
		if err := d.LockSources(ctx, refs...); err != nil {
			return err
		}
		before, err := d.ShownOf(ctx, refs...)
		if err != nil {
			return err
		}
		if err := d.Items.Apply(ctx, changes...); err != nil {
			return err
		}
		after, err := d.ShownOf(ctx, refs...)
		if err != nil {
			return err
		}
		var updates []domain.Update
		for _, ref := range refs {
			if update, changed := domain.NewUpdate(at(before, ref), at(after, ref)); changed {
				updates = append(updates, update)
			}
		}
		return d.by.announce(ctx, changes[0].Item().Data().TenantID, updates)
	})
}

func at(items map[string]domain.Shown, ref string) *domain.Shown {
	if item, ok := items[ref]; ok {
		return &item
	}
	return nil
}

// announce publishes updates of items of a tenant.
func (a *Announcer) announce(ctx context.Context, tenant uuid.UUID, updates []domain.Update) error {
	for i := range updates {
		for _, sights := range [][]domain.Sight{updates[i].Before, updates[i].After} {
			for j := range sights {
				if err := a.place(ctx, &sights[j]); err != nil {
					return err
				}
			}
		}
	}
	for part := range slices.Chunk(updates, most) {
		event := toFeedUpdated(tenant, part)
		if err := a.publisher.Publish(ctx, outbox.Event{
			Type: activityevents.TypeFeedUpdated, Subject: event.Subject(), Data: event, TenantID: tenant,
		}); err != nil {
			return err
		}
		if a.alone != nil {
			a.db.AfterCommit(ctx, func() { a.alone.receive(tenant, part) })
		}
	}
	return nil
}

// place adds the community of a team. One that is not known here yet stays unknown.
func (a *Announcer) place(ctx context.Context, sight *domain.Sight) error {
	if sight.Scope.Type != authz.ScopeTeam {
		return nil
	}
	group, err := a.groups.FindShared(ctx, sight.Scope)
	switch {
	case errors.Is(err, groups.ErrUnknown):
		return nil
	case err != nil:
		return err
	}
	sight.Community = group.Community
	return nil
}

type reading struct {
	ports.Readers

	by *Announcer
}

// MarkRead implements ports.Readers.
func (d reading) MarkRead(ctx context.Context, user uuid.UUID, to time.Time) error {
	return d.by.db.Do(ctx, func(ctx context.Context) error {
		if err := d.Readers.MarkRead(ctx, user, to); err != nil {
			return err
		}
		event := activityevents.FeedRead{UserID: user}
		if d.by.alone != nil {
			tenant := reqctx.From(ctx).TenantID
			d.by.db.AfterCommit(ctx, func() { d.by.alone.hub.Read(tenant, user) })
		}
		return d.by.publisher.Publish(ctx, outbox.Event{Type: activityevents.TypeFeedRead, Subject: event.Subject(), Data: event})
	})
}
