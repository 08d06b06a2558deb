// Package app holds the use cases of the gateway: finding the tenant of a host,
// knowing who is behind a cookie, signing in and out, describing the session.
package app

import (
	"context"
	"errors"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

// How long answers about tenants are used.
const (
	tenantFresh   = 60 * time.Second // a tenant that exists
	tenantMissing = 5 * time.Second  // a slug that does not
	tenantRetry   = 2 * time.Second  // between tries while identity is away
	tenantsCached = 8192             // hosts are chosen by clients: the memory for them is bounded
	lookupTimeout = 2 * time.Second
)

// Tenants finds the tenant of a host. It asks identity and remembers the
// answer; while identity is away, tenants seen before stay known.
type Tenants struct {
	rule     domain.HostRule
	identity ports.Identity
	clock    ports.Clock
	cache    *lru.Cache[string, tenantEntry]
	flight   singleflight.Group
}

type tenantEntry struct {
	tenant domain.Tenant
	exists bool
	until  time.Time
}

// NewTenants makes the directory.
func NewTenants(rule domain.HostRule, identity ports.Identity, clock ports.Clock) (*Tenants, error) {
	cache, err := lru.New[string, tenantEntry](tenantsCached)
	if err != nil {
		return nil, err
	}
	return &Tenants{rule: rule, identity: identity, clock: clock, cache: cache}, nil
}

// ByHost returns the tenant a Host header names, or domain.ErrTenantNotFound.
func (t *Tenants) ByHost(ctx context.Context, host string) (domain.Tenant, error) {
	slug, ok := t.rule.Slug(host)
	if !ok {
		return domain.Tenant{}, domain.ErrTenantNotFound
	}
	entry, known := t.cache.Get(slug)
	if !known || !t.clock.Now().Before(entry.until) {
		var err error
		if entry, err = t.refresh(ctx, slug); err != nil {
			return domain.Tenant{}, err
		}
	}
	if !entry.exists {
		return domain.Tenant{}, domain.ErrTenantNotFound
	}
	return entry.tenant, nil
}

// refresh asks identity, once however many requests are waiting. The question
// outlives the request that happened to be first.
func (t *Tenants) refresh(ctx context.Context, slug string) (tenantEntry, error) {
	answer, err, _ := t.flight.Do(slug, func() (any, error) {
		if entry, known := t.cache.Get(slug); known && t.clock.Now().Before(entry.until) {
			return entry, nil // answered since we looked
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupTimeout)
		defer cancel()
		tenant, err := t.identity.Tenant(ctx, slug)
		now := t.clock.Now()
		entry := tenantEntry{tenant: tenant, exists: true, until: now.Add(tenantFresh)}
		switch {
		case errors.Is(err, domain.ErrTenantNotFound):
			entry = tenantEntry{until: now.Add(tenantMissing)}
		case err != nil:
			stale, known := t.cache.Get(slug)
			if !known || !stale.exists {
				return tenantEntry{}, errs.Unavailablef("The community cannot be looked up right now.").Wrap(err)
			}
			entry, entry.until = stale, now.Add(tenantRetry)
		}
		t.cache.Add(slug, entry)
		return entry, nil
	})
	if err != nil {
		return tenantEntry{}, err
	}
	return answer.(tenantEntry), nil
}
