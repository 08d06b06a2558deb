package seal_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/seal"
)

func TestSealing(t *testing.T) {
	old, fresh := seal.NewKey("old"), seal.NewKey("new")
	before, err := seal.Parse(old)
	require.NoError(t, err)
	after, err := seal.Parse(fresh + " , " + old)
	require.NoError(t, err)

	require.Equal(t, []string{"new", "old"}, after.IDs())
	sealed, key := before.Seal([]byte("plain"), []byte("place"))
	require.Equal(t, "old", key)
	require.False(t, bytes.Contains(sealed, []byte("plain")))
	plain, err := after.Open(sealed, key, []byte("place"))
	require.NoError(t, err)
	require.Equal(t, "plain", string(plain))
	again, key := after.Seal([]byte("plain"), []byte("place"))
	require.Equal(t, "new", key, "the first key seals")
	require.NotEqual(t, sealed, again)

	_, err = after.Open(sealed, "old", []byte("elsewhere"))
	require.Error(t, err)
	_, err = after.Open(sealed, "new", []byte("place"))
	require.Error(t, err)
	_, err = before.Open(again, "new", []byte("place"))
	require.Error(t, err)
	sealed[len(sealed)-1] ^= 1
	_, err = after.Open(sealed, "old", []byte("place"))
	require.Error(t, err)
	_, err = after.Open(nil, "old", nil)
	require.Error(t, err)
}

func TestDigestsAreOfEachKey(t *testing.T) {
	old, fresh := seal.NewKey("old"), seal.NewKey("new")
	before, err := seal.Parse(old)
	require.NoError(t, err)
	after, err := seal.Parse(fresh + "," + old)
	require.NoError(t, err)
	digests := after.Digests("text")
	require.Len(t, digests, 2)
	require.Len(t, digests[0], 32)
	require.NotEqual(t, digests[0], digests[1])
	require.Equal(t, before.Digests("text"), digests[1:])
	require.NotEqual(t, digests, after.Digests("other"))
}

func TestParseRefusesWhatIsNoKey(t *testing.T) {
	k := seal.NewKey("a")
	for _, bad := range []string{"", "a", "a:", ":" + k[2:], "a:c2hvcnQ=", "a:!!!", k + "," + k, k + ","} {
		_, err := seal.Parse(bad)
		require.Error(t, err, bad)
	}
}

func TestStamps(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	s, err := seal.Parse(seal.NewKey("a"))
	require.NoError(t, err)
	f := seal.Stamps{Sealer: s}
	token := f.Issue("login", now)
	require.NotEqual(t, token, f.Issue("login", now))
	got, ok := f.Open(token, "login")
	require.True(t, ok)
	require.Equal(t, now.UTC(), got)
	_, ok = f.Open(token, "register")
	require.False(t, ok)
	for _, bad := range []string{"", "a", "a.", "a.!", "b" + token[1:], token[:len(token)-1], token + "A"} {
		_, ok := f.Open(bad, "login")
		require.False(t, ok, bad)
	}
}
