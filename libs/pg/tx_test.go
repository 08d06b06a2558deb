package pg_test

import (
	"context"
	"errors"
	"net"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/devkit/testkit"
)

func insert(ctx context.Context, db *pg.DB, title string) error {
	_, err := db.Conn(ctx).NewInsert().Model(&pollRow{ID: uuid.New(), Title: title}).Exec(ctx)
	return pg.Error(err)
}

// requirePolls checks what is stored, and that nothing holds a connection.
func requirePolls(t testing.TB, db *pg.DB, want ...string) {
	t.Helper()
	require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
		require.ElementsMatch(t, want, titles(t, ctx, db))
		return nil
	}))
	require.Zero(t, db.Stats().InUse)
}

func TestDo(t *testing.T) {
	db := testkit.DB(t, polls)
	ctx := as(aef)
	broken := errors.New("broken")

	t.Run("commits", func(t *testing.T) {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return insert(ctx, db, "kept") }))
		requirePolls(t, db, "kept")
	})
	t.Run("rolls back on an error, which it returns as it is", func(t *testing.T) {
		require.Equal(t, broken, db.Do(ctx, func(ctx context.Context) error {
			require.NoError(t, insert(ctx, db, "lost"))
			return broken
		}))
		requirePolls(t, db, "kept")
	})
	t.Run("rolls back on a panic", func(t *testing.T) {
		require.PanicsWithError(t, "broken", func() {
			_ = db.Do(ctx, func(ctx context.Context) error {
				require.NoError(t, insert(ctx, db, "lost"))
				panic(broken)
			})
		})
		requirePolls(t, db, "kept")
	})
	t.Run("an inner Do joins", func(t *testing.T) {
		require.Equal(t, broken, db.Do(ctx, func(ctx context.Context) error {
			require.NoError(t, db.Do(ctx, func(ctx context.Context) error { return insert(ctx, db, "lost") }))
			require.NoError(t, db.Read(ctx, func(ctx context.Context) error {
				require.Len(t, titles(t, ctx, db), 2)
				return nil
			}))
			return broken
		}))
		requirePolls(t, db, "kept")
	})
	t.Run("an inner Do cannot change the tenant", func(t *testing.T) {
		require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
			other := reqctx.With(ctx, reqctx.Context{TenantID: gaming})
			require.ErrorContains(t, db.Do(other, func(context.Context) error { return nil }), "cannot go on")
			require.ErrorContains(t, db.Do(pg.AcrossTenants(ctx, "test"), func(context.Context) error { return nil }), "cannot go on")
			return nil
		}))
	})
	t.Run("a swallowed failure does not pass for success", func(t *testing.T) {
		err := db.Do(ctx, func(ctx context.Context) error {
			require.NoError(t, insert(ctx, db, "lost"))
			require.Error(t, insert(ctx, db, "kept")) // taken
			return nil
		})
		require.ErrorContains(t, err, "rollback")
		requirePolls(t, db, "kept")
	})
	t.Run("transactions begin nowhere else", func(t *testing.T) {
		_, err := db.Conn(ctx).BeginTx(ctx, nil)
		require.Error(t, err)
		require.Error(t, db.Conn(ctx).RunInTx(ctx, nil, nil))
	})
}

func TestDoInsideReadIsRefused(t *testing.T) {
	for _, strict := range []bool{true, false} {
		cfg := testkit.Postgres(t, polls)
		cfg.StrictReads = strict
		db := testkit.OpenDB(t, cfg)
		require.ErrorContains(t, db.Read(as(aef), func(ctx context.Context) error {
			return db.Do(ctx, func(context.Context) error { return nil })
		}), "Do inside Read")
		require.Error(t, db.Read(as(aef), func(ctx context.Context) error { return insert(ctx, db, "lost") }))
		requirePolls(t, db)
	}
}

