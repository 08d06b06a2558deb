package recurrence_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/recurrence"
)

// examples are all those of RFC 5545 section 3.8.5.3, in its order, with the dates that it lists. They begin on Tuesday,
// 2 September 1997, at 9:00 in New York where no start is given. Dates that end in ... go on.
var examples = []struct{ what, start, rule, dates string }{
	{"daily for 10 occurrences", "", "FREQ=DAILY;COUNT=10", "1997/9: 2-11"},
	{
		"daily until December 24, 1997", "", "FREQ=DAILY;UNTIL=19971224T000000Z",
		"1997/9: 2-30; 1997/10: 1-31; 1997/11: 1-30; 1997/12: 1-23",
	},
	{
		"every other day, forever", "", "FREQ=DAILY;INTERVAL=2",
		"1997/9: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30; 1997/10: 2 4 6 8 10 12 14 16 18 20 22 24 26 28 30; 1997/11: 1 3 5 7 ...",
	},
	{"every 10 days, 5 occurrences", "", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997/9: 2 12 22; 1997/10: 2 12"},
	{
		"every day in January, for 3 years", "19980101T090000", "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
		"1998/1: 1-31; 1999/1: 1-31; 2000/1: 1-31",
	},
	{"the same", "19980101T090000", "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1", "1998/1: 1-31; 1999/1: 1-31; 2000/1: 1-31"},
	{"weekly for 10 occurrences", "", "FREQ=WEEKLY;COUNT=10", "1997/9: 2 9 16 23 30; 1997/10: 7 14 21 28; 1997/11: 4"},
	{
		"weekly until December 24, 1997", "", "FREQ=WEEKLY;UNTIL=19971224T000000Z",
		"1997/9: 2 9 16 23 30; 1997/10: 7 14 21 28; 1997/11: 4 11 18 25; 1997/12: 2 9 16 23",
	},
	{
		"every other week, forever", "", "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
		"1997/9: 2 16 30; 1997/10: 14 28; 1997/11: 11 25; 1997/12: 9 23; 1998/1: 6 20; 1998/2: 3 17 ...",
	},
	{
		"weekly on Tuesday and Thursday for five weeks", "", "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
		"1997/9: 2 4 9 11 16 18 23 25 30; 1997/10: 2",
	},
	{"the same", "", "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH", "1997/9: 2 4 9 11 16 18 23 25 30; 1997/10: 2"},
	{
		"every other week on Monday, Wednesday, and Friday until December 24, 1997, starting on Monday, September 1, 1997",
		"19970901T090000", "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
		"1997/9: 1 3 5 15 17 19 29; 1997/10: 1 3 13 15 17 27 29 31; 1997/11: 10 12 14 24 26 28; 1997/12: 8 10 12 22",
	},
	{
		"every other week on Tuesday and Thursday, for 8 occurrences", "", "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
		"1997/9: 2 4 16 18 30; 1997/10: 2 14 16",
	},
	{
		"monthly on the first Friday for 10 occurrences", "19970905T090000", "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
		"1997/9: 5; 1997/10: 3; 1997/11: 7; 1997/12: 5; 1998/1: 2; 1998/2: 6; 1998/3: 6; 1998/4: 3; 1998/5: 1; 1998/6: 5",
	},
	{
		"monthly on the first Friday until December 24, 1997", "19970905T090000", "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
		"1997/9: 5; 1997/10: 3; 1997/11: 7; 1997/12: 5",
	},
	{
		"every other month on the first and last Sunday of the month for 10 occurrences", "19970907T090000",
		"FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU", "1997/9: 7 28; 1997/11: 2 30; 1998/1: 4 25; 1998/3: 1 29; 1998/5: 3 31",
	},
	{
		"monthly on the second-to-last Monday of the month for 6 months", "19970922T090000", "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
		"1997/9: 22; 1997/10: 20; 1997/11: 17; 1997/12: 22; 1998/1: 19; 1998/2: 16",
	},
	{
		"monthly on the third-to-the-last day of the month, forever", "19970928T090000", "FREQ=MONTHLY;BYMONTHDAY=-3",
		"1997/9: 28; 1997/10: 29; 1997/11: 28; 1997/12: 29; 1998/1: 29; 1998/2: 26 ...",
	},
	{
		"monthly on the 2nd and 15th of the month for 10 occurrences", "", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
		"1997/9: 2 15; 1997/10: 2 15; 1997/11: 2 15; 1997/12: 2 15; 1998/1: 2 15",
	},
	{
		"monthly on the first and last day of the month for 10 occurrences", "19970930T090000", "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
		"1997/9: 30; 1997/10: 1 31; 1997/11: 1 30; 1997/12: 1 31; 1998/1: 1 31; 1998/2: 1",
	},
	{
		"every 18 months on the 10th thru 15th of the month for 10 occurrences", "19970910T090000",
		"FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15", "1997/9: 10-15; 1999/3: 10-13",
	},
	{
		"every Tuesday, every other month", "", "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
		"1997/9: 2 9 16 23 30; 1997/11: 4 11 18 25; 1998/1: 6 13 20 27; 1998/3: 3 10 17 24 31 ...",
	},
	{
		"yearly in June and July for 10 occurrences", "19970610T090000", "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
		"1997/6: 10; 1997/7: 10; 1998/6: 10; 1998/7: 10; 1999/6: 10; 1999/7: 10; 2000/6: 10; 2000/7: 10; 2001/6: 10; 2001/7: 10",
	},
	{
		"every other year on January, February, and March for 10 occurrences", "19970310T090000", "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
		"1997/3: 10; 1999/1: 10; 1999/2: 10; 1999/3: 10; 2001/1: 10; 2001/2: 10; 2001/3: 10; 2003/1: 10; 2003/2: 10; 2003/3: 10",
	},
	{
		"every third year on the 1st, 100th, and 200th day for 10 occurrences", "19970101T090000",
		"FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
		"1997/1: 1; 1997/4: 10; 1997/7: 19; 2000/1: 1; 2000/4: 9; 2000/7: 18; 2003/1: 1; 2003/4: 10; 2003/7: 19; 2006/1: 1",
	},
	{"every 20th Monday of the year, forever", "19970519T090000", "FREQ=YEARLY;BYDAY=20MO", "1997/5: 19; 1998/5: 18; 1999/5: 17 ..."},
	{
		"Monday of week number 20, forever", "19970512T090000", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
		"1997/5: 12; 1998/5: 11; 1999/5: 17 ...",
	},
	{
		"every Thursday in March, forever", "19970313T090000", "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
		"1997/3: 13 20 27; 1998/3: 5 12 19 26; 1999/3: 4 11 18 25 ...",
	},
	{
		"every Thursday, but only during June, July, and August, forever", "19970605T090000", "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
		"1997/6: 5 12 19 26; 1997/7: 3 10 17 24 31; 1997/8: 7 14 21 28; 1998/6: 4 11 18 25; 1998/7: 2 9 16 23 30; 1998/8: 6 13 20 27; " +
			"1999/6: 3 10 17 24; 1999/7: 1 8 15 22 29; 1999/8: 5 12 19 26 ...",
	},
	{
		"every Friday the 13th, forever (with an exception for the start)", "", "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
		"1998/2: 13; 1998/3: 13; 1998/11: 13; 1999/8: 13; 2000/10: 13 ...",
	},
	{
		"the first Saturday that follows the first Sunday of the month, forever", "19970913T090000",
		"FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
		"1997/9: 13; 1997/10: 11; 1997/11: 8; 1997/12: 13; 1998/1: 10; 1998/2: 7; 1998/3: 7; 1998/4: 11; 1998/5: 9; 1998/6: 13 ...",
	},
	{
		"every 4 years, the first Tuesday after a Monday in November, forever", "19961105T090000",
		"FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8", "1996/11: 5; 2000/11: 7; 2004/11: 2 ...",
	},
	{
		"the third instance into the month of one of Tuesday, Wednesday, or Thursday, for the next 3 months", "19970904T090000",
		"FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997/9: 4; 1997/10: 7; 1997/11: 6",
	},
	{
		"the second-to-last weekday of the month", "19970929T090000", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
		"1997/9: 29; 1997/10: 30; 1997/11: 27; 1997/12: 30; 1998/1: 29; 1998/2: 26; 1998/3: 30 ...",
	},
	{"every 3 hours from 9:00 AM to 5:00 PM on a specific day", "", "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z", "refused"},
	{"every 15 minutes for 6 occurrences", "", "FREQ=MINUTELY;INTERVAL=15;COUNT=6", "refused"},
	{"every hour and a half for 4 occurrences", "", "FREQ=MINUTELY;INTERVAL=90;COUNT=4", "refused"},
	{
		"every 20 minutes from 9:00 AM to 4:40 PM every day", "", "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
		"1997/9: 2 3 4 ...",
	},
	{"the same", "", "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16", "refused"},
	{
		"an example where the days generated makes a difference because of WKST", "19970805T090000",
		"FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997/8: 5 10 19 24",
	},
	{"changing only WKST from Monday to Sunday", "19970805T090000", "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997/8: 5 17 19 31"},
	{
		"an example where an invalid date (i.e., February 30) is ignored", "20070115T090000", "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
		"2007/1: 15 30; 2007/2: 15; 2007/3: 15 30",
	},
}

func TestExamplesOfTheRFC(t *testing.T) {
	t.Parallel()
	require.Len(t, examples, 42)
	for i, example := range examples {
		name := strconv.Itoa(i+1) + " " + example.what
		rule, err := recurrence.Parse(example.rule)
		if example.dates == "refused" {
			require.EqualError(t, err, "FREQ must be DAILY, WEEKLY, MONTHLY or YEARLY", name)
			continue
		}
		require.NoError(t, err, name)
		set := setOf(t, "America/New_York", orElse(example.start, "19970902T090000"), rule)
		if strings.Contains(example.what, "exception") {
			set.EXDates = []recurrence.Local{local(t, "19970902T090000")}
		}
		require.NoError(t, set.Check(), name)

		times := []string{"09:00"}
		if strings.HasPrefix(example.what, "every 20 minutes") {
			times = strings.Fields("09:00 09:20 09:40 10:00 10:20 10:40 11:00 11:20 11:40 12:00 12:20 12:40 " +
				"13:00 13:20 13:40 14:00 14:20 14:40 15:00 15:20 15:40 16:00 16:20 16:40")
		}
		dates, endless := strings.CutSuffix(example.dates, " ...")
		want := written(t, dates, times, set.Zone)
		most := 1_000
		if endless {
			most = len(want)
		}
		got, more := set.Expand(time.Time{}, set.Start.Time().AddDate(20, 0, 0), most)
		require.Equal(t, endless, more, name)
		require.Equal(t, want, instants(got), name)
	}
}

// written reads dates such as "1997/9: 2-11 14; 1997/10: 1" at each of the times. Go's own reading of the wall will do: none
// is near a change of the clocks.
func written(t *testing.T, dates string, times []string, zone *time.Location) (list []time.Time) {
	t.Helper()
	for month := range strings.SplitSeq(dates, "; ") {
		name, days, _ := strings.Cut(month, ": ")
		for day := range strings.FieldsSeq(days) {
			first, last, isRange := strings.Cut(day, "-")
			from, err := strconv.Atoi(first)
			require.NoError(t, err)
			to := from
			if isRange {
				to, err = strconv.Atoi(last)
				require.NoError(t, err)
			}
			for ; from <= to; from++ {
				for _, clock := range times {
					at, err := time.ParseInLocation("2006/1/2 15:04", name+"/"+strconv.Itoa(from)+" "+clock, zone)
					require.NoError(t, err)
					list = append(list, at.UTC())
				}
			}
		}
	}
	return list
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func local(t *testing.T, text string) recurrence.Local {
	t.Helper()
	l, err := recurrence.ParseLocal(text)
	require.NoError(t, err)
	return l
}

func locals(t *testing.T, texts string) (list []recurrence.Local) {
	t.Helper()
	for text := range strings.FieldsSeq(texts) {
		list = append(list, local(t, text))
	}
	return list
}

func rule(t *testing.T, text string) *recurrence.Rule {
	t.Helper()
	r, err := recurrence.Parse(text)
	require.NoError(t, err, text)
	return r
}

func setOf(t *testing.T, zone, start string, rule *recurrence.Rule) recurrence.Set {
	t.Helper()
	loc, err := recurrence.Zone(zone)
	require.NoError(t, err)
	return recurrence.Set{Start: local(t, start), Zone: loc, Rule: rule}
}

func instants(dates []recurrence.Date) (list []time.Time) {
	for _, date := range dates {
		list = append(list, date.At)
	}
	return list
}

func walls(dates []recurrence.Date) string {
	var list []string
	for _, date := range dates {
		list = append(list, date.Local.String())
	}
	return strings.Join(list, " ")
}
