package jsonscan_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/jsonscan"
)

// value reads any plain value as encoding/json would.
func value(c *jsonscan.Cursor) (v any, ok bool) {
	probe := *c
	switch {
	case probe.Take('{'):
		object := map[string]any{}
		ok = c.Object(func(name []byte) bool {
			inner, ok := value(c)
			object[string(name)] = inner
			return ok
		})
		return object, ok
	case probe.Take('['):
		list := []any{}
		ok = c.List(func() bool {
			inner, ok := value(c)
			list = append(list, inner)
			return ok
		})
		return list, ok
	case probe.Take('"'):
		s, ok := c.Str()
		return string(s), ok
	default:
		return c.Bool()
	}
}

func read(text string) (any, bool) {
	c := jsonscan.At([]byte(text))
	v, ok := value(c)
	return v, ok && c.End()
}

// What is read is what a decoder reads; it may be left unread, but never misread.
func TestPlainIsReadAsADecoderReadsIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOfN(rapid.SampledFrom([]string{
			"{", "}", "[", "]", ",", ":", `"a"`, `"b c"`, `""`, "true", "false", "null", "1", " ", "\n", `"\u0061"`, `"ü"`, "\x00", `"`, "tru",
		}), 0, 9).Draw(t, "pieces")
		text := strings.Join(pieces, "")
		got, ok := read(text)
		if !ok {
			return
		}
		var want any
		require.NoError(t, json.Unmarshal([]byte(text), &want), text)
		require.Equal(t, want, got)
	})
}

func TestWhatIsPlainIsRead(t *testing.T) {
	for _, text := range []string{
		`{}`, `[]`, `""`, `true`, ` { "a" : [ false , "b c~" ] , "d" : { } } `, "\t[\r\n]\n",
	} {
		got, ok := read(text)
		require.True(t, ok, text)
		var want any
		require.NoError(t, json.Unmarshal([]byte(text), &want))
		require.Equal(t, want, got)
	}
	for _, text := range []string{``, ` `, `{`, `{"a"}`, `{"a":}`, `{"a":true,}`, `[true,]`, `[true true]`, `"a`, `"\n"`, `"ü"`, `null`, `1`, `true x`, "true\x00"} {
		_, ok := read(text)
		require.False(t, ok, text)
	}
}

func TestObjectsHaveFewFieldsOfDifferentNames(t *testing.T) {
	object := func(n int) string {
		fields := make([]string, n)
		for i := range fields {
			fields[i] = `"` + strings.Repeat("x", i+1) + `":true`
		}
		return "{" + strings.Join(fields, ",") + "}"
	}
	for text, want := range map[string]bool{
		object(16): true, object(17): false, `{"a":true,"b":true,"a":true}`: false, `{"a":{"a":true},"b":{"a":true}}`: true,
	} {
		_, ok := read(text)
		require.Equal(t, want, ok, text)
	}
}

func TestUUIDs(t *testing.T) {
	t.Parallel()
	const usual = "01890a5d-ac96-774b-bcce-b302099a8057"
	for text, want := range map[string]bool{
		`"` + usual + `"`: true, `"` + strings.ToUpper(usual) + `"`: true, `"` + strings.ReplaceAll(usual, "-", "") + `"`: false,
		`"urn:uuid:` + usual + `"`: false, `"{` + usual + `}"`: false, `"` + usual + ` "`: false, `"` + strings.ReplaceAll(usual, "-", "_") + `"`: false, usual: false, `""`: false,
	} {
		var id uuid.UUID
		require.Equal(t, want, jsonscan.At([]byte(text)).UUID(&id), text)
		if want {
			require.Equal(t, uuid.MustParse(usual), id)
		}
	}
}
