package outbox

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Followed is an event with its place in the stream, which is the same for every follower.
type Followed struct {
	event.Event

	Seq uint64
	At  time.Time // when the broker stored it
}

// FollowerConfig configures a follower. NATSURL, Name and Types are required.
type FollowerConfig struct {
	NATSURL string
	Name    string   // for the broker and the log
	Types   []string // event types, with wildcards as in "voting.>"
	Logger  *slog.Logger
}

// Follower passes new events to a handler, one after the other and in the order of the stream. Unlike those of a [Consumer], the events reach
// every instance, nothing is acknowledged or kept in an inbox, and what was published before Run is not passed on. It is for what instances hold in
// memory, such as open connections. When the broker was away, the events of that time follow.
type Follower struct {
	cfg     FollowerConfig
	started func(at time.Time, seq uint64)
	handle  func(ctx context.Context, e Followed)
	log     *slog.Logger
	placed  bool
	last    uint64 // sequence of the event that was passed on last
}

// NewFollower returns a follower. started is called once, before the first event, with the time of the broker and the last number of the stream: no
// later event is left out.
func NewFollower(cfg FollowerConfig, started func(at time.Time, seq uint64), handle func(ctx context.Context, e Followed)) *Follower {
	log := cmp.Or(cfg.Logger, slog.Default()).With("component", "follower", "follower", cfg.Name)
	return &Follower{cfg: cfg, started: started, handle: handle, log: log}
}

// Run follows until ctx ends. While the broker fails, it retries.
func (f *Follower) Run(ctx context.Context) error {
	nc, err := Connect(f.cfg.NATSURL, f.cfg.Name, f.log)
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	for failures := 0; ctx.Err() == nil; failures++ {
		err := f.follow(ctx, js)
		if ctx.Err() != nil {
			break
		}
		f.log.Warn("following was interrupted", "error", err)
		back := nc.StatusChanged(nats.CONNECTED)
		pause(ctx, backoff(failures), back)
		nc.RemoveStatusListener(back)
	}
	return nil
}

func (f *Follower) follow(ctx context.Context, js jetstream.JetStream) error {
	if err := EnsureStreams(ctx, js); err != nil {
		return err
	}
	setup, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	stream, err := js.Stream(setup, StreamEvents)
	if err != nil {
		return fmt.Errorf("follower: %w", err)
	}
	if !f.placed { // now, so that a failure of the next step leaves nothing out
		info := stream.CachedInfo()
		f.placed, f.last = true, info.State.LastSeq
		f.started(info.TimeStamp, f.last)
	}
	ordered, err := stream.OrderedConsumer(setup, jetstream.OrderedConsumerConfig{
		FilterSubjects: subjectsOf(f.cfg.Types), DeliverPolicy: jetstream.DeliverByStartSequencePolicy, OptStartSeq: f.last + 1,
	})
	if err != nil {
		return fmt.Errorf("follower: %w", err)
	}
	messages, err := ordered.Messages()
	if err != nil {
		return fmt.Errorf("follower: %w", err)
	}
	defer messages.Stop()
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	for {
		m, err := messages.Next()
		if err != nil {
			return fmt.Errorf("follower: %w", err)
		}
		f.pass(ctx, m)
	}
}

func (f *Follower) pass(ctx context.Context, m jetstream.Msg) {
	meta, err := m.Metadata()
	if err != nil || meta.Sequence.Stream <= f.last {
		return
	}
	f.last = meta.Sequence.Stream
	var e event.Event
	if err = json.Unmarshal(m.Data(), &e); err == nil {
		ctx, err = contextOf(ctx, e)
	}
	if err != nil {
		f.log.Error("an event cannot be read", "subject", m.Subject(), "error", err)
		return
	}
	f.handle(ctx, Followed{Event: e, Seq: meta.Sequence.Stream, At: meta.Timestamp})
}

func subjectsOf(types []string) []string {
	subjects := make([]string, len(types))
	for i, t := range types {
		subjects[i] = subjectEvents + t
	}
	return subjects
}
