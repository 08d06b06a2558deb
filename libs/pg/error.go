package pg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"

	"go.updspace.com/libs/errs"
)

// Error turns an error of the database into one of the kit's kinds, with the original as its cause. Repositories return every
// database error through it. nil stays nil, and an errs.Error stays as it is.
//
// The messages are general: only the repository knows that a violated constraint means "this name is taken". See [Taken].
func Error(err error) error {
	if err == nil {
		return nil
	}
	var known *errs.Error
	if errors.As(err, &known) {
		return err
	}
	if errors.Is(err, sql.ErrNoRows) {
		return errs.NotFoundf("Not found.").Wrap(err)
	}
	return ofKind(classify(err), err)
}

// ConstraintName returns the name of the constraint that err is about, or "".
func ConstraintName(err error) string {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return server.ConstraintName
	}
	return ""
}

func classify(err error) errs.Kind {
	var server *pgconn.PgError
	var connect *pgconn.ConnectError
	switch {
	case errors.As(err, &connect) && errors.As(err, &server):
		return errs.Unavailable // the server takes no connection: the database is closed for maintenance, is gone, or takes other credentials
	case errors.As(err, &server):
		return kindOfState(server.Code)
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		// given up by the caller
		return errs.Timeout
	case errors.As(err, &connect), isNetwork(err),
		errors.Is(err, driver.ErrBadConn), errors.Is(err, sql.ErrConnDone), errors.Is(err, pgconn.ErrConnClosed),
		errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errs.Unavailable
	}
	return errs.Internal
}

func isNetwork(err error) bool {
	var network net.Error
	var number syscall.Errno // ECONNREFUSED, ECONNRESET, EPIPE without an operation around them
	return errors.As(err, &network) || errors.As(err, &number) || errors.Is(err, net.ErrClosed)
}

// kindOfState maps SQLSTATEs to kinds. See
// https://www.postgresql.org/docs/current/errcodes-appendix.html.
func kindOfState(state string) errs.Kind {
	switch state {
	case "23505", // unique_violation
		"23P01": // exclusion_violation
		return errs.Conflict
	case "23502", // not_null_violation
		"23503", // foreign_key_violation
		"23514": // check_violation
		return errs.Invalid
	case "57014": // query_canceled: statement_timeout, or a cancel that came first
		return errs.Timeout
	case "25P03", // idle_in_transaction_session_timeout
		"25006", // read_only_sql_transaction: a standby after a failover
		"40001", // serialization_failure
		"40P01", // deadlock_detected
		"55P03", // lock_not_available: lock_timeout
		"57P01", // admin_shutdown
		"57P02", // crash_shutdown
		"57P03", // cannot_connect_now
		"57P04", // database_dropped
		"57P05": // idle_session_timeout
		return errs.Unavailable
	}
	if len(state) != 5 {
		return errs.Internal
	}
	switch state[:2] {
	case "22": // data exceptions: out of range, bad text
		return errs.Invalid
	case "08", // connection exceptions
		"53", // insufficient resources, too many connections
		"58": // system errors: disk
		return errs.Unavailable
	}
	return errs.Internal // syntax, missing tables, insufficient privilege (row-level security included)
}

func ofKind(kind errs.Kind, cause error) error {
	message := "Something went wrong on our side."
	switch kind {
	case errs.Conflict:
		message = "This already exists."
	case errs.Invalid:
		message = "A value cannot be stored."
	case errs.Unavailable:
		message = "The service cannot reach its data right now. Try again."
	case errs.Timeout:
		message = "The service took too long to answer."
	}
	return errs.New(kind, "", message).Wrap(cause)
}

// absent tells whether err means that the server does not answer yet.
func absent(err error) bool {
	var server *pgconn.PgError
	if errors.As(err, &server) {
		return kindOfState(server.Code) == errs.Unavailable
	}
	return classify(err) == errs.Unavailable
}
