package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/events/domain"
	"go.updspace.com/libs/errs"
)

func TestRemindersHaveOneForm(t *testing.T) {
	t.Parallel()
	fields := errs.Fields{}
	require.Equal(t, []int{1440, 60, 5}, domain.Reminders(fields, "minutes", []int{60, 5, 1440, 60}))
	require.Equal(t, []int{}, domain.Reminders(fields, "minutes", nil))
	require.Empty(t, fields)
	for _, wrong := range [][]int{{0}, {-5}, {61}, {20160}, {5, 10, 15, 30, 60, 120}} {
		fields := errs.Fields{}
		domain.Reminders(fields, "minutes", wrong)
		require.Contains(t, fields, "minutes", wrong)
	}
}

// Whenever a date is looked at, each reminder whose time came after the event was made is due at one look, the first from its time on,
// and none after the start.
func TestEachReminderIsDueOnce(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		starts := now.Add(time.Duration(rapid.IntRange(1, 20_000).Draw(t, "minutes to the start")) * time.Minute)
		event, dates, err := domain.NewEvent(maker, "aef", draft(func(d *domain.EventDraft) {
			d.Schedule.Starts, d.Schedule.Ends = starts, starts.Add(time.Hour)
		}), now)
		require.NoError(t, err)
		o := dates[0]
		looks := rapid.SliceOfN(rapid.IntRange(0, 21_000), 1, 30).Draw(t, "looks, in minutes from now")
		slices.Sort(looks)
		var got []int
		for _, minutes := range looks {
			at := now.Add(time.Duration(minutes) * time.Minute)
			var due []int
			o, due, _ = event.LookForReminders(o, at)
			for _, m := range due {
				require.False(t, starts.Add(-time.Duration(m)*time.Minute).After(at))
				require.True(t, at.Before(starts))
			}
			got = append(got, due...)
		}
		var want []int
		for _, m := range domain.ReminderMinutes {
			at := starts.Add(-time.Duration(m) * time.Minute)
			look := slices.IndexFunc(looks, func(minutes int) bool { return !now.Add(time.Duration(minutes) * time.Minute).Before(at) })
			if !at.Before(now) && look >= 0 && now.Add(time.Duration(looks[look])*time.Minute).Before(starts) {
				want = append(want, m)
			}
		}
		slices.SortFunc(got, func(a, b int) int { return b - a })
		require.Equal(t, want, got)
	})
}

// A date that moves keeps what members were told of, unless its time comes again.
func TestRemindersOfADateThatMoves(t *testing.T) {
	t.Parallel()
	const hour = time.Hour
	for name, c := range map[string]struct {
		look, move time.Duration // before the start; moved by
		next       time.Duration // look, from the former start
		due        []int
	}{
		"sooner, past what was not told of":     {look: 30 * hour, move: -29 * hour, next: -29*hour - 30*time.Minute, due: []int{1440, 720, 360, 180, 120, 60, 30}},
		"sooner, what was told of is not again": {look: 24 * hour, move: -10 * hour, next: -22 * hour, due: []int{720}},
		"later, the time has not come again":    {look: 24 * hour, move: 10 * hour, next: -20 * hour, due: nil},
		"later, the time comes again":           {look: 24 * hour, move: 48 * hour, next: 24 * hour, due: []int{2880, 1440}},
		"later, after it had begun":             {look: -1 * hour, move: 2 * hour, next: 90 * time.Minute, due: []int{120, 60, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			starts := now.AddDate(0, 0, 30)
			event, dates := made(t, func(d *domain.EventDraft) { d.Schedule.Starts, d.Schedule.Ends = starts, starts.Add(hour) })
			o, _, looked := event.LookForReminders(dates[0], starts.Add(-c.look))
			require.True(t, looked)
			o, _, err := event.EditOccurrence(o, domain.OccurrenceEdit{Starts: new(starts.Add(c.move))})
			require.NoError(t, err)
			_, due, _ := event.LookForReminders(o, starts.Add(c.next))
			require.Equal(t, c.due, due)
		})
	}
}
