package domain

import (
	"net/url"
	"strings"
)

// maxNext bounds what is kept of where a login should lead.
const maxNext = 2048

// SafeNext returns where a login may lead: a path on this host. Everything a
// browser could read as another host or scheme becomes "/".
//
// Browsers strip tabs and newlines, read a backslash as a slash and treat two leading slashes as a host, so those are
// refused, also in the percent-encoded form that a careless second decoding would bring to life.
func SafeNext(next string) string {
	const home = "/"
	if next == "" || len(next) > maxNext || next[0] != '/' {
		return home
	}
	for _, c := range []byte(next) {
		if c <= ' ' || c == '\\' || c == 0x7f {
			return home
		}
	}
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || u.Opaque != "" {
		return home
	}
	path, _, _ := strings.Cut(next, "?")
	path, _, _ = strings.Cut(path, "#")
	decoded, err := url.PathUnescape(path)
	if err != nil || strings.Contains(decoded, "//") || strings.Contains(decoded, `\`) {
		return home
	}
	for _, c := range []byte(decoded) {
		if c < ' ' || c == 0x7f {
			return home
		}
	}
	for segment := range strings.SplitSeq(decoded, "/") {
		if segment == "." || segment == ".." {
			return home
		}
	}
	return next
}
