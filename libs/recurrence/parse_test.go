package recurrence_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/recurrence"
)

func TestRulesHaveOneForm(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"FREQ=DAILY":                                                       "FREQ=DAILY",
		"freq=weekly;byday=tu,mo,tu;wkst=mo":                               "FREQ=WEEKLY;BYDAY=MO,TU",
		"INTERVAL=01;FREQ=YEARLY":                                          "FREQ=YEARLY",
		"FREQ=YEARLY;INTERVAL=999;COUNT=1000":                              "FREQ=YEARLY;INTERVAL=999;COUNT=1000",
		"FREQ=MONTHLY;BYDAY=+1FR,-1FR,SU":                                  "FREQ=MONTHLY;BYDAY=-1FR,SU,1FR",
		"FREQ=YEARLY;BYDAY=53MO,-53SU":                                     "FREQ=YEARLY;BYDAY=-53SU,53MO",
		"FREQ=YEARLY;BYMONTH=12,1;BYDAY=5MO":                               "FREQ=YEARLY;BYDAY=5MO;BYMONTH=1,12",
		"FREQ=DAILY;UNTIL=20261231":                                        "FREQ=DAILY;UNTIL=20261231",
		"FREQ=DAILY;UNTIL=20261231t215959z":                                "FREQ=DAILY;UNTIL=20261231T215959Z",
		"FREQ=DAILY;UNTIL=20261231T215959":                                 "FREQ=DAILY;UNTIL=20261231T215959",
		"FREQ=MONTHLY;BYMONTHDAY=-01,+31,1,31":                             "FREQ=MONTHLY;BYMONTHDAY=-1,1,31",
		"FREQ=DAILY;BYHOUR=0,23;BYMINUTE=0,59":                             "FREQ=DAILY;BYHOUR=0,23;BYMINUTE=0,59",
		"FREQ=YEARLY;BYWEEKNO=-1,51,1;BYDAY=SU;BYYEARDAY=-366,366;WKST=SU": "FREQ=YEARLY;BYDAY=SU;BYWEEKNO=-1,1,51;BYYEARDAY=-366,366;WKST=SU",
		"FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-31,31":                         "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-31,31",
	} {
		require.Equal(t, want, rule(t, in).String())
	}
}

func TestARuleIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		r, err := recurrence.Parse(anyRule(t).text())
		require.NoError(t, err)
		again, err := recurrence.Parse(r.String())
		require.NoError(t, err)
		require.Equal(t, r, again)
		require.Equal(t, r.String(), again.String())
	})
}

