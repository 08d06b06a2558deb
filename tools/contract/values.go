package contract

import (
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// wrong is a value and what is wrong with it.
type wrong struct {
	name string
	text string // for parameters
}

// wrongStrings are values for a parameter, which travels as text whatever its type is.
func wrongStrings(s *openapi3.Schema) []wrong {
	values := []wrong{
		{"empty", ""},
		{"a NUL", "a\x00b"},
		{"broken UTF-8", "a\xff\xfeb"},
		{"a line break", "a\r\nX-Injected: 1"},
		{"an emoji", "🗳️"},
		{"SQL", "' OR 1=1 --"},
		{"a path", "../../etc/passwd"},
		{"a format string", "%s%n%d"},
		{"very long", strings.Repeat("y", 5000)},
	}
	switch {
	case s.Type.Is(openapi3.TypeInteger), s.Type.Is(openapi3.TypeNumber):
		for _, text := range []string{"x", "1.5", "-1", "0", "1e3", "NaN", "0x10", "2147483648", "9223372036854775807", "9223372036854775808", strings.Repeat("9", 400)} {
			values = append(values, wrong{"number " + shorten(text), text})
		}
	case s.Type.Is(openapi3.TypeBoolean):
		for _, text := range []string{"yes", "2", "TRUE", "null"} {
			values = append(values, wrong{"boolean " + text, text})
		}
	case s.Type.Is(openapi3.TypeString):
		for _, text := range wrongFormats[s.Format] {
			values = append(values, wrong{s.Format + " " + shorten(text), text})
		}
		if s.MaxLength != nil && *s.MaxLength < 5000 {
			values = append(values, wrong{"a character too long", strings.Repeat("z", int(*s.MaxLength)+1)})
		}
		if len(s.Enum) > 0 {
			values = append(values, wrong{"not in the list", "something-else"}, wrong{"in other letters", strings.ToUpper(fmt.Sprint(s.Enum[0]))})
		}
	}
	return values
}

// wrongFormats are texts that look like a format and are not, or are at its edge.
var wrongFormats = map[string][]string{
	"uuid": {
		"x", "00000000-0000-0000-0000-000000000000", "{01890a5d-ac96-774b-bcce-b302099a8057}", "01890a5dac96774bbcceb302099a8057",
		"urn:uuid:01890a5d-ac96-774b-bcce-b302099a8057", "01890A5D-AC96-774B-BCCE-B302099A8057", "01890a5d-ac96-774b-bcce-b302099a805", "zzzzzzzz-zzzz-zzzz-zzzz-zzzzzzzzzzzz",
	},
	"date-time": {
		"yesterday", "2030-01-02", "2030-13-40T25:61:61Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "99999-01-01T00:00:00Z",
		"2030-06-30T23:59:60Z", "2030-01-02T03:04:05", "2030-01-02T03:04:05+99:99", "-0001-01-01T00:00:00Z", "2030-01-02t03:04:05z",
	},
	"date":  {"yesterday", "2030-02-30", "0000-00-00", "99999-01-01", "2030-1-2"},
	"email": {"x", "@", "a@", "a@b@c", "a b@c.d", strings.Repeat("a", 400) + "@b.test", "a@b.test\nBcc: c@d.test", "\"<script>\"@b.test"},
	"uri":   {"x y", "javascript:alert(1)", "http://[::1", "//evil.example", "http://%zz"},
}

// rawValues are JSON fragments to put in place of a value: every type, every edge, and what is no JSON at all.
func rawValues(s *openapi3.Schema) []wrong {
	values := []wrong{
		{"null", `null`}, {"true", `true`}, {"zero", `0`}, {"a negative number", `-1`}, {"a fraction", `1.5`},
		{"a string", `"x"`}, {"an empty string", `""`}, {"an array", `[]`}, {"an array of null", `[null]`},
		{"an object", `{}`}, {"a nested object", `{"a":{"b":[{"c":null}]}}`},
		{"a number past int64", `9223372036854775808`}, {"a number past float64", `1e999`}, {"a very long number", strings.Repeat("9", 1000)},
		{"NaN", `NaN`}, {"nothing", ``}, {"half a string", `"x`}, {"deep arrays", strings.Repeat("[", 2000) + strings.Repeat("]", 2000)},
	}
	if s == nil {
		return values
	}
	switch {
	case s.Type.Is(openapi3.TypeString):
		values = append(values,
			wrong{"a NUL", `"a\u0000b"`}, wrong{"half a surrogate pair", `"a\ud800b"`}, wrong{"broken UTF-8", "\"a\xff\xfeb\""}, wrong{"a raw line break", "\"a\nb\""},
			wrong{"an emoji", `"🗳️"`}, wrong{"right to left", `"\u202eabc"`}, wrong{"only spaces", `"   "`}, wrong{"a script", `"<script>alert(1)</script>"`},
			wrong{"SQL", `"'; DROP TABLE polls; --"`}, wrong{"a long string", `"` + strings.Repeat("y", 100_000) + `"`},
		)
		for _, text := range wrongFormats[s.Format] {
			values = append(values, wrong{s.Format + " " + shorten(text), fmt.Sprintf("%q", text)})
		}
		if s.MaxLength != nil && *s.MaxLength < 100_000 {
			values = append(values,
				wrong{"a character too long", `"` + strings.Repeat("z", int(*s.MaxLength)+1) + `"`},
				wrong{"as long as may be, in four-byte characters", `"` + strings.Repeat("🗳", int(*s.MaxLength)) + `"`},
			)
		}
	case s.Type.Is(openapi3.TypeInteger):
		values = append(values, wrong{"past int32", `2147483648`}, wrong{"the largest int64", `9223372036854775807`}, wrong{"the smallest int64", `-9223372036854775808`}, wrong{"a number as text", `"1"`})
	case s.Type.Is(openapi3.TypeBoolean):
		values = append(values, wrong{"a boolean as text", `"true"`}, wrong{"one", `1`})
	case s.Type.Is(openapi3.TypeArray):
		values = append(values, wrong{"ten thousand nulls", "[" + strings.Repeat("null,", 9_999) + "null]"}, wrong{"mixed types", `[1,"a",{},[],null,true]`})
	}
	return values
}
