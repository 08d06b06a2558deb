package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/events/domain"
)

// carry applies a plan to stored dates.
func carry(stored []domain.Occurrence, plan domain.Plan) []domain.Occurrence {
	byID := map[uuid.UUID]domain.Occurrence{}
	for _, o := range slices.Concat(stored, plan.Changed, plan.Added) {
		byID[o.ID()] = o
	}
	for _, id := range plan.Removed {
		delete(byID, id)
	}
	var left []domain.Occurrence
	for _, o := range byID {
		left = append(left, o)
	}
	slices.SortFunc(left, func(a, b domain.Occurrence) int { return a.Data().Starts.Compare(b.Data().Starts) })
	return left
}

func starts(dates []domain.Occurrence) []string {
	list := []string{}
	for _, o := range dates {
		list = append(list, o.Data().Starts.Format("0102T1504"))
	}
	return list
}

func TestEditsOfTheScheduleKeepTheDates(t *testing.T) {
	t.Parallel()
	tuesday := time.Date(2026, 3, 10, 16, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		what, rule string
		edit       domain.EventEdit
		at         time.Time
		want       []string
		kept       int // dates that have the id of a former one
	}{
		{"a single event moves", "", domain.EventEdit{Starts: new(tuesday.Add(time.Hour))}, now, []string{"0310T1700"}, 1},
		{"a single event of the past moves", "", domain.EventEdit{Starts: new(tuesday.Add(time.Hour))}, tuesday.AddDate(1, 0, 0), []string{"0310T1700"}, 1},
		{"a series moves by a day", "FREQ=WEEKLY;COUNT=3", domain.EventEdit{Starts: new(tuesday.AddDate(0, 0, 1))}, now, []string{"0311T1600", "0318T1600", "0325T1600"}, 3},
		{"a series moves to another zone", "FREQ=WEEKLY;COUNT=2", domain.EventEdit{Zone: new("America/New_York")}, now, []string{"0310T1600", "0317T1600"}, 2},
		{"a series gets more dates", "FREQ=WEEKLY;COUNT=2", domain.EventEdit{Rule: new("FREQ=WEEKLY;COUNT=3")}, now, []string{"0310T1600", "0317T1600", "0324T1600"}, 2},
		{"a series gets fewer dates", "FREQ=WEEKLY;COUNT=3", domain.EventEdit{Rule: new("FREQ=WEEKLY;COUNT=1")}, now, []string{"0310T1600"}, 1},
		{"a single event becomes a series", "", domain.EventEdit{Rule: new("FREQ=WEEKLY;COUNT=2")}, now, []string{"0310T1600", "0317T1600"}, 1},
		{"a series becomes a single event", "FREQ=WEEKLY;COUNT=3", domain.EventEdit{Rule: new("")}, now, []string{"0310T1600"}, 1},
		{"an exception", "FREQ=WEEKLY;COUNT=3", domain.EventEdit{EXDates: &[]time.Time{tuesday.AddDate(0, 0, 7)}}, now, []string{"0310T1600", "0324T1600"}, 2},
		{"an extra date", "FREQ=WEEKLY;COUNT=1", domain.EventEdit{RDates: &[]time.Time{tuesday.AddDate(0, 0, 1)}}, now, []string{"0310T1600", "0311T1600"}, 1},
		{
			"what has begun stays", "FREQ=WEEKLY;COUNT=3", domain.EventEdit{Starts: new(tuesday.Add(time.Hour))}, tuesday.AddDate(0, 0, 8),
			[]string{"0310T1600", "0317T1600", "0324T1700"}, 3,
		},
	} {
		event, stored := made(t, rule(c.rule))
		edited, plan, changed, err := event.Edit(c.edit, stored, c.at)
		require.NoError(t, err, c.what)
		require.True(t, changed, c.what)
		require.Equal(t, 1, edited.Data().Sequence, c.what)
		left := carry(stored, plan)
		require.Equal(t, c.want, starts(left), c.what)
		kept := 0
		for _, o := range left {
			if slices.ContainsFunc(stored, func(s domain.Occurrence) bool { return s.ID() == o.ID() }) {
				kept++
			}
		}
		require.Equal(t, c.kept, kept, c.what)
	}
}

