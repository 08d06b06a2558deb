// Package gamification asks the gamification service for badges that everybody may see.
package gamification

import (
	"cmp"
	"context"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// Badges implements ports.SharedBadges.
type Badges struct {
	api *gamificationapi.ClientWithResponses
}

var _ ports.SharedBadges = (*Badges)(nil)

// New returns a client of the service at url. transport signs.
func New(url string, transport http.RoundTripper) (*Badges, error) {
	api, err := gamificationapi.NewClientWithResponses(url, gamificationapi.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, fmt.Errorf("making the client of gamification: %w", err)
	}
	return &Badges{api: api}, nil
}

// SharedBadge implements ports.SharedBadges.
func (c *Badges) SharedBadge(ctx context.Context, tenant domain.Tenant, token string) (ports.SharedBadge, error) {
	ctx = reqctx.With(ctx, reqctx.Context{
		RequestID: cmp.Or(reqctx.From(ctx).RequestID, uuid.NewString()), TenantID: tenant.ID, TenantSlug: tenant.Slug,
	})
	resp, err := c.api.GetSharedBadgeWithResponse(ctx, token)
	switch {
	case err != nil:
		return ports.SharedBadge{}, errs.Unavailablef("The badge cannot be shown right now.").Wrap(err)
	case resp.StatusCode() == http.StatusNotFound || resp.StatusCode() == http.StatusUnprocessableEntity:
		return ports.SharedBadge{}, errs.NotFoundf("There is no such badge.")
	case resp.JSON200 == nil:
		return ports.SharedBadge{}, errs.Internalf("gamification answered a shared badge with %d", resp.StatusCode())
	}
	b := resp.JSON200
	return ports.SharedBadge{Names: b.NameI18N, Descriptions: b.DescriptionI18N, Description: wire.Get(b.Description), Issuer: b.IssuerName}, nil
}
