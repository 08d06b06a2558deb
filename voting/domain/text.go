package domain

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.updspace.com/libs/errs"
)

const (
	maxTitle       = 255
	maxDescription = 10_000
	maxTemplate    = 32
	maxMediaURL    = 512
)

// title trims a title and says what is wrong with it. Whether an empty one is wrong is up to the caller.
func title(s, field string, fields errs.Fields) string {
	s = strings.TrimSpace(s)
	fields.Check(utf8.RuneCountInString(s) <= maxTitle, field, "must be at most 255 characters long")
	fields.Check(printable(s), field, "must not contain control characters")
	return s
}

func description(s, field string, fields errs.Fields) string {
	fields.Check(utf8.RuneCountInString(s) <= maxDescription, field, "must be at most 10000 characters long")
	fields.Check(storable(s), field, "must not contain null characters")
	return s
}

// slug checks the name of a template: lower-case words joined by hyphens, or nothing.
func slug(s, field string, fields errs.Fields) string {
	ok := len(s) <= maxTemplate
	for word := range strings.SplitSeq(s, "-") {
		ok = ok && (word != "" || s == "") && strings.Trim(word, "abcdefghijklmnopqrstuvwxyz0123456789") == ""
	}
	fields.Check(ok, field, "must be a slug of at most 32 characters")
	return s
}

// mediaURL checks the address of a picture: on the web, or a path on our own host.
func mediaURL(s, field string, fields errs.Fields) string {
	s = strings.TrimSpace(s)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	ok := err == nil && utf8.RuneCountInString(s) <= maxMediaURL && printable(s)
	if ok {
		web := (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
		own := u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/")
		ok = web || own
	}
	fields.Check(ok, field, "must be an http(s) address or a path, at most 512 characters long")
	return s
}

// printable refuses what no single-line text contains.
func printable(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, unicode.IsControl)
}

// storable refuses what PostgreSQL cannot keep in a text.
func storable(s string) bool { return utf8.ValidString(s) && !strings.ContainsRune(s, 0) }
