package domain

import (
	"bytes"
	"cmp"
	"time"

	"github.com/google/uuid"
)

// MemberRole is what somebody is in a community or team, in Portal's words.
type MemberRole string

// The roles of members. NotMember is what somebody is who left.
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
	case PlainMember: // belonging; what members may do they may as members of the tenant
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

// Compare orders keys as Portal pages through them.
func (k MembershipKey) Compare(o MembershipKey) int {
	return cmp.Or(cmp.Compare(k.Type, o.Type), bytes.Compare(k.Scope[:], o.Scope[:]), bytes.Compare(k.User[:], o.User[:]))
}

// Membership is what Portal says about somebody in a community or team. Its
// version grows with every change of it.
type Membership struct {
	MembershipKey
	Community uuid.UUID // of a team; of a community, itself
	Role      MemberRole
	Version   int64
}

// KnownMembership is a membership as Access has it.
type KnownMembership struct {
	Membership
	Applied time.Time // when it became so
}

// MembershipRange is a part of a tenant's memberships, after one key up to and
// including another. Nil is an open end.
type MembershipRange struct{ After, Until *MembershipKey }

// Contains reports whether the key is in the range.
func (r MembershipRange) Contains(k MembershipKey) bool {
	return (r.After == nil || k.Compare(*r.After) > 0) && (r.Until == nil || k.Compare(*r.Until) <= 0)
}

// Drift counts the differences between what Portal says and what Access knew.
type Drift struct{ Added, Changed, Removed int }

// Settled is how old a membership must be before its absence from a page of
// Portal's means anything: a younger one may have begun after the page was read.
const Settled = time.Minute

// Reconcile compares all memberships that Portal has in a range with those that
// Access has there, and returns what has to become of which. At the same
// version Portal is right.
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
		if _, left := have[k.MembershipKey]; !left || k.Role == NotMember || now.Sub(k.Applied) < Settled {
			continue
		}
		drift.Removed++
		k.Role = NotMember
		repairs = append(repairs, k.Membership)
	}
	return repairs, drift
}
