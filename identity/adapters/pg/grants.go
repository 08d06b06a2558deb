package pg

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/uptrace/bun"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
)

type grantRow struct {
	bun.BaseModel `bun:"table:oidc_grants,alias:g"`
	authorizationRow

	ID        uuid.UUID  `bun:"id,pk,type:uuid"`
	CreatedAt time.Time  `bun:"created_at"`
	RevokedAt *time.Time `bun:"revoked_at"`
	User      *userRow   `bun:"rel:belongs-to,join:user_id=id"`
}

func (r grantRow) grant() domain.Grant {
	return domain.Grant{Authorization: domain.Authorization(r.authorizationRow), ID: r.ID, CreatedAt: r.CreatedAt, RevokedAt: r.RevokedAt}
}

// grantColumns and userColumns make one flat row of a grant and its user, in the form in which bun fills grantRow with its
// relation.
const (
	grantColumns = `g.id, g.client_id, g.user_id, g.session_id, g.scopes, g.nonce, g.auth_time, g.acr, g.created_at`
	userColumns  = `u.id AS user__id, u.email AS user__email, u.email_verified AS user__email_verified, u.username AS user__username,
		u.display_name AS user__display_name, u.first_name AS user__first_name, u.last_name AS user__last_name, u.phone AS user__phone,
		u.phone_verified AS user__phone_verified, u.birth_date AS user__birth_date, u.language AS user__language,
		u.timezone AS user__timezone, u.avatar_id AS user__avatar_id, u.status AS user__status, u.system_admin AS user__system_admin`
)

// personColumns are userColumns of a composite.
var personColumns = strings.ReplaceAll(userColumns, "u.", "(g.person).")

// Grants implements ports.Grants.
type Grants struct {
	DB   *pg.DB
	Seal *seal.Sealer
}

// redeem is the whole of a code's redemption: one round trip and one commit, which is what the rate of sign-ins hangs on. See
// migrations/00011_redeem.sql. Outside of a transaction, as here, a statement that is queried is one itself.
var redeem = `
SELECT (g.code).id, (g.code).client_id, (g.code).user_id, (g.code).session_id, (g.code).scopes, (g.code).nonce, (g.code).auth_time, (g.code).acr,
	(g.code).used_at AS created_at, ` + personColumns + `
FROM redeem_code($1, $2, $3, $4, $5, $6, $7, $8, $9) AS g`

// Redeem implements ports.Grants.
func (s Grants) Redeem(ctx context.Context, r ports.Redemption, refresh domain.RefreshToken) (domain.Grant, domain.User, bool, error) {
	return s.one(ctx, redeem, r.Code[:], r.ClientID, r.RedirectURI, string(r.Challenge), r.Now,
		r.Now.Add(domain.AccessTokenLifetime), r.Refresh, refresh.Hash[:], refresh.ExpiresAt)
}

const rotate = `
WITH used AS (
	UPDATE oidc_refresh_tokens t SET used_at = $1, answer = $6, seal_key = $7
	FROM oidc_grants g JOIN users u ON u.id = g.user_id
	WHERE t.token_hash = $2 AND t.used_at IS NULL AND t.expires_at > $1
	  AND g.id = t.grant_id AND g.client_id = $3 AND g.revoked_at IS NULL
	  AND u.status = 'active' AND u.email_verified
	RETURNING t.grant_id
), next AS (
	INSERT INTO oidc_refresh_tokens (token_hash, grant_id, created_at, expires_at)
	SELECT $4, grant_id, $1, $5 FROM used
), longer AS (
	UPDATE oidc_grants SET expires_at = $5 FROM used WHERE id = used.grant_id
)
SELECT grant_id FROM used`

// Refresh implements ports.Grants, in one statement.
func (s Grants) Refresh(ctx context.Context, r ports.Rotation) (bool, error) {
	answer, err := json.Marshal(r.Answer)
	if err != nil {
		return false, fmt.Errorf("encoding the answer to a refresh: %w", err)
	}
	sealed, key := s.Seal.Seal(answer, aboutAnswer(r.Token))
	var row struct {
		GrantID uuid.UUID `bun:"grant_id,type:uuid"`
	}
	err = s.DB.QueryRow(pg.AcrossTenants(ctx, "refreshing"), &row, rotate, r.Now, r.Token[:], r.ClientID, r.Next.Hash[:], r.Next.ExpiresAt, sealed, key)
	if errors.Is(err, sql.ErrNoRows) {
		return false, nil
	}
	return err == nil, pg.Error(err)
}

func aboutAnswer(token domain.Hash) []byte {
	return append([]byte("oidc_refresh_tokens/"), token[:]...)
}

// Answer implements ports.Grants. One that is sealed with a key that is gone is none.
func (s Grants) Answer(ctx context.Context, token domain.Hash) (*ports.TokenSet, error) {
	row, err := one[refreshRow](ctx, s.DB, domain.ErrInvalidRefresh, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Where("t.token_hash = ?", token[:])
	})
	if err != nil || row.Answer == nil {
		return nil, err
	}
	plain, err := s.Seal.Open(row.Answer, row.SealKey, aboutAnswer(token))
	if err != nil {
		return nil, nil //nolint:nilerr,nilnil // see above
	}
	var answer ports.TokenSet
	if err := json.Unmarshal(plain, &answer); err != nil {
		return nil, fmt.Errorf("decoding the answer to a refresh: %w", err)
	}
	return &answer, nil
}

