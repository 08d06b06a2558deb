package redis

import (
	"context"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"

	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/ratelimit"
)

const (
	limitWindow = time.Minute
	limiterKeys = 65536 // addresses are chosen by clients: the memory for them is bounded

	// A count is taken from Redis in portions, so that most requests cost no
	// round trip: a portion is at most this part of the limit, and this many.
	portionPart = 50
	portionMax  = 32
)

// Limits are requests per minute and key; 0 means no limit.
type Limits map[ports.Bucket]int

// Limiter counts requests in fixed windows of a minute, across instances in
// Redis, and per instance while Redis is away.
type Limiter struct {
	limits Limits
	client *Client
	clock  ports.Clock
	shared *ratelimit.Counter
	keys   *lru.Cache[string, *allowance]
}

var _ ports.Limiter = (*Limiter)(nil)

// NewLimiter makes the limiter.
func NewLimiter(limits Limits, client *Client, clock ports.Clock) (*Limiter, error) {
	keys, err := lru.New[string, *allowance](limiterKeys)
	if err != nil {
		return nil, err
	}
	return &Limiter{limits: limits, client: client, clock: clock, shared: ratelimit.NewCounter(), keys: keys}, nil
}

// allowance is what one key may still do in the window under way.
type allowance struct {
	mu      sync.Mutex
	until   time.Time // end of the window
	left    int       // may be used without asking
	refused bool      // nothing more in this window
	shared  bool      // counted in Redis, else by this instance
}

// Take implements ports.Limiter.
func (l *Limiter) Take(_ context.Context, bucket ports.Bucket, key string) ports.Verdict {
	limit := l.limits[bucket]
	verdict := ports.Verdict{Allowed: true, Limit: limit, Window: limitWindow}
	if limit <= 0 {
		return verdict
	}
	name := string(bucket) + ":" + key
	a, ok := l.keys.Get(name)
	if !ok {
		fresh := &allowance{}
		if known, was, _ := l.keys.PeekOrAdd(name, fresh); was {
			a = known
		} else {
			a = fresh
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	now := l.clock.Now()
	if !now.Before(a.until) {
		a.left, a.refused, a.until = 0, false, time.Time{}
	}
	if a.left == 0 && !a.refused {
		l.refill(a, name, limit, now)
	}
	if a.left > 0 {
		a.left--
		return verdict
	}
	verdict.Allowed = false
	verdict.RetryAfter = max(a.until.Sub(now), time.Second)
	return verdict
}

// refill gets the next portion, from Redis if it is well.
func (l *Limiter) refill(a *allowance, name string, limit int, now time.Time) {
	if portion, until, ok := l.ask(name, limit, now); ok {
		a.left, a.until, a.shared = portion, until, true
		a.refused = portion == 0
		return
	}
	if a.until.IsZero() || a.shared { // a window of our own begins
		a.left, a.until, a.shared = limit, now.Add(limitWindow), false
		return
	}
	a.refused = true
}

// ask takes a portion from the count in Redis.
func (l *Limiter) ask(name string, limit int, now time.Time) (portion int, until time.Time, ok bool) {
	conn, ok := l.client.get()
	if !ok {
		return 0, time.Time{}, false
	}
	portion = min(max(limit/portionPart, 1), portionMax)
	ctx, cancel := call()
	defer cancel()
	count, err := l.shared.Add(ctx, conn, "bff:rate:"+name, portion, limitWindow)
	if err != nil {
		l.client.failed(err)
		return 0, time.Time{}, false
	}
	if count.Events > int64(limit) {
		portion = 0
	}
	return portion, now.Add(count.Left), true
}
