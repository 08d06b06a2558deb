package filetype_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/filetype"
)

func TestContentType(t *testing.T) {
	t.Parallel()
	for want, files := range map[string]map[string]string{
		"audio/mpeg":                   {"a.mp3": "ID3\x04", "b.mp3": "\xff\xfb\x90\x64\x00\x00", "c.mp3": "\xff\xf3\x40\xc0\x00"},
		"video/mp4":                    {"a.mp4": "\x00\x00\x00\x18ftypiso5\x00\x00\x00\x01iso5dash", "b.mp4": "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom", "c.mp4": "\x00\x00\x00\x14ftypisom\x00\x00\x02\x00isom"},
		"text/plain; charset=utf-16le": {"a.txt": "\xff\xfea\x00b\x00"},
		"text/plain; charset=utf-16be": {"a.txt": "\xfe\xff\x00a\x00b"},
		"text/plain; charset=utf-8":    {"a.txt": "привет", "README.md": "<h1>Chess</h1>\n\n* a", "b.MARKDOWN": "<!-- a -->\n# b", "c.md": "<?xml x"},
		"text/html; charset=utf-8":     {"a.html": "<h1>x", "a.txt": "<script>", "": "<p>"},
		"text/xml; charset=utf-8":      {"a.svg": "<?xml version"},
		"image/png":                    {"a.md": "\x89PNG\r\n\x1a\n"},
		"image/webp":                   {"a": "RIFF\x00\x00\x00\x00WEBPVP8X"},
		"application/octet-stream": {
			"a.mp3": "\xff\xfb\xf0\x64\x00", "c.mp3": "\xff\xeb\x90\x64\x00", "d.mp3": "\xff\xff\x90\x64\x00", "e.mp3": "\xff\xfb\x9c\x64\x00", "f.mp3": "\xff\xfb\x00\x64\x00", "g.mp3": "\xff\x1b\x90\x64\x00",
			"a.avif": "\x00\x00\x00\x1cftypavif\x00\x00\x00\x00avifmif1", "a.heic": "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1", "a.mp4": "\x00\x00\x00\x18ftyp", "b.mp4": "\x00\x00\x00\x18free mp4iso5",
		},
	} {
		for name, head := range files {
			require.Equal(t, want, filetype.New().ContentType(name, []byte(head)), "%s %q", name, head)
		}
	}
}
