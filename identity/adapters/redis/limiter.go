// Package redis counts attempts across instances. Redis is never the only
// thing between a guesser and an account: while it is away each instance counts
// alone.
package redis

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"

	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/ratelimit"
)

const (
	callTimeout  = 100 * time.Millisecond // then the instance counts alone
	dialTimeout  = 500 * time.Millisecond
	writeTimeout = time.Second
	probeEvery   = time.Second
	prefix       = "id:limit"
)

// Limiter implements ports.Limiter.
type Limiter struct {
	option rueidis.ClientOption
	shared *ratelimit.Counter
	local  ports.Limiter
	log    *slog.Logger
	conn   atomic.Pointer[rueidis.Client] // nil until the first connection
	well   atomic.Bool
	wait   time.Duration // for an answer
}

// NewLimiter reads the URL; [Limiter.Run] connects. local counts meanwhile, and
// whenever Redis is away.
func NewLimiter(url string, local ports.Limiter, log *slog.Logger) (*Limiter, error) {
	option, err := rueidis.ParseURL(url)
	if err != nil {
		return nil, errors.New("REDIS_URL cannot be read") // the error would repeat the password
	}
	option.Dialer.Timeout = dialTimeout
	option.ConnWriteTimeout = writeTimeout
	option.DisableRetry = true
	option.DisableCache = true // counters are never read from a cache
	option.AlwaysRESP2 = true
	option.PipelineMultiplex = -1 // one connection, so that what the probe asks is what is used
	option.ClientName = "identity"
	return &Limiter{option: option, shared: ratelimit.NewCounter(), local: local, log: log, wait: callTimeout}, nil
}

// Run keeps the connection until ctx ends.
func (l *Limiter) Run(ctx context.Context) error {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		if !l.well.Load() {
			if err := l.probe(ctx); err != nil {
				l.log.DebugContext(ctx, "redis is away", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			l.well.Store(false)
			if conn := l.conn.Load(); conn != nil {
				(*conn).Close()
			}
			return nil
		case <-tick.C:
		}
	}
}

func (l *Limiter) probe(ctx context.Context) error {
	conn := l.conn.Load()
	if conn == nil {
		fresh, err := rueidis.NewClient(l.option)
		if err != nil {
			return fmt.Errorf("connecting: %w", err)
		}
		conn = &fresh
		l.conn.Store(conn)
	}
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	if err := (*conn).Do(ctx, (*conn).B().Ping().Build()).Error(); err != nil {
		return fmt.Errorf("asking: %w", err)
	}
	l.well.Store(true)
	l.log.InfoContext(ctx, "attempts are counted in redis")
	return nil
}

// Blocked implements ports.Limiter.
func (l *Limiter) Blocked(ctx context.Context, limit ports.Limit, key string) time.Duration {
	if wait, ok := l.ask(ctx, limit, key, 0); ok {
		return wait
	}
	return l.local.Blocked(ctx, limit, key)
}

// Count implements ports.Limiter.
func (l *Limiter) Count(ctx context.Context, limit ports.Limit, key string) time.Duration {
	if wait, ok := l.ask(ctx, limit, key, 1); ok {
		return wait
	}
	return l.local.Count(ctx, limit, key)
}

// Reset implements ports.Limiter.
func (l *Limiter) Reset(ctx context.Context, limit ports.Limit, key string) {
	l.local.Reset(ctx, limit, key)
	if !l.well.Load() {
		return
	}
	conn := *l.conn.Load()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.wait)
	defer cancel()
	l.failed(conn.Do(ctx, conn.B().Del().Key(redisKey(limit, key)).Build()).Error())
}

// ask puts the question to Redis, with n more attempts; ok is false when Redis
// did not answer.
func (l *Limiter) ask(ctx context.Context, limit ports.Limit, key string, n int) (wait time.Duration, ok bool) {
	if !l.well.Load() {
		return 0, false
	}
	// not until the request ends: a browser that goes away says nothing about Redis
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), l.wait)
	defer cancel()
	count, err := l.shared.Add(ctx, *l.conn.Load(), redisKey(limit, key), n, limit.Window)
	if err != nil {
		l.failed(err)
		return 0, false
	}
	if count.Events < int64(limit.Events) || count.Events == int64(limit.Events) && n > 0 {
		return 0, true
	}
	return max(count.Left, time.Second), true
}

func (l *Limiter) failed(err error) {
	if err == nil {
		return
	}
	if refusal := new(rueidis.RedisError); errors.As(err, &refusal) {
		l.log.Warn("redis refused a command", "error", err)
		return
	}
	if l.well.CompareAndSwap(true, false) {
		l.log.Warn("redis is away: this instance counts attempts alone", "error", err)
	}
}

// redisKey keeps addresses of people out of Redis.
func redisKey(limit ports.Limit, key string) string {
	sum := sha256.Sum256([]byte(key))
	return prefix + ":" + limit.Name + ":" + hex.EncodeToString(sum[:16])
}
