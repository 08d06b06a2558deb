package outbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/uptrace/bun"
	"go.opentelemetry.io/otel/propagation"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Handler handles one event. It runs in a write transaction of the event's tenant, with the user of the event as the actor.
// Its writes are committed together with the inbox entry of the event. An error rolls back, and the event is delivered
// again after a growing delay. A handler must ignore types that it does not know.
type Handler func(ctx context.Context, e event.Event) error

// BatchHandler handles events of one tenant that waited at the same time, in any order, in one write transaction with their inbox entries. An
// error rolls back, and each of the events is handled by itself. The request and the actor of the context are those of the first event.
type BatchHandler func(ctx context.Context, events []event.Event) error

// ConsumerConfig configures a consumer. Name, Types and NATSURL are required.
type ConsumerConfig struct {
	NATSURL string
	// Name is the name of the durable consumer: the service, or service-purpose. Instances with the same name share the
	// events.
	Name string
	// Types are event types, with wildcards as in "voting.>".
	Types []string
	// MaxAttempts is the number of failures after which an event becomes a dead letter.
	MaxAttempts int
	// Retry holds the delay after each failure. The last one repeats.
	Retry   []time.Duration
	Logger  *slog.Logger
	Metrics prometheus.Registerer
}

const (
	defaultAttempts = 8

	// pullAhead is the number of events in one pull request. They are still delivered one by one. With a request for each
	// event, nats.go can miss to send the next request when an event is handled before its request has returned, and then
	// waits for half a minute.
	pullAhead = 64

	// ackWait is how long an instance may hold an event without a sign of life before another instance gets it.
	ackWait = 30 * time.Second
	// headerFor on a replayed message names the one consumer that must handle it.
	headerFor = "Updspace-Replay-For"

	// maxBatch is the number of events that a batch has at most, of all instances together.
	maxBatch = 200
	// batchWait is how long a batch waits for more events after its first, unless many wait already: a transaction costs more than an event.
	batchWait = 50 * time.Millisecond
)

var defaultRetry = []time.Duration{
	100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second,
}

// ErrPoison is in the error of every handler for which another attempt would not help. See Poison.
var ErrPoison = errors.New("poison")

// Poison wraps an error of a handler for which another attempt would not help: the event becomes a dead letter at once.
func Poison(err error) error { return fmt.Errorf("%w: %w", ErrPoison, err) }

// Consumer passes the events of the stream to a handler.
//
// Events are handled one after the other, in the order of the stream, also across several instances and when an event is
// repeated; those of a batch consumer in any order, many in a transaction. While the service's database, or another dependency that the handler reports as unavailable, does not answer,
// the consumer retries; such failures do not count as attempts.
type Consumer struct {
	db      *pg.DB
	cfg     ConsumerConfig
	handler BatchHandler
	most    int // events in a batch
	log     *slog.Logger
	handled *prometheus.CounterVec
	delay   prometheus.Histogram
}

// NewConsumer returns a consumer that keeps its inbox in db.
func NewConsumer(db *pg.DB, cfg ConsumerConfig, handler Handler) *Consumer {
	return newConsumer(db, cfg, 1, func(ctx context.Context, events []event.Event) error { return handler(ctx, events[0]) })
}

// NewBatchConsumer returns a consumer for a handler that does not need the order of events.
func NewBatchConsumer(db *pg.DB, cfg ConsumerConfig, handler BatchHandler) *Consumer {
	return newConsumer(db, cfg, maxBatch, handler)
}

func newConsumer(db *pg.DB, cfg ConsumerConfig, most int, handler BatchHandler) *Consumer {
	cfg.MaxAttempts = cmp.Or(cfg.MaxAttempts, defaultAttempts)
	if len(cfg.Retry) == 0 {
		cfg.Retry = defaultRetry
	}
	c := &Consumer{
		db: db, cfg: cfg, handler: handler, most: most,
		log: cmp.Or(cfg.Logger, slog.Default()).With("component", "consumer", "consumer", cfg.Name),
		handled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "updspace_consumer_events_total", Help: "Events by outcome: handled, repeated, failed, dead.",
			ConstLabels: prometheus.Labels{"consumer": cfg.Name},
		}, []string{"outcome"}),
		delay: prometheus.NewHistogram(prometheus.HistogramOpts{
			Name: "updspace_consumer_delay_seconds", Help: "Time from an event's change to the commit of what its consumer made of it.",
			ConstLabels: prometheus.Labels{"consumer": cfg.Name}, Buckets: []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300},
		}),
	}
	for _, outcome := range []string{"handled", "repeated", "failed", "dead"} {
		c.handled.WithLabelValues(outcome) // so that the first is an increase
	}
	if cfg.Metrics != nil {
		cfg.Metrics.MustRegister(c.handled, c.delay)
	}
	return c
}

