package testkit

import (
	"context"
	"database/sql"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver for the owner's connection

	"go.updspace.com/libs/pg"
)

// Prepared is [Postgres] for tests that begin with the same data: each database is cloned from one on which prepare has run
// once. prepare must leave no connection open. Call Prepared once per package, and its result in every test.
func Prepared(prepare func(context.Context, pg.Config) error, sets ...pg.Migrations) func(testing.TB) pg.Config {
	var (
		once         sync.Once
		source, base string
		roles        pg.Provisioned
		err          error
	)
	return func(t testing.TB) pg.Config {
		t.Helper()
		s := testServer(t)
		once.Do(func() {
			ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
			defer cancel()
			if base, roles, err = s.template(ctx, sets); err != nil {
				return
			}
			var drop func() error
			if source, drop, err = s.clone(ctx, base, base); err != nil {
				return
			}
			atEnd(func() { _ = drop() }) // a later process sweeps what is left
			if err = prepare(ctx, config(roles, source)); err == nil {
				_, err = s.admin.ExecContext(ctx, "ALTER DATABASE "+source+" WITH ALLOW_CONNECTIONS false")
			}
		})
		if err != nil {
			t.Fatalf("testkit: preparing a database: %v", err)
		}
		return s.cloneFor(t, source, base, roles)
	}
}

// Recycled is [Postgres] for tests that leave nothing but rows behind: when a test ends, its database is emptied for the next
// one, which takes a tenth of the time of a new one. Only the tables keep stay as they are; prepare fills them when a database
// is new, and no test may change them. Call Recycled once per package, and its result in every test.
func Recycled(prepare func(context.Context, pg.Config) error, keep []string, sets ...pg.Migrations) func(testing.TB) pg.Config {
	var (
		mu   sync.Mutex
		free []pg.Config
	)
	take := func() (cfg pg.Config, ok bool) {
		mu.Lock()
		defer mu.Unlock()
		if len(free) == 0 {
			return cfg, false
		}
		cfg, free = free[len(free)-1], free[:len(free)-1]
		return cfg, true
	}
	return func(t testing.TB) pg.Config {
		t.Helper()
		s := testServer(t)
		ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
		defer cancel()
		cfg, ok := take()
		if !ok {
			template, roles, err := s.template(ctx, sets)
			if err != nil {
				t.Fatalf("testkit: %v", err)
			}
			name, drop, err := s.clone(ctx, template, template)
			if err != nil {
				t.Fatalf("testkit: %v", err)
			}
			atEnd(func() { _ = drop() }) // a later process sweeps what is left
			cfg = config(roles, name)
			if err := prepare(ctx, cfg); err != nil {
				t.Fatalf("testkit: preparing a database: %v", err)
			}
		}
		t.Cleanup(func() {
			if err := empty(cfg, keep); err != nil {
				t.Errorf("testkit: emptying a database: %v", err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			free = append(free, cfg)
		})
		return cfg
	}
}

// empty deletes the rows of every table but those of migrations and the kept ones.
func empty(cfg pg.Config, keep []string) error {
	owner, err := sql.Open("pgx", cfg.MigrateURL)
	if err != nil {
		return err
	}
	defer owner.Close()
	ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
	defer cancel()
	var tables string
	err = owner.QueryRowContext(ctx, `
		SELECT string_agg(quote_ident(tablename), ', ') FROM pg_tables
		WHERE schemaname = 'public' AND tablename NOT LIKE 'goose%' AND tablename <> ALL (string_to_array($1, ','))`,
		strings.Join(keep, ",")).Scan(&tables)
	if err != nil {
		return err
	}
	_, err = owner.ExecContext(ctx, "TRUNCATE "+tables)
	return err
}
