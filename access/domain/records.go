package domain

import (
	"time"

	"github.com/google/uuid"
)

// Source says why a binding is there.
type Source string

// The sources.
const (
	Manual         Source = "manual"     // somebody, or the platform, bound it
	FromMembership Source = "membership" // it follows a membership in Portal
)

// BindingRecord is a binding as administrators see it. Two records may say the
// same of a user but for their source.
type BindingRecord struct {
	ID        int64
	Tenant    uuid.UUID
	User      uuid.UUID
	Scope     Scope
	Role      Role
	Expires   time.Time // zero: never
	CreatedAt time.Time
	By        uuid.UUID // uuid.Nil: the platform itself
	Source    Source
}

// InForce reports whether the binding counts at a time.
func (b BindingRecord) InForce(at time.Time) bool { return inForce(b.Expires, at) }

// Outlasts reports whether the binding expires later than another.
func (b BindingRecord) Outlasts(other BindingRecord) bool { return later(b.Expires, other.Expires) }

// Movable returns why nobody may change or delete the binding, if so.
func (b BindingRecord) Movable() error {
	if b.Source != Manual {
		return ErrManagedByPortal
	}
	return nil
}

// OverrideRecord is an override as administrators see it.
type OverrideRecord struct {
	ID     uuid.UUID
	Tenant uuid.UUID
	User   uuid.UUID
	Override
	CreatedAt time.Time
	By        uuid.UUID // uuid.Nil: the platform itself
}

// InForce reports whether the override counts at a time.
func (o Override) InForce(at time.Time) bool { return inForce(o.Expires, at) }

// Same reports whether two overrides say the same.
func (o Override) Same(p Override) bool {
	return o.Effect == p.Effect && o.Permission == p.Permission && o.Reason == p.Reason && o.Expires.Equal(p.Expires)
}

// What expires does not count at the very moment any more.
func inForce(expires, at time.Time) bool { return expires.IsZero() || expires.After(at) }

// later reports whether a lasts longer than b, zero being for ever.
func later(a, b time.Time) bool { return !b.IsZero() && (a.IsZero() || a.After(b)) }
