package redis

import (
	"context"
	"encoding/hex"
	"log/slog"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"github.com/redis/rueidis"
	"golang.org/x/sync/singleflight"

	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
)

const (
	// copyTTL is how long a session may be answered from Redis, or from the
	// memory Redis keeps right, after it was read from the store of record.
	copyTTL = 5 * time.Minute
	// aloneTTL is the same for this instance's own memory while Redis is away.
	aloneTTL = 5 * time.Second

	feedEvery   = time.Second
	feedOverlap = 15 * time.Second // transactions become visible later than their timestamps
	feedMemory  = 2 * copyTTL      // an ended session is remembered longer than any copy of it lives
	loadTimeout = 3 * time.Second
	memorySize  = 65536
)

// Sessions answers from memory in front of a store of record.
//
// A live session is found in rueidis's client-side cache, else in Redis, else
// in the store. Ending a session deletes it from Redis, whose invalidation
// reaches every instance at once. Besides, each instance reads the store's
// feed of ended sessions every second and keeps it for longer than any copy of
// a session lives; so an end is effective everywhere within about a second
// also when Redis was away, was cut off from one instance, or came back with
// what it held before.
type Sessions struct {
	store  ports.Sessions
	feed   ports.Revocations
	client *Client
	clock  ports.Clock
	log    *slog.Logger

	ended  *endedSet
	memory *lru.Cache[domain.Hash, remembered] // used while Redis is away
	flight singleflight.Group
}

type remembered struct {
	session domain.Session
	until   time.Time
}

var _ ports.Sessions = (*Sessions)(nil)

// NewSessions puts client in front of store.
func NewSessions(store ports.Sessions, feed ports.Revocations, client *Client, clock ports.Clock, log *slog.Logger) (*Sessions, error) {
	memory, err := lru.New[domain.Hash, remembered](memorySize)
	if err != nil {
		return nil, err
	}
	return &Sessions{store: store, feed: feed, client: client, clock: clock, log: log, ended: newEndedSet(), memory: memory}, nil
}

// Create implements ports.Sessions.
func (s *Sessions) Create(ctx context.Context, session domain.Session) error {
	if err := s.store.Create(ctx, session); err != nil {
		return err
	}
	s.remember(session)
	return nil
}

// Find implements ports.Sessions.
func (s *Sessions) Find(ctx context.Context, id domain.Hash) (domain.Session, error) {
	if s.ended.has(id) {
		return domain.Session{}, domain.ErrUnauthenticated
	}
	if session, ok := s.copyOf(id); ok {
		return session, nil
	}
	found, err, _ := s.flight.Do(string(id[:]), func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), loadTimeout)
		defer cancel()
		session, err := s.store.Find(ctx, id)
		if err != nil {
			return nil, err
		}
		s.remember(session)
		return session, nil
	})
	if err != nil {
		return domain.Session{}, err
	}
	if s.ended.has(id) { // while it was being read
		return domain.Session{}, domain.ErrUnauthenticated
	}
	return found.(domain.Session), nil
}

// Revoke implements ports.Sessions.
func (s *Sessions) Revoke(ctx context.Context, id domain.Hash) error {
	if err := s.store.Revoke(ctx, id); err != nil {
		return err
	}
	s.ended.add(s.clock.Now().Add(feedMemory), id)
	s.memory.Remove(id)
	if conn, ok := s.client.get(); ok {
		ctx, cancel := call()
		defer cancel()
		s.client.failed(conn.Do(ctx, conn.B().Del().Key(key(id)).Build()).Error())
	}
	return nil
}

// copyOf returns a copy that may still be used.
func (s *Sessions) copyOf(id domain.Hash) (domain.Session, bool) {
	now := s.clock.Now()
	conn, ok := s.client.get()
	if !ok {
		m, ok := s.memory.Get(id)
		return m.session, ok && now.Before(m.until)
	}
	ctx, cancel := call()
	defer cancel()
	value, err := conn.DoCache(ctx, conn.B().Get().Key(key(id)).Cache(), copyTTL).ToString()
	if err != nil {
		if !rueidis.IsRedisNil(err) {
			s.client.failed(err)
		}
		return domain.Session{}, false
	}
	session, ok := decode(id, value)
	return session, ok && session.Live(now)
}

func (s *Sessions) remember(session domain.Session) {
	now := s.clock.Now()
	s.memory.Add(session.ID, remembered{session: session, until: now.Add(aloneTTL)})
	conn, ok := s.client.get()
	if !ok {
		return
	}
	ttl := min(copyTTL, session.ExpiresAt.Sub(now))
	if ttl <= 0 {
		return
	}
	ctx, cancel := call()
	defer cancel()
	s.client.failed(conn.Do(ctx, conn.B().Set().Key(key(session.ID)).Value(encode(session)).Px(ttl).Build()).Error())
}

// Run follows the feed of ended sessions until ctx ends.
func (s *Sessions) Run(ctx context.Context) error {
	tick := time.NewTicker(feedEvery)
	defer tick.Stop()
	var last time.Time
	for {
		if started := s.clock.Now(); s.follow(ctx, last, started) {
			last = started
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// follow reads what was ended since last, with some overlap.
func (s *Sessions) follow(ctx context.Context, last, now time.Time) bool {
	window := feedMemory
	if !last.IsZero() {
		window = min(now.Sub(last)+feedOverlap, feedMemory)
	}
	read, cancel := context.WithTimeout(ctx, loadTimeout)
	defer cancel()
	ids, err := s.feed.RevokedWithin(read, window)
	if err != nil {
		if ctx.Err() == nil {
			s.log.WarnContext(ctx, "reading the feed of ended sessions failed", "error", err)
		}
		return false
	}
	s.ended.add(now.Add(feedMemory), ids...)
	s.ended.forget(now)
	return true
}

func key(id domain.Hash) string {
	const prefix = "bff:session:"
	b := make([]byte, 0, len(prefix)+2*len(id))
	b = append(b, prefix...)
	return string(hex.AppendEncode(b, id[:]))
}
