package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/events/app"
	"go.updspace.com/events/domain"
	"go.updspace.com/libs/authz"
)

// A report has at most a thousand items, with titles of at most 255 characters; of a file at most 200 events are taken over.
func TestReportsOfImportsAreBounded(t *testing.T) {
	t.Parallel()
	h := newFixture(t)
	var file []domain.FileEvent
	for i := range 1_001 {
		starts := h.clock.Now().Add(time.Hour)
		file = append(file, domain.FileEvent{Line: i + 1, UID: fmt.Sprint(i), Draft: domain.EventDraft{
			Details: domain.Details{Title: strings.Repeat("ё", 256)}, Schedule: domain.ScheduleDraft{Starts: starts, Ends: starts.Add(time.Hour)},
		}})
		if i > 0 {
			file[i].Draft.Details.Title = "Raid"
		}
	}
	imports := &app.Imports{Deps: h.deps}
	report, err := imports.Import(h.as(h.maker), h.maker, app.ImportEvents{
		ScopeType: authz.ScopeTenant, DryRun: true, Read: func() ([]domain.FileEvent, error) { return file, nil },
	})
	require.NoError(t, err)
	require.Len(t, report.Items, 1_000)
	require.Equal(t, strings.Repeat("ё", 255), report.Items[0].Title)
	actions := map[app.ImportAction]int{}
	for _, item := range report.Items {
		actions[item.Action]++
	}
	require.Equal(t, map[app.ImportAction]int{app.ImportCreate: domain.MaxImportEvents - 1, app.ImportSkip: 801}, actions)

	// The event that fills the report is there with the dates that fit.
	file = file[:0]
	for i := range domain.MaxImportEvents {
		starts := h.clock.Now().Add(time.Hour)
		series := domain.FileEvent{Line: i + 1, UID: fmt.Sprint(i), Draft: domain.EventDraft{Details: domain.Details{Title: "Raid"}, Schedule: domain.ScheduleDraft{
			Starts: starts, Ends: starts.Add(time.Hour), Rule: "FREQ=WEEKLY;COUNT=7",
		}}}
		for week := range 6 {
			series.Dates = append(series.Dates, domain.FileDate{At: starts.AddDate(0, 0, 7*week), Edit: domain.OccurrenceEdit{Title: new("Final")}})
		}
		file = append(file, series)
	}
	report, err = imports.Import(h.as(h.maker), h.maker, app.ImportEvents{
		ScopeType: authz.ScopeTenant, DryRun: true, Read: func() ([]domain.FileEvent, error) { return file, nil },
	})
	require.NoError(t, err)
	require.Len(t, report.Items, 1_000)
}
