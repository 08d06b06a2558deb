// Package personaldata asks the services for what they store about persons.
package personaldata

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// services are all that store personal data of a tenant. Access is the first, because it refuses to erase the last administrator, and then
// nothing is erased; portal the last, because it knows the names, so that an erasure that failed halfway can be repeated.
var services = []string{"access", "voting", "events", "activity", "gamification", "portal"}

const (
	patience   = 2 * time.Minute // for the erasure of one service
	maxReceipt = 64 << 10
)

// Client implements ports.PersonalData.
type Client struct {
	portal *portalapi.ClientWithResponses
	at     map[string]service
}

type service struct {
	url  string
	http *http.Client
}

var _ ports.PersonalData = (*Client)(nil)

// New returns a client of the services at their addresses, by name. transport makes the one that signs for a service.
func New(addresses map[string]string, transport func(service string) (http.RoundTripper, error)) (*Client, error) {
	c := &Client{at: map[string]service{}}
	for _, name := range services {
		if addresses[name] == "" {
			return nil, fmt.Errorf("the address of %s is not set: the data there would stay", name)
		}
		t, err := transport(name)
		if err != nil {
			return nil, err
		}
		c.at[name] = service{strings.TrimSuffix(addresses[name], "/"), &http.Client{Transport: t, Timeout: patience}}
	}
	var err error
	c.portal, err = portalapi.NewClientWithResponses(addresses["portal"], portalapi.WithHTTPClient(c.at["portal"].http))
	return c, err
}

// Services implements ports.PersonalData.
func (c *Client) Services() []string { return services }

// in is the context of a call of the gateway's own in a tenant.
func in(ctx context.Context, tenant domain.Tenant) context.Context {
	return reqctx.With(ctx, reqctx.Context{
		RequestID: cmp.Or(reqctx.From(ctx).RequestID, uuid.NewString()), TenantID: tenant.ID, TenantSlug: tenant.Slug,
	})
}

// Names implements ports.PersonalData: portal has the names of members, with those of their accounts.
func (c *Client) Names(ctx context.Context, tenant domain.Tenant, user uuid.UUID) ([]string, error) {
	resp, err := c.portal.BatchProfilesWithResponse(in(ctx, tenant), portalapi.ProfileBatch{UserIds: []uuid.UUID{user}})
	switch {
	case err != nil:
		return nil, errs.Unavailablef("The portal is not available right now.").Wrap(err)
	case resp.JSON200 == nil:
		return nil, errs.Internalf("portal answered the profile of a person with %d", resp.StatusCode())
	}
	var names []string
	for _, p := range *resp.JSON200 {
		names = append(names, p.FirstName+" "+p.LastName, p.LastName+" "+p.FirstName, wire.Get(p.DisplayName), wire.Get(p.Username), p.FirstName, p.LastName)
	}
	return names, nil
}

// Erase implements ports.PersonalData. The path is the same in every service. One that keeps nothing of others does not look at the names.
func (c *Client) Erase(ctx context.Context, service string, tenant domain.Tenant, user uuid.UUID, names []string) (domain.Erased, error) {
	at := c.at[service]
	address := at.url + "/internal/v1/personal-data/" + user.String() + "?" + url.Values{"name": names}.Encode()
	req, err := http.NewRequestWithContext(in(ctx, tenant), http.MethodDelete, address, nil)
	if err != nil {
		return domain.Erased{}, err
	}
	resp, err := at.http.Do(req)
	if err != nil {
		return domain.Erased{}, errs.Unavailablef("The service is not available right now.").Wrap(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxReceipt))
	if err != nil {
		return domain.Erased{}, errs.Unavailablef("The service is not available right now.").Wrap(err)
	}
	if resp.StatusCode != http.StatusOK {
		if refused := httpx.ReadError(resp.StatusCode, body); refused != nil {
			return domain.Erased{}, refused
		}
		return domain.Erased{}, errs.Internalf("%s answered an erasure with %d", service, resp.StatusCode)
	}
	var receipt commonapi.ErasureReceipt
	if err := json.Unmarshal(body, &receipt); err != nil {
		return domain.Erased{}, errs.Internalf("%s answered an erasure with no receipt: %w", service, err)
	}
	return domain.Erased{Service: service, Counts: receipt.Counts, Complete: receipt.Complete}, nil
}
