package servicefx

import (
	"context"
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"go.uber.org/fx"

	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/pg"
)

// Postgres provides the *pg.DB of a service, migrated before anything that
// uses it starts, and its readiness check, and prunes the kit's tables in it.
// Without a migration URL the database is taken to be migrated (`<svc> migrate`
// as a job of its own).
func Postgres(cfg pg.Config, sets ...pg.Migrations) fx.Option {
	return fx.Options(fx.Invoke(prune), fx.Provide(fx.Annotate(
		func(lc fx.Lifecycle, reg prometheus.Registerer) (*pg.DB, httpx.Check, error) {
			db, err := pg.Open(context.Background(), cfg)
			if err != nil {
				return nil, httpx.Check{}, fmt.Errorf("opening the database: %w", err)
			}
			reg.MustRegister(poolCollector{db})
			lc.Append(fx.Hook{
				OnStart: func(ctx context.Context) error {
					if cfg.MigrateURL == "" {
						return nil
					}
					return pg.Migrate(ctx, cfg.MigrateURL, sets...)
				},
				OnStop: func(context.Context) error { return db.Close() },
			})
			return db, httpx.Check{Name: "database", Probe: db.Ping}, nil
		},
		fx.ResultTags("", `group:"health"`),
	)))
}

// poolCollector reports how busy the connection pool is.
type poolCollector struct{ db *pg.DB }

func (poolCollector) Describe(ch chan<- *prometheus.Desc) {
	ch <- poolInUse
	ch <- poolWaits
}

func (c poolCollector) Collect(ch chan<- prometheus.Metric) {
	stats := c.db.Stats()
	ch <- prometheus.MustNewConstMetric(poolInUse, prometheus.GaugeValue, float64(stats.InUse))
	ch <- prometheus.MustNewConstMetric(poolWaits, prometheus.CounterValue, stats.WaitDuration.Seconds())
}

var (
	poolInUse = prometheus.NewDesc("pg_pool_connections_in_use", "Connections that serve a query right now.", nil, nil)
	poolWaits = prometheus.NewDesc("pg_pool_wait_seconds_total", "Time spent waiting for a free connection.", nil, nil)
)
