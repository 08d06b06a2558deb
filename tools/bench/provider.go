package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	identity "go.updspace.com/identity/domain"
	"go.updspace.com/tools/journey"
)

// refreshes is how many refresh tokens a run uses up.
const refreshes = 4_000

// accessToken redeems a code.
func (c *idClient) accessToken(ctx context.Context) (string, error) {
	redeem, err := c.redemptions(ctx, 1)
	if err != nil {
		return "", err
	}
	var tokens struct {
		Access string `json:"access_token"`
	}
	answer, err := send(ctx, redeem[0], c.addr, http.StatusOK)
	if err == nil {
		err = json.Unmarshal(answer, &tokens)
	}
	return tokens.Access, err
}

// form makes a request of the client with a form.
func (c *idClient) form(ctx context.Context, path string, form url.Values) (*http.Request, error) {
	form.Set("client_id", clientID)
	form.Set("client_secret", c.secret)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.addr+path, strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	r.Host = c.host
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}

func (m maker) userinfo(ctx context.Context) (requests, error) {
	token, err := m.fixture.id.accessToken(ctx)
	if err != nil {
		return requests{}, err
	}
	r, err := m.fixture.id.request(ctx, http.MethodGet, "/oauth/userinfo", nil)
	if err != nil {
		return requests{}, err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	return repeat(r)
}

func (m maker) introspection(ctx context.Context) (requests, error) {
	token, err := m.fixture.id.accessToken(ctx)
	if err != nil {
		return requests{}, err
	}
	r, err := m.fixture.id.form(ctx, "/oauth/introspect", url.Values{"token": {token}})
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}

// refresh replaces refresh tokens, each of a grant of its own, which are stored for it: a token is used once.
func (m maker) refresh(ctx context.Context) (q requests, err error) {
	db, err := pgx.Connect(ctx, m.harness.IdentityURL)
	if err != nil {
		return requests{}, err
	}
	defer func() { err = errors.Join(err, db.Close(ctx)) }()
	grants, hashes, all := make([]uuid.UUID, refreshes), make([][]byte, refreshes), make([]*http.Request, refreshes)
	var until time.Time
	for i := range all {
		grants[i] = uuid.New()
		token, secret := identity.NewRefreshToken(grants[i], time.Now())
		hashes[i], until = token.Hash[:], token.ExpiresAt
		if all[i], err = m.fixture.id.form(ctx, "/oauth/token", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {string(secret)}}); err != nil {
			return requests{}, err
		}
	}
	if _, err := db.Exec(ctx, `
WITH given AS (
	INSERT INTO oidc_grants (id, client_id, user_id, session_id, scopes, auth_time, created_at, expires_at)
	SELECT g, $3, u.id, gen_random_uuid(), '{openid,profile,email,offline_access}', now(), now(), $5 FROM unnest($1::uuid[]) g, users u WHERE u.email = $4
)
INSERT INTO oidc_refresh_tokens (token_hash, grant_id, created_at, expires_at) SELECT h, g, now(), $5 FROM unnest($1::uuid[], $2::bytea[]) AS t (g, h)`,
		grants, hashes, clientID, journey.Member, until); err != nil {
		return requests{}, fmt.Errorf("storing refresh tokens: %w", err)
	}
	if _, err := db.Exec(ctx, "ANALYZE oidc_grants; ANALYZE oidc_refresh_tokens"); err != nil { // so many at once are not the usual case
		return requests{}, err
	}
	q, err = repeat(all...)
	q.max = refreshes
	return q, err
}

// grant reads one of the grants of the baseline.
func (m maker) grant(ctx context.Context) (requests, error) {
	all := make([]*http.Request, 512)
	for i := range all {
		var err error
		if all[i], err = get(ctx, "baseline", fmt.Sprintf("/%d", 1+i*19)); err != nil {
			return requests{}, err
		}
	}
	return repeat(all...)
}

func (m maker) rotation(ctx context.Context) (requests, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://baseline/", http.NoBody)
	if err != nil {
		return requests{}, err
	}
	return repeat(r)
}
