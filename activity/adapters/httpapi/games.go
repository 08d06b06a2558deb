package httpapi

import (
	"context"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// games are the games of a tenant.
type games struct{ app app.Games }

func (s games) ListGames(ctx context.Context, _ activityapi.ListGamesRequestObject) (activityapi.ListGamesResponseObject, error) {
	list, err := s.app.List(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.ListGames200JSONResponse(wire.Each(list, toAPICatalogueGame)), nil
}

func (s games) CreateGame(ctx context.Context, r activityapi.CreateGameRequestObject) (activityapi.CreateGameResponseObject, error) {
	in := app.NewGame{Name: r.Body.Name}
	if r.Body.TagsJSON.IsSpecified() && !r.Body.TagsJSON.IsNull() {
		in.Tags = r.Body.TagsJSON.MustGet()
	}
	made, err := s.app.Create(ctx, reqctx.From(ctx).Actor(), in)
	if err != nil {
		return nil, err
	}
	return activityapi.CreateGame200JSONResponse(toAPICatalogueGame(made)), nil
}

func (s games) DeleteGame(ctx context.Context, r activityapi.DeleteGameRequestObject) (activityapi.DeleteGameResponseObject, error) {
	if err := s.app.Delete(ctx, reqctx.From(ctx).Actor(), r.GameID); err != nil {
		return nil, err
	}
	return activityapi.DeleteGame204Response{}, nil
}

func toAPICatalogueGame(g domain.Game) activityapi.Game {
	return activityapi.Game{ID: g.ID, TenantID: g.TenantID, Name: g.Name, TagsJSON: g.Tags}
}
