package domain

import (
	"net/url"
	"strings"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

const (
	maxTitle       = 255
	maxDescription = 10_000
	maxMediaURL    = 512
	maxReason      = 500
)

// title brings a title into its form. Whether an empty one is wrong is up to the caller.
func title(s, field string, fields errs.Fields) string {
	return valid.Line(fields, field, s, 0, maxTitle)
}

func description(s, field string, fields errs.Fields) string {
	return valid.Text(fields, field, s, 0, maxDescription)
}

// mediaURL checks the address of a picture: an http(s) address, or a path on the platform's own host.
func mediaURL(s, field string, fields errs.Fields) string {
	s = valid.Line(fields, field, s, 0, maxMediaURL)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	ok := err == nil
	if ok {
		web := (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
		path := u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/")
		ok = web || path
	}
	fields.Check(ok, field, why.InvalidFormat("must be an http(s) address or a path, at most 512 characters long"))
	return s
}

// alone makes one question or option, whose fields need no prefix in errors.
func alone[T any](makeOne func(fields errs.Fields, prefix string) (T, error)) (made T, err error) {
	fields := errs.Fields{}
	one, err := makeOne(fields, "")
	if err == nil {
		err = fields.Err()
	}
	if err != nil {
		return made, err
	}
	return one, nil
}
