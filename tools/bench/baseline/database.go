package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

const poolSize = 16 // as many as the services have

// open connects with pgx's defaults, which prepare each statement once per connection.
func open(ctx context.Context, s settings, schema string) (*pgxpool.Pool, error) {
	cfg, err := pgxpool.ParseConfig(s.postgres)
	if err != nil {
		return nil, err
	}
	cfg.MaxConns = poolSize
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, err
	}
	context.AfterFunc(ctx, pool.Close)
	if _, err := pool.Exec(ctx, schema); err != nil {
		return nil, fmt.Errorf("creating the table: %w", err)
	}
	return pool, nil
}

type thing struct {
	ID      int64     `json:"id"`
	Title   string    `json:"title"`
	Status  string    `json:"status"`
	Created time.Time `json:"created_at"`
}

// Things is how many rows there are to select, with ids from 1.
const things = 10_000

// selectByKey answers GET /{id} with the row of that id.
func selectByKey(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(`
		CREATE TABLE IF NOT EXISTS thing (id bigint PRIMARY KEY, title text NOT NULL, status text NOT NULL, created_at timestamptz NOT NULL);
		INSERT INTO thing SELECT i, 'thing ' || i, 'published', now() FROM generate_series(1, %d) i ON CONFLICT DO NOTHING;
		ANALYZE thing`, things))
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
		t := thing{ID: id}
		err = pool.QueryRow(r.Context(), "SELECT title, status, created_at FROM thing WHERE id = $1", id).Scan(&t.Title, &t.Status, &t.Created)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			http.NotFound(w, r)
		case err != nil:
			http.Error(w, err.Error(), http.StatusInternalServerError)
		default:
			answer(w, http.StatusOK, t)
		}
	})
	return mux, nil
}

// insertOnce stores what POST / brings, once per voter and option.
func insertOnce(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, `
		CREATE TABLE ballot (id uuid PRIMARY KEY, voter uuid NOT NULL, option uuid NOT NULL, created_at timestamptz NOT NULL, UNIQUE (voter, option))`)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{$}", func(w http.ResponseWriter, r *http.Request) {
		var in struct{ Voter, Option uuid.UUID }
		if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
			http.Error(w, "no ballot", http.StatusBadRequest)
			return
		}
		id, err := uuid.NewV7()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		now := time.Now()
		if _, err := pool.Exec(r.Context(), "INSERT INTO ballot (id, voter, option, created_at) VALUES ($1, $2, $3, $4)", id, in.Voter, in.Option, now); err != nil {
			http.Error(w, err.Error(), http.StatusConflict)
			return
		}
		answer(w, http.StatusCreated, map[string]any{"id": id, "created_at": now})
	})
	return mux, nil
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v) // a client that went away needs no answer
}
