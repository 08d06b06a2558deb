package bff_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	bffpg "go.updspace.com/bff/adapters/pg"
	"go.updspace.com/bff/adapters/redis"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/devstack"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/testkit"
)

var quiet = slog.New(slog.DiscardHandler)

// eventually is for what other goroutines and servers do in their own time.
func eventually(t testing.TB, holds func() bool, what string) {
	t.Helper()
	require.Eventually(t, holds, 10*time.Second, 5*time.Millisecond, what)
}

func clockNow() *testkit.Clock {
	clock := testkit.NewClock()
	clock.Set(time.Now())
	return clock
}

// cached is one instance's stack of stores.
type cached struct {
	*redis.Sessions
	client *redis.Client
}

// inFront runs the stack of one instance. The feed follows only if follow says
// so, for tests that want to see what happens without it.
func inFront(t testing.TB, db *pg.DB, clock ports.Clock, redisURL string, follow bool) cached {
	t.Helper()
	client, err := redis.NewClient(redisURL, quiet)
	require.NoError(t, err)
	store := bffpg.NewSessions(db, clock)
	sessions, err := redis.NewSessions(store, store, client, clock, quiet)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	jobs := []func(context.Context) error{client.Run}
	if follow {
		jobs = append(jobs, sessions.Run)
	}
	for _, job := range jobs {
		wg.Go(func() { _ = job(ctx) })
	}
	t.Cleanup(func() { cancel(); wg.Wait() })
	return cached{sessions, client}
}

// Every store of sessions keeps the same promises.
func TestSessionStores(t *testing.T) {
	for name, make := range map[string]func(*testing.T, *pg.DB, ports.Clock) ports.Sessions{
		"postgres": func(_ *testing.T, db *pg.DB, clock ports.Clock) ports.Sessions { return bffpg.NewSessions(db, clock) },
		"redis in front": func(t *testing.T, db *pg.DB, clock ports.Clock) ports.Sessions {
			s := inFront(t, db, clock, "redis://"+testkit.Redis(t), true)
			eventually(t, s.client.Well, "redis connects")
			return s
		},
		"redis that never was": func(t *testing.T, db *pg.DB, clock ports.Clock) ports.Sessions {
			return inFront(t, db, clock, "redis://127.0.0.1:1", true)
		},
		"no redis": func(t *testing.T, db *pg.DB, clock ports.Clock) ports.Sessions {
			return inFront(t, db, clock, "", true)
		},
		"two instances": func(t *testing.T, db *pg.DB, clock ports.Clock) ports.Sessions {
			url := "redis://" + testkit.Redis(t)
			a, b := inFront(t, db, clock, url, true), inFront(t, db, clock, url, true)
			eventually(t, func() bool { return a.client.Well() && b.client.Well() }, "redis connects")
			return &alternating{stores: []ports.Sessions{a, b}, t: t}
		},
	} {
		t.Run(name, func(t *testing.T) {
			clock := clockNow()
			sessionsContract(t, make(t, testkit.DB(t, tables), clock), clock)
		})
	}
}

func sessionsContract(t *testing.T, store ports.Sessions, clock *testkit.Clock) {
	ctx := t.Context()
	absent := func(id domain.Hash) {
		t.Helper()
		_, err := store.Find(ctx, id)
		require.ErrorIs(t, err, domain.ErrUnauthenticated)
	}
	session, _ := domain.NewSession(aef, member, clock.Now())
	absent(session.ID)
	require.NoError(t, store.Revoke(ctx, session.ID), "what was never there can be ended")

	session, _ = domain.NewSession(aef, member, clock.Now())
	require.NoError(t, store.Create(ctx, session))
	for range 3 {
		got, err := store.Find(ctx, session.ID)
		require.NoError(t, err)
		require.Equal(t, session, got)
	}

	other, _ := domain.NewSession(gaming, guest, clock.Now())
	require.NoError(t, store.Create(ctx, other))
	require.NoError(t, store.Revoke(ctx, session.ID))
	absent(session.ID)
	absent(session.ID)
	require.NoError(t, store.Revoke(ctx, session.ID), "ending twice is no error")
	got, err := store.Find(ctx, other.ID)
	require.NoError(t, err)
	require.Equal(t, other, got)

	clock.Advance(domain.SessionTTL)
	absent(other.ID)

	// many at once, ended while they are being read
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			s, _ := domain.NewSession(aef, member, clock.Now())
			if err := store.Create(ctx, s); err != nil {
				t.Errorf("create: %v", err)
				return
			}
			for range 10 {
				if _, err := store.Find(ctx, s.ID); err != nil {
					t.Errorf("find: %v", err)
				}
			}
			if err := store.Revoke(ctx, s.ID); err != nil {
				t.Errorf("revoke: %v", err)
			}
		})
	}
	wg.Wait()
}

