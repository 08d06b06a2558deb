package imaging

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
)

// A picture is a sequence of segments (JPEG), chunks (PNG, WebP) or blocks (GIF). The functions of this file copy those
// that are needed to show it, and neither comments nor EXIF, XMP, IPTC, thumbnails or anything behind its end. The one fact
// of EXIF that matters, the orientation, is written anew.

var errBroken = ErrNotAPicture.Wrap(errors.New("the picture ends too early or is not of its format"))

func stripJPEG(raw []byte) ([]byte, error) {
	out := append(make([]byte, 0, len(raw)), 0xFF, 0xD8)
	if orientation := orientationOf(raw); orientation > 1 {
		exif := append([]byte("Exif\x00\x00"), tiff(orientation)...)
		out = append(out, 0xFF, 0xE1, 0, byte(len(exif)+2))
		out = append(out, exif...)
	}
	for i := 2; ; {
		if i+4 > len(raw) || raw[i] != 0xFF {
			if i+2 <= len(raw) && raw[i] == 0xFF && raw[i+1] == 0xD9 {
				return append(out, 0xFF, 0xD9), nil
			}
			return nil, errBroken
		}
		marker := raw[i+1]
		switch marker {
		case 0xFF: // padding
			i++
			continue
		case 0xD9:
			return append(out, 0xFF, 0xD9), nil
		}
		end := i + 2 + int(binary.BigEndian.Uint16(raw[i+2:]))
		if end < i+4 || end > len(raw) {
			return nil, errBroken
		}
		if keepsJPEG(marker, raw[i+4:end]) {
			out = append(out, raw[i:end]...)
		}
		i = end
		if marker == 0xDA { // the pixels follow, up to the next marker that is no part of them
			for i+1 < len(raw) && (raw[i] != 0xFF || raw[i+1] == 0 || raw[i+1] >= 0xD0 && raw[i+1] <= 0xD7) {
				i++
			}
			out = append(out, raw[end:i]...)
			if i+1 >= len(raw) { // cut off, as browsers show it nevertheless
				return append(out, 0xFF, 0xD9), nil
			}
		}
	}
}

// keepsJPEG keeps everything but application segments and comments, and of those the colour profile and what says how
// colours are coded.
func keepsJPEG(marker byte, data []byte) bool {
	switch marker {
	case 0xE0:
		return bytes.HasPrefix(data, []byte("JFIF\x00")) && len(data) == 14 // longer with a thumbnail
	case 0xE2:
		return bytes.HasPrefix(data, []byte("ICC_PROFILE\x00"))
	case 0xEE:
		return bytes.HasPrefix(data, []byte("Adobe"))
	}
	return marker < 0xE0 || marker > 0xEF && marker != 0xFE
}

var chunksOfPNG = []string{
	"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "cICP", "mDCV", "cLLI", "bKGD", "hIST", "pHYs", "acTL", "fcTL", "fdAT",
}

func stripPNG(raw []byte) ([]byte, error) {
	const signature, around = 8, 12 // bytes before the chunks, and of a chunk besides its data
	out := append(make([]byte, 0, len(raw)), raw[:min(signature, len(raw))]...)
	for i := signature; i+around <= len(raw); {
		size := int(binary.BigEndian.Uint32(raw[i:]))
		if size > len(raw)-i-around {
			return nil, errBroken
		}
		kind := string(raw[i+4 : i+8])
		if slices.Contains(chunksOfPNG, kind) {
			out = append(out, raw[i:i+around+size]...)
		}
		if kind == "IEND" {
			return out, nil
		}
		i += around + size
	}
	return nil, errBroken
}

// chunk is a part of a WebP file.
type chunk struct {
	kind string
	data []byte
}

func chunksOfWebP(raw []byte) (chunks []chunk, err error) {
	for len(raw) > 0 {
		if len(raw) < 8 {
			return chunks, errBroken
		}
		size := int(binary.LittleEndian.Uint32(raw[4:]))
		if size > len(raw)-8 {
			return chunks, errBroken
		}
		chunks = append(chunks, chunk{string(raw[:4]), raw[8 : 8+size]})
		raw = raw[min(8+size+size%2, len(raw)):]
	}
	return chunks, nil
}

