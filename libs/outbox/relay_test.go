package outbox_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
)

func TestACommitWakesTheRelay(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	url := testkit.NATS(t)
	_, js := connect(t, url)
	p := outbox.NewPublisher(db, "voting")
	start(t, outbox.NewRelay(p, relayConfig(url)).Run)

	for n := range 20 { // each one waits for nothing but its own commit
		publish(t, db, p, subject(0), n)
		awaitStored(t, js, n+1)
	}
	requireExactlyOnce(t, awaitStored(t, js, 20), 1, 20)
	awaitDrained(t, db)
}

func TestARelayPublishesEventsThatWereWaiting(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	p := outbox.NewPublisher(db, "voting")
	for n := range 120 {
		for s := range 5 {
			publish(t, db, p, subject(s), n)
		}
	}
	url := testkit.NATS(t)
	_, js := connect(t, url)
	start(t, outbox.NewRelay(p, relayConfig(url)).Run)
	requireExactlyOnce(t, awaitStored(t, js, 600), 5, 120)
	awaitDrained(t, db)
}

// The events are published through a process that is not the leader.
func TestEventsThatWaitAreSentAsAWhole(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	broker := testkit.NATSServer(t)
	_, js := connect(t, broker.URL)
	p := outbox.NewPublisher(db, "voting")
	for n := range 5 {
		publish(t, db, p, subject(n%2), n)
	}
	start(t, outbox.NewRelay(p, relayConfig(broker.URL)).Run)
	awaitDrained(t, db)
	stream, err := js.Stream(t.Context(), outbox.StreamEvents)
	require.NoError(t, err)
	batches := map[string]int{}
	for seq := range uint64(5) {
		m, err := stream.GetMsg(t.Context(), seq+1)
		require.NoError(t, err)
		batches[m.Header.Get("Nats-Batch-Id")]++
	}
	require.Len(t, batches, 1)
	require.NotContains(t, batches, "")
}

func TestAFollowerNotifiesTheLeader(t *testing.T) {
	t.Parallel()
	cfg := testkit.Postgres(t)
	url := testkit.NATS(t)
	_, js := connect(t, url)
	db := testkit.OpenDB(t, cfg)
	first, second := outbox.NewPublisher(db, "voting"), outbox.NewPublisher(db, "voting")

	start(t, outbox.NewRelay(first, relayConfig(url)).Run)
	publish(t, db, first, subject(0), 0)
	awaitStored(t, js, 1) // the first one leads
	start(t, outbox.NewRelay(second, relayConfig(url)).Run)
	publish(t, db, second, subject(0), 1)
	requireExactlyOnce(t, awaitStored(t, js, 2), 1, 2)
}

// The relay stops between sending and marking, as a kill would stop it. Another relay sends the same events again.
func TestARelayIsKilledBetweenSendingAndMarking(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	url := testkit.NATS(t)
	_, js := connect(t, url)
	p := outbox.NewPublisher(db, "voting")
	for n := range 40 {
		for s := range 3 {
			publish(t, db, p, subject(s), n)
		}
	}

	killed := outbox.NewRelay(p, relayConfig(url))
	killed.BeforeMark(runtime.Goexit)
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		_ = killed.Run(context.Background())
	}()
	<-gone
	awaitStored(t, js, 120)
	require.Equal(t, 120, unpublished(t, db), "nothing was remembered")

	start(t, outbox.NewRelay(p, relayConfig(url)).Run)
	awaitDrained(t, db)
	requireExactlyOnce(t, awaitStored(t, js, 120), 3, 40)
}

func TestTwoRelaysAndAChangeOfLeader(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	url := testkit.NATS(t)
	_, js := connect(t, url)
	p := outbox.NewPublisher(db, "voting")
	const relays, subjects, each = 2, 4, 50
	gauges := make([]*prometheus.Registry, relays)
	stops := make([]func(), relays)
	for i := range relays {
		gauges[i] = prometheus.NewRegistry()
		cfg := relayConfig(url)
		cfg.Metrics = gauges[i]
		stops[i] = start(t, outbox.NewRelay(p, cfg).Run)
	}
	leading := func(i int) bool {
		families, err := gauges[i].Gather()
		require.NoError(t, err)
		for _, f := range families {
			if f.GetName() == "updspace_outbox_leader" {
				return f.GetMetric()[0].GetGauge().GetValue() == 1
			}
		}
		return false
	}

	var wg sync.WaitGroup
	var published atomic.Int64
	for s := range subjects {
		wg.Go(func() {
			for n := range each {
				publish(t, db, p, subject(s), n)
				published.Add(1)
			}
		})
	}
	require.Eventually(t, func() bool { return published.Load() > subjects*each/4 }, patience, tick)
	require.Eventually(t, func() bool { return leading(0) || leading(1) }, patience, tick)
	require.False(t, leading(0) && leading(1))
	if leading(0) {
		stops[0]()
	} else {
		stops[1]()
	}
	wg.Wait()
	requireExactlyOnce(t, awaitStored(t, js, subjects*each), subjects, each)
	awaitDrained(t, db)
}

