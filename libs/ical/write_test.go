package ical_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	ics "github.com/arran4/golang-ical"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/ical"
)

func write(t require.TestingT, calendars ...ical.Component) string {
	var out bytes.Buffer
	require.NoError(t, ical.Write(&out, calendars...))
	return out.String()
}

// texts has what iCalendar, UTF-8 and readers of lines treat differently, mixed with any other characters.
var texts = rapid.Map(rapid.SliceOfN(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{
	`\`, ",", ";", ":", `"`, "^", "^n", "^^", "^'", `\n`, `\N`, `\\`, "=", "\n", "\r", "\r\n", " ", "\t", "\n ", "\r\nBEGIN:VEVENT\r\n", "\x00", "\x0b", "\x1b", "\x7f",
	"\u0085", "\u2028", "\ufeff", "é", "Ж", "世", "🎲", "👩‍👩‍👧", "e\u0301", "\xff", "\xf0\x9f", strings.Repeat("x", 73), strings.Repeat("Щ", 40),
})), 0, 12), func(pieces []string) string { return strings.Join(pieces, "") })

var (
	names  = rapid.StringMatching(`[A-Z][A-Z0-9-]{0,12}`)
	params = rapid.Map(rapid.MapOfN(names, rapid.SliceOfN(texts, 1, 3), 0, 3), func(m map[string][]string) []ical.Param {
		var list []ical.Param
		for name, values := range m {
			list = append(list, ical.Param{Name: name, Values: values})
		}
		return list
	})
	properties = rapid.Custom(func(t *rapid.T) ical.Property {
		name := names.Filter(func(s string) bool { return s != "BEGIN" && s != "END" }).Draw(t, "name")
		p := ical.Text(name, rapid.SliceOfN(texts, 1, 3).Draw(t, "texts")...)
		p.Params = params.Draw(t, "params")
		return p
	})
)

func components(name *rapid.Generator[string], depth int) *rapid.Generator[ical.Component] {
	return rapid.Custom(func(t *rapid.T) ical.Component {
		c := ical.Component{Name: name.Draw(t, "component")}
		c.Properties = rapid.SliceOfN(properties, 0, 4).Draw(t, "properties")
		if depth > 1 {
			c.Components = rapid.SliceOfN(components(names, depth-1), 0, 2).Draw(t, "components")
		}
		return c
	})
}

// printed is a text as it comes back.
func printed(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(s)
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0x7f {
			return -1
		}
		return r // U+FFFD for what is not UTF-8
	}, s)
}

// asRead is a component as it comes back.
func asRead(c ical.Component) ical.Component {
	read := ical.Component{Name: c.Name}
	for _, p := range c.Properties {
		var list []ical.Param
		for _, param := range p.Params {
			var values []string
			for _, value := range param.Values {
				values = append(values, printed(value))
			}
			list = append(list, ical.Param{Name: param.Name, Values: values})
		}
		read.Properties = append(read.Properties, ical.Property{Name: p.Name, Params: list, Value: p.Value})
	}
	for _, child := range c.Components {
		read.Components = append(read.Components, asRead(child))
	}
	return read
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := components(rapid.Just("VCALENDAR"), ical.MaxDepth).Draw(t, "calendar")
		require.Equal(t, asRead(want), withoutLines(parse(t, write(t, want))))
	})
}

func TestTextsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(texts, 1, 4).Draw(t, "list")
		read := parse(t, write(t, ical.Component{Name: "VCALENDAR", Properties: []ical.Property{ical.Text("SUMMARY", list[0]), ical.Text("CATEGORIES", list...)}}))
		require.Equal(t, printed(list[0]), read.Properties[0].Text())
		var want []string
		for _, text := range list {
			want = append(want, printed(text))
		}
		if len(want) == 1 && want[0] == "" {
			want = nil
		}
		require.Equal(t, want, read.Properties[1].Texts())
	})
}

