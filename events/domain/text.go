package domain

import (
	"net/url"
	"slices"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// The lengths of texts, in characters.
const (
	maxTitle       = 255
	maxDescription = 10_000
	maxLocation    = 255
	maxURL         = 512
	maxGame        = 128
	maxReason      = 500
	MaxTag         = 32
	MaxTags        = 10
)

// address checks the address of a place on the web. Only http and https are links that a page may show.
func address(s, field string, fields errs.Fields) string {
	s = valid.Line(fields, field, s, 0, maxURL)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	ok := err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
	fields.Check(ok, field, why.InvalidFormat("must be an http(s) address"))
	return s
}

// tags brings tags into their form: each once, whatever the case of its letters.
func tags(list []string, fields errs.Fields) []string {
	fields.Check(len(list) <= MaxTags, "tags", why.TooMany(MaxTags))
	var kept []string
	for _, tag := range list {
		tag = valid.Line(fields, "tags", tag, 1, MaxTag)
		if !slices.ContainsFunc(kept, func(other string) bool { return valid.Fold(other) == valid.Fold(tag) }) {
			kept = append(kept, tag)
		}
	}
	return kept
}

func set[T any](field *T, to *T) {
	if to != nil {
		*field = *to
	}
}
