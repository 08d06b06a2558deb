package domain

import (
	"slices"
	"time"

	"github.com/google/uuid"
)

// Subject is who a question is about, always the user of the signed request.
type Subject struct {
	Tenant      uuid.UUID
	User        uuid.UUID
	Suspended   bool // suspended or banned on the whole platform
	SystemAdmin bool
	Member      bool // with an active membership of the tenant
}

// Role is a named set of permissions of one service. Tenant is nil for the
// platform's templates.
type Role struct {
	ID      int64
	Tenant  uuid.UUID
	Service Service
	Name    string
	Keys    []string // sorted
}

// Template reports whether the role is the platform's and not a tenant's own.
func (r Role) Template() bool { return r.Tenant == uuid.Nil }

// Grants reports whether the role holds the permission. A role holds only
// permissions of its own service.
func (r Role) Grants(p Permission) bool {
	return r.Service == p.Service && slices.Contains(r.Keys, p.Key)
}

// Binding gives the subject a role in a scope.
type Binding struct {
	Scope   Scope
	Role    Role
	Expires time.Time // zero: never
}

// Effect is what an override does.
type Effect string

// The effects. Deny wins over allow whatever their age or generality.
const (
	Deny  Effect = "deny"
	Allow Effect = "allow"
)

// Override allows or denies one permission, or every one, to the subject,
// whatever the subject's roles say.
type Override struct {
	Effect     Effect
	Permission string // empty: every permission
	Reason     string
	Expires    time.Time // zero: never
}

func (o Override) matches(p Permission) bool { return o.Permission == "" || o.Permission == p.Key }

// Facts is what is stored about one subject, complete: an answer to any
// question about the subject needs nothing else.
type Facts struct {
	Overrides []Override
	Bindings  []Binding
	// MemberRoles are the roles named member, the templates and the tenant's
	// own, whether or not the subject is a member.
	MemberRoles []Role
	// Teams holds at least the teams of every community that Bindings name; no
	// other team can be reached by way of a community.
	Teams Teams
}

// NextExpiry is when the first of the facts expires; zero if none ever does.
func (f *Facts) NextExpiry() time.Time {
	var next time.Time
	sooner := func(t time.Time) {
		if !t.IsZero() && (next.IsZero() || t.Before(next)) {
			next = t
		}
	}
	for i := range f.Overrides {
		sooner(f.Overrides[i].Expires)
	}
	for i := range f.Bindings {
		sooner(f.Bindings[i].Expires)
	}
	return next
}

// At returns the facts that are in force at a time: f itself while none has
// expired. What expires is not in force at the very moment any more.
func (f *Facts) At(at time.Time) *Facts {
	over := func(expires time.Time) bool { return !expires.IsZero() && !expires.After(at) }
	if !over(f.NextExpiry()) {
		return f
	}
	now := *f
	now.Overrides = slices.DeleteFunc(slices.Clone(f.Overrides), func(o Override) bool { return over(o.Expires) })
	now.Bindings = slices.DeleteFunc(slices.Clone(f.Bindings), func(b Binding) bool { return over(b.Expires) })
	return &now
}

// memberRole finds the role that members of the tenant hold in a service
// without a binding: the tenant's own if there is one, even when it grants
// nothing, else the template.
func (f *Facts) memberRole(service Service) *Role {
	var found *Role
	for i := range f.MemberRoles {
		r := &f.MemberRoles[i]
		if r.Service != service || r.Name != RoleMember {
			continue
		}
		if !r.Template() {
			return r
		}
		found = r
	}
	return found
}
