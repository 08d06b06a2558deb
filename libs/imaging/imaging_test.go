package imaging_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/binary"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/image/webp"
	"pgregory.net/rapid"

	"go.updspace.com/libs/imaging"
)

// Small WebP pictures, because there is no encoder in Go: lossy, with transparency, and animated.
var (
	lossyWebP    = decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA")
	alphaWebP    = decode("UklGRkoAAABXRUJQVlA4WAoAAAAQAAAAAAAAAAAAQUxQSAwAAAARBxAR/Q9ERP8DAABWUDggGAAAABQBAJ0BKgEAAQAAAP4AAA3AAP7mtQAAAA==")
	animatedWebP = decode("UklGRlIAAABXRUJQVlA4WAoAAAASAAAAAAAAAAAAQU5JTQYAAAD/////AABBTk1GJgAAAAAAAAAAAAAAAAAAAGQAAABWUDhMDQAAAC8AAAAQBxAREYiI/gcA")
)

func decode(s string) []byte {
	raw, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return raw
}

// corners is a picture with a colour in each corner: red, green, blue and white, from the top left clockwise.
func corners(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.NRGBA{R: 255, A: 255}
			switch {
			case x >= w/2 && y < h/2:
				c = color.NRGBA{G: 255, A: 255}
			case x >= w/2:
				c = color.NRGBA{B: 255, A: 255}
			case y >= h/2:
				c = color.NRGBA{R: 255, G: 255, B: 255, A: 255}
			}
			m.SetNRGBA(x, y, c)
		}
	}
	return m
}

// photo is a JPEG as cameras make them: with EXIF that has an orientation and a place, a thumbnail, a comment, and a second
// picture behind its end.
func photo(t require.TestingT, orientation int) []byte {
	var out bytes.Buffer
	require.NoError(t, jpeg.Encode(&out, corners(64, 32), nil))
	raw := out.Bytes()
	exif := []byte("Exif\x00\x00II*\x00\x08\x00\x00\x00\x02\x00\x12\x01\x03\x00\x01\x00\x00\x00" + string(rune(orientation)) + "\x00\x00\x00\x25\x88\x04\x00\x01\x00\x00\x00\x26\x00\x00\x00\x00\x00\x00\x00GPS 55.7558N 37.6173E")
	segment := func(marker byte, data []byte) []byte {
		head := []byte{0xFF, marker, 0, 0}
		binary.BigEndian.PutUint16(head[2:], uint16(len(data)+2))
		return append(head, data...)
	}
	extra := bytes.Join([][]byte{
		segment(0xE0, []byte("JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x02\x01thumbnail GPS ")), segment(0xE1, exif), segment(0xE1, []byte("http://ns.adobe.com/xap/1.0/\x00<x>GPS</x>")),
		segment(0xED, []byte("Photoshop 3.0\x00GPS")), segment(0xE2, []byte("MPF\x00GPS")), segment(0xE2, []byte("ICC_PROFILE\x00\x01\x01profile")), segment(0xFE, []byte("GPS in a comment")), {0xFF},
	}, nil)
	return bytes.Join([][]byte{raw[:2], extra, raw[2:], []byte("GPS behind the end")}, nil)
}

func TestAvatarsAreUprightAndSmall(t *testing.T) {
	t.Parallel()
	red, green, blue, white := "red", "green", "blue", "white"
	for orientation, want := range map[int][4]string{ // from the top left clockwise
		1: {red, green, blue, white}, 2: {green, red, white, blue}, 3: {blue, white, red, green}, 4: {white, blue, green, red},
		5: {red, white, blue, green}, 6: {white, red, green, blue}, 7: {blue, green, red, white}, 8: {green, blue, white, red}, 9: {red, green, blue, white}, 0: {red, green, blue, white},
	} {
		out, err := imaging.New().Avatar(t.Context(), photo(t, orientation))
		require.NoError(t, err)
		require.NotContains(t, string(out), "GPS")
		require.NotContains(t, string(out), "Exif")
		m, err := jpeg.Decode(bytes.NewReader(out))
		require.NoError(t, err)
		size := image.Pt(64, 32)
		if orientation >= 5 && orientation <= 8 {
			size = image.Pt(32, 64)
		}
		require.Equal(t, size, m.Bounds().Size(), orientation)
		require.Equal(t, want, [4]string{nameOf(m.At(4, 4)), nameOf(m.At(size.X-4, 4)), nameOf(m.At(size.X-4, size.Y-4)), nameOf(m.At(4, size.Y-4))}, orientation)
	}
}

