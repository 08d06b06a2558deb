package factcache

import (
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
)

// Metrics are the metrics of one cache.
type Metrics struct {
	reg     prometheus.Registerer
	lookups struct {
		hit, miss, bypass prometheus.Counter
	}
	invalidations  *prometheus.CounterVec
	stale, evicted prometheus.Counter
}

// NewMetrics registers the metrics of one cache.
func NewMetrics(reg prometheus.Registerer) *Metrics {
	m := &Metrics{
		reg: reg,
		invalidations: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "access_factcache_invalidations_total", Help: "Invalidations by what they concern: user, tenant or all.",
		}, []string{"scope"}),
		stale: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "access_factcache_stale_loads_total", Help: "Loads not cached because of an invalidation while they ran.",
		}),
		evicted: prometheus.NewCounter(prometheus.CounterOpts{
			Name: "access_factcache_evictions_total", Help: "Entries evicted because the cache was full.",
		}),
	}
	lookups := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "access_factcache_lookups_total", Help: "Lookups by outcome: hit, miss, or bypass while the cache is not valid.",
	}, []string{"outcome"})
	m.lookups.hit, m.lookups.miss, m.lookups.bypass = lookups.WithLabelValues("hit"), lookups.WithLabelValues("miss"), lookups.WithLabelValues("bypass")
	reg.MustRegister(lookups, m.invalidations, m.stale, m.evicted)
	return m
}

func (m *Metrics) watch(c *Cache) {
	gauge := func(name, help string, read func() int) {
		m.reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 {
			c.mu.Lock()
			defer c.mu.Unlock()
			return float64(read())
		}))
	}
	gauge("access_factcache_entries", "Cached users and tenants.", func() int { return len(c.entries) })
	gauge("access_factcache_bytes", "Estimated size of the cache.", func() int { return c.size })
}

func (m *Metrics) countInvalidation(tenant, user uuid.UUID) {
	switch {
	case tenant == uuid.Nil:
		m.invalidations.WithLabelValues("all").Inc()
	case user == uuid.Nil:
		m.invalidations.WithLabelValues("tenant").Inc()
	default:
		m.invalidations.WithLabelValues("user").Inc()
	}
}