// alternating asks a different instance each time. An end reaches the other
// instance through Redis a moment after Revoke returned.
type alternating struct {
	stores []ports.Sessions
	t      *testing.T
	mu     sync.Mutex
	turn   int
}

func (a *alternating) next() ports.Sessions {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.turn++
	return a.stores[a.turn%len(a.stores)]
}

func (a *alternating) Create(ctx context.Context, s domain.Session) error {
	return a.next().Create(ctx, s)
}
func (a *alternating) Find(ctx context.Context, id domain.Hash) (domain.Session, error) {
	return a.next().Find(ctx, id)
}

func (a *alternating) Revoke(ctx context.Context, id domain.Hash) error {
	if err := a.next().Revoke(ctx, id); err != nil {
		return err
	}
	for _, s := range a.stores {
		eventually(a.t, func() bool { _, err := s.Find(ctx, id); return err != nil }, "the end reaches every instance")
	}
	return nil
}

// The invalidation alone carries an end to other instances, within moments.
func TestEndReachesOtherInstancesThroughRedis(t *testing.T) {
	db, clock, url := testkit.DB(t, tables), clockNow(), "redis://"+testkit.Redis(t)
	a, b := inFront(t, db, clock, url, false), inFront(t, db, clock, url, false)
	eventually(t, func() bool { return a.client.Well() && b.client.Well() }, "redis connects")
	s, _ := domain.NewSession(aef, member, clock.Now())
	require.NoError(t, a.Create(t.Context(), s))
	for range 3 { // into b's memory
		_, err := b.Find(t.Context(), s.ID)
		require.NoError(t, err)
	}
	require.NoError(t, a.Revoke(t.Context(), s.ID))
	_, err := a.Find(t.Context(), s.ID)
	require.ErrorIs(t, err, domain.ErrUnauthenticated, "at once where it happened")
	require.Eventually(t, func() bool {
		_, err := b.Find(t.Context(), s.ID)
		return err != nil
	}, time.Second, time.Millisecond)
}

// An instance that cannot reach Redis cannot delete from it. The feed tells
// the others, and the copy in Redis is believed by nobody any more.
func TestEndReachesInstancesPastRedis(t *testing.T) {
	db, clock, url := testkit.DB(t, tables), clockNow(), "redis://"+testkit.Redis(t)
	cutOff, b := inFront(t, db, clock, "", true), inFront(t, db, clock, url, true)
	eventually(t, b.client.Well, "redis connects")
	s, _ := domain.NewSession(aef, member, clock.Now())
	require.NoError(t, b.Create(t.Context(), s))
	_, err := b.Find(t.Context(), s.ID)
	require.NoError(t, err)
	require.NoError(t, cutOff.Revoke(t.Context(), s.ID))
	require.Eventually(t, func() bool {
		_, err := b.Find(t.Context(), s.ID)
		return err != nil
	}, 4*time.Second, 10*time.Millisecond)

	// an instance that starts later learns of it, too
	late := inFront(t, db, clock, url, true)
	eventually(t, func() bool {
		_, err := late.Find(t.Context(), s.ID)
		return late.client.Well() && err != nil
	}, "the copy in Redis is not believed")
}

// Redis dies in the middle and comes back: nobody is signed out, nobody waits
// long, and who signed out meanwhile stays signed out.
func TestSessionsOutliveRedis(t *testing.T) {
	server, err := devstack.StartRedis(t.Context(), devstack.Options{Log: quiet})
	require.NoError(t, err)
	t.Cleanup(server.Stop)
	relay := newRelay(t, server.Addr)
	db, clock := testkit.DB(t, tables), clockNow()
	s := inFront(t, db, clock, "redis://"+relay.addr, true)
	eventually(t, s.client.Well, "redis connects")
	kept, _ := domain.NewSession(aef, member, clock.Now())
	ended, _ := domain.NewSession(aef, second, clock.Now())
	for _, session := range []domain.Session{kept, ended} {
		require.NoError(t, s.Create(t.Context(), session))
	}
	signedIn := func() {
		t.Helper()
		got, err := s.Find(t.Context(), kept.ID)
		require.NoError(t, err)
		require.Equal(t, kept, got)
	}
	signedIn()

	relay.freeze() // hangs: the worst way to be away
	for range 50 {
		signedIn()
	}
	eventually(t, func() bool { signedIn(); clock.Advance(6 * time.Second); return !s.client.Well() }, "redis is taken out")
	for range 50 {
		signedIn()
	}
	require.NoError(t, s.Revoke(t.Context(), ended.ID))
	_, err = s.Find(t.Context(), ended.ID)
	require.ErrorIs(t, err, domain.ErrUnauthenticated)

	relay.thaw()
	eventually(t, s.client.Well, "redis is taken in again")
	signedIn()
	_, err = s.Find(t.Context(), ended.ID)
	require.ErrorIs(t, err, domain.ErrUnauthenticated, "Redis still holds the session that ended without it")

	require.NoError(t, server.Kill())
	for range 10 {
		signedIn()
	}
	require.NoError(t, server.Start(t.Context()))
	eventually(t, s.client.Well, "redis is taken in again")
	signedIn()
}

