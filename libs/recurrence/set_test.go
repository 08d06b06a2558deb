package recurrence_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/recurrence"
)

var never = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC)

// hostileRules are accepted or refused, and cost little either way. They make the library panic, not end, or walk to the year
// 9999.
var hostileRules = []string{
	"FREQ=MONTHLY;BYDAY=53MO", "FREQ=MONTHLY;BYDAY=-53MO", "FREQ=YEARLY;BYMONTH=12;BYDAY=53MO", "FREQ=YEARLY;BYMONTH=1;BYDAY=-53MO",
	"FREQ=YEARLY;BYEASTER=400", "FREQ=HOURLY;INTERVAL=24;BYHOUR=5", "FREQ=HOURLY;INTERVAL=2;BYHOUR=10", "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5",
	"FREQ=SECONDLY;INTERVAL=86400;BYSETPOS=2", "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;BYMONTH=2;INTERVAL=53", "FREQ=YEARLY;BYDAY=53MO,-53MO",
	"FREQ=MONTHLY;BYDAY=5MO,-5MO", "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", "FREQ=YEARLY;BYWEEKNO=51;BYMONTH=6", "FREQ=MONTHLY;INTERVAL=12;BYMONTH=1",
	"FREQ=YEARLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11,12;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,15,30,45;BYSETPOS=-366,366",
	"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,15,30,45;BYSETPOS=1,2,3,4,5,6,7,8,9,10,11,48",
	"FREQ=DAILY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO", "FREQ=YEARLY;INTERVAL=999;COUNT=1000", "FREQ=YEARLY;COUNT=0", "FREQ=DAILY;COUNT=1;UNTIL=20300101",
	"FREQ=MONTHLY;BYDAY=2MO;BYSETPOS=31", "FREQ=DAILY;INTERVAL=0", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11", "FREQ=DAILY;BYHOUR=1;BYSETPOS=-366",
}

func TestARuleThatNeverFiresIsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=MONTHLY;BYMONTHDAY=31;BYMONTH=2,4,6,9,11", "FREQ=MONTHLY;INTERVAL=12;BYMONTH=1",
		"FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1", "FREQ=YEARLY;BYWEEKNO=51;BYMONTH=6", "FREQ=MONTHLY;BYDAY=2MO;BYSETPOS=31",
		"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11;BYMINUTE=0,15,30,45;BYSETPOS=1,2,3,4,5,6,7,8,9,10,11,48",
		"FREQ=YEARLY;INTERVAL=999;BYMONTH=2;BYMONTHDAY=29", // in the year 4024
		"FREQ=YEARLY;INTERVAL=150;BYMONTH=2;BYMONTHDAY=29", // in the year 2176
	} {
		set := setOf(t, "Europe/Moscow", "20260303T193000", rule(t, text))
		require.EqualError(t, set.Check(), "never makes a date", text)
		dates, more := set.Expand(time.Time{}, set.Start.Time().AddDate(5, 0, 0), 10)
		require.Equal(t, "20260303T193000", walls(dates), text)
		require.Equal(t, strings.Contains(text, "INTERVAL=150"), more, text)
	}
	set := setOf(t, "UTC", "20970301T000000", rule(t, "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"))
	require.NoError(t, set.Check(), "a long wait is none")
}

func TestHostileRulesAreBounded(t *testing.T) {
	t.Parallel()
	for _, text := range hostileRules {
		r, err := recurrence.Parse(text)
		if err != nil {
			continue
		}
		for _, start := range []string{"20260303T193000", "19000101", "21991231T235959"} {
			set := setOf(t, "America/New_York", start, r)
			_ = set.Check()
			dates, _ := set.Expand(set.Start.Time().AddDate(1, 0, 0), never, 1_000)
			require.LessOrEqual(t, len(dates), 1_000)
			years, skipped := set.Work(recurrence.Wall(never))
			require.LessOrEqual(t, years, 500)
			require.LessOrEqual(t, skipped, 366*48)
		}
	}
}