func nameOf(c color.Color) string {
	r, g, b, _ := c.RGBA()
	switch {
	case r > 0x8000 && g > 0x8000 && b > 0x8000:
		return "white"
	case r > 0x8000:
		return "red"
	case g > 0x8000:
		return "green"
	}
	return "blue"
}

func encodePNG(t require.TestingT, m image.Image) []byte {
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, m))
	return out.Bytes()
}

func TestAvatarsOfEveryFormat(t *testing.T) {
	t.Parallel()
	animation := &gif.GIF{Delay: []int{1, 1}}
	for _, c := range []color.Color{color.RGBA{R: 255, A: 255}, color.RGBA{B: 255, A: 255}} {
		animation.Image = append(animation.Image, image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{c}))
	}
	var animated bytes.Buffer
	require.NoError(t, gif.EncodeAll(&animated, animation))
	for name, raw := range map[string][]byte{
		"a large PNG": encodePNG(t, corners(2000, 1000)), "lossy WebP": lossyWebP, "transparent WebP": alphaWebP, "animated WebP": animatedWebP, "animated GIF": animated.Bytes(),
	} {
		out, err := imaging.New().Avatar(t.Context(), raw)
		require.NoError(t, err, name)
		m, _, err := image.Decode(bytes.NewReader(out))
		require.NoError(t, err, name)
		switch name {
		case "a large PNG":
			require.Equal(t, image.Pt(512, 256), m.Bounds().Size())
		case "animated GIF":
			require.Equal(t, "red", nameOf(m.At(4, 4)), "the first frame")
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	transparent := corners(1000, 500)
	transparent.SetNRGBA(0, 0, color.NRGBA{})
	for want, raw := range map[string][]byte{"image/png": encodePNG(t, transparent), "image/jpeg": encodePNG(t, corners(1000, 500))} {
		drawn, contentType, err := imaging.New().Sizes(t.Context(), raw, 512, 256, 96)
		require.NoError(t, err)
		require.Equal(t, want, contentType)
		for i, size := range []image.Point{{512, 256}, {256, 128}, {96, 48}} {
			m, format, err := image.Decode(bytes.NewReader(drawn[i]))
			require.NoError(t, err)
			require.Equal(t, want, "image/"+format)
			require.Equal(t, size, m.Bounds().Size())
			require.Equal(t, "green", nameOf(m.At(size.X-4, 4)))
		}
	}
	drawn, _, err := imaging.New().Sizes(t.Context(), photo(t, 6), 512, 16)
	require.NoError(t, err)
	small, err := jpeg.Decode(bytes.NewReader(drawn[1]))
	require.NoError(t, err)
	require.Equal(t, image.Pt(8, 16), small.Bounds().Size(), "upright, too")

	encoded, err := imaging.New().PNG(t.Context(), drawn[0])
	require.NoError(t, err)
	again, err := png.Decode(bytes.NewReader(encoded))
	require.NoError(t, err)
	require.Equal(t, "white", nameOf(again.At(4, 4)))
	_, _, err = imaging.New().Sizes(t.Context(), []byte("text"), 512)
	require.ErrorIs(t, err, imaging.ErrNotAPicture)
	_, err = imaging.New().PNG(t.Context(), nil)
	require.ErrorIs(t, err, imaging.ErrNotAPicture)
}

func TestTransparencyIsKept(t *testing.T) {
	t.Parallel()
	m := corners(8, 8)
	m.SetNRGBA(0, 0, color.NRGBA{})
	out, err := imaging.New().Avatar(t.Context(), encodePNG(t, m))
	require.NoError(t, err)
	got, err := png.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	_, _, _, a := got.At(0, 0).RGBA()
	require.Zero(t, a)
}

func TestWhatIsNoPicture(t *testing.T) {
	t.Parallel()
	p := imaging.New()
	for name, raw := range map[string][]byte{
		"nothing": {}, "text": []byte("hello"), "the beginning of a PNG": encodePNG(t, corners(8, 8))[:20], "AVIF": []byte("\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1"), "RIFF": []byte("RIFF\x00\x00\x00\x00WAVE"),
	} {
		_, err := p.Avatar(t.Context(), raw)
		require.ErrorIs(t, err, imaging.ErrNotAPicture, name)
	}
	for _, size := range []image.Point{{16_385, 1}, {1, 16_385}, {5_001, 5_000}} {
		_, err := p.Avatar(t.Context(), headerOf(t, size))
		require.ErrorIs(t, err, imaging.ErrTooLarge, size)
	}
	_, err := p.Avatar(t.Context(), headerOf(t, image.Pt(5_000, 5_000)))
	require.ErrorIs(t, err, imaging.ErrNotAPicture, "its size is fine, the rest is not there")
	_, err = p.Strip("image/png", headerOf(t, image.Pt(16_000, 10_000)))
	require.ErrorIs(t, err, imaging.ErrTooLarge)
	_, err = p.Strip("image/png", headerOf(t, image.Pt(16_385, 1)))
	require.ErrorIs(t, err, imaging.ErrTooLarge)
}

// headerOf is a PNG file of a size, without its pixels.
func headerOf(t require.TestingT, size image.Point) []byte {
	raw := encodePNG(t, image.NewGray(image.Rect(0, 0, 1, 1)))
	whole := encodePNG(t, zeros{size})
	return append(raw[:8:8], whole[8:33]...)
}

// zeros is a picture that takes no memory.
type zeros struct{ size image.Point }

func (z zeros) ColorModel() color.Model { return color.GrayModel }
func (z zeros) Bounds() image.Rectangle { return image.Rectangle{Max: z.size} }
func (z zeros) At(int, int) color.Color { return color.Gray{} }

// Waiting for a decoder ends with the request.
func TestWaitingEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	p := imaging.New()
	for range 64 { // either a decoder is free, or the request is over: select takes any that is ready
		if _, err := p.Avatar(ctx, encodePNG(t, corners(8, 8))); err != nil {
			require.ErrorIs(t, err, context.Canceled)
		}
	}
}

