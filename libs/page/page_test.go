package page_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
)

func numbers(n int) func(limit int) ([]int, error) {
	return func(limit int) ([]int, error) {
		items := make([]int, min(n, limit))
		for i := range items {
			items[i] = i
		}
		return items, nil
	}
}

func last(n int) string { return page.Encode("numbers", n) }

func TestFetchTellsWhetherAnotherPageFollows(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		stored, limit, items int
		more                 bool
	}{
		{0, 10, 0, false}, {9, 10, 9, false}, {10, 10, 10, false}, {11, 10, 10, true},
		{60, 0, page.DefaultLimit, true}, {60, -1, page.DefaultLimit, true}, {200, 1000, page.MaxLimit, true}, {page.MaxLimit, 1000, page.MaxLimit, false},
	} {
		got, err := page.Fetch(c.limit, numbers(c.stored), last)
		require.NoError(t, err)
		require.Len(t, got.Items, c.items)
		require.Equal(t, c.more, got.Next != "", "%+v", c)
		if c.more {
			var n int
			ok, err := page.Decode("numbers", got.Next, &n)
			require.NoError(t, err)
			require.True(t, ok)
			require.Equal(t, c.items-1, n)
		}
	}
	got, err := page.FetchMax(400, 500, numbers(600), last)
	require.NoError(t, err)
	require.Len(t, got.Items, 400)
	doubled := page.Map(got, func(n int) int { return 2 * n })
	require.Equal(t, 798, doubled.Items[399])
	require.Equal(t, got.Next, doubled.Next)
}

func TestFetchReturnsTheErrorOfTheStore(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := page.Fetch(1, func(int) ([]int, error) { return []int{1, 2}, broken }, last)
	require.ErrorIs(t, err, broken)
}

type key struct {
	Name string
	ID   uuid.UUID
	At   time.Time
	N    int64
	Yes  bool
}

func (k key) encode(list string) string { return page.Encode(list, k.Name, k.ID, k.At, k.N, k.Yes) }

func (k *key) decode(list, cursor string) (bool, error) {
	return page.Decode(list, cursor, &k.Name, &k.ID, &k.At, &k.N, &k.Yes)
}

func TestCursorsComeBackAsTheyWere(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := key{
			Name: strings.ReplaceAll(rapid.String().Draw(t, "name"), "\x00", ""),
			ID:   uuid.UUID(rapid.SliceOfN(rapid.Byte(), 16, 16).Draw(t, "id")),
			At:   time.UnixMicro(rapid.Int64Range(0, 1<<50).Draw(t, "at")).UTC(),
			N:    rapid.Int64().Draw(t, "n"),
			Yes:  rapid.Bool().Draw(t, "yes"),
		}
		cursor := in.encode("list")
		if len(cursor) > 1024 {
			return
		}
		var out key
		ok, err := out.decode("list", cursor)
		require.NoError(t, err)
		require.True(t, ok)
		require.Equal(t, in, out)
	})
}

func TestNoCursorIsTheFirstPage(t *testing.T) {
	t.Parallel()
	k := key{N: 7}
	ok, err := k.decode("list", "")
	require.NoError(t, err)
	require.False(t, ok)
	require.Equal(t, key{N: 7}, k)
}

func TestForeignCursorsAreRefused(t *testing.T) {
	t.Parallel()
	good := key{Name: "a", ID: uuid.New(), At: time.Unix(0, 0), N: 1}.encode("list")
	text, err := base64.RawURLEncoding.DecodeString(good)
	require.NoError(t, err)
	flipped := append([]byte(nil), text...)
	flipped[len(flipped)-3] ^= 1
	versioned := append([]byte(nil), text...)
	versioned[0]++
	for name, cursor := range map[string]string{
		"another list":    key{}.encode("other"),
		"other values":    page.Encode("list", "a", uuid.New()),
		"other types":     page.Encode("list", 1, 2, 3, 4, 5),
		"null character":  key{Name: "a\x00"}.encode("list"),
		"year 10000":      page.Encode("list", "a", uuid.New(), "9999-12-31T23:59:59-14:00", 1, true),
		"not base64":      "%%%",
		"padded":          good + "=",
		"cut off":         good[:len(good)-4],
		"one bit changed": base64.RawURLEncoding.EncodeToString(flipped),
		"other version":   base64.RawURLEncoding.EncodeToString(versioned),
		"short":           "AQ",
		"long":            page.Encode("list", strings.Repeat("a", 2000), uuid.New(), time.Now(), 1, true),
	} {
		var k key
		ok, err := k.decode("list", cursor)
		require.False(t, ok, name)
		var refusal *errs.Error
		require.ErrorAs(t, err, &refusal, name)
		require.Equal(t, errs.Invalid, refusal.Kind)
		require.Contains(t, refusal.Fields, "cursor", name)
	}
}

func TestEncodePanicsOnWhatIsNoValue(t *testing.T) {
	t.Parallel()
	require.Panics(t, func() { page.Encode("list", func() {}) })
}
