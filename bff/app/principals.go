package app

import (
	"context"
	"encoding/binary"
	"errors"
	"slices"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
)

const (
	principalsCached = 65536
	principalRetry   = 2 * time.Second // between tries while identity is away
	principalTimeout = 2 * time.Second
)

// Principals knows what identity says about the users who are active now. An
// answer is used for domain.PrincipalFresh, so that a suspension bites soon;
// identity's events make it bite at once (Forget).
type Principals struct {
	identity ports.Identity
	clock    ports.Clock
	cache    *lru.Cache[principalKey, principalEntry]
	flight   singleflight.Group
	forgets  atomic.Uint64 // counts what was forgotten: answers from before it are not kept
}

type principalKey struct{ tenant, user uuid.UUID }

type principalEntry struct {
	principal domain.Principal
	known     bool      // identity has such a user
	asked     time.Time // when the answer was given
	until     time.Time // when to ask again
}

// NewPrincipals makes the directory.
func NewPrincipals(identity ports.Identity, clock ports.Clock) (*Principals, error) {
	cache, err := lru.New[principalKey, principalEntry](principalsCached)
	if err != nil {
		return nil, err
	}
	return &Principals{identity: identity, clock: clock, cache: cache}, nil
}

// Of returns the user's standing in the tenant, at most domain.PrincipalFresh
// old, or domain.PrincipalStale while identity is away. After that it fails:
// a user whose standing is unknown may not pass.
func (p *Principals) Of(ctx context.Context, tenant domain.Tenant, user uuid.UUID) (domain.Principal, error) {
	key := principalKey{tenant.ID, user}
	entry, cached := p.cache.Get(key)
	if !cached || !p.clock.Now().Before(entry.until) {
		var err error
		if entry, err = p.refresh(ctx, key, tenant); err != nil {
			return domain.Principal{}, err
		}
	}
	if !entry.known {
		return domain.Principal{}, domain.ErrUnauthenticated
	}
	return entry.principal, nil
}

// Ask returns the user's standing as of now, for a sign-in.
func (p *Principals) Ask(ctx context.Context, tenant domain.Tenant, user uuid.UUID) (domain.Principal, error) {
	p.forgets.Add(1)
	p.cache.Remove(principalKey{tenant.ID, user})
	return p.Of(ctx, tenant, user)
}

// Forget makes the next request of a user ask identity, in whichever tenants
// the user is active.
func (p *Principals) Forget(user uuid.UUID) {
	p.forgets.Add(1)
	for _, key := range p.cache.Keys() {
		if key.user == user {
			p.cache.Remove(key)
		}
	}
}

// ForgetAll does the same for everyone.
func (p *Principals) ForgetAll() {
	p.forgets.Add(1)
	p.cache.Purge()
}

func (p *Principals) refresh(ctx context.Context, key principalKey, tenant domain.Tenant) (principalEntry, error) {
	// Who asks after something was forgotten does not join a question from before.
	forgets := p.forgets.Load()
	flight := string(binary.BigEndian.AppendUint64(slices.Concat(key.tenant[:], key.user[:]), forgets))
	answer, err, _ := p.flight.Do(flight, func() (any, error) {
		if entry, cached := p.cache.Get(key); cached && p.clock.Now().Before(entry.until) {
			return entry, nil // answered since we looked
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), principalTimeout)
		defer cancel()
		asked := p.clock.Now() // before the question: the answer is at least this old
		principal, err := p.identity.Principal(ctx, tenant, key.user)
		entry := principalEntry{principal: principal, known: true, asked: asked, until: asked.Add(domain.PrincipalFresh)}
		switch {
		case errors.Is(err, domain.ErrUnauthenticated):
			entry.known = false
		case err != nil:
			stale, cached := p.cache.Get(key)
			now := p.clock.Now()
			if !cached || now.Sub(stale.asked) >= domain.PrincipalStale {
				return principalEntry{}, errs.Unavailablef("Your account cannot be checked right now. Try again in a moment.").Wrap(err)
			}
			entry = stale
			entry.until = now.Add(principalRetry)
			if limit := stale.asked.Add(domain.PrincipalStale); entry.until.After(limit) {
				entry.until = limit
			}
		}
		if p.forgets.Load() == forgets {
			p.cache.Add(key, entry)
		}
		return entry, nil
	})
	if err != nil {
		return principalEntry{}, err
	}
	return answer.(principalEntry), nil
}
