// Package telemetry sets up what an operator sees of a service: structured
// logs, Prometheus metrics and OpenTelemetry traces.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/lmittmann/tint"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
	"go.opentelemetry.io/otel/trace"

	"go.updspace.com/api/contract"
)

// Config is what an operator can turn.
type Config struct {
	LogLevel     slog.Level `env:"LOG_LEVEL" envDefault:"INFO"`              // DEBUG, INFO, WARN or ERROR
	LogFormat    string     `env:"LOG_FORMAT" envDefault:"json"`             // json, or pretty for a person
	OTLPEndpoint string     `env:"OTEL_EXPORTER_OTLP_ENDPOINT"`              // where traces are sent; empty: nowhere
	SampleRatio  float64    `env:"OTEL_TRACES_SAMPLER_ARG" envDefault:"0.1"` // share of the requests that are traced
}

// NewLogger writes to w in the configured form, naming the service in every line.
func NewLogger(w io.Writer, cfg Config, service string) *slog.Logger {
	var h slog.Handler
	if cfg.LogFormat == "pretty" {
		h = tint.NewTextHandler(w, &tint.Options{Level: cfg.LogLevel, TimeFormat: time.TimeOnly})
	} else {
		h = slog.NewJSONHandler(w, &slog.HandlerOptions{Level: cfg.LogLevel})
	}
	return slog.New(h).With("service", service)
}

// NewRegistry returns a registry of its own for each service, so that several
// can run in one process without their series mixing.
func NewRegistry(service string) (*prometheus.Registry, prometheus.Registerer) {
	reg := prometheus.NewRegistry()
	named := prometheus.WrapRegistererWith(prometheus.Labels{"service": service}, reg)
	named.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return reg, named
}

// AdminHandler serves what only operators may reach: metrics and profiles.
func AdminHandler(reg *prometheus.Registry) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(reg, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

// Tracing is the tracer of a service. Without an endpoint it adds nothing to a
// request, not even an empty span.
type Tracing struct {
	provider *sdktrace.TracerProvider
}

// NewTracing starts exporting spans, if an endpoint is configured.
func NewTracing(ctx context.Context, cfg Config, service string) (*Tracing, error) {
	if cfg.OTLPEndpoint == "" {
		return &Tracing{}, nil
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(cfg.OTLPEndpoint))
	if err != nil {
		return nil, fmt.Errorf("starting the trace exporter: %w", err)
	}
	res, err := resource.Merge(resource.Default(), resource.NewSchemaless(semconv.ServiceName(service)))
	if err != nil && !errors.Is(err, resource.ErrSchemaURLConflict) {
		return nil, fmt.Errorf("describing the service to the tracer: %w", err)
	}
	return &Tracing{provider: sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithResource(res),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(cfg.SampleRatio))),
	)}, nil
}

// Handler records a span for every request it passes on.
func (t *Tracing) Handler(next http.Handler) http.Handler {
	if t.provider == nil {
		return next
	}
	return otelhttp.NewHandler(next, "request", otelhttp.WithTracerProvider(t.provider), otelhttp.WithPropagators(propagation.TraceContext{}), otelhttp.WithFilter(traced))
}

// traced leaves out requests to paths with a secret, because spans have the path.
func traced(r *http.Request) bool {
	_, secret := contract.LoggedPath(r.URL.Path)
	return !secret
}

// Transport hands the trace on to the next service.
func (t *Tracing) Transport(next http.RoundTripper) http.RoundTripper {
	if t.provider == nil {
		return next
	}
	return otelhttp.NewTransport(next, otelhttp.WithTracerProvider(t.provider), otelhttp.WithPropagators(propagation.TraceContext{}), otelhttp.WithFilter(traced))
}

// Annotate names the current span after its operation.
func Annotate(ctx context.Context, operation string) {
	trace.SpanFromContext(ctx).SetName(operation)
}

// Shutdown sends what has not been sent.
func (t *Tracing) Shutdown(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}
