package factcache

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// Source reads facts from the database: all at once, or in two parts. The tenant's part is cached once for all its users.
type Source interface {
	ports.Facts
	LoadUser(ctx context.Context, s domain.Subject, at time.Time) (*domain.UserFacts, error)
	// LoadWithTenant reads both parts from one state of the database.
	LoadWithTenant(ctx context.Context, s domain.Subject, at time.Time) (*domain.TenantFacts, *domain.UserFacts, error)
}

// Cache is a ports.Facts that caches what it reads from a source. While it is not valid, every Load reads the source.
type Cache struct {
	source   Source
	now      func() time.Time
	maxBytes int
	metrics  *Metrics

	mu         sync.Mutex
	validUntil time.Time
	entries    map[key]*list.Element
	recent     list.List // of *entry, the most recently used first
	size       int
	loads      map[*load]struct{} // running reads of the source
}

var _ ports.Facts = (*Cache)(nil)

// key names a user in a tenant, or the tenant itself if user is nil.
type key struct{ tenant, user uuid.UUID }

// matches reports whether k is the given user in the given tenant. A nil tenant or user matches all.
func (k key) matches(tenant, user uuid.UUID) bool {
	return (tenant == uuid.Nil || k.tenant == tenant) && (user == uuid.Nil || k.user == user)
}

type entry struct {
	key     key
	tenant  *domain.TenantFacts // of a tenant's entry
	facts   *domain.Facts       // of a user's entry
	expires time.Time           // of the first fact that expires; zero: none does
	size    int
}

// load is a read of the source whose result may be cached.
type load struct {
	key    key
	tenant *domain.TenantFacts // the cached tenant part when the read began
	stale  bool                // an invalidation during the read concerns it
}

// New returns an empty, invalid cache over source that holds at most maxBytes. now is the clock of the lease and is
// independent of the time at which facts are asked for.
func New(source Source, maxBytes int, now func() time.Time, m *Metrics) *Cache {
	c := &Cache{source: source, now: now, maxBytes: maxBytes, metrics: m, entries: map[key]*list.Element{}, loads: map[*load]struct{}{}}
	m.watch(c)
	return c
}

// Load implements ports.Facts.
//
// It never returns stale facts: a change is acknowledged only after Invalidate has returned for it here or after the
// validity has run out, so an entry found in a valid cache reflects every change acknowledged before this call.
//
// It never joins parts of different states: the tenant's part was cached before the user's part is read. A change of the
// tenant's part in between marks the load stale, and then both parts are read at once.
func (c *Cache) Load(ctx context.Context, subject domain.Subject, at time.Time) (*domain.Facts, error) {
	facts, l := c.lookup(key{subject.Tenant, subject.User}, at)
	switch {
	case facts != nil:
		return facts, nil
	case l == nil:
		return c.source.Load(ctx, subject, at)
	case l.tenant == nil:
		t, u, err := c.source.LoadWithTenant(ctx, subject, at)
		return c.storeBoth(l, t, u, err)
	}
	u, err := c.source.LoadUser(ctx, subject, at)
	if facts, err = c.storeUser(l, u, err); facts != nil || err != nil {
		return facts, err
	}
	return c.source.Load(ctx, subject, at)
}

// lookup returns the cached facts; or the load that the caller must do; or neither while the cache is not valid.
func (c *Cache) lookup(k key, at time.Time) (*domain.Facts, *load) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !before(now, c.validUntil) {
		c.metrics.lookups.bypass.Inc()
		return nil, nil
	}
	if e := c.get(k); e != nil {
		c.metrics.lookups.hit.Inc()
		if e.expires.IsZero() || at.Before(e.expires) {
			return e.facts, nil
		}
		return e.facts.At(at), nil
	}
	c.metrics.lookups.miss.Inc()
	l := &load{key: k}
	if e := c.get(key{tenant: k.tenant}); e != nil {
		l.tenant = e.tenant
	}
	c.loads[l] = struct{}{}
	return nil, l
}

func (c *Cache) get(k key) *entry {
	found, ok := c.entries[k]
	if !ok {
		return nil
	}
	c.recent.MoveToFront(found)
	return found.Value.(*entry)
}

// storeUser ends a load of the user's part. It returns nil facts if that part no longer matches the tenant's part.
func (c *Cache) storeUser(l *load, u *domain.UserFacts, err error) (*domain.Facts, error) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.loads, l)
	if err != nil {
		return nil, err
	}
	if l.stale || !before(now, c.validUntil) {
		c.metrics.stale.Inc()
		return nil, nil
	}
	facts, ok := domain.Join(l.tenant, u)
	if !ok { // the role is newer than the tenant's part, whose invalidation is on its way
		c.metrics.stale.Inc()
		return nil, nil
	}
	c.put(&entry{key: l.key, facts: facts})
	return facts, nil
}

// storeBoth ends a load of both parts. A stale result still answers this caller, who asked before the change was
// acknowledged; it is not cached.
func (c *Cache) storeBoth(l *load, t *domain.TenantFacts, u *domain.UserFacts, err error) (*domain.Facts, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.loads, l)
	if err != nil {
		return nil, err
	}
	facts := domain.JoinKnown(t, u)
	if l.stale {
		c.metrics.stale.Inc()
		return facts, nil
	}
	c.put(&entry{key: key{tenant: l.key.tenant}, tenant: t})
	c.put(&entry{key: l.key, facts: facts})
	return facts, nil
}

func (c *Cache) put(e *entry) {
	if e.facts != nil {
		e.expires, e.size = e.facts.NextExpiry(), sizeOfUser(e.facts)
	} else {
		e.size = sizeOfTenant(e.tenant)
	}
	if e.size > c.maxBytes/largestShare {
		return // it would evict too many others
	}
	if old, ok := c.entries[e.key]; ok { // two loads of one key
		c.remove(old)
	}
	c.entries[e.key] = c.recent.PushFront(e)
	c.size += e.size
	for c.size > c.maxBytes {
		c.remove(c.recent.Back())
		c.metrics.evicted.Inc()
	}
}

// SetValidUntil extends the validity of the cache, by the cache's own clock. If the validity before had run out,
// invalidations may have been missed, so everything is dropped first. The zero time ends the validity.
func (c *Cache) SetValidUntil(until time.Time) {
	now := c.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if !before(now, c.validUntil) || until.IsZero() {
		c.invalidate(uuid.Nil, uuid.Nil)
	}
	c.validUntil = until
}

// Invalidate drops the entries of a user in a tenant; of the whole tenant if user is nil; all if tenant is nil, too.
func (c *Cache) Invalidate(tenant, user uuid.UUID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.invalidate(tenant, user)
	c.metrics.countInvalidation(tenant, user)
}

func (c *Cache) invalidate(tenant, user uuid.UUID) {
	for l := range c.loads {
		l.stale = l.stale || l.key.matches(tenant, user)
	}
	if tenant != uuid.Nil && user != uuid.Nil {
		if found, ok := c.entries[key{tenant, user}]; ok {
			c.remove(found)
		}
		return
	}
	for k, found := range c.entries {
		if k.matches(tenant, user) {
			c.remove(found)
		}
	}
}

func (c *Cache) remove(found *list.Element) {
	e := c.recent.Remove(found).(*entry)
	delete(c.entries, e.key)
	c.size -= e.size
}

// before compares by both clocks of the machine: the monotonic clock stops while a machine is suspended, and the wall
// clock may be set back.
func before(now, until time.Time) bool {
	return now.Before(until) && now.Round(0).Before(until.Round(0))
}
