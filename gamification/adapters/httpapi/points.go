package httpapi

import (
	"context"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) GetLeaderboard(ctx context.Context, r gamificationapi.GetLeaderboardRequestObject) (gamificationapi.GetLeaderboardResponseObject, error) {
	p := r.Params
	list, err := s.points.Board(ctx, reqctx.From(ctx).Actor(), FromAPIBoard(p.ScopeType, p.ScopeID, p.SeasonID),
		page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetLeaderboard200JSONResponse{Items: wire.Each(list.Items, ToAPIRanked), NextCursor: wire.OrNull(list.Next)}, nil
}

func (s *server) GetMyPlace(ctx context.Context, r gamificationapi.GetMyPlaceRequestObject) (gamificationapi.GetMyPlaceResponseObject, error) {
	p := r.Params
	mine, err := s.points.MyPlace(ctx, reqctx.From(ctx).Actor(), FromAPIBoard(p.ScopeType, p.ScopeID, p.SeasonID))
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetMyPlace200JSONResponse{Points: mine.Points, Rank: wire.OrNull(mine.Rank), Around: wire.Each(mine.Around, ToAPIRanked)}, nil
}

func (s *server) GetMyPoints(ctx context.Context, _ gamificationapi.GetMyPointsRequestObject) (gamificationapi.GetMyPointsResponseObject, error) {
	mine, err := s.points.Mine(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return gamificationapi.GetMyPoints200JSONResponse(ToAPIMyPoints(mine)), nil
}

func (s *server) UpdateMyPoints(ctx context.Context, r gamificationapi.UpdateMyPointsRequestObject) (gamificationapi.UpdateMyPointsResponseObject, error) {
	mine, err := s.points.SetRanked(ctx, reqctx.From(ctx).Actor(), r.Body.Ranked)
	if err != nil {
		return nil, err
	}
	return gamificationapi.UpdateMyPoints200JSONResponse(ToAPIMyPoints(mine)), nil
}

func (s *server) ListMyPointEntries(ctx context.Context, r gamificationapi.ListMyPointEntriesRequestObject) (gamificationapi.ListMyPointEntriesResponseObject, error) {
	p := page.Request{Limit: wire.ValueOr(r.Params.Limit, defaultLimit), Cursor: wire.Value(r.Params.Cursor)}
	list, err := s.points.Entries(ctx, reqctx.From(ctx).Actor(), p)
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListMyPointEntries200JSONResponse{NextCursor: wire.OrNull(list.Next), Items: wire.Each(list.Items, func(e app.EntryView) gamificationapi.PointEntry {
		return gamificationapi.PointEntry{
			ID: e.ID, Kind: gamificationapi.PointEntryKind(e.Kind), Points: e.Points, GrantID: e.GrantID, AchievementID: e.AchievementID,
			NameI18N: gamificationapi.Names(e.Names), CreatedAt: e.CreatedAt,
		}
	})}, nil
}

func (s *server) GetUserPoints(ctx context.Context, r gamificationapi.GetUserPointsRequestObject) (gamificationapi.GetUserPointsResponseObject, error) {
	of, err := s.points.Of(ctx, reqctx.From(ctx).Actor(), r.UserID)
	if err != nil {
		return nil, err
	}
	answer := gamificationapi.GetUserPoints200JSONResponse{UserID: r.UserID, Points: nullable.NewNullNullable[int64](), Level: toAPILevel(of.Level)}
	if of.Shown {
		answer.Points.Set(of.Points)
	}
	return answer, nil
}

// FromAPIBoard converts the name of a leaderboard.
func FromAPIBoard(scopeType *gamificationapi.AchievementScope, scope, season *uuid.UUID) app.BoardQuery {
	q := app.BoardQuery{ScopeType: authz.ScopeType(wire.Value(scopeType)), Season: wire.Value(season)}
	if scope != nil {
		q.ScopeID = scope.String()
	}
	return q
}

// ToAPIRanked converts a place on a leaderboard.
func ToAPIRanked(p domain.Place) gamificationapi.Ranked {
	return gamificationapi.Ranked{Rank: p.Rank, UserID: p.Person, Points: p.Points}
}

// ToAPIMyPoints converts what a member sees of the own points.
func ToAPIMyPoints(m app.MyPoints) gamificationapi.MyPoints {
	mine := gamificationapi.MyPoints{
		Points: m.Points, Level: toAPILevel(m.Level), Next: toAPILevel(m.Next), Missing: nullable.NewNullNullable[int64](),
		Season: nullable.NewNullNullable[gamificationapi.SeasonPoints](), Ranked: m.Ranked,
	}
	if m.Next != nil {
		mine.Missing.Set(m.Next.Points - m.Points)
	}
	if m.Season != uuid.Nil {
		mine.Season.Set(gamificationapi.SeasonPoints{SeasonID: m.Season, Points: m.SeasonPoints})
	}
	return mine
}

func toAPILevel(l *app.LevelView) nullable.Nullable[gamificationapi.Level] {
	if l == nil {
		return nullable.NewNullNullable[gamificationapi.Level]()
	}
	return nullable.NewNullableWithValue(gamificationapi.Level{Number: l.Number, Points: l.Points, TitleI18N: gamificationapi.Names(l.Titles)})
}
