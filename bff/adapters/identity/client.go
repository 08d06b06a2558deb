// Package identity asks the ID service what only it knows: tenants, the standing of users, accounts, magic links.
package identity

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// endTimeout is how long the ID service may take to end a session and to tell its other clients.
const endTimeout = 8 * time.Second

// Client implements ports.Identity.
type Client struct {
	api *identityapi.ClientWithResponses
}

var _ ports.Identity = (*Client)(nil)

// New returns a client of the service at url. transport signs (signing.Signer.Transport).
func New(url string, transport http.RoundTripper) (*Client, error) {
	api, err := identityapi.NewClientWithResponses(url, identityapi.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, fmt.Errorf("making the client of identity: %w", err)
	}
	return &Client{api: api}, nil
}

// as is the context of a call about a tenant and a user, either of which may be zero. The call keeps the id of the request
// that asks; one of a background job gets a new id.
func as(ctx context.Context, tenant domain.Tenant, user uuid.UUID) context.Context {
	return reqctx.With(ctx, reqctx.Context{
		RequestID: cmp.Or(reqctx.From(ctx).RequestID, uuid.NewString()), TenantID: tenant.ID, TenantSlug: tenant.Slug, UserID: user,
	})
}

// Tenant implements ports.Identity. The question is the gateway's own, so it is signed for no tenant and no user.
func (c *Client) Tenant(ctx context.Context, slug string) (domain.Tenant, error) {
	found, err := answered(c.api.GetTenantWithResponse(as(ctx, domain.Tenant{}, uuid.Nil), slug))
	if kind := errs.KindOf(err); kind == errs.NotFound || kind == errs.Invalid {
		return domain.Tenant{}, domain.ErrTenantNotFound
	} else if errors.Is(err, domain.ErrTenantClosed) {
		return domain.Tenant{}, domain.ErrTenantClosed
	}
	return toTenant(found), err
}

func toTenant(t commonapi.TenantCard) domain.Tenant {
	return domain.Tenant{ID: t.ID, Slug: t.Slug, Name: t.Name, Card: domain.Card{
		Description: t.Description, Hue: t.Hue, Chroma: t.Chroma, LogoURL: wire.Get(t.LogoURL), CoverURL: wire.Get(t.CoverURL),
		Languages:       wire.Each(t.Languages, func(l commonapi.Language) string { return string(l) }),
		DefaultLanguage: string(t.DefaultLanguage), Admission: string(t.Membership), Version: t.Version,
	}}
}

// TenantPicture implements ports.Identity. The question is the gateway's own.
func (c *Client) TenantPicture(ctx context.Context, slug, image string) (ports.Picture, error) {
	resp, err := c.api.GetTenantImage(as(ctx, domain.Tenant{}, uuid.Nil), slug, identityapi.GetTenantImageParamsImage(image))
	if err != nil {
		return ports.Picture{}, away(err)
	}
	if resp.StatusCode == http.StatusOK {
		return ports.Picture{ContentType: resp.Header.Get("Content-Type"), Content: resp.Body}, nil
	}
	defer resp.Body.Close()
	parsed, err := identityapi.ParseGetTenantImageResponse(resp)
	if err != nil {
		return ports.Picture{}, away(err)
	}
	return ports.Picture{}, refusal(parsed)
}

// Principal implements ports.Identity.
func (c *Client) Principal(ctx context.Context, tenant domain.Tenant, user uuid.UUID) (domain.Principal, error) {
	found, err := answered(c.api.GetPrincipalWithResponse(as(ctx, tenant, user)))
	if errs.KindOf(err) == errs.NotFound {
		return domain.Principal{}, domain.ErrUnauthenticated
	}
	return toPrincipal(found), err
}

// Profile implements ports.Identity, in the request context of the caller.
func (c *Client) Profile(ctx context.Context) (json.RawMessage, error) {
	resp, err := c.api.GetMeWithResponse(ctx)
	if _, err := answered(resp, err); err != nil {
		return nil, err
	}
	return resp.Body, nil
}

