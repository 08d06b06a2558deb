// Package snapshot remembers the facts about users between questions, for as
// long as the database vouches for them.
//
// It knows nothing of how that comes about: somebody calls [Store.Rely] to say
// until when what is remembered may be relied on, and [Store.Forget] before any
// change counts as done. While nobody vouches, every question goes to the
// database. So nothing is remembered for a time and hoped to be still true.
package snapshot

import (
	"container/list"
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// Source is where the facts are, as a whole and in two parts: what concerns a
// user, and what concerns everybody in the tenant, which is remembered once.
type Source interface {
	ports.Facts
	LoadUser(ctx context.Context, s domain.Subject, at time.Time) (*domain.UserFacts, error)
	// LoadWithTenant reads both parts from one state.
	LoadWithTenant(ctx context.Context, s domain.Subject, at time.Time) (*domain.TenantFacts, *domain.UserFacts, error)
}

// Store is ports.Facts over a source, with a memory.
type Store struct {
	source  Source
	now     func() time.Time
	most    int // bytes
	metrics *Metrics

	mu      sync.Mutex
	until   time.Time // what is remembered may be relied on before
	entries map[key]*list.Element
	recent  list.List // of *entry, the most recently used first
	size    int
	loads   map[*load]struct{} // under way
}

var _ ports.Facts = (*Store)(nil)

// key is somebody in a tenant, or the tenant itself if user is nil.
type key struct{ tenant, user uuid.UUID }

// matches reports whether k is meant by a tenant and a user of whom the user,
// or both, may be nil for everybody.
func (k key) matches(tenant, user uuid.UUID) bool {
	return (tenant == uuid.Nil || k.tenant == tenant) && (user == uuid.Nil || k.user == user)
}

type entry struct {
	key     key
	tenant  *domain.TenantFacts // of a tenant's entry
	facts   *domain.Facts       // of a user's
	expires time.Time           // of the first of the facts; zero: none does
	size    int
}

// load is a read of the source that began when what it reads might be kept.
type load struct {
	key     key
	tenant  *domain.TenantFacts // what was remembered then
	spoiled bool                // something about it was forgotten since
}

// New returns an empty store over source that keeps at most so many bytes. now
// tells the time of leases and has nothing to do with that of the facts.
func New(source Source, most int, now func() time.Time, m *Metrics) *Store {
	s := &Store{source: source, now: now, most: most, metrics: m, entries: map[key]*list.Element{}, loads: map[*load]struct{}{}}
	m.watch(s)
	return s
}

// Load implements ports.Facts.
//
// Why it is never stale: a change counts as done once Forget has returned for it
// here, or once the time of Rely has run out. So if the time has not run out,
// whatever was done before this call is no longer in the memory.
//
// Why what it joins was never apart: the tenant's part was remembered when the
// user's began to be read. A change of it that is done before the user's part is
// read has spoiled the load, and then both are read at once.
func (s *Store) Load(ctx context.Context, subject domain.Subject, at time.Time) (*domain.Facts, error) {
	facts, l := s.recall(key{subject.Tenant, subject.User}, at)
	switch {
	case facts != nil:
		return facts, nil
	case l == nil:
		return s.source.Load(ctx, subject, at)
	case l.tenant == nil:
		t, u, err := s.source.LoadWithTenant(ctx, subject, at)
		return s.keepBoth(l, t, u, err)
	}
	u, err := s.source.LoadUser(ctx, subject, at)
	if facts, err = s.keep(l, u, err); facts != nil || err != nil {
		return facts, err
	}
	return s.source.Load(ctx, subject, at)
}

// recall returns what is remembered, or else the load that the caller has to
// do, or neither when nothing can be relied on.
func (s *Store) recall(k key, at time.Time) (*domain.Facts, *load) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !reliable(now, s.until) {
		s.metrics.asked.bypassed.Inc()
		return nil, nil
	}
	if e := s.use(k); e != nil {
		s.metrics.asked.hits.Inc()
		if e.expires.IsZero() || at.Before(e.expires) {
			return e.facts, nil
		}
		return e.facts.At(at), nil
	}
	s.metrics.asked.misses.Inc()
	l := &load{key: k}
	if e := s.use(key{tenant: k.tenant}); e != nil {
		l.tenant = e.tenant
	}
	s.loads[l] = struct{}{}
	return nil, l
}

