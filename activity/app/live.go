package app

import (
	"context"
	"time"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// Live are the use cases of readers who keep a connection open.
type Live struct {
	sight   Sight
	readers ports.Readers
	feed    *Feed
	hub     *Hub
	clock   ports.Clock
	counts  chan struct{} // slots of those who count unread items
}

// countsAtOnce bounds how many streams count their unread items at once, so that requests are not starved.
const countsAtOnce = 4

// NewLive returns the use cases.
func NewLive(sight Sight, readers ports.Readers, feed *Feed, hub *Hub, clock ports.Clock) *Live {
	return &Live{sight: sight, readers: readers, feed: feed, hub: hub, clock: clock, counts: make(chan struct{}, countsAtOnce)}
}

// OpenLive is what a reader wants to be told of.
type OpenLive struct {
	Types []string // none: those that ListFeed has when it is asked for none
	Since string   // the id of the last event that the reader has; empty for none
}

// Open opens a stream, which the caller must close. missed is true if not all is known that has happened since. Then the reader reads the feed
// anew.
func (s *Live) Open(ctx context.Context, in OpenLive) (stream *Stream, missed bool, err error) {
	rc := reqctx.From(ctx)
	by := rc.Actor()
	types, err := domain.ParseTypes(in.Types)
	if err != nil {
		return nil, false, err
	}
	if _, err := s.sight.Of(ctx, by); err != nil {
		return nil, false, err
	}
	subscription, _, err := s.readers.Subscription(ctx, by.User)
	if err != nil {
		return nil, false, err
	}
	since, valid := domain.ParsePosition(in.Since)
	stream = newStream(by, rc.Flags.SystemAdmin, types, subscription.Scopes)
	replay, known, err := s.hub.join(stream, since, valid)
	if err != nil {
		return nil, false, err
	}
	if len(replay) > 0 {
		s.hub.tell(by.Tenant, replay, []*Stream{stream})
	}
	return stream, in.Since != "" && (!valid || !known), nil
}

// Close closes a stream.
func (s *Live) Close(stream *Stream) { s.hub.leave(stream) }

// Now is the time that events of streams carry.
func (s *Live) Now() time.Time { return s.clock.Now() }

// Unread is a count of unread items that goes on with notices, so that not every arrival costs every reader a query.
type Unread struct {
	Count  int
	lastID int64     // of the items that are counted
	readTo time.Time // zero: the reader has never read, and nothing is unread
}

// Add counts an item that has arrived, and reports whether the count is another one.
func (u *Unread) Add(n Notice) bool {
	counts := n.Created && !n.Own && n.Type.Default() && n.ItemID > u.lastID && !u.readTo.IsZero() && n.OccurredAt.After(u.readTo) && u.Count < domain.MaxUnread
	if counts {
		u.Count++
	}
	return counts
}

// Unread counts the unread items of a reader. It waits while many others count.
func (s *Live) Unread(ctx context.Context, by authz.Actor) (u Unread, err error) {
	select {
	case s.counts <- struct{}{}:
		defer func() { <-s.counts }()
	case <-ctx.Done():
		return u, ctx.Err()
	}
	if u.readTo, err = s.readers.ReadTo(ctx, by.User); err != nil {
		return u, err
	}
	if u.lastID, err = s.feed.items.LastID(ctx); err != nil {
		return u, err
	}
	u.Count, err = s.feed.Unread(ctx, by)
	return u, err
}