// Run consumes until ctx ends. While the broker fails, it retries.
func (c *Consumer) Run(ctx context.Context) error {
	nc, err := Connect(c.cfg.NATSURL, c.cfg.Name+" consumer", c.log)
	if err != nil {
		return err
	}
	defer nc.Close()
	js, err := jetstream.New(nc)
	if err != nil {
		return fmt.Errorf("outbox: %w", err)
	}
	for failures := 0; ctx.Err() == nil; {
		started := time.Now()
		err := c.consume(ctx, js)
		if ctx.Err() != nil {
			break
		}
		if time.Since(started) > ackWait {
			failures = 0
		}
		c.log.Warn("consuming was interrupted", "error", err)
		back := nc.StatusChanged(nats.CONNECTED)
		pause(ctx, backoff(failures), back)
		nc.RemoveStatusListener(back)
		failures++
	}
	return nil
}

func (c *Consumer) consume(ctx context.Context, js jetstream.JetStream) error {
	if err := EnsureStreams(ctx, js); err != nil {
		return err
	}
	setup, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	durable, err := js.CreateOrUpdateConsumer(setup, StreamEvents, jetstream.ConsumerConfig{
		Durable:        c.cfg.Name,
		FilterSubjects: subjectsOf(c.cfg.Types),
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        ackWait,
		MaxDeliver:     -1,     // process decides when to stop
		MaxAckPending:  c.most, // 1 keeps the order
	})
	if err != nil {
		return fmt.Errorf("durable %s: %w", c.cfg.Name, err)
	}
	if c.most > 1 {
		return c.consumeBatches(ctx, js, durable)
	}
	messages, err := durable.Messages(jetstream.PullMaxMessages(pullAhead))
	if err != nil {
		return fmt.Errorf("durable %s: %w", c.cfg.Name, err)
	}
	defer messages.Stop()
	stop := context.AfterFunc(ctx, messages.Stop)
	defer stop()
	for {
		m, err := messages.Next()
		if err != nil {
			return fmt.Errorf("durable %s: %w", c.cfg.Name, err)
		}
		if err := c.process(ctx, js, m); err != nil {
			return err
		}
	}
}

// process handles one message and acknowledges it, delays it, or makes it a dead letter. It returns errors of the broker.
func (c *Consumer) process(ctx context.Context, js jetstream.JetStream, m jetstream.Msg) error {
	if only := m.Headers().Get(headerFor); only != "" && only != c.cfg.Name {
		return m.Ack()
	}
	err := c.handle(ctx, m)
	if err == nil {
		return m.Ack()
	}
	if ctx.Err() != nil { // this instance stops: another may have the event at once
		return m.Nak()
	}
	attempts := 1
	if meta, metaErr := m.Metadata(); metaErr == nil {
		attempts = int(meta.NumDelivered)
	}
	if !errors.Is(err, ErrPoison) && attempts < c.cfg.MaxAttempts {
		c.handled.WithLabelValues("failed").Inc()
		delay := c.cfg.Retry[min(attempts, len(c.cfg.Retry))-1]
		c.log.Warn("handling an event failed; it will be delivered again", "subject", m.Subject(), "attempt", attempts, "in", delay, "error", err)
		return m.NakWithDelay(delay)
	}
	if deadErr := c.deadLetter(ctx, js, m, err, attempts); deadErr != nil {
		c.log.Error("an event could not be handled and could not be stored as a dead letter", "subject", m.Subject(), "error", errors.Join(err, deadErr))
		return m.NakWithDelay(c.cfg.Retry[len(c.cfg.Retry)-1])
	}
	c.handled.WithLabelValues("dead").Inc()
	c.log.Error("an event became a dead letter", "subject", m.Subject(), "attempts", attempts, "error", err)
	return m.Term()
}