func TestPhotosLoseTheirMetadata(t *testing.T) {
	t.Parallel()
	p := imaging.New()
	for orientation := 1; orientation <= 8; orientation++ {
		raw := photo(t, orientation)
		out, err := p.Strip("image/jpeg", raw)
		require.NoError(t, err)
		require.NotContains(t, string(out), "GPS")
		require.Contains(t, string(out), "ICC_PROFILE", "colours stay right")
		require.Equal(t, orientation > 1, strings.Contains(string(out), "Exif"))
		samePixels(t, raw, out)
		avatar, err := p.Avatar(t.Context(), raw)
		require.NoError(t, err)
		again, err := p.Avatar(t.Context(), out)
		require.NoError(t, err)
		require.Equal(t, avatar, again, "the orientation stays")
		twice, err := p.Strip("image/jpeg", out)
		require.NoError(t, err)
		require.Equal(t, out, twice)
	}
	cut := photo(t, 1)
	out, err := p.Strip("image/jpeg", cut[:len(cut)-len("GPS behind the end")-8])
	require.NoError(t, err, "a photo that is cut off is shown as far as it goes")
	require.True(t, bytes.HasSuffix(out, []byte{0xFF, 0xD9}))
}

func samePixels(t *testing.T, a, b []byte) {
	t.Helper()
	before, _, err := image.Decode(bytes.NewReader(a))
	require.NoError(t, err)
	after, _, err := image.Decode(bytes.NewReader(b))
	require.NoError(t, err)
	require.Equal(t, before, after)
}

