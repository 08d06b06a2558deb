package ports

import (
	"context"

	"github.com/google/uuid"
)

// GroupRoles ranks what an author is in groups: more is higher, and a group the author is not in is left out.
type GroupRoles interface {
	Ranks(ctx context.Context, user uuid.UUID) (map[uuid.UUID]int, error)
}
