package outbox_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

func TestMain(m *testing.M) { testkit.Main(m) }

// patience is the limit of every wait. Only a defect reaches it.
const (
	patience = 30 * time.Second
	tick     = 5 * time.Millisecond
)

var (
	aef   = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	actor = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	quiet = slog.New(slog.DiscardHandler)
)

func request() context.Context {
	return reqctx.With(context.Background(), reqctx.Context{RequestID: "req-1", TenantID: aef, UserID: actor})
}

type vote struct {
	N int `json:"n"`
}

// publish commits one event.
func publish(t testing.TB, db *pg.DB, p *outbox.Publisher, subject string, n int) {
	t.Helper()
	require.NoError(t, db.Do(request(), func(ctx context.Context) error {
		return p.Publish(ctx, outbox.Event{Type: "voting.vote.cast", Subject: subject, Data: vote{N: n}})
	}))
}

// start runs something until the test ends or the returned function is called.
func start(t testing.TB, run func(context.Context) error) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		if err := run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	}()
	stop = func() { cancel(); <-done }
	t.Cleanup(stop)
	return stop
}

// relayConfig never polls, so only notifications make it relay.
func relayConfig(url string) outbox.RelayConfig {
	return outbox.RelayConfig{NATSURL: url, Logger: quiet, Poll: time.Hour}
}

func connect(t testing.TB, url string) (*nats.Conn, jetstream.JetStream) {
	t.Helper()
	nc, err := outbox.Connect(url, "test", quiet)
	require.NoError(t, err)
	t.Cleanup(nc.Close)
	js, err := jetstream.New(nc)
	require.NoError(t, err)
	return nc, js
}

// stored returns the events of the stream, in its order.
func stored(ctx context.Context, js jetstream.JetStream) ([]event.Event, error) {
	stream, err := js.Stream(ctx, outbox.StreamEvents)
	if err != nil {
		return nil, err
	}
	info, err := stream.Info(ctx)
	if err != nil {
		return nil, err
	}
	var events []event.Event
	for seq := max(info.State.FirstSeq, 1); seq <= info.State.LastSeq; seq++ {
		m, err := stream.GetMsg(ctx, seq)
		if err != nil {
			return nil, err
		}
		var e event.Event
		if err := json.Unmarshal(m.Data, &e); err != nil {
			return nil, err
		}
		events = append(events, e)
	}
	return events, nil
}

// awaitStored waits until the stream holds n events and returns them.
func awaitStored(t testing.TB, js jetstream.JetStream, n int) []event.Event {
	t.Helper()
	var events []event.Event
	require.Eventually(t, func() bool {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		defer cancel()
		stream, err := js.Stream(ctx, outbox.StreamEvents)
		if err != nil || int(stream.CachedInfo().State.Msgs) < n {
			return false
		}
		events, err = stored(ctx, js)
		return err == nil && len(events) >= n
	}, patience, tick)
	return events
}

// awaitDrained waits until every event is published.
func awaitDrained(t testing.TB, db *pg.DB) {
	t.Helper()
	require.Eventually(t, func() bool { return unpublished(t, db) == 0 }, patience, tick)
}

func unpublished(t testing.TB, db *pg.DB) int {
	t.Helper()
	var n int
	require.NoError(t, db.Do(pg.AcrossTenants(context.Background(), "test"), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT count(*) FROM outbox WHERE published_at IS NULL").Scan(ctx, &n)
	}))
	return n
}

// requireExactlyOnce requires that the events of each subject are stored once and in order.
func requireExactlyOnce(t testing.TB, events []event.Event, subjects, each int) {
	t.Helper()
	require.Len(t, events, subjects*each)
	next := map[string]int{}
	for _, e := range events {
		var v vote
		require.NoError(t, e.DataAs(&v))
		require.Equal(t, next[e.Subject()], v.N, "order of %s", e.Subject())
		next[e.Subject()]++
	}
	require.Len(t, next, subjects)
}

func subject(i int) string { return fmt.Sprintf("poll/%d", i) }