// Lines have at most 75 octets, end in CRLF, and are whole characters (RFC 5545, 3.1).
func TestFolding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p := properties.Draw(t, "property")
		out := write(t, ical.Component{Name: "VCALENDAR", Properties: []ical.Property{p}})
		lines, ended := strings.CutSuffix(out, "\r\n")
		require.True(t, ended)
		for line := range strings.SplitSeq(lines, "\r\n") {
			require.LessOrEqual(t, len(line), 75)
			require.True(t, utf8.ValidString(line), "%q", line)
			require.False(t, strings.ContainsAny(line, "\r\n"), "%q", line)
		}
		unfolded := strings.Split(strings.ReplaceAll(lines, "\r\n ", ""), "\r\n")
		require.Len(t, unfolded, 3)
	})
	line := func(value string) string {
		return strings.TrimSuffix(strings.TrimPrefix(write(t, ical.Component{Name: "A", Properties: []ical.Property{{Name: "X", Value: value}}}), "BEGIN:A\r\n"), "\r\nEND:A\r\n")
	}
	x := strings.Repeat("x", 73)
	require.Equal(t, "X:"+x, line(x))
	require.Equal(t, "X:"+x+"\r\n y", line(x+"y"))
	require.Equal(t, "X:"+x[1:]+"\r\n é", line(x[1:]+"é"))
	require.Equal(t, "X:"+x+"\r\n "+x+"y\r\n z", line(x+x+"yz"))
}

func TestParamsAreQuotedAndEncoded(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"Jane":                  `Jane`,
		"":                      ``,
		"Doe, Jane":             `"Doe, Jane"`,
		"a;b":                   `"a;b"`,
		"mailto:a@x.example":    `"mailto:a@x.example"`,
		`"J" ^ \n`:              `^'J^' ^^ \n`,
		"a\r\nb\nc\rd":          `a^nb^nc^nd`,
		"a\r\nATTENDEE:mailto:": `"a^nATTENDEE:mailto:"`,
		"a\x00\x7fb\tc":         "ab\tc",
		"caf\xe9":               "caf\ufffd",
	} {
		out := write(t, ical.Component{Name: "VCALENDAR", Properties: []ical.Property{ical.Property{Name: "ATTENDEE", Value: "v"}.With("CN", value)}})
		require.Equal(t, "BEGIN:VCALENDAR\r\nATTENDEE;CN="+want+":v\r\nEND:VCALENDAR\r\n", out)
	}
	p := ical.Property{Name: "A", Value: "v"}.With("X", "1", "2,3").With("Y")
	require.Equal(t, "BEGIN:VCALENDAR\r\nA;X=1,\"2,3\";Y=:v\r\nEND:VCALENDAR\r\n", write(t, ical.Component{Name: "VCALENDAR", Properties: []ical.Property{p}}))
	// Both are made from p, and neither changes the other.
	one, two := p.With("Z", "1"), p.With("Z", "2")
	require.Equal(t, "1", one.Param("Z"))
	require.Equal(t, "2", two.Param("Z"))
	require.Empty(t, p.Param("Z"))
}

