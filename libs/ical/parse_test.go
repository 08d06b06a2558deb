package ical_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/ical"
)

// parse reads one calendar.
func parse(t require.TestingT, text string) ical.Component {
	calendars, err := ical.Parse(strings.NewReader(text))
	require.NoError(t, err, text)
	require.Len(t, calendars, 1)
	return calendars[0]
}

// property reads a line as a property of a calendar.
func property(t require.TestingT, line string) ical.Property {
	calendar := parse(t, "BEGIN:VCALENDAR\n"+line+"\nEND:VCALENDAR\n")
	require.Len(t, calendar.Properties, 1, line)
	return calendar.Properties[0]
}

func TestParse(t *testing.T) {
	t.Parallel()
	calendar := parse(t, strings.ReplaceAll(`BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
SUMMARY;LANGUAGE=ru:Шахматы
 \, чай
ATTENDEE;ROLE=CHAIR;MEMBER="mailto:a@x.example","mailto:b@x.example":mailto:
	c@x.example
ATTENDEE:mailto:d@x.example
BEGIN:VALARM
ACTION:DISPLAY
END:VALARM
END:VEVENT
BEGIN:VEVENT
UID:2
END:VEVENT
END:VCALENDAR
`, "\n", "\r\n"))
	require.Equal(t, ical.Component{Name: "VCALENDAR", Line: 1, Properties: []ical.Property{{Name: "VERSION", Value: "2.0", Line: 2}}, Components: []ical.Component{
		{Name: "VEVENT", Line: 3, Properties: []ical.Property{
			{Name: "UID", Value: "1", Line: 4},
			{Name: "SUMMARY", Params: []ical.Param{{Name: "LANGUAGE", Values: []string{"ru"}}}, Value: `Шахматы\, чай`, Line: 5},
			{Name: "ATTENDEE", Params: []ical.Param{
				{Name: "ROLE", Values: []string{"CHAIR"}},
				{Name: "MEMBER", Values: []string{"mailto:a@x.example", "mailto:b@x.example"}},
			}, Value: "mailto:c@x.example", Line: 7},
			{Name: "ATTENDEE", Value: "mailto:d@x.example", Line: 9},
		}, Components: []ical.Component{
			{Name: "VALARM", Line: 10, Properties: []ical.Property{{Name: "ACTION", Value: "DISPLAY", Line: 11}}},
		}},
		{Name: "VEVENT", Line: 14, Properties: []ical.Property{{Name: "UID", Value: "2", Line: 15}}},
	}}, calendar)

	events := calendar.Children("VEVENT")
	require.Len(t, events, 2)
	require.Empty(t, calendar.Children("VTODO"))
	require.Len(t, events[0].All("ATTENDEE"), 2)
	summary, ok := events[0].Property("SUMMARY")
	require.True(t, ok)
	require.Equal(t, "Шахматы, чай", summary.Text())
	require.Equal(t, "ru", summary.Param("LANGUAGE"))
	require.Empty(t, summary.Param("ALTREP"))
	_, ok = events[1].Property("SUMMARY")
	require.False(t, ok)
}

// What programs write that is not quite RFC 5545.
func TestParseIsTolerant(t *testing.T) {
	t.Parallel()
	plain := parse(t, "BEGIN:VCALENDAR\r\nX-A;B=c:d e\r\nEND:VCALENDAR\r\n")
	plain = withoutLines(plain)
	for what, text := range map[string]string{
		"LF":                          "BEGIN:VCALENDAR\nX-A;B=c:d e\nEND:VCALENDAR\n",
		"CR":                          "BEGIN:VCALENDAR\rX-A;B=c:d e\rEND:VCALENDAR\r",
		"CR CR LF":                    "BEGIN:VCALENDAR\r\r\nX-A;B=c:d\r\r\n  e\r\r\nEND:VCALENDAR\r\r\n",
		"no last break":               "BEGIN:VCALENDAR\r\nX-A;B=c:d e\r\nEND:VCALENDAR",
		"byte order mark":             "\ufeffBEGIN:VCALENDAR\nX-A;B=c:d e\nEND:VCALENDAR\n",
		"empty lines":                 "\n\r\n\rBEGIN:VCALENDAR\n\nX-A;B=c:d e\n\n\nEND:VCALENDAR\n\n",
		"small letters":               "begin:vcalendar\nx-a;b=c:d e\nend:Vcalendar\n",
		"white space after a name":    "BEGIN:VCALENDAR \nX-A;B=c:d e\nEND: VCALENDAR\t\n",
		"control characters":          "BEGIN:VCALENDAR\nX-A;B=c:\x00d\x1b e\x7f\x0b\n\x1a\nEND:VCALENDAR\n\x1a",
		"folded anywhere":             "B\n EGIN:VCAL\n\tENDAR\nX\n -A;\n B\n =\n c\n :\n d \n e\nEND:VCALENDAR\n",
		"folded with nothing":         "BEGIN:VCALENDAR\nX-A;B=c:d e\n \n\t\nEND:VCALENDAR\n ",
		"quotes that are not needed":  "BEGIN:VCALENDAR\nX-A;B=\"c\":d e\nEND:VCALENDAR\n",
		"parameters of BEGIN, of END": "BEGIN;X=1:VCALENDAR\nX-A;B=c:d e\nEND;X=1:VCALENDAR\n",
	} {
		require.Equal(t, plain, withoutLines(parse(t, text)), what)
	}
	// Folded inside of a character, as old programs do.
	require.Equal(t, "é", property(t, "X-A:\xc3\r\n \xa9").Value)
	// Several calendars in a stream.
	calendars, err := ical.Parse(strings.NewReader("BEGIN:VCALENDAR\nEND:VCALENDAR\nBEGIN:VCALENDAR\nX-A:1\nEND:VCALENDAR"))
	require.NoError(t, err)
	require.Len(t, calendars, 2)
	require.Len(t, calendars[1].Properties, 1)
}

