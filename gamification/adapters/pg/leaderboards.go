package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/uptrace/bun"

	"go.updspace.com/gamification/domain"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// seasonRankRow is a rank of a season that is closed.
type seasonRankRow struct {
	bun.BaseModel `bun:"table:season_ranks,alias:r"`
	pg.Tenanted

	SeasonID uuid.UUID `bun:"season_id,type:uuid"`
	Rank     int       `bun:"rank"`
	Points   int64     `bun:"points"`
}

// placeRow is a row of a board. Where it is in the order is not stored for boards that still change.
type placeRow struct {
	Rank      int
	Place     int
	PersonID  uuid.UUID
	Points    int64
	ReachedAt time.Time
}

func (r placeRow) toDomain() domain.Place {
	return domain.Place{Rank: r.Rank, Number: r.Place, Person: r.PersonID, Points: r.Points, ReachedAt: valid.Instant(r.ReachedAt)}
}

func (r *Points) places(ctx context.Context, statement string, args ...any) (places []domain.Place, err error) {
	args = append([]any{reqctx.From(ctx).TenantID}, args...)
	err = r.db.QueryRows(ctx, statement, args, func(rows pgx.Rows) error {
		places, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (domain.Place, error) {
			found, err := pgx.RowToStructByNameLax[placeRow](row)
			return found.toDomain(), err
		})
		return err
	})
	return places, err
}

// A range of the index point_totals_ranked, which has all that is read.
const (
	pageOfBoard = `
SELECT person_id, -order_points AS points, reached_at FROM point_totals
WHERE tenant_id = $1 AND season_id = $2 AND scope_id = $3 AND shown AND order_points < 0
ORDER BY order_points, reached_at, person_id LIMIT $4`

	pageOfBoardAfter = `
SELECT person_id, -order_points AS points, reached_at FROM point_totals
WHERE tenant_id = $1 AND season_id = $2 AND scope_id = $3 AND shown AND order_points < 0 AND (order_points, reached_at, person_id) > ($5, $6, $7)
ORDER BY order_points, reached_at, person_id LIMIT $4`
)

// Page lists places of a board, and numbers them from those before.
func (r *Points) Page(ctx context.Context, b ports.Board, after domain.Place, limit int) (places []domain.Place, err error) {
	if after.Number == 0 {
		places, err = r.places(ctx, pageOfBoard, b.Season, b.Scope, limit)
	} else {
		places, err = r.places(ctx, pageOfBoardAfter, b.Season, b.Scope, limit, -after.Points, after.ReachedAt, after.Person)
	}
	return domain.Follow(after, places), err
}

// around reads the neighbours of a place. The first row also says how many are before it, and how many of them have more points: these two
// counts read the index from the top of the board.
const around = `
WITH me AS (
	SELECT order_points, reached_at, person_id FROM point_totals
	WHERE tenant_id = $1 AND person_id = $4 AND season_id = $2 AND scope_id = $3 AND shown AND order_points < 0
), found AS (
	(SELECT t.order_points, t.reached_at, t.person_id FROM point_totals AS t, me
	WHERE t.tenant_id = $1 AND t.season_id = $2 AND t.scope_id = $3 AND t.shown AND (t.order_points, t.reached_at, t.person_id) < (me.order_points, me.reached_at, me.person_id)
	ORDER BY t.order_points DESC, t.reached_at DESC, t.person_id DESC LIMIT $5)
	UNION ALL
	(SELECT t.order_points, t.reached_at, t.person_id FROM point_totals AS t, me
	WHERE t.tenant_id = $1 AND t.season_id = $2 AND t.scope_id = $3 AND t.shown AND t.order_points < 0
		AND (t.order_points, t.reached_at, t.person_id) >= (me.order_points, me.reached_at, me.person_id)
	ORDER BY t.order_points, t.reached_at, t.person_id LIMIT $5 + 1)
), first AS (
	SELECT order_points, reached_at, person_id FROM found ORDER BY order_points, reached_at, person_id LIMIT 1
), counted AS (
	SELECT count(*) AS before, count(*) FILTER (WHERE t.order_points < first.order_points) AS more FROM point_totals AS t, first
	WHERE t.tenant_id = $1 AND t.season_id = $2 AND t.scope_id = $3 AND t.shown AND (t.order_points, t.reached_at, t.person_id) < (first.order_points, first.reached_at, first.person_id)
)
SELECT f.person_id, -f.order_points AS points, f.reached_at, c.before + 1 AS place, c.more + 1 AS rank FROM found AS f, counted AS c
ORDER BY f.order_points, f.reached_at, f.person_id`

// Around reads the neighbours of a place.
func (r *Points) Around(ctx context.Context, b ports.Board, person uuid.UUID, each int) ([]domain.Place, error) {
	places, err := r.places(ctx, around, b.Season, b.Scope, person, each)
	if err != nil || len(places) == 0 {
		return nil, err
	}
	domain.Follow(places[0], places[1:])
	return places, nil
}

// PageClosed lists ranks of a season.
func (r *Points) PageClosed(ctx context.Context, b ports.Board, after domain.Place, limit int) ([]domain.Place, error) {
	return r.places(ctx, `
SELECT rank, place, person_id, points FROM season_ranks WHERE tenant_id = $1 AND season_id = $2 AND scope_id = $3 AND shown AND place > $4
ORDER BY place LIMIT $5`, b.Season, b.Scope, after.Number, limit)
}

// AroundClosed reads the neighbours of a rank.
func (r *Points) AroundClosed(ctx context.Context, b ports.Board, person uuid.UUID, each int) ([]domain.Place, error) {
	return r.places(ctx, `
WITH me AS (
	SELECT place FROM season_ranks WHERE tenant_id = $1 AND person_id = $4 AND season_id = $2 AND scope_id = $3 AND shown
), found AS (
	(SELECT r.rank, r.place, r.person_id, r.points FROM season_ranks AS r, me
	WHERE r.tenant_id = $1 AND r.season_id = $2 AND r.scope_id = $3 AND r.shown AND r.place < me.place ORDER BY r.place DESC LIMIT $5)
	UNION ALL
	(SELECT r.rank, r.place, r.person_id, r.points FROM season_ranks AS r, me
	WHERE r.tenant_id = $1 AND r.season_id = $2 AND r.scope_id = $3 AND r.shown AND r.place >= me.place ORDER BY r.place LIMIT $5 + 1)
)
SELECT rank, place, person_id, points FROM found ORDER BY place`, b.Season, b.Scope, person, each)
}

// Total returns the points of a person on a board.
func (r *Points) Total(ctx context.Context, person uuid.UUID, b ports.Board) (total domain.Total, err error) {
	err = r.db.Read(ctx, func(ctx context.Context) error {
		var rows []struct{ Points, Peak int64 }
		err := r.db.Query(ctx, &rows, `SELECT points, peak FROM point_totals WHERE tenant_id = $1 AND person_id = $2 AND season_id = $3 AND scope_id = $4`,
			reqctx.From(ctx).TenantID, person, b.Season, b.Scope)
		if err == nil && len(rows) > 0 {
			total = domain.Total(rows[0])
		}
		return pg.Error(err)
	})
	return total, err
}
