package pg

import (
	"cmp"
	"context"
	"database/sql"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"go.opentelemetry.io/otel/trace"

	"go.updspace.com/libs/errs"
)

// maxPrepared bounds the statements that a connection keeps prepared. Their
// texts are constants of the program, so there are never many.
const maxPrepared = 64

// Exec runs a statement that stays prepared on its connection, in the
// transaction in ctx or on the pool. It is for the few statements of a
// service's hot paths: for a row or two, PostgreSQL spends as much on parsing
// and planning a text as on executing it, and bun on writing it.
//
// The text must be a constant, with $1, $2 ... for its arguments. Like every
// raw query it passes the hooks of [Tenanted] by: write the tenant into it.
// Without a tenant in ctx, or [AcrossTenants], it is refused, and so is a
// change outside of [DB.Do].
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

// Query runs a statement like [DB.Exec], for reading, and scans every row into
// dest, a pointer to a slice, as bun does.
func (db *DB) Query(ctx context.Context, dest any, statement string, args ...any) error {
	return db.query(ctx, statement, args, func(rows *sql.Rows) error { return db.bun.ScanRows(ctx, rows, dest) })
}

// QueryRow is Query for one row and a pointer to a struct. Without a row it
// fails with [sql.ErrNoRows].
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

// tenantOf fails where nobody said whose rows are meant.
func tenantOf(ctx context.Context) error {
	if s := scopeOf(ctx); !s.across() && s.tenant == noTenant {
		return errs.Internalf("pg: a prepared statement has no tenant: the request context is missing, or the job must say AcrossTenants")
	}
	return nil
}

// prepared asks pgx for its cache of statements, which everything else goes
// past: see open. Ids go as what pgx knows them by: it would find out for
// itself, by reflection, each time.
func prepared(args []any) []any {
	all := make([]any, 1, 1+len(args))
	all[0] = pgx.QueryExecModeCacheStatement
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
