package openbadge_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/gamification/openbadge"
)

// pngChunk is a chunk as it stands in a file.
func pngChunk(kind, data string) string {
	length := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
	return string(length) + kind + data + string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(kind+data))))
}

// insert puts chunks after the header of an image.
func insert(image []byte, chunks string) []byte {
	const header = 8 + 25
	return []byte(string(image[:header]) + chunks + string(image[header:]))
}

func TestBakedImageKeepsItsPixelsAndGivesTheBadgeBack(t *testing.T) {
	plain, token := picture(t), sign(t, key(t), badge())
	baked, err := openbadge.Bake(plain, token)
	require.NoError(t, err)
	found, err := openbadge.Unbake(baked)
	require.NoError(t, err)
	require.Equal(t, token, found)
	before, err := png.Decode(bytes.NewReader(plain))
	require.NoError(t, err)
	after, err := png.Decode(bytes.NewReader(baked))
	require.NoError(t, err)
	require.Equal(t, before, after)
	require.Contains(t, string(baked), "iTXtopenbadgecredential\x00\x00\x00\x00\x00eyJ")

	b := badge()
	b.Achievement.Name = "Another"
	other := sign(t, key(t), b)
	again, err := openbadge.Bake(baked, other)
	require.NoError(t, err)
	found, err = openbadge.Unbake(again)
	require.NoError(t, err)
	require.Equal(t, other, found, "the former badge is replaced")
	withoutLast, err := openbadge.Bake(again, token)
	require.NoError(t, err)
	require.Equal(t, baked, withoutLast)
}

func TestOtherTextsOfAnImageStay(t *testing.T) {
	comment := pngChunk("iTXt", "Comment\x00\x00\x00\x00\x00Привет") + pngChunk("tEXt", "openbadgecredential\x00old")
	baked, err := openbadge.Bake(insert(picture(t), comment), sign(t, key(t), badge()))
	require.NoError(t, err)
	require.Contains(t, string(baked), comment)
}

func TestImagesWithoutAnIntactBadgeAreRefused(t *testing.T) {
	plain, token := picture(t), sign(t, key(t), badge())
	with := func(data string) []byte { return insert(plain, pngChunk("iTXt", "openbadgecredential\x00"+data)) }
	twice := insert(with("\x00\x00\x00\x00a.b.c"), pngChunk("iTXt", "openbadgecredential\x00\x00\x00\x00\x00a.b.c"))
	crc := with("\x00\x00\x00\x00" + token)
	crc[60]++
	long := bytes.Clone(plain)
	long[33] = 0xff // the length of the second chunk
	for name, c := range map[string]struct {
		image  []byte
		reason string
	}{
		"no badge":       {plain, "no badge"},
		"no image":       {[]byte("GIF89a"), "not a PNG"},
		"empty":          {nil, "not a PNG"},
		"two badges":     {twice, "more than one"},
		"compressed":     {with("\x01\x00\x00\x00abc"), "compressed"},
		"unknown method": {with("\x00\x01\x00\x00abc"), "compressed"},
		"cut":            {with("\x00\x00\x00"), "damaged"},
		"cut earlier":    {with(""), "compressed"},
		"huge badge":     {with("\x00\x00\x00\x00" + strings.Repeat("a", openbadge.MaxToken+1)), "larger than"},
		"huge image":     {append(plain, make([]byte, openbadge.MaxImage)...), "larger than"},
		"wrong checksum": {crc, "checksum"},
		"long chunk":     {long, "longer than the image"},
		"cut off":        {plain[:len(plain)-1], "damaged"},
		"without end":    {plain[:len(plain)-12], "ends too early"},
		"more after":     {append(bytes.Clone(plain), 0), "more after its end"},
		"header twice":   {insert(plain, string(plain[8:33])), "header is not the first"},
		"no header":      {append(bytes.Clone(plain[:8]), plain[33:]...), "header is not the first"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := openbadge.Unbake(c.image)
			require.ErrorContains(t, err, c.reason)
		})
	}
	_, err := openbadge.Unbake(plain)
	require.ErrorIs(t, err, openbadge.ErrNoBadge)
	for name, c := range map[string]struct {
		image  []byte
		token  string
		reason string
	}{
		"no token":   {plain, "a.b.c", "not a badge"},
		"no image":   {[]byte("GIF89a"), token, "not a PNG"},
		"damaged":    {plain[:50], token, "damaged"},
		"huge image": {append(plain, make([]byte, openbadge.MaxImage)...), token, "larger than"},
	} {
		t.Run("bake "+name, func(t *testing.T) {
			_, err := openbadge.Bake(c.image, c.token)
			require.ErrorContains(t, err, c.reason)
		})
	}
}

