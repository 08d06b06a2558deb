package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The streams and their subjects.
const (
	StreamEvents = "UPDSPACE_EVENTS" // subjects updspace.<type>
	StreamDead   = "UPDSPACE_DEAD"   // subjects updspace-dead.<consumer>

	subjectEvents = "updspace."
	subjectDead   = "updspace-dead."

	// DedupeWindow is how long the stream remembers event ids. When a relay stops between sending and marking, another
	// sends the same events again within seconds. The window is longer, for the case that no other relay runs at the time.
	DedupeWindow = 30 * time.Minute

	eventsMaxAge = 14 * 24 * time.Hour // how long a consumer may be away
	deadMaxAge   = 90 * 24 * time.Hour

	// clusterReplicas is how many servers of a cluster have a stream. The loss of one of them stops nothing.
	clusterReplicas = 3

	contentType = "application/cloudevents+json"
	ackTimeout  = 5 * time.Second
)

// Connect opens a connection to the broker. It returns a connection even when no server answers yet, and reconnects
// without limit. Messages sent while it is disconnected fail at once and are not buffered.
func Connect(url, name string, log *slog.Logger) (*nats.Conn, error) {
	nc, err := nats.Connect(url,
		nats.Name(name),
		nats.RetryOnFailedConnect(true),
		nats.MaxReconnects(-1),
		nats.ReconnectWait(500*time.Millisecond),
		nats.ReconnectJitter(250*time.Millisecond, time.Second),
		nats.ReconnectBufSize(-1),
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			if err != nil {
				log.Warn("the event broker is disconnected", "error", err)
			}
		}),
		nats.ReconnectHandler(func(*nats.Conn) { log.Info("the event broker is connected again") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) {
			log.Warn("error from the event broker", "error", err)
		}),
	)
	if err != nil {
		return nil, fmt.Errorf("outbox: connecting to the event broker: %w", err)
	}
	return nc, nil
}

// EnsureStreams creates the streams that do not exist: with three replicas in a cluster of three servers or more. It does not change streams
// that exist, so an operator may give them other limits.
func EnsureStreams(ctx context.Context, js jetstream.JetStream) error {
	for _, cfg := range []jetstream.StreamConfig{
		{
			Name: StreamEvents, Description: "Domain events of all services",
			Subjects: []string{subjectEvents + ">"}, MaxAge: eventsMaxAge, Duplicates: DedupeWindow, AllowAtomicPublish: true,
		},
		{
			Name: StreamDead, Description: "Events that a consumer could not handle",
			Subjects: []string{subjectDead + ">"}, MaxAge: deadMaxAge, Duplicates: DedupeWindow,
		},
	} {
		cfg.Storage, cfg.Replicas = jetstream.FileStorage, 1
		if len(js.Conn().Servers()) >= clusterReplicas {
			cfg.Replicas = clusterReplicas
		}
		if err := ensureStream(ctx, js, cfg); err != nil {
			return fmt.Errorf("outbox: stream %s: %w", cfg.Name, err)
		}
	}
	return nil
}

func ensureStream(ctx context.Context, js jetstream.JetStream, cfg jetstream.StreamConfig) error {
	ctx, cancel := context.WithTimeout(ctx, ackTimeout)
	defer cancel()
	_, err := js.Stream(ctx, cfg.Name)
	if !errors.Is(err, jetstream.ErrStreamNotFound) {
		return err
	}
	_, err = js.CreateStream(ctx, cfg)
	if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another instance has created it
		return nil
	}
	return err
}

// backoff is the pause before the next attempt after n failures.
func backoff(n int) time.Duration {
	const first, longest = 100 * time.Millisecond, 5 * time.Second
	return min(first<<min(n, 10), longest)
}

// pause waits for d, an early reason to go on, or the end of ctx.
func pause[T any](ctx context.Context, d time.Duration, early <-chan T) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-early:
	case <-ctx.Done():
	}
}
