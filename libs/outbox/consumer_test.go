package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// system is a service that publishes and one that consumes, each with its own database, and the broker between them.
type system struct {
	t         *testing.T
	broker    *testkit.Broker
	js        jetstream.JetStream
	from, to  *pg.DB
	toConfig  pg.Config
	publisher *outbox.Publisher
	dead      *outbox.DeadLetters
}

func newSystem(t *testing.T) *system {
	s := &system{t: t, broker: testkit.NATSServer(t), from: testkit.DB(t), toConfig: testkit.Postgres(t)}
	s.to = testkit.OpenDB(t, s.toConfig)
	nc, js := connect(t, s.broker.URL)
	s.js = js
	var err error
	s.dead, err = outbox.NewDeadLetters(nc)
	require.NoError(t, err)
	s.publisher = outbox.NewPublisher(s.from, "voting")
	start(t, outbox.NewRelay(s.publisher, relayConfig(s.broker.URL)).Run)
	return s
}

func (s *system) publish(subject string, n int) {
	s.t.Helper()
	publish(s.t, s.from, s.publisher, subject, n)
}

func (s *system) consume(name string, handler outbox.Handler) (stop func()) {
	return start(s.t, outbox.NewConsumer(s.to, outbox.ConsumerConfig{
		NATSURL: s.broker.URL, Name: name, Types: []string{"voting.>"}, Logger: quiet,
		MaxAttempts: 3, Retry: []time.Duration{time.Millisecond},
	}, handler).Run)
}

// seen records the events of a handler, in order.
type seen struct {
	mu sync.Mutex
	ns []int
}

func (s *seen) add(e event.Event) {
	var v vote
	if err := e.DataAs(&v); err != nil {
		panic(err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ns = append(s.ns, v.N)
}

func (s *seen) all() []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.ns)
}

func (s *seen) await(t testing.TB, want ...int) {
	t.Helper()
	require.Eventually(t, func() bool { return len(s.all()) >= len(want) }, patience, tick, "waiting for %v", want)
	require.Equal(t, want, s.all())
}

func TestConsumerHandlesInOrderAndContext(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var got seen
	contexts := make(chan reqctx.Context, 10)
	s.consume("activity", func(ctx context.Context, e event.Event) error {
		if !s.to.InTx(ctx) {
			return errors.New("no transaction")
		}
		got.add(e)
		contexts <- reqctx.From(ctx)
		return nil
	})
	for n := range 10 {
		s.publish(subject(n%3), n)
	}
	got.await(t, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)
	require.Equal(t, reqctx.Context{
		RequestID: "req-1", TenantID: aef, UserID: actor, Caller: "voting", Operation: "voting.vote.cast",
	}, <-contexts)
}

// The second message has no message id, so the stream keeps it. The inbox drops it.
func TestARepeatedEventIsHandledOnce(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.publish(subject(0), 0)
	first := awaitStored(t, s.js, 1)[0]
	again, err := first.MarshalJSON()
	require.NoError(t, err)
	m := nats.NewMsg("updspace." + first.Type())
	m.Data = again
	_, err = s.js.PublishMsg(context.Background(), m)
	require.NoError(t, err)
	s.publish(subject(0), 1)
	awaitStored(t, s.js, 3)

	var got seen
	s.consume("activity", func(_ context.Context, e event.Event) error { got.add(e); return nil })
	got.await(t, 0, 1)
}

func TestConsumersAreIndependent(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var one, two seen
	s.consume("activity", func(_ context.Context, e event.Event) error { one.add(e); return nil })
	s.consume("gamification", func(_ context.Context, e event.Event) error { two.add(e); return nil })
	s.publish(subject(0), 0)
	one.await(t, 0)
	two.await(t, 0)
}

func TestTwoInstancesHandleEachEventOnceAndInOrder(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var got seen
	handler := func(_ context.Context, e event.Event) error { got.add(e); return nil }
	s.consume("activity", handler)
	s.consume("activity", handler)
	var want []int
	for n := range 30 {
		s.publish(subject(0), n)
		want = append(want, n)
	}
	got.await(t, want...)
}

func TestConsumerFailureRollsBackAndKeepsTheOrder(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var got seen
	failures := 2
	s.consume("activity", func(ctx context.Context, e event.Event) error {
		var v vote
		if err := e.DataAs(&v); err != nil {
			return err
		}
		note := &note{Consumer: "note", EventID: fmt.Sprintf("%d", v.N)} // any table does
		if _, err := s.to.Conn(ctx).NewInsert().Model(note).Exec(ctx); err != nil {
			return pg.Error(err) // a repeat finds the row if the failure left it
		}
		if v.N == 1 && failures > 0 {
			failures--
			return errors.New("not now")
		}
		got.add(e)
		return nil
	})
	for n := range 4 {
		s.publish(subject(0), n)
	}
	got.await(t, 0, 1, 2, 3)
	require.Zero(t, failures)
}

type note struct {
	bun.BaseModel `bun:"table:inbox"`
	Consumer      string `bun:"consumer"`
	EventID       string `bun:"event_id"`
}

