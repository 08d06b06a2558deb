package pg

import (
	"cmp"
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/stdlib"
	"go.opentelemetry.io/otel/trace"

	"go.updspace.com/libs/errs"
)

// maxPrepared bounds the statements that a connection keeps prepared. Their texts are constants of the program.
const maxPrepared = 64

// Exec runs a statement that stays prepared on its connection, in the transaction in ctx. It is for the few statements of a
// service's hot paths: for a row or two, PostgreSQL needs as long to parse and plan a text as to execute it, and bun as long to
// write it. See docs/queries.md.
//
// The text must be a constant, with $1, $2 ... for its arguments. The hooks of [Tenanted] do not apply: write the tenant into
// it. Without a tenant in ctx, or [AcrossTenants], it is refused, and so is a change outside of [DB.Do].
func (db *DB) Exec(ctx context.Context, statement string, args ...any) (_ sql.Result, err error) {
	t := db.current(ctx)
	if t == nil || t.readOnly {
		return nil, errs.Internalf("pg: Exec outside of Do")
	}
	if err := tenantOf(ctx); err != nil {
		return nil, err
	}
	ctx, end := span(ctx, statement)
	defer func() { end(err) }()
	return t.conn.Conn.ExecContext(ctx, statement, prepared(args)...)
}

// Query runs a statement like [DB.Exec], for reading, and scans every row into dest, a pointer to a slice, as bun does.
func (db *DB) Query(ctx context.Context, dest any, statement string, args ...any) error {
	return db.query(ctx, statement, args, func(rows *sql.Rows) error { return db.bun.ScanRows(ctx, rows, dest) })
}

// QueryRow is Query for one row and a pointer to a struct. Without a row it fails with [sql.ErrNoRows].
func (db *DB) QueryRow(ctx context.Context, dest any, statement string, args ...any) error {
	return db.query(ctx, statement, args, func(rows *sql.Rows) error {
		if !rows.Next() {
			return cmp.Or(rows.Err(), sql.ErrNoRows)
		}
		return db.bun.ScanRow(ctx, rows, dest)
	})
}

func (db *DB) query(ctx context.Context, statement string, args []any, scan func(*sql.Rows) error) (err error) {
	if err := tenantOf(ctx); err != nil {
		return err
	}
	ctx, end := span(ctx, statement)
	defer func() { end(err) }()
	query := db.bun.DB.QueryContext
	if t := db.current(ctx); t != nil {
		query = t.conn.Conn.QueryContext
	}
	rows, err := query(ctx, statement, prepared(args)...)
	if err != nil {
		return err
	}
	defer rows.Close()
	if err := scan(rows); err != nil {
		return err
	}
	if err := rows.Close(); err != nil { // what comes after the rows may be an error
		return err
	}
	return rows.Err()
}

// tenantOf fails without a tenant in ctx, unless it is across tenants.
func tenantOf(ctx context.Context) error {
	if s := scopeOf(ctx); !s.across() && s.tenant == noTenant {
		return errs.Internalf("pg: a prepared statement has no tenant: the request context is missing, or the job must say AcrossTenants")
	}
	return nil
}

// prepared asks pgx for its cache of statements, which nothing else uses: see open.
func prepared(args []any) []any {
	return append([]any{pgx.QueryExecModeCacheStatement}, native(args)...)
}

// native returns arguments in the types that pgx encodes without reflection.
func native(args []any) []any {
	all := make([]any, 0, len(args))
	for _, arg := range args {
		switch v := arg.(type) {
		case uuid.UUID:
			arg = pgtype.UUID{Bytes: v, Valid: true}
		case []uuid.UUID:
			ids := make(pgtype.FlatArray[pgtype.UUID], len(v))
			for i, id := range v {
				ids[i] = pgtype.UUID{Bytes: id, Valid: true}
			}
			arg = ids
		}
		all = append(all, arg)
	}
	return all
}