func TestTransactionsOfTwoDatabases(t *testing.T) {
	one, two := testkit.DB(t, polls), testkit.DB(t, polls)
	broken := errors.New("broken")
	require.Equal(t, broken, one.Do(as(aef), func(ctx context.Context) error {
		require.False(t, two.InTx(ctx))
		require.NoError(t, two.Do(ctx, func(ctx context.Context) error { return insert(ctx, two, "kept") }))
		require.NoError(t, insert(ctx, one, "lost"))
		return broken
	}))
	requirePolls(t, one)
	requirePolls(t, two, "kept")
}

func TestAfterCommit(t *testing.T) {
	db := testkit.DB(t, polls)
	var calls []string
	call := func(ctx context.Context, name string) { db.AfterCommit(ctx, func() { calls = append(calls, name) }) }
	require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
		call(ctx, "first")
		return db.Do(ctx, func(ctx context.Context) error {
			call(ctx, "second")
			require.Empty(t, calls)
			return nil
		})
	}))
	require.Equal(t, []string{"first", "second"}, calls)
	require.Error(t, db.Do(as(aef), func(ctx context.Context) error {
		call(ctx, "never")
		return errors.New("broken")
	}))
	call(as(aef), "at once")
	require.Equal(t, []string{"first", "second", "at once"}, calls)
}

func TestGivenUpRequests(t *testing.T) {
	db := testkit.DB(t, polls)

	t.Run("before the commit", func(t *testing.T) {
		ctx, cancel := context.WithCancel(as(aef))
		err := db.Do(ctx, func(ctx context.Context) error {
			defer cancel()
			return insert(ctx, db, "lost")
		})
		require.ErrorIs(t, err, context.Canceled)
		requirePolls(t, db)
	})
	t.Run("in the middle of a statement", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(as(aef), 100*time.Millisecond)
		defer cancel()
		err := db.Do(ctx, func(ctx context.Context) error {
			require.NoError(t, insert(ctx, db, "lost"))
			_, err := db.Conn(ctx).NewRaw("SELECT pg_sleep(30)").Exec(ctx)
			return pg.Error(err)
		})
		require.Equal(t, errs.Timeout, errs.KindOf(err))
		requirePolls(t, db)
	})
	t.Run("before it began", func(t *testing.T) {
		ctx, cancel := context.WithCancel(as(aef))
		cancel()
		err := db.Do(ctx, func(context.Context) error { t.Error("ran"); return nil })
		require.Equal(t, errs.Timeout, errs.KindOf(err))
		requirePolls(t, db)
	})
}

// TestSessionsLost ends every session of the database, as a restart does, while
// the pool is full of them.
func TestSessionsLost(t *testing.T) {
	cfg := testkit.Postgres(t, polls)
	db := testkit.OpenDB(t, cfg)
	fill := func() {
		var wg sync.WaitGroup
		begun := make(chan struct{}, cfg.MaxConns)
		leave := make(chan struct{})
		for range cfg.MaxConns {
			wg.Go(func() {
				_ = db.Do(as(aef), func(context.Context) error { begun <- struct{}{}; <-leave; return nil })
			})
		}
		for range cfg.MaxConns {
			<-begun
		}
		close(leave)
		wg.Wait()
	}

	t.Run("between transactions", func(t *testing.T) {
		fill()
		require.Equal(t, cfg.MaxConns, db.Stats().OpenConnections)
		testkit.Disconnect(t, cfg)
		require.NoError(t, db.Do(as(aef), func(ctx context.Context) error { return insert(ctx, db, "kept") }))
		requirePolls(t, db, "kept")
	})
	t.Run("inside one it is undone and unavailable", func(t *testing.T) {
		err := db.Do(as(aef), func(ctx context.Context) error {
			require.NoError(t, insert(ctx, db, "lost"))
			testkit.Disconnect(t, cfg)
			return insert(ctx, db, "lost, too")
		})
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
		requirePolls(t, db, "kept")
	})
	t.Run("at the commit it is unavailable", func(t *testing.T) {
		err := db.Do(as(aef), func(ctx context.Context) error {
			require.NoError(t, insert(ctx, db, "lost"))
			testkit.Disconnect(t, cfg)
			return nil
		})
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
		requirePolls(t, db, "kept")
	})
}