// RequestMagicLink implements ports.Identity.
func (c *Client) RequestMagicLink(ctx context.Context, tenant domain.Tenant, browser, email, returnTo string) (ports.MagicLink, error) {
	body := identityapi.MagicLinkRequest{Email: email, RedirectTo: returnTo, Browser: browser}
	sent, err := answered(c.api.RequestMagicLinkWithResponse(as(ctx, tenant, uuid.Nil), body))
	return ports.MagicLink{Sent: sent.Sent, Link: wire.Get(sent.DevMagicLink)}, err
}

// EndSession implements ports.Identity. The call is the gateway's own: the sign-in belongs to no tenant.
func (c *Client) EndSession(ctx context.Context, sid uuid.UUID) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout) // signing out goes on when the browser leaves
	defer cancel()
	resp, err := c.api.EndSessionWithResponse(as(ctx, domain.Tenant{}, uuid.Nil), sid)
	if err != nil {
		return away(err)
	}
	if resp.StatusCode() != http.StatusNoContent {
		return refusal(resp)
	}
	return nil
}

// PreviewMagicCode implements ports.Identity.
func (c *Client) PreviewMagicCode(ctx context.Context, tenant domain.Tenant, browser, code string) (domain.LinkPreview, error) {
	found, err := answered(c.api.PreviewMagicLinkWithResponse(as(ctx, tenant, uuid.Nil), identityapi.ExchangeRequest{Code: code, Browser: browser}))
	if errs.KindOf(err) == errs.Invalid {
		err = domain.ErrInvalidCode
	}
	return domain.LinkPreview{UserID: found.UserID, Name: wire.Get(found.DisplayName), Email: found.Email}, err
}

// RedeemMagicCode implements ports.Identity.
func (c *Client) RedeemMagicCode(ctx context.Context, tenant domain.Tenant, browser, code string) (domain.SignIn, error) {
	resp, err := c.api.ExchangeMagicLinkCodeWithResponse(as(ctx, tenant, uuid.Nil), identityapi.ExchangeRequest{Code: code, Browser: browser})
	if err == nil && (resp.JSON401 != nil || resp.JSON422 != nil) {
		return domain.SignIn{}, domain.ErrInvalidCode
	}
	in, err := answered(resp, err)
	return domain.SignIn{UserID: in.UserID, SID: in.SessionID}, err
}

// PreviewInvitation implements ports.Identity.
func (c *Client) PreviewInvitation(ctx context.Context, tenant domain.Tenant, token string) (domain.Invitation, error) {
	found, err := answered(c.api.PreviewInvitationWithResponse(as(ctx, tenant, uuid.Nil), identityapi.ApplicationToken{Token: token}))
	return domain.Invitation{
		Email: found.Email, DisplayName: found.DisplayName, Kind: string(found.Kind), HasAccount: found.HasAccount, ExpiresAt: found.ExpiresAt,
	}, err
}

// AcceptInvitation implements ports.Identity.
func (c *Client) AcceptInvitation(ctx context.Context, tenant domain.Tenant, in domain.Acceptance) (domain.Accepted, error) {
	body := identityapi.InvitationAccept{Token: in.Token, DisplayName: given(in.DisplayName), Password: given(in.Password), Timezone: given(in.Timezone)}
	if in.Username != "" {
		body.Username = wire.OrNull(in.Username)
	}
	if in.Language != "" {
		body.Language = new(commonapi.Language(in.Language))
	}
	found, err := answered(c.api.AcceptInvitationWithResponse(as(ctx, tenant, uuid.Nil), body))
	return domain.Accepted{UserID: found.UserID, SID: wire.Get(found.SessionID)}, err
}

// given is nil for an empty text.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func toPrincipal(p identityapi.Principal) domain.Principal {
	principal := domain.Principal{
		UserID: p.UserID,
		Flags: domain.Flags{
			Suspended: p.MasterFlags.Suspended, Banned: p.MasterFlags.Banned, SystemAdmin: p.MasterFlags.SystemAdmin,
			EmailVerified: p.MasterFlags.EmailVerified, Status: string(p.MasterFlags.Status),
		},
		SessionsValidFrom: p.SessionsValidFrom.UTC().Truncate(time.Microsecond),
	}
	if m, err := p.Membership.Get(); err == nil { // an error means null
		principal.Membership = &domain.Membership{
			TenantID: m.TenantID, TenantSlug: m.TenantSlug, Status: string(m.Status), BaseRole: m.BaseRole,
		}
	}
	return principal
}