func webpOf(chunks []chunk) []byte {
	body := []byte("WEBP")
	for _, c := range chunks {
		body = binary.LittleEndian.AppendUint32(append(body, c.kind...), uint32(len(c.data)))
		body = append(body, c.data...)
		if len(c.data)%2 == 1 {
			body = append(body, 0)
		}
	}
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

// Flags of the VP8X chunk.
const (
	webpXMP   = 1 << 2
	webpEXIF  = 1 << 3
	webpAlpha = 1 << 4
)

func stripWebP(raw []byte) ([]byte, error) {
	if len(raw) < 12 {
		return nil, errBroken
	}
	chunks, err := chunksOfWebP(raw[12:min(len(raw), 8+int(binary.LittleEndian.Uint32(raw[4:])))])
	if err != nil {
		return nil, err
	}
	orientation := orientationOf(raw)
	var kept []chunk
	for _, c := range chunks {
		switch c.kind {
		case "VP8X":
			if len(c.data) == 0 {
				return nil, errBroken
			}
			c.data = slices.Clone(c.data)
			c.data[0] &^= webpXMP | webpEXIF
			if orientation > 1 {
				c.data[0] |= webpEXIF
			}
			kept = append(kept, c)
		case "VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP":
			kept = append(kept, c)
		}
	}
	if orientation > 1 {
		kept = append(kept, chunk{"EXIF", tiff(orientation)})
	}
	return webpOf(kept), nil
}

// firstFrame makes a still picture of an animated WebP, which package webp cannot decode; other pictures stay as they are.
func firstFrame(raw []byte) []byte {
	if len(raw) < 12 || string(raw[8:12]) != "WEBP" {
		return raw
	}
	chunks, _ := chunksOfWebP(raw[12:])
	at := slices.IndexFunc(chunks, func(c chunk) bool { return c.kind == "ANMF" && len(c.data) > 16 })
	if at < 0 {
		return raw
	}
	frame := chunks[at].data
	parts, _ := chunksOfWebP(frame[16:])
	header := make([]byte, 10) // flags and size
	copy(header[4:], frame[6:12])
	if slices.ContainsFunc(parts, func(c chunk) bool { return c.kind == "ALPH" }) {
		header[0] = webpAlpha
	}
	return webpOf(append([]chunk{{"VP8X", header}}, parts...))
}

func stripGIF(raw []byte) ([]byte, error) {
	const header = 13
	if len(raw) < header {
		return nil, errBroken
	}
	i := header + colours(raw[10])
	out := append(make([]byte, 0, len(raw)), raw[:min(i, len(raw))]...)
	for i < len(raw) {
		start, keep := i, true
		switch raw[i] {
		case 0x3B:
			return append(out, 0x3B), nil
		case 0x21: // an extension: a comment, a text, or of an application
			if i+14 > len(raw) && i+2 > len(raw) {
				return nil, errBroken
			}
			loops := i+14 <= len(raw) && (string(raw[i+3:i+14]) == "NETSCAPE2.0" || string(raw[i+3:i+14]) == "ANIMEXTS1.0")
			keep = raw[i+1] == 0xF9 || raw[i+1] == 0xFF && loops
			i += 2
		case 0x2C: // a frame
			if i+10 > len(raw) {
				return nil, errBroken
			}
			i += 11 + colours(raw[i+9])
		default:
			return nil, errBroken
		}
		for i < len(raw) && raw[i] != 0 { // blocks of data, up to an empty one
			i += 1 + int(raw[i])
		}
		if i >= len(raw) {
			return nil, errBroken
		}
		i++
		if keep {
			out = append(out, raw[start:i]...)
		}
	}
	return nil, errBroken
}

// colours is the size of the colour table that a byte of flags announces.
func colours(flags byte) int {
	if flags&0x80 == 0 {
		return 0
	}
	return 3 << (flags&7 + 1)
}
