package domain

import (
	"time"

	"github.com/google/uuid"
)

// Source says why a binding exists.
type Source string

// The sources.
const (
	Manual         Source = "manual"     // made through the API, or by the platform
	FromMembership Source = "membership" // derived from a membership in Portal

	FromAchievement Source = "achievement" // derived from rewards of achievements
	FromDiscord     Source = "discord"     // derived from roles at Discord, as activity tells
)

// BindingRecord is a stored binding. The same role may be bound to a user in a scope once for each source.
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

	Achievement uuid.UUID // of FromAchievement: whose reward it is; of several the one that lasts longest
}

// InForce reports whether the binding counts at a time.
func (b BindingRecord) InForce(at time.Time) bool { return inForce(b.Expires, at) }

// Outlasts reports whether the binding expires later than another.
func (b BindingRecord) Outlasts(other BindingRecord) bool { return later(b.Expires, other.Expires) }

// Editable returns why the binding cannot be changed or deleted, if so.
func (b BindingRecord) Editable() error {
	switch b.Source {
	case FromMembership:
		return ErrManagedByPortal
	case FromAchievement:
		return ErrManagedByAchievement
	case FromDiscord:
		return ErrManagedByDiscord
	}
	return nil
}

// OverrideRecord is a stored override.
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

// Same reports whether two overrides are equal.
func (o Override) Same(p Override) bool {
	return o.Effect == p.Effect && o.Permission == p.Permission && o.Reason == p.Reason && o.Expires.Equal(p.Expires)
}

// What expires is not in force at the very moment of its expiry.
func inForce(expires, at time.Time) bool { return expires.IsZero() || expires.After(at) }

// later reports whether a lasts longer than b. Zero is forever.
func later(a, b time.Time) bool { return !b.IsZero() && (a.IsZero() || a.After(b)) }
