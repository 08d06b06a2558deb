package httpx

import (
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

type metrics struct {
	duration *prometheus.HistogramVec
}

func newMetrics(reg prometheus.Registerer) *metrics {
	m := &metrics{duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name:    "http_server_request_duration_seconds",
		Help:    "Time from the first byte of a request to the end of its answer.",
		Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
	}, []string{"operation", "method", "status"})}
	if reg != nil {
		reg.MustRegister(m.duration)
	}
	return m
}

// observe labels by operation and not by path, so that the document bounds the number of series.
func (m *metrics) observe(operation, method string, status int, took time.Duration) {
	if operation == "" {
		operation = "none"
	}
	switch method {
	case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS":
	default:
		method = "other"
	}
	m.duration.WithLabelValues(operation, method, strconv.Itoa(status)).Observe(took.Seconds())
}
