package snapshot

import (
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
)

// Metrics tell how well the memory serves.
type Metrics struct {
	reg   prometheus.Registerer
	asked struct {
		hits, misses, bypassed prometheus.Counter
	}
	forgotten        *prometheus.CounterVec
	spoiled, evicted prometheus.Counter
}

// NewMetrics registers the metrics of one store.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		reg: reg,
		forgotten: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "access_snapshot_invalidations_total", Help: "Changes that made the memory forget, by whom they concerned: user, tenant or everybody.",
		}, []string{"whom"}),
		spoiled: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "access_snapshot_overtaken_total", Help: "Loads that were not kept because a change came while they ran.",
		}),
		evicted: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "access_snapshot_evictions_total", Help: "Users and tenants forgotten for want of room.",
		}),
	}
	asked := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "access_snapshot_lookups_total", Help: "Questions by where the facts came from: hit, miss, or bypass while nobody vouches for the memory.",
	}, []string{"outcome"})
	m.asked.hits, m.asked.misses, m.asked.bypassed = asked.WithLabelValues("hit"), asked.WithLabelValues("miss"), asked.WithLabelValues("bypass")
	reg.MustRegister(asked, m.forgotten, m.spoiled, m.evicted)
	return m
}

func (m *Metrics) watch(s *Store) {
	gauge := func(name, help string, read func() int) {
		m.reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			s.mu.Lock()
			defer s.mu.Unlock()
			return float64(read())
		}))
	}
	gauge("access_snapshot_entries", "Users and tenants whose facts are remembered.", func() int { return len(s.entries) })
	gauge("access_snapshot_bytes", "Estimated size of what is remembered.", func() int { return s.size })
}

func (m *Metrics) forgot(tenant, user uuid.UUID) {
	switch {
	case tenant == uuid.Nil:
		m.forgotten.WithLabelValues("everybody").Inc()
	case user == uuid.Nil:
		m.forgotten.WithLabelValues("tenant").Inc()
	default:
		m.forgotten.WithLabelValues("user").Inc()
	}
}