func TestASetIsChecked(t *testing.T) {
	t.Parallel()
	many := make([]recurrence.Local, 1_001)
	for i := range many {
		many[i] = local(t, "20260303T193000")
	}
	for want, set := range map[string]recurrence.Set{
		"DTSTART must lie in the years 1900 to 2199":            setOf(t, "UTC", "18991231T000000", nil),
		"DTSTART must lie in the years 1900 to 2199 ":           setOf(t, "UTC", "22000101", nil),
		"UNTIL must not lie before the start":                   setOf(t, "Europe/Moscow", "20260303T193000", rule(t, "FREQ=DAILY;UNTIL=20260303T162959Z")),
		"UNTIL must not lie before the start ":                  setOf(t, "UTC", "20260303", rule(t, "FREQ=DAILY;UNTIL=20260302T235959Z")),
		"BYHOUR does not go with a start without a time":        setOf(t, "UTC", "20260303", rule(t, "FREQ=DAILY;BYMINUTE=30")),
		"RDATE must have times exactly when the start has one":  {Start: local(t, "20260303"), RDates: locals(t, "20260304 20260305T000000")},
		"EXDATE must have times exactly when the start has one": {Start: local(t, "20260303T193000"), EXDates: locals(t, "20260304")},
		"RDATE must be at most 1000":                            {Start: local(t, "20260303T193000"), RDates: many},
		"EXDATE must be at most 1000":                           {Start: local(t, "20260303T193000"), EXDates: many},
	} {
		require.EqualError(t, set.Check(), strings.TrimSpace(want))
	}
	for _, set := range []recurrence.Set{
		setOf(t, "UTC", "19000101T000000", nil),
		setOf(t, "UTC", "21991231", rule(t, "FREQ=DAILY")),
		setOf(t, "Europe/Moscow", "20260303T193000", rule(t, "FREQ=DAILY;UNTIL=20260303T163000Z")),
		setOf(t, "Europe/Moscow", "20260303T193000", rule(t, "FREQ=DAILY;UNTIL=20260303")),
		{Start: local(t, "20260303T193000"), RDates: many[1:], EXDates: many[1:]},
	} {
		require.NoError(t, set.Check())
	}
}

func TestDatesOfASet(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, start, rule, rdates, exdates, want string }{
		{"no rule", "20260303T193000", "", "", "", "20260303T193000"},
		{"extra dates only, in order and once", "20260303T193000", "", "20260310T100000 20260301T100000 20260310T100000 20260303T193000", "", "20260301T100000 20260303T193000 20260310T100000"},
		{"COUNT counts exceptions", "20260303", "FREQ=DAILY;COUNT=4", "", "20260304 20260306", "20260303 20260305"},
		{"COUNT does not count extra dates", "20260303", "FREQ=DAILY;COUNT=2", "20260301 20260304 20260310", "", "20260301 20260303 20260304 20260310"},
		{"an exception of the start", "20260303", "FREQ=DAILY;COUNT=3", "", "20260303", "20260304 20260305"},
		{"an exception of an extra date", "20260303", "", "20260304", "20260304", "20260303"},
		{"an exception of nothing", "20260303", "FREQ=DAILY;COUNT=2", "", "20260301 20260401", "20260303 20260304"},
		{"the start counts, although the rule does not make it", "20260303", "FREQ=WEEKLY;BYDAY=FR;COUNT=3", "", "", "20260303 20260306 20260313"},
		{"such a start, and UNTIL", "20260303", "FREQ=WEEKLY;BYDAY=FR;UNTIL=20260306", "", "", "20260303 20260306"},
		{"such a start at the only count", "20260303", "FREQ=WEEKLY;BYDAY=FR;COUNT=1", "", "", "20260303"},
		{"UNTIL by a day includes it", "20260303T193000", "FREQ=DAILY;UNTIL=20260304", "", "", "20260303T193000 20260304T193000"},
		{"UNTIL on the wall includes it", "20260303T193000", "FREQ=DAILY;UNTIL=20260304T193000", "", "", "20260303T193000 20260304T193000"},
		{"UNTIL in UTC includes it", "20260303T193000", "FREQ=DAILY;UNTIL=20260304T163000Z", "", "", "20260303T193000 20260304T193000"},
		{"UNTIL in UTC a second too early", "20260303T193000", "FREQ=DAILY;UNTIL=20260304T162959Z", "", "", "20260303T193000"},
		{"all day, UNTIL with a time", "20260303", "FREQ=DAILY;UNTIL=20260304T000000Z", "", "", "20260303 20260304"},
		{"days with and without a number", "20260302", "FREQ=MONTHLY;BYDAY=1MO,SU;COUNT=6", "", "", "20260302 20260308 20260315 20260322 20260329 20260405"},
		{"the first week is a whole one", "20260304", "FREQ=WEEKLY;BYDAY=MO,WE,FR;BYSETPOS=1;COUNT=3", "", "", "20260304 20260309 20260316"},
		{"a week of the year on the weekday of the start", "20260303", "FREQ=YEARLY;BYWEEKNO=10;COUNT=3", "", "", "20260303 20270309 20280307"},
		{"weeks begin on another day", "20260301", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;WKST=SU;COUNT=4", "", "", "20260301 20260302 20260315 20260316"},
	} {
		set := setOf(t, "Europe/Moscow", c.start, nil)
		if c.rule != "" {
			set.Rule = rule(t, c.rule)
		}
		set.RDates, set.EXDates = locals(t, c.rdates), locals(t, c.exdates)
		dates, more := set.Expand(time.Time{}, never, 100)
		require.Equal(t, c.want, walls(dates), c.what)
		require.False(t, more, c.what)
	}
}

