// Package stats sums up repeated measurements.
package stats

import (
	"math"
	"slices"
	"time"
)

// Summary is the middle of several measurements and how far they spread.
type Summary struct {
	Median, Min, Max float64
	N                int
}

// Of sums up values; NaN when there are none.
func Of(values []float64) Summary {
	if len(values) == 0 {
		return Summary{Median: math.NaN(), Min: math.NaN(), Max: math.NaN()}
	}
	sorted := slices.Sorted(slices.Values(values))
	middle := len(sorted) / 2
	median := sorted[middle]
	if len(sorted)%2 == 0 {
		median = (sorted[middle-1] + sorted[middle]) / 2
	}
	return Summary{Median: median, Min: sorted[0], Max: sorted[len(sorted)-1], N: len(sorted)}
}

// Ratios divides pair by pair. What disturbs a machine for a while disturbs both halves of a pair that ran side by side,
// so the median of these is steadier than the quotient of two medians.
func Ratios(values, baselines []float64) []float64 {
	ratios := make([]float64, 0, len(values))
	for i := range min(len(values), len(baselines)) {
		ratios = append(ratios, values[i]/baselines[i])
	}
	return ratios
}

// Percentile returns the smallest latency that at least p of 100 requests did not exceed (nearest rank). It sorts latencies.
func Percentile(latencies []time.Duration, p float64) time.Duration {
	if len(latencies) == 0 {
		return 0
	}
	slices.Sort(latencies)
	rank := int(math.Ceil(p / 100 * float64(len(latencies))))
	return latencies[min(max(rank, 1), len(latencies))-1]
}
