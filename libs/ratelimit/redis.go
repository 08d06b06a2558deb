package ratelimit

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

const (
	callTimeout  = 100 * time.Millisecond // then the instance decides alone
	dialTimeout  = 500 * time.Millisecond
	writeTimeout = time.Second
	probeEvery   = time.Second
)

// takeScript keeps a bucket as the remaining life of a key, which needs no clock: the key is there for as long as the bucket
// is not empty.
var takeScript = rueidis.NewLuaScript(`
local filled = redis.call("PTTL", KEYS[1])
if filled < 0 then filled = 0 end
local cost, capacity = tonumber(ARGV[1]), tonumber(ARGV[2])
if filled + cost > capacity then return { 0, filled } end
if cost > 0 then redis.call("SET", KEYS[1], "", "PX", filled + cost) end
return { 1, filled + cost }`)

// Connection is a connection to Redis that may not be there. While it does not answer, nothing waits for it: the first call
// that fails takes it out of use until a probe in the background succeeds.
type Connection struct {
	option rueidis.ClientOption
	name   string
	log    *slog.Logger
	conn   atomic.Pointer[rueidis.Client] // nil until the first connection
	well   atomic.Bool
	wait   time.Duration // for an answer
}

// Connect reads the URL; [Connection.Run] connects. The name of the service begins the name of every key.
func Connect(url, service string, log *slog.Logger) (*Connection, error) {
	option, err := rueidis.ParseURL(url)
	if err != nil {
		return nil, errors.New("REDIS_URL cannot be read") // the error would repeat the password
	}
	option.Dialer.Timeout = dialTimeout
	option.ConnWriteTimeout = writeTimeout
	option.DisableRetry = true
	option.DisableCache = true // counters are never read from a cache
	option.AlwaysRESP2 = true
	option.PipelineMultiplex = -1 // one connection, so that the probe asks the one that is used
	option.ClientName = service
	return &Connection{option: option, name: service, log: log, wait: callTimeout}, nil
}

// Run connects and keeps the connection until ctx ends.
func (c *Connection) Run(ctx context.Context) error {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		if !c.well.Load() {
			if err := c.probe(ctx); err != nil {
				c.log.DebugContext(ctx, "redis is away", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			c.well.Store(false)
			if conn := c.conn.Load(); conn != nil {
				(*conn).Close()
			}
			return nil
		case <-tick.C:
		}
	}
}

// InUse tells whether Redis answered last.
func (c *Connection) InUse() bool { return c != nil && c.well.Load() }

func (c *Connection) probe(ctx context.Context) error {
	conn := c.conn.Load()
	if conn == nil {
		fresh, err := rueidis.NewClient(c.option)
		if err != nil {
			return fmt.Errorf("connecting: %w", err)
		}
		conn = &fresh
		c.conn.Store(conn)
	}
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	if err := (*conn).Do(ctx, (*conn).B().Ping().Build()).Error(); err != nil {
		return fmt.Errorf("asking: %w", err)
	}
	c.well.Store(true)
	c.log.InfoContext(ctx, "limits are counted in redis")
	return nil
}

// take asks Redis to take a weight, which may be 0, and returns for how long the bucket is filled then. answered is false when
// Redis did not answer in time.
func (c *Connection) take(ctx context.Context, r Rule, key string, weight time.Duration) (filled time.Duration, allowed, answered bool) {
	if !c.InUse() {
		return 0, false, false
	}
	ctx, cancel := c.limited(ctx)
	defer cancel()
	answer, err := takeScript.Exec(ctx, *c.conn.Load(), []string{c.key(r, key)}, []string{milliseconds(weight), milliseconds(r.Per)}).AsIntSlice()
	if err == nil && len(answer) != 2 {
		err = fmt.Errorf("redis answered %d numbers", len(answer))
	}
	if err != nil {
		c.failed(err)
		return 0, false, false
	}
	return time.Duration(answer[1]) * time.Millisecond, answer[0] == 1, true
}

func (c *Connection) forget(ctx context.Context, r Rule, key string) {
	if !c.InUse() {
		return
	}
	conn := *c.conn.Load()
	ctx, cancel := c.limited(ctx)
	defer cancel()
	if err := conn.Do(ctx, conn.B().Del().Key(c.key(r, key)).Build()).Error(); err != nil {
		c.failed(err)
	}
}

// limited bounds the wait for Redis, and by nothing else: a browser that goes away says nothing about Redis.
func (c *Connection) limited(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), c.wait)
}

func (c *Connection) failed(err error) {
	if refusal := new(rueidis.RedisError); errors.As(err, &refusal) {
		c.log.Warn("redis refused a command", "error", err)
		return
	}
	if c.well.CompareAndSwap(true, false) {
		c.log.Warn("redis is away: this instance counts alone", "error", err)
	}
}

// key keeps addresses and names of people out of Redis.
func (c *Connection) key(r Rule, key string) string {
	sum := sha256.Sum256([]byte(key))
	return c.name + ":limit:" + r.Name + ":" + hex.EncodeToString(sum[:16])
}

// milliseconds rounds up, so that no cost is free.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Millisecond-1)/time.Millisecond), 10)
}
