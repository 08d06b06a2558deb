package app

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// clientFreshness is how long a client is believed without asking the
// database: clients change when a service is configured anew, and every token
// needs one.
const clientFreshness = 15 * time.Second

// Clients knows the applications that sign people in here.
type Clients struct {
	Clients  ports.Clients
	Tenants  ports.Tenants
	Recorder Recorder
	Clock    ports.Clock

	mu    sync.RWMutex
	known map[string]knownClient
}

type knownClient struct {
	client domain.Client
	until  time.Time
}

// Find returns a client, else ErrClientUnknown.
func (c *Clients) Find(ctx context.Context, id string) (domain.Client, error) {
	if !domain.ValidClientID(id) {
		return domain.Client{}, domain.ErrClientUnknown
	}
	now := c.Clock.Now()
	c.mu.RLock()
	k, ok := c.known[id]
	c.mu.RUnlock()
	if ok && now.Before(k.until) {
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
	c.known[id] = knownClient{client: client, until: now.Add(clientFreshness)}
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
	c.mu.Lock()
	delete(c.known, client.ID)
	c.mu.Unlock()
	return c.Recorder.add(ctx, entry{action: domain.ActionClientRegistered, targetType: "client", targetID: client.ID})
}

// matchRedirect reports whether the client may be answered at uri.
func (c *Clients) matchRedirect(ctx context.Context, client domain.Client, uri string) (bool, error) {
	slug, ok := client.MatchRedirect(uri)
	return c.tenantExists(ctx, slug, ok)
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
