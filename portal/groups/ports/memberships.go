package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/groups/domain"
)

// Memberships stores the members of groups.
type Memberships interface {
	// OfUser returns what a user is in the community of a group and in its teams, with the group itself in any case.
	OfUser(ctx context.Context, group domain.GroupInCommunity, user uuid.UUID) (domain.UserMemberships, error)
	// Store stores changed memberships, each over the version that it was changed from.
	Store(ctx context.Context, memberships ...domain.Membership) error

	// Find returns a user's membership in a group, or domain.ErrMemberNotFound if the user is no member.
	Find(ctx context.Context, group, user uuid.UUID) (domain.Membership, error)
	// Roles returns a user's roles in some groups; those without a role are left out.
	Roles(ctx context.Context, user uuid.UUID, groups ...uuid.UUID) (map[uuid.UUID]domain.Role, error)
	// List returns members of a group, ordered by join time, after a key.
	List(ctx context.Context, search MemberSearch, after MemberKey, limit int) ([]domain.Membership, error)
	// All returns all memberships of a user, communities first, each in the order of the ids.
	All(ctx context.Context, user uuid.UUID) ([]domain.Membership, error)
	// Check returns the roles of users in groups, in the order of the keys.
	Check(ctx context.Context, keys ...MembershipKey) ([]domain.Role, error)
	// Range returns active memberships in the order of their keys, after a key.
	Range(ctx context.Context, after MembershipKey, limit int) ([]domain.Membership, error)
}

// MemberSearch selects members of a group. Zero fields but Group match everything.
type MemberSearch struct {
	Group uuid.UUID
	Role  domain.Role
	Query string // in the names of the profile
}

// MemberKey is the position of a member in a list.
type MemberKey struct {
	JoinedAt time.Time
	User     uuid.UUID
}

// MembershipKey is a user and a group; it orders all memberships of a tenant.
type MembershipKey struct {
	Scope authz.Scope
	User  uuid.UUID
}

// AccessSync brings memberships to Access, which holds them as scoped roles.
type AccessSync interface {
	// Sync sends changed memberships, ended ones too, and returns when Access applies them or after a short time limit.
	// What fails here reaches Access by the events.
	Sync(ctx context.Context, memberships ...domain.Membership)
	// Reconcile compares a range of the tenant's memberships with those in Access and corrects Access.
	Reconcile(ctx context.Context, r MembershipRange) (Drift, error)
}

// MembershipRange holds all memberships after one key, up to and including another. A zero key is an open end.
type MembershipRange struct {
	After, Until MembershipKey
	Memberships  []domain.Membership
}

// Drift counts the memberships that were missing, different or left over in Access.
type Drift struct {
	Added, Changed, Removed int
}

// Plus returns the sum of two drifts.
func (d Drift) Plus(o Drift) Drift {
	return Drift{Added: d.Added + o.Added, Changed: d.Changed + o.Changed, Removed: d.Removed + o.Removed}
}

// Traces finds and erases what groups hold about one user besides memberships.
type Traces interface {
	// Communities returns communities that hold anything about a user, memberships too, in the order of the ids.
	Communities(ctx context.Context, user uuid.UUID, limit int) ([]uuid.UUID, error)
	// Erase deletes a former member's join requests, invitations and bans in a community and its teams. Where the user made
	// or decided something, the zero id takes the user's place. It returns how many communities and teams the user had made.
	Erase(ctx context.Context, community, user uuid.UUID) (communities, teams int64, err error)
}
