package outbox

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/synadia-io/orbit.go/jetstreamext"

	"go.updspace.com/libs/pg"
)

// RelayConfig configures a relay. Only NATSURL is required.
type RelayConfig struct {
	NATSURL string
	Logger  *slog.Logger
	Metrics prometheus.Registerer
	// Poll is the interval of looking for events without a notification. It matters only when a notification is lost.
	Poll time.Duration
}

const (
	relayLock     = 0x6f75_7462_6f78 // "outbox": the advisory lock of the leader
	relayChannel  = "updspace_outbox"
	batchSize     = 256
	defaultPoll   = 2 * time.Second
	campaignPause = time.Second // time until a follower takes over
	statsPause    = 10 * time.Second
	gatherPause   = 50 * time.Millisecond
)

// Relay sends events from the outbox of one service to the broker. Run one in every instance: one of them is the leader.
type Relay struct {
	publisher *Publisher
	db        *pg.DB
	cfg       RelayConfig
	log       *slog.Logger
	metrics   *relayMetrics

	beforeMark func() // for tests: called between sending and marking
}

// NewRelay returns the relay of the events that p publishes.
func NewRelay(p *Publisher, cfg RelayConfig) *Relay {
	cfg.Poll = cmp.Or(cfg.Poll, defaultPoll)
	log := cmp.Or(cfg.Logger, slog.Default()).With("component", "outbox")
	return &Relay{
		publisher: p, db: p.db, cfg: cfg, log: log,
		metrics:    newRelayMetrics(cfg.Metrics),
		beforeMark: func() {},
	}
}

// Run relays until ctx ends. When the database or the broker fails, it retries. Without the URL of a broker it only waits,
// and events stay in the table.
func (r *Relay) Run(ctx context.Context) error {
	if r.cfg.NATSURL == "" {
		r.log.Warn("no event broker is configured; events stay in the outbox")
		<-ctx.Done()
		return nil
	}
	nc, err := Connect(r.cfg.NATSURL, r.publisher.source+" outbox", r.log)
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc, jetstream.WithPublishAsyncTimeout(ackTimeout), jetstream.WithPublishAsyncMaxPending(2*batchSize))
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}

	for failures := 0; ctx.Err() == nil; {
		err := r.serve(ctx, js)
		if ctx.Err() != nil {
			break
		}
		r.log.Warn("the relay lost its database connection", "error", err)
		failures++
		pause[struct{}](ctx, backoff(failures), nil)
	}
	return nil
}

// serve holds one database session, on which it tries to become the leader and leads. It returns when the session is lost.
func (r *Relay) serve(ctx context.Context, js jetstream.JetStream) error {
	conn, err := r.db.Dedicated(ctx)
	if err != nil {
		return err
	}
	defer func() { // ends the session, and so the leadership
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ctx)
	}()
	for {
		var leader bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(relayLock)).Scan(&leader); err != nil {
			return fmt.Errorf("trying to become the leader: %w", err)
		}
		if leader {
			return r.lead(ctx, conn, js)
		}
		if err := r.follow(ctx, conn); err != nil {
			return err
		}
	}
}

// follow notifies the leader of commits of this process, until it is time to try to become the leader again. The
// notification is sent here, after the commit and for many commits at once: NOTIFY inside transactions would serialise
// their commits.
func (r *Relay) follow(ctx context.Context, conn *pgx.Conn) error {
	campaign := time.NewTimer(campaignPause)
	defer campaign.Stop()
	var last time.Time
	for {
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-campaign.C:
			return nil
		case <-r.publisher.wake:
			gather(ctx, last)
			last = time.Now()
			if _, err := conn.Exec(ctx, "NOTIFY "+relayChannel); err != nil {
				return fmt.Errorf("notifying the leader: %w", err)
			}
		}
	}
}

// lead relays until the session that holds the lock ends.
func (r *Relay) lead(ctx context.Context, conn *pgx.Conn, js jetstream.JetStream) error {
	if _, err := conn.Exec(ctx, "LISTEN "+relayChannel); err != nil {
		return fmt.Errorf("listening: %w", err)
	}
	r.log.Debug("relaying events")
	r.metrics.leader.Set(1)
	defer r.metrics.resign()

	ctx, resign := context.WithCancelCause(ctx)
	defer resign(nil)
	heard := make(chan struct{}, 1)
	done := make(chan struct{})
	go func() { // notices the loss of the session, too
		defer close(done)
		for {
			if _, err := conn.WaitForNotification(ctx); err != nil {
				resign(fmt.Errorf("listening: %w", err))
				return
			}
			signal(heard)
		}
	}()
	defer func() { resign(nil); <-done }()

	poll, stats := time.NewTicker(r.cfg.Poll), time.NewTicker(statsPause)
	defer poll.Stop()
	defer stats.Stop()
	for {
		r.drain(ctx, js)
		last := time.Now()
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-r.publisher.wake:
			gather(ctx, last)
		case <-heard:
			gather(ctx, last)
		case <-poll.C:
		case <-stats.C:
			r.measure(ctx)
		}
	}
}

