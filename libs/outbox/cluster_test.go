package outbox_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
)

// In a cluster of three servers each dies once while events are published: each event is stored and handled once, in order.
func TestAClusterLosesEachServerOnce(t *testing.T) {
	db := testkit.DB(t)
	cluster := testkit.NATSCluster(t)
	p := outbox.NewPublisher(db, "voting")
	relay := outbox.NewRelay(p, relayConfig(cluster.URL))
	batches := make(chan struct{}, 1)
	relay.BeforeMark(func() {
		select {
		case batches <- struct{}{}:
		default:
		}
	})
	start(t, relay.Run)
	var handled seen
	start(t, outbox.NewConsumer(testkit.DB(t), outbox.ConsumerConfig{
		NATSURL: cluster.URL, Name: "access", Types: []string{"voting.>"}, Logger: quiet, Retry: []time.Duration{time.Millisecond},
	}, func(_ context.Context, e event.Event) error {
		handled.add(e)
		return nil
	}).Run)

	var over atomic.Bool
	written := make(chan int)
	go func() {
		n := 0
		for ; !over.Load(); n++ {
			publish(t, db, p, subject(0), n)
		}
		written <- n
	}()
	for i := range 3 {
		<-batches
		cluster.Kill(i)
		<-batches
		cluster.Start(i)
		cluster.Await()
	}
	over.Store(true)
	each := <-written
	require.Eventually(t, func() bool { return unpublished(t, db) == 0 }, time.Minute, tick)
	_, js := connect(t, cluster.URL)
	requireExactlyOnce(t, awaitStored(t, js, each), 1, each)
	require.Eventually(t, func() bool { return len(handled.all()) == each }, time.Minute, tick)
	require.True(t, slices.IsSorted(handled.all()))
	stream, err := js.Stream(t.Context(), outbox.StreamEvents)
	require.NoError(t, err)
	require.Equal(t, 3, stream.CachedInfo().Config.Replicas)
}
