package live

import (
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// Inbox decorates an inbox, so that its changes are announced to the pages that their person has open. What is withdrawn from many at once is not:
// a page finds that out when it reads next.
func (a *Announcer) Inbox(inbox ports.Inbox) ports.Inbox { return announcedInbox{inbox, a} }

type announcedInbox struct {
	ports.Inbox

	by *Announcer
}

// peopleAtOnce is how many members an event names.
const peopleAtOnce = 100

// Tell implements ports.Inbox.
func (d announcedInbox) Tell(ctx context.Context, n domain.Notice, to []domain.Notification) (told []domain.Notification, err error) {
	var people []uuid.UUID
	for _, one := range to {
		if one.Shown {
			people = append(people, one.Person)
		}
	}
	err = d.by.db.Do(ctx, func(ctx context.Context) error {
		if told, err = d.Inbox.Tell(ctx, n, to); err != nil {
			return err
		}
		return d.by.announceInbox(ctx, people...)
	})
	return told, err
}

// MarkRead implements ports.Inbox.
func (d announcedInbox) MarkRead(ctx context.Context, person, id uuid.UUID, at time.Time) error {
	return d.changed(ctx, person, func(ctx context.Context) error { return d.Inbox.MarkRead(ctx, person, id, at) })
}

// MarkReadUpTo implements ports.Inbox.
func (d announcedInbox) MarkReadUpTo(ctx context.Context, person uuid.UUID, upTo, at time.Time) error {
	return d.changed(ctx, person, func(ctx context.Context) error { return d.Inbox.MarkReadUpTo(ctx, person, upTo, at) })
}

// Delete implements ports.Inbox.
func (d announcedInbox) Delete(ctx context.Context, person, id uuid.UUID) error {
	return d.changed(ctx, person, func(ctx context.Context) error { return d.Inbox.Delete(ctx, person, id) })
}

func (d announcedInbox) changed(ctx context.Context, person uuid.UUID, change func(context.Context) error) error {
	return d.by.db.Do(ctx, func(ctx context.Context) error {
		if err := change(ctx); err != nil {
			return err
		}
		return d.by.announceInbox(ctx, person)
	})
}

// announceInbox publishes that members have other notifications.
func (a *Announcer) announceInbox(ctx context.Context, people ...uuid.UUID) error {
	tenant := reqctx.From(ctx).TenantID
	for part := range slices.Chunk(people, peopleAtOnce) {
		event := activityevents.InboxChanged{TenantID: tenant, UserIds: part}
		if err := a.publisher.Publish(ctx, outbox.Event{Type: activityevents.TypeInboxChanged, Subject: event.Subject(), Data: event}); err != nil {
			return err
		}
		if a.alone != nil {
			a.db.AfterCommit(ctx, func() { a.alone.hub.Tell(tenant, part...) })
		}
	}
	return nil
}
