// Package identity asks the ID service what only it knows: tenants, the
// standing of users, accounts, magic links.
package identity

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Client implements ports.Identity.
type Client struct {
	api *identityapi.ClientWithResponses
}

var _ ports.Identity = (*Client)(nil)

// New returns a client of the service at url. transport signs
// (signing.Signer.Transport).
func New(url string, transport http.RoundTripper) (*Client, error) {
	api, err := identityapi.NewClientWithResponses(url, identityapi.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, fmt.Errorf("making the client of identity: %w", err)
	}
	return &Client{api: api}, nil
}

// Tenant implements ports.Identity. The question is the gateway's own, so it
// is signed for no tenant and no user.
func (c *Client) Tenant(ctx context.Context, slug string) (domain.Tenant, error) {
	ctx = reqctx.With(ctx, reqctx.Context{RequestID: requestID(ctx)})
	resp, err := c.api.GetTenantWithResponse(ctx, slug)
	switch {
	case err != nil:
		return domain.Tenant{}, away(err)
	case resp.JSON200 != nil:
		return domain.Tenant{ID: resp.JSON200.ID, Slug: resp.JSON200.Slug, Name: resp.JSON200.Name}, nil
	case resp.JSON404 != nil, resp.JSON422 != nil:
		return domain.Tenant{}, domain.ErrTenantNotFound
	}
	return domain.Tenant{}, refusal("getTenant", resp.HTTPResponse, resp.Body)
}

// Principal implements ports.Identity.
func (c *Client) Principal(ctx context.Context, tenant domain.Tenant, user uuid.UUID) (domain.Principal, error) {
	ctx = reqctx.With(ctx, reqctx.Context{RequestID: requestID(ctx), TenantID: tenant.ID, TenantSlug: tenant.Slug, UserID: user})
	resp, err := c.api.GetPrincipalWithResponse(ctx)
	switch {
	case err != nil:
		return domain.Principal{}, away(err)
	case resp.JSON200 != nil:
		return toPrincipal(*resp.JSON200), nil
	case resp.JSON404 != nil:
		return domain.Principal{}, domain.ErrUnauthenticated
	}
	return domain.Principal{}, refusal("getPrincipal", resp.HTTPResponse, resp.Body)
}

// Profile implements ports.Identity, in the request context of the caller.
func (c *Client) Profile(ctx context.Context) (json.RawMessage, error) {
	resp, err := c.api.GetMeWithResponse(ctx)
	if err != nil {
		return nil, away(err)
	}
	if resp.JSON200 == nil {
		return nil, refusal("getMe", resp.HTTPResponse, resp.Body)
	}
	return resp.Body, nil
}

// RequestMagicLink implements ports.Identity.
func (c *Client) RequestMagicLink(ctx context.Context, tenant domain.Tenant, email, returnTo string) (ports.MagicLink, error) {
	ctx = reqctx.With(ctx, reqctx.Context{RequestID: requestID(ctx), TenantID: tenant.ID, TenantSlug: tenant.Slug})
	resp, err := c.api.RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: email, RedirectTo: returnTo})
	if err != nil {
		return ports.MagicLink{}, away(err)
	}
	if resp.JSON200 == nil {
		return ports.MagicLink{}, refusal("requestMagicLink", resp.HTTPResponse, resp.Body)
	}
	link, _ := resp.JSON200.DevMagicLink.Get() // an error means null
	return ports.MagicLink{Sent: resp.JSON200.Sent, Link: link}, nil
}

// RedeemMagicCode implements ports.Identity.
func (c *Client) RedeemMagicCode(ctx context.Context, tenant domain.Tenant, code string) (uuid.UUID, error) {
	ctx = reqctx.With(ctx, reqctx.Context{RequestID: requestID(ctx), TenantID: tenant.ID, TenantSlug: tenant.Slug})
	resp, err := c.api.ExchangeMagicLinkCodeWithResponse(ctx, identityapi.ExchangeRequest{Code: code})
	switch {
	case err != nil:
		return uuid.Nil, away(err)
	case resp.JSON200 != nil:
		return resp.JSON200.UserID, nil
	case resp.JSON401 != nil, resp.JSON422 != nil:
		return uuid.Nil, domain.ErrInvalidCode
	}
	return uuid.Nil, refusal("exchangeMagicLinkCode", resp.HTTPResponse, resp.Body)
}

// requestID keeps the id of the request that asks; a question asked by nobody
// in particular gets one of its own.
func requestID(ctx context.Context) string {
	if id := reqctx.From(ctx).RequestID; id != "" {
		return id
	}
	return uuid.NewString()
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

func away(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return errs.New(errs.Timeout, "", "The ID service took too long.").Wrap(err)
	}
	return errs.Unavailablef("The ID service is not available right now. Try again in a moment.").Wrap(err)
}
