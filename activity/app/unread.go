package app

import (
	"context"
	"time"

	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
)

// Unread counts the items of the caller's feed that are newer than what the caller has read, without the caller's own.
func (s *Feed) Unread(ctx context.Context, by authz.Actor) (int, error) {
	viewer, err := s.sight.Of(ctx, by)
	if err != nil {
		return 0, err
	}
	read, err := s.readers.ReadTo(ctx, by.User)
	if err != nil || read.IsZero() { // never: everything would be unread
		return 0, err
	}
	scopes, err := s.subscribed(ctx, by.User)
	if err != nil {
		return 0, err
	}
	filter := domain.Filter{Types: domain.DefaultTypes(), After: read, Scopes: scopes, NotBy: by.User}
	return s.items.Count(ctx, viewer, filter, domain.MaxUnread)
}

// AwaitUnread waits for the count to differ from the one that the caller knows.
type AwaitUnread struct {
	Known *int // nil: none
	For   time.Duration
}

// Awaited is the count after waiting.
type Awaited struct {
	Count   int
	Changed bool
	Waited  time.Duration
	At      time.Time
}

// between bounds how often one who waits counts again while many items arrive.
const between = 250 * time.Millisecond

// AwaitUnread returns the count of unread items as soon as it differs from the known one, or when the time is over. It waits for
// signals of arrivals and does not poll. Rights are asked for at each count.
func (s *Feed) AwaitUnread(ctx context.Context, by authz.Actor, in AwaitUnread) (Awaited, error) {
	changed, stop := s.arrivals.Watch(by.Tenant)
	defer stop()
	begin := time.Now()
	over := time.NewTimer(in.For)
	defer over.Stop()
	for {
		count, err := s.Unread(ctx, by)
		result := Awaited{Count: count, Changed: in.Known == nil || *in.Known != count, Waited: time.Since(begin), At: s.clock.Now()}
		if err != nil || result.Changed {
			return result, err
		}
		pause := time.After(between)
		select {
		case <-ctx.Done():
			return Awaited{}, ctx.Err()
		case <-over.C:
			result.Waited = time.Since(begin)
			return result, nil
		case _, running := <-changed:
			if !running {
				return result, nil
			}
		}
		select {
		case <-ctx.Done():
			return Awaited{}, ctx.Err()
		case <-over.C:
			over.Reset(0)
		case <-pause:
		}
	}
}

// MarkRead marks everything up to now as read.
func (s *Feed) MarkRead(ctx context.Context, by authz.Actor) error {
	if _, err := s.sight.Of(ctx, by); err != nil {
		return err
	}
	return s.tx.Do(ctx, func(ctx context.Context) error { return s.readers.MarkRead(ctx, by.User, s.clock.Now()) })
}
