package stats_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/bench/stats"
)

func TestSummary(t *testing.T) {
	require.Equal(t, stats.Summary{Median: 3, Min: 1, Max: 9, N: 5}, stats.Of([]float64{9, 1, 3, 2, 4}))
	require.Equal(t, stats.Summary{Median: 2.5, Min: 1, Max: 4, N: 4}, stats.Of([]float64{4, 3, 2, 1}))
	require.Equal(t, stats.Summary{Median: 7, Min: 7, Max: 7, N: 1}, stats.Of([]float64{7}))
	require.True(t, math.IsNaN(stats.Of(nil).Median))
}

func TestSummaryLeavesItsInputInOrder(t *testing.T) {
	values := []float64{3, 1, 2}
	stats.Of(values)
	require.Equal(t, []float64{3, 1, 2}, values)
}

func TestRatiosDividePairByPair(t *testing.T) {
	require.Equal(t, []float64{2, 3}, stats.Ratios([]float64{20, 60}, []float64{10, 20}))
	require.Empty(t, stats.Ratios(nil, []float64{1}))
}

func TestPercentileIsTheNearestRank(t *testing.T) {
	latencies := make([]time.Duration, 0, 200)
	for i := 200; i > 0; i-- {
		latencies = append(latencies, time.Duration(i))
	}
	require.Equal(t, time.Duration(100), stats.Percentile(latencies, 50))
	require.Equal(t, time.Duration(198), stats.Percentile(latencies, 99))
	require.Equal(t, time.Duration(200), stats.Percentile(latencies, 100))
	require.Equal(t, time.Duration(1), stats.Percentile(latencies, 0))
	require.Equal(t, time.Duration(5), stats.Percentile([]time.Duration{5}, 99))
	require.Zero(t, stats.Percentile(nil, 99))
}