func TestPoisonBecomesADeadLetterThatIsListedAndReplayed(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"fails every time": func() error { return errors.New("no such poll") },
		"panics":           func() error { panic("no such poll") },
		"says so":          func() error { return outbox.Poison(errors.New("no such poll")) },
	} {
		t.Run(name, func(t *testing.T) {
			s := newSystem(t)
			ctx := context.Background()
			var got, other seen
			var healed sync.Map
			s.consume("activity", func(_ context.Context, e event.Event) error {
				var v vote
				if err := e.DataAs(&v); err != nil {
					return err
				}
				if _, ok := healed.Load("yes"); v.N == 0 && !ok {
					return fail()
				}
				got.add(e)
				return nil
			})
			s.consume("gamification", func(_ context.Context, e event.Event) error { other.add(e); return nil })
			s.publish(subject(0), 0)
			s.publish(subject(0), 1)
			got.await(t, 1) // life goes on behind it
			other.await(t, 0, 1)

			letters, err := s.dead.List(ctx, 0, 10)
			require.NoError(t, err)
			require.Len(t, letters, 1)
			l := letters[0]
			require.Equal(t, "activity", l.Consumer)
			require.Contains(t, l.Reason, "no such poll")
			require.Equal(t, "voting.vote.cast", l.Event.Type())
			require.Equal(t, subject(0), l.Event.Subject())
			if name == "says so" {
				require.Equal(t, 1, l.Attempts)
			} else {
				require.Equal(t, 3, l.Attempts)
			}

			healed.Store("yes", true)
			require.NoError(t, s.dead.Replay(ctx, l.Seq))
			got.await(t, 1, 0)
			s.publish(subject(0), 2)
			got.await(t, 1, 0, 2)
			other.await(t, 0, 1, 2) // the replay was not for this one

			letters, err = s.dead.List(ctx, 0, 10)
			require.NoError(t, err)
			require.Empty(t, letters)
			require.ErrorIs(t, s.dead.Replay(ctx, l.Seq), outbox.ErrNoDeadLetter)
			require.ErrorIs(t, s.dead.Drop(ctx, l.Seq), outbox.ErrNoDeadLetter)
		})
	}
}

func TestAMessageThatIsNoEventBecomesADeadLetter(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	s.publish(subject(0), 0)
	awaitStored(t, s.js, 1)
	_, err := s.js.Publish(context.Background(), "updspace.voting.vote.cast", []byte("{"))
	require.NoError(t, err)
	s.publish(subject(0), 1)

	var got seen
	s.consume("activity", func(_ context.Context, e event.Event) error { got.add(e); return nil })
	got.await(t, 0, 1)
	letters, err := s.dead.List(context.Background(), 0, 10)
	require.NoError(t, err)
	require.Len(t, letters, 1)
	require.Equal(t, "{", string(letters[0].Raw))
	require.NoError(t, s.dead.Drop(context.Background(), letters[0].Seq))
}

// A dependency fails more often than attempts are allowed; the event is handled in the end and is no dead letter.
func TestAnUnavailableDependencyDoesNotCountAsAttempt(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var got seen
	failures := 4
	s.consume("activity", func(_ context.Context, e event.Event) error {
		if failures > 0 {
			failures--
			return errs.Unavailablef("the directory is away")
		}
		got.add(e)
		return nil
	})
	s.publish(subject(0), 0)
	got.await(t, 0)
	letters, err := s.dead.List(context.Background(), 0, 1)
	require.NoError(t, err)
	require.Empty(t, letters)
}

func TestAConsumerReconnectsToBrokerAndDatabase(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	var got seen // what was committed: a transaction that the lost connection ends is repeated
	s.consume("activity", func(ctx context.Context, e event.Event) error {
		s.to.AfterCommit(ctx, func() { got.add(e) })
		return nil
	})
	s.publish(subject(0), 0)
	got.await(t, 0)

	testkit.Disconnect(t, s.toConfig)
	s.publish(subject(0), 1)
	got.await(t, 0, 1)

	s.broker.Stop()
	s.publish(subject(0), 2)
	s.broker.Start()
	got.await(t, 0, 1, 2)
}

func TestATenantThatIsNoUUIDIsPoison(t *testing.T) {
	t.Parallel()
	s := newSystem(t)
	e := event.New()
	e.SetID(uuid.NewString())
	e.SetSource("voting")
	e.SetType("voting.vote.cast")
	e.SetExtension(outbox.ExtTenant, "aef")
	text, err := e.MarshalJSON()
	require.NoError(t, err)
	s.publish(subject(0), 0)
	awaitStored(t, s.js, 1)
	_, err = s.js.Publish(context.Background(), "updspace.voting.vote.cast", text)
	require.NoError(t, err)
	s.publish(subject(0), 1)
	var got seen
	s.consume("activity", func(_ context.Context, e event.Event) error { got.add(e); return nil })
	got.await(t, 0, 1)
	letters, err := s.dead.List(context.Background(), 0, 10)
	require.NoError(t, err)
	require.Len(t, letters, 1)
	require.Contains(t, letters[0].Reason, "tenantid")
}
