// Package filetype finds the type of a file in its content, as browsers do, and knows some that they leave out.
package filetype

import (
	"net/http"
	"path"
	"slices"
	"strings"
)

// Detector finds types. It has no state.
type Detector struct{}

// New returns a detector.
func New() Detector { return Detector{} }

// ContentType is the type of a file by its first bytes. Its name only decides between kinds of text.
func (Detector) ContentType(name string, head []byte) string {
	found := http.DetectContentType(head)
	switch ext := strings.ToLower(path.Ext(name)); {
	case mpegAudio(head):
		return "audio/mpeg"
	case found == "application/octet-stream" && mp4(head):
		return "video/mp4"
	case (ext == ".md" || ext == ".markdown") && (strings.HasPrefix(found, "text/html") || strings.HasPrefix(found, "text/xml")):
		return "text/plain; charset=utf-8" // Markdown may begin with a tag
	}
	return found
}

// mpegAudio reports whether an MPEG audio frame begins: 11 bits set, and no reserved version, layer, bit rate or
// sampling rate. MP3 files without tags begin so.
func mpegAudio(head []byte) bool {
	if len(head) < 4 || head[0] != 0xFF || head[1]&0xE0 != 0xE0 {
		return false
	}
	version, layer, rate, sampling := head[1]>>3&3, head[1]>>1&3, head[2]>>4, head[2]>>2&3
	return version != 1 && layer == 1 && rate != 0 && rate != 15 && sampling != 3
}

// brands are those of MP4 files that the rules of browsers do not know, which look for "mp4" only. AVIF and HEIC pictures
// have others.
var brands = []string{"isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "avc1", "dash", "M4V ", "MSNV"}

// mp4 reports whether a file type box with a known major brand begins.
func mp4(head []byte) bool {
	return len(head) >= 12 && string(head[4:8]) == "ftyp" && slices.Contains(brands, string(head[8:12]))
}
