package domain

import (
	"slices"

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
	Scope Scope
	Role  Role
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
}

func (o Override) matches(p Permission) bool { return o.Permission == "" || o.Permission == p.Key }

// Facts is what is stored about one subject, in force when the question was
// asked, as far as the questions need it: rows that can have no part in any
// answer may be left out.
type Facts struct {
	Overrides []Override
	Bindings  []Binding
	// MemberRoles are the roles named member, the templates and the tenant's
	// own, whether or not the subject is a member.
	MemberRoles []Role
	Teams       Teams
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
