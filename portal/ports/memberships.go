package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Memberships keeps who belongs where.
type Memberships interface {
	// Belonging is a user's place in the community of a group: his seat there, those in the teams he is in, and the one in
	// the group, whether he is in it or not.
	Belonging(ctx context.Context, place domain.Place, user uuid.UUID) (domain.Belonging, error)
	// Store keeps changed memberships, each over the version it was changed from. The lock of the community is held.
	Store(ctx context.Context, memberships ...domain.Membership) error

	// Find returns what a user is in a group, or domain.ErrMemberNotFound when he is nothing.
	Find(ctx context.Context, scope domain.Scope, user uuid.UUID) (domain.Membership, error)
	// Roles says what a user is in each of some groups; those he is not in are left out.
	Roles(ctx context.Context, user uuid.UUID, groups ...uuid.UUID) (map[uuid.UUID]domain.Role, error)
	// List returns members of a group, who came first first, beginning after a place in that order.
	List(ctx context.Context, search MemberSearch, after MemberKey, limit int) ([]domain.Membership, error)
	// Of returns everything that a user belongs to, communities first, each in the order of the ids.
	Of(ctx context.Context, user uuid.UUID) ([]domain.Membership, error)
	// Check says what users are in groups, in the order asked.
	Check(ctx context.Context, pairs ...Pair) ([]domain.Role, error)
	// Walk returns active memberships in the order of their keys, beginning after one.
	Walk(ctx context.Context, after WalkKey, limit int) ([]domain.Membership, error)
}

// MemberSearch says which members are looked for. Zero values but the scope match everything.
type MemberSearch struct {
	Scope domain.Scope
	Role  domain.Role
	Words string // to be found in the names of the profile
}

// MemberKey is a place in the order of members.
type MemberKey struct {
	JoinedAt time.Time
	User     uuid.UUID
}

// Pair is a user and a group.
type Pair struct {
	User  uuid.UUID
	Scope domain.Scope
}

// WalkKey is a place in the order of all memberships of a tenant.
type WalkKey struct {
	Scope domain.Scope
	User  uuid.UUID
}
