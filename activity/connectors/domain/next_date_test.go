package domain_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/connectors/domain"
)

func TestTheNextDateOfAnEvent(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	weekly := map[string]any{"start": "20260203T200000", "rule": "FREQ=WEEKLY", "rdates": []any{}, "exdates": []any{}}
	with := func(change map[string]any) map[string]any {
		changed := map[string]any{}
		for _, part := range []map[string]any{weekly, change} {
			for key, value := range part {
				changed[key] = value
			}
		}
		return changed
	}
	for name, x := range map[string]struct {
		starts, zone string
		repeats      any
		want         time.Time
	}{
		"ahead":            {"2026-03-11T12:00:00Z", "UTC", nil, time.Date(2026, 3, 11, 12, 0, 0, 0, time.UTC)},
		"over":             {"2026-03-10T12:00:00Z", "UTC", nil, time.Time{}},
		"says nothing":     {"", "UTC", nil, time.Time{}},
		"repeats":          {"2026-02-03T17:00:00Z", "Europe/Moscow", weekly, time.Date(2026, 3, 10, 17, 0, 0, 0, time.UTC)},
		"but not then":     {"2026-02-03T17:00:00Z", "Europe/Moscow", with(map[string]any{"exdates": []any{"20260310T200000"}}), time.Date(2026, 3, 17, 17, 0, 0, 0, time.UTC)},
		"an extra date":    {"2026-02-03T17:00:00Z", "Europe/Moscow", with(map[string]any{"rdates": []any{"20260310T180000"}}), time.Date(2026, 3, 10, 15, 0, 0, 0, time.UTC)},
		"only extra dates": {"2026-02-03T17:00:00Z", "UTC", with(map[string]any{"rule": "", "rdates": []any{"20260401T200000"}}), time.Date(2026, 4, 1, 20, 0, 0, 0, time.UTC)},
		"has ended":        {"2026-02-03T17:00:00Z", "Europe/Moscow", with(map[string]any{"rule": "FREQ=WEEKLY;COUNT=3"}), time.Time{}},
		"whole days":       {"2026-02-03T00:00:00Z", "UTC", with(map[string]any{"start": "20260203"}), time.Date(2026, 3, 17, 0, 0, 0, 0, time.UTC)},
		"no rule":          {"2026-02-03T17:00:00Z", "UTC", with(map[string]any{"rule": "FREQ=SOMETIMES"}), time.Time{}},
		"no zone":          {"2026-02-03T17:00:00Z", "Nowhere", weekly, time.Time{}},
		"no start":         {"2026-02-03T17:00:00Z", "UTC", with(map[string]any{"start": "soon"}), time.Time{}},
		"no object":        {"2026-02-03T17:00:00Z", "UTC", "weekly", time.Time{}},
	} {
		payload := map[string]any{"starts_at": x.starts, "time_zone": x.zone, "recurrence": x.repeats}
		require.Equal(t, x.want, domain.NextDate(payload, now), name)
	}
}
