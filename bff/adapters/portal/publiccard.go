package portal

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/google/uuid"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// PublicCards implements ports.PublicCards.
type PublicCards struct {
	api *portalapi.ClientWithResponses
}

var _ ports.PublicCards = (*PublicCards)(nil)

// NewPublicCards returns a client of the service at url. transport signs.
func NewPublicCards(url string, transport http.RoundTripper) (*PublicCards, error) {
	api, err := portalapi.NewClientWithResponses(url, portalapi.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return nil, fmt.Errorf("making the client of portal: %w", err)
	}
	return &PublicCards{api: api}, nil
}

// PublicCard implements ports.PublicCards.
func (c *PublicCards) PublicCard(ctx context.Context, tenant domain.Tenant) (json.RawMessage, error) {
	ctx = reqctx.With(ctx, reqctx.Context{
		RequestID: cmp.Or(reqctx.From(ctx).RequestID, uuid.NewString()), TenantID: tenant.ID, TenantSlug: tenant.Slug,
	})
	resp, err := c.api.GetPublicCardWithResponse(ctx)
	if err != nil {
		return nil, errs.Unavailablef("The portal is not available right now.").Wrap(err)
	}
	if resp.JSON200 == nil {
		return nil, errs.Internalf("portal answered the public card with %d", resp.StatusCode())
	}
	return resp.Body, nil
}
