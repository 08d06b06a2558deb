package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/portal/domain"
)

// Places knows the communities and teams that posts stand in.
type Places interface {
	// Open returns the place of a community or team that is in use. One that does not exist is domain.ErrCommunityNotFound
	// or domain.ErrTeamNotFound; one that is archived takes no posts. The
	// place, and who belongs to it, stay as they are until Tx.Do ends.
	Open(ctx context.Context, scope domain.Scope) (domain.PostPlace, error)
	// CommunityOf returns the community of a team, uuid.Nil when there is no such team.
	CommunityOf(ctx context.Context, team uuid.UUID) (uuid.UUID, error)
}
