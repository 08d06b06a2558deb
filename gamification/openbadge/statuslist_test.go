package openbadge_test

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/gamification/openbadge"
)

func TestStatusListGivesBackWhatWasSet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list, model := openbadge.NewStatusList(), map[int]bool{}
		for _, index := range rapid.SliceOfN(rapid.IntRange(0, openbadge.StatusListSize-1), 0, 200).Draw(t, "indexes") {
			model[index] = rapid.Bool().Draw(t, "revoked")
			require.NoError(t, list.Set(index, model[index]))
			if rapid.IntRange(0, 50).Draw(t, "restart") == 0 {
				text, err := list.Encode()
				require.NoError(t, err)
				list, err = openbadge.DecodeStatusList(text)
				require.NoError(t, err)
			}
		}
		for index := range list.Len() {
			if is, err := list.Revoked(index); err != nil || is != model[index] {
				t.Fatalf("index %d: %v, %v", index, is, err)
			}
		}
	})
}

func TestFirstEntryIsTheLeftmostBit(t *testing.T) {
	list := openbadge.NewStatusList()
	require.Equal(t, 131_072, list.Len())
	require.NoError(t, list.Set(0, true))
	require.NoError(t, list.Set(9, true))
	text, err := list.Encode()
	require.NoError(t, err)
	require.Equal(t, byte('u'), text[0])
	data, err := base64.RawURLEncoding.DecodeString(text[1:])
	require.NoError(t, err)
	r, err := gzip.NewReader(bytes.NewReader(data))
	require.NoError(t, err)
	var bits [2]byte
	_, err = r.Read(bits[:])
	require.NoError(t, err)
	require.Equal(t, [2]byte{0x80, 0x40}, bits)
}

func TestIndexesOutsideAreRefused(t *testing.T) {
	list := openbadge.NewStatusList()
	for _, index := range []int{-1, openbadge.StatusListSize} {
		require.ErrorContains(t, list.Set(index, true), "outside")
		_, err := list.Revoked(index)
		require.ErrorContains(t, err, "outside")
	}
}

func compressed(t *testing.T, data []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	w := gzip.NewWriter(&out)
	_, err := w.Write(data)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

func TestForeignListsAreRead(t *testing.T) {
	encode := func(data []byte) string { return "u" + base64.RawURLEncoding.EncodeToString(data) }
	full := compressed(t, make([]byte, 16<<10))
	_, err := openbadge.DecodeStatusList(encode(full))
	require.NoError(t, err)
	list, err := openbadge.DecodeStatusList(encode(compressed(t, make([]byte, 1<<20))))
	require.NoError(t, err)
	require.Equal(t, 8<<20, list.Len())
	for text, reason := range map[string]string{
		"":                            "Multibase",
		"z" + encode(full)[1:]:        "Multibase",
		encode(full) + "=":            "canonical",
		encode(full)[:9] + "\n":       "canonical",
		encode([]byte("bits")):        "GZIP",
		encode(full[:20]):             "GZIP",
		encode(append(full, full...)): "more after",
		encode(compressed(t, nil)):    "fewer than 131072",
		encode(compressed(t, make([]byte, 16<<10-1))): "fewer than 131072",
		encode(compressed(t, make([]byte, 1<<20+1))):  "more than",
		encode(compressed(t, make([]byte, 64<<20))):   "more than",
	} {
		_, err := openbadge.DecodeStatusList(text)
		require.ErrorContains(t, err, reason)
	}
}

func TestSignStatusListNamesTheFieldsThatAreWrong(t *testing.T) {
	_, err := openbadge.SignStatusList(did, key(t), openbadge.SignedStatusList{URL: "list"})
	for _, field := range []string{"url", "list", "valid_from", "valid_until"} {
		require.ErrorContains(t, err, field+": ")
	}
	_, err = openbadge.SignStatusList(did, key(t), openbadge.SignedStatusList{URL: listURL, List: openbadge.NewStatusList(), ValidFrom: now, ValidUntil: now.Add(time.Hour)})
	require.NoError(t, err)
}

func FuzzDecodeStatusList(f *testing.F) {
	text, err := openbadge.NewStatusList().Encode()
	require.NoError(f, err)
	f.Add(text)
	f.Add("u")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := openbadge.DecodeStatusList(text)
		if err != nil {
			return
		}
		if list.Len() < openbadge.StatusListSize {
			t.Fatal("a short list was taken")
		}
		again, err := list.Encode()
		require.NoError(t, err)
		same, err := openbadge.DecodeStatusList(again)
		require.NoError(t, err)
		require.Equal(t, list, same)
	})
}
