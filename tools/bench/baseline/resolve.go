package main

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
)

// Facts of the baseline: as many bindings as the bench tells access of.
const (
	holders     = 512
	communities = 20
	teams       = 60 // the community of team t is t % communities
	boundTo     = 20 // of a holder: 15 communities and 5 of their teams
)

// resolve answers GET /{user}/{team} with whether the user may do the one thing there is to ask about, by one statement that
// looks at overrides, the hierarchy of scopes and what roles grant.
func resolve(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(`
		CREATE TABLE override (holder bigint NOT NULL, allow boolean NOT NULL, key text);
		CREATE INDEX ON override (holder);
		CREATE TABLE team (id bigint PRIMARY KEY, community bigint NOT NULL);
		CREATE TABLE granted (role bigint NOT NULL, key text NOT NULL, PRIMARY KEY (role, key));
		CREATE TABLE bound (holder bigint NOT NULL, type text NOT NULL, id bigint NOT NULL, role bigint NOT NULL, PRIMARY KEY (holder, type, id, role));
		INSERT INTO team SELECT t, t %% %[2]d FROM generate_series(0, %[3]d - 1) t;
		INSERT INTO granted SELECT r, 'thing.' || k FROM generate_series(1, 18) r, generate_series(1, 10) k;
		INSERT INTO bound SELECT h, 'COMMUNITY', (h + k) %% %[2]d, 1 FROM generate_series(0, %[1]d - 1) h, generate_series(0, %[4]d - 6) k;
		INSERT INTO bound SELECT h, 'TEAM', (h + k) %% %[2]d, 1 FROM generate_series(0, %[1]d - 1) h, generate_series(0, 4) k;
		ANALYZE override; ANALYZE team; ANALYZE granted; ANALYZE bound`, holders, communities, teams, boundTo))
	if err != nil {
		return nil, err
	}
	const query = `
		SELECT NOT EXISTS (SELECT FROM override WHERE holder = $1 AND NOT allow AND (key IS NULL OR key = $3)) AND (
			EXISTS (SELECT FROM override WHERE holder = $1 AND allow AND (key IS NULL OR key = $3)) OR
			EXISTS (SELECT FROM bound b JOIN granted g ON g.role = b.role AND g.key = $3
				WHERE b.holder = $1 AND (b.type = 'TEAM' AND b.id = $2 OR b.type = 'COMMUNITY' AND b.id = (SELECT community FROM team WHERE id = $2))))`
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{holder}/{team}", func(w http.ResponseWriter, r *http.Request) {
		holder, err := strconv.ParseInt(r.PathValue("holder"), 10, 64)
		if err != nil {
			http.Error(w, "no number", http.StatusBadRequest)
			return
		}
		team, err := strconv.ParseInt(r.PathValue("team"), 10, 64)
		if err != nil {
			http.Error(w, "no number", http.StatusBadRequest)
			return
		}
		var allowed bool
		if err := pool.QueryRow(r.Context(), query, holder, team, "thing.7").Scan(&allowed); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusOK, map[string]any{"allowed": allowed})
	})
	return mux, nil
}