// With Redis and PostgreSQL both away the answer is "not now", never "not you".
func TestNoStoreIsNotNobody(t *testing.T) {
	db, err := pg.Open(t.Context(), pg.Config{URL: "postgres://nobody@127.0.0.1:1/none"})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	clock := clockNow()
	s := inFront(t, db, clock, "", false)
	_, err = s.Find(t.Context(), domain.NewSecret().Hash())
	require.Equal(t, errs.Unavailable, errs.KindOf(err))
}

func TestAttemptsAreTakenOnce(t *testing.T) {
	clock := clockNow()
	attempts := bffpg.NewAttempts(testkit.DB(t, tables))
	a, _ := domain.NewAttempt(aef, domain.NewSecret(), "/app", clock.Now())
	require.NoError(t, attempts.Save(t.Context(), a))
	const takers = 16
	results := make(chan error, takers)
	for range takers {
		go func() {
			got, err := attempts.Take(context.Background(), a.State)
			if err == nil && got != a {
				err = errs.Internalf("took %v", got)
			}
			results <- err
		}()
	}
	took := 0
	for range takers {
		if err := <-results; err == nil {
			took++
		} else {
			require.ErrorIs(t, err, domain.ErrInvalidState)
		}
	}
	require.Equal(t, 1, took)
}

func TestRetentionKeepsWhatIsNotOver(t *testing.T) {
	db, clock := testkit.DB(t, tables), clockNow()
	sessions, attempts := bffpg.NewSessions(db, clock), bffpg.NewAttempts(db)
	retention := bffpg.NewRetention(db, clock, quiet)
	s, _ := domain.NewSession(aef, member, clock.Now())
	require.NoError(t, sessions.Create(t.Context(), s))
	old, _ := domain.NewAttempt(aef, domain.NewSecret(), "/", clock.Now())
	require.NoError(t, attempts.Save(t.Context(), old))
	clock.Advance(domain.AttemptTTL + time.Second)
	fresh, _ := domain.NewAttempt(aef, domain.NewSecret(), "/", clock.Now())
	require.NoError(t, attempts.Save(t.Context(), fresh))

	require.NoError(t, retention.Sweep(t.Context()))
	_, err := sessions.Find(t.Context(), s.ID)
	require.NoError(t, err)
	_, err = attempts.Take(t.Context(), old.State)
	require.ErrorIs(t, err, domain.ErrInvalidState)
	_, err = attempts.Take(t.Context(), fresh.State)
	require.NoError(t, err)

	rows := func() (n int) {
		require.NoError(t, db.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT count(*) FROM sessions").Scan(ctx, &n)
		}))
		return n
	}
	clock.Advance(domain.SessionTTL + 29*24*time.Hour)
	require.NoError(t, retention.Sweep(t.Context()))
	require.Equal(t, 1, rows())
	clock.Advance(2 * 24 * time.Hour)
	require.NoError(t, retention.Sweep(t.Context()))
	require.Equal(t, 0, rows())
}

// Only hashes are stored: who reads the database cannot sign in with it.
func TestNothingStoredIsASecret(t *testing.T) {
	db, clock := testkit.DB(t, tables), clockNow()
	s, token := domain.NewSession(aef, member, clock.Now())
	require.NoError(t, bffpg.NewSessions(db, clock).Create(t.Context(), s))
	browser := domain.NewSecret()
	a, state := domain.NewAttempt(aef, browser, "/", clock.Now())
	require.NoError(t, bffpg.NewAttempts(db).Save(t.Context(), a))
	proofs := domain.ProofsFor(browser, state)
	var dump string
	require.NoError(t, db.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("SELECT (SELECT string_agg(s::text, ';') FROM sessions s) || (SELECT string_agg(a::text, ';') FROM login_attempts a)").Scan(ctx, &dump)
	}))
	require.Contains(t, dump, member.String())
	for _, secret := range []string{string(token), string(browser), string(state), proofs.Nonce, proofs.Verifier} {
		require.NotContains(t, dump, secret)
	}
}
