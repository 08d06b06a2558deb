package pg

import (
	"database/sql"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

// Zero in the domain is NULL in the database.

func orNever(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = pg.Time(t)
	return &t
}

func instant(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.UTC()
}

func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func orNobody(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}

// orNone is the error of a statement that had to touch a row.
func orNone(result sql.Result, err error, missing *errs.Error) error {
	if err != nil {
		return pg.Error(err)
	}
	n, err := result.RowsAffected()
	if err == nil && n == 0 {
		return missing
	}
	return pg.Error(err)
}
