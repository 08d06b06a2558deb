package servicefx

import (
	"context"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

// retryPause is how soon a job that failed runs again, when its interval is longer.
const retryPause = 30 * time.Second

// Every runs a job of a dependency when the service starts and then at an interval, on every instance. The job is usually a
// method expression:
//
//	servicefx.Every("expired invites", time.Hour, (*app.Invites).DeleteExpired)
//
// A failure is logged, and the job runs again after half a minute or at its next time, whichever comes first. A run that
// takes longer than the interval is not interrupted; the next one follows it.
func Every[D any](name string, interval time.Duration, job func(D, context.Context) error) fx.Option {
	return EveryOrWoken(name, interval, nil, job)
}

// Wake makes a job run before its interval is over; see [EveryOrWoken].
type Wake chan struct{}

// NewWake returns a Wake.
func NewWake() Wake { return make(Wake, 1) }

// Signal makes the job run, now or, if it is running, once more. It never blocks.
func (w Wake) Signal() {
	select {
	case w <- struct{}{}:
	default:
	}
}

// EveryOrWoken is [Every] for a queue: the job also runs when this instance has put something into it and signals wake. The
// interval is for what other instances queued, and for what failed.
func EveryOrWoken[D any](name string, interval time.Duration, wake Wake, job func(D, context.Context) error) fx.Option {
	return fx.Invoke(func(lc fx.Lifecycle, log *slog.Logger, dependency D) {
		Background(lc, log, name, func(ctx context.Context) error {
			return repeat(ctx, log, name, interval, wake, func(ctx context.Context) error { return job(dependency, ctx) })
		})
	})
}

// EveryExclusive is Every for jobs that must not run on two instances at once. An instance that finds another at work does
// nothing that time.
func EveryExclusive[D any](name string, interval time.Duration, job func(D, context.Context) error) fx.Option {
	return fx.Invoke(func(lc fx.Lifecycle, log *slog.Logger, db *pg.DB, dependency D) {
		Background(lc, log, name, func(ctx context.Context) error {
			return repeat(ctx, log, name, interval, nil, func(ctx context.Context) error {
				_, err := db.Exclusive(ctx, name, func(ctx context.Context) error { return job(dependency, ctx) })
				return err
			})
		})
	})
}

func repeat(ctx context.Context, log *slog.Logger, name string, interval time.Duration, wake Wake, job func(context.Context) error) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-timer.C:
		case <-wake:
		}
		began, pause := time.Now(), interval
		if err := job(ctx); err != nil && ctx.Err() == nil {
			log.WarnContext(ctx, "a job failed and will run again", "job", name, "error", err)
			pause = min(interval, retryPause)
		}
		timer.Reset(max(0, pause-time.Since(began)))
	}
}

// Broker is where domain events are sent to and read from. Without a URL, events wait in the outbox and no consumer runs.
type Broker struct{ URL string }

// Consumer passes the domain events of some types to the handler of a dependency, in order, each in a transaction of its
// tenant: see [outbox.Consumer]. name is the durable name, which must stay the same from release to release.
func Consumer[D any](name string, types []string, handler func(D) outbox.Handler) fx.Option {
	return consumer(name, types, func(db *pg.DB, cfg outbox.ConsumerConfig, d D) *outbox.Consumer {
		return outbox.NewConsumer(db, cfg, handler(d))
	}, func(ctx context.Context) context.Context { return ctx })
}

// ConsumerAcrossTenants is Consumer for events that belong to no tenant, such as those about accounts. The handler's
// transaction may change the rows of every tenant.
func ConsumerAcrossTenants[D any](name string, types []string, handler func(D) outbox.Handler) fx.Option {
	return consumer(name, types, func(db *pg.DB, cfg outbox.ConsumerConfig, d D) *outbox.Consumer {
		return outbox.NewConsumer(db, cfg, handler(d))
	}, func(ctx context.Context) context.Context { return pg.AcrossTenants(ctx, name) })
}

// BatchConsumer is Consumer for a handler that does not need the order of events and handles many of a tenant in a transaction.
func BatchConsumer[D any](name string, types []string, handler func(D) outbox.BatchHandler) fx.Option {
	return consumer(name, types, func(db *pg.DB, cfg outbox.ConsumerConfig, d D) *outbox.Consumer {
		return outbox.NewBatchConsumer(db, cfg, handler(d))
	}, func(ctx context.Context) context.Context { return ctx })
}

func consumer[D any](
	name string, types []string, newConsumer func(*pg.DB, outbox.ConsumerConfig, D) *outbox.Consumer, scope func(context.Context) context.Context,
) fx.Option {
	return fx.Invoke(func(lc fx.Lifecycle, log *slog.Logger, reg prometheus.Registerer, broker Broker, db *pg.DB, dependency D) {
		if broker.URL == "" {
			return
		}
		c := newConsumer(db, outbox.ConsumerConfig{NATSURL: broker.URL, Name: name, Types: types, Logger: log, Metrics: reg}, dependency)
		Background(lc, log, "consumer "+name, func(ctx context.Context) error { return c.Run(scope(ctx)) })
	})
}
