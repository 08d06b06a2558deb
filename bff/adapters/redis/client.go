// Package redis puts Redis in front of the store of record: sessions are
// answered from memory, kept right by Redis's invalidation messages, and
// requests are counted across instances. Redis is never the only copy of
// anything, and its absence costs nothing but speed: a call that fails takes
// Redis out of the path of requests until a probe in the background finds it
// well again.
package redis

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/redis/rueidis"
)

const (
	callTimeout  = 100 * time.Millisecond // then the request goes on without Redis
	dialTimeout  = 500 * time.Millisecond
	writeTimeout = time.Second // also of the PING that finds dead connections
	probeEvery   = 500 * time.Millisecond
	cachePerConn = 32 << 20
)

// Client is a connection to Redis that may not be there.
type Client struct {
	option rueidis.ClientOption
	log    *slog.Logger
	conn   atomic.Pointer[rueidis.Client] // nil until the first connection
	well   atomic.Bool
}

// NewClient reads the URL. It does not connect: Start and Run do. Without a URL
// there is no Redis, as if it were always away.
func NewClient(url string, log *slog.Logger) (*Client, error) {
	if url == "" {
		return &Client{log: log}, nil
	}
	option, err := rueidis.ParseURL(url)
	if err != nil {
		return nil, errors.New("REDIS_URL cannot be read") // the error would repeat the password
	}
	option.Dialer.Timeout = dialTimeout
	option.ConnWriteTimeout = writeTimeout
	option.DisableRetry = true // the store of record is the better second try
	option.CacheSizeEachConn = cachePerConn
	option.PipelineMultiplex = -1 // one connection, so that what the probe asks is what is used
	option.ClientName = "bff"
	return &Client{option: option, log: log}, nil
}

// Start tries to connect, so that a Redis that is there is used from the first
// request on. One that is not holds up nothing.
func (c *Client) Start(ctx context.Context) {
	if !c.well.Load() && len(c.option.InitAddress) > 0 {
		c.probe(ctx)
	}
}

// Run connects, and reconnects, until ctx ends; then it closes the connection.
func (c *Client) Run(ctx context.Context) error {
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		c.Start(ctx)
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

// probe connects if that is still to be done, and asks whether Redis answers.
func (c *Client) probe(ctx context.Context) {
	conn := c.conn.Load()
	if conn == nil {
		fresh, err := c.connect()
		if err != nil {
			c.log.DebugContext(ctx, "redis is away", "error", err)
			return
		}
		conn = &fresh
		c.conn.Store(conn)
	}
	ctx, cancel := context.WithTimeout(ctx, writeTimeout)
	defer cancel()
	if err := (*conn).Do(ctx, (*conn).B().Ping().Build()).Error(); err != nil {
		c.log.DebugContext(ctx, "redis is away", "error", err)
		return
	}
	c.well.Store(true)
	c.log.InfoContext(ctx, "redis is in use", "client_cache", !c.option.DisableCache)
}

// connect falls back to plain commands for servers without client-side
// caching, such as the in-memory stand-in of small development machines.
func (c *Client) connect() (rueidis.Client, error) {
	conn, err := rueidis.NewClient(c.option)
	if _, answered := rueidis.IsRedisErr(err); errors.Is(err, rueidis.ErrNoCache) || answered {
		c.option.DisableCache, c.option.AlwaysRESP2 = true, true
		conn, err = rueidis.NewClient(c.option)
	}
	if err != nil {
		return nil, fmt.Errorf("connecting to redis: %w", err)
	}
	return conn, nil
}

// Well reports whether Redis is in use.
func (c *Client) Well() bool { return c.well.Load() }

// get returns the connection, if Redis is well.
func (c *Client) get() (rueidis.Client, bool) {
	if !c.well.Load() {
		return nil, false
	}
	return *c.conn.Load(), true
}

// failed takes Redis out of the path of requests when err says that it is
// away. An answer, even a refusal, says that it is there.
func (c *Client) failed(err error) {
	if err == nil {
		return
	}
	if refusal := new(rueidis.RedisError); errors.As(err, &refusal) {
		c.log.Warn("redis refused a command", "error", err)
		return
	}
	if c.well.CompareAndSwap(true, false) {
		c.log.Warn("redis is away: sessions come from the database, requests are counted per instance", "error", err)
	}
}

// call bounds a command. It does not end with the request that caused it: a
// browser that goes away says nothing about Redis.
func call() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), callTimeout)
}
