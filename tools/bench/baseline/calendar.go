package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
)

// calendarMembers is how many members, and how many answers of the reader, the tables of the calendar have.
const calendarMembers = 1_000

// calendar answers GET / with 304, by one SELECT that finds the address of a secret, whether its owner is a member who may sign in, and
// when something changed for the owner.
func calendar(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(`
		CREATE TABLE address (tenant uuid, hash bytea, id uuid NOT NULL, member uuid NOT NULL, name text NOT NULL, renewed_at timestamptz NOT NULL, used_on date, PRIMARY KEY (tenant, hash));
		CREATE TABLE member (tenant uuid, id uuid, active boolean NOT NULL, PRIMARY KEY (tenant, id));
		CREATE TABLE suspended (id uuid PRIMARY KEY);
		CREATE TABLE version (tenant uuid PRIMARY KEY, version bigint NOT NULL, changed_at timestamptz NOT NULL);
		CREATE TABLE answered (tenant uuid, member uuid, at timestamptz, event uuid, PRIMARY KEY (tenant, member, at, event));
		INSERT INTO member SELECT '%[1]s', gen_random_uuid(), true FROM generate_series(1, %[3]d);
		INSERT INTO member VALUES ('%[1]s', '%[1]s', true);
		INSERT INTO address VALUES ('%[1]s', sha256('%[2]s'), '%[1]s', '%[1]s', 'Calendar', now(), now()::date);
		INSERT INTO version VALUES ('%[1]s', 1, now());
		INSERT INTO answered SELECT '%[1]s', '%[1]s', now() - n * interval '1 minute', gen_random_uuid() FROM generate_series(1, %[3]d) AS n;
		ANALYZE`, calendarTenant, calendarSecret, calendarMembers))
	if err != nil {
		return nil, err
	}
	const query = `SELECT a.id, a.member, a.name, a.renewed_at, a.used_on, v.version, v.changed_at,
			(SELECT r.at FROM answered AS r WHERE r.tenant = a.tenant AND r.member = a.member ORDER BY r.at DESC LIMIT 1)
		FROM address AS a LEFT JOIN version AS v ON v.tenant = a.tenant
		WHERE a.tenant = $1 AND a.hash = $2 AND (SELECT m.active FROM member AS m WHERE m.tenant = a.tenant AND m.id = a.member)
			AND NOT EXISTS (SELECT FROM suspended AS s WHERE s.id = a.member)`
	tenant := uuid.MustParse(calendarTenant)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		hash := sha256.Sum256([]byte(calendarSecret))
		var (
			id, member                 uuid.UUID
			name                       string
			renewed, changed, answered time.Time
			used                       sql.NullTime
			version                    int64
		)
		err := pool.QueryRow(r.Context(), query, tenant, hash[:]).Scan(&id, &member, &name, &renewed, &used, &version, &changed, &answered)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("ETag", fmt.Sprintf(`"%s-%d-%d"`, id, version, answered.UnixMicro()))
		w.WriteHeader(http.StatusNotModified)
	})
	return mux, nil
}

// The calendar's one address.
const (
	calendarTenant = "00000000-0000-0000-0000-000000000001"
	calendarSecret = "secret"
)
