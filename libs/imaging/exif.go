package imaging

import (
	"bytes"
	"encoding/binary"
)

// orientationOf reads the EXIF orientation of a JPEG or WebP picture; 1, which is upright, when it has none.
func orientationOf(raw []byte) int {
	switch {
	case bytes.HasPrefix(raw, []byte{0xFF, 0xD8}):
		for i := 2; i+4 <= len(raw) && raw[i] == 0xFF && raw[i+1] != 0xDA; {
			end := min(i+2+int(binary.BigEndian.Uint16(raw[i+2:])), len(raw))
			if exif, ok := bytes.CutPrefix(raw[min(i+4, end):end], []byte("Exif\x00\x00")); ok && raw[i+1] == 0xE1 {
				return orientationIn(exif)
			}
			i = max(end, i+2)
		}
	case len(raw) > 12 && string(raw[8:12]) == "WEBP":
		chunks, _ := chunksOfWebP(raw[12:])
		for _, c := range chunks {
			if c.kind == "EXIF" {
				return orientationIn(bytes.TrimPrefix(c.data, []byte("Exif\x00\x00")))
			}
		}
	}
	return 1
}

const (
	tagOrientation = 0x0112
	typeShort      = 3
)

// orientationIn reads the orientation from the TIFF structure that EXIF is.
func orientationIn(exif []byte) int {
	var order binary.ByteOrder = binary.BigEndian
	if bytes.HasPrefix(exif, []byte("II")) {
		order = binary.LittleEndian
	}
	if len(exif) < 8 {
		return 1
	}
	at := uint64(order.Uint32(exif[4:]))
	if at+2 > uint64(len(exif)) {
		return 1
	}
	entries := exif[at+2:]
	for range order.Uint16(exif[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == tagOrientation && order.Uint16(entries[2:]) == typeShort {
			if o := int(order.Uint16(entries[8:])); o >= 1 && o <= 8 {
				return o
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// tiff is a TIFF structure that says an orientation and nothing else.
func tiff(orientation int) []byte {
	out := append([]byte("MM\x00*"), 0, 0, 0, 8, 0, 1) // big endian; the directory begins at 8 and has one entry
	out = append(out, tagOrientation>>8, tagOrientation&0xFF, 0, typeShort, 0, 0, 0, 1, 0, byte(orientation), 0, 0)
	return append(out, 0, 0, 0, 0) // no further directory
}