// gather waits for more events when the last batch, or the last notification, was sent only just before. A batch costs a
// query, a transaction and a round trip to the broker, a notification a transaction, which more events then share. A single
// event is sent at once.
func gather(ctx context.Context, last time.Time) {
	if rest := gatherPause - time.Since(last); rest > 0 {
		pause[struct{}](ctx, rest, nil)
	}
}

// drain relays until no event is left. When the broker fails, it retries with growing pauses, which end when the broker
// is connected again.
func (r *Relay) drain(ctx context.Context, js jetstream.JetStream) {
	for failures := 0; ctx.Err() == nil; {
		more, err := r.step(ctx, js)
		switch {
		case err == nil && !more:
			return
		case err == nil:
			failures = 0
		case ctx.Err() == nil:
			failures++
			r.metrics.failures.Inc()
			if failures == 1 {
				r.log.Warn("relaying failed; events stay in the outbox", "error", err)
			}
			r.measure(ctx)
			back := js.Conn().StatusChanged(nats.CONNECTED)
			pause(ctx, backoff(failures), back)
			js.Conn().RemoveStatusListener(back)
		}
	}
}

// step relays one batch: it reads, sends and marks. more reports whether there may be more events.
func (r *Relay) step(ctx context.Context, js jetstream.JetStream) (more bool, err error) {
	batch, err := r.pending(ctx)
	if err != nil || len(batch) == 0 {
		return false, err
	}
	sent, ok := r.sendTogether(ctx, js, batch)
	if !ok {
		sent, err = r.send(ctx, js, batch)
	}
	if len(sent) > 0 {
		r.beforeMark()
		if markErr := r.mark(ctx, sent); markErr != nil {
			return false, errors.Join(err, markErr)
		}
		r.metrics.published.Add(float64(len(sent)))
	}
	return len(batch) == batchSize, err
}

// sendTogether publishes a batch as a whole, in its order: the broker stores all events or none, and acknowledges them once. It does not
// succeed with events that the broker has already, nor with brokers before NATS 2.12.
func (r *Relay) sendTogether(ctx context.Context, js jetstream.JetStream, batch []row) (sent []int64, ok bool) {
	if len(batch) == 1 {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	messages := make([]*nats.Msg, len(batch))
	sent = make([]int64, len(batch))
	for i, e := range batch {
		messages[i], sent[i] = message(e), e.Seq
	}
	if _, err := jetstreamext.PublishMsgBatch(ctx, js, messages); err != nil {
		r.log.Debug("a batch is not sent as a whole; its events are sent one by one", "events", len(batch), "error", err)
		return nil, false
	}
	return sent, true
}

// send publishes a batch and returns the events that the broker has acknowledged. Events of different aggregates are sent
// together. Of one aggregate, the next event is sent only after the one before it is acknowledged, so a failure cannot
// change their order.
func (r *Relay) send(ctx context.Context, js jetstream.JetStream, batch []row) (sent []int64, err error) {
	queues := map[string][]row{}
	var order []string // of subjects, as in the batch
	for _, e := range batch {
		if _, ok := queues[e.Subject]; !ok {
			order = append(order, e.Subject)
		}
		queues[e.Subject] = append(queues[e.Subject], e)
	}
	var failed []error
	for len(order) > 0 {
		acks := make([]jetstream.PubAckFuture, len(order))
		for i, subject := range order {
			ack, err := js.PublishMsgAsync(message(queues[subject][0]))
			if err != nil {
				failed = append(failed, err)
				continue
			}
			acks[i] = ack
		}
		var next []string
		for i, subject := range order {
			if acks[i] == nil {
				continue
			}
			select {
			case <-acks[i].Ok():
				sent = append(sent, queues[subject][0].Seq)
				if queues[subject] = queues[subject][1:]; len(queues[subject]) > 0 {
					next = append(next, subject)
				}
			case err := <-acks[i].Err():
				failed = append(failed, err)
			case <-ctx.Done():
				return sent, ctx.Err()
			}
		}
		order = next
	}
	if len(failed) == 0 {
		return sent, nil
	}
	if errors.Is(failed[0], jetstream.ErrNoStreamResponse) || errors.Is(failed[0], nats.ErrNoResponders) {
		if err := EnsureStreams(ctx, js); err != nil {
			failed = append(failed, err)
		}
	}
	return sent, fmt.Errorf("sending %d of %d events: %w", len(batch)-len(sent), len(batch), failed[0])
}

func message(e row) *nats.Msg {
	m := nats.NewMsg(subjectEvents + e.Type)
	m.Header.Set(nats.MsgIdHdr, e.ID.String())
	m.Header.Set("Content-Type", contentType)
	m.Data = []byte(e.Event)
	return m
}
