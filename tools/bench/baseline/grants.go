package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// Grants of the baselines "grant" and "rotate": each with a person of its own.
const grantsStored = 10_000

const grantSchema = `
	CREATE TABLE IF NOT EXISTS person (id bigint PRIMARY KEY, email text NOT NULL, email_verified boolean NOT NULL, username text NOT NULL, name text NOT NULL,
		phone text, birth_date date, language text NOT NULL, zone text NOT NULL, status text NOT NULL);
	CREATE TABLE IF NOT EXISTS grant_given (id bigint PRIMARY KEY, client text NOT NULL, person bigint NOT NULL REFERENCES person, session uuid NOT NULL,
		scopes text[] NOT NULL, created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, revoked_at timestamptz);
	INSERT INTO person SELECT n, 'person-' || n || '@example.org', true, 'person' || n, 'Person ' || n, NULL, NULL, 'en', 'Europe/Moscow', 'active'
		FROM generate_series(1, %[1]d) n ON CONFLICT DO NOTHING;
	INSERT INTO grant_given SELECT n, 'portal', n, gen_random_uuid(), '{openid,profile,email}', now(), now() + interval '30 days', NULL
		FROM generate_series(1, %[1]d) n ON CONFLICT DO NOTHING;
	ANALYZE person; ANALYZE grant_given`

// grantAndPerson is what an access token stands for.
type grantAndPerson struct {
	ID       int64      `json:"-"`
	Client   string     `json:"client_id"`
	Session  uuid.UUID  `json:"sid"`
	Scopes   []string   `json:"scopes"`
	Created  time.Time  `json:"created_at"`
	Revoked  *time.Time `json:"-"`
	Person   int64      `json:"sub"`
	Email    string     `json:"email"`
	Verified bool       `json:"email_verified"`
	Username string     `json:"preferred_username"`
	Name     string     `json:"name"`
	Phone    *string    `json:"phone_number"`
	Birth    *time.Time `json:"birthdate"`
	Language string     `json:"locale"`
	Zone     string     `json:"zoneinfo"`
	Status   string     `json:"-"`
}

// readGrant answers GET /{id} by one SELECT of a grant and its person.
func readGrant(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(grantSchema, grantsStored))
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{id}", func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		if err != nil {
			http.Error(w, "no number", http.StatusBadRequest)
			return
		}
		rows, err := pool.Query(r.Context(), `
			SELECT g.id, g.client, g.session, g.scopes, g.created_at, g.revoked_at, p.id, p.email, p.email_verified, p.username, p.name, p.phone, p.birth_date,
				p.language, p.zone, p.status
			FROM grant_given g JOIN person p ON p.id = g.person WHERE g.id = $1`, id)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		found, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[grantAndPerson])
		if err != nil || found.Revoked != nil || found.Status != "active" {
			http.Error(w, fmt.Sprint("no such grant: ", err), http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusOK, found)
	})
	return mux, nil
}

const rotateToken = `
	WITH used AS (
		UPDATE token_given t SET used_at = $3, answer = $5 FROM grant_given g JOIN person p ON p.id = g.person
		WHERE t.hash = $1 AND t.used_at IS NULL AND t.expires_at > $3 AND g.id = t.grant_given AND g.revoked_at IS NULL AND p.status = 'active'
		RETURNING t.grant_given
	), next AS (INSERT INTO token_given (hash, grant_given, created_at, expires_at) SELECT $2, grant_given, $3, $4 FROM used),
	longer AS (UPDATE grant_given SET expires_at = $4 FROM used WHERE id = used.grant_given)
	SELECT grant_given FROM used`

// rotate answers POST / by one statement that replaces one of its refresh tokens by the next of the same grant, and stores an answer that can be given
// again.
func rotate(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(grantSchema, grantsStored)+`;
		CREATE TABLE token_given (hash bytea PRIMARY KEY, grant_given bigint NOT NULL REFERENCES grant_given, created_at timestamptz NOT NULL,
			expires_at timestamptz NOT NULL, used_at timestamptz, answer bytea);
		CREATE INDEX ON token_given (grant_given)`)
	if err != nil {
		return nil, err
	}
	tokens, err := firstTokens(ctx, pool)
	if err != nil {
		return nil, err
	}
	lost := make([]byte, 1500) // as long as two signed tokens
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		old, next, now := <-tokens, rand.Text(), time.Now()
		used, hash := sha256.Sum256([]byte(old)), sha256.Sum256([]byte(next))
		var id int64
		err := pool.QueryRow(r.Context(), rotateToken, used[:], hash[:], now, now.AddDate(0, 1, 0), lost).Scan(&id)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		tokens <- next
		answer(w, http.StatusOK, map[string]any{"refresh_token": next, "grant": id})
	}), nil
}

// firstTokens gives each grant a token.
func firstTokens(ctx context.Context, pool *pgxpool.Pool) (chan string, error) {
	tokens, hashes := make(chan string, grantsStored), make([][]byte, grantsStored)
	for i := range hashes {
		token := rand.Text()
		hash := sha256.Sum256([]byte(token))
		hashes[i] = hash[:]
		tokens <- token
	}
	_, err := pool.Exec(ctx, `INSERT INTO token_given (hash, grant_given, created_at, expires_at)
		SELECT h, n, now(), now() + interval '30 days' FROM unnest($1::bytea[]) WITH ORDINALITY AS t (h, n)`, hashes)
	return tokens, err
}
