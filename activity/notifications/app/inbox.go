package app

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
)

// Inbox are the use cases of a person who reads.
type Inbox struct{ Deps }

// MaxUnread is the number up to which unread notifications are counted.
const MaxUnread = 100

// inboxList names the list in its cursors.
const inboxList = "notifications"

// ListInput selects notifications.
type ListInput struct {
	Unread bool
	Kinds  []string
	Page   page.Request
}

// List returns a page of what the caller was told and may see now, the latest first.
func (s Inbox) List(ctx context.Context, by authz.Actor, in ListInput) (page.Page[domain.Notification], error) {
	kinds, err := domain.ParseKinds(in.Kinds)
	if err != nil {
		return page.Page[domain.Notification]{}, err
	}
	var after domain.Key
	if _, err := page.Decode(inboxList, in.Page.Cursor, &after.ToldAt, &after.ID); err != nil {
		return page.Page[domain.Notification]{}, err
	}
	sights, err := s.seen(ctx, by, in.Unread)
	if err != nil {
		return page.Page[domain.Notification]{}, err
	}
	query := ports.Query{Sights: sights, Unread: in.Unread, Kinds: kinds}
	return page.Fetch(in.Page.Limit, func(limit int) ([]domain.Notification, error) {
		return s.Inbox.Page(ctx, by.User, query, after, limit)
	}, func(last domain.Notification) string { return page.Encode(inboxList, last.ToldAt, last.ID) })
}

// CountUnread counts what List would show as unread, up to MaxUnread.
func (s Inbox) CountUnread(ctx context.Context, by authz.Actor) (int, error) {
	sights, err := s.seen(ctx, by, true)
	if err != nil {
		return 0, err
	}
	return s.Inbox.CountUnread(ctx, by.User, sights, MaxUnread)
}

// seen returns those sights in the caller's inbox that the caller has now: access is asked once.
func (s Inbox) seen(ctx context.Context, by authz.Actor, unread bool) ([]domain.Sight, error) {
	sights, err := s.Inbox.Sights(ctx, by.User, unread)
	if err != nil || len(sights) == 0 {
		return nil, err
	}
	checks := make([]authz.Check, len(sights))
	for i, sight := range sights {
		checks[i] = sight.Check()
	}
	answers, err := s.Checker.CheckAll(ctx, checks)
	if err != nil {
		return nil, err
	}
	seen := sights[:0]
	for i, sight := range sights {
		if answers[i] {
			seen = append(seen, sight)
		}
	}
	return seen, nil
}

// MarkRead marks one notification as read.
func (s Inbox) MarkRead(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Inbox.MarkRead(ctx, by.User, id, s.Clock.Now()) })
}

// MarkReadUpTo marks those as read that were told up to a time; the zero time stands for now.
func (s Inbox) MarkReadUpTo(ctx context.Context, by authz.Actor, upTo time.Time) error {
	now := s.Clock.Now()
	if upTo.IsZero() {
		upTo = now
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Inbox.MarkReadUpTo(ctx, by.User, upTo, now) })
}

// Delete removes a notification. Its person is not told of its causes again.
func (s Inbox) Delete(ctx context.Context, by authz.Actor, id uuid.UUID) error {
	return s.Tx.Do(ctx, func(ctx context.Context) error { return s.Inbox.Delete(ctx, by.User, id) })
}