func TestMoreIsToldOfWhatIsLeftOut(t *testing.T) {
	t.Parallel()
	set := setOf(t, "UTC", "20260301", rule(t, "FREQ=DAILY;COUNT=5"))
	set.RDates = locals(t, "20260401")
	for _, c := range []struct {
		from, to string
		most     int
		want     string
		more     bool
	}{
		{"20260101", "20270101", 6, "20260301 20260302 20260303 20260304 20260305 20260401", false},
		{"20260101", "20270101", 5, "20260301 20260302 20260303 20260304 20260305", true},
		{"20260101", "20260401", 6, "20260301 20260302 20260303 20260304 20260305", true},
		{"20260302", "20260304", 9, "20260302 20260303", true},
		{"20260402", "20270101", 9, "", false},
		{"20260101", "20260301", 9, "", true},
		{"20260101", "20270101", 0, "", true},
		{"20260101", "20270101", -1, "", true},
		{"20260304", "20260302", 9, "", true},
	} {
		dates, more := set.Expand(local(t, c.from).Time(), local(t, c.to).Time(), c.most)
		require.Equal(t, c.want, walls(dates), "%v", c)
		require.Equal(t, c.more, more, "%v", c)
	}
	set.Rule = rule(t, "FREQ=DAILY")
	dates, more := set.Expand(time.Time{}, set.Start.Time().AddDate(5, 0, 0), 1_000)
	require.Len(t, dates, 1_000)
	require.True(t, more)
}

// TestALaterWindow: each frequency keeps its interval, however far the window is from the start.
func TestALaterWindow(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"FREQ=DAILY;INTERVAL=10":                              "20460108 20460118 20460128",
		"FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH":                  "20460101 20460104 20460115 20460118 20460129",
		"FREQ=MONTHLY;INTERVAL=5":                             "20460103",
		"FREQ=MONTHLY;INTERVAL=7":                             "",
		"FREQ=YEARLY;INTERVAL=3;BYMONTH=1;BYMONTHDAY=1":       "",
		"FREQ=YEARLY;INTERVAL=5;BYMONTH=1,2;BYMONTHDAY=10,20": "20460110 20460120",
	} {
		set := setOf(t, "UTC", "20260103", rule(t, text))
		dates, more := set.Expand(local(t, "20460101").Time(), local(t, "20460201").Time(), 10)
		require.Equal(t, want, walls(dates), text)
		require.True(t, more, text)
	}
}