// handle runs the handler on a message, and repeats it while a dependency is unavailable.
func (c *Consumer) handle(ctx context.Context, m jetstream.Msg) error {
	ctx, e, err := read(ctx, m)
	if err != nil {
		return Poison(err)
	}
	defer keepAlive(m)()
	for failures := 0; ; failures++ {
		err := c.handleOnce(ctx, []event.Event{e})
		if errs.KindOf(err) != errs.Unavailable || errors.Is(err, ErrPoison) {
			return err
		}
		if failures == 0 {
			c.log.Warn("the consumer waits for a dependency", "error", err)
		}
		pause[struct{}](ctx, backoff(failures), nil)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

type inboxRow struct {
	bun.BaseModel `bun:"table:inbox"`

	Consumer string `bun:"consumer"`
	EventID  string `bun:"event_id"`
}

// handleOnce runs the handler in the transaction that writes the inbox entries, on the events that have none yet.
func (c *Consumer) handleOnce(ctx context.Context, events []event.Event) (err error) {
	defer func() {
		if p := recover(); p != nil { // after Do has rolled back
			err = fmt.Errorf("the handler panicked: %v\n%s", p, debug.Stack())
		}
	}()
	var fresh []event.Event
	err = c.db.Do(ctx, func(ctx context.Context) (err error) {
		if fresh, err = c.enter(ctx, events); err != nil || len(fresh) == 0 {
			return err
		}
		return c.handler(ctx, fresh)
	})
	if err == nil {
		c.handled.WithLabelValues("handled").Add(float64(len(fresh)))
		c.handled.WithLabelValues("repeated").Add(float64(len(events) - len(fresh)))
		for _, e := range fresh {
			c.delay.Observe(time.Since(e.Time()).Seconds())
		}
	}
	return err
}

// enter writes the inbox entries of events, and returns those that had none.
func (c *Consumer) enter(ctx context.Context, events []event.Event) ([]event.Event, error) {
	rows := make([]inboxRow, len(events))
	for i, e := range events {
		rows[i] = inboxRow{Consumer: c.cfg.Name, EventID: e.ID()}
	}
	var entered []string
	if err := c.db.Conn(ctx).NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Returning("event_id").Scan(ctx, &entered); err != nil {
		return nil, pg.Error(err)
	}
	fresh := make([]event.Event, 0, len(entered))
	for _, e := range events {
		if i := slices.Index(entered, e.ID()); i >= 0 {
			fresh = append(fresh, e)
			entered = slices.Delete(entered, i, i+1) // the batch may have it twice
		}
	}
	return fresh, nil
}

// read returns the event of a message, and its context.
func read(ctx context.Context, m jetstream.Msg) (context.Context, event.Event, error) {
	var e event.Event
	if err := json.Unmarshal(m.Data(), &e); err != nil {
		return ctx, e, fmt.Errorf("reading the event: %w", err)
	}
	if err := e.Validate(); err != nil {
		return ctx, e, fmt.Errorf("reading the event: %w", err)
	}
	ctx, err := contextOf(ctx, e)
	return ctx, e, err
}

// keepAlive gives signs of life for messages until stop, so that a long wait or a slow handler does not look like a stopped instance.
func keepAlive(messages ...jetstream.Msg) (stop func()) {
	alive := time.NewTicker(ackWait / 3)
	finished, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-alive.C:
				for _, m := range messages {
					_ = m.InProgress() // if it is lost, the event is delivered twice, and the inbox drops the second
				}
			case <-finished:
				return
			}
		}
	}()
	return func() { alive.Stop(); close(finished); <-stopped }
}

// contextOf returns a request context made of the extensions of an event.
func contextOf(ctx context.Context, e event.Event) (context.Context, error) {
	text := func(name string) string {
		s, _ := e.Extensions()[name].(string)
		return s
	}
	rc := reqctx.Context{RequestID: text(ExtRequest), Caller: e.Source(), Operation: e.Type()}
	for name, id := range map[string]*uuid.UUID{ExtTenant: &rc.TenantID, ExtActor: &rc.UserID} {
		s := text(name)
		if s == "" {
			continue
		}
		parsed, err := uuid.Parse(s)
		if err != nil {
			return nil, fmt.Errorf("extension %s: %w", name, err)
		}
		*id = parsed
	}
	if parent := text(extTrace); parent != "" {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{extTrace: parent})
	}
	return reqctx.With(ctx, rc), nil
}
