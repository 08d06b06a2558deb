package openbadge

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"iter"
	"strings"
)

const (
	pngSignature = "\x89PNG\r\n\x1a\n"
	pngKeyword   = "openbadgecredential"
	chunkFrame   = 12 // length, type and checksum
)

// ErrNoBadge is the error of an image without a badge in it.
var ErrNoBadge = errors.New("there is no badge in the image")

// Bake puts a signed badge into a PNG image, as an iTXt chunk. A badge that is there already is replaced. The other chunks, and so the
// pixels, stay as they are.
func Bake(image []byte, token string) ([]byte, error) {
	if _, err := parseToken(token, "JWT", "vc+jwt"); err != nil {
		return nil, fmt.Errorf("openbadge: not a badge: %w", err)
	}
	if len(image)+len(token)+64 > MaxImage {
		return nil, fmt.Errorf("openbadge: the image is larger than %d bytes", MaxImage)
	}
	out := bytes.NewBuffer(make([]byte, 0, len(image)+len(token)+64))
	out.WriteString(pngSignature)
	for c, err := range chunks(image) {
		if err != nil {
			return nil, fmt.Errorf("openbadge: %w", err)
		}
		if _, ours, _ := c.badge(); ours {
			continue
		}
		out.Write(c.raw)
		if c.kind == "IHDR" {
			writeChunk(out, "iTXt", pngKeyword+"\x00\x00\x00\x00\x00"+token) // not compressed, no language, keyword not translated
		}
	}
	return out.Bytes(), nil
}

// Unbake returns the badge in a PNG image, and ErrNoBadge if there is none. An image with two badges is refused.
func Unbake(image []byte) (string, error) {
	if len(image) > MaxImage {
		return "", fmt.Errorf("the image is larger than %d bytes", MaxImage)
	}
	found, text := false, ""
	for c, err := range chunks(image) {
		if err != nil {
			return "", err
		}
		badge, ours, err := c.badge()
		switch {
		case err != nil:
			return "", err
		case ours && found:
			return "", errors.New("there is more than one badge in the image")
		case ours:
			found, text = true, badge
		}
	}
	if !found {
		return "", ErrNoBadge
	}
	return text, nil
}

// Read returns the badge in a file: a PNG image with a badge in it, or the text of a signed badge.
func Read(file []byte) (string, error) {
	if bytes.HasPrefix(file, []byte(pngSignature)) {
		return Unbake(file)
	}
	if len(file) > MaxToken+2 {
		return "", fmt.Errorf("the file is larger than %d bytes", MaxToken)
	}
	text := strings.TrimSpace(string(file))
	if strings.HasPrefix(text, "{") {
		return "", errors.New("the badge is not signed as a token (VC-JWT); embedded proofs are not supported")
	}
	return text, nil
}

type chunk struct {
	kind string
	data []byte
	raw  []byte
}

// chunks walks over the chunks of a PNG image and checks their lengths and checksums, and that the first and the last are where
// they must be.
func chunks(image []byte) iter.Seq2[chunk, error] {
	return func(yield func(chunk, error) bool) {
		rest, ok := bytes.CutPrefix(image, []byte(pngSignature))
		if !ok {
			yield(chunk{}, errors.New("the file is not a PNG image"))
			return
		}
		for first := true; ; first = false {
			c, err := nextChunk(rest)
			if err == nil && first != (c.kind == "IHDR") {
				err = errors.New("the image is damaged: its header is not the first chunk")
			}
			if err != nil {
				yield(chunk{}, err)
				return
			}
			rest = rest[len(c.raw):]
			if c.kind == "IEND" && len(rest) > 0 {
				yield(chunk{}, errors.New("the image is damaged: there is more after its end"))
				return
			}
			if !yield(c, nil) || c.kind == "IEND" {
				return
			}
		}
	}
}

func nextChunk(rest []byte) (chunk, error) {
	if len(rest) < chunkFrame {
		return chunk{}, errors.New("the image is damaged: it ends too early")
	}
	length := uint64(binary.BigEndian.Uint32(rest))
	if length > uint64(len(rest)-chunkFrame) {
		return chunk{}, errors.New("the image is damaged: a chunk is longer than the image")
	}
	end := 8 + int(length)
	if crc32.ChecksumIEEE(rest[4:end]) != binary.BigEndian.Uint32(rest[end:]) {
		return chunk{}, errors.New("the image is damaged: the checksum of a chunk is wrong")
	}
	return chunk{kind: string(rest[4:8]), data: rest[8:end], raw: rest[:end+4]}, nil
}

// badge returns the badge in the chunk, and whether it is a chunk for badges.
func (c chunk) badge() (text string, ours bool, err error) {
	if c.kind != "iTXt" {
		return "", false, nil
	}
	rest, ours := bytes.CutPrefix(c.data, []byte(pngKeyword+"\x00"))
	if !ours {
		return "", false, nil
	}
	if len(rest) < 2 || rest[0] != 0 || rest[1] != 0 {
		return "", true, errors.New("the badge in the image is compressed, which Open Badges forbids")
	}
	parts := bytes.SplitN(rest[2:], []byte{0}, 3) // language, translated keyword, text
	if len(parts) < 3 {
		return "", true, errors.New("the badge in the image is damaged")
	}
	if len(parts[2]) > MaxToken {
		return "", true, fmt.Errorf("the badge in the image is larger than %d bytes", MaxToken)
	}
	return string(parts[2]), true, nil
}

func writeChunk(out *bytes.Buffer, kind, data string) {
	var number [4]byte
	binary.BigEndian.PutUint32(number[:], uint32(len(data)))
	out.Write(number[:])
	out.WriteString(kind)
	out.WriteString(data)
	binary.BigEndian.PutUint32(number[:], crc32.ChecksumIEEE([]byte(kind+data)))
	out.Write(number[:])
}
