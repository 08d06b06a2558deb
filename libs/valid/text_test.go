package valid_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

func line(s string) (form, why string) {
	fields := errs.Fields{}
	form = valid.Line(fields, "f", s, 1, 10)
	return form, sentence(fields["f"])
}

func sentence(r why.Reason) string {
	if r.None() {
		return ""
	}
	return r.String()
}

func text(s string) (form, why string) {
	fields := errs.Fields{}
	form = valid.Text(fields, "f", s, 1, 10)
	return form, sentence(fields["f"])
}

func TestLineIsNormalised(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Chess":                            "Chess",
		"  Chess\u00a0 ":                   "Chess",
		"cafe\u0301":                       "caf\u00e9",
		"Ёлка":                             "Ёлка",
		"שלום\u200f":                       "שלום\u200f",
		"👩\u200d🚀":                         "👩\u200d🚀",
		"०१२":                              "०१२",
		"a\u0301\u0302 ok":                 "\u00e1\u0302 ok",
		"e\u0301" + strings.Repeat("e", 9): "\u00e9eeeeeeeee", // ten characters, though eleven came
	} {
		form, why := line(in)
		require.Empty(t, why, "%q", in)
		require.Equal(t, want, form)
	}
}

func TestLineIsRefused(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                     "must not be empty",
		" \t ":                 "must not be empty",
		"12345678901":          "must be at most 10 characters long",
		"a\xffb":               "must be valid UTF-8",
		"a\ufffdb":             "must not contain damaged characters",
		"a\uffffb":             "must not contain damaged characters",
		"a\x00b":               "must not contain control characters",
		"a\nb":                 "must not contain control characters",
		"a\u0085b":             "must not contain control characters",
		"a\u2028b":             "must not contain line breaks",
		"a\u202eb":             "must not contain characters that change the direction of text",
		"a\u2067b":             "must not contain characters that change the direction of text",
		"\u200b":               "must contain visible characters",
		"\u2800\u2800":         "must contain visible characters",
		"\u3164":               "must contain visible characters",
		"\u115f\u1160":         "must contain visible characters",
		"\uffa0":               "must contain visible characters",
		"\u00ad\u00ad":         "must contain visible characters",
		"\ufeff":               "must contain visible characters",
		"\u200e\u2060":         "must contain visible characters",
		"\ufe0f":               "must contain visible characters",
		"\u0301":               "must contain visible characters",
		"\u200b \u2800 \u3000": "must contain visible characters",
		"\U000e0041":           "must contain visible characters",
	} {
		_, why := line(in)
		require.Equal(t, want, why, "%q", in)
	}
}

func TestLineMayBeEmptyOnlyWhenNothingIsRequired(t *testing.T) {
	t.Parallel()
	fields := errs.Fields{}
	require.Empty(t, valid.Line(fields, "f", "  ", 0, 10))
	valid.Line(fields, "short", "ab", 3, 10)
	require.Equal(t, errs.Fields{"short": why.TooShort(3)}, fields)
}

func TestTextKeepsLinesAndTabs(t *testing.T) {
	t.Parallel()
	form, why := text("a\r\nb\rc\td")
	require.Empty(t, why)
	require.Equal(t, "a\nb\nc\td", form)
	for _, in := range []string{"a\x00", "a\x1b[31m", "a\u202e", "\n\u200b\n", "a\xc3"} {
		_, why = text(in)
		require.NotEmpty(t, why, "%q", in)
	}
}

func TestAcceptedTextIsStable(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.OneOf(rapid.String(), rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 20), func(b []byte) string { return string(b) })).Draw(t, "in")
		for _, rule := range []func(errs.Fields, string, string, int, int) string{valid.Line, valid.Text} {
			fields := errs.Fields{}
			form := rule(fields, "f", in, 1, 1000)
			if len(fields) > 0 {
				continue
			}
			require.True(t, utf8.ValidString(form))
			require.True(t, valid.Storable(form))
			require.True(t, norm.NFC.IsNormalString(form))
			require.Equal(t, form, rule(fields, "f", form, 1, 1000))
			require.Empty(t, fields)
		}
	})
}

func TestFoldFindsTheSameText(t *testing.T) {
	t.Parallel()
	for _, same := range [][]string{
		{"Ёлка", "ёлка", "елка", "ЕЛКА", "Е\u0308лка"},
		{"café", "cafe\u0301", "CAFÉ"},
		{"Ｃｈｅｓｓ", "chess", "CHESS", "che\u00adss", "ches\u200bs"},
		{"Straße", "STRASSE"},
		{"ﬁn", "fin"},
	} {
		for _, s := range same {
			require.Equal(t, valid.Fold(same[0]), valid.Fold(s), "%q", s)
		}
	}
	for _, pair := range [][2]string{{"йод", "иод"}, {"café", "cafe"}, {"чай", "час"}} {
		require.NotEqual(t, valid.Fold(pair[0]), valid.Fold(pair[1]))
	}
}

func TestFoldIsIdempotent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		once := valid.Fold(rapid.String().Draw(t, "s"))
		require.Equal(t, once, valid.Fold(once))
		require.True(t, utf8.ValidString(once))
	})
}

// Every code point, and none of them makes Fold go on without end.
func TestFoldOfEveryCodePoint(t *testing.T) {
	t.Parallel()
	for r := range unicode.MaxRune + 1 {
		if once := valid.Fold(string(r)); once != valid.Fold(once) {
			t.Errorf("%U folds to %+q and then to %+q", r, once, valid.Fold(once))
		}
	}
	require.Equal(t, "Ꭰ", valid.Fold("ꭰ"), "small Cherokee letters fold to capital ones")
	require.Equal(t, "Ꭰ", valid.Fold("Ꭰ"))
}

func TestStorable(t *testing.T) {
	t.Parallel()
	require.True(t, valid.Storable("a\nb"))
	require.False(t, valid.Storable("a\x00b"))
	require.False(t, valid.Storable("a\xffb"))
}
