package recurrence_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/recurrence"
)

const wide = 10 * 366 // days

// TestWallsBecomeInstants has the instants written out: RFC 5545 section 3.3.5 for times that clocks show twice or never.
func TestWallsBecomeInstants(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, wall, want string }{
		{"America/New_York", "20260308T013000", "2026-03-08T06:30:00Z"},
		{"America/New_York", "20260308T020000", "2026-03-08T07:00:00Z"}, // never: 03:00 EDT
		{"America/New_York", "20260308T023000", "2026-03-08T07:30:00Z"}, // never: 03:30 EDT
		{"America/New_York", "20240310T023000", "2024-03-10T07:30:00Z"},
		{"America/New_York", "20260308T030000", "2026-03-08T07:00:00Z"},
		{"America/New_York", "20261101T005959", "2026-11-01T04:59:59Z"},
		{"America/New_York", "20261101T010000", "2026-11-01T05:00:00Z"}, // twice: EDT
		{"America/New_York", "20261101T013000", "2026-11-01T05:30:00Z"},
		{"America/New_York", "20261101T020000", "2026-11-01T07:00:00Z"},
		{"America/New_York", "20481231T233000", "2049-01-01T04:30:00Z"}, // golang/go#81583: a leap year after the last explicit transition
		{"America/New_York", "20481231T120000", "2048-12-31T17:00:00Z"},
		{"America/New_York", "20490101T000000", "2049-01-01T05:00:00Z"},
		{"Europe/Berlin", "20261025T023000", "2026-10-25T00:30:00Z"}, // twice: summer time
		{"Europe/Berlin", "20260329T023000", "2026-03-29T01:30:00Z"}, // never: 03:30 summer time
		{"Europe/Moscow", "20110327T023000", "2011-03-26T23:30:00Z"}, // never: the last change to summer time
		{"Europe/Moscow", "20101031T023000", "2010-10-30T22:30:00Z"}, // twice: summer time
		{"Europe/Moscow", "20141026T013000", "2014-10-25T21:30:00Z"}, // twice: the end of permanent summer time
		{"Europe/Moscow", "20260301T193000", "2026-03-01T16:30:00Z"},
		{"Australia/Lord_Howe", "20261004T021500", "2026-10-03T15:45:00Z"}, // never: half an hour forward
		{"Australia/Lord_Howe", "20261004T023000", "2026-10-03T15:30:00Z"},
		{"Australia/Lord_Howe", "20260405T014500", "2026-04-04T14:45:00Z"}, // twice: half an hour back
		{"Australia/Lord_Howe", "20260405T020000", "2026-04-04T15:30:00Z"},
		{"Pacific/Apia", "20111229T190000", "2011-12-30T05:00:00Z"},
		{"Pacific/Apia", "20111230T190000", "2011-12-31T05:00:00Z"}, // there was no 30 December
		{"Pacific/Apia", "20111231T190000", "2011-12-31T05:00:00Z"},
		{"America/Sao_Paulo", "20181104T000000", "2018-11-04T03:00:00Z"}, // never: midnight is 01:00
		{"America/Sao_Paulo", "20181104", "2018-11-04T03:00:00Z"},
		{"America/Sao_Paulo", "20181104T190000", "2018-11-04T21:00:00Z"},
		{"America/Sao_Paulo", "20181103T190000", "2018-11-03T22:00:00Z"},
		{"America/Havana", "20261101", "2026-11-01T04:00:00Z"}, // midnight comes twice
		{"Asia/Kolkata", "20260101T000000", "2025-12-31T18:30:00Z"},
		{"UTC", "20260101T000000", "2026-01-01T00:00:00Z"},
	} {
		zone, err := recurrence.Zone(c.zone)
		require.NoError(t, err)
		require.Equal(t, c.want, local(t, c.wall).Resolve(zone).Format(time.RFC3339), "%s %s", c.zone, c.wall)
	}
}

