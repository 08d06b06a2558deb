package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

// authorizationRow is what requests, codes and grants have in common.
type authorizationRow struct {
	ClientID  string    `bun:"client_id"`
	UserID    uuid.UUID `bun:"user_id,type:uuid"`
	SessionID uuid.UUID `bun:"session_id,type:uuid"`
	AuthTime  time.Time `bun:"auth_time"`
	Scopes    []string  `bun:"scopes,array"`
	Nonce     string    `bun:"nonce"`
	ACR       string    `bun:"acr"`
}

type requestRow struct {
	bun.BaseModel `bun:"table:oidc_requests,alias:r"`
	authorizationRow

	ID            string    `bun:"id,pk"`
	RedirectURI   string    `bun:"redirect_uri"`
	State         string    `bun:"state"`
	CodeChallenge string    `bun:"code_challenge"`
	ExpiresAt     time.Time `bun:"expires_at"`
}

type codeRow struct {
	bun.BaseModel `bun:"table:oidc_codes,alias:c"`
	authorizationRow

	CodeHash      []byte     `bun:"code_hash,pk"`
	ID            uuid.UUID  `bun:"id,type:uuid"`
	RedirectURI   string     `bun:"redirect_uri"`
	CodeChallenge string     `bun:"code_challenge"`
	CreatedAt     time.Time  `bun:"created_at"`
	ExpiresAt     time.Time  `bun:"expires_at"`
	UsedAt        *time.Time `bun:"used_at"`
}

// maxRequests is how many requests of one session may wait for an answer: more than a user has tabs open for.
const maxRequests = 20

// Authorizations implements ports.Authorizations.
type Authorizations struct{ DB *pg.DB }

// InsertRequest implements ports.Authorizations.
func (s Authorizations) InsertRequest(ctx context.Context, r domain.AuthorizationRequest) error {
	if err := insert(ctx, s.DB, &requestRow{
		authorizationRow: authorizationRow(r.Authorization), ID: r.ID, RedirectURI: r.RedirectURI, State: r.State,
		CodeChallenge: string(r.Challenge), ExpiresAt: r.ExpiresAt,
	}); err != nil {
		return err
	}
	_, err := s.DB.Conn(ctx).NewRaw(`
		DELETE FROM oidc_requests WHERE id IN (
			SELECT id FROM oidc_requests WHERE session_id = ? ORDER BY expires_at DESC, id = ? DESC OFFSET ?)`, r.SessionID, r.ID, maxRequests).Exec(ctx)
	return pg.Error(err)
}

// TakeRequest implements ports.Authorizations.
func (s Authorizations) TakeRequest(ctx context.Context, id string, session uuid.UUID) (domain.AuthorizationRequest, error) {
	var row requestRow
	err := s.DB.Conn(ctx).NewDelete().Model(&row).Where("id = ?", id).Where("session_id = ?", session).Returning("*").Scan(ctx)
	if err != nil {
		return domain.AuthorizationRequest{}, pg.NotFound(err, domain.ErrRequestUnknown)
	}
	return domain.AuthorizationRequest{
		Authorization: domain.Authorization(row.authorizationRow), ID: row.ID, RedirectURI: row.RedirectURI, State: row.State,
		Challenge: domain.Challenge(row.CodeChallenge), ExpiresAt: row.ExpiresAt,
	}, nil
}

// InsertCode implements ports.Authorizations.
func (s Authorizations) InsertCode(ctx context.Context, c domain.Code) error {
	return insert(ctx, s.DB, &codeRow{
		authorizationRow: authorizationRow(c.Authorization), CodeHash: c.Hash[:], ID: c.ID, RedirectURI: c.RedirectURI,
		CodeChallenge: string(c.Challenge), CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt,
	})
}
