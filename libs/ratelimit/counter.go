// Package ratelimit counts events in fixed windows in Redis, for limits that
// hold across instances. It stands in for rueidislimiter, which hands the
// memory of a command to the next caller while the writer of a connection that
// has just broken may still read it.
package ratelimit

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/rueidis"
)

// Counter counts by key. The first event of a key opens its window.
type Counter struct{ script *rueidis.Lua }

// NewCounter returns a counter.
func NewCounter() *Counter {
	return &Counter{script: rueidis.NewLuaScript(`
local count = redis.call("INCRBY", KEYS[1], ARGV[1])
local left = redis.call("PTTL", KEYS[1])
if left < 0 then
  left = tonumber(ARGV[2])
  redis.call("PEXPIRE", KEYS[1], left)
end
return { count, left }`)}
}

// Count is what a key has come to in its window.
type Count struct {
	Events int64
	Left   time.Duration // until the window ends
}

// Add counts n events, which may be 0 to ask only, and returns the count with
// them. ctx bounds the wait for Redis.
func (c *Counter) Add(ctx context.Context, redis rueidis.Client, key string, n int, window time.Duration) (Count, error) {
	answer, err := c.script.Exec(ctx, redis, []string{key}, []string{strconv.Itoa(n), strconv.FormatInt(window.Milliseconds(), 10)}).AsIntSlice()
	if err != nil {
		return Count{}, fmt.Errorf("counting %d events: %w", n, err)
	}
	if len(answer) != 2 {
		return Count{}, fmt.Errorf("counting %d events: redis answered %d numbers", n, len(answer))
	}
	return Count{Events: answer[0], Left: time.Duration(answer[1]) * time.Millisecond}, nil
}
