package outbox

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
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

// Handler deals with one event. It runs in a write transaction of the event's
// tenant, on behalf of the user who caused it; what it writes is committed
// together with the note that the event is done. An error rolls back and the
// event comes again, later each time. Handlers must ignore types they do not
// know.
type Handler func(ctx context.Context, e event.Event) error

// ConsumerConfig says what a consumer reads. Name, Types and NATSURL are required.
type ConsumerConfig struct {
	NATSURL string
	// Name is the durable's: the service, or service-purpose. Instances that
	// share it share the work.
	Name string
	// Types are event types, with wildcards as in "voting.>".
	Types []string
	// MaxAttempts is after how many failures an event goes to the dead letters.
	MaxAttempts int
	// Retry is the pause after each failure; the last one repeats.
	Retry    []time.Duration
	Replicas int // of the streams, if the consumer has to create them
	Logger   *slog.Logger
	Metrics  prometheus.Registerer
}

const (
	defaultAttempts = 8

	// pullAhead is how many events are asked for at once; they still come one
	// by one. Asking for each alone, nats.go forgets to ask again when an event
	// is dealt with before its request has returned, and remembers after half
	// a minute.
	pullAhead = 64

	// ackWait is how long an instance may be silent about an event before
	// another gets it.
	ackWait = 30 * time.Second
	// headerFor on a replayed message names the only consumer it is meant for.
	headerFor = "Updspace-Replay-For"
)

var defaultRetry = []time.Duration{
	100 * time.Millisecond, 500 * time.Millisecond, 2 * time.Second, 5 * time.Second, 15 * time.Second, 30 * time.Second,
}

// errPoison marks an event that no repetition will make digestible.
var errPoison = errors.New("poison")

// Poison wraps an error of a handler for which trying again is pointless: the
// event goes to the dead letters at once.
func Poison(err error) error { return fmt.Errorf("%w: %w", errPoison, err) }

// Consumer feeds the events of the stream to a handler.
//
// Events are handled one after the other, in the order of the stream, also
// over several instances and also when one has to be repeated. While the
// service's own database, or whatever else the handler reports as unavailable,
// is away, the consumer waits; that is nobody's poison.
type Consumer struct {
	db      *pg.DB
	cfg     ConsumerConfig
	handler Handler
	log     *slog.Logger
	handled *prometheus.CounterVec
}

// NewConsumer returns a consumer that keeps its inbox in db.
func NewConsumer(db *pg.DB, cfg ConsumerConfig, handler Handler) *Consumer {
	cfg.MaxAttempts = cmp.Or(cfg.MaxAttempts, defaultAttempts)
	if len(cfg.Retry) == 0 {
		cfg.Retry = defaultRetry
	}
	c := &Consumer{
		db: db, cfg: cfg, handler: handler,
		log: cmp.Or(cfg.Logger, slog.Default()).With("component", "consumer", "consumer", cfg.Name),
		handled: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "updspace_consumer_events_total", Help: "Events by what became of them: handled, repeated, failed, dead.",
			ConstLabels: prometheus.Labels{"consumer": cfg.Name},
		}, []string{"outcome"}),
	}
	if cfg.Metrics != nil {
		cfg.Metrics.MustRegister(c.handled)
	}
	return c
}

// Run consumes until ctx ends. Failures of the broker are waited out.
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
		c.log.Warn("consuming is interrupted", "error", err)
		back := nc.StatusChanged(nats.CONNECTED)
		pause(ctx, backoff(failures), back)
		nc.RemoveStatusListener(back)
		failures++
	}
	return nil
}

func (c *Consumer) consume(ctx context.Context, js jetstream.JetStream) error {
	if err := EnsureStreams(ctx, js, c.cfg.Replicas); err != nil {
		return err
	}
	subjects := make([]string, len(c.cfg.Types))
	for i, t := range c.cfg.Types {
		subjects[i] = subjectEvents + t
	}
	setup, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	durable, err := js.CreateOrUpdateConsumer(setup, StreamEvents, jetstream.ConsumerConfig{
		Durable:        c.cfg.Name,
		FilterSubjects: subjects,
		AckPolicy:      jetstream.AckExplicitPolicy,
		AckWait:        ackWait,
		MaxDeliver:     -1, // when to give up is decided here
		MaxAckPending:  1,  // what keeps the order
	})
	if err != nil {
		return fmt.Errorf("durable %s: %w", c.cfg.Name, err)
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
		if err := c.take(ctx, js, m); err != nil {
			return err
		}
	}
}