func TestInjectionIsRefused(t *testing.T) {
	t.Parallel()
	with := func(p ical.Property) ical.Component {
		return ical.Component{Name: "VCALENDAR", Properties: []ical.Property{{Name: "A", Value: "1"}, p}}
	}
	for what, calendar := range map[string]ical.Component{
		"CR LF in a value":           with(ical.Property{Name: "URL", Value: "https://x.example\r\nATTENDEE:mailto:a@x.example"}),
		"LF in a value":              with(ical.Property{Name: "URL", Value: "https://x.example\nX:1"}),
		"CR in a value":              with(ical.Property{Name: "URL", Value: "https://x.example\rX:1"}),
		"a control in a value":       with(ical.Property{Name: "URL", Value: "a\x00"}),
		"a value that is not UTF-8":  with(ical.Property{Name: "URL", Value: "a\xff"}),
		"a break in a name":          with(ical.Property{Name: "URL\r\nX", Value: "a"}),
		"a parameter in a name":      with(ical.Property{Name: "URL;X=1", Value: "a"}),
		"a value in a name":          with(ical.Property{Name: "URL:a", Value: "a"}),
		"no name":                    with(ical.Property{Value: "a"}),
		"a letter that is not ASCII": with(ical.Property{Name: "ſUMMARY", Value: "a"}),
		"BEGIN":                      with(ical.Property{Name: "BEGIN", Value: "VEVENT"}),
		"end":                        with(ical.Property{Name: "end", Value: "VCALENDAR"}),
		"a break in a parameter":     with(ical.Property{Name: "URL", Value: "a"}.With("X\nY", "1")),
		"a colon in a parameter":     with(ical.Property{Name: "URL", Value: "a"}.With("X:Y", "1")),
		"a parameter without a name": with(ical.Property{Name: "URL", Value: "a"}.With("", "1")),
		"a break in a component":     {Name: "VCALENDAR\r\nX:1"},
		"a component without a name": {Name: "VCALENDAR", Components: []ical.Component{{}}},
		"too deep": {Name: "VCALENDAR", Components: []ical.Component{{Name: "A", Components: []ical.Component{{Name: "A", Components: []ical.Component{
			{Name: "A", Components: []ical.Component{{Name: "A"}}}}}}}}},
	} {
		var out bytes.Buffer
		require.Error(t, ical.Write(&out, calendar), what)
		require.Empty(t, out.String(), what)
	}
	// Text and parameters cannot fail: what they must not have is encoded or left out.
	out := write(t, with(ical.Text("SUMMARY", "a\r\nATTENDEE:b\x00\x1b\xff").With("CN", "a\r\nATTENDEE:b")))
	require.Equal(t, "BEGIN:VCALENDAR\r\nA:1\r\nSUMMARY;CN=\"a^nATTENDEE:b\":a\\nATTENDEE:b\ufffd\r\nEND:VCALENDAR\r\n", out)

	broken := errors.New("broken")
	require.ErrorIs(t, ical.Write(brokenWriter{broken}, with(ical.Text("A", "1"))), broken)
}

type brokenWriter struct{ err error }

func (w brokenWriter) Write([]byte) (int, error) { return 0, w.err }

// Another reader finds what was written.
func TestGolangICalReadsIt(t *testing.T) {
	t.Parallel()
	// It does not know RFC 6868, and takes backslashes in parameters for escapes.
	plain := rapid.Map(texts, func(s string) string {
		return strings.NewReplacer("^", "", `"`, "", "\n", "", "\r", "", `\`, "").Replace(s)
	})
	rapid.Check(t, func(t *rapid.T) {
		summary, cn := texts.Draw(t, "summary"), plain.Draw(t, "cn")
		want := []string{"VEVENT 1", "VEVENT 2"}
		calendar := ical.Component{Name: "VCALENDAR", Properties: []ical.Property{ical.Text("VERSION", "2.0"), ical.Text("PRODID", texts.Draw(t, "prodid"))}}
		for _, uid := range want {
			calendar.Components = append(calendar.Components, ical.Component{Name: "VEVENT", Properties: []ical.Property{
				ical.Text("UID", uid), ical.Text("SUMMARY", summary), ical.Property{Name: "ATTENDEE", Value: "mailto:a@x.example"}.With("CN", cn).With("MEMBER", cn, "x"),
			}})
		}
		read, err := ics.ParseCalendar(strings.NewReader(write(t, calendar)))
		require.NoError(t, err)
		events := read.Events()
		require.Len(t, events, 2)
		for i, event := range events {
			require.Len(t, event.Properties, 3)
			require.Equal(t, want[i], event.Properties[0].Value)
			require.Equal(t, printed(summary), event.Properties[1].Value)
			require.Equal(t, "mailto:a@x.example", event.Properties[2].Value)
			require.Equal(t, map[string][]string{"CN": {printed(cn)}, "MEMBER": {printed(cn), "x"}}, event.Properties[2].ICalParameters)
		}
	})
}
