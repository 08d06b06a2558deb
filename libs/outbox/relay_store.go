package outbox

import (
	"context"

	"github.com/prometheus/client_golang/prometheus"

	"go.updspace.com/libs/pg"
)

const job = "outbox relay"

// The statements of a batch. They run across tenants.
const (
	selectPending = "SELECT seq, tenant_id, id, type, subject, event FROM outbox WHERE published_at IS NULL ORDER BY seq LIMIT $1"
	markPublished = "UPDATE outbox SET published_at = now() WHERE seq = ANY ($1)"
)

// pending returns the oldest unpublished events.
func (r *Relay) pending(ctx context.Context) ([]row, error) {
	ctx = pg.AcrossTenants(ctx, job)
	var rows []row
	err := r.db.Read(ctx, func(ctx context.Context) error {
		return r.db.Query(ctx, &rows, selectPending, batchSize)
	})
	return rows, pg.Error(err)
}

// mark marks events as published.
func (r *Relay) mark(ctx context.Context, seqs []int64) error {
	// the events are published, so they are marked also while the relay stops
	ctx, cancel := context.WithTimeout(pg.AcrossTenants(context.WithoutCancel(ctx), job), ackTimeout)
	defer cancel()
	return r.db.Do(ctx, func(ctx context.Context) error {
		_, err := r.db.Exec(ctx, markPublished, seqs)
		return pg.Error(err)
	})
}

// measure updates the metrics of unpublished events.
func (r *Relay) measure(ctx context.Context) {
	ctx = pg.AcrossTenants(ctx, job)
	var unpublished int64
	var lag float64
	err := r.db.Read(ctx, func(ctx context.Context) error {
		return r.db.Conn(ctx).NewSelect().Model((*row)(nil)).
			ColumnExpr("count(*), coalesce(extract(epoch FROM now() - min(created_at)), 0)").
			Where("published_at IS NULL").Scan(ctx, &unpublished, &lag)
	})
	if err != nil {
		return // other parts of the relay report that the database fails
	}
	r.metrics.unpublished.Set(float64(unpublished))
	r.metrics.lag.Set(lag)
}

type relayMetrics struct {
	published, failures      prometheus.Counter
	unpublished, lag, leader prometheus.Gauge
}

func newRelayMetrics(reg prometheus.Registerer) *relayMetrics {
	m := &relayMetrics{
		published:   prometheus.NewCounter(prometheus.CounterOpts{Name: "updspace_outbox_published_total", Help: "Events the broker has acknowledged."}),
		failures:    prometheus.NewCounter(prometheus.CounterOpts{Name: "updspace_outbox_failures_total", Help: "Batches that were not relayed completely."}),
		unpublished: prometheus.NewGauge(prometheus.GaugeOpts{Name: "updspace_outbox_unpublished", Help: "Unpublished events, as the leader sees them."}),
		lag:         prometheus.NewGauge(prometheus.GaugeOpts{Name: "updspace_outbox_lag_seconds", Help: "Age of the oldest unpublished event, as the leader sees it."}),
		leader:      prometheus.NewGauge(prometheus.GaugeOpts{Name: "updspace_outbox_leader", Help: "1 in the instance that is the leader."}),
	}
	if reg != nil {
		reg.MustRegister(m.published, m.failures, m.unpublished, m.lag, m.leader)
	}
	return m
}

func (m *relayMetrics) resign() {
	m.leader.Set(0)
	m.unpublished.Set(0)
	m.lag.Set(0)
}