// TestRulesAreRefused names the part and the code of the reason for each.
func TestRulesAreRefused(t *testing.T) {
	t.Parallel()
	const every = "0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23"
	for text, want := range map[string]string{
		"":                                                 " INVALID_FORMAT",
		";":                                                " INVALID_FORMAT",
		"FREQ":                                             " INVALID_FORMAT",
		"FREQ=DAILY;":                                      " INVALID_FORMAT",
		"FREQ=DAILY;;COUNT=1":                              " INVALID_FORMAT",
		"RRULE:FREQ=DAILY":                                 " INVALID_FORMAT",
		"FREQ=DAILY; COUNT=1":                              " INVALID_FORMAT",
		"FREQ=DAILY\r\nX:Y":                                "FREQ NOT_ALLOWED",
		"FREQ=DAILY;" + strings.Repeat("X", 500):           " TOO_LONG",
		"COUNT=1":                                          "FREQ REQUIRED",
		"FREQ=":                                            "FREQ NOT_ALLOWED",
		"FREQ=FORTNIGHTLY":                                 "FREQ NOT_ALLOWED",
		"FREQ=DAILY;FREQ=DAILY":                            "FREQ DUPLICATE",
		"FREQ=DAILY;count=1;COUNT=2":                       "COUNT DUPLICATE",
		"FREQ=DAILY;COUNT=1;UNTIL=20300101":                "UNTIL MISMATCH",
		"FREQ=DAILY;X-NAME=1":                              "X-NAME NOT_ALLOWED",
		"RSCALE=CHINESE;FREQ=YEARLY":                       "RSCALE NOT_ALLOWED",
		"FREQ=MONTHLY;SKIP=BACKWARD":                       "SKIP NOT_ALLOWED",
		"FREQ=YEARLY;BYEASTER=400":                         "BYEASTER NOT_ALLOWED",
		"FREQ=YEARLY;BYEASTER=-400":                        "BYEASTER NOT_ALLOWED",
		"FREQ=DAILY;BYSECOND=60":                           "BYSECOND NOT_ALLOWED",
		"FREQ=DAILY;INTERVAL=0":                            "INTERVAL OUT_OF_RANGE",
		"FREQ=DAILY;INTERVAL=1000":                         "INTERVAL OUT_OF_RANGE",
		"FREQ=DAILY;INTERVAL=-1":                           "INTERVAL INVALID_FORMAT",
		"FREQ=DAILY;INTERVAL=+1":                           "INTERVAL INVALID_FORMAT",
		"FREQ=DAILY;INTERVAL=1,2":                          "INTERVAL INVALID_FORMAT",
		"FREQ=DAILY;INTERVAL=99999999999999999999":         "INTERVAL INVALID_FORMAT",
		"FREQ=DAILY;COUNT=0":                               "COUNT OUT_OF_RANGE",
		"FREQ=DAILY;COUNT=1001":                            "COUNT OUT_OF_RANGE",
		"FREQ=DAILY;COUNT=":                                "COUNT INVALID_FORMAT",
		"FREQ=DAILY;UNTIL=":                                "UNTIL INVALID_FORMAT",
		"FREQ=DAILY;UNTIL=20300101Z":                       "UNTIL INVALID_FORMAT",
		"FREQ=DAILY;UNTIL=20300230":                        "UNTIL INVALID_FORMAT",
		"FREQ=DAILY;UNTIL=20300101T000000ZZ":               "UNTIL INVALID_FORMAT",
		"FREQ=DAILY;UNTIL=2030-01-01":                      "UNTIL INVALID_FORMAT",
		"FREQ=WEEKLY;WKST=XX":                              "WKST INVALID_FORMAT",
		"FREQ=WEEKLY;WKST=1MO":                             "WKST INVALID_FORMAT",
		"FREQ=WEEKLY;BYDAY=":                               "BYDAY INVALID_FORMAT",
		"FREQ=WEEKLY;BYDAY=MO,":                            "BYDAY INVALID_FORMAT",
		"FREQ=MONTHLY;BYDAY=0MO":                           "BYDAY INVALID_FORMAT",
		"FREQ=MONTHLY;BYDAY=1":                             "BYDAY INVALID_FORMAT",
		"FREQ=WEEKLY;BYDAY=2MO":                            "BYDAY MISMATCH",
		"FREQ=DAILY;BYDAY=-1MO":                            "BYDAY MISMATCH",
		"FREQ=YEARLY;BYWEEKNO=20;BYDAY=1MO":                "BYDAY MISMATCH",
		"FREQ=MONTHLY;BYDAY=53MO":                          "BYDAY OUT_OF_RANGE",
		"FREQ=MONTHLY;BYDAY=-53MO":                         "BYDAY OUT_OF_RANGE",
		"FREQ=MONTHLY;BYDAY=6MO":                           "BYDAY OUT_OF_RANGE",
		"FREQ=YEARLY;BYMONTH=12;BYDAY=53MO":                "BYDAY OUT_OF_RANGE",
		"FREQ=YEARLY;BYDAY=54MO":                           "BYDAY OUT_OF_RANGE",
		"FREQ=YEARLY;BYDAY=-54MO":                          "BYDAY OUT_OF_RANGE",
		"FREQ=YEARLY;BYMONTH=13":                           "BYMONTH OUT_OF_RANGE",
		"FREQ=YEARLY;BYMONTH=0":                            "BYMONTH OUT_OF_RANGE",
		"FREQ=YEARLY;BYMONTH=-1":                           "BYMONTH INVALID_FORMAT",
		"FREQ=YEARLY;BYMONTH=1.5":                          "BYMONTH INVALID_FORMAT",
		"FREQ=YEARLY;BYMONTH=٣":                            "BYMONTH INVALID_FORMAT",
		"FREQ=MONTHLY;BYMONTHDAY=32":                       "BYMONTHDAY OUT_OF_RANGE",
		"FREQ=MONTHLY;BYMONTHDAY=0":                        "BYMONTHDAY OUT_OF_RANGE",
		"FREQ=MONTHLY;BYMONTHDAY=--1":                      "BYMONTHDAY INVALID_FORMAT",
		"FREQ=WEEKLY;BYMONTHDAY=1":                         "BYMONTHDAY MISMATCH",
		"FREQ=YEARLY;BYYEARDAY=-367":                       "BYYEARDAY OUT_OF_RANGE",
		"FREQ=MONTHLY;BYYEARDAY=1":                         "BYYEARDAY MISMATCH",
		"FREQ=YEARLY;BYWEEKNO=52":                          "BYWEEKNO OUT_OF_RANGE",
		"FREQ=YEARLY;BYWEEKNO=-53":                         "BYWEEKNO OUT_OF_RANGE",
		"FREQ=MONTHLY;BYWEEKNO=20":                         "BYWEEKNO MISMATCH",
		"FREQ=DAILY;BYHOUR=24":                             "BYHOUR OUT_OF_RANGE",
		"FREQ=DAILY;BYMINUTE=60":                           "BYMINUTE OUT_OF_RANGE",
		"FREQ=DAILY;BYHOUR=" + every + ";BYMINUTE=0,20,40": "BYMINUTE TOO_MANY",
		"FREQ=DAILY;BYSETPOS=1":                            "BYSETPOS MISMATCH",
		"FREQ=DAILY;BYHOUR=1;BYSETPOS=2":                   "BYSETPOS OUT_OF_RANGE",
		"FREQ=WEEKLY;BYDAY=MO;BYSETPOS=-8":                 "BYSETPOS OUT_OF_RANGE",
		"FREQ=YEARLY;BYMONTH=1;BYSETPOS=367":               "BYSETPOS OUT_OF_RANGE",
		"FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1,2,3,4,5,6,7,8,9,10,11,12,13": "BYSETPOS TOO_MANY",
		"FREQ=HOURLY;INTERVAL=24;BYHOUR=5":                             "FREQ NOT_ALLOWED",
		"FREQ=MINUTELY;BYSETPOS=2":                                     "FREQ NOT_ALLOWED",
		"FREQ=SECONDLY;INTERVAL=7":                                     "FREQ NOT_ALLOWED",
	} {
		_, err := recurrence.Parse(text)
		var refused *recurrence.Error
		require.ErrorAs(t, err, &refused, "%q", text)
		require.Equal(t, want, refused.Part+" "+string(refused.Why.Code()), "%q", text)
	}
}

