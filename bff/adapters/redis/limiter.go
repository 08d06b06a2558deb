package redis

import (
	"context"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/redis/rueidis"
	"github.com/redis/rueidis/rueidislimiter"

	"go.updspace.com/bff/ports"
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
	keys   *lru.Cache[string, *allowance]
}

var _ ports.Limiter = (*Limiter)(nil)

// NewLimiter makes the limiter.
func NewLimiter(limits Limits, client *Client, clock ports.Clock) (*Limiter, error) {
	keys, err := lru.New[string, *allowance](limiterKeys)
	if err != nil {
		return nil, err
	}
	return &Limiter{limits: limits, client: client, clock: clock, keys: keys}, nil
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
	if portion, until, ok := l.ask(name, limit); ok {
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

// ask takes a portion from the count in Redis. The limiter's library reuses
// the memory of a command once it has returned, so the command is never given
// up on: it is waited for, for a while, and then left to finish by itself.
func (l *Limiter) ask(name string, limit int) (portion int, until time.Time, ok bool) {
	conn, ok := l.client.get()
	if !ok {
		return 0, time.Time{}, false
	}
	counter, err := rueidislimiter.NewRateLimiter(rueidislimiter.RateLimiterOption{
		ClientBuilder: func(rueidis.ClientOption) (rueidis.Client, error) { return conn, nil },
		KeyPrefix:     "bff:rate", Limit: limit, Window: limitWindow,
	})
	if err != nil {
		return 0, time.Time{}, false
	}
	type answer struct {
		result rueidislimiter.Result
		err    error
	}
	portion = min(max(limit/portionPart, 1), portionMax)
	done := make(chan answer, 1)
	go func() {
		result, err := counter.AllowN(context.Background(), name, int64(portion))
		done <- answer{result, err}
	}()
	patience := time.NewTimer(callTimeout)
	defer patience.Stop()
	select {
	case <-patience.C:
		l.client.failed(context.DeadlineExceeded)
		return 0, time.Time{}, false
	case a := <-done:
		if a.err != nil {
			l.client.failed(a.err)
			return 0, time.Time{}, false
		}
		if !a.result.Allowed {
			portion = 0
		}
		return portion, time.UnixMilli(a.result.ResetAtMs), true
	}
}
