package app

import (
	"context"
	"errors"
	"net/url"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// LogoutParams are the parameters of a logout request (OpenID Connect RP-Initiated Logout 1.0), as sent.
type LogoutParams struct{ IDTokenHint, ClientID, RedirectURI, State string }

// LogoutRequest is a valid logout request.
type LogoutRequest struct {
	Target string        // where the browser goes afterwards; empty: nowhere
	Client domain.Client // whose address that is
	hint   ports.IDHint
}

// Confirmed reports whether the client has shown an ID token of this very session, so that the user need not be asked.
func (r LogoutRequest) Confirmed(who Current) bool { return r.hint.SessionID == who.Session.ID }

// CheckLogout holds a logout request against the client's registration. A hint that is not an ID token of ours is ignored,
// and so is the address of an unknown client.
func (s *SignOut) CheckLogout(ctx context.Context, p LogoutParams) (LogoutRequest, error) {
	var out LogoutRequest
	if p.IDTokenHint != "" {
		hint, err := s.Signer.ReadHint(ctx, p.IDTokenHint)
		switch {
		case err == nil:
			out.hint = hint
		case !isDead(err):
			return out, err
		}
	}
	id := p.ClientID
	if out.hint.ClientID != "" {
		if id != "" && id != out.hint.ClientID {
			return out, domain.ErrOAuthRequest.WithMessage("client_id and id_token_hint name different clients.")
		}
		id = out.hint.ClientID
	}
	if p.RedirectURI == "" || id == "" {
		return out, nil
	}
	client, err := s.Clients.Find(ctx, id)
	if err != nil {
		return out, err
	}
	slug, ok := client.MatchPostLogout(p.RedirectURI)
	if ok, err = s.Clients.tenantExists(ctx, slug, ok); err != nil {
		return out, err
	}
	if !ok {
		return out, domain.ErrRedirectTarget
	}
	query := url.Values{}
	if p.State != "" {
		query.Set("state", p.State)
	}
	target, err := domain.WithQuery(p.RedirectURI, query)
	out.Target, out.Client = target, client
	return out, errors.Join(err, domain.CheckOpaque(p.State))
}
