package accessclient

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/groups/ports"
)

func TestDriftIsLoggedAndCounted(t *testing.T) {
	answer := `{"added":0,"changed":0,"removed":0}`
	access := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(answer))
	}))
	defer access.Close()
	client, err := accessclient.New(accessclient.Config{URL: access.URL}, func(next http.RoundTripper) http.RoundTripper { return next })
	require.NoError(t, err)
	var log bytes.Buffer
	reg := prometheus.NewRegistry()
	s := NewSync(client, slog.New(slog.NewTextHandler(&log, nil)), reg)
	counted := func() map[string]float64 {
		families, err := reg.Gather()
		require.NoError(t, err)
		require.Len(t, families, 1)
		counts := map[string]float64{}
		for _, m := range families[0].GetMetric() {
			counts[m.GetLabel()[0].GetValue()] = m.GetCounter().GetValue()
		}
		return counts
	}
	tenant := uuid.New()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
	_, err = s.Reconcile(ctx, ports.MembershipRange{})
	require.NoError(t, err)
	require.Empty(t, log.String(), "nothing to say")
	require.Equal(t, map[string]float64{"added": 0, "changed": 0, "removed": 0}, counted())
	answer = `{"added":1,"changed":0,"removed":3}`
	drift, err := s.Reconcile(ctx, ports.MembershipRange{})
	require.NoError(t, err)
	require.Equal(t, ports.Drift{Added: 1, Removed: 3}, drift)
	require.Equal(t, map[string]float64{"added": 1, "changed": 0, "removed": 3}, counted())
	require.Contains(t, log.String(), tenant.String())
}