// TestInAGapTheWallIsNotTheOrder: on this day in New York there is no 2:10, so it is 3:10, after 3:00.
func TestInAGapTheWallIsNotTheOrder(t *testing.T) {
	t.Parallel()
	set := setOf(t, "America/New_York", "20260307T210000", rule(t, "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=0,10,30,40"))
	at := func(clock string) time.Time { return local(t, "20260308T"+clock).Resolve(set.Zone) }
	dates, _ := set.Expand(at("000000"), at("040000"), 9)
	require.Equal(t, "20260308T020000 20260308T021000 20260308T023000 20260308T024000", walls(dates))

	set.Rule = rule(t, "FREQ=DAILY;BYHOUR=2,3;BYMINUTE=15,30,45;BYSETPOS=2,3,4") // 2:30 2:45 3:15
	const first, second, third = "20260308T031500", "20260308T023000", "20260308T024500"
	for _, c := range []struct {
		from, to string
		most     int
		want     string
	}{
		{"000000", "040000", 9, first + " " + second + " " + third},
		{"000000", "040000", 1, first},
		{"000000", "032000", 9, first},
		{"032000", "040000", 9, second + " " + third},
	} {
		dates, _ := set.Expand(at(c.from), at(c.to), c.most)
		require.Equal(t, c.want, walls(dates), "%v", c)
	}

	set.Rule = rule(t, set.Rule.String()+";UNTIL=20260308T072000Z") // 3:20
	dates, more := set.Expand(at("000000"), never, 9)
	require.Equal(t, first, walls(dates))
	require.False(t, more)
}

// anySet draws a set with exceptions and extra dates, in a zone whose clocks change. Its times are at least an hour apart, and
// so is each from all others.
func anySet(t *rapid.T) recurrence.Set {
	name := rapid.SampledFrom([]string{"UTC", "America/New_York", "Europe/Moscow", "Australia/Lord_Howe", "America/Sao_Paulo", "Pacific/Apia"}).Draw(t, "zone")
	zone, err := recurrence.Zone(name)
	require.NoError(t, err)
	r, err := recurrence.Parse(anyRule(t).text())
	require.NoError(t, err)
	start := anyStart(t)
	set := recurrence.Set{Start: recurrence.Wall(start), Zone: zone, Rule: r}
	if rapid.IntRange(0, 4).Draw(t, "ends") == 0 && !strings.Contains(r.String(), "COUNT") {
		until := start.AddDate(0, 0, rapid.IntRange(0, 2000).Draw(t, "until"))
		set.Rule, err = recurrence.Parse(r.String() + ";UNTIL=" + rapid.SampledFrom([]string{until.Format("20060102"), until.Format("20060102T150405"), until.Format("20060102T150405Z")}).Draw(t, "form"))
		require.NoError(t, err)
	}
	whole, _ := set.Expand(time.Time{}, start.AddDate(6, 0, 0), 60)
	for _, date := range whole {
		if rapid.IntRange(0, 5).Draw(t, "except") == 0 {
			set.EXDates = append(set.EXDates, date.Local)
		}
	}
	for range rapid.IntRange(0, 4).Draw(t, "extra dates") {
		set.RDates = append(set.RDates, recurrence.Wall(start.Add(time.Duration(rapid.IntRange(-24*30, 24*1500).Draw(t, "hours"))*time.Hour)))
	}
	return set
}

