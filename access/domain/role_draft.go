package domain

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.updspace.com/libs/errs"
)

// MaxRoleName bounds the length of a role's name, in characters.
const MaxRoleName = 128

// RoleDraft is what somebody wants a role to be. Values made by NewRoleDraft
// are valid.
type RoleDraft struct {
	Service Service
	Name    string
	Keys    []string // sorted, each once
}

// NewRoleDraft makes a draft: a service and keys of the catalogue, the keys all
// of that service, because a role grants permissions of its own service only.
func NewRoleDraft(c Catalogue, service Service, name string, keys []string) (RoleDraft, error) {
	d := RoleDraft{Service: service, Name: strings.TrimSpace(name), Keys: slices.Clone(keys)}
	slices.Sort(d.Keys)
	d.Keys = slices.Compact(d.Keys)

	fields := errs.Fields{}
	fields.Check(slices.Contains(Services(), service), "service", "is no service with permissions")
	switch {
	case d.Name == "":
		fields.Add("name", "must not be blank")
	case utf8.RuneCountInString(d.Name) > MaxRoleName:
		fields.Add("name", "must be at most 128 characters long")
	case !utf8.ValidString(d.Name) || strings.ContainsFunc(d.Name, unicode.IsControl):
		fields.Add("name", "must not contain control characters")
	}
	if err := fields.Err(); err != nil {
		return RoleDraft{}, err
	}
	if unknown := c.Unknown(d.Keys...); len(unknown) > 0 {
		return RoleDraft{}, missing(ErrUnknownKeys, unknown)
	}
	for _, key := range d.Keys {
		if p, _ := c.Find(key); p.Service != service {
			fields.Add("permission_keys", key+" is not a permission of "+string(service))
		}
	}
	return d, fields.Err()
}

// Unknown returns those of the keys that the catalogue does not have.
func (c Catalogue) Unknown(keys ...string) []string {
	var unknown []string
	for _, key := range keys {
		if _, ok := c.Find(key); !ok {
			unknown = append(unknown, key)
		}
	}
	return unknown
}
