package outbox_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

func (s *system) consumeBatches(handler outbox.BatchHandler) (stop func()) {
	return s.consumeBatchesMeasured(nil, handler)
}

func (s *system) consumeBatchesMeasured(metrics prometheus.Registerer, handler outbox.BatchHandler) (stop func()) {
	return start(s.t, outbox.NewBatchConsumer(s.to, outbox.ConsumerConfig{
		NATSURL: s.broker.URL, Name: "gamification", Types: []string{"voting.>"}, Logger: quiet, Metrics: metrics,
		MaxAttempts: 3, Retry: []time.Duration{time.Millisecond},
	}, handler).Run)
}

// batches records the sizes of batches and, once a batch was handled, its events.
type batches struct {
	mu    sync.Mutex
	sizes []int
}

func (b *batches) add(n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.sizes = append(b.sizes, n)
}

func TestEventsThatWaitAreHandledTogetherAndOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var want []int
	for n := range 40 {
		s.publish(subject(n%3), n)
		want = append(want, n)
	}
	stored := awaitStored(t, s.js, 40)
	again, err := stored[0].MarshalJSON()
	require.NoError(t, err)
	m := nats.NewMsg("updspace." + stored[0].Type())
	m.Data = again
	_, err = s.js.PublishMsg(t.Context(), m)
	require.NoError(t, err)

	var got seen
	var sizes batches
	handler := func(ctx context.Context, events []event.Event) error {
		if !s.to.InTx(ctx) || reqctx.From(ctx).TenantID != aef {
			return errors.New("no transaction of the tenant")
		}
		sizes.add(len(events))
		for _, e := range events {
			got.add(e)
		}
		return nil
	}
	s.consumeBatches(handler)
	s.consumeBatches(handler)
	require.Eventually(t, func() bool { return len(got.all()) >= len(want) }, patience, tick)
	require.ElementsMatch(t, want, got.all())
	require.Less(t, len(sizes.sizes), 40, "some came together: %v", sizes.sizes)
}

func TestOfABatchThatFailsEachEventIsHandledByItself(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for n := range 10 {
		s.publish(subject(0), n)
	}
	awaitStored(t, s.js, 10)
	var got seen
	s.consumeBatches(func(_ context.Context, events []event.Event) error {
		for _, e := range events {
			var v vote
			if err := e.DataAs(&v); err != nil {
				return err
			}
			if v.N == 3 {
				return errors.New("no such poll")
			}
		}
		for _, e := range events { // what follows cannot fail but for the transaction
			got.add(e)
		}
		return nil
	})
	require.Eventually(t, func() bool { return len(got.all()) == 9 }, patience, tick)
	require.ElementsMatch(t, []int{0, 1, 2, 4, 5, 6, 7, 8, 9}, got.all())
	require.Eventually(t, func() bool {
		dead, err := s.dead.List(context.Background(), 0, 10)
		require.NoError(t, err)
		return len(dead) == 1
	}, patience, tick)
}

// Every outcome is a series before it happens, and the delay of an event is counted when what it caused is stored.
func TestTheDelayOfEventsIsMeasured(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	metrics := prometheus.NewRegistry()
	measured := func() (outcomes, delays int) {
		families, err := metrics.Gather()
		require.NoError(t, err)
		for _, f := range families {
			switch f.GetName() {
			case "updspace_consumer_events_total":
				outcomes = len(f.GetMetric())
			case "updspace_consumer_delay_seconds":
				h := f.GetMetric()[0].GetHistogram()
				require.GreaterOrEqual(t, h.GetSampleSum(), 0.0)
				delays = int(h.GetSampleCount()) //nolint:gosec // a small number
			}
		}
		return outcomes, delays
	}
	s.consumeBatchesMeasured(metrics, func(context.Context, []event.Event) error { return nil })
	outcomes, delays := measured()
	require.Equal(t, 4, outcomes)
	require.Zero(t, delays)
	for n := range 3 {
		s.publish(subject(n), n)
	}
	require.Eventually(t, func() bool { _, delays := measured(); return delays == 3 }, patience, tick)
}

func TestABatchIsOfOneTenant(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	other := uuid.New()
	for n := range 20 {
		tenant := aef
		if n%2 == 1 {
			tenant = other
		}
		ctx := reqctx.With(t.Context(), reqctx.Context{RequestID: "req-1", TenantID: tenant})
		require.NoError(t, s.from.Do(ctx, func(ctx context.Context) error {
			return s.publisher.Publish(ctx, outbox.Event{Type: "voting.vote.cast", Subject: subject(0), Data: vote{N: n}})
		}))
	}
	awaitStored(t, s.js, 20)
	var got seen
	s.consumeBatches(func(ctx context.Context, events []event.Event) error {
		for _, e := range events {
			if e.Extensions()[outbox.ExtTenant] != reqctx.From(ctx).TenantID.String() {
				return outbox.Poison(errors.New("of another tenant"))
			}
		}
		for _, e := range events {
			got.add(e)
		}
		return nil
	})
	require.Eventually(t, func() bool { return len(got.all()) == 20 }, patience, tick)
}

func TestABatchWaitsForTheDatabase(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	for n := range 5 {
		s.publish(subject(0), n)
	}
	awaitStored(t, s.js, 5)
	var got seen
	var mu sync.Mutex
	failures := 6
	s.consumeBatches(func(_ context.Context, events []event.Event) error {
		mu.Lock()
		defer mu.Unlock()
		if failures--; failures > 0 {
			return errs.Unavailablef("the directory is away")
		}
		for _, e := range events {
			got.add(e)
		}
		return nil
	})
	require.Eventually(t, func() bool { return len(got.all()) == 5 }, patience, tick)
	dead, err := s.dead.List(context.Background(), 0, 10)
	require.NoError(t, err)
	require.Empty(t, dead)
}
