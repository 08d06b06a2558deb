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

// Posts of the baseline: as many as the bench writes into the portal, in as many communities, every other one the reader's.
const (
	feedCommunities = 40
	feedPosts       = 50 // of each
)

type post struct {
	ID        uuid.UUID `json:"id"`
	Community uuid.UUID `json:"community_id"`
	Title     string    `json:"title"`
	Body      string    `json:"body"`
	HTML      string    `json:"body_html"`
	Author    uuid.UUID `json:"created_by"`
	Created   time.Time `json:"created_at"`
	Updated   time.Time `json:"updated_at"`
}

// newest answers GET /?limit=N with the newest posts of the communities that a reader is in, by one keyset SELECT, whose cost
// does not depend on the reader's share of all posts. The reader's communities are known in advance.
func newest(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(`
		CREATE TABLE post (id uuid PRIMARY KEY, community uuid NOT NULL, title text NOT NULL, body text NOT NULL, html text NOT NULL,
			author uuid NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL);
		INSERT INTO post SELECT gen_random_uuid(), ('00000000-0000-0000-0000-' || lpad((n / %[2]d)::text, 12, '0'))::uuid, 'Post ' || n,
			repeat('We play at **eight** on the usual server. ', 10),
			'<p>' || repeat('We play at <strong>eight</strong> on the usual server. ', 10) || '</p>', gen_random_uuid(),
			now() + n * interval '1 ms', now() FROM generate_series(0, %[1]d * %[2]d - 1) n;
		CREATE INDEX ON post (community, created_at DESC, id DESC);
		ANALYZE post`, feedCommunities, feedPosts))
	if err != nil {
		return nil, err
	}
	var mine []uuid.UUID
	for i := 0; i < feedCommunities; i += 2 {
		mine = append(mine, uuid.MustParse(fmt.Sprintf("00000000-0000-0000-0000-%012d", i)))
	}
	const query = `
		WITH least AS (SELECT coalesce((SELECT created_at FROM (
			SELECT p.created_at FROM unnest($1::uuid[]) AS c CROSS JOIN LATERAL
				(SELECT created_at FROM post WHERE community = c AND (created_at, id) < ($2, $3) ORDER BY created_at DESC, id DESC LIMIT 4) AS p
			) AS newest ORDER BY created_at DESC OFFSET $4 - 1 LIMIT 1), '-infinity') AS created_at)
		SELECT p.* FROM unnest($1::uuid[]) AS c CROSS JOIN LATERAL
			(SELECT id, community, title, body, html, author, created_at, updated_at FROM post
			WHERE community = c AND (created_at, id) < ($2, $3) AND created_at >= (SELECT created_at FROM least)
			ORDER BY created_at DESC, id DESC LIMIT $4) AS p
		ORDER BY created_at DESC, id DESC LIMIT $4`
	last := uuid.Max
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
		if err != nil {
			http.Error(w, "no limit", http.StatusBadRequest)
			return
		}
		rows, err := pool.Query(r.Context(), query, mine, time.Now().Add(time.Hour), last, limit)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		posts, err := pgx.CollectRows(rows, pgx.RowToStructByPos[post])
		if err != nil || len(posts) != limit {
			http.Error(w, "not so many posts", http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusOK, posts)
	})
	return mux, nil
}
