package servicefx

import (
	"context"
	"log/slog"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

// Outbox provides the *outbox.Publisher of the service named source, and the [Broker] at natsURL, to which it runs the
// relay. In development, and so in tests, the publisher refuses events that api/events does not describe.
func Outbox(source, natsURL string) fx.Option {
	return fx.Options(
		fx.Supply(Broker{URL: natsURL}),
		fx.Provide(func(db *pg.DB, m mode) *outbox.Publisher {
			p := outbox.NewPublisher(db, source)
			if m == Development {
				p = p.Validating()
			}
			return p
		}),
		fx.Invoke(func(lc fx.Lifecycle, p *outbox.Publisher, log *slog.Logger, reg prometheus.Registerer) {
			relay := outbox.NewRelay(p, outbox.RelayConfig{NATSURL: natsURL, Logger: log, Metrics: reg})
			Background(lc, log, "outbox relay", relay.Run)
		}),
	)
}

// Background ties a loop to the life of the application: it starts with it, and stopping waits until the loop has returned.
// For work at an interval see [Every].
func Background(lc fx.Lifecycle, log *slog.Logger, name string, run func(context.Context) error) {
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	lc.Append(fx.Hook{
		OnStart: func(context.Context) error {
			wg.Go(func() {
				if err := run(ctx); err != nil && ctx.Err() == nil {
					log.Error("background work ended", "work", name, "error", err)
				}
			})
			return nil
		},
		OnStop: func(stop context.Context) error {
			cancel()
			done := make(chan struct{})
			go func() { wg.Wait(); close(done) }()
			select {
			case <-done:
				return nil
			case <-stop.Done():
				return stop.Err()
			}
		},
	})
}
