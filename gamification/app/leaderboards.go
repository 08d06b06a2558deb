package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/page"
)

// BoardQuery names a leaderboard.
type BoardQuery struct {
	ScopeType authz.ScopeType // default: the tenant
	ScopeID   string
	Season    uuid.UUID // zero for all time
}

// board finds a leaderboard that the caller may see. The boards of communities and teams are for those who see what belongs to them; for others
// they do not exist. season is the zero Season for all time.
func (s *Points) board(ctx context.Context, by authz.Actor, q BoardQuery) (board ports.Board, season domain.Season, err error) {
	scope, err := domain.ScopeTypes.Parse(by.Tenant, q.ScopeType, q.ScopeID)
	if err != nil {
		return board, season, err
	}
	if scope.Type == authz.ScopeTenant {
		err = s.require(ctx, by, domain.PermissionRead)
	} else {
		var held domain.Held
		held, err = s.heldIn(ctx, scope)
		if err == nil && !(held.Read && (held.Audience || held.ViewPrivate)) {
			err = domain.ErrLeaderboardNotFound
		}
	}
	if err != nil {
		return board, season, err
	}
	if q.Season != uuid.Nil {
		season, err = s.Seasons.Find(ctx, q.Season)
		if errs.KindOf(err) == errs.NotFound {
			err = errs.Field("season_id", why.NotFound("must be the id of a season")).Wrap(err)
		}
		if err != nil {
			return board, season, err
		}
	}
	return ports.Board{Scope: scope.ID, Season: q.Season}, season, nil
}

// Board returns a page of a leaderboard. The ranks of a later page follow from those of the page before, which its cursor carries, so that a page is one
// range read wherever it is.
func (s *Points) Board(ctx context.Context, by authz.Actor, q BoardQuery, p page.Request) (page.Page[domain.Place], error) {
	none := page.Page[domain.Place]{}
	board, season, err := s.board(ctx, by, q)
	if err != nil {
		return none, err
	}
	list := "leaderboard " + board.Scope.String() + " " + board.Season.String()
	var after domain.Place
	if _, err := page.Decode(list, p.Cursor, &after.Points, &after.ReachedAt, &after.Person, &after.Number, &after.Rank); err != nil {
		return none, err
	}
	read := s.Deps.Points.Page
	if season.Closed() {
		read = s.Deps.Points.PageClosed
	}
	return page.Fetch(p.Limit, func(limit int) ([]domain.Place, error) { return read(ctx, board, after, limit) },
		func(last domain.Place) string {
			return page.Encode(list, last.Points, last.ReachedAt, last.Person, last.Number, last.Rank)
		})
}

// MyPlace is where the caller stands on a leaderboard.
type MyPlace struct {
	Points int64
	Rank   int // 0 for a caller who is not on it
	Around []domain.Place
}

const neighbours = 3 // on each side

// MyPlace returns where the caller stands, with the neighbours.
func (s *Points) MyPlace(ctx context.Context, by authz.Actor, q BoardQuery) (mine MyPlace, err error) {
	board, season, err := s.board(ctx, by, q)
	if err != nil {
		return mine, err
	}
	read := s.Deps.Points.Around
	if season.Closed() {
		read = s.Deps.Points.AroundClosed
	}
	if mine.Around, err = read(ctx, board, by.User, neighbours); err != nil {
		return mine, err
	}
	for _, p := range mine.Around {
		if p.Person == by.User {
			mine.Points, mine.Rank = p.Points, p.Rank
			return mine, nil
		}
	}
	// Who is on no board has the points all the same.
	if board.Season == uuid.Nil {
		total, err := s.Deps.Points.Total(ctx, by.User, ports.Board{Scope: by.Tenant})
		mine.Points = total.Points
		return mine, err
	}
	mine.Points, err = s.Deps.Points.Sum(ctx, by.User, season.Data().StartsAt, season.Data().EndsAt)
	return mine, err
}