// TestEveryInstantIsThatOfItsWall: what clocks show at an instant resolves to that instant, or, where they are turned back, to
// the first one that shows the same. What they never show resolves with the offset of before.
func TestEveryInstantIsThatOfItsWall(t *testing.T) {
	t.Parallel()
	names := []string{
		"America/New_York", "America/Havana", "America/Sao_Paulo", "America/St_Johns", "America/Caracas", "America/Argentina/San_Luis", "Antarctica/Troll",
		"Africa/Casablanca", "Africa/Cairo", "Asia/Gaza", "Asia/Kathmandu", "Asia/Pyongyang", "Asia/Tehran", "Atlantic/Azores", "Australia/Lord_Howe",
		"Europe/Dublin", "Europe/Moscow", "Europe/Volgograd", "Pacific/Apia", "Pacific/Kwajalein", "Pacific/Chatham", "Pacific/Norfolk", "Etc/GMT+12", "UTC",
	}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := recurrence.Zone(rapid.SampledFrom(names).Draw(t, "zone"))
		require.NoError(t, err)
		at := time.Unix(rapid.Int64Range(0, 2_300_000_000).Draw(t, "instant")/900*900, 0) // 1970 to 2042
		if _, end := at.In(zone).ZoneBounds(); rapid.Bool().Draw(t, "near a change") && end.After(at) {
			at = end.Add(time.Duration(rapid.IntRange(-120, 120).Draw(t, "quarters")) * 15 * time.Minute)
		}
		if rapid.IntRange(0, 9).Draw(t, "end of a leap year") == 0 { // golang/go#81583
			at = time.Date(2041, 1, 1, 0, rapid.IntRange(-192, 96).Draw(t, "quarters")*15, 0, 0, time.UTC)
		}
		wall := recurrence.Wall(at.UTC()) // any wall, also one that is never shown
		got := wall.Resolve(zone)

		var first time.Time
		for t := wall.Time().Add(-27 * time.Hour); t.Before(wall.Time().Add(27 * time.Hour)); t = t.Add(time.Minute) {
			if recurrence.Wall(t.In(zone)) == wall {
				first = t
				break
			}
		}
		if !first.IsZero() {
			require.Equal(t, first, got)
			return
		}
		gap := got // the start of the gap, at most a day before
		for recurrence.Wall(gap.Add(-time.Second).In(zone)).Time().After(wall.Time()) {
			gap = gap.Add(-time.Second)
		}
		_, before := gap.Add(-time.Second).In(zone).Zone()
		require.Equal(t, wall.Time().Add(-time.Duration(before)*time.Second), got)
		require.LessOrEqual(t, got.Sub(gap), 24*time.Hour)
	})
}

// TestSeriesAcrossChanges: the wall stays, whatever the clocks do.
func TestSeriesAcrossChanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		what, zone, start, rule string
		walls                   string
		instants                []string
	}{
		{
			"Moscow leaves permanent summer time", "Europe/Moscow", "20141019T190000", "FREQ=WEEKLY;COUNT=3", "20141019T190000 20141026T190000 20141102T190000",
			[]string{"2014-10-19T15:00:00Z", "2014-10-26T16:00:00Z", "2014-11-02T16:00:00Z"},
		},
		{
			"New York in spring, in the gap", "America/New_York", "20260307T023000", "FREQ=DAILY;COUNT=3", "20260307T023000 20260308T023000 20260309T023000",
			[]string{"2026-03-07T07:30:00Z", "2026-03-08T07:30:00Z", "2026-03-09T06:30:00Z"},
		},
		{
			"New York in autumn, in the hour that comes twice", "America/New_York", "20261031T013000", "FREQ=DAILY;COUNT=3",
			"20261031T013000 20261101T013000 20261102T013000", []string{"2026-10-31T05:30:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"},
		},
		{
			"Lord Howe in October, in the half hour of the gap", "Australia/Lord_Howe", "20261003T021500", "FREQ=DAILY;COUNT=3",
			"20261003T021500 20261004T021500 20261005T021500", []string{"2026-10-02T15:45:00Z", "2026-10-03T15:45:00Z", "2026-10-04T15:15:00Z"},
		},
		{
			"Apia skips a day: one date of the four", "Pacific/Apia", "20111229T190000", "FREQ=DAILY;COUNT=4", "20111229T190000 20111230T190000 20120101T190000",
			[]string{"2011-12-30T05:00:00Z", "2011-12-31T05:00:00Z", "2012-01-01T05:00:00Z"},
		},
		{
			"Apia, twice a day", "Pacific/Apia", "20111229T090000", "FREQ=DAILY;BYHOUR=9,21;COUNT=6", "20111229T090000 20111229T210000 20111230T090000 20111230T210000",
			[]string{"2011-12-29T19:00:00Z", "2011-12-30T07:00:00Z", "2011-12-30T19:00:00Z", "2011-12-31T07:00:00Z"},
		},
		{
			"Sao Paulo has no midnight, all day", "America/Sao_Paulo", "20181103", "FREQ=DAILY;COUNT=3", "20181103 20181104 20181105",
			[]string{"2018-11-03T03:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"},
		},
		{
			"in the gap and after it: by the clock, not by the wall", "America/New_York", "20260308T023000", "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=10,30;COUNT=4",
			"20260308T031000 20260308T023000 20260309T021000", []string{"2026-03-08T07:10:00Z", "2026-03-08T07:30:00Z", "2026-03-09T06:10:00Z"},
		},
		{
			"29 February", "Europe/Moscow", "20880229T120000", "FREQ=YEARLY;COUNT=4", "20880229T120000 20920229T120000 20960229T120000 21040229T120000",
			[]string{"2088-02-29T09:00:00Z", "2092-02-29T09:00:00Z", "2096-02-29T09:00:00Z", "2104-02-29T09:00:00Z"},
		},
		{
			"the 31st of the month", "UTC", "20260131T100000", "FREQ=MONTHLY;COUNT=5", "20260131T100000 20260331T100000 20260531T100000 20260731T100000 20260831T100000",
			[]string{"2026-01-31T10:00:00Z", "2026-03-31T10:00:00Z", "2026-05-31T10:00:00Z", "2026-07-31T10:00:00Z", "2026-08-31T10:00:00Z"},
		},
		{
			"the last working day of the month", "Europe/Moscow", "20260130T180000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1;COUNT=4",
			"20260130T180000 20260227T180000 20260331T180000 20260430T180000",
			[]string{"2026-01-30T15:00:00Z", "2026-02-27T15:00:00Z", "2026-03-31T15:00:00Z", "2026-04-30T15:00:00Z"},
		},
	} {
		set := setOf(t, c.zone, c.start, rule(t, c.rule))
		require.NoError(t, set.Check(), c.what)
		dates, more := set.Expand(time.Time{}, set.Start.Time().AddDate(0, 0, 5*wide), 100)
		require.False(t, more, c.what)
		require.Equal(t, c.walls, walls(dates), c.what)
		var got []string
		for _, at := range instants(dates) {
			got = append(got, at.Format(time.RFC3339))
		}
		require.Equal(t, c.instants, got, c.what)
	}
}

