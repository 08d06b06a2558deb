package suites

import (
	"context"
	"errors"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// EventsPort is an implementation of the port through which a service publishes its events, with what the suite needs
// beside it.
type EventsPort[E any] struct {
	Do      func(ctx context.Context, fn func(ctx context.Context) error) error
	Publish func(ctx context.Context, events ...E) error
	// New returns a new event and its subject, which no other event has.
	New func(t testing.TB) (E, string)
	// Published returns the subjects of the events of committed transactions, in their order.
	Published func(t testing.TB) []string
}

// Events tests an implementation of the port that publishes events. open returns one without events.
func Events[E any](t *testing.T, open func(t *testing.T) EventsPort[E]) {
	ctx := reqctx.With(context.Background(), reqctx.Context{RequestID: "req-1", TenantID: uuid.New(), UserID: uuid.New()})

	t.Run("events of a committed transaction are published in their order", func(t *testing.T) {
		p := open(t)
		require.Empty(t, p.Published(t))
		var want []string
		for range 2 {
			var events []E
			for range 3 {
				event, subject := p.New(t)
				events, want = append(events, event), append(want, subject)
			}
			require.NoError(t, p.Do(ctx, func(ctx context.Context) error {
				require.NoError(t, p.Publish(ctx, events[0], events[1]))
				return p.Publish(ctx, events[2])
			}))
		}
		require.Equal(t, want, p.Published(t))
	})

	t.Run("events of a failed transaction are not published", func(t *testing.T) {
		p := open(t)
		failure := errors.New("failure")
		event, _ := p.New(t)
		require.ErrorIs(t, p.Do(ctx, func(ctx context.Context) error {
			require.NoError(t, p.Publish(ctx, event))
			return failure
		}), failure)
		require.Panics(t, func() {
			_ = p.Do(ctx, func(ctx context.Context) error {
				require.NoError(t, p.Publish(ctx, event))
				panic("failure")
			})
		})
		require.Empty(t, p.Published(t))
	})

	t.Run("events outside of a transaction are refused", func(t *testing.T) {
		p := open(t)
		event, _ := p.New(t)
		require.Equal(t, errs.Internal, errs.KindOf(p.Publish(ctx, event)))
		require.Empty(t, p.Published(t))
		require.NoError(t, p.Publish(ctx), "no event needs no transaction")
	})
}
