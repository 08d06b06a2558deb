package app

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// clientFreshness is how long a client is taken from memory: clients change seldom, and every token needs one.
const clientFreshness = 15 * time.Second

// Clients knows the applications that sign people in here.
type Clients struct {
	*Deps

	mu    sync.RWMutex
	known map[string]knownClient

	browsers   []domain.Client // the public ones
	browsersAt time.Time
}

type knownClient struct {
	client domain.Client
	at     time.Time
}

// fresh reports whether something read at a time is younger than limit. After the clock was set back it is not.
func fresh(at, now time.Time, limit time.Duration) bool {
	age := now.Sub(at)
	return age >= 0 && age < limit
}

// Find returns a client that is enabled, else ErrClientUnknown.
func (c *Clients) Find(ctx context.Context, id string) (domain.Client, error) {
	client, err := c.remembered(ctx, id)
	if err == nil && !client.Enabled() {
		err = domain.ErrClientUnknown
	}
	return client, err
}

func (c *Clients) remembered(ctx context.Context, id string) (domain.Client, error) {
	if !domain.ValidClientID(id) {
		return domain.Client{}, domain.ErrClientUnknown
	}
	now := c.Clock.Now()
	c.mu.RLock()
	k, ok := c.known[id]
	c.mu.RUnlock()
	if ok && fresh(k.at, now, clientFreshness) {
		return k.client, nil
	}
	client, err := c.Clients.ByID(ctx, id)
	if err != nil {
		return domain.Client{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known == nil {
		c.known = map[string]knownClient{}
	}
	c.known[id] = knownClient{client: client, at: now}
	return client, nil
}

// Authenticate returns the client whose secret it is, else ErrInvalidClient. A
// public client authenticates with its id alone.
func (c *Clients) Authenticate(ctx context.Context, id, secret string) (domain.Client, error) {
	client, err := c.Find(ctx, id)
	if errors.Is(err, domain.ErrClientUnknown) {
		return domain.Client{}, domain.ErrInvalidClient
	}
	if err != nil {
		return domain.Client{}, err
	}
	if !client.Authenticate(secret) {
		return domain.Client{}, domain.ErrInvalidClient
	}
	return client, nil
}

// AuthenticateAssertion returns the client that has signed an assertion (private_key_jwt), else ErrInvalidClient. An assertion
// authenticates once. id, which may be empty, is the client that the request names.
func (c *Clients) AuthenticateAssertion(ctx context.Context, id, kind, assertion string) (domain.Client, error) {
	if kind != domain.AssertionType {
		return domain.Client{}, domain.ErrInvalidClient
	}
	issuer, err := c.Assertions.Issuer(assertion)
	if err != nil {
		return domain.Client{}, err
	}
	if id != "" && id != issuer {
		return domain.Client{}, domain.ErrInvalidClient
	}
	client, err := c.Find(ctx, issuer)
	if errors.Is(err, domain.ErrClientUnknown) {
		return domain.Client{}, domain.ErrInvalidClient
	}
	if err != nil {
		return domain.Client{}, err
	}
	read, err := c.readAssertion(ctx, client, assertion)
	if err == nil {
		err = read.Check(client.ID, []string{c.Issuer, c.Issuer + PathToken}, c.Clock.Now())
	}
	if err != nil {
		return domain.Client{}, err
	}
	used, err := c.Clients.UseAssertion(ctx, read.Hash(), read.Expires)
	if err == nil && !used {
		err = domain.ErrInvalidClient
	}
	return client, err
}

// PathToken is the path of the token endpoint, which assertions may name as their audience.
const PathToken = "/oauth/token"

// maxBrowsers is how many public clients may be called from pages.
const maxBrowsers = 1000

// AllowsOrigin reports whether pages of an origin may call the provider: it is one of a public client,
// or that of a redirect URI of it.
func (c *Clients) AllowsOrigin(ctx context.Context, origin string) (bool, error) {
	now := c.Clock.Now()
	c.mu.RLock()
	browsers, at := c.browsers, c.browsersAt
	c.mu.RUnlock()
	if at.IsZero() || !fresh(at, now, clientFreshness) {
		var err error
		if browsers, err = c.Clients.Browsers(ctx, maxBrowsers); err != nil {
			return false, err
		}
		c.mu.Lock()
		c.browsers, c.browsersAt = browsers, now
		c.mu.Unlock()
	}
	for _, client := range browsers {
		if slices.Contains(client.Origins, origin) {
			return true, nil
		}
		slug, ok := client.MatchOrigin(origin)
		if ok, err := c.tenantExists(ctx, slug, ok); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

// Register stores a client as configured.
func (c *Clients) Register(ctx context.Context, client domain.Client) error {
	client.RegisteredAt = c.Clock.Now()
	if err := client.Validate(); err != nil {
		return err
	}
	changed, err := c.Clients.Put(ctx, client)
	if err != nil || !changed {
		return err
	}
	c.forget(client.ID)
	return c.Recorder.add(ctx, audit.Entry{Action: domain.ActionClientRegistered, TargetType: "client", TargetID: client.ID})
}

// forget makes the next request read a client anew.
func (c *Clients) forget(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.known, id)
	c.browsersAt = time.Time{}
}

// matchRedirect reports whether the client may be answered at uri; ErrTenantClosed when it belongs to a closed tenant.
func (c *Clients) matchRedirect(ctx context.Context, client domain.Client, uri string) (bool, error) {
	slug, ok := client.MatchRedirect(uri)
	if !ok || slug == "" {
		return ok, nil
	}
	tenant, err := c.Tenants.Any(ctx, slug)
	if errors.Is(err, domain.ErrTenantUnknown) {
		return false, nil
	}
	return err == nil, open(&tenant, err)
}

func (c *Clients) tenantExists(ctx context.Context, slug string, ok bool) (bool, error) {
	if !ok || slug == "" {
		return ok, nil
	}
	_, err := c.Tenants.BySlug(ctx, slug)
	if errors.Is(err, domain.ErrTenantUnknown) {
		return false, nil
	}
	return err == nil, err
}

// CheckTarget reports ErrRedirectTarget unless target has the origin of one of
// the client's registered redirect URIs; of one per tenant, the given tenant's.
func (c *Clients) CheckTarget(ctx context.Context, clientID, target, tenant string) error {
	client, err := c.Find(ctx, clientID)
	if err != nil {
		return err
	}
	slug, ok := client.MatchOrigin(target)
	if !ok || (slug != "" && slug != tenant) {
		return domain.ErrRedirectTarget
	}
	return nil
}
