// Package app holds the use cases of the gateway: finding the tenant of a host, finding the user of a cookie, signing in
// and out, describing the session.
package app

import (
	"context"
	"math"
	"time"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

// Tenants finds the tenant of a host. While the ID service is away, tenants seen before stay known.
type Tenants struct {
	rule    domain.HostRule
	answers *directory[string, domain.Tenant]
}

// NewTenants makes the directory.
func NewTenants(rule domain.HostRule, identity ports.Identity, clock ports.Clock) (*Tenants, error) {
	answers, err := newDirectory(clock, directoryConfig[string, domain.Tenant]{
		ask: identity.Tenant, none: []*errs.Error{domain.ErrTenantNotFound, domain.ErrTenantClosed}, away: errs.Unavailablef("The community cannot be looked up right now."),
		size: 8192, fresh: time.Minute, gone: 5 * time.Second, stale: math.MaxInt64,
	})
	return &Tenants{rule: rule, answers: answers}, err
}

// ByHost returns the tenant a Host header names, domain.ErrTenantNotFound or domain.ErrTenantClosed.
func (t *Tenants) ByHost(ctx context.Context, host string) (domain.Tenant, error) {
	slug, ok := t.rule.Slug(host)
	if !ok {
		return domain.Tenant{}, domain.ErrTenantNotFound
	}
	return t.answers.get(ctx, slug)
}

// check fails with domain.ErrTenantClosed for a tenant that is closed.
func (t *Tenants) check(ctx context.Context, slug string) error {
	_, err := t.answers.get(ctx, slug)
	return err
}

// Cached reports whether ByHost would not have to ask the ID service.
func (t *Tenants) Cached(host string) bool {
	slug, ok := t.rule.Slug(host)
	if !ok {
		return true
	}
	_, ok = t.answers.remembered(slug)
	return ok
}

// Forget makes the next request of a tenant ask the ID service.
func (t *Tenants) Forget(slug string) { t.answers.forget(func(key string) bool { return key == slug }) }

// ForgetAll makes the next request of every tenant ask the ID service. Those that are known stay known while it is away.
func (t *Tenants) ForgetAll() { t.answers.expire() }
