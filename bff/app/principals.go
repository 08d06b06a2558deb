package app

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

// Principals knows the standing of the users who are active now. An answer of the ID service is used for
// domain.PrincipalFresh, and its events make the gateway ask at once (Forget).
type Principals struct {
	answers *directory[principalKey, domain.Principal]
}

type principalKey struct {
	tenant uuid.UUID
	slug   string
	user   uuid.UUID
}

func keyOf(tenant domain.Tenant, user uuid.UUID) principalKey {
	return principalKey{tenant.ID, tenant.Slug, user}
}

// NewPrincipals makes the directory.
func NewPrincipals(identity ports.Identity, clock ports.Clock) (*Principals, error) {
	answers, err := newDirectory(clock, directoryConfig[principalKey, domain.Principal]{
		ask: func(ctx context.Context, key principalKey) (domain.Principal, error) {
			return identity.Principal(ctx, domain.Tenant{ID: key.tenant, Slug: key.slug}, key.user)
		},
		none: []*errs.Error{domain.ErrUnauthenticated}, away: errs.Unavailablef("Your account cannot be checked right now. Try again in a moment."),
		size: 65536, fresh: domain.PrincipalFresh, gone: domain.PrincipalFresh, stale: domain.PrincipalStale,
	})
	return &Principals{answers: answers}, err
}

// Of returns the user's standing in the tenant, at most domain.PrincipalFresh old, or domain.PrincipalStale while the ID
// service is away. After that it fails: a user whose standing is unknown may not pass.
func (p *Principals) Of(ctx context.Context, tenant domain.Tenant, user uuid.UUID) (domain.Principal, error) {
	return p.answers.get(ctx, keyOf(tenant, user))
}

// Ask returns the user's standing as of now, for a sign-in.
func (p *Principals) Ask(ctx context.Context, tenant domain.Tenant, user uuid.UUID) (domain.Principal, error) {
	p.answers.forgets.Add(1)
	p.answers.cache.Remove(keyOf(tenant, user))
	return p.Of(ctx, tenant, user)
}

// Forget makes the next request of a user ask the ID service, in every tenant.
func (p *Principals) Forget(user uuid.UUID) {
	p.answers.forget(func(key principalKey) bool { return key.user == user })
}

// ForgetAll makes the next request of every user ask the ID service.
func (p *Principals) ForgetAll() { p.answers.forget(func(principalKey) bool { return true }) }
