package domain

import (
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"
)

// Subject is the user whom a check is about.
type Subject struct {
	Tenant      uuid.UUID
	User        uuid.UUID
	Suspended   bool // suspended or banned on the whole platform
	SystemAdmin bool
	Member      bool // with an active membership of the tenant
}

// foreign reports whether a scope is another tenant than the subject's.
func (s Subject) foreign(scope Scope) bool {
	return scope.Type == Tenant && scope != TenantScope(s.Tenant)
}

// Role is a named set of permissions of one service. Tenant is nil for the platform's templates.
type Role struct {
	ID      int64
	Tenant  uuid.UUID
	Service Service
	Name    string
	Keys    []string // sorted
}

// Template reports whether the role is the platform's and not a tenant's own.
func (r Role) Template() bool { return r.Tenant == uuid.Nil }

// Grants reports whether the role holds the permission. A role holds only permissions of its own service.
func (r Role) Grants(p Permission) bool {
	return r.Service == p.Service && slices.Contains(r.Keys, p.Key)
}

// Binding gives the subject a role in a scope.
type Binding struct {
	Scope   Scope
	Role    Role
	Expires time.Time // zero: never

	Achievement uuid.UUID // whose reward it is, if it is one
}

// Effect is what an override does.
type Effect string

// The effects. Deny wins over allow whatever their age or generality.
const (
	Deny  Effect = "deny"
	Allow Effect = "allow"
)

// Override allows or denies the subject one permission, or every one, regardless of roles.
type Override struct {
	Effect     Effect
	Permission string // empty: every permission
	Reason     string
	Expires    time.Time // zero: never
}

func (o Override) matches(p Permission) bool { return o.Permission == "" || o.Permission == p.Key }

// Facts is everything that decisions about one subject need.
type Facts struct {
	Overrides []Override
	Bindings  []Binding
	// MemberRoles are the roles named member, the templates and the tenant's own, whether or not the subject is a member.
	MemberRoles []Role
	// Teams contains at least the teams of every community in Bindings.
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

// At returns the facts that are in force at a time: f itself if none has expired. A fact is not in force at the very moment
// of its expiry.
func (f *Facts) At(at time.Time) *Facts {
	if inForce(f.NextExpiry(), at) {
		return f
	}
	now := *f
	now.Overrides = slices.DeleteFunc(slices.Clone(f.Overrides), func(o Override) bool { return !inForce(o.Expires, at) })
	now.Bindings = slices.DeleteFunc(slices.Clone(f.Bindings), func(b Binding) bool { return !inForce(b.Expires, at) })
	return &now
}

// rolesIn yields the roles of a service that the subject holds in a scope, each with its binding: nil for the role that
// members of the tenant hold without one.
func (f *Facts) rolesIn(s Subject, service Service, scope Scope) iter.Seq2[*Role, *Binding] {
	return func(yield func(*Role, *Binding) bool) {
		for i := range f.Bindings {
			b := &f.Bindings[i]
			if b.Role.Service == service && b.Scope.Reaches(scope, f.Teams) && !yield(&b.Role, b) {
				return
			}
		}
		if !s.Member {
			return
		}
		if role := f.memberRole(service); role != nil {
			yield(role, nil)
		}
	}
}

// bound reports whether a binding of such a role reaches the scope.
func (f *Facts) bound(scope Scope, such func(*Role) bool) bool {
	for i := range f.Bindings { // without copies: the path of every check
		if b := &f.Bindings[i]; such(&b.Role) && b.Scope.Reaches(scope, f.Teams) {
			return true
		}
	}
	return false
}

// administers reports whether private resources of the service in the scope are open to the subject.
func (f *Facts) administers(service Service, scope Scope) bool {
	return f.bound(scope, func(r *Role) bool { return r.Service == service && r.Name == RoleAdmin })
}

// memberRole finds the role that members of the tenant hold in a service without a binding: the tenant's own, even if it
// grants nothing, else the template.
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
