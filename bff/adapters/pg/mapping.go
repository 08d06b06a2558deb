// Package pg keeps the gateway's sessions and sign-ins in PostgreSQL, the store of record.
package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/pg"
)

type sessionRow struct {
	bun.BaseModel `bun:"table:sessions,alias:s"`
	pg.Tenanted
	TokenHash []byte     `bun:"token_hash,type:bytea,pk"`
	UserID    uuid.UUID  `bun:"user_id,type:uuid,notnull"`
	SID       uuid.UUID  `bun:"sid,type:uuid,notnull"`
	CreatedAt time.Time  `bun:"created_at,notnull"`
	ExpiresAt time.Time  `bun:"expires_at,notnull"`
	RevokedAt *time.Time `bun:"revoked_at"`
}

type attemptRow struct {
	bun.BaseModel `bun:"table:login_attempts,alias:a"`
	pg.Tenanted
	StateHash   []byte     `bun:"state_hash,type:bytea,pk"`
	BrowserHash []byte     `bun:"browser_hash,type:bytea,notnull"`
	Next        string     `bun:"next,notnull"`
	ExpiresAt   time.Time  `bun:"expires_at,notnull"`
	UsedAt      *time.Time `bun:"used_at"`
}

type signOutRow struct {
	bun.BaseModel `bun:"table:sign_outs,alias:o"`
	SID           uuid.UUID  `bun:"sid,type:uuid,pk"`
	EndedAt       time.Time  `bun:"ended_at,notnull"`
	ConfirmedAt   *time.Time `bun:"confirmed_at"`
}

type logoutTokenRow struct {
	bun.BaseModel `bun:"table:logout_tokens,alias:l"`
	JTIHash       []byte    `bun:"jti_hash,type:bytea,pk"`
	IssuedAt      time.Time `bun:"issued_at,notnull"`
}

// bySecret lets a query find a row of any tenant by the 256-bit secret it was made for. Which tenant the row belongs to
// is compared afterwards, in the domain, so that a session sent to the wrong host differs from one that does not exist.
func bySecret(ctx context.Context) context.Context {
	return pg.AcrossTenants(ctx, "find by secret")
}

func fromSession(s domain.Session) *sessionRow {
	return &sessionRow{
		Tenanted: pg.Tenanted{TenantID: s.TenantID}, TokenHash: s.ID[:], UserID: s.UserID, SID: s.SID,
		CreatedAt: s.CreatedAt, ExpiresAt: s.ExpiresAt,
	}
}

func toSession(r *sessionRow) domain.Session {
	return domain.Session{
		ID: domain.Hash(r.TokenHash), TenantID: r.TenantID, UserID: r.UserID, SID: r.SID,
		CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt,
	}
}

func fromAttempt(a domain.Attempt) *attemptRow {
	return &attemptRow{
		Tenanted: pg.Tenanted{TenantID: a.TenantID}, StateHash: a.State[:], BrowserHash: a.Browser[:],
		Next: a.Next, ExpiresAt: a.ExpiresAt,
	}
}

func toAttempt(r *attemptRow) domain.Attempt {
	return domain.Attempt{
		State: domain.Hash(r.StateHash), Browser: domain.Hash(r.BrowserHash), TenantID: r.TenantID,
		Next: r.Next, ExpiresAt: r.ExpiresAt, Used: r.UsedAt != nil,
	}
}
