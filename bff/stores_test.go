package bff_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	bffpg "go.updspace.com/bff/adapters/pg"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
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

// newSession begins a session of its own sign-in.
func newSession(tenant, user uuid.UUID, clock ports.Clock) domain.Session {
	s, _ := domain.NewSession(tenant, domain.SignIn{UserID: user, SID: uuid.New()}, clock.Now())
	return s
}

// instance is one gateway's stack of stores.
type instance struct {
	*bffpg.Cache
	stop func() // stops the cache's listener, as if the instance hung or died
}

func newInstance(t testing.TB, db *pg.DB) instance {
	t.Helper()
	cache, err := bffpg.NewCache(bffpg.NewSessions(db), db)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	wg.Go(func() {
		for ctx.Err() == nil {
			_ = cache.Listen(ctx)
		}
	})
	stop := func() { cancel(); wg.Wait() }
	t.Cleanup(stop)
	return instance{cache, stop}
}

// cached waits until an instance answers for a session from its cache.
func (i instance) cached(t testing.TB, db *pg.DB, s domain.Session) {
	t.Helper()
	eventually(t, func() bool {
		if _, err := i.Find(t.Context(), s.ID); err != nil {
			return false
		}
		return i.Cached(s.ID)
	}, "the cache answers")
}

// Two instances share the database. What one of them ends, the other does not find.
func TestSessionsAreSharedByInstances(t *testing.T) {
	t.Parallel()
	ctx, clock, db := t.Context(), clockNow(), testkit.OpenDB(t, database(t))
	one, other := newInstance(t, db), newInstance(t, db)
	absent := func(id domain.Hash) {
		t.Helper()
		for _, store := range []ports.Sessions{one, other} {
			_, err := store.Find(ctx, id)
			require.ErrorIs(t, err, domain.ErrUnauthenticated)
		}
	}
	session := newSession(aef, member, clock)
	absent(session.ID)
	require.NoError(t, one.End(ctx, session.ID), "a session that never existed can be ended")

	session = newSession(aef, member, clock)
	require.NoError(t, one.Create(ctx, session))
	for _, store := range []ports.Sessions{one, other} {
		got, err := store.Find(ctx, session.ID)
		require.NoError(t, err)
		require.Equal(t, session, got)
	}
	kept := newSession(gaming, guest, clock)
	require.NoError(t, other.Create(ctx, kept))
	one.cached(t, db, kept)
	other.cached(t, db, session)
	require.NoError(t, one.End(ctx, session.ID))
	absent(session.ID)
	require.NoError(t, other.End(ctx, session.ID), "ending twice is no error")
	got, err := one.Find(ctx, kept.ID)
	require.NoError(t, err)
	require.Equal(t, kept, got)
}

// However an end and the readers of a session are interleaved, no instance finds it after its end was acknowledged.
func TestNoInstanceFindsASessionAfterItsEnd(t *testing.T) {
	t.Parallel()
	ctx, clock, db := t.Context(), clockNow(), testkit.OpenDB(t, database(t))
	one, other := newInstance(t, db), newInstance(t, db)
	warm := newSession(aef, member, clock)
	require.NoError(t, one.Create(ctx, warm))
	one.cached(t, db, warm)
	other.cached(t, db, warm)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 5 {
				s := newSession(aef, member, clock)
				if err := one.Create(ctx, s); err != nil {
					t.Errorf("create: %v", err)
					return
				}
				var over atomic.Bool
				var readers sync.WaitGroup
				for _, reader := range []instance{one, other} {
					readers.Go(func() {
						for done := false; !done; {
							done = over.Load() // read before the session is looked for
							_, err := reader.Find(ctx, s.ID)
							if done && !errors.Is(err, domain.ErrUnauthenticated) {
								t.Errorf("found after its end: %v", err)
							}
						}
					})
				}
				if err := one.End(ctx, s.ID); err != nil {
					t.Errorf("end: %v", err)
				}
				over.Store(true)
				readers.Wait()
			}
		})
	}
	wg.Wait()
}

// An instance that has lost its connection reads the database, and ends are acknowledged without it.
func TestInstanceWithoutItsListenerReadsTheDatabase(t *testing.T) {
	t.Parallel()
	ctx, clock, db := t.Context(), clockNow(), testkit.OpenDB(t, database(t))
	one, other := newInstance(t, db), newInstance(t, db)
	s := newSession(aef, member, clock)
	require.NoError(t, one.Create(ctx, s))
	other.cached(t, db, s)
	other.stop()
	require.False(t, other.Cached(s.ID))
	_, err := other.Find(ctx, s.ID)
	require.NoError(t, err)
	require.NoError(t, one.End(ctx, s.ID))
	_, err = other.Find(ctx, s.ID)
	require.ErrorIs(t, err, domain.ErrUnauthenticated)
}

