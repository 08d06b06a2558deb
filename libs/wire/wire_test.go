package wire_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/wire"
)

type (
	apiKind string
	kind    string
)

func TestEachConvertsAndNeverReturnsNil(t *testing.T) {
	t.Parallel()
	require.Equal(t, []string{"1", "2"}, wire.Each([]int{1, 2}, strconv.Itoa))
	require.Equal(t, []string{}, wire.Each(nil, strconv.Itoa))
}

func TestOptionalFields(t *testing.T) {
	t.Parallel()
	seven, k := 7, apiKind("game")
	require.Equal(t, 7, wire.Value(&seven))
	require.Zero(t, wire.Value[int](nil))
	require.Equal(t, 7, wire.ValueOr(&seven, 1))
	require.Equal(t, 1, wire.ValueOr(nil, 1))
	require.Equal(t, kind("game"), *wire.As[kind](&k))
	require.Nil(t, wire.As[kind, apiKind](nil))
}

func TestNullableFields(t *testing.T) {
	t.Parallel()
	var absent nullable.Nullable[int]
	null, seven := nullable.NewNullNullable[int](), nullable.NewNullableWithValue(7)
	require.Equal(t, []int{0, 0, 7}, []int{wire.Get(absent), wire.Get(null), wire.Get(seven)})
	require.Nil(t, wire.Edit(absent))
	require.Nil(t, wire.Given(absent))
	require.Nil(t, wire.Given(null))
	require.Equal(t, 7, *wire.Given(seven))
	require.Equal(t, 0, *wire.Edit(null))
	require.Equal(t, 7, *wire.Edit(seven))

	require.True(t, wire.OrNull("").IsNull())
	require.Equal(t, "next", wire.OrNull("next").MustGet())
	require.True(t, wire.TimeOrNull(time.Time{}).IsNull())
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.FixedZone("", 3600))
	require.Equal(t, at.UTC(), wire.TimeOrNull(at).MustGet())
}
