package pg

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var kitFiles embed.FS

// Migrations is a set of goose migrations: SQL files, forward only, and the table that lists which have run.
type Migrations struct {
	Table string
	FS    fs.FS
}

// Kit is the set that every database gets first: updspace_protect, updspace_create_groups, and the tables of the outbox, the
// inbox, idempotency and the audit log.
func Kit() Migrations {
	files, err := fs.Sub(kitFiles, "migrations")
	if err != nil { // the path is a constant
		panic(err)
	}
	return Migrations{Table: "goose_kit", FS: files}
}

const (
	// migrationLock is the advisory lock of a database's migrations.
	migrationLock = 0x7570_6473_7061_6365 // "updspace"
	// connectPatience is how long Migrate waits for a database that is not up yet.
	connectPatience = 30 * time.Second
	connectPause    = 250 * time.Millisecond
)

// Migrate brings a database up to date: the kit's own set, then the given ones
// in order. Any number of instances may start at once: one migrates, the
// others wait for it on an advisory lock, without polling. It waits a while
// for a server that is still starting.
//
// url is for the owner of the tables. Migrations may touch the rows of every
// tenant.
func Migrate(ctx context.Context, url string, sets ...Migrations) error {
	db, err := open(url, map[string]string{settingAcross: acrossOn})
	if err != nil {
		return err
	}
	defer db.Close()
	if err := awaitServer(ctx, db); err != nil {
		return err
	}
	lock, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("pg: connecting to migrate: %w", err)
	}
	defer lock.Close()
	if _, err := lock.ExecContext(ctx, "SELECT pg_advisory_lock($1)", int64(migrationLock)); err != nil {
		return fmt.Errorf("pg: waiting to migrate: %w", err)
	}
	// the connections close with db, which also frees the lock

	for _, set := range append([]Migrations{Kit()}, sets...) {
		if err := apply(ctx, db, set); err != nil {
			return err
		}
	}
	return nil
}

func apply(ctx context.Context, db *sql.DB, set Migrations) error {
	provider, err := goose.NewProvider(goose.DialectPostgres, db, set.FS,
		goose.WithTableName(set.Table), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("pg: reading the migrations of %s: %w", set.Table, err)
	}
	if _, err := provider.Up(ctx); err != nil {
		return fmt.Errorf("pg: migrating %s: %w", set.Table, err)
	}
	return nil
}

// awaitServer waits until the server takes connections. A wrong password or a missing database fails at once.
func awaitServer(ctx context.Context, db *sql.DB) error {
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	for {
		err := db.PingContext(ctx)
		if err == nil {
			return nil
		}
		if !absent(err) {
			return fmt.Errorf("pg: connecting to migrate: %w", err)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("pg: connecting to migrate: %w", errors.Join(err, ctx.Err()))
		case <-time.After(connectPause):
		}
	}
}
