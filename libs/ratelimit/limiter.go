package ratelimit

import (
	"context"
	"fmt"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// Clock tells the time.
type Clock interface{ Now() time.Time }

// keysPerRule bounds what an instance remembers: keys are chosen by clients. Each rule has its own memory, so that many keys of
// one do not push out those of another.
const keysPerRule = 65536

// Limiter applies the rules of a service. Its methods are safe for concurrent use and always answer, within a tenth of a second.
type Limiter struct {
	rules map[string]*memory
	redis *Connection // nil: every instance alone
	clock Clock
}

// memory is what this instance knows about the keys of a rule.
type memory struct {
	Rule
	keys *lru.Cache[string, *bucket]
}

// bucket is the state of one key.
type bucket struct {
	mu      sync.Mutex
	emptyAt time.Time // when everything is forgiven
	alone   bool      // some of it was taken without Redis, which therefore knows too little
	owed    time.Time // when what was taken without Redis, and not told to it yet, is forgiven
	prepaid int       // taken from Redis and not used yet
	expires time.Time // of prepaid
}

// New returns a limiter with a table of rules. conn may be nil.
func New(conn *Connection, clock Clock, rules ...Rule) (*Limiter, error) {
	l := &Limiter{rules: make(map[string]*memory, len(rules)), redis: conn, clock: clock}
	for _, rule := range rules {
		if err := rule.check(); err != nil {
			return nil, err
		}
		if l.rules[rule.Name] != nil {
			return nil, fmt.Errorf("ratelimit: two rules are named %s", rule.Name)
		}
		keys, err := lru.New[string, *bucket](keysPerRule)
		if err != nil {
			return nil, fmt.Errorf("ratelimit: %w", err)
		}
		l.rules[rule.Name] = &memory{Rule: rule, keys: keys}
	}
	return l, nil
}

// rule panics on a name that is not in the table, which is a defect of the program.
func (l *Limiter) rule(name string) *memory {
	m := l.rules[name]
	if m == nil {
		panic("ratelimit: there is no rule " + name)
	}
	return m
}

func (m *memory) bucket(key string) *bucket {
	if b, ok := m.keys.Get(key); ok {
		return b
	}
	fresh := &bucket{}
	if known, was, _ := m.keys.PeekOrAdd(key, fresh); was {
		return known
	}
	return fresh
}

// Take uses a key's limit, or refuses and uses nothing. cost is usually 1.
//
// To limit guesses, take before the guess is checked, and [Limiter.Reset] after a right one: parallel guesses cannot pass
// between two steps then.
func (l *Limiter) Take(ctx context.Context, rule, key string, cost int) Verdict {
	m := l.rule(rule)
	if m.Burst == 0 {
		return Verdict{Allowed: true}
	}
	b := m.bucket(key)
	b.mu.Lock()
	defer b.mu.Unlock()
	now := l.clock.Now()
	b.bound(m.Rule, now)
	if b.prepaid >= cost && now.Before(b.expires) {
		b.prepaid -= cost
		return m.verdict(true, 0, cost)
	}
	portion := m.portion()
	b.alone = b.alone && b.emptyAt.After(now)
	if (portion > 1 || b.alone) && !b.fits(m.Rule, now, cost) { // other instances can only have added to it
		return m.verdict(false, b.filled(now), cost)
	}
	for _, n := range []int{max(cost, portion), cost} {
		owed := max(b.owed.Sub(now), 0)
		filled, allowed, answered := l.redis.take(ctx, m.Rule, key, m.weight(n)+owed)
		if !answered {
			break
		}
		if allowed {
			b.owed = time.Time{}
		} else {
			filled += owed
		}
		b.learn(now.Add(filled))
		if allowed {
			b.prepaid, b.expires = n-cost, now.Add(m.Per)
		}
		if allowed || n == cost {
			return m.verdict(allowed, filled, cost)
		}
	}
	if !b.fits(m.Rule, now, cost) {
		return m.verdict(false, b.filled(now), cost)
	}
	b.emptyAt, b.alone = now.Add(b.filled(now)+m.weight(cost)), true
	b.owed = now.Add(max(b.owed.Sub(now), 0) + m.weight(cost))
	return m.verdict(true, 0, cost)
}

// Peek tells whether one more use would be allowed, and uses nothing.
func (l *Limiter) Peek(ctx context.Context, rule, key string) Verdict {
	m := l.rule(rule)
	if m.Burst == 0 {
		return Verdict{Allowed: true}
	}
	b := m.bucket(key)
	b.mu.Lock()
	defer b.mu.Unlock()
	now := l.clock.Now()
	b.bound(m.Rule, now)
	if b.prepaid > 0 && now.Before(b.expires) {
		return m.verdict(true, 0, 1)
	}
	if filled, _, answered := l.redis.take(ctx, m.Rule, key, 0); answered {
		b.learn(now.Add(filled + max(b.owed.Sub(now), 0)))
	}
	return m.verdict(b.fits(m.Rule, now, 1), b.filled(now), 1)
}

// Reset forgives a key everything.
func (l *Limiter) Reset(ctx context.Context, rule, key string) {
	m := l.rule(rule)
	b := m.bucket(key)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.emptyAt, b.owed, b.alone, b.prepaid = time.Time{}, time.Time{}, false, 0
	l.redis.forget(ctx, m.Rule, key)
}

// learn takes over what Redis says, except when this instance knows more.
func (b *bucket) learn(emptyAt time.Time) {
	if !b.alone || emptyAt.After(b.emptyAt) {
		b.emptyAt = emptyAt
	}
}

// bound brings a bucket back that a clock, set back since, has left full for longer than any bucket can be.
func (b *bucket) bound(r Rule, now time.Time) {
	if b.emptyAt.Sub(now) > r.Per {
		b.emptyAt = now.Add(r.Per)
	}
	if b.owed.Sub(now) > r.Per {
		b.owed = now.Add(r.Per)
	}
}

// filled is how long the bucket needs until it is empty.
func (b *bucket) filled(now time.Time) time.Duration { return max(b.emptyAt.Sub(now), 0) }

func (b *bucket) fits(r Rule, now time.Time, cost int) bool {
	return b.filled(now)+r.weight(cost) <= r.Per
}
