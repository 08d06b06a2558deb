package pg

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// Pool holds connections for the few statements of the hot path, which stay
// prepared on them. Everything else uses libs/pg, whose pool must not remember
// statements, because bun writes arguments into their texts.
type Pool struct {
	pool   *pgxpool.Pool
	strict bool
}

const poolConnectTimeout = 5 * time.Second

// OpenPool makes a pool. It does not connect yet.
func OpenPool(ctx context.Context, cfg pg.Config) (*Pool, error) {
	c, err := pgxpool.ParseConfig(cfg.URL)
	if err != nil {
		return nil, fmt.Errorf("reading the database URL: %w", err)
	}
	if cfg.MaxConns > 0 {
		c.MaxConns = int32(min(cfg.MaxConns, 1000)) //nolint:gosec // bounded
	}
	// A connection that died is noticed by the statement, which is repeated. To ask first would be a round trip more.
	c.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	if c.ConnConfig.ConnectTimeout == 0 {
		c.ConnConfig.ConnectTimeout = poolConnectTimeout
	}
	params := c.ConnConfig.RuntimeParams
	params["timezone"] = "UTC"
	// Every lookup is by a unique index whatever the arguments, so one plan serves all of them.
	params["plan_cache_mode"] = "force_generic_plan"
	if cfg.StatementTimeout > 0 {
		params["statement_timeout"] = strconv.FormatInt(cfg.StatementTimeout.Milliseconds(), 10)
	}
	if !cfg.StrictReads {
		params[settingAcross] = "read" // see updspace_protect
	}
	pool, err := pgxpool.NewWithConfig(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("making the pool: %w", err)
	}
	return &Pool{pool: pool, strict: cfg.StrictReads}, nil
}

// Close closes every connection.
func (p *Pool) Close() { p.pool.Close() }

// InUse tells how many connections serve a query right now.
func (p *Pool) InUse() int { return int(p.pool.Stat().AcquiredConns()) }

// The settings that the policies of updspace_protect (libs/pg) read.
const (
	settingAcross = "updspace.across"
	bindTenant    = `SELECT set_config('updspace.tenant', $1, true), set_config('updspace.across', 'off', true)`
)

// attempts bounds how often a statement is sent: a pool may hold connections
// that died since they were last used, and a read may be repeated.
const attempts = 2

// read runs a statement and hands its rows to scan. Under strict reads it sees
// the rows of the tenant of ctx only, whatever the statement says.
func (p *Pool) read(ctx context.Context, query string, args []any, scan func(pgx.Rows) error) (err error) {
	if span := trace.SpanFromContext(ctx); span.IsRecording() {
		ctx, span = span.TracerProvider().Tracer("go.updspace.com/access").Start(ctx, "SELECT facts", trace.WithSpanKind(trace.SpanKindClient))
		defer func() {
			if err != nil {
				span.RecordError(err)
				span.SetStatus(codes.Error, "")
			}
			span.End()
		}()
	}
	for attempt := 1; ; attempt++ {
		err = p.once(ctx, query, args, scan)
		if err == nil {
			return nil
		}
		if attempt == attempts || ctx.Err() != nil || !lost(err) {
			return pg.Error(err)
		}
		p.pool.Reset() // its siblings have most likely died, too
	}
}

func (p *Pool) once(ctx context.Context, query string, args []any, scan func(pgx.Rows) error) error {
	if !p.strict {
		rows, err := p.pool.Query(ctx, query, args...)
		if err != nil {
			return err
		}
		defer rows.Close()
		return scan(rows)
	}
	// The statements of a batch are one transaction and one round trip, so that
	// the tenant holds for the query and is gone with it.
	batch := &pgx.Batch{}
	batch.Queue(bindTenant, reqctx.From(ctx).TenantID.String())
	batch.Queue(query, args...)
	results := p.pool.SendBatch(ctx, batch)
	_, err := results.Exec()
	if err == nil {
		var rows pgx.Rows
		if rows, err = results.Query(); err == nil {
			err = scan(rows)
			rows.Close()
		}
	}
	return errors.Join(err, results.Close())
}

// lost reports whether a connection that had been open was lost. One that
// cannot be opened is not: the next one could not, either.
func lost(err error) bool {
	var connect *pgconn.ConnectError
	return errs.KindOf(pg.Error(err)) == errs.Unavailable && !errors.As(err, &connect)
}
