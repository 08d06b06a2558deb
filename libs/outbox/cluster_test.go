package outbox_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
)

// electionPatience is the limit of waiting for a cluster that elects leaders, which takes tens of seconds on a busy machine.
const electionPatience = 4 * patience

// In a cluster of three servers each dies once while events are published: each event is stored and handled once, in order.
func TestAClusterLosesEachServerOnce(t *testing.T) {
	db := testkit.DB(t)
	cluster := testkit.NATSCluster(t)
	p := outbox.NewPublisher(db, "voting")
	start(t, outbox.NewRelay(p, relayConfig(cluster.URL)).Run)
	var handled seen
	start(t, outbox.NewConsumer(testkit.DB(t), outbox.ConsumerConfig{
		NATSURL: cluster.URL, Name: "access", Types: []string{"voting.>"}, Logger: quiet, Retry: []time.Duration{time.Millisecond},
	}, func(_ context.Context, e event.Event) error {
		handled.add(e)
		return nil
	}).Run)

	written := 0
	write := func() {
		for range 50 {
			publish(t, db, p, subject(0), written)
			written++
		}
	}
	drained := func() bool { return unpublished(t, db) == 0 }
	for i := range 3 {
		write() // the relay is still sending these when the server dies
		cluster.Kill(i)
		write()
		require.Eventually(t, drained, electionPatience, tick, "two servers of three store events")
		cluster.Start(i)
		cluster.Await()
	}
	_, js := connect(t, cluster.URL)
	requireExactlyOnce(t, awaitStored(t, js, written), 1, written)
	require.Eventually(t, func() bool { return len(handled.all()) == written }, electionPatience, tick)
	require.True(t, slices.IsSorted(handled.all()))
	stream, err := js.Stream(t.Context(), outbox.StreamEvents)
	require.NoError(t, err)
	require.Equal(t, 3, stream.CachedInfo().Config.Replicas)
}