func TestFilesAreRead(t *testing.T) {
	token := sign(t, key(t), badge())
	baked, err := openbadge.Bake(picture(t), token)
	require.NoError(t, err)
	for _, file := range []string{token, token + "\n", " " + token, string(baked)} {
		found, err := openbadge.Read([]byte(file))
		require.NoError(t, err)
		require.Equal(t, token, found)
	}
	_, err = openbadge.Read([]byte(`{"proof":{}}`))
	require.ErrorContains(t, err, "embedded proofs")
	_, err = openbadge.Read(make([]byte, openbadge.MaxToken+3))
	require.ErrorContains(t, err, "larger than")
}

// A changed image gives the same badge, another that is not valid, or an error.
func TestChangedImagesGiveNoOtherBadge(t *testing.T) {
	k := key(t)
	token := sign(t, k, badge())
	baked, err := openbadge.Bake(picture(t), token)
	require.NoError(t, err)
	from := sources(t, signedList(t, k), k)
	rapid.Check(t, func(rt *rapid.T) {
		changed := bytes.Clone(baked)
		for range rapid.IntRange(1, 4).Draw(rt, "changes") {
			changed[rapid.IntRange(0, len(changed)-1).Draw(rt, "at")] = rapid.Byte().Draw(rt, "byte")
		}
		changed = changed[:rapid.IntRange(len(changed)-20, len(changed)).Draw(rt, "cut")]
		found, err := openbadge.Read(changed)
		if err == nil && found != token && openbadge.Verify(t.Context(), found, now, from).Valid() {
			rt.Fatalf("another badge: %q", found)
		}
	})
}

func FuzzRead(f *testing.F) {
	k := key(f)
	token := sign(f, k, badge())
	baked, err := openbadge.Bake(picture(f), token)
	require.NoError(f, err)
	from := sources(f, signedList(f, k), k)
	f.Add([]byte(token))
	f.Add(baked)
	f.Add(picture(f))
	f.Add(insert(picture(f), pngChunk("iTXt", "openbadgecredential\x00\x00\x00ru\x00x\x00"+token)))
	f.Fuzz(func(t *testing.T, file []byte) {
		found, err := openbadge.Read(file)
		if err != nil {
			return
		}
		if report := openbadge.Verify(t.Context(), found, now, from); report.Valid() && found != token {
			t.Fatalf("another badge is valid: %q", found)
		}
		if _, err := openbadge.Unbake(file); err == nil {
			if again, err := openbadge.Bake(file, token); err == nil {
				found, err := openbadge.Unbake(again)
				require.NoError(t, err)
				require.Equal(t, token, found)
			}
		}
	})
}

// FuzzVerify gives the verifier texts that the issuer signed, whatever they say, and texts that it did not sign.
func FuzzVerify(f *testing.F) {
	k := key(f)
	token := sign(f, k, badge())
	from := sources(f, signedList(f, k), k)
	f.Add(token)
	f.Add("..")
	f.Add("eyJhbGciOiJub25lIn0.e30.")
	f.Fuzz(func(t *testing.T, text string) {
		if report := openbadge.Verify(t.Context(), text, now, from); report.Valid() != (text == token) {
			t.Fatalf("%q: %+v", text, report.Checks)
		}
	})
}
