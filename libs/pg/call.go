package pg

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"go.updspace.com/libs/errs"
)

// CallAll runs one SELECT of a SQL function that changes data once for each list of arguments, and returns the only column
// of each. Outside of [DB.Do] all of them are one transaction and one round trip, so that a hot write does without BEGIN,
// several statements and COMMIT, and requests at the same time can share both (package batch); inside they are part of the
// transaction. The statement stays prepared like that of [DB.Exec]. An error undoes all.
//
// Outside of Do nothing else tells PostgreSQL the tenant: the function must begin by setting it
//
//	set_config('updspace.tenant', tenant::text, true)
//
// for the row-level policies, and take the tenant of the request context as an argument.
func CallAll[T any](ctx context.Context, db *DB, statement string, calls ...[]any) (results []T, err error) {
	if t := db.current(ctx); t != nil && t.readOnly || t == nil && ctx.Value(readKey{db}) != nil {
		return nil, errs.Internalf("pg: CallAll inside Read")
	}
	if err := tenantOf(ctx); err != nil {
		return nil, err
	}
	ctx, end := span(ctx, statement)
	defer func() { end(err) }()
	call := func(c *pgx.Conn) error {
		results, err = sendCalls[T](ctx, c, statement, calls)
		return err
	}
	if t := db.current(ctx); t != nil {
		return results, Error(onConn(t.conn.Conn, call))
	}
	for attempt := 1; ; attempt++ {
		err = db.onPool(ctx, call)
		if err == nil || !pgconn.SafeToRetry(err) || !db.mayRetry(ctx, attempt, err) {
			return results, Error(err)
		}
	}
}

func sendCalls[T any](ctx context.Context, c *pgx.Conn, statement string, calls [][]any) ([]T, error) {
	if _, err := c.Prepare(ctx, statement, statement); err != nil { // pgx remembers it
		return nil, err
	}
	batch := &pgx.Batch{}
	for _, args := range calls {
		batch.Queue(statement, native(args)...)
	}
	answers := c.SendBatch(ctx, batch)
	results := make([]T, len(calls))
	for i := range results {
		if err := answers.QueryRow().Scan(&results[i]); err != nil {
			return nil, errors.Join(err, answers.Close())
		}
	}
	return results, answers.Close()
}
