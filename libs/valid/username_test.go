package valid_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

func username(s string) (form, why string) {
	fields := errs.Fields{}
	form = valid.Username(fields, "u", s, 2, 20)
	return form, sentence(fields["u"])
}

func TestUsernameIsNormalised(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Anna":       "anna",
		" anna ":     "anna",
		"ＡＮＮＡ":       "anna",
		"anna.k_1-x": "anna.k_1-x",
		"Ёлка":       "ёлка",
		"cafe\u0301": "caf\u00e9",
		"admin":      "admin",
		"Admin":      "admin",
		"अनिल":       "अनिल",
		"まりも":        "まりも",
	} {
		form, why := username(in)
		require.Empty(t, why, "%q", in)
		require.Equal(t, want, form)
	}
}

func TestUsernameIsRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{
		"", "a", "aaaaaaaaaaaaaaaaaaaaa", "a b", "a@b", "a/b", ".anna", "anna.", "an..na", "an.-na", "🙂🙂", "an\u00adna", "an\u200bna",
		"an\u202ena", "a\xffb", "a\x00b", "аdmin" /* Cyrillic а */, "αnna" /* Greek α */, "rооt" /* Cyrillic о */, "\u0301a", "a\ufffdb",
	} {
		_, why := username(in)
		require.NotEmpty(t, why, "%q", in)
	}
	fields := errs.Fields{}
	valid.Username(fields, "u", "01890a5d-ac96-774b-bcce-b302099a8057", 2, 64)
	valid.Username(fields, "v", "01890a5dac96774bbcceb302099a8057", 2, 64)
	require.Equal(t, errs.Fields{"u": why.InvalidFormat("must not be a UUID"), "v": why.InvalidFormat("must not be a UUID")}, fields)
	_, why := username("admın")
	require.Equal(t, "looks like a reserved name", why)
	_, why = username("аdmin")
	require.Equal(t, "must not mix letters of different alphabets", why)
}

func TestUsernamesThatLookAlikeShareAKey(t *testing.T) {
	t.Parallel()
	for _, pair := range [][2]string{
		{"paypal", "раураl"}, {"scope", "ѕсоре"}, {"admin", "admın"}, {"anna", "Anna"}, {"modern", "modem"}, {"o0o", "ooo"}, {"l1l", "lll"},
	} {
		require.Equal(t, valid.UsernameKey(pair[0]), valid.UsernameKey(pair[1]), "%v", pair)
	}
	require.NotEqual(t, valid.UsernameKey("anna"), valid.UsernameKey("anno"))
}

func TestAcceptedUsernameIsStable(t *testing.T) {
	t.Parallel()
	letters := rapid.StringOfN(rapid.OneOf(rapid.RuneFrom([]rune("abcABCабвАБВαβ019._-ёЁéÉ")), rapid.Rune()), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		form, why := username(letters.Draw(t, "name"))
		if why != "" {
			return
		}
		again, why := username(form)
		require.Empty(t, why)
		require.Equal(t, form, again)
		require.Equal(t, valid.UsernameKey(form), valid.UsernameKey(valid.UsernameKey(form)))
	})
}

func TestTimesAreNormalisedAndBounded(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		parsed, err := time.Parse(time.RFC3339Nano, s)
		require.NoError(t, err)
		return parsed
	}
	fields := errs.Fields{}
	require.Equal(t, time.Date(2026, 3, 1, 9, 0, 0, 123456000, time.UTC), valid.Time(fields, "a", at("2026-03-01T12:00:00.123456789+03:00")))
	require.True(t, valid.Time(fields, "b", time.Time{}).IsZero())
	valid.Time(fields, "c", at("9999-12-31T23:59:59Z"))
	require.Empty(t, fields)
	valid.Time(fields, "d", at("9999-12-31T23:59:59-14:00"))
	valid.Time(fields, "e", at("0001-01-01T00:00:00+14:00"))
	require.Len(t, fields, 2)
	require.False(t, valid.InRange(at("9999-12-31T23:59:59-14:00")))
}

func TestNewIDsSortByTime(t *testing.T) {
	t.Parallel()
	before := valid.NewID()
	require.Less(t, before.String(), valid.NewID().String())
	require.EqualValues(t, 7, before.Version())
}