// TestWindowsTogetherAreTheWhole: wherever a window is cut, nothing is lost and nothing comes twice.
func TestWindowsTogetherAreTheWhole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := anySet(t)
		end := set.Start.Time().AddDate(6, 0, 0)
		whole, more := set.Expand(time.Time{}, end, 2_000)
		if more && len(whole) == 2_000 {
			end = whole[len(whole)-1].At
			whole = whole[:len(whole)-1]
		}
		require.True(t, slices.IsSortedFunc(whole, func(a, b recurrence.Date) int { return a.At.Compare(b.At) }))
		cut := set.Start.Time().Add(time.Duration(rapid.IntRange(-24*40, 24*2000).Draw(t, "cut")) * time.Hour)
		if len(whole) > 0 && rapid.Bool().Draw(t, "at a date") {
			cut = rapid.SampledFrom(whole).Draw(t, "date").At
		}
		cut = slices.MinFunc([]time.Time{cut, end}, time.Time.Compare)
		before, _ := set.Expand(time.Time{}, cut, 2_000)
		after, _ := set.Expand(cut, end, 2_000)
		require.Equal(t, instants(whole), append(instants(before), instants(after)...))

		first, more := set.Expand(time.Time{}, end, 7)
		require.Equal(t, instants(whole[:min(7, len(whole))]), instants(first))
		require.Equal(t, len(whole) > 7 || more, more)
	})
}

// TestTheTwoPartsTogetherAreTheSet is the property of "this and following".
func TestTheTwoPartsTogetherAreTheSet(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set := anySet(t)
		end := set.Start.Time().AddDate(6, 0, 0)
		whole, _ := set.Expand(time.Time{}, end, 300)
		if len(whole) < 2 {
			return
		}
		i := rapid.IntRange(1, len(whole)-1).Draw(t, "at")
		if i > 1 && rapid.Bool().Draw(t, "early") {
			i = 1
		}
		at := whole[i].Local
		first, second, ok := set.Split(at)
		require.True(t, ok)
		before, more := first.Expand(time.Time{}, end.AddDate(100, 0, 0), 300)
		require.False(t, more, "it ends")
		after, _ := second.Expand(time.Time{}, end, 300)
		require.Equal(t, whole[i].At, slices.MinFunc(instants(after), time.Time.Compare))
		for _, date := range before {
			require.True(t, date.Local.Before(at))
		}
		for _, date := range after {
			require.False(t, date.Local.Before(at))
		}
		// A date that clocks never show can be the same instant as one of the other part.
		together := append(instants(before), instants(after)...)
		slices.SortFunc(together, time.Time.Compare)
		together = slices.Compact(together)
		require.Equal(t, instants(whole), together[:min(len(together), len(whole))])
	})
}

