package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// Events of the baseline: as many as the bench makes, in as many communities as the feed, every other one the reader's.
const (
	monthEvents = 10_000
	monthSeries = 200
	monthWeeks  = 261 // dates of a series that are stored
)

type eventDate struct {
	ID           uuid.UUID   `json:"id"`
	Date         uuid.UUID   `json:"occurrence_id"`
	Community    uuid.UUID   `json:"scope_id"`
	Title        string      `json:"title"`
	Description  string      `json:"description"`
	Starts       time.Time   `json:"starts_at"`
	Ends         time.Time   `json:"ends_at"`
	Original     time.Time   `json:"original_at"`
	Zone         string      `json:"time_zone"`
	Place        string      `json:"location_text"`
	Address      string      `json:"location_url"`
	Game         string      `json:"game_id"`
	Tags         []string    `json:"tags"`
	Visibility   string      `json:"visibility"`
	Status       string      `json:"status"`
	Reason       string      `json:"cancel_reason"`
	Rule         string      `json:"rrule"`
	Hosts        []uuid.UUID `json:"co_hosts"`
	Author       uuid.UUID   `json:"created_by"`
	Created      time.Time   `json:"created_at"`
	Updated      time.Time   `json:"updated_at"`
	Version      int         `json:"version"`
	Capacity     *int        `json:"capacity"`
	PlusOnes     int         `json:"plus_ones"`
	CloseMinutes *int        `json:"close_minutes"`
	Seats        int         `json:"seats_taken"`
	Going        int         `json:"going"`
	Interested   int         `json:"interested"`
	NotGoing     int         `json:"not_going"`
	Waiting      int         `json:"waiting"`
	Answer       *string     `json:"my_answer"`
}

// month answers GET / with the dates of a month of the communities that a reader is in, by one SELECT of dates with their events and the
// reader's answers. The reader's communities are known in advance.
func month(ctx context.Context, s settings) (http.Handler, error) {
	pool, err := open(ctx, s, fmt.Sprintf(`
		CREATE TABLE event (id uuid PRIMARY KEY, community uuid NOT NULL, title text NOT NULL, description text NOT NULL, zone text NOT NULL, place text NOT NULL,
			address text NOT NULL, game text NOT NULL, tags text[] NOT NULL, visibility text NOT NULL, status text NOT NULL, reason text NOT NULL,
			rule text NOT NULL, hosts uuid[] NOT NULL, author uuid NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
			version integer NOT NULL, capacity integer, plus_ones integer NOT NULL, close_minutes integer, n integer NOT NULL);
		CREATE TABLE event_date (id uuid PRIMARY KEY, event uuid NOT NULL, starts_at timestamptz NOT NULL, ends_at timestamptz NOT NULL,
			original_at timestamptz NOT NULL, seats integer NOT NULL, going integer NOT NULL, interested integer NOT NULL, not_going integer NOT NULL,
			waiting integer NOT NULL);
		CREATE TABLE event_answer (date uuid NOT NULL, member uuid NOT NULL, status text NOT NULL, PRIMARY KEY (date, member));
		INSERT INTO event SELECT gen_random_uuid(), ('00000000-0000-0000-0000-' || lpad((n %% %[4]d)::text, 12, '0'))::uuid, 'Game night ' || n,
			'We play at eight on the usual server.', 'Europe/Berlin', 'Club, room 2', '', '', '{}', 'community', 'scheduled', '',
			CASE WHEN n < %[1]d THEN '' ELSE 'FREQ=WEEKLY' END, '{}', gen_random_uuid(), now(), now(), 1, NULL, 0, NULL, n
			FROM generate_series(0, %[1]d + %[2]d - 1) n;
		INSERT INTO event_date SELECT gen_random_uuid(), id, at, at + interval '2 hours', at, 0, 0, 0, 0, 0
			FROM event CROSS JOIN LATERAL (SELECT now() + (n - %[1]d / 2) * interval '1 year' / %[1]d AS at) AS d WHERE n < %[1]d;
		INSERT INTO event_date SELECT gen_random_uuid(), id, at, at + interval '2 hours', at, 0, 0, 0, 0, 0
			FROM event CROSS JOIN LATERAL (SELECT now() - interval '30 days' + (n - %[1]d) * interval '1 hour' + w * interval '7 days' AS at
				FROM generate_series(0, %[3]d - 1) w) AS d WHERE n >= %[1]d;
		CREATE INDEX ON event_date (starts_at, id);
		CREATE INDEX ON event_date (ends_at);
		CREATE INDEX ON event (community);
		ANALYZE event; ANALYZE event_date`, monthEvents, monthSeries, monthWeeks, feedCommunities))
	if err != nil {
		return nil, err
	}
	var mine []uuid.UUID
	for i := 0; i < feedCommunities; i += 2 {
		mine = append(mine, uuid.MustParse(fmt.Sprintf("00000000-0000-0000-0000-%012d", i)))
	}
	const query = `
		SELECT e.id, d.id, e.community, e.title, e.description, d.starts_at, d.ends_at, d.original_at, e.zone, e.place, e.address, e.game, e.tags,
			e.visibility, e.status, e.reason, e.rule, e.hosts, e.author, e.created_at, e.updated_at, e.version, e.capacity, e.plus_ones, e.close_minutes,
			d.seats, d.going, d.interested, d.not_going, d.waiting, a.status
		FROM event_date AS d JOIN event AS e ON e.id = d.event LEFT JOIN event_answer AS a ON a.date = d.id AND a.member = $4
		WHERE d.ends_at >= $1 AND d.starts_at <= $2 AND e.community = ANY ($3) ORDER BY d.starts_at, d.id LIMIT 1001`
	from := time.Now().AddDate(0, 1, 0)
	to := from.AddDate(0, 1, 0)
	reader := uuid.New()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		rows, err := pool.Query(r.Context(), query, from, to, mine, reader)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		dates, err := pgx.CollectRows(rows, pgx.RowToStructByPos[eventDate])
		if err != nil || len(dates) < 500 {
			http.Error(w, fmt.Sprintf("not so many dates: %d, %v", len(dates), err), http.StatusInternalServerError)
			return
		}
		answer(w, http.StatusOK, dates)
	})
	return mux, nil
}
