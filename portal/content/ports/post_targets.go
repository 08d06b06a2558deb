package ports

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/portal/content/domain"
)

// PostTargets are the communities and teams that posts belong to.
type PostTargets interface {
	// Open locks a community or team for a new post. One that does not exist is domain.ErrCommunityNotFound or
	// domain.ErrTeamNotFound; an archived one is domain.ErrArchived. It and its memberships do not change until Tx.Do ends.
	Open(ctx context.Context, scope authz.Scope) (domain.PostScope, error)
	// CommunityOf returns the community of a team, uuid.Nil when there is no such team.
	CommunityOf(ctx context.Context, team uuid.UUID) (uuid.UUID, error)
}