func (s *Store) use(k key) *entry {
	found, ok := s.entries[k]
	if !ok {
		return nil
	}
	s.recent.MoveToFront(found)
	return found.Value.(*entry)
}

// keep ends a load of the user's part. It returns nothing if that does not
// belong to the tenant's part any more.
func (s *Store) keep(l *load, u *domain.UserFacts, err error) (*domain.Facts, error) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.loads, l)
	if err != nil {
		return nil, err
	}
	if l.spoiled || !reliable(now, s.until) {
		s.metrics.spoiled.Inc()
		return nil, nil
	}
	facts, ok := domain.Join(l.tenant, u)
	if !ok { // a role that was made since; its tenant is about to be forgotten
		s.metrics.spoiled.Inc()
		return nil, nil
	}
	s.put(&entry{key: l.key, facts: facts})
	return facts, nil
}

// keepBoth ends a load of both parts. What was overtaken by a change is still a
// true answer for whoever asked before the change was done, but for nobody after.
func (s *Store) keepBoth(l *load, t *domain.TenantFacts, u *domain.UserFacts, err error) (*domain.Facts, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.loads, l)
	if err != nil {
		return nil, err
	}
	facts := domain.JoinKnown(t, u)
	if l.spoiled {
		s.metrics.spoiled.Inc()
		return facts, nil
	}
	s.put(&entry{key: key{tenant: l.key.tenant}, tenant: t})
	s.put(&entry{key: l.key, facts: facts})
	return facts, nil
}

func (s *Store) put(e *entry) {
	if e.facts != nil {
		e.expires, e.size = e.facts.NextExpiry(), sizeOfUser(e.facts)
	} else {
		e.size = sizeOfTenant(e.tenant)
	}
	if e.size > s.most/largestShare {
		return // it would push out too many others
	}
	if old, ok := s.entries[e.key]; ok { // two asked at once
		s.drop(old)
	}
	s.entries[e.key] = s.recent.PushFront(e)
	s.size += e.size
	for s.size > s.most {
		s.drop(s.recent.Back())
		s.metrics.evicted.Inc()
	}
}

// Rely says until when what is remembered may be relied on, by the store's own
// clock. If the time before had run out, changes may have been missed, and
// everything is forgotten first. The zero time ends all reliance.
func (s *Store) Rely(until time.Time) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	if !reliable(now, s.until) || until.IsZero() {
		s.forget(uuid.Nil, uuid.Nil)
	}
	s.until = until
}

// Forget drops what is remembered of a user in a tenant; of everybody there if
// user is nil; of everybody if tenant is nil, too.
func (s *Store) Forget(tenant, user uuid.UUID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forget(tenant, user)
	s.metrics.forgot(tenant, user)
}

func (s *Store) forget(tenant, user uuid.UUID) {
	for l := range s.loads {
		l.spoiled = l.spoiled || l.key.matches(tenant, user)
	}
	if tenant != uuid.Nil && user != uuid.Nil {
		if found, ok := s.entries[key{tenant, user}]; ok {
			s.drop(found)
		}
		return
	}
	for k, found := range s.entries {
		if k.matches(tenant, user) {
			s.drop(found)
		}
	}
}

func (s *Store) drop(found *list.Element) {
	e := s.recent.Remove(found).(*entry)
	delete(s.entries, e.key)
	s.size -= e.size
}

// reliable reports whether now is before until by both of the machine's clocks:
// the monotonic one stands still while a machine is suspended, the other may be
// set back.
func reliable(now, until time.Time) bool {
	return now.Before(until) && now.Round(0).Before(until.Round(0))
}
