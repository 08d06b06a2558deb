// Package pg keeps what identity knows in PostgreSQL.
package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

// platform names the transactions that belong to no single tenant: accounts and everything made of them exist once for all
// tenants.
const platform = "identity: platform-wide accounts"

// Tx implements ports.Tx.
type Tx struct{ *pg.DB }

// Platform implements ports.Tx.
func (t Tx) Platform(ctx context.Context, fn func(context.Context) error) error {
	return t.Do(pg.AcrossTenants(ctx, platform), fn)
}

// Across implements ports.Tx.
func (Tx) Across(ctx context.Context) context.Context { return pg.AcrossTenants(ctx, platform) }

// AuditLog implements ports.AuditLog.
type AuditLog struct {
	DB  *pg.DB
	Log *audit.Log
}

// Write implements ports.AuditLog.
func (s AuditLog) Write(ctx context.Context, entries ...audit.Entry) error {
	write := func(ctx context.Context) error { return s.Log.Write(ctx, entries...) }
	if s.DB.InTx(ctx) {
		return write(ctx)
	}
	return Tx{s.DB}.Platform(ctx, write)
}

// graces are how long expired rows are kept: a redeemed code must be known for as long as it could be replayed.
const (
	graceShort = 24 * time.Hour
	graceLong  = 30 * 24 * time.Hour
)

// Cleanup deletes expired rows.
type Cleanup struct {
	DB    *pg.DB
	Clock ports.Clock
}

// Prune deletes the rows that have expired.
func (s Cleanup) Prune(ctx context.Context) error {
	for _, job := range []struct {
		table string
		grace time.Duration
		only  string
	}{
		{"oidc_requests", graceShort, "true"},
		{"oidc_codes", graceShort, "true"},
		{"magic_links", graceShort, "true"},
		{"account_tokens", graceShort, "true"},
		{"login_events", 0, "true"},
		{"external_identity_flows", 0, "true"},
		{"ceremonies", 0, "true"},
		{"logout_notices", 0, "true"},
		{"oidc_assertions", 0, "true"},
		{"mail_suppressions", 0, "true"},
		{"mail_reports", 0, "true"},
		{mailQueue, 0, "discarded"},
		{mailQueue, graceShort, "true"}, // before that they are given up by those who send, who tell of it
		{"oidc_grants", graceShort, "true"},
		{"sessions", graceLong, "true"},
		{"applications", 0, "true"}, // their expiry is the end of their retention
		{"data_requests", 0, "(kind = 'export' OR state IN ('done', 'canceled'))"},
		{"invitations", domain.InvitationRetention, "true"},
		{"registrations", graceShort, "true"},
	} {
		err := Tx{s.DB}.Platform(ctx, func(ctx context.Context) error {
			_, err := s.DB.Conn(ctx).NewRaw("DELETE FROM ? WHERE expires_at <= ? AND ?", bun.Ident(job.table), s.Clock.Now().Add(-job.grace), bun.Safe(job.only)).Exec(ctx)
			return pg.Error(err)
		})
		if err != nil {
			return err
		}
	}
	return s.forgetAnswers(ctx)
}

// forgetAnswers deletes the answers to refreshes that are of no more use.
func (s Cleanup) forgetAnswers(ctx context.Context) error {
	return Tx{s.DB}.Platform(ctx, func(ctx context.Context) error {
		_, err := s.DB.Conn(ctx).NewRaw("UPDATE oidc_refresh_tokens SET answer = NULL WHERE answer IS NOT NULL AND used_at <= ?",
			s.Clock.Now().Add(-domain.MaxRefreshGrace)).Exec(ctx)
		return pg.Error(err)
	})
}

// query selects rows.
type query = func(*bun.SelectQuery) *bun.SelectQuery

// one reads one row, else missing.
func one[R any](ctx context.Context, db *pg.DB, missing *errs.Error, q query) (R, error) {
	return pg.One(ctx, db, missing, func(r *R) R { return *r }, q)
}

// insert stores one row or several.
func insert(ctx context.Context, db *pg.DB, rows any) error {
	_, err := db.Conn(ctx).NewInsert().Model(rows).Exec(ctx)
	return pg.Error(err)
}

// claim takes the rows of a queue that are due and hides them from other instances for lease. only is a further condition; ?2 in it is now.
func claim[R any](ctx context.Context, db *pg.DB, queue, only string, limit int, lease time.Duration, now time.Time) (rows []R, err error) {
	err = db.Conn(ctx).NewRaw(`
		UPDATE ?0 SET due_at = ?1, attempts = attempts + 1
		WHERE id IN (SELECT id FROM ?0 WHERE due_at <= ?2 AND `+only+` ORDER BY due_at LIMIT ?3 FOR UPDATE SKIP LOCKED)
		RETURNING *`, bun.Ident(queue), now.Add(lease), now, limit).Scan(ctx, &rows)
	return rows, pg.Error(err)
}

// done removes a row from a queue.
func done(ctx context.Context, db *pg.DB, queue string, id uuid.UUID) error {
	_, err := db.Conn(ctx).NewDelete().Table(queue).Where("id = ?", id).Exec(ctx)
	return pg.Error(err)
}
