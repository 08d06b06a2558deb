package cache_test

import (
	"context"
	"errors"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification/adapters/cache"
	"go.updspace.com/gamification/openbadge"
)

type signer struct {
	signed int
	fail   error
}

func (s *signer) Sign(context.Context, string, string, openbadge.SignedStatusList) (string, error) {
	s.signed++
	return strconv.Itoa(s.signed), s.fail
}

// A list is signed once until something of it changes. Failures are not kept.
func TestAStatusListIsSignedOnce(t *testing.T) {
	t.Parallel()
	under := &signer{fail: errors.New("away")}
	lists, err := cache.NewStatusLists(under)
	require.NoError(t, err)
	from := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	sign := func(did, key string, from time.Time, revoked ...int) (string, error) {
		list := openbadge.NewStatusList()
		for _, index := range revoked {
			require.NoError(t, list.Set(index, true))
		}
		return lists.Sign(t.Context(), did, key, openbadge.SignedStatusList{URL: "https://a/1", List: list, ValidFrom: from, ValidUntil: from.Add(time.Hour)})
	}
	_, err = sign("did:web:a", "k", from)
	require.Error(t, err)
	under.fail = nil
	first, err := sign("did:web:a", "k", from)
	require.NoError(t, err)
	again, err := sign("did:web:a", "k", from)
	require.NoError(t, err)
	require.Equal(t, first, again)
	for _, other := range []func() (string, error){
		func() (string, error) { return sign("did:web:b", "k", from) },
		func() (string, error) { return sign("did:web:a", "l", from) },
		func() (string, error) { return sign("did:web:a", "k", from.Add(time.Minute)) },
		func() (string, error) { return sign("did:web:a", "k", from, 7) },
	} {
		signed, err := other()
		require.NoError(t, err)
		require.NotEqual(t, first, signed)
	}
	require.Equal(t, 6, under.signed)
}
