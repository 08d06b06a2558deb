package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Groups keeps communities and teams.
type Groups interface {
	// List returns the groups that match, by name, beginning after a place in that order.
	List(ctx context.Context, search GroupSearch, after GroupKey, limit int) ([]domain.Group, error)
}

// GroupSearch says which groups are looked for. Zero values match everything.
type GroupSearch struct {
	Kind   domain.ScopeType
	Within uuid.UUID // the community that teams are looked for in
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
