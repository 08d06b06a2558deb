package app

import (
	"context"
	"strconv"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/activity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/idempotency"
)

// GamesDeps is what the catalogue of games needs.
type GamesDeps struct {
	Access authz.Checker
	Games  ports.Games
	Audit  ports.AuditLog
	Tx     ports.Tx
	Once   idempotency.Requests
	Clock  ports.Clock
}

// Games are the use cases of the games of a tenant.
type Games struct{ GamesDeps }

func (s Games) require(ctx context.Context, by authz.Actor, permission authz.Permission) error {
	return authz.Require(ctx, s.Access, authz.Check{Permission: permission, Scope: authz.TenantScope(by.Tenant)})
}

// List returns all games.
func (s Games) List(ctx context.Context, by authz.Actor) ([]domain.Game, error) {
	if err := s.require(ctx, by, domain.PermissionFeedRead); err != nil {
		return nil, err
	}
	return s.Games.List(ctx)
}

// NewGame states a game.
type NewGame struct {
	Name string
	Tags map[string]string
}

// Create adds a game. A repeated request returns the game of the first one.
func (s Games) Create(ctx context.Context, by authz.Actor, in NewGame) (domain.Game, error) {
	if err := s.require(ctx, by, domain.PermissionAdminGames); err != nil {
		return domain.Game{}, err
	}
	game, err := domain.NewGame(by, in.Name, in.Tags, s.Clock.Now())
	if err != nil {
		return domain.Game{}, err
	}
	return idempotency.Once(ctx, s.Once, "createGame", in, func(ctx context.Context) (domain.Game, error) {
		made, err := s.Games.Add(ctx, game, domain.MaxGames)
		if err != nil {
			return made, err
		}
		return made, s.Audit.Write(ctx, gameEntry("game.created", made))
	}, func(g domain.Game) uuid.UUID { return numberResult(g.ID) }, func(ctx context.Context, result uuid.UUID) (domain.Game, error) {
		return s.Games.Find(ctx, numberOf(result))
	})
}

// Delete removes a game.
func (s Games) Delete(ctx context.Context, by authz.Actor, id int64) error {
	if err := s.require(ctx, by, domain.PermissionAdminGames); err != nil {
		return err
	}
	return s.Tx.Do(ctx, func(ctx context.Context) error {
		game, err := s.Games.Find(ctx, id)
		if err != nil {
			return err
		}
		if err := s.Games.Remove(ctx, id); err != nil {
			return err
		}
		return s.Audit.Write(ctx, gameEntry("game.deleted", game))
	})
}

func gameEntry(action string, g domain.Game) audit.Entry {
	return audit.Entry{Action: action, TargetType: "game", TargetID: strconv.FormatInt(g.ID, 10), Metadata: map[string]any{"name": g.Name}}
}
