package pg

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect/pgdialect"
)

// Config says where a service's database is and how to use it.
type Config struct {
	// URL is for the role that serves requests: DML only, row-level security applies.
	URL string `env:"DATABASE_URL"`
	// MigrateURL is for the role that owns the tables.
	MigrateURL string `env:"DATABASE_MIGRATE_URL"`
	MaxConns   int    `env:"DATABASE_MAX_CONNS" envDefault:"16"` // connections of one instance
	// StrictReads applies row-level security to reads as well: each [DB.Read] becomes a read-only transaction of its tenant, two
	// more round trips.
	StrictReads bool `env:"DATABASE_STRICT_READS"`
	// StatementTimeout ends a statement that runs too long.
	StatementTimeout time.Duration `env:"DATABASE_STATEMENT_TIMEOUT" envDefault:"15s"`
	// GenericPlans keeps one plan for each prepared statement, for services whose prepared statements all read by a unique
	// index. It is for the program to set.
	GenericPlans bool `env:"-"`
	// LockTimeout ends a statement that waits too long for another transaction.
	LockTimeout time.Duration `env:"DATABASE_LOCK_TIMEOUT" envDefault:"5s"`
}

const (
	defaultMaxConns         = 16
	defaultStatementTimeout = 15 * time.Second
	defaultLockTimeout      = 5 * time.Second

	// a transaction that is idle for this long has lost its client
	idleTransactionTimeout = 30 * time.Second
	connectTimeout         = 5 * time.Second
	connMaxIdleTime        = 5 * time.Minute
	connMaxLifetime        = time.Hour
)

// DB is the database of a service. Its methods are safe for concurrent use.
type DB struct {
	bun *bun.DB
	cfg Config
}

// Open prepares the pool. It does not connect: a service may start before its database, and is not ready until then.
func Open(_ context.Context, cfg Config) (*DB, error) {
	cfg.MaxConns = cmp.Or(cfg.MaxConns, defaultMaxConns)
	cfg.StatementTimeout = cmp.Or(cfg.StatementTimeout, defaultStatementTimeout)
	cfg.LockTimeout = cmp.Or(cfg.LockTimeout, defaultLockTimeout)

	params := map[string]string{
		"statement_timeout":                   milliseconds(cfg.StatementTimeout),
		"lock_timeout":                        milliseconds(cfg.LockTimeout),
		"idle_in_transaction_session_timeout": milliseconds(idleTransactionTimeout),
	}
	if cfg.GenericPlans {
		params["plan_cache_mode"] = "force_generic_plan"
	}
	if !cfg.StrictReads {
		params[settingAcross] = acrossRead
	}
	pool, err := open(cfg.URL, params)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(cfg.MaxConns)
	pool.SetMaxIdleConns(cfg.MaxConns)
	pool.SetConnMaxIdleTime(connMaxIdleTime)
	pool.SetConnMaxLifetime(connMaxLifetime)
	return &DB{bun: bun.NewDB(pool, dialect{pgdialect.New()}).WithQueryHook(traceHook{}), cfg: cfg}, nil
}

// open makes a pool over pgx. bun writes arguments into the query text, so every text is different and a cache of prepared
// statements would only fill memory on both sides: QueryExecModeExec sends each query in one round trip and keeps nothing. Only
// [DB.Exec], [DB.Query], [DB.QueryRow] and [DB.QueryRows] prepare theirs.
func open(url string, params map[string]string) (*sql.DB, error) {
	cfg, err := config(url)
	if err != nil {
		return nil, err
	}
	maps.Copy(cfg.RuntimeParams, params)
	return stdlib.OpenDB(*cfg, stdlib.OptionAfterConnect(utcTimes)), nil
}

func config(url string) (*pgx.ConnConfig, error) {
	if url == "" {
		return nil, errors.New("pg: no database URL")
	}
	cfg, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("pg: reading the database URL: %w", err)
	}
	cfg.DefaultQueryExecMode = pgx.QueryExecModeExec
	cfg.StatementCacheCapacity = maxPrepared // for Exec and Query, which ask for it
	cfg.DescriptionCacheCapacity = 0
	if cfg.ConnectTimeout == 0 {
		cfg.ConnectTimeout = connectTimeout
	}
	cfg.RuntimeParams["timezone"] = "UTC"
	return cfg, nil
}

// utcTimes makes timestamps come back in UTC instead of the machine's zone.
func utcTimes(_ context.Context, conn *pgx.Conn) error {
	conn.TypeMap().RegisterType(&pgtype.Type{
		Name: "timestamptz", OID: pgtype.TimestamptzOID,
		Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
	})
	return nil
}

// Time returns t as the database stores it: UTC, whole microseconds. A value that was stored then equals the one that is loaded.
func Time(t time.Time) time.Time { return t.UTC().Truncate(time.Microsecond) }

// Ping tells whether the database answers.
func (db *DB) Ping(ctx context.Context) error { return Error(db.bun.PingContext(ctx)) }

// Close closes every connection. Transactions under way are rolled back by the
// server.
func (db *DB) Close() error {
	if err := db.bun.Close(); err != nil {
		return fmt.Errorf("pg: closing the pool: %w", err)
	}
	return nil
}

// Stats describes the pool, for metrics.
func (db *DB) Stats() sql.DBStats { return db.bun.Stats() }

func milliseconds(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Dedicated opens a connection outside of the pool, for LISTEN and session locks. The caller closes it. Only the context bounds
// its statements.
func (db *DB) Dedicated(ctx context.Context) (*pgx.Conn, error) {
	cfg, err := config(db.cfg.URL)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.ConnectConfig(ctx, cfg)
	if err != nil {
		return nil, Error(err)
	}
	return conn, nil
}
