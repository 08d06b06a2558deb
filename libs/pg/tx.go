package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/uptrace/bun"
	"go.opentelemetry.io/otel/trace"

	"go.updspace.com/libs/errs"
)

// endTimeout bounds COMMIT and ROLLBACK, which run to their end even when the client has given up the request: after a commit
// that is cut off, the caller would not know whether it happened.
const endTimeout = 10 * time.Second

// txKey is the key of the transaction in a context. It contains the database, because one process may run several services, and
// a call from one to another is not part of the caller's transaction.
type txKey struct{ db *DB }

// readKey marks a Read that is no transaction, so that a Do inside of it is refused without strict reads, too.
type readKey struct{ db *DB }

type tx struct {
	conn     bun.Conn
	scope    scope
	readOnly bool
	after    []func()
}

func (db *DB) current(ctx context.Context) *tx {
	t, _ := ctx.Value(txKey{db}).(*tx)
	return t
}

// Do runs fn in a write transaction for the tenant of the request context and commits when fn returns nil. A Do inside a Do
// joins it: the outermost one commits. An error, a panic or the end of ctx rolls everything back. Do never repeats fn.
func (db *DB) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	return db.run(ctx, false, fn)
}

// Read runs fn for reading. With [Config.StrictReads] that is a read-only
// transaction of the tenant, else fn reads from the pool; inside a Do it reads
// what the transaction sees.
func (db *DB) Read(ctx context.Context, fn func(ctx context.Context) error) error {
	if !db.cfg.StrictReads && db.current(ctx) == nil {
		return fn(context.WithValue(ctx, readKey{db}, true))
	}
	return db.run(ctx, true, fn)
}

// Conn returns the transaction in ctx, or the pool outside of one. Do not keep the result longer than ctx.
func (db *DB) Conn(ctx context.Context) bun.IDB {
	if t := db.current(ctx); t != nil {
		return conn{IDB: t.conn, scope: scopeOf(ctx)}
	}
	return conn{IDB: db.bun, scope: scopeOf(ctx)}
}

// InTx tells whether ctx carries a write transaction of this database.
func (db *DB) InTx(ctx context.Context) bool {
	t := db.current(ctx)
	return t != nil && !t.readOnly
}

// AfterCommit runs fn when the transaction in ctx has been committed, and not when it is rolled back. Outside of a transaction
// fn runs at once. It is for signals: fn must be quick and cannot fail.
func (db *DB) AfterCommit(ctx context.Context, fn func()) {
	if t := db.current(ctx); t != nil {
		t.after = append(t.after, fn)
		return
	}
	fn()
}

func (db *DB) run(ctx context.Context, readOnly bool, fn func(ctx context.Context) error) (err error) {
	s := scopeOf(ctx)
	if t := db.current(ctx); t != nil {
		switch {
		case t.readOnly && !readOnly:
			return errDoInsideRead()
		case t.scope != s:
			return errs.Internalf("pg: a transaction of %s cannot go on for %s", t.scope, s)
		}
		return fn(ctx)
	}
	if ctx.Value(readKey{db}) != nil {
		return errDoInsideRead()
	}

	if trace.SpanFromContext(ctx).IsRecording() {
		var span trace.Span
		ctx, span = tracer(ctx).Start(ctx, "transaction", trace.WithSpanKind(trace.SpanKindClient), client())
		defer func() { endSpan(span, err) }()
	}
	c, err := db.begin(ctx, s, readOnly)
	if err != nil {
		return err
	}
	t := &tx{conn: c, scope: s, readOnly: readOnly}
	open := true
	defer func() { // also on a panic, which goes on upwards
		if open {
			rollback(ctx, c)
		}
	}()
	if err := fn(context.WithValue(ctx, txKey{db}, t)); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return Error(err)
	}
	open = false
	if err := commit(ctx, c); err != nil {
		return err
	}
	for _, after := range t.after {
		after()
	}
	return nil
}

func errDoInsideRead() error { return errs.Internalf("pg: Do inside Read") }

// begin takes a connection and opens the transaction on it. A connection that turns out to be dead, as all idle ones are after a
// restart of the server, is replaced by the next.
func (db *DB) begin(ctx context.Context, s scope, readOnly bool) (bun.Conn, error) {
	statement := "BEGIN; " + s.settings()
	if readOnly {
		statement = "BEGIN READ ONLY; " + s.settings()
	}
	for left := db.cfg.MaxConns; ; left-- {
		c, err := db.bun.Conn(ctx)
		if err != nil {
			return bun.Conn{}, Error(err)
		}
		_, err = exec(ctx, c.Conn, statement)
		if err == nil {
			return c, nil
		}
		rollback(ctx, c)
		if left <= 0 || ctx.Err() != nil || !connectionLost(err) {
			return bun.Conn{}, Error(err)
		}
	}
}

func commit(ctx context.Context, c bun.Conn) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	tag, err := exec(ctx, c.Conn, "COMMIT")
	release(c, err)
	if err != nil {
		return Error(err)
	}
	if tag.String() == "ROLLBACK" { // the server's answer when a statement had failed and fn went on
		return errs.Internalf("pg: %w", pgx.ErrTxCommitRollback)
	}
	return nil
}

func rollback(ctx context.Context, c bun.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endTimeout)
	defer cancel()
	_, err := exec(ctx, c.Conn, "ROLLBACK")
	release(c, err)
}

// release returns the connection to the pool, or closes it when err says that it cannot be used again.
func release(c bun.Conn, err error) {
	if err != nil {
		// sql.Conn closes a connection for this error
		_ = c.Raw(func(any) error { return driver.ErrBadConn })
		return
	}
	_ = c.Close() // returns it; fails only when it is returned already
}

// exec sends statements without arguments in one round trip and returns the
// tag of the last.
func exec(ctx context.Context, c *sql.Conn, statements string) (pgconn.CommandTag, error) {
	var tag pgconn.CommandTag
	err := c.Raw(func(dc any) error {
		pc, ok := dc.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("pg: unexpected driver connection %T", dc)
		}
		results, err := pc.Conn().PgConn().Exec(ctx, statements).ReadAll()
		if err != nil {
			return fmt.Errorf("pg: %w", err)
		}
		tag = results[len(results)-1].CommandTag
		return nil
	})
	return tag, err
}

// connectionLost tells whether err is about the connection and not about the
// statement.
func connectionLost(err error) bool {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return kindOfState(server.Code) == errs.Unavailable && server.Severity == "FATAL"
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) { // a new connection failed: the next one would, too
		return false
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, pgconn.ErrConnClosed) || isNetwork(err)
}

// BeginTx is refused: transactions are begun by [DB.Do], which binds them to a tenant.
func (conn) BeginTx(context.Context, *sql.TxOptions) (bun.Tx, error) {
	return bun.Tx{}, errs.Internalf("pg: transactions are begun by DB.Do")
}

// RunInTx is refused: transactions are run by [DB.Do].
func (conn) RunInTx(context.Context, *sql.TxOptions, func(context.Context, bun.Tx) error) error {
	return errs.Internalf("pg: transactions are run by DB.Do")
}
