package pg_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

func TestErrorKinds(t *testing.T) {
	state := func(code string) error { return fmt.Errorf("saving: %w", &pgconn.PgError{Code: code}) }
	for _, c := range []struct {
		err  error
		want errs.Kind
	}{
		{sql.ErrNoRows, errs.NotFound},
		{state("23505"), errs.Conflict},
		{state("23P01"), errs.Conflict},
		{state("23502"), errs.Invalid},
		{state("23503"), errs.Invalid},
		{state("23514"), errs.Invalid},
		{state("22001"), errs.Invalid},
		{state("22P02"), errs.Invalid},
		{state("57014"), errs.Timeout},
		{state("57P01"), errs.Unavailable},
		{state("57P03"), errs.Unavailable},
		{state("53300"), errs.Unavailable},
		{state("08006"), errs.Unavailable},
		{state("40001"), errs.Unavailable},
		{state("40P01"), errs.Unavailable},
		{state("55P03"), errs.Unavailable},
		{state("42501"), errs.Internal},
		{state("42P01"), errs.Internal},
		{state(""), errs.Internal},
		{driver.ErrBadConn, errs.Unavailable},
		{sql.ErrConnDone, errs.Unavailable},
		{io.EOF, errs.Unavailable},
		{fmt.Errorf("reading: %w", io.ErrUnexpectedEOF), errs.Unavailable},
		{&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}, errs.Unavailable},
		{syscall.EPIPE, errs.Unavailable},
		{context.DeadlineExceeded, errs.Timeout},
		{context.Canceled, errs.Timeout},
		{errors.New("a defect"), errs.Internal},
	} {
		got := pg.Error(c.err)
		require.Equal(t, c.want, errs.KindOf(got), "%v", c.err)
		require.ErrorIs(t, got, c.err, "the cause is kept for the log")
	}
	require.NoError(t, pg.Error(nil))
	own := errs.Forbiddenf("no")
	require.Same(t, own, pg.Error(own))
}

func TestErrorsOfTheServer(t *testing.T) {
	db := testkit.DB(t, polls)
	addPoll(t, db, aef, "taken")
	for what, c := range map[string]struct {
		query      string
		want       errs.Kind
		constraint string
	}{
		"unique":  {"INSERT INTO polls (tenant_id, id, title) VALUES (?0, ?1, 'taken')", errs.Conflict, "polls_title"},
		"check":   {"INSERT INTO polls (tenant_id, id, title) VALUES (?0, ?1, 'much longer than it may be')", errs.Invalid, "title_length"},
		"foreign": {"INSERT INTO options (tenant_id, id, poll_id, title) VALUES (?0, ?1, ?1, 'x')", errs.Invalid, "options_poll"},
		"null":    {"INSERT INTO polls (tenant_id, id, title) VALUES (?0, ?1, NULL)", errs.Invalid, ""},
		"range":   {"INSERT INTO polls (tenant_id, id, title, votes) VALUES (?0, ?1, 'x', 99999999999)", errs.Invalid, ""},
		"syntax":  {"INSERT INTO", errs.Internal, ""},
	} {
		err := db.Do(as(aef), func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewRaw(c.query, aef, uuid.New()).Exec(ctx)
			return pg.Error(err)
		})
		require.Equal(t, c.want, errs.KindOf(err), what)
		require.Equal(t, c.constraint, pg.ConstraintName(err), what)
	}
}

// TestDeferredConstraint fails at the commit, not before.
func TestDeferredConstraint(t *testing.T) {
	db := testkit.DB(t, deferred)
	err := db.Do(as(aef), func(ctx context.Context) error {
		for range 2 {
			if _, err := db.Conn(ctx).NewRaw("INSERT INTO places VALUES (1)").Exec(ctx); err != nil {
				return err
			}
		}
		return nil
	})
	require.Equal(t, errs.Conflict, errs.KindOf(err))
	require.Equal(t, "places_once", pg.ConstraintName(err))
	require.Zero(t, db.Stats().InUse)
}

// TestConnectionsThatTheServerRefuses: a database that is gone, closed or takes other credentials is away, whatever the server says.
func TestConnectionsThatTheServerRefuses(t *testing.T) {
	cfg := testkit.Postgres(t, polls)
	for what, change := range map[string]func(*url.URL){
		"no such database": func(u *url.URL) { u.Path = "/gone" },
		"no such role":     func(u *url.URL) { u.User = url.UserPassword("stranger", "x") },
	} {
		address, err := url.Parse(cfg.URL)
		require.NoError(t, err)
		change(address)
		db := testkit.OpenDB(t, pg.Config{URL: address.String()})
		err = db.Do(as(aef), func(ctx context.Context) error { return nil })
		require.Equal(t, errs.Unavailable, errs.KindOf(err), "%s: %v", what, err)
	}
}
