package servicefx

import (
	"bytes"
	"context"
	"errors"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// An operator sees what could not be handled, and has it handled once it can be.
func TestOperatorsWorkThroughDeadLetters(t *testing.T) {
	url, db := testkit.NATS(t), testkit.DB(t)
	t.Setenv("NATS_URL", url)
	publisher := outbox.NewPublisher(db, "voting")
	handled := make(chan string, 10)
	broken := make(chan struct{}) // until it is closed
	background(t, outbox.NewRelay(publisher, outbox.RelayConfig{NATSURL: url}).Run)
	background(t, outbox.NewConsumer(db, outbox.ConsumerConfig{NATSURL: url, Name: "activity", Types: []string{"voting.>"}},
		func(_ context.Context, e event.Event) error {
			select {
			case <-broken:
				handled <- e.Subject()
				return nil
			default:
				return outbox.Poison(errors.New("no such poll"))
			}
		}).Run)
	rc := reqctx.Context{RequestID: "r", TenantID: uuid.New(), UserID: uuid.New()}
	for _, subject := range []string{"poll/a", "poll/b", "poll/c"} {
		require.NoError(t, db.Do(reqctx.With(t.Context(), rc), func(ctx context.Context) error {
			return publisher.Publish(ctx, outbox.Event{Type: "voting.vote.cast", Subject: subject, Data: map[string]int{"n": 42}})
		}))
	}
	run := func(args ...string) (string, error) {
		var out bytes.Buffer
		err := deadLetters(t.Context(), "voting", args, &out)
		return out.String(), err
	}
	fine := func(args ...string) string {
		t.Helper()
		out, err := run(args...)
		require.NoError(t, err)
		return out
	}
	require.Eventually(t, func() bool { // the stream is not there at once either
		out, err := run("list")
		return err == nil && bytes.Count([]byte(out), []byte("\n")) == 4
	}, 30*time.Second, 20*time.Millisecond)
	require.Regexp(t, `\n1 +\S+Z +activity +1 +voting\.vote\.cast +poll/a +.*no such poll`, fine("list"))
	require.Contains(t, fine("show", "2"), `"n": 42`)

	close(broken)
	fine("replay", "1", "3")
	require.ElementsMatch(t, []string{"poll/a", "poll/c"}, []string{<-handled, <-handled})
	fine("drop", "2")
	require.Equal(t, 1, bytes.Count([]byte(fine("list")), []byte("\n")), "only the head is left")

	for _, wrong := range [][]string{{}, {"bury"}, {"replay"}, {"replay", "all"}, {"show", "1"}, {"replay", "1"}, {"drop", "1"}} {
		_, err := run(wrong...)
		require.Error(t, err, "%v", wrong)
	}
	t.Setenv("NATS_URL", "")
	_, err := run("list")
	require.ErrorContains(t, err, "NATS_URL")
}

// background runs something for the length of the test.
func background(t *testing.T, run func(context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	t.Cleanup(func() { cancel(); require.NoError(t, <-done) })
}
