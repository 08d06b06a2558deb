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
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// services are all that store personal data of a tenant. Access is the first, because it refuses to erase the last administrator, and then
// nothing is erased; portal the last, because it knows the names, so that an erasure that failed halfway can be repeated.
var services = []string{"access", "voting", "events", "activity", "gamification", "portal"}

const (
	patience   = 2 * time.Minute // for the erasure of one service
	maxReceipt = 64 << 10
	maxPage    = 16 << 20
)

// own is the name of the gateway among the services.
const own = "bff"

// exportPage is how many items a service is asked for at once: they are passed on in one request.
const exportPage = 20

// Client implements ports.PersonalData.
type Client struct {
	store  *personaldata.Store // of the gateway's own data; nil: it is left out
	portal *portalapi.ClientWithResponses
	at     map[string]service
}

type service struct {
	url  string
	http *http.Client
}

var _ ports.PersonalData = (*Client)(nil)

// New returns a client of the services at their addresses, by name. transport makes the one that signs for a service.
func New(addresses map[string]string, store *personaldata.Store, transport func(service string) (http.RoundTripper, error)) (*Client, error) {
	c := &Client{store: store, at: map[string]service{}}
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
func (c *Client) Services() []string {
	if c.store == nil {
		return services
	}
	return append([]string{own}, services...)
}

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

// asOwn is the context in which the gateway reads and erases what it stores itself.
func asOwn(ctx context.Context, tenant domain.Tenant) context.Context {
	return reqctx.With(ctx, reqctx.Context{Caller: own, RequestID: reqctx.From(ctx).RequestID, TenantID: tenant.ID, TenantSlug: tenant.Slug})
}

// Export implements ports.PersonalData. The path is the same in every service.
func (c *Client) Export(ctx context.Context, service string, tenant domain.Tenant, user uuid.UUID, cursor string) ([]domain.DataItem, string, error) {
	if service == own {
		found, err := c.store.Export(asOwn(ctx, tenant), user, page.Request{Limit: exportPage, Cursor: cursor})
		return wire.Each(found.Items, func(i personaldata.SectionItem) domain.DataItem {
			return domain.DataItem{Section: i.Section, Data: i.Data}
		}), found.Next, err
	}
	query := url.Values{"limit": {strconv.Itoa(exportPage)}}
	if cursor != "" {
		query.Set("cursor", cursor)
	}
	var found commonapi.PersonalDataPage
	if err := c.ask(in(ctx, tenant), http.MethodGet, service, user, query, maxPage, &found); err != nil {
		return nil, "", err
	}
	return wire.Each(found.Items, func(i commonapi.PersonalDataItem) domain.DataItem {
		return domain.DataItem{Section: i.Section, Data: i.Data}
	}), wire.Get(found.NextCursor), nil
}

// Erase implements ports.PersonalData. The path is the same in every service. One that keeps nothing of others does not look at the names.
func (c *Client) Erase(ctx context.Context, service string, tenant domain.Tenant, user uuid.UUID, names []string) (domain.Erased, error) {
	if service == own {
		receipt, err := c.store.Erase(asOwn(ctx, tenant), user, names...)
		return domain.Erased{Service: service, Counts: receipt.Counts, Complete: receipt.Complete}, err
	}
	var receipt commonapi.ErasureReceipt
	if err := c.ask(in(ctx, tenant), http.MethodDelete, service, user, url.Values{"name": names}, maxReceipt, &receipt); err != nil {
		return domain.Erased{}, err
	}
	return domain.Erased{Service: service, Counts: receipt.Counts, Complete: receipt.Complete}, nil
}

// ask sends a request about a user to a service and reads its answer.
func (c *Client) ask(ctx context.Context, method, service string, user uuid.UUID, query url.Values, limit int64, out any) error {
	at := c.at[service]
	req, err := http.NewRequestWithContext(ctx, method, at.url+"/internal/v1/personal-data/"+user.String()+"?"+query.Encode(), nil)
	if err != nil {
		return err
	}
	resp, err := at.http.Do(req)
	if err != nil {
		return errs.Unavailablef("The service is not available right now.").Wrap(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit))
	if err != nil {
		return errs.Unavailablef("The service is not available right now.").Wrap(err)
	}
	if resp.StatusCode != http.StatusOK {
		if refused := httpx.ReadError(resp.StatusCode, body); refused != nil {
			return refused
		}
		return errs.Internalf("%s answered a question about personal data with %d", service, resp.StatusCode)
	}
	if err := json.Unmarshal(body, out); err != nil {
		return errs.Internalf("%s answered a question about personal data with something else: %w", service, err)
	}
	return nil
}
