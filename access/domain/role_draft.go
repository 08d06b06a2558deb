package domain

import (
	"slices"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/valid"
)

// MaxRoleName bounds the length of a role's name, in characters.
const MaxRoleName = 128

// RoleDraft is a new or changed role. Values made by NewRoleDraft are valid.
type RoleDraft struct {
	Service Service
	Name    string
	Keys    []string // sorted, each once
}

// NewRoleDraft makes a draft. Its keys must be in the catalogue and of its service.
func NewRoleDraft(c Catalogue, service Service, name string, keys []string) (RoleDraft, error) {
	return newRoleDraft(c, service, name, keys, "permission_keys")
}

// newRoleDraft reports keys of another service as a mistake in a field.
func newRoleDraft(c Catalogue, service Service, name string, keys []string, field string) (RoleDraft, error) {
	d := RoleDraft{Service: service, Keys: slices.Clone(keys)}
	slices.Sort(d.Keys)
	d.Keys = slices.Compact(d.Keys)

	fields := errs.Fields{}
	fields.Check(slices.Contains(Services(), service), "service", why.NotAllowed("is not a service with permissions"))
	d.Name = valid.Line(fields, "name", name, 1, MaxRoleName)
	if err := fields.Err(); err != nil {
		return RoleDraft{}, err
	}
	if unknown := c.Unknown(d.Keys...); len(unknown) > 0 {
		return RoleDraft{}, missing(ErrUnknownKeys, unknown)
	}
	for _, key := range d.Keys {
		if p, _ := c.Find(key); p.Service != service {
			fields.Add(field, why.NotAllowed(key+" is not a permission of "+string(service)))
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
