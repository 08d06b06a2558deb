package httpapi

import (
	"context"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) GetLevels(ctx context.Context, _ gamificationapi.GetLevelsRequestObject) (gamificationapi.GetLevelsResponseObject, error) {
	levels, err := s.seasons.Levels(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetLevels200JSONResponse{Headers: gamificationapi.GetLevels200ResponseHeaders{ETag: wire.ETag(levels.Version)}, Body: ToAPILevels(levels)}, nil
}

func (s *server) PutLevels(ctx context.Context, r gamificationapi.PutLevelsRequestObject) (gamificationapi.PutLevelsResponseObject, error) {
	list := wire.Each(r.Body.Levels, func(l gamificationapi.LevelWrite) domain.Level {
		return domain.Level{Points: l.Points, Titles: domain.Texts(l.TitleI18N)}
	})
	levels, err := s.seasons.PutLevels(ctx, reqctx.From(ctx).Actor(), wire.IfMatch(r.Params.IfMatch), list)
	if err != nil {
		return nil, err
	}
	return gamificationapi.PutLevels200JSONResponse{Headers: gamificationapi.PutLevels200ResponseHeaders{ETag: wire.ETag(levels.Version)}, Body: ToAPILevels(levels)}, nil
}

func (s *server) ListSeasons(ctx context.Context, _ gamificationapi.ListSeasonsRequestObject) (gamificationapi.ListSeasonsResponseObject, error) {
	all, err := s.seasons.List(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListSeasons200JSONResponse{Items: wire.Each(all, s.toAPISeason)}, nil
}

func (s *server) CreateSeason(ctx context.Context, r gamificationapi.CreateSeasonRequestObject) (gamificationapi.CreateSeasonResponseObject, error) {
	season, err := s.seasons.Create(ctx, reqctx.From(ctx).Actor(), domain.SeasonDraft{
		Names: domain.Texts(r.Body.NameI18N), StartsAt: r.Body.StartsAt, EndsAt: r.Body.EndsAt,
	})
	if err != nil {
		return nil, err
	}
	return gamificationapi.CreateSeason201JSONResponse{
		Headers: gamificationapi.CreateSeason201ResponseHeaders{ETag: wire.ETag(season.Data().Version)}, Body: s.toAPISeason(season),
	}, nil
}

func (s *server) UpdateSeason(ctx context.Context, r gamificationapi.UpdateSeasonRequestObject) (gamificationapi.UpdateSeasonResponseObject, error) {
	edit := domain.SeasonEdit{StartsAt: r.Body.StartsAt, EndsAt: r.Body.EndsAt}
	if r.Body.NameI18N != nil {
		edit.Names = domain.Texts(*r.Body.NameI18N)
	}
	in := app.ChangeSeason{ID: r.SeasonID, Version: wire.IfMatch(r.Params.IfMatch)}
	season, err := s.seasons.Update(ctx, reqctx.From(ctx).Actor(), in, edit)
	if err != nil {
		return nil, err
	}
	return gamificationapi.UpdateSeason200JSONResponse{
		Headers: gamificationapi.UpdateSeason200ResponseHeaders{ETag: wire.ETag(season.Data().Version)}, Body: s.toAPISeason(season),
	}, nil
}

func (s *server) DeleteSeason(ctx context.Context, r gamificationapi.DeleteSeasonRequestObject) (gamificationapi.DeleteSeasonResponseObject, error) {
	in := app.ChangeSeason{ID: r.SeasonID, Version: wire.IfMatch(r.Params.IfMatch)}
	if err := s.seasons.Delete(ctx, reqctx.From(ctx).Actor(), in); err != nil {
		return nil, err
	}
	return gamificationapi.DeleteSeason204Response{}, nil
}

// ToAPILevels converts the levels of a tenant.
func ToAPILevels(l ports.StoredLevels) gamificationapi.Levels {
	levels := make([]gamificationapi.Level, len(l.All()))
	for i, level := range l.All() {
		levels[i] = gamificationapi.Level{Number: i + 1, Points: level.Points, TitleI18N: gamificationapi.Names(level.Titles)}
	}
	return gamificationapi.Levels{Levels: levels, UpdatedAt: wire.TimeOrNull(l.UpdatedAt), Version: l.Version}
}

func (s *server) toAPISeason(season domain.Season) gamificationapi.Season {
	d, state := season.Data(), gamificationapi.SeasonStateUpcoming
	switch now := s.seasons.Clock.Now(); {
	case season.Over(now):
		state = gamificationapi.SeasonStateOver
	case season.Runs(now):
		state = gamificationapi.SeasonStateRunning
	}
	return gamificationapi.Season{
		ID: d.ID, NameI18N: gamificationapi.Names(d.Names), StartsAt: d.StartsAt, EndsAt: d.EndsAt, State: state, ClosedAt: wire.TimeOrNull(d.ClosedAt),
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
	}
}
