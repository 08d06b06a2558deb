package identity

import (
	"context"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"go.updspace.com/identity/app"
)

// mailQueue is what is measured of the queue of mails: how many are unsent, and how long the oldest has waited.
type mailQueue interface {
	Unsent(ctx context.Context) (mails int, oldest time.Duration, err error)
}

// mailMetrics say whether mails leave.
type mailMetrics struct {
	queue  mailQueue
	unsent prometheus.Gauge
	age    prometheus.Gauge
}

func newMailMetrics(reg prometheus.Registerer, queue mailQueue) *mailMetrics {
	m := &mailMetrics{
		queue:  queue,
		unsent: prometheus.NewGauge(prometheus.GaugeOpts{Name: "identity_mail_queue_unsent", Help: "Mails that have not been sent."}),
		age:    prometheus.NewGauge(prometheus.GaugeOpts{Name: "identity_mail_queue_age_seconds", Help: "How long the oldest unsent mail has waited."}),
	}
	reg.MustRegister(m.unsent, m.age)
	return m
}

func (m *mailMetrics) measure(ctx context.Context) error {
	mails, oldest, err := m.queue.Unsent(ctx)
	if err != nil {
		return err
	}
	m.unsent.Set(float64(mails))
	m.age.Set(oldest.Seconds())
	return nil
}

// watchPasswords tells how busy the hashing of passwords is.
func watchPasswords(reg prometheus.Registerer, d app.Deps) {
	hasher, ok := d.Passwords.(interface{ Load() (running, waiting int) })
	if !ok { // it has no queue
		return
	}
	gauge := func(name, help string, read func(running, waiting int) int) {
		reg.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, func() float64 { return float64(read(hasher.Load())) }))
	}
	gauge("identity_password_hashes_running", "Passwords that are hashed at this moment.", func(running, _ int) int { return running })
	gauge("identity_password_hashes_waiting", "Passwords that wait to be hashed.", func(_, waiting int) int { return waiting })
}