// take deals with one message to the end: acknowledged, put off or buried. The
// error is the broker's.
func (c *Consumer) take(ctx context.Context, js jetstream.JetStream, m jetstream.Msg) error {
	if only := m.Headers().Get(headerFor); only != "" && only != c.cfg.Name {
		return m.Ack()
	}
	err := c.handle(ctx, m)
	if err == nil {
		return m.Ack()
	}
	if ctx.Err() != nil { // we are stopping: the next instance may have it at once
		return m.Nak()
	}
	attempts := 1
	if meta, metaErr := m.Metadata(); metaErr == nil {
		attempts = int(meta.NumDelivered)
	}
	if !errors.Is(err, errPoison) && attempts < c.cfg.MaxAttempts {
		c.handled.WithLabelValues("failed").Inc()
		delay := c.cfg.Retry[min(attempts, len(c.cfg.Retry))-1]
		c.log.Warn("an event failed and will come again", "subject", m.Subject(), "attempt", attempts, "in", delay, "error", err)
		return m.NakWithDelay(delay)
	}
	if buryErr := c.bury(ctx, js, m, err, attempts); buryErr != nil {
		c.log.Error("an event can be neither handled nor buried", "subject", m.Subject(), "error", errors.Join(err, buryErr))
		return m.NakWithDelay(c.cfg.Retry[len(c.cfg.Retry)-1])
	}
	c.handled.WithLabelValues("dead").Inc()
	c.log.Error("an event went to the dead letters", "subject", m.Subject(), "attempts", attempts, "error", err)
	return m.Term()
}

// handle runs the handler on a message, again and again while something it
// needs is unavailable.
func (c *Consumer) handle(ctx context.Context, m jetstream.Msg) error {
	var e event.Event
	if err := json.Unmarshal(m.Data(), &e); err != nil {
		return Poison(fmt.Errorf("reading the event: %w", err))
	}
	if err := e.Validate(); err != nil {
		return Poison(fmt.Errorf("reading the event: %w", err))
	}
	ctx, err := contextOf(ctx, e)
	if err != nil {
		return Poison(err)
	}
	// a long wait or a long handler must not look like a dead instance
	alive := time.NewTicker(ackWait / 3)
	defer alive.Stop()
	finished := make(chan struct{})
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		for {
			select {
			case <-alive.C:
				_ = m.InProgress() // if it does not arrive, the event comes twice, which the inbox bears
			case <-finished:
				return
			}
		}
	}()
	defer func() { close(finished); <-stopped }()

	for failures := 0; ; failures++ {
		err := c.once(ctx, e)
		if errs.KindOf(err) != errs.Unavailable || errors.Is(err, errPoison) {
			return err
		}
		if failures == 0 {
			c.log.Warn("the consumer waits", "error", err)
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

// once runs the handler in the transaction that notes the event as done, and
// not at all when it was noted before.
func (c *Consumer) once(ctx context.Context, e event.Event) (err error) {
	defer func() {
		if p := recover(); p != nil { // after Do has rolled back
			err = fmt.Errorf("the handler panicked: %v\n%s", p, debug.Stack())
		}
	}()
	outcome := "handled"
	err = c.db.Do(ctx, func(ctx context.Context) error {
		result, err := c.db.Conn(ctx).NewInsert().
			Model(&inboxRow{Consumer: c.cfg.Name, EventID: e.ID()}).
			On("CONFLICT DO NOTHING").Returning("NULL").Exec(ctx)
		if err != nil {
			return pg.Error(err)
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			outcome = "repeated"
			return pg.Error(err)
		}
		return c.handler(ctx, e)
	})
	if err == nil {
		c.handled.WithLabelValues(outcome).Inc()
	}
	return err
}

// contextOf puts what the event carries where a request would have it.
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
