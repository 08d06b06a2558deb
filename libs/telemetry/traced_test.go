package telemetry

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// A request to a path with a secret leaves no span, neither where it is served nor where it is passed on.
func TestSecretsAreNotTraced(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewInMemoryExporter()
	tracing := &Tracing{provider: sdktrace.NewTracerProvider(sdktrace.WithSyncer(spans))}
	server := httptest.NewServer(tracing.Handler(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})))
	t.Cleanup(server.Close)
	for path, want := range map[string]int{"/api/v1/events": 2, "/api/v1/events/calendars/feeds/secret/calendar.ics": 0} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, http.NoBody)
		require.NoError(t, err)
		resp, err := tracing.Transport(http.DefaultTransport).RoundTrip(r)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Len(t, spans.GetSpans(), want, path)
		spans.Reset()
	}
}
