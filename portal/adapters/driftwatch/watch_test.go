package driftwatch_test

import (
	"bytes"
	"log/slog"
	"testing"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"go.updspace.com/portal/adapters/driftwatch"
	"go.updspace.com/portal/ports"
)

func TestDriftIsLoggedAndCounted(t *testing.T) {
	var log bytes.Buffer
	reg := prometheus.NewRegistry()
	w := driftwatch.New(slog.New(slog.NewTextHandler(&log, nil)), reg)
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
	w.Drifted(t.Context(), uuid.New(), ports.Drift{})
	require.Empty(t, log.String(), "nothing to say")
	require.Equal(t, map[string]float64{"added": 0, "changed": 0, "removed": 0}, counted())
	tenant := uuid.New()
	w.Drifted(t.Context(), tenant, ports.Drift{Added: 1, Removed: 3})
	require.Equal(t, map[string]float64{"added": 1, "changed": 0, "removed": 3}, counted())
	require.Contains(t, log.String(), tenant.String())
}