// What is left out stays left out when the start moves, and extra dates keep their ids and with them their answers.
func TestSingleDatesFollowTheStart(t *testing.T) {
	t.Parallel()
	berlin, err := time.LoadLocation("Europe/Berlin")
	require.NoError(t, err)
	at := func(month time.Month, day, hour int) time.Time {
		return time.Date(2026, month, day, hour, 0, 0, 0, berlin)
	}
	for _, c := range []struct {
		what string
		edit domain.EventEdit
		want []string // in UTC; Berlin changes its clocks on 29 March
		kept int
	}{
		{"as it was", domain.EventEdit{Rule: new("FREQ=WEEKLY;COUNT=5")}, []string{"0310T1800", "0312T1800", "0314T0900", "0324T1800", "0331T1700", "0407T1700"}, 5},
		{"an hour later", domain.EventEdit{Starts: new(at(3, 10, 20))}, []string{"0310T1900", "0312T1900", "0314T0900", "0324T1900", "0331T1800"}, 5},
		{"at the same clock elsewhere", domain.EventEdit{Zone: new("Europe/Moscow"), Starts: new(at(3, 10, 17))}, []string{"0310T1600", "0312T1600", "0314T0900", "0324T1600", "0331T1600"}, 5},
		{"at the same time, in another zone", domain.EventEdit{Zone: new("Europe/Moscow")}, []string{"0310T1800", "0312T1800", "0314T0900", "0324T1800", "0331T1800"}, 5},
		{"whole days", domain.EventEdit{AllDay: new(true)}, []string{"0309T2300", "0311T2300", "0313T2300", "0323T2300", "0330T2200"}, 4},
		{"named ones stay", domain.EventEdit{Starts: new(at(3, 10, 20)), RDates: &[]time.Time{at(3, 12, 19)}, EXDates: &[]time.Time{at(3, 24, 20)}}, []string{"0310T1900", "0312T1800", "0317T1900", "0331T1800"}, 3},
		{"an unknown zone", domain.EventEdit{Zone: new("Mars/Olympus")}, nil, 0},
	} {
		event, stored := made(t, rule("FREQ=WEEKLY;COUNT=4"), func(d *domain.EventDraft) {
			d.Schedule.Zone, d.Schedule.Starts, d.Schedule.Ends = "Europe/Berlin", at(3, 10, 19), at(3, 10, 21)
			d.Schedule.RDates, d.Schedule.EXDates = []time.Time{at(3, 12, 19), at(3, 14, 10)}, []time.Time{at(3, 17, 19)}
		})
		_, plan, _, err := event.Edit(c.edit, stored, now)
		if c.want == nil {
			require.ErrorContains(t, err, "timeZone", c.what)
			continue
		}
		require.NoError(t, err, c.what)
		left := carry(stored, plan)
		require.Equal(t, c.want, starts(left), c.what)
		kept := slices.DeleteFunc(left, func(o domain.Occurrence) bool {
			return !slices.ContainsFunc(stored, func(s domain.Occurrence) bool { return s.ID() == o.ID() })
		})
		require.Len(t, kept, c.kept, c.what)
	}
}

func TestADateKeepsWhatIsItsOwn(t *testing.T) {
	t.Parallel()
	event, stored := made(t, rule("FREQ=WEEKLY;COUNT=3"))
	own, changed, err := event.EditOccurrence(stored[1], domain.OccurrenceEdit{Title: new("Final"), Starts: new(stored[1].Data().Starts.AddDate(0, 0, 1))})
	require.NoError(t, err)
	require.True(t, changed && own.Changed())
	require.Equal(t, "Final", event.Details(own).Title)
	stored[1] = own
	_, plan, _, err := event.Edit(domain.EventEdit{Starts: new(stored[0].Data().Starts.Add(time.Hour))}, stored, now)
	require.NoError(t, err)
	require.Equal(t, []string{"0310T1700", "0318T1600", "0324T1700"}, starts(carry(stored, plan)))
	back, _, err := event.EditOccurrence(own, domain.OccurrenceEdit{Title: new("Game night"), Starts: new(own.Data().Original)})
	require.NoError(t, err)
	require.False(t, back.Changed(), "what the event has is the event's again")
	_, _, err = event.EditOccurrence(own, domain.OccurrenceEdit{Title: new(" ")})
	require.ErrorContains(t, err, "title")
	_, _, err = event.EditOccurrence(own, domain.OccurrenceEdit{Ends: new(own.Data().Starts)})
	require.ErrorIs(t, err, domain.ErrInvalidTimeRange)
}

// Whatever a schedule is changed to, its stored dates to come are those of a new event with that schedule, and none is doubled.
func TestPlansReachTheNewSchedule(t *testing.T) {
	t.Parallel()
	rules := []string{"", "FREQ=DAILY;COUNT=4", "FREQ=WEEKLY;COUNT=3", "FREQ=WEEKLY;BYDAY=TU,TH;COUNT=5", "FREQ=MONTHLY;BYDAY=2TU;COUNT=3", "FREQ=WEEKLY"}
	rapid.Check(t, func(t *rapid.T) {
		event, stored, err := domain.NewEvent(maker, "aef", draft(rule(rapid.SampledFrom(rules).Draw(t, "was"))), now)
		require.NoError(t, err)
		edit := domain.EventEdit{
			Rule:   new(rapid.SampledFrom(rules).Draw(t, "is")),
			Starts: new(event.Data().Schedule.Starts().Add(time.Duration(rapid.IntRange(-100, 1000).Draw(t, "hours")) * time.Hour)),
			Zone:   new(rapid.SampledFrom([]string{"Europe/Moscow", "America/New_York", "UTC"}).Draw(t, "zone")),
		}
		edited, plan, changed, err := event.Edit(edit, stored, now)
		require.NoError(t, err)
		if !changed {
			return
		}
		want, _ := edited.Data().Schedule.Dates(now)
		left := carry(stored, plan)
		require.Len(t, left, len(want))
		for i, date := range want {
			require.Equal(t, date.At, left[i].Data().Starts)
			require.Equal(t, date.Local, left[i].Data().RecurrenceID)
			require.Equal(t, edited.Data().Schedule.EndOf(date.Local), left[i].Data().Ends)
		}
	})
}

