package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
)

// What the feed of activity is chosen from. Every fiftieth item belongs to a community of the reader, who is in 20 of them; half of the
// others are for everybody, half for members only. The baseline "items" has as many.
const (
	itemsStored = 1_000_000
	itemsAtOnce = 50_000
	itemsPage   = 50
)

// storeItems fills the feed, and marks it as read up to the last hundred minutes.
func (m maker) storeItems(ctx context.Context, v *fixture) (err error) {
	db, err := pgx.Connect(ctx, m.harness.ActivityURL)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close(ctx)) }()
	var readers []uuid.UUID
	for i := 0; i < len(v.communities); i += 2 {
		readers = append(readers, v.communities[i])
	}
	for from := 1; from <= itemsStored; from += itemsAtOnce {
		_, err = db.Exec(ctx, `
INSERT INTO items (tenant_id, source_ref, parent_ref, retracted, type, actor_id, occurred_at, changed_at, title, payload, visibility, scope_type, scope_id, link)
SELECT $1, 'bench:' || n, '', false, 'news.posted', md5('user ' || n % 500)::uuid, now() - ($2::integer - n) * interval '1 minute', now(),
	'Post ' || n, '{"post_id":"00000000-0000-0000-0000-000000000000"}', CASE WHEN n % 2 = 0 THEN 'public' ELSE 'community' END, 'COMMUNITY',
	CASE WHEN n % 50 = 0 THEN ($3::uuid[])[1 + n / 50 % 20] ELSE md5('community ' || n % 400)::uuid END, ''
FROM generate_series($4::integer, $5::integer) n`, tenantAEF, itemsStored, readers, from, from+itemsAtOnce-1)
		if err != nil {
			return err
		}
	}
	if _, err = db.Exec(ctx, "INSERT INTO feed_reads (tenant_id, user_id, read_to) VALUES ($1, $2, now() - interval '100 minutes')", tenantAEF, v.reader); err != nil {
		return err
	}
	_, err = db.Exec(ctx, "VACUUM ANALYZE items")
	return err
}

// items reads the first page of the feed.
func (m maker) items(context.Context) (requests, error) {
	r, err := m.signedGet("bff", "activity", fmt.Sprintf("/api/v1/activity/v2/feed?limit=%d", itemsPage), m.fixture.reader)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

// unreadItems counts what is new in it.
func (m maker) unreadItems(context.Context) (requests, error) {
	r, err := m.signedGet("bff", "activity", "/api/v1/activity/feed/unread-count", m.fixture.reader)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

func (m maker) unreadBaseline(ctx context.Context) (requests, error) {
	r, err := get(ctx, "baseline", "/unread")
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

// unreadSubject is the second thing that the baseline "items" does.
func (m maker) unreadSubject() *subject {
	s := m.baseline("items", http.StatusOK, m.unreadBaseline)
	s.name = "items unread"
	return s
}
