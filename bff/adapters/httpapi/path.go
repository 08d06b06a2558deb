package httpapi

import (
	"net/url"
	"strings"
)

// plainPath reports whether a path means the same to every reader: no dot segments, no empty segments, no
// slashes or backslashes in disguise, nothing encoded twice, no control characters. Whatever one reader could take for
// another path than the next one is refused, not cleaned up.
func plainPath(u *url.URL) bool {
	path := u.Path
	start := 1
	for i := 1; i <= len(path); i++ {
		if i < len(path) && path[i] != '/' {
			if c := path[i]; c == '\\' || c == '%' || c < ' ' || c == 0x7f {
				return false
			}
			continue
		}
		segment := path[start:i]
		if segment == "." || segment == ".." || segment == "" && i < len(path) {
			return false
		}
		start = i + 1
	}
	if u.RawPath == "" {
		return true
	}
	raw := strings.ToLower(u.RawPath)
	return !strings.Contains(raw, "%2f") && !strings.Contains(raw, "%5c") && !strings.Contains(raw, "%2e")
}
