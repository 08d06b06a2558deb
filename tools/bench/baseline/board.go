package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// boardMembers is how many are on the leaderboard: as many as the bench puts on that of gamification.
const boardMembers = 100_000

type place struct {
	Rank   int       `json:"rank"`
	Member uuid.UUID `json:"user_id"`
	Points int64     `json:"points"`
}

// board answers GET /?limit=N with the first places of a leaderboard, by one SELECT in the order of its index.
func board(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(`
		CREATE TABLE total (board uuid NOT NULL, member uuid NOT NULL, points bigint NOT NULL, reached_at timestamptz NOT NULL, PRIMARY KEY (board, member));
		INSERT INTO total SELECT '00000000-0000-0000-0000-000000000001', gen_random_uuid(), n, now() FROM generate_series(1, %d) n;
		CREATE INDEX ON total (board, points DESC, reached_at, member);
		ANALYZE total`, boardMembers))
	if err != nil {
		return nil, err
	}
	const query = "SELECT member, points, reached_at FROM total WHERE board = $1 ORDER BY points DESC, reached_at, member LIMIT $2"
	which := uuid.MustParse("00000000-0000-0000-0000-000000000001")
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
		if err != nil {
			http.Error(w, "no limit", http.StatusBadRequest)
			return
		}
		rows, err := pool.Query(r.Context(), query, which, limit)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		places, rank := []place{}, 0
		var reached time.Time
		var p place
		_, err = pgx.ForEachRow(rows, []any{&p.Member, &p.Points, &reached}, func() error {
			rank++
			p.Rank = rank
			places = append(places, p)
			return nil
		})
		if err != nil || len(places) != limit {
			http.Error(w, "not so many members", http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusOK, places)
	})
	return mux, nil
}
