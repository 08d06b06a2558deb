package ical_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/ical"
)

func TestText(t *testing.T) {
	t.Parallel()
	require.Equal(t, `a\\b\;c\,d\ne\nf\ng:"`, ical.Text("X", "a\\b;c,d\ne\r\nf\rg:\"").Value)
	for value, want := range map[string]string{
		``:             "",
		`a\nb\Nc`:      "a\nb\nc",
		`a\,b\;c\\n`:   `a,b;c\n`,
		`a,b;c:d`:      "a,b;c:d",
		`C:\Users\x`:   `C:\Users\x`,
		`end\`:         `end\`,
		`\\\\`:         `\\`,
		`\\\n`:         "\\\n",
		`\"quoted\"\:`: `\"quoted\"\:`,
	} {
		require.Equal(t, want, ical.Property{Value: value}.Text(), value)
	}
	for value, want := range map[string][]string{
		``:            nil,
		`a`:           {"a"},
		`a,b`:         {"a", "b"},
		`a\,b,c`:      {"a,b", "c"},
		`a\\,b`:       {`a\`, "b"},
		`a\\\,b`:      {`a\,b`},
		`,`:           {"", ""},
		`a,`:          {"a", ""},
		`a\`:          {`a\`},
		`a,\`:         {"a", `\`},
		`a\nb,\N,c;d`: {"a\nb", "\n", "c;d"},
	} {
		require.Equal(t, want, ical.Property{Value: value}.Texts(), value)
	}
	require.Equal(t, `a\,b,c`, ical.Text("X", "a,b", "c").Value)
	require.Empty(t, ical.Text("X").Value)
}

func wall(text string) time.Time {
	at, err := time.Parse("2006-01-02 15:04:05", text)
	if err != nil {
		panic(err)
	}
	return at
}

func TestTime(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]ical.Time{
		"DTSTART:20260310T093000Z":                               {Wall: wall("2026-03-10 09:30:00"), Zone: "UTC"},
		"DTSTART:20260310T093000":                                {Wall: wall("2026-03-10 09:30:00")},
		"DTSTART;TZID=Europe/Berlin:20260310T093000":             {Wall: wall("2026-03-10 09:30:00"), Zone: "Europe/Berlin"},
		`DTSTART;TZID="W. Europe Standard Time":20260310T093000`: {Wall: wall("2026-03-10 09:30:00"), Zone: "W. Europe Standard Time"},
		"DTSTART;TZID=Europe/Berlin:20260310T093000Z":            {Wall: wall("2026-03-10 09:30:00"), Zone: "UTC"},
		"DTSTART;TZID=UTC:20260310T093000":                       {Wall: wall("2026-03-10 09:30:00"), Zone: "UTC"},
		"DTSTART;VALUE=DATE-TIME:20260310T093000Z":               {Wall: wall("2026-03-10 09:30:00"), Zone: "UTC"},
		"DTSTART;VALUE=DATE:20260310":                            {Wall: wall("2026-03-10 00:00:00"), Date: true},
		"DTSTART;value=date:20260310":                            {Wall: wall("2026-03-10 00:00:00"), Date: true},
		"DTSTART:20260310":                                       {Wall: wall("2026-03-10 00:00:00"), Date: true},
		"DTSTART;VALUE=DATE;TZID=Europe/Berlin:20260310":         {Wall: wall("2026-03-10 00:00:00"), Date: true},
		"DTSTART: 20260310t093000z ":                             {Wall: wall("2026-03-10 09:30:00"), Zone: "UTC"},
		"DTSTART:20161231T235960Z":                               {Wall: wall("2016-12-31 23:59:59"), Zone: "UTC"},
		"DTSTART:20240229":                                       {Wall: wall("2024-02-29 00:00:00"), Date: true},
	} {
		got, err := property(t, line).Time()
		require.NoError(t, err, line)
		require.Equal(t, want, got, line)
	}
	for _, value := range []string{
		"", "Z", "2026031", "202603101", "20260230", "20230229", "20261301", "20260001", "20260100", "2026-3-1", "20260310T", "20260310T0930", "20260310T093000ZZ",
		"20260310T240000", "20260310T236000", "20260310T093061", "20260310T093060+", "20260310 093000", "20260310T93000.5", "+0260310", "2026031O", "20260310T09300٠",
		"20260310T093000Z,20260311T093000Z", "20260310T093000+0100", "-20260310",
	} {
		p := ical.Property{Name: "DTSTART", Value: value, Line: 7}
		_, err := p.Time()
		require.Equal(t, &ical.Error{Line: 7, Reason: ical.BadTime}, err, value)
	}
	for _, line := range []string{"DTSTART;VALUE=DATE:20260310T093000", "DTSTART;VALUE=DATE-TIME:20260310"} {
		_, err := property(t, line).Time()
		require.Equal(t, &ical.Error{Line: 2, Reason: ical.BadTime}, err, line)
	}
}

func TestTimes(t *testing.T) {
	t.Parallel()
	berlin := func(text string) ical.Time { return ical.Time{Wall: wall(text), Zone: "Europe/Berlin"} }
	for line, want := range map[string][]ical.Time{
		"EXDATE;TZID=Europe/Berlin:20260310T093000,20260311T093000": {berlin("2026-03-10 09:30:00"), berlin("2026-03-11 09:30:00")},
		"EXDATE:20260310T093000Z":                                   {{Wall: wall("2026-03-10 09:30:00"), Zone: "UTC"}},
		"RDATE;VALUE=DATE:20260310,20260312":                        {{Wall: wall("2026-03-10 00:00:00"), Date: true}, {Wall: wall("2026-03-12 00:00:00"), Date: true}},
	} {
		got, err := property(t, line).Times()
		require.NoError(t, err, line)
		require.Equal(t, want, got, line)
	}
	for _, line := range []string{"EXDATE:", "EXDATE:20260310T093000Z,", "RDATE;VALUE=PERIOD:20260310T093000Z/PT1H", "RDATE;VALUE=DATE:20260310,20260310T093000Z"} {
		_, err := property(t, line).Times()
		require.Equal(t, &ical.Error{Line: 2, Reason: ical.BadTime}, err, line)
	}
	periods, err := property(t, "RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20260310T093000/20260310T103000,20260311T093000/PT1H30M").Periods()
	require.NoError(t, err)
	require.Equal(t, []ical.Period{
		{Start: berlin("2026-03-10 09:30:00"), End: berlin("2026-03-10 10:30:00")},
		{Start: berlin("2026-03-11 09:30:00"), Duration: ical.Duration{Clock: 90 * time.Minute}},
	}, periods)
	for _, value := range []string{"", "/", "20260310T093000Z", "20260310T093000Z/", "20260310/20260311", "20260310T093000Z/20260311", "20260310T093000Z/-PT1H", "x/PT1H", "20260310T093000Z/PT1H,"} {
		_, err := property(t, "RDATE;VALUE=PERIOD:"+value).Periods()
		require.Equal(t, &ical.Error{Line: 2, Reason: ical.BadPeriod}, err, value)
	}
}

func TestTimesComeBack(t *testing.T) {
	t.Parallel()
	moscow, err := time.LoadLocation("Europe/Moscow")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		instant := time.Unix(rapid.Int64Range(-2e9, 2e11).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).In(moscow)
		want := rapid.SampledFrom([]ical.Time{ical.UTC(instant), ical.Local(instant), ical.Date(instant), {Wall: ical.Local(instant).Wall}}).Draw(t, "time")
		got, err := parse(t, write(t, ical.Component{Name: "VCALENDAR", Properties: []ical.Property{ical.At("DTSTART", want)}})).Properties[0].Time()
		require.NoError(t, err)
		require.Equal(t, want, got)
	})
	instant := time.Date(2026, 3, 10, 23, 30, 0, 999, time.UTC)
	require.Equal(t, ical.Property{Name: "A", Value: "20260310T233000Z"}, ical.At("A", ical.UTC(instant.In(moscow))))
	require.Equal(t, ical.Property{Name: "A", Value: "20260310T233000Z"}, ical.At("A", ical.Local(instant)))
	require.Equal(t, ical.Property{Name: "A", Value: "20260311T023000"}.With("TZID", "Europe/Moscow"), ical.At("A", ical.Local(instant.In(moscow))))
	require.Equal(t, ical.Property{Name: "A", Value: "20260311"}.With("VALUE", "DATE"), ical.At("A", ical.Date(instant.In(moscow))))
}

func TestDuration(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]ical.Duration{
		"P7W":               {Days: 49},
		"P1D":               {Days: 1},
		"P15DT5H0M20S":      {Days: 15, Clock: 5*time.Hour + 20*time.Second},
		"PT1H":              {Clock: time.Hour},
		"PT1H5S":            {Clock: time.Hour + 5*time.Second},
		"PT90M":             {Clock: 90 * time.Minute},
		"-PT15M":            {Clock: -15 * time.Minute},
		"+P1DT1H":           {Days: 1, Clock: time.Hour},
		"-P1DT1H":           {Days: -1, Clock: -time.Hour},
		"P0D":               {},
		"PT0S":              {},
		" pt1h ":            {Clock: time.Hour},
		"P1W2D":             {Days: 9},
		"P36600D":           {Days: 36600},
		"PT0000000009S":     {Clock: 9 * time.Second},
		"-PT3162240000S":    {Clock: -3162240000 * time.Second},
		"P36600DT878400H0S": {Days: 36600, Clock: 878400 * time.Hour},
	} {
		got, err := ical.Property{Value: value}.Duration()
		require.NoError(t, err, value)
		require.Equal(t, want, got, value)
	}
	for _, value := range []string{
		"", "P", "-", "PT", "P1", "P1DT", "T1H", "1H", "P1H", "PT1D", "PT1W", "P1D1W", "PT1M1H", "PT1H1H", "PT1.5H", "PT-1H", "--PT1H", "+-PT1H", "-+PT1H", "PTH", "PT1HT1M", "P1Y", "P1M",
		"P36601D", "PT3162240001S", "PT878401H", "P99999999999W", "PT99999999999999999999S", "PT00000000009S", "P1D ,P2D", "PT1_0H", "PT١H",
	} {
		_, err := ical.Property{Value: value, Line: 3}.Duration()
		require.Equal(t, &ical.Error{Line: 3, Reason: ical.BadDuration}, err, value)
	}
	for want, d := range map[string]ical.Duration{
		"PT0S":        {},
		"P1D":         {Days: 1},
		"-PT15M":      {Clock: -15 * time.Minute},
		"PT1H":        {Clock: time.Hour + time.Millisecond},
		"PT10H0M10S":  {Clock: 10*time.Hour + 10*time.Second},
		"PT10M10S":    {Clock: 10*time.Minute + 10*time.Second},
		"PT20S":       {Clock: 20 * time.Second},
		"P2DT26H3M4S": {Days: 2, Clock: 26*time.Hour + 3*time.Minute + 4*time.Second},
		"-P1DT1H30M":  {Days: -1, Clock: -90 * time.Minute},
	} {
		require.Equal(t, want, d.String())
	}
	rapid.Check(t, func(t *rapid.T) {
		want := ical.Duration{Days: rapid.IntRange(0, 36600).Draw(t, "days"), Clock: time.Duration(rapid.Int64Range(0, 3162240000).Draw(t, "seconds")) * time.Second}
		if rapid.Bool().Draw(t, "negative") {
			want = ical.Duration{Days: -want.Days, Clock: -want.Clock}
		}
		got, err := ical.Property{Value: want.String()}.Duration()
		require.NoError(t, err, want.String())
		require.Equal(t, want, got)
	})
}