func TestZonesHaveIANANames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Moscow", "America/Argentina/Buenos_Aires", "UTC", "Etc/GMT-3"} {
		zone, err := recurrence.Zone(name)
		require.NoError(t, err)
		require.Equal(t, name, zone.String())
		again, err := recurrence.Zone(name)
		require.NoError(t, err)
		require.Same(t, zone, again)
	}
	for _, name := range []string{
		"", "Local", "localtime", "right/Europe/Moscow", "posix/Europe/Moscow", "posixrules", "Factory", "Russian Standard Time", "+03:00", "../etc/passwd",
		"/etc/localtime", "Europe", "Europe/", "Europe/Moscow/", "Europe//Moscow", "zone.tab", "Europe\\Moscow", "Europe/Moscow\x00",
	} {
		_, err := recurrence.Zone(name)
		require.EqualError(t, err, "must be the name of a time zone, such as Europe/Moscow", "%q", name)
	}
}

func TestLocalIsReadAndWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		at := time.Unix(rapid.Int64Range(-62135596800, 253402300799).Draw(t, "unix"), rapid.Int64Range(0, 999_999_999).Draw(t, "nano")).UTC()
		for _, l := range []recurrence.Local{recurrence.Wall(at), recurrence.Day(at)} {
			again, err := recurrence.ParseLocal(l.String())
			require.NoError(t, err)
			require.Contains(t, map[recurrence.Local]bool{l: true}, again, "equal by ==")
			require.Equal(t, l.AllDay(), len(l.String()) == 8)
			require.False(t, l.Before(again))
		}
	})
	require.True(t, recurrence.Local{}.IsZero())
	require.Equal(t, time.Date(2026, 3, 10, 19, 30, 0, 0, time.UTC), local(t, "20260310T193000").Time())
	for _, text := range []string{
		"", "2026", "2026-03-10", "20260310T", "20260310T1930", "20260310T193000Z", "20260310T193060", "20260230", "20261301T000000", "20260310T193000.5",
		"20260310T193000,5", "20260310t193000", " 20260310", "20260310T240000",
	} {
		_, err := recurrence.ParseLocal(text)
		require.Error(t, err, "%q", text)
	}
}