// span does for a statement what traceHook does for bun's.
func span(ctx context.Context, statement string) (context.Context, func(error)) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, func(error) {}
	}
	operation, _, _ := strings.Cut(strings.TrimSpace(statement), " ")
	ctx, s := tracer(ctx).Start(ctx, operation, trace.WithSpanKind(trace.SpanKindClient), client()) //nolint:spancheck // the caller ends it
	return ctx, func(err error) { endSpan(s, err) }                                                 //nolint:spancheck // as above
}

// QueryRows is [DB.Query] for the hottest reads: scan gets the rows as pgx returns them, and outside of a transaction the
// statement costs one round trip, with [Config.StrictReads] as well, because the tenant travels with it. A connection that turns
// out to be dead is replaced and the statement sent again.
func (db *DB) QueryRows(ctx context.Context, statement string, args []any, scan func(rows pgx.Rows) error) (err error) {
	if err := tenantOf(ctx); err != nil {
		return err
	}
	ctx, end := span(ctx, statement)
	defer func() { end(err) }()
	if t := db.current(ctx); t != nil {
		return Error(onConn(t.conn.Conn, func(c *pgx.Conn) error { return queryRows(ctx, c, statement, args, scan) }))
	}
	for attempt := 1; ; attempt++ {
		err = db.queryOnPool(ctx, statement, args, scan)
		if err == nil || !db.mayRetry(ctx, attempt, err) {
			return Error(err)
		}
	}
}

// mayRetry reports whether a statement may be sent again on another connection: its own was lost, and every pooled one may
// have died with it.
func (db *DB) mayRetry(ctx context.Context, attempt int, err error) bool {
	return attempt <= max(db.cfg.MaxConns, 2) && ctx.Err() == nil && connectionLost(err)
}

func (db *DB) queryOnPool(ctx context.Context, statement string, args []any, scan func(rows pgx.Rows) error) error {
	return db.onPool(ctx, func(c *pgx.Conn) error {
		if !db.cfg.StrictReads {
			return queryRows(ctx, c, statement, args, scan)
		}
		// The statements of a batch are one transaction: the tenant holds for the query and is gone with it.
		for _, sql := range []string{bindScope, statement} { // a batch uses what is prepared under its text; pgx remembers it
			if _, err := c.Prepare(ctx, sql, sql); err != nil {
				return err
			}
		}
		batch := &pgx.Batch{}
		batch.Queue(bindScope, scopeOf(ctx).arguments()...)
		batch.Queue(statement, native(args)...)
		results := c.SendBatch(ctx, batch)
		_, err := results.Exec()
		if err == nil {
			var rows pgx.Rows
			if rows, err = results.Query(); err == nil {
				err = scanned(rows, scan)
			}
		}
		return errors.Join(err, results.Close())
	})
}

// onPool runs fn on a pooled connection. A connection that was lost leaves the pool.
func (db *DB) onPool(ctx context.Context, fn func(c *pgx.Conn) error) error {
	conn, err := db.bun.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	err = onConn(conn, fn)
	if err != nil && connectionLost(err) {
		_ = conn.Raw(func(any) error { return driver.ErrBadConn }) // the pool forgets it
	}
	return err
}

func queryRows(ctx context.Context, c *pgx.Conn, statement string, args []any, scan func(rows pgx.Rows) error) error {
	rows, err := c.Query(ctx, statement, prepared(args)...)
	if err != nil {
		return err
	}
	return scanned(rows, scan)
}

func scanned(rows pgx.Rows, scan func(rows pgx.Rows) error) error {
	defer rows.Close()
	if err := scan(rows); err != nil {
		return err
	}
	rows.Close() // what comes after the rows may be an error
	return rows.Err()
}

// onConn runs fn on the connection of the driver.
func onConn(conn *sql.Conn, fn func(c *pgx.Conn) error) error {
	return conn.Raw(func(dc any) error {
		pc, ok := dc.(*stdlib.Conn)
		if !ok {
			return errs.Internalf("pg: unexpected driver connection %T", dc)
		}
		return fn(pc.Conn())
	})
}