func TestServerAway(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	require.NoError(t, l.Close())
	db := testkit.OpenDB(t, pg.Config{URL: "postgres://u:p@" + addr + "/d?sslmode=disable"})
	for what, call := range map[string]func() error{
		"do":   func() error { return db.Do(as(aef), func(context.Context) error { return nil }) },
		"ping": func() error { return db.Ping(context.Background()) },
		"read": func() error {
			return pg.Error(db.Conn(as(aef)).NewSelect().Model(new([]pollRow)).Scan(as(aef)))
		},
	} {
		require.Equal(t, errs.Unavailable, errs.KindOf(call()), what)
	}
}

// TestServerRestarts under load: every failure is one of those a client may
// repeat, what was reported as done is there, and service resumes by itself.
func TestServerRestarts(t *testing.T) {
	server, err := devstack.StartPostgres(context.Background(), devstack.Options{})
	require.NoError(t, err)
	defer server.Stop()
	urls, err := pg.Provision(context.Background(), server.AdminURL, "restarting")
	require.NoError(t, err)
	require.NoError(t, pg.Migrate(context.Background(), urls.OwnerURL, polls))
	db := testkit.OpenDB(t, pg.Config{URL: urls.AppURL, StrictReads: true})

	const workers = 8
	var wg sync.WaitGroup
	stop := make(chan struct{})
	done := make([][]string, workers)
	progress := make(chan struct{}, 1)
	for w := range workers {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				title := uuid.NewString()[:18]
				err := db.Do(as(aef), func(ctx context.Context) error { return insert(ctx, db, title) })
				switch {
				case err == nil:
					done[w] = append(done[w], title)
					select {
					case progress <- struct{}{}:
					default:
					}
				case errs.KindOf(err) != errs.Unavailable:
					t.Errorf("a failure that a client may not repeat: %v", err)
				}
			}
		})
	}
	for range 20 {
		<-progress
	}
	require.NoError(t, server.Restart(context.Background()))
	for range 20 {
		<-progress
	}
	close(stop)
	wg.Wait()
	require.NoError(t, db.Read(as(aef), func(ctx context.Context) error {
		stored := titles(t, ctx, db)
		for _, titles := range done {
			require.Subset(t, stored, titles)
		}
		return nil
	}))
}

func TestNothingHangs(t *testing.T) {
	cfg := testkit.Postgres(t, polls)
	cfg.LockTimeout, cfg.StatementTimeout = 50*time.Millisecond, 200*time.Millisecond
	db := testkit.OpenDB(t, cfg)
	addPoll(t, db, aef, "mine")

	t.Run("behind another transaction", func(t *testing.T) {
		require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
			affected(t, ctx, db, "UPDATE polls SET votes = 1")
			err := db.Do(as(aef), func(ctx context.Context) error { // another transaction: its context is
				_, err := db.Conn(ctx).NewRaw("UPDATE polls SET votes = 2").Exec(ctx)
				return pg.Error(err)
			})
			require.Equal(t, errs.Unavailable, errs.KindOf(err))
			return nil
		}))
	})
	t.Run("in a statement", func(t *testing.T) {
		_, err := db.Conn(as(aef)).NewRaw("SELECT pg_sleep(30)").Exec(as(aef))
		require.Equal(t, errs.Timeout, errs.KindOf(pg.Error(err)))
	})
}

func TestTimesAreUTCMicroseconds(t *testing.T) {
	db := testkit.DB(t, polls)
	local := time.Date(2026, 3, 4, 5, 6, 7, 123_456_789, time.FixedZone("somewhere", 3*3600))
	require.NoError(t, db.Do(as(aef), func(ctx context.Context) error {
		var got time.Time
		require.NoError(t, db.Conn(ctx).NewRaw("SELECT ?::timestamptz", local).Scan(ctx, &got))
		require.Equal(t, pg.Time(local), got)
		require.Equal(t, time.UTC, got.Location())
		return nil
	}))
}
