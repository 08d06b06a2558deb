package oidc

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
)

// VerifyLogout implements ports.Provider.
func (p *Provider) VerifyLogout(ctx context.Context, token string, now time.Time) (domain.LogoutToken, error) {
	if err := checkType(token); err != nil {
		return domain.LogoutToken{}, domain.ErrLogoutToken.Wrap(err)
	}
	d, err := p.discover(ctx)
	if err != nil {
		return domain.LogoutToken{}, err
	}
	verified, err := d.verifier.VerifyLogout(ctx, token)
	if err != nil {
		return domain.LogoutToken{}, unverified(err, domain.ErrLogoutToken)
	}
	sid, err := uuid.Parse(verified.SessionID)
	if err != nil || sid == uuid.Nil {
		return domain.LogoutToken{}, domain.ErrLogoutToken.Wrap(fmt.Errorf("its sid is %q", verified.SessionID))
	}
	out := domain.LogoutToken{ID: domain.Secret(verified.TokenID).Hash(), SID: sid, IssuedAt: verified.IssuedAt.UTC()}
	return out, out.Check(now)
}

// checkType refuses tokens that say they are of another type. A token without a type is judged by its claims alone.
func checkType(token string) error {
	head, _, _ := strings.Cut(token, ".")
	decoded, err := base64.RawURLEncoding.DecodeString(head)
	if err != nil {
		return fmt.Errorf("its header cannot be read: %w", err)
	}
	var header struct {
		Type string `json:"typ"`
	}
	if err := json.Unmarshal(decoded, &header); err != nil {
		return fmt.Errorf("its header cannot be read: %w", err)
	}
	switch strings.TrimPrefix(strings.ToLower(header.Type), "application/") {
	case "", "jwt", "logout+jwt":
		return nil
	}
	return fmt.Errorf("its type is %q", header.Type)
}
