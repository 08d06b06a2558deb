package pg

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

type requestRow struct {
	bun.BaseModel `bun:"table:oidc_requests,alias:r"`

	ID            string    `bun:"id,pk"`
	ClientID      string    `bun:"client_id"`
	UserID        uuid.UUID `bun:"user_id,type:uuid"`
	SessionID     uuid.UUID `bun:"session_id,type:uuid"`
	AuthTime      time.Time `bun:"auth_time"`
	RedirectURI   string    `bun:"redirect_uri"`
	Scopes        []string  `bun:"scopes,array"`
	State         string    `bun:"state"`
	Nonce         string    `bun:"nonce"`
	CodeChallenge string    `bun:"code_challenge"`
	ExpiresAt     time.Time `bun:"expires_at"`
}

type codeRow struct {
	bun.BaseModel `bun:"table:oidc_codes,alias:c"`

	CodeHash      []byte     `bun:"code_hash,pk"`
	ID            uuid.UUID  `bun:"id,type:uuid"`
	ClientID      string     `bun:"client_id"`
	UserID        uuid.UUID  `bun:"user_id,type:uuid"`
	SessionID     uuid.UUID  `bun:"session_id,type:uuid"`
	AuthTime      time.Time  `bun:"auth_time"`
	RedirectURI   string     `bun:"redirect_uri"`
	Scopes        []string   `bun:"scopes,array"`
	Nonce         string     `bun:"nonce"`
	CodeChallenge string     `bun:"code_challenge"`
	CreatedAt     time.Time  `bun:"created_at"`
	ExpiresAt     time.Time  `bun:"expires_at"`
	UsedAt        *time.Time `bun:"used_at"`
}

// Authorizations implements ports.Authorizations.
type Authorizations struct{ DB *pg.DB }

// InsertRequest implements ports.Authorizations.
func (s Authorizations) InsertRequest(ctx context.Context, r domain.AuthorizationRequest) error {
	row := requestRow{
		ID: r.ID, ClientID: r.ClientID, UserID: r.UserID, SessionID: r.SessionID, AuthTime: r.AuthTime, RedirectURI: r.RedirectURI,
		Scopes: r.Scopes, State: r.State, Nonce: r.Nonce, CodeChallenge: string(r.Challenge), ExpiresAt: r.ExpiresAt,
	}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	return pg.Error(err)
}

// TakeRequest implements ports.Authorizations.
func (s Authorizations) TakeRequest(ctx context.Context, id string, user uuid.UUID) (domain.AuthorizationRequest, error) {
	var row requestRow
	err := s.DB.Conn(ctx).NewDelete().Model(&row).Where("id = ?", id).Where("user_id = ?", user).Returning("*").Scan(ctx)
	if err != nil {
		return domain.AuthorizationRequest{}, orElse(err, domain.ErrRequestUnknown)
	}
	return domain.AuthorizationRequest{
		ID: row.ID, ClientID: row.ClientID, UserID: row.UserID, SessionID: row.SessionID, AuthTime: row.AuthTime, RedirectURI: row.RedirectURI,
		Scopes: row.Scopes, State: row.State, Nonce: row.Nonce, Challenge: domain.Challenge(row.CodeChallenge), ExpiresAt: row.ExpiresAt,
	}, nil
}

// InsertCode implements ports.Authorizations.
func (s Authorizations) InsertCode(ctx context.Context, c domain.Code) error {
	row := codeRow{
		CodeHash: c.Hash[:], ID: c.ID, ClientID: c.ClientID, UserID: c.UserID, SessionID: c.SessionID, AuthTime: c.AuthTime,
		RedirectURI: c.RedirectURI, Scopes: c.Scopes, Nonce: c.Nonce, CodeChallenge: string(c.Challenge),
		CreatedAt: c.CreatedAt, ExpiresAt: c.ExpiresAt,
	}
	_, err := s.DB.Conn(ctx).NewInsert().Model(&row).Exec(ctx)
	return pg.Error(err)
}
