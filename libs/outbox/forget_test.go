package outbox_test

import (
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/tools/devkit/testkit"
)

// What names a user is deleted from both streams; the rest stays.
func TestForget(t *testing.T) {
	t.Parallel()
	nc, err := nats.Connect(testkit.NATS(t))
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	n, err := outbox.Forget(t.Context(), js, "anna")
	require.NoError(t, err, "without streams")
	require.Zero(t, n)
	require.NoError(t, outbox.EnsureStreams(t.Context(), js))
	n, err = outbox.Forget(t.Context(), js, "anna")
	require.NoError(t, err, "without messages")
	require.Zero(t, n)
	for subject, text := range map[string]string{"updspace.a": "about Anna", "updspace.b": "about bob", "updspace-dead.c": "anna, dead"} {
		_, err := js.Publish(t.Context(), subject, []byte(text))
		require.NoError(t, err)
	}
	_, err = js.PublishMsg(t.Context(), &nats.Msg{Subject: "updspace-dead.c", Data: []byte("x"), Header: nats.Header{"Error": {"anna is gone"}}})
	require.NoError(t, err)
	reader, err := js.CreateConsumer(t.Context(), outbox.StreamEvents, jetstream.ConsumerConfig{
		Durable: "feed", FilterSubject: "updspace.a", AckPolicy: jetstream.AckExplicitPolicy,
	})
	require.NoError(t, err)
	n, err = outbox.Forget(t.Context(), js, "anna")
	require.ErrorIs(t, err, outbox.ErrUnread)
	require.Zero(t, n, "the feed would miss it")
	m, err := reader.Next()
	require.NoError(t, err)
	_, err = outbox.Forget(t.Context(), js, "anna")
	require.ErrorIs(t, err, outbox.ErrUnread, "it was delivered, not handled")
	require.NoError(t, m.DoubleAck(t.Context()))
	for _, want := range []int{3, 0} {
		n, err = outbox.Forget(t.Context(), js, "anna")
		require.NoError(t, err)
		require.Equal(t, want, n)
	}
	for name, left := range map[string]uint64{outbox.StreamEvents: 1, outbox.StreamDead: 0} {
		stream, err := js.Stream(t.Context(), name)
		require.NoError(t, err)
		require.Equal(t, left, stream.CachedInfo().State.Msgs, name)
	}
}