// TestARefusalIsAReasonOfAField: the code and the limits are kept, and the sentence names the part.
func TestARefusalIsAReasonOfAField(t *testing.T) {
	t.Parallel()
	_, err := recurrence.Parse("FREQ=DAILY;INTERVAL=1000")
	require.EqualError(t, err, "INTERVAL must be between 1 and 999")
	var refused *recurrence.Error
	require.ErrorAs(t, err, &refused)
	field := errs.Field("recurrence.rule", refused.Reason())
	require.Equal(t, map[string]string{"recurrence.rule": "INTERVAL must be between 1 and 999"}, field.Fields)
	require.Equal(t, why.Code("OUT_OF_RANGE"), field.Reasons[0].Code())
	require.Equal(t, map[string]any{"min": 1.0, "max": 999.0}, field.Reasons[0].Params())

	_, err = recurrence.Parse("FREQ=YEARLY;BYWEEKNO=53")
	require.EqualError(t, err, "BYWEEKNO must be between 1 and 51, or between -51 and -1")
}

// FuzzParse: whatever is read, nothing panics, what is accepted has one form, and the work is bounded: by the years in which
// the library looks for dates, and by how many it makes before the first that is wanted.
func FuzzParse(f *testing.F) {
	for _, example := range examples {
		f.Add(example.rule, int64(873_205_200), int64(0))
	}
	for _, hostile := range hostileRules {
		f.Add(hostile, int64(1_772_000_000), int64(2_000_000_000))
	}
	f.Fuzz(func(t *testing.T, text string, start, from int64) {
		r, err := recurrence.Parse(text)
		if err != nil {
			var refused *recurrence.Error
			require.ErrorAs(t, err, &refused)
			require.NotEmpty(t, refused.Why.Code())
			return
		}
		again, err := recurrence.Parse(r.String())
		require.NoError(t, err)
		require.Equal(t, r, again)

		const most = 20
		begin := time.Unix(start%7_258_118_400, 0).UTC() // 1740 to 2199
		zone, err := recurrence.Zone("America/New_York")
		require.NoError(t, err)
		for _, start := range []recurrence.Local{recurrence.Wall(begin), recurrence.Day(begin)} {
			set := recurrence.Set{Start: start, Zone: zone, Rule: r}
			refused := set.Check()
			from := time.Unix(from%253_402_300_800, 0)
			dates, _ := set.Expand(from, from.AddDate(5, 0, 0), most)
			require.LessOrEqual(t, len(dates), most)
			for i, date := range dates {
				require.False(t, date.At.Before(from))
				require.True(t, i == 0 || dates[i-1].At.Before(date.At))
			}
			if refused != nil || len(dates) < 2 {
				continue
			}
			_, second, ok := set.Split(dates[1].Local)
			require.True(t, ok)
			require.Equal(t, dates[1].Local, second.Start)
			years, skipped := set.Work(recurrence.Wall(from.UTC()))
			require.LessOrEqual(t, years, 500)
			require.LessOrEqual(t, skipped, 366*48, "a year")
		}
	})
}