// An instance whose connection is cut listens again, and has missed nothing.
func TestCutConnectionsAreNoticed(t *testing.T) {
	t.Parallel()
	ctx, clock, db := t.Context(), clockNow(), testkit.OpenDB(t, database(t))
	one := newInstance(t, db)
	s := newSession(aef, member, clock)
	require.NoError(t, one.Create(ctx, s))
	one.cached(t, db, s)
	require.NoError(t, db.Read(pg.AcrossTenants(ctx, "test"), func(ctx context.Context) error {
		_, err := db.Conn(ctx).ExecContext(ctx, `SELECT pg_terminate_backend(pid) FROM pg_locks
			WHERE locktype = 'advisory' AND pid <> pg_backend_pid() AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
		return err
	}))
	eventually(t, func() bool { return !one.Cached(s.ID) }, "the cut is noticed")
	one.cached(t, db, s)
}

func TestSignOutEndsTheWholeSignIn(t *testing.T) {
	t.Parallel()
	ctx, clock, store := t.Context(), clockNow(), bffpg.NewSessions(testkit.OpenDB(t, database(t)))
	found := func(s domain.Session) bool {
		_, err := store.Find(ctx, s.ID)
		if err != nil {
			require.ErrorIs(t, err, domain.ErrUnauthenticated)
		}
		return err == nil
	}
	first, unrelated := newSession(aef, member, clock), newSession(aef, member, clock)
	second, _ := domain.NewSession(gaming, domain.SignIn{UserID: member, SID: first.SID}, clock.Now())
	for _, s := range []domain.Session{first, second, unrelated} {
		require.NoError(t, store.Create(ctx, s))
	}
	sid, err := store.SignOut(ctx, first.ID, clock.Now())
	require.NoError(t, err)
	require.Equal(t, first.SID, sid)
	require.False(t, found(first))
	require.False(t, found(second), "another tenant's session of the same sign-in")
	require.True(t, found(unrelated))

	third, _ := domain.NewSession(aef, domain.SignIn{UserID: member, SID: first.SID}, clock.Now())
	require.ErrorIs(t, store.Create(ctx, third), domain.ErrSignedOut, "a sign-in that was under way does not bring it back")

	// it can be repeated until the ID service has confirmed it
	open, err := store.Unconfirmed(ctx, clock.Now())
	require.NoError(t, err)
	require.Empty(t, open, "one that is under way is not repeated")
	open, err = store.Unconfirmed(ctx, clock.Now().Add(time.Second))
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{sid}, open)
	sid, err = store.SignOut(ctx, first.ID, clock.Now())
	require.NoError(t, err)
	require.Equal(t, first.SID, sid)
	require.NoError(t, store.Confirm(ctx, sid))
	open, err = store.Unconfirmed(ctx, clock.Now().Add(time.Second))
	require.NoError(t, err)
	require.Empty(t, open)
	_, err = store.SignOut(ctx, first.ID, clock.Now())
	require.ErrorIs(t, err, domain.ErrUnauthenticated)

	// neither an unknown token, nor an expired one, nor one that a later sign-in replaced ends anything
	_, err = store.SignOut(ctx, domain.NewSecret().Hash(), clock.Now())
	require.ErrorIs(t, err, domain.ErrUnauthenticated)
	_, err = store.SignOut(ctx, unrelated.ID, clock.Now().Add(domain.SessionTTL))
	require.ErrorIs(t, err, domain.ErrUnauthenticated)
	require.True(t, found(unrelated))
	require.NoError(t, store.End(ctx, unrelated.ID))
	_, err = store.SignOut(ctx, unrelated.ID, clock.Now())
	require.ErrorIs(t, err, domain.ErrUnauthenticated)
}

func TestLogoutTokenIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	ctx, clock, store := t.Context(), clockNow(), bffpg.NewSessions(testkit.OpenDB(t, database(t)))
	s := newSession(aef, member, clock)
	require.NoError(t, store.Create(ctx, s))
	token := domain.LogoutToken{ID: domain.NewSecret().Hash(), SID: s.SID, IssuedAt: clock.Now()}
	require.NoError(t, store.Accept(ctx, token))
	_, err := store.Find(ctx, s.ID)
	require.ErrorIs(t, err, domain.ErrUnauthenticated)
	require.ErrorIs(t, store.Accept(ctx, token), domain.ErrLogoutToken)
	open, err := store.Unconfirmed(ctx, clock.Now().Add(time.Second))
	require.NoError(t, err)
	require.Empty(t, open, "the ID service knows of it")
	token.ID = domain.NewSecret().Hash()
	require.NoError(t, store.Accept(ctx, token), "a sign-in that is over can be ended again")
}

// Of a sign-in and its end at the same time, no session is left, whichever comes first.
func TestSignInAndSignOutAtOnceLeaveNoSession(t *testing.T) {
	t.Parallel()
	ctx, clock, store := t.Context(), clockNow(), bffpg.NewSessions(testkit.OpenDB(t, database(t)))
	for range 20 {
		s := newSession(aef, member, clock)
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := store.Create(ctx, s); err != nil && !errors.Is(err, domain.ErrSignedOut) {
				t.Errorf("create: %v", err)
			}
		})
		wg.Go(func() {
			if err := store.Accept(ctx, domain.LogoutToken{ID: domain.NewSecret().Hash(), SID: s.SID, IssuedAt: clock.Now()}); err != nil {
				t.Errorf("accept: %v", err)
			}
		})
		wg.Wait()
		_, err := store.Find(ctx, s.ID)
		require.ErrorIs(t, err, domain.ErrUnauthenticated)
	}
}

// Without PostgreSQL the answer is "not now", never "not signed in".
func TestMissingDatabaseIsNotAMissingSession(t *testing.T) {
	t.Parallel()
	db, err := pg.Open(t.Context(), pg.Config{URL: "postgres://none@127.0.0.1:1/none"})
	require.NoError(t, err)
	t.Cleanup(func() { _ = db.Close() })
	_, err = bffpg.NewSessions(db).Find(t.Context(), domain.NewSecret().Hash())
	require.Equal(t, errs.Unavailable, errs.KindOf(err))
}

func TestAttemptsAreTakenOnce(t *testing.T) {
	t.Parallel()
	clock := clockNow()
	attempts := bffpg.NewAttempts(testkit.OpenDB(t, database(t)))
	a, _ := domain.NewAttempt(aef, domain.NewSecret(), "/app", clock.Now())
	require.NoError(t, attempts.Save(t.Context(), a))
	_, err := attempts.Take(t.Context(), a.State, domain.NewSecret().Hash())
	require.ErrorIs(t, err, domain.ErrInvalidState, "another browser changes nothing")
	const takers = 16
	results := make(chan error, takers)
	for range takers {
		go func() {
			got, err := attempts.Take(context.Background(), a.State, a.Browser)
			if used := got.Used; err == nil && used {
				got.Used, err = false, domain.ErrInvalidState
			}
			if got != a {
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
	t.Parallel()
	db, clock := testkit.OpenDB(t, database(t)), clockNow()
	sessions, attempts := bffpg.NewSessions(db), bffpg.NewAttempts(db)
	retention := bffpg.NewRetention(db, clock)
	s := newSession(aef, member, clock)
	require.NoError(t, sessions.Create(t.Context(), s))
	old, _ := domain.NewAttempt(aef, domain.NewSecret(), "/", clock.Now())
	require.NoError(t, attempts.Save(t.Context(), old))
	clock.Advance(domain.AttemptTTL + time.Second)
	fresh, _ := domain.NewAttempt(aef, domain.NewSecret(), "/", clock.Now())
	require.NoError(t, attempts.Save(t.Context(), fresh))

	require.NoError(t, retention.Sweep(t.Context()))
	_, err := sessions.Find(t.Context(), s.ID)
	require.NoError(t, err)
	_, err = attempts.Take(t.Context(), old.State, old.Browser)
	require.ErrorIs(t, err, domain.ErrInvalidState)
	_, err = attempts.Take(t.Context(), fresh.State, fresh.Browser)
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
	t.Parallel()
	db, clock := testkit.OpenDB(t, database(t)), clockNow()
	s, token := domain.NewSession(aef, domain.SignIn{UserID: member, SID: uuid.New()}, clock.Now())
	require.NoError(t, bffpg.NewSessions(db).Create(t.Context(), s))
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