func TestASplit(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ what, start, rule, rdates, exdates, at, first, second string }{
		{"COUNT is divided", "20260303T193000", "FREQ=WEEKLY;COUNT=5", "", "20260310T193000 20260331T193000", "20260324T193000",
			"20260303T193000 FREQ=WEEKLY;COUNT=3 [] [20260310T193000]", "20260324T193000 FREQ=WEEKLY;COUNT=2 [] [20260331T193000]"},
		{"a start that the rule does not make counts", "20260303", "FREQ=WEEKLY;BYDAY=FR;COUNT=3", "", "", "20260306",
			"20260303 FREQ=WEEKLY;COUNT=1;BYDAY=FR [] []", "20260306 FREQ=WEEKLY;COUNT=2;BYDAY=FR [] []"},
		{"the first part ends", "20260303T193000", "FREQ=DAILY;INTERVAL=2", "20260304T120000 20260308T120000", "", "20260307T193000",
			"20260303T193000 FREQ=DAILY;INTERVAL=2;UNTIL=20260307T192959 [20260304T120000] []", "20260307T193000 FREQ=DAILY;INTERVAL=2 [20260308T120000] []"},
		{"all day, it ends the day before", "20260303", "FREQ=DAILY;UNTIL=20260401", "", "", "20260307",
			"20260303 FREQ=DAILY;UNTIL=20260306 [] []", "20260307 FREQ=DAILY;UNTIL=20260401 [] []"},
		{"at an extra date", "20260303", "FREQ=WEEKLY;COUNT=3", "20260305", "", "20260305",
			"20260303 FREQ=WEEKLY;COUNT=1 [] []", "20260310 FREQ=WEEKLY;COUNT=2 [20260305] []"},
		{"at an extra date after the rule", "20260303", "FREQ=WEEKLY;COUNT=3", "20260405 20260406", "", "20260405",
			"20260303 FREQ=WEEKLY;COUNT=3 [] []", "20260405 none [20260405 20260406] []"},
		{"without a rule", "20260303", "", "20260305 20260307", "", "20260305", "20260303 none [] []", "20260305 none [20260305 20260307] []"},
		{"at the start, after an extra date", "20260303", "FREQ=WEEKLY", "20260302 20260301", "20260310", "20260303",
			"20260301 none [20260302 20260301] []", "20260303 FREQ=WEEKLY [] [20260310]"},
		{"at the first date", "20260303", "FREQ=WEEKLY", "", "", "20260303", "refused", ""},
		{"at the first date that is left", "20260303", "FREQ=WEEKLY", "", "20260303", "20260310", "refused", ""},
		{"at no date", "20260303", "FREQ=WEEKLY", "", "", "20260304", "refused", ""},
		{"at an exception", "20260303", "FREQ=WEEKLY", "", "20260310", "20260310", "refused", ""},
		{"after the end", "20260303", "FREQ=WEEKLY;COUNT=2", "", "", "20260317", "refused", ""},
		{"at a date without a time", "20260303T000000", "FREQ=WEEKLY", "", "", "20260310", "refused", ""},
		{"at another time of day", "20260303T193000", "FREQ=WEEKLY", "", "", "20260310", "refused", ""},
	} {
		set := setOf(t, "Europe/Moscow", c.start, nil)
		if c.rule != "" {
			set.Rule = rule(t, c.rule)
		}
		set.RDates, set.EXDates = locals(t, c.rdates), locals(t, c.exdates)
		first, second, ok := set.Split(local(t, c.at))
		if c.first == "refused" {
			require.False(t, ok, c.what)
			continue
		}
		require.True(t, ok, c.what)
		require.Equal(t, c.first, shown(first), c.what)
		require.Equal(t, c.second, shown(second), c.what)
		require.Equal(t, set.Zone, second.Zone)
	}
}

func shown(set recurrence.Set) string {
	list := func(dates []recurrence.Local) string {
		var texts []string
		for _, date := range dates {
			texts = append(texts, date.String())
		}
		return " [" + strings.Join(texts, " ") + "]"
	}
	text := "none"
	if set.Rule != nil {
		text = set.Rule.String()
	}
	return set.Start.String() + " " + text + list(set.RDates) + list(set.EXDates)
}

func TestUntilForACalendar(t *testing.T) {
	t.Parallel()
	zone, err := recurrence.Zone("Europe/Moscow")
	require.NoError(t, err)
	for _, c := range [][3]string{
		{"20260303T193000", "FREQ=DAILY;UNTIL=20260401", "FREQ=DAILY;UNTIL=20260401T205959Z"},
		{"20260303T193000", "FREQ=DAILY;UNTIL=20260401T193000", "FREQ=DAILY;UNTIL=20260401T163000Z"},
		{"20260303T193000", "FREQ=DAILY;UNTIL=20260401T193000Z", "FREQ=DAILY;UNTIL=20260401T193000Z"},
		{"20260303", "FREQ=DAILY;UNTIL=20260401T193000Z", "FREQ=DAILY;UNTIL=20260401"},
		{"20260303", "FREQ=DAILY;UNTIL=20260401", "FREQ=DAILY;UNTIL=20260401"},
		{"20260303", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;COUNT=3"},
	} {
		set := setOf(t, "Europe/Moscow", c[0], rule(t, c[1]))
		same := set
		same.Rule = set.Rule.For(set.Start, zone)
		require.Equal(t, c[2], same.Rule.String())
		want, _ := set.Expand(time.Time{}, never, 100)
		got, _ := same.Expand(time.Time{}, never, 100)
		require.Equal(t, want, got)
	}
}
