// Package driftwatch tells those who look after the platform when access and portal disagreed.
package driftwatch

import (
	"context"
	"log/slog"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"go.updspace.com/portal/ports"
)

// Watch is ports.DriftWatch: it logs and counts.
type Watch struct {
	log     *slog.Logger
	drifted *prometheus.CounterVec
}

var _ ports.DriftWatch = (*Watch)(nil)

// New counts in reg.
func New(log *slog.Logger, reg prometheus.Registerer) *Watch {
	w := &Watch{log: log, drifted: prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "portal_membership_drift_total", Help: "Memberships that access had missing, other or too many when they were compared.",
	}, []string{"kind"})}
	reg.MustRegister(w.drifted)
	for _, kind := range []string{"added", "changed", "removed"} { // so that no drift is a zero and not a gap
		w.drifted.WithLabelValues(kind)
	}
	return w
}

// Drifted hears of the drift of a tenant.
func (w *Watch) Drifted(ctx context.Context, tenant uuid.UUID, d ports.Drift) {
	w.drifted.WithLabelValues("added").Add(float64(d.Added))
	w.drifted.WithLabelValues("changed").Add(float64(d.Changed))
	w.drifted.WithLabelValues("removed").Add(float64(d.Removed))
	if d != (ports.Drift{}) {
		w.log.WarnContext(ctx, "access had memberships wrong", "tenant", tenant, "added", d.Added, "changed", d.Changed, "removed", d.Removed)
	}
}
