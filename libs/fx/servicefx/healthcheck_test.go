package servicefx

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// The health check of an image asks the service where it listens, and follows its answer.
func TestTheHealthCheckFollowsReadiness(t *testing.T) {
	status := http.StatusOK
	var asked []string
	service := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.URL.Path)
		w.WriteHeader(status)
	}))
	defer service.Close()
	addr := strings.TrimPrefix(service.URL, "http://")
	_, port, err := net.SplitHostPort(addr)
	require.NoError(t, err)

	for _, listen := range []string{addr, "0.0.0.0:" + port, ":" + port} {
		t.Setenv("LISTEN_ADDR", listen)
		status = http.StatusOK
		require.NoError(t, healthcheck(t.Context()), listen)
		status = http.StatusServiceUnavailable
		require.ErrorContains(t, healthcheck(t.Context()), "not ready")
	}
	require.Subset(t, []string{"/health/ready"}, asked)

	t.Setenv("LISTEN_ADDR", "8080")
	require.ErrorContains(t, healthcheck(t.Context()), "LISTEN_ADDR")
	service.Close()
	t.Setenv("LISTEN_ADDR", addr)
	require.Error(t, healthcheck(t.Context()))
}