// Both parts of a divided series together have its dates, each with its id.
func TestSplitsLoseNoDate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		event, stored, err := domain.NewEvent(maker, "aef", draft(rule(rapid.SampledFrom([]string{
			"FREQ=DAILY;COUNT=4", "FREQ=WEEKLY;COUNT=9", "FREQ=MONTHLY;UNTIL=20270101T000000Z", "FREQ=WEEKLY",
		}).Draw(t, "rule"))), now)
		require.NoError(t, err)
		at := rapid.IntRange(1, len(stored)-1).Draw(t, "at")
		first, second, moved, err := event.Split(stored[at], stored, now)
		require.NoError(t, err)
		require.Len(t, moved, len(stored)-at)
		before, _ := first.Data().Schedule.Dates(now)
		after, _ := second.Data().Schedule.Dates(now)
		require.Len(t, before, at)
		for i, o := range moved {
			require.Equal(t, stored[at+i].ID(), o.ID())
			require.Equal(t, second.ID(), o.Data().EventID)
			require.Equal(t, after[i].At, o.Data().Starts)
		}
		require.NotEqual(t, first.Data().ICalUID, second.Data().ICalUID)
	})
}

func TestTheFirstDateCannotBeSplitOff(t *testing.T) {
	t.Parallel()
	event, stored := made(t, rule("FREQ=WEEKLY;COUNT=3"))
	_, _, _, err := event.Split(stored[0], stored, now)
	require.ErrorIs(t, err, domain.ErrNotRecurring)
	cancelled, _, err := event.Cancel("", now)
	require.NoError(t, err)
	_, _, _, err = cancelled.Split(stored[1], stored, now)
	require.ErrorIs(t, err, domain.ErrEventCancelled)
}

// A date may have each text of its own, empty too, and has that of the event again when it is the same or when the date is reset.
func TestADateHasTextsOfItsOwn(t *testing.T) {
	t.Parallel()
	event, stored := made(t, rule("FREQ=WEEKLY;COUNT=2"), func(d *domain.EventDraft) {
		d.Details = domain.Details{Title: "Title", Description: "Description", LocationText: "Place", LocationURL: "https://example.com/map"}
	})
	all := event.Data().Details
	for name, c := range map[string]struct {
		edit, back domain.OccurrenceEdit
		want       domain.Details
	}{
		"title":       {domain.OccurrenceEdit{Title: new("Own")}, domain.OccurrenceEdit{Title: &all.Title}, domain.Details{Title: "Own", Description: "Description", LocationText: "Place", LocationURL: "https://example.com/map"}},
		"description": {domain.OccurrenceEdit{Description: new("Own")}, domain.OccurrenceEdit{Description: &all.Description}, domain.Details{Title: "Title", Description: "Own", LocationText: "Place", LocationURL: "https://example.com/map"}},
		"place":       {domain.OccurrenceEdit{LocationText: new("")}, domain.OccurrenceEdit{LocationText: &all.LocationText}, domain.Details{Title: "Title", Description: "Description", LocationURL: "https://example.com/map"}},
		"address":     {domain.OccurrenceEdit{LocationURL: new("https://example.org")}, domain.OccurrenceEdit{LocationURL: &all.LocationURL}, domain.Details{Title: "Title", Description: "Description", LocationText: "Place", LocationURL: "https://example.org"}},
	} {
		own, changed, err := event.EditOccurrence(stored[0], c.edit)
		require.NoError(t, err, name)
		require.True(t, changed && own.Changed(), name)
		require.Equal(t, c.want, event.Details(own), name)
		require.Equal(t, all, event.Details(stored[1]), "%s: the other date has those of the event", name)
		for _, back := range []domain.OccurrenceEdit{c.back, {Reset: true}} {
			again, changed, err := event.EditOccurrence(own, back)
			require.NoError(t, err, name)
			require.True(t, changed && !again.Changed(), name)
			require.Equal(t, all, event.Details(again), name)
		}
	}
	_, _, err := event.EditOccurrence(stored[0], domain.OccurrenceEdit{LocationURL: new("javascript:alert(1)")})
	require.ErrorContains(t, err, "locationUrl")
}

// The order of co-hosts is no difference.
func TestCoHostsAreASet(t *testing.T) {
	t.Parallel()
	hosts := []uuid.UUID{uuid.New(), uuid.New(), uuid.New()}
	event, _ := made(t, func(d *domain.EventDraft) { d.CoHosts = hosts })
	slices.Reverse(hosts)
	_, _, changed, err := event.Edit(domain.EventEdit{CoHosts: new(append(slices.Clone(hosts), hosts[0], maker.User))}, nil, now)
	require.NoError(t, err)
	require.False(t, changed)
	less, _, changed, err := event.Edit(domain.EventEdit{CoHosts: new(hosts[:2])}, nil, now)
	require.NoError(t, err)
	require.True(t, changed)
	require.ElementsMatch(t, hosts[:2], less.Data().CoHosts)
}