func (s Grants) one(ctx context.Context, query string, args ...any) (domain.Grant, domain.User, bool, error) {
	var row grantRow
	err := s.DB.QueryRow(pg.AcrossTenants(ctx, "grants"), &row, query, args...) // they are a person's, not a tenant's
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return domain.Grant{}, domain.User{}, false, nil
	case err != nil:
		return domain.Grant{}, domain.User{}, false, pg.Error(err)
	}
	return row.grant(), row.User.user(), true, nil
}

// grantAndUser is what each use of an access token reads, so it stays prepared. It has all of the user but the password.
const grantAndUser = `
SELECT ` + grantColumns + `, g.revoked_at, ` + userColumns + `, u.username_key AS user__username_key, u.theme AS user__theme,
	u.status_reason AS user__status_reason, u.status_until AS user__status_until, u.sessions_valid_from AS user__sessions_valid_from,
	u.created_at AS user__created_at
FROM oidc_grants g JOIN users u ON u.id = g.user_id WHERE g.id = $1`

// Code implements ports.Grants.
func (s Grants) Code(ctx context.Context, code domain.Hash) (domain.Code, error) {
	return pg.One(ctx, s.DB, domain.ErrInvalidCode, func(r *codeRow) domain.Code {
		return domain.Code{
			Authorization: domain.Authorization(r.authorizationRow), ID: r.ID, Hash: code, RedirectURI: r.RedirectURI,
			Challenge: domain.Challenge(r.CodeChallenge), CreatedAt: r.CreatedAt, ExpiresAt: r.ExpiresAt, UsedAt: r.UsedAt,
		}
	}, func(q *bun.SelectQuery) *bun.SelectQuery { return q.Where("c.code_hash = ?", code[:]) })
}

// ByID implements ports.Grants.
func (s Grants) ByID(ctx context.Context, id uuid.UUID) (domain.Grant, domain.User, error) {
	grant, user, found, err := s.one(ctx, grantAndUser, id)
	if err == nil && !found {
		err = domain.ErrTokenRevoked
	}
	return grant, user, err
}

type refreshRow struct {
	bun.BaseModel `bun:"table:oidc_refresh_tokens,alias:t"`

	TokenHash []byte     `bun:"token_hash,pk"`
	GrantID   uuid.UUID  `bun:"grant_id,type:uuid"`
	CreatedAt time.Time  `bun:"created_at"`
	ExpiresAt time.Time  `bun:"expires_at"`
	UsedAt    *time.Time `bun:"used_at"`
	Answer    []byte     `bun:"answer"`
	SealKey   string     `bun:"seal_key"`
	Grant     *grantRow  `bun:"rel:belongs-to,join:grant_id=id"`
}

// ByRefreshToken implements ports.Grants.
func (s Grants) ByRefreshToken(ctx context.Context, token domain.Hash) (domain.RefreshToken, domain.Grant, error) {
	row, err := one[refreshRow](ctx, s.DB, domain.ErrInvalidRefresh, func(q *bun.SelectQuery) *bun.SelectQuery {
		return q.Relation("Grant").Where("t.token_hash = ?", token[:])
	})
	if err != nil {
		return domain.RefreshToken{}, domain.Grant{}, err
	}
	return domain.RefreshToken{Hash: token, GrantID: row.GrantID, CreatedAt: row.CreatedAt, ExpiresAt: row.ExpiresAt, UsedAt: row.UsedAt},
		row.Grant.grant(), nil
}

// Revoke implements ports.Grants.
func (s Grants) Revoke(ctx context.Context, id uuid.UUID, now time.Time) error {
	return s.revoke(ctx, "id = ?", id, now)
}

// RevokeSession implements ports.Grants, in one statement.
func (s Grants) RevokeSession(ctx context.Context, session uuid.UUID, now time.Time) (clients []string, err error) {
	err = s.DB.Conn(ctx).NewRaw(`
		WITH revoked AS (UPDATE oidc_grants SET revoked_at = ? WHERE session_id = ? AND revoked_at IS NULL)
		SELECT DISTINCT client_id FROM oidc_grants WHERE session_id = ?`, now, session, session).Scan(ctx, &clients)
	return clients, pg.Error(err)
}

// RevokeAll implements ports.Grants.
func (s Grants) RevokeAll(ctx context.Context, user uuid.UUID, now time.Time) error {
	return s.revoke(ctx, "user_id = ?", user, now)
}

func (s Grants) revoke(ctx context.Context, where string, arg any, now time.Time) error {
	_, err := s.DB.Conn(ctx).NewUpdate().Model((*grantRow)(nil)).
		Set("revoked_at = ?", now).Where(where, arg).Where("revoked_at IS NULL").Exec(ctx)
	return pg.Error(err)
}
