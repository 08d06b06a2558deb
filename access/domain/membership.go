package domain

import (
	"bytes"
	"cmp"
	"time"

	"github.com/google/uuid"
)

// MemberRole is a role in a community or team, as Portal names it.
type MemberRole string

// The roles of members. NotMember is the role of a user who has left.
const (
	NotMember       MemberRole = ""
	PlainMember     MemberRole = "member"
	MemberModerator MemberRole = "moderator"
	MemberOwner     MemberRole = "owner"
)

// Known reports whether r is a role that a member can have.
func (r MemberRole) Known() bool {
	return r == PlainMember || r == MemberModerator || r == MemberOwner
}

// RoleRef names a template.
type RoleRef struct {
	Service Service
	Name    string
}

// Grants are the templates that a member holds in the scope of the membership.
func (r MemberRole) Grants() []RoleRef {
	everywhere := func(name string) []RoleRef {
		refs := make([]RoleRef, 0, len(Services()))
		for _, service := range Services() {
			refs = append(refs, RoleRef{service, name})
		}
		return refs
	}
	switch r {
	case PlainMember: // belonging only; the permissions of members come from their membership of the tenant
		return []RoleRef{{Portal, RoleMember}}
	case MemberModerator:
		return everywhere(RoleModerator)
	case MemberOwner:
		return everywhere(RoleAdmin)
	default:
		return nil
	}
}

// MembershipKey names a membership within its tenant.
type MembershipKey struct {
	Type  ScopeType // COMMUNITY or TEAM
	Scope uuid.UUID
	User  uuid.UUID
}

// Compare orders keys as Portal's pages are ordered.
func (k MembershipKey) Compare(o MembershipKey) int {
	return cmp.Or(cmp.Compare(k.Type, o.Type), bytes.Compare(k.Scope[:], o.Scope[:]), bytes.Compare(k.User[:], o.User[:]))
}

// MemberScope is a community or team.
type MemberScope struct {
	Type      ScopeType // COMMUNITY or TEAM
	ID        uuid.UUID
	Community uuid.UUID // of a team; of a community, its own id
}

// Scope returns the scope of the community or team.
func (s MemberScope) Scope() Scope { return Scope{Type: s.Type, ID: s.ID.String()} }

// Membership is a user's membership of a community or team, as Portal last reported it. Its version grows with every
// change.
type Membership struct {
	MembershipKey
	Community uuid.UUID // of a team; of a community, its own id
	Role      MemberRole
	Version   int64
}

// In returns the community or team of the membership.
func (m Membership) In() MemberScope {
	return MemberScope{Type: m.Type, ID: m.Scope, Community: m.Community}
}

// KnownMembership is a membership as stored here.
type KnownMembership struct {
	Membership
	Applied time.Time // when it was stored
}

// MembershipRange is a range of a tenant's memberships: after one key, up to and including another. Nil is an open end.
type MembershipRange struct{ After, Until *MembershipKey }

// Contains reports whether the key is in the range.
func (r MembershipRange) Contains(k MembershipKey) bool {
	return (r.After == nil || k.Compare(*r.After) > 0) && (r.Until == nil || k.Compare(*r.Until) <= 0)
}

// Drift counts the differences between Portal's memberships and the stored ones.
type Drift struct{ Added, Changed, Removed int }

// ReconcileGrace protects memberships younger than this from removal: they may have begun after Portal read the page from
// which they are absent.
const ReconcileGrace = time.Minute

// Reconcile compares all memberships that Portal has in a range with the stored ones, and returns the memberships to
// store. At the same version Portal's is right.
func Reconcile(portals []Membership, known []KnownMembership, now time.Time) ([]Membership, Drift) {
	var repairs []Membership
	var drift Drift
	have := make(map[MembershipKey]KnownMembership, len(known))
	for _, k := range known {
		have[k.MembershipKey] = k
	}
	for _, m := range portals {
		k, found := have[m.MembershipKey]
		delete(have, m.MembershipKey)
		switch {
		case found && (k.Version > m.Version || k.Version == m.Version && k.Role == m.Role):
			continue
		case k.Role == NotMember:
			drift.Added++
		case k.Role != m.Role:
			drift.Changed++
		}
		repairs = append(repairs, m)
	}
	for _, k := range known { // in their order
		if _, left := have[k.MembershipKey]; !left || k.Role == NotMember || now.Sub(k.Applied) < ReconcileGrace {
			continue
		}
		drift.Removed++
		k.Role = NotMember
		repairs = append(repairs, k.Membership)
	}
	return repairs, drift
}
