package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// What the feed of activity is chosen from: as many items, of as many communities, the reader being in as many of them.
const (
	itemsStored    = 1_000_000
	itemsScopes    = 400
	itemsReadersIn = 20
	itemsPage      = 50
)

type storedItem struct {
	ID       int64           `json:"id"`
	Actor    uuid.UUID       `json:"actor_user_id"`
	Type     string          `json:"type"`
	Occurred time.Time       `json:"occurred_at"`
	Title    string          `json:"title"`
	Payload  json.RawMessage `json:"payload_json"`
	Scope    uuid.UUID       `json:"scope_id"`
	Ref      string          `json:"source_ref"`
}

// items answers GET / with the newest items of the reader's scopes, and GET /unread with how many are new, by one SELECT each, in the
// order of an index.
func items(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(`
		CREATE TABLE item (id bigint PRIMARY KEY, tenant uuid NOT NULL, actor uuid NOT NULL, type text NOT NULL, occurred_at timestamptz NOT NULL,
			title text NOT NULL, payload jsonb NOT NULL, public boolean NOT NULL, scope uuid NOT NULL, ref text NOT NULL);
		INSERT INTO item SELECT n, '00000000-0000-0000-0000-000000000001', md5('user ' || n %% 500)::uuid, 'post.created', now() - (%[1]d - n) * interval '1 minute',
			'Post ' || n, '{"post_id":"00000000-0000-0000-0000-000000000000"}', n %% 2 = 0, md5('community ' || n %% %[2]d)::uuid, 'post:' || n FROM generate_series(1, %[1]d) n;
		CREATE INDEX ON item (tenant, occurred_at DESC, id DESC);
		ANALYZE item`, itemsStored, itemsScopes))
	if err != nil {
		return nil, err
	}
	const where = " FROM item WHERE tenant = $1 AND (public OR scope = ANY ($2))"
	tenant, scopes := uuid.MustParse("00000000-0000-0000-0000-000000000001"), make([]uuid.UUID, itemsReadersIn)
	for n := range scopes {
		if err := pool.QueryRow(ctx, "SELECT md5('community ' || $1::integer)::uuid", n).Scan(&scopes[n]); err != nil {
			return nil, err
		}
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		rows, err := pool.Query(r.Context(), "SELECT id, actor, type, occurred_at, title, payload, scope, ref"+where+" ORDER BY occurred_at DESC, id DESC LIMIT $3", tenant, scopes, itemsPage+1)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByPos[storedItem])
		if err != nil || len(found) != itemsPage+1 {
			http.Error(w, "not so many items", http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusOK, found[:itemsPage])
	})
	mux.HandleFunc("GET /unread", func(w http.ResponseWriter, r *http.Request) {
		var n int
		err := pool.QueryRow(r.Context(), "SELECT count(*) FROM (SELECT 1"+where+" AND occurred_at > now() - interval '100 minutes' LIMIT 1000) AS found", tenant, scopes).Scan(&n)
		if err != nil || n == 0 {
			http.Error(w, "no items", http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusOK, map[string]int{"count": n})
	})
	return mux, nil
}
