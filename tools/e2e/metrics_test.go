package e2e

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/platform"
)

// Dashboards and alerts read metrics that the services export: deploy/observability/metrics.txt has those that they name.
func TestQueriedMetricsAreExported(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("..", "..", "deploy", "observability", "metrics.txt"))
	require.NoError(t, err)
	queried := strings.Fields(string(text))
	require.NotEmpty(t, queried)
	exported := map[string]bool{}
	for _, name := range platform.Names() {
		metrics := metricsOf(t, name)
		for _, line := range regexp.MustCompile(`(?m)^# TYPE (\S+) `).FindAllStringSubmatch(metrics, -1) {
			exported[line[1]] = true
		}
		// Rules and dashboards tell services apart by this label.
		require.Contains(t, metrics, `process_start_time_seconds{service="`+name+`"}`)
		require.Regexp(t, `http_server_request_duration_seconds_bucket\{method="GET",operation="health",service="`+name+`",status="200",le="2\.5"\}`, metrics)
	}
	for _, name := range queried {
		require.True(t, exported[name], "%s is exported by no service", name)
	}
}

// metricsOf runs another instance of the service, which has answered one request, and reads its metrics.
func metricsOf(t *testing.T, service string) string {
	t.Helper()
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	admin := l.Addr().String()
	require.NoError(t, l.Close())
	instance, err := world.Service(service).StartAnother(t.Context(), map[string]string{"ADMIN_ADDR": admin})
	require.NoError(t, err)
	stopAtEnd(t, instance)
	text := func(url string) string {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
		require.NoError(t, err)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		defer func() { _ = answer.Body.Close() }()
		require.Equal(t, http.StatusOK, answer.StatusCode)
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		return string(body)
	}
	text(instance.URL + "/health/live")
	return text("http://" + admin + "/metrics")
}
