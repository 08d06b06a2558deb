package ports

import (
	"context"

	"go.updspace.com/activity/domain"
)

// Games stores the games of a tenant.
type Games interface {
	// List lists all games by name and id.
	List(ctx context.Context) ([]domain.Game, error)
	// Find returns a game, or domain.ErrGameNotFound.
	Find(ctx context.Context, id int64) (domain.Game, error)
	// Add stores a game and returns it with its id. More than most are domain.ErrTooManyGames, also when calls race.
	Add(ctx context.Context, game domain.Game, most int) (domain.Game, error)
	// Remove removes a game, or returns domain.ErrGameNotFound.
	Remove(ctx context.Context, id int64) error
}
