// Package ports holds what groups need from outside. Repositories work on the tenant of the request context; what another
// tenant owns does not exist for them.
package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/valid"
	"go.updspace.com/portal/groups/domain"
)

// Groups stores communities and teams.
type Groups interface {
	// Find returns a group with its community, or domain.ErrGroupNotFound.
	Find(ctx context.Context, id uuid.UUID) (domain.GroupInCommunity, error)
	// Lock is Find with a lock on the community until Tx.Do ends. Every change of the community, of its teams, and of
	// memberships, join requests, invitations, links and bans in them takes this lock first.
	Lock(ctx context.Context, id uuid.UUID) (domain.GroupInCommunity, error)
	// Add stores a new group, or returns domain.ErrNameTaken.
	Add(ctx context.Context, group domain.Group) error
	// Update stores a changed group but not its member counts, or returns domain.ErrNameTaken.
	Update(ctx context.Context, group domain.Group) error
	// Delete deletes a group with everything in it.
	Delete(ctx context.Context, id uuid.UUID) error

	// Names returns the names of groups; those that do not exist are left out.
	Names(ctx context.Context, groups ...uuid.UUID) (map[uuid.UUID]string, error)
	// List returns the groups that match, ordered by name, after a key.
	List(ctx context.Context, search GroupSearch, after GroupKey, limit int) ([]domain.Group, error)
}

// GroupSearch selects groups. Zero fields match everything.
type GroupSearch struct {
	Kind      authz.ScopeType
	Community uuid.UUID // teams of this community
	Member    uuid.UUID // a user who is a member
	Status    domain.Status
	Query     string // in the name or the description, see valid.Fold
	Within    *authz.AllowedScopes
}

// GroupKey is the position of a group in a list.
type GroupKey struct {
	Name string // folded
	ID   uuid.UUID
}

// GroupKeyOf returns the position of a group.
func GroupKeyOf(g domain.Group) GroupKey {
	return GroupKey{Name: valid.Fold(g.Data().Name), ID: g.ID()}
}

// TenantMembers says which users are members of the tenant.
type TenantMembers interface {
	// Membership returns whether the user is a member of the tenant. known is false for a user about whom identity has
	// published nothing yet.
	Membership(ctx context.Context, user uuid.UUID) (member, known bool, err error)
}

// Tenants lists the tenants that have groups, for jobs over all of them.
type Tenants interface {
	All(ctx context.Context) ([]uuid.UUID, error)
}