func TestOtherFormatsLoseTheirMetadata(t *testing.T) {
	t.Parallel()
	p := imaging.New()
	pngChunk := func(kind, data string) []byte { // its checksum is not looked at
		return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(data))), kind+data...), 0, 0, 0, 0)
	}
	plain := encodePNG(t, corners(8, 8))
	withText := bytes.Join([][]byte{plain[:33], pngChunk("eXIf", "GPS"), pngChunk("tEXt", "Comment\x00GPS"), pngChunk("iTXt", "GPS"), plain[33:], []byte("GPS")}, nil)
	out, err := p.Strip("image/png", withText)
	require.NoError(t, err)
	require.Equal(t, plain, out)

	riff := func(chunks ...string) []byte {
		body := "WEBP" + strings.Join(chunks, "")
		return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
	}
	exif := "Exif\x00\x00II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00\x00\x00\x00\x00GPS!"
	chunkOf := func(kind, data string) string {
		return string(binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(data)))) + data + strings.Repeat("\x00", len(data)%2)
	}
	withEXIF := riff(chunkOf("VP8X", "\x0c\x00\x00\x00\x00\x00\x00\x00\x00\x00"), string(lossyWebP[12:]), chunkOf("EXIF", exif), chunkOf("XMP ", "GPS"), chunkOf("JUNK", "GPS"))
	out, err = p.Strip("image/webp", append(withEXIF, "GPS"...))
	require.NoError(t, err)
	require.NotContains(t, string(out), "GPS")
	require.Equal(t, "\x08\x00", string(out[20:22]), "there is EXIF, and no XMP")
	twice, err := p.Strip("image/webp", out)
	require.NoError(t, err)
	require.Equal(t, out, twice)
	_, err = webp.Decode(bytes.NewReader(out))
	require.NoError(t, err)
	for _, raw := range [][]byte{lossyWebP, alphaWebP, animatedWebP} {
		out, err = p.Strip("image/webp", raw)
		require.NoError(t, err)
		require.Equal(t, raw, out, "nothing to remove")
	}

	var animated bytes.Buffer
	animation := &gif.GIF{LoopCount: 3, Delay: []int{1, 1}, Image: []*image.Paletted{
		image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White}), image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.White, color.Black}),
	}}
	require.NoError(t, gif.EncodeAll(&animated, animation))
	raw := animated.Bytes()
	at := bytes.Index(raw, []byte("!\xff\x0bNETSCAPE2.0"))
	withComment := bytes.Join([][]byte{raw[:at], []byte("!\xfe\x03GPS\x00"), []byte("!\xff\x0bXMP DataXMP\x03GPS\x00"), raw[at:], []byte("GPS")}, nil)
	out, err = p.Strip("image/gif", withComment)
	require.NoError(t, err)
	require.Equal(t, raw, out)

	out, err = p.Strip("application/pdf", []byte("%PDF GPS"))
	require.NoError(t, err)
	require.Equal(t, "%PDF GPS", string(out))
}

// Broken pictures are refused or repaired; they never end the process.
func TestBrokenPictures(t *testing.T) {
	t.Parallel()
	var animated bytes.Buffer
	require.NoError(t, gif.EncodeAll(&animated, &gif.GIF{Delay: []int{1}, Image: []*image.Paletted{image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black})}}))
	samples := map[string][]byte{"image/jpeg": photo(t, 6), "image/png": encodePNG(t, corners(8, 8)), "image/webp": animatedWebP, "image/gif": animated.Bytes()}
	p := imaging.New()
	rapid.Check(t, func(t *rapid.T) {
		kind := rapid.SampledFrom([]string{"image/jpeg", "image/png", "image/webp", "image/gif"}).Draw(t, "format")
		raw := bytes.Clone(samples[kind])
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			raw[rapid.IntRange(0, len(raw)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "to")
		}
		raw = raw[:rapid.IntRange(0, len(raw)).Draw(t, "length")]
		if stripped, err := p.Strip(kind, raw); err == nil {
			require.LessOrEqual(t, len(stripped), len(raw)+64)
			twice, err := p.Strip(kind, stripped)
			require.NoError(t, err)
			require.Equal(t, stripped, twice)
		}
		_, _ = p.Avatar(context.Background(), raw)
	})
}