func TestEventsWaitForTheBroker(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	broker := testkit.NATSServer(t)
	_, js := connect(t, broker.URL)
	p := outbox.NewPublisher(db, "voting")
	broker.Stop()
	start(t, outbox.NewRelay(p, relayConfig(broker.URL)).Run)

	publish(t, db, p, subject(0), 0) // writes go on
	require.Equal(t, 1, unpublished(t, db))
	broker.Start()
	awaitStored(t, js, 1)

	broker.Stop()
	publish(t, db, p, subject(0), 1)
	publish(t, db, p, subject(0), 2)
	broker.Start()
	requireExactlyOnce(t, awaitStored(t, js, 3), 1, 3)
	awaitDrained(t, db)
}

// The broker stops again and again while events of several aggregates are relayed.
func TestFailuresOfTheBrokerKeepTheOrder(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	broker := testkit.NATSServer(t)
	_, js := connect(t, broker.URL)
	p := outbox.NewPublisher(db, "voting")
	relay := outbox.NewRelay(p, relayConfig(broker.URL))
	batches := make(chan struct{}, 1)
	relay.BeforeMark(func() {
		select {
		case batches <- struct{}{}:
		default:
		}
	})
	start(t, relay.Run)

	const subjects, outages = 3, 3
	var over atomic.Bool
	written := make(chan int)
	go func() { // keeps writing for as long as there are outages
		n := 0
		for ; !over.Load(); n++ {
			for s := range subjects {
				publish(t, db, p, subject(s), n)
			}
		}
		written <- n
	}()
	for range outages {
		<-batches
		broker.Stop()
		broker.Start()
	}
	over.Store(true)
	each := <-written
	awaitDrained(t, db)
	requireExactlyOnce(t, awaitStored(t, js, subjects*each), subjects, each)
}

func TestALostDatabaseSessionIsReplaced(t *testing.T) {
	t.Parallel()
	cfg := testkit.Postgres(t)
	db := testkit.OpenDB(t, cfg)
	url := testkit.NATS(t)
	_, js := connect(t, url)
	p := outbox.NewPublisher(db, "voting")
	start(t, outbox.NewRelay(p, relayConfig(url)).Run)
	publish(t, db, p, subject(0), 0)
	awaitStored(t, js, 1)

	testkit.Disconnect(t, cfg)
	publish(t, db, p, subject(0), 1)
	requireExactlyOnce(t, awaitStored(t, js, 2), 1, 2)
}

func TestRelayMetrics(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	url := testkit.NATS(t)
	_, js := connect(t, url)
	p := outbox.NewPublisher(db, "voting")
	reg := prometheus.NewRegistry()
	cfg := relayConfig(url)
	cfg.Metrics = reg
	start(t, outbox.NewRelay(p, cfg).Run)
	publish(t, db, p, subject(0), 0)
	awaitStored(t, js, 1)
	awaitDrained(t, db)
	n, err := testutil.GatherAndCount(reg)
	require.NoError(t, err)
	require.Equal(t, 5, n)
}

func TestWaitPublishedWaitsForTheBroker(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	p := outbox.NewPublisher(db, "voting")
	require.NoError(t, outbox.WaitPublished(t.Context(), db), "there are no events")
	publish(t, db, p, subject(0), 0)
	impatient, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, outbox.WaitPublished(impatient, db), context.Canceled, "no relay runs")

	url := testkit.NATS(t)
	start(t, outbox.NewRelay(p, relayConfig(url)).Run)
	require.NoError(t, outbox.WaitPublished(t.Context(), db))
	_, js := connect(t, url)
	awaitStored(t, js, 1)
}
