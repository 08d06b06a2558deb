package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Groups keeps communities and teams.
type Groups interface {
	// Find returns a group with the community it is in, or domain.ErrCommunityNotFound or domain.ErrTeamNotFound.
	Find(ctx context.Context, scope domain.Scope) (domain.Place, error)
	// Lock is Find, and keeps everybody else from changing the community, its teams, and any membership of either until
	// Tx.Do ends.
	Lock(ctx context.Context, scope domain.Scope) (domain.Place, error)
	// Add stores a new group; domain.ErrDuplicate when its name is taken.
	Add(ctx context.Context, group domain.Group) error
	// Update stores a changed group; domain.ErrDuplicate when its name is taken. It does not count members.
	Update(ctx context.Context, group domain.Group) error
	// Delete removes a group with everything in it.
	Delete(ctx context.Context, scope domain.Scope) error

	// Names returns the names of groups; those that do not exist are left out.
	Names(ctx context.Context, groups ...uuid.UUID) (map[uuid.UUID]string, error)
	// List returns the groups that match, by name, beginning after a place in that order.
	List(ctx context.Context, search GroupSearch, after GroupKey, limit int) ([]domain.Group, error)
}

// GroupSearch says which groups are looked for. Zero values match everything.
type GroupSearch struct {
	Kind   domain.ScopeType
	Within uuid.UUID // the community that teams are looked for in
	Member uuid.UUID // who is in it
	Status domain.Status
	Words  string // to be found in name or description, whatever their case
}

// GroupKey is a place in the order of groups.
type GroupKey struct {
	Name string // folded
	ID   uuid.UUID
}

// KeyOf is the place of a group.
func KeyOf(g domain.Group) GroupKey {
	return GroupKey{Name: domain.Fold(g.Data().Name), ID: g.ID()}
}
