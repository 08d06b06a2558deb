package pg

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/jackc/pgx/v5"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/pg"
)

const (
	// endedChannel announces the ends of sessions. Every instance listens.
	endedChannel = "bff_sessions_ended"
	// cacheLock is the advisory lock that an instance shares for as long as it answers from its cache.
	cacheLock = "7090203417863025523"
	// relock lets those pass who wait for the lock. Without the lock, the first half is a warning.
	relock = "SELECT pg_advisory_unlock_shared(" + cacheLock + "); SELECT pg_advisory_lock_shared(" + cacheLock + ")"

	// The server ends a connection that was silent for idleTimeout, and with it the lock. An instance relies on the lock
	// for trustTime after the beginning of its last query, which is shorter.
	idleTimeout = 3 * time.Second
	trustTime   = 1500 * time.Millisecond
	heartbeat   = 500 * time.Millisecond
	cacheSize   = 65536
)

// Cache answers from memory in front of the sessions in PostgreSQL, and never after an end was acknowledged.
//
// An instance may answer from its cache only while it holds a shared advisory lock, on the connection on which it hears of
// ends. Ending a session commits, announces the end, and then waits for that lock exclusively: until every instance has
// dropped the session and let the lock go for a moment, or until the server has closed the connection of an instance that
// does not answer. Without the lock an instance reads the database on every request.
type Cache struct {
	*Sessions
	db *pg.DB

	trusted atomic.Pointer[time.Time] // until when the lock is certainly held; nil if it is not

	mu         sync.Mutex    // of changes of generation and of entries, which are made together
	generation atomic.Uint64 // changes with every end: what was read before it is not added
	entries    *lru.Cache[domain.Hash, domain.Session]
	streams    Streams
}

// Streams are what stays open in sessions. They are told of ends before the ends are acknowledged.
type Streams interface {
	// End ends those of some sessions.
	End(sessions ...domain.Hash)
	// Recheck looks for sessions that have ended: announcements may have been missed.
	Recheck()
}

var _ ports.Sessions = (*Cache)(nil)

// NewCache puts a cache in front of a store. It has no effect until Listen runs.
func NewCache(store *Sessions, db *pg.DB) (*Cache, error) {
	entries, err := lru.New[domain.Hash, domain.Session](cacheSize)
	return &Cache{Sessions: store, db: db, entries: entries, streams: noStreams{}}, err
}

// Tell has streams told of the ends of sessions. It must be called before Listen.
func (c *Cache) Tell(streams Streams) { c.streams = streams }

type noStreams struct{}

func (noStreams) End(...domain.Hash) {}
func (noStreams) Recheck()           {}

// Cached reports whether a session would be found without the database.
func (c *Cache) Cached(id domain.Hash) bool {
	_, ok := c.cached(id)
	return ok
}

func (c *Cache) cached(id domain.Hash) (domain.Session, bool) {
	if until := c.trusted.Load(); until == nil || !time.Now().Before(*until) {
		return domain.Session{}, false
	}
	return c.entries.Get(id)
}

// Find implements ports.Sessions.
func (c *Cache) Find(ctx context.Context, id domain.Hash) (domain.Session, error) {
	if session, ok := c.cached(id); ok {
		return session, nil
	}
	before := c.generation.Load()
	session, err := c.Sessions.Find(ctx, id)
	if err != nil {
		return domain.Session{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.generation.Load() == before {
		c.entries.Add(id, session)
	}
	return session, nil
}

// Listen shares the lock and hears of ends, on a connection of its own, until that fails or ctx ends. It must be called again
// then: until it is, sessions are read from the database on every request.
func (c *Cache) Listen(ctx context.Context) error {
	conn, err := c.db.Dedicated(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	defer c.streams.Recheck() // nothing is announced until Listen runs again
	setUp := fmt.Sprintf("SET lock_timeout = 0; SET idle_session_timeout = %d; LISTEN %s", idleTimeout.Milliseconds(), endedChannel)
	if _, err := conn.Exec(ctx, setUp); err != nil {
		return err
	}
	for first := true; ; first = false {
		until := time.Now().Add(trustTime)
		if _, err := conn.Exec(ctx, relock); err != nil {
			return err
		}
		if first { // ends may have been missed
			c.forget(nil, true)
			c.streams.Recheck()
		}
		// What ended while the lock was free has been announced by now.
		ended, err := received(ctx, conn, 0)
		if err == nil && len(ended) == 0 {
			c.trusted.Store(&until)
			ended, err = received(ctx, conn, min(heartbeat, time.Until(until)))
			c.trusted.Store(nil)
		}
		if err != nil {
			return err
		}
		c.forget(ended, false)
		c.streams.End(ended...)
	}
}

// received waits for the announcement of an end, and returns it with all others that have arrived.
func received(ctx context.Context, conn *pgx.Conn, wait time.Duration) (ended []domain.Hash, err error) {
	for {
		waiting, cancel := context.WithTimeout(ctx, wait)
		n, err := conn.WaitForNotification(waiting)
		cancel()
		switch { // an announcement may come together with an error
		case n != nil:
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case errors.Is(err, context.DeadlineExceeded):
			return ended, nil
		default:
			return nil, err
		}
		var id domain.Hash
		if hash, err := hex.DecodeString(n.Payload); err != nil || copy(id[:], hash) != len(hash) {
			return nil, fmt.Errorf("an announcement cannot be read: %q", n.Payload)
		}
		ended, wait = append(ended, id), 0
	}
}

// forget drops sessions, or all of them.
func (c *Cache) forget(ended []domain.Hash, all bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.generation.Add(1)
	if all {
		c.entries.Purge()
	}
	for _, id := range ended {
		c.entries.Remove(id)
	}
}
