package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

const (
	boardMembers = 100_000 // the baseline "board" has as many
	boardPage    = 50
)

// storeBoard puts members on the leaderboard of the tenant. Their grants are not there, which a page does not look at.
func (m maker) storeBoard(ctx context.Context) (err error) {
	db, err := pgx.Connect(ctx, m.harness.GamificationURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(ctx)) }()
	_, err = db.Exec(ctx, `
INSERT INTO point_totals (tenant_id, person_id, season_id, scope_id, points, peak, reached_at, shown)
SELECT $1, md5('player ' || n)::uuid, '00000000-0000-0000-0000-000000000000', $1, n, n, now(), true FROM generate_series(1, $2::integer) n`, tenantAEF, boardMembers)
	if err != nil {
		return err
	}
	_, err = db.Exec(ctx, "VACUUM ANALYZE point_totals")
	return err
}

// board reads the first page of the leaderboard of the tenant.
func (m maker) board(context.Context) (requests, error) {
	r, err := m.signedGet("bff", "gamification", fmt.Sprintf("/api/v1/gamification/leaderboard?limit=%d", boardPage), m.fixture.reader)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

// boardBaseline reads as much of the baseline.
func (m maker) boardBaseline(ctx context.Context) (requests, error) {
	r, err := get(ctx, "baseline", fmt.Sprintf("/?limit=%d", boardPage))
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}