func TestParams(t *testing.T) {
	t.Parallel()
	for line, want := range map[string][]ical.Param{
		`A;CN="Doe, Jane; :x":v`:                {{"CN", []string{"Doe, Jane; :x"}}},
		`A;cn=Doe:v`:                            {{"CN", []string{"Doe"}}},
		`A;CN=:v`:                               {{"CN", []string{""}}},
		`A;CN="":v`:                             {{"CN", []string{""}}},
		`A;B=1,"2,3",,4;C=5:v`:                  {{"B", []string{"1", "2,3", "", "4"}}, {"C", []string{"5"}}},
		`A;CN=Ann "Queen" Lee:v`:                {{"CN", []string{`Ann "Queen" Lee`}}},
		`A;CN=George Herman ^'Babe^' Ruth:v`:    {{"CN", []string{`George Herman "Babe" Ruth`}}},
		`A;X="a^nb^^c^^nd^xe^":v`:               {{"X", []string{"a\nb^c^nd^xe^"}}},
		`A;X=\,y:v`:                             {{"X", []string{`\`, "y"}}},
		`A;TZID="Europe/Berlin":v`:              {{"TZID", []string{"Europe/Berlin"}}},
		`A;X=1;X=2:v`:                           {{"X", []string{"1"}}, {"X", []string{"2"}}},
		`A;X_Y=1:v`:                             {{"X_Y", []string{"1"}}},
		`A` + strings.Repeat(";X=1", 64) + `:v`: repeat(ical.Param{Name: "X", Values: []string{"1"}}, 64),
	} {
		p := property(t, line)
		require.Equal(t, want, p.Params, line)
		require.Equal(t, "v", p.Value, line)
	}
}

func repeat[T any](v T, n int) []T {
	list := make([]T, n)
	for i := range list {
		list[i] = v
	}
	return list
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	in := func(line string) string { return "BEGIN:VCALENDAR\r\nX-A:1\r\n" + line + "\r\nEND:VCALENDAR\r\n" }
	for text, want := range map[string]ical.Error{
		"":                          {0, ical.NoCalendar},
		"\r\n\n":                    {0, ical.NoCalendar},
		"\ufeff":                    {0, ical.NoCalendar},
		"hello":                     {1, ical.NoValue},
		"{\"a\": 1}":                {1, ical.BadName},
		"X-A:1":                     {1, ical.Outside},
		"BEGIN:VEVENT\nEND:VEVENT":  {1, ical.Outside},
		"BEGIN:VCARD\nEND:VCARD":    {1, ical.Outside},
		" BEGIN:VCALENDAR":          {1, ical.FoldsNothing},
		"\n\n\tBEGIN:VCALENDAR":     {3, ical.FoldsNothing},
		"\xff\xfeB\x00E\x00":        {1, ical.NotUTF8}, // UTF-16
		in(""):                      {},
		in("X-B:caf\xe9"):           {3, ical.NotUTF8}, // ISO 8859-1
		in("X-B:a\r\n b\xff\r\n c"): {3, ical.NotUTF8},
		in(":v"):                    {3, ical.BadName},
		in(";A=b:v"):                {3, ical.BadName},
		in("ИМЯ:v"):                 {3, ical.BadName},
		in("A B:v"):                 {3, ical.NoValue},
		in("DESCRIPTION"):           {3, ical.NoValue},
		in("ATTENDEE;CN=x"):         {3, ical.NoValue},
		in("ATTENDEE;CN"):           {3, ical.BadParam},
		in("ATTENDEE;CN:x"):         {3, ical.BadParam},
		in("ATTENDEE;=x:v"):         {3, ical.BadParam},
		in("ATTENDEE;:v"):           {3, ical.BadParam},
		in("ATTENDEE;"):             {3, ical.BadParam},
		in(`ATTENDEE;CN="x"y:v`):    {3, ical.BadParam},
		in(`ATTENDEE;CN="x"`):       {3, ical.BadParam},
		in(`ATTENDEE;CN="x`):        {3, ical.OpenQuote},
		in(`ATTENDEE;CN=a,"b:v`):    {3, ical.OpenQuote},
		in("A" + strings.Repeat(";X=1", 65) + ":v"):       {3, ical.TooManyParams},
		in("A:" + strings.Repeat("x", ical.MaxLine-2)):    {},
		in("A:" + strings.Repeat("x", ical.MaxLine-1)):    {3, ical.LineTooLong},
		in("A:" + strings.Repeat("\r\n xxxxxxxx", 9_000)): {3, ical.LineTooLong},
		in("BEGIN:"):     {3, ical.BadName},
		in("BEGIN:A B"):  {3, ical.BadName},
		in("BEGIN:A"):    {4, ical.WrongEnd},
		in("END:VEVENT"): {3, ical.WrongEnd},
		in("BEGIN:A\r\nBEGIN:B\r\nEND:A\r\nEND:B"):                             {5, ical.WrongEnd},
		in("END:VCALENDAR"):                                                    {4, ical.WrongEnd},
		in("END:VCALENDAR\r\nX-B:1\r\nBEGIN:VCALENDAR"):                        {4, ical.Outside},
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nEND:VEVENT":                            {1, ical.NotEnded},
		"BEGIN:VCALENDAR\nBEGIN:VEVENT\nX:1":                                   {2, ical.NotEnded},
		in("BEGIN:A\nBEGIN:B\nBEGIN:C\nEND:C\nEND:B\nEND:A"):                   {},
		in("BEGIN:A\nBEGIN:B\nBEGIN:C\nBEGIN:D\nEND:D\nEND:C\nEND:B\nEND:A"):   {6, ical.TooDeep},
		in(strings.Repeat("BEGIN:A\nEND:A\n", ical.MaxComponents-1)):           {},
		in(strings.Repeat("BEGIN:A\nEND:A\n", ical.MaxComponents)):             {3 + 2*ical.MaxComponents - 2, ical.TooManyComponents},
		in(strings.Repeat("A:\n", ical.MaxProperties-1)):                       {},
		in(strings.Repeat("A:\n", ical.MaxProperties)):                         {2 + ical.MaxProperties, ical.TooManyProperties},
		strings.Repeat("\n", ical.MaxBytes):                                    {0, ical.NoCalendar},
		strings.Repeat("\n", ical.MaxBytes+1):                                  {0, ical.TooLarge},
		strings.Repeat("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", 40_000):         {0, ical.TooLarge},
		strings.Repeat("BEGIN:VCALENDAR\r\n", 20_000):                          {5, ical.TooDeep},
		in("A" + strings.Repeat(";X=1", 100_000) + ":v"):                       {3, ical.LineTooLong},
		in("A;X=" + strings.Repeat(",", 60_000) + ":v"):                        {},
		in("A;X=" + strings.Repeat(`"",`, 20_000) + ":v"):                      {},
		in("A;X=" + strings.Repeat("^", 60_000) + ":v"):                        {},
		in("CATEGORIES:" + strings.Repeat(`\,`, 30_000)):                       {},
		strings.Repeat("BEGIN:VCALENDAR\nEND:VCALENDAR\n", ical.MaxComponents): {},
	} {
		_, err := ical.Parse(strings.NewReader(text))
		if want.Reason == "" {
			require.NoError(t, err, "%.200q", text)
			continue
		}
		var got *ical.Error
		require.ErrorAs(t, err, &got, "%.200q", text)
		require.Equal(t, want, *got, "%.200q", text)
	}
	require.EqualError(t, &ical.Error{Line: 3, Reason: ical.NoValue}, "iCalendar, line 3: no colon before a value")
	require.EqualError(t, &ical.Error{Reason: ical.TooLarge}, "iCalendar: larger than 1 MB")
}

// A reader without an end is read to the bound only.
func TestParseStopsReading(t *testing.T) {
	t.Parallel()
	endless := &countingReader{}
	_, err := ical.Parse(endless)
	require.Equal(t, &ical.Error{Reason: ical.TooLarge}, err)
	require.LessOrEqual(t, endless.read, ical.MaxBytes+1)

	broken := errors.New("broken")
	_, err = ical.Parse(io.MultiReader(strings.NewReader("BEGIN:VCALENDAR\n"), iotest.ErrReader(broken)))
	require.ErrorIs(t, err, broken)
}

type countingReader struct{ read int }

func (r *countingReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	r.read += len(p)
	return len(p), nil
}

// withoutLines is a component as it was made rather than read.
func withoutLines(c ical.Component) ical.Component {
	c.Line = 0
	for i := range c.Properties {
		c.Properties[i].Line = 0
	}
	for i := range c.Components {
		c.Components[i] = withoutLines(c.Components[i])
	}
	return c
}
