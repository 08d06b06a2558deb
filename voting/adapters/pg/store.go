// Package pg keeps polls, papers and ballots in PostgreSQL.
package pg

import (
	"context"
	"errors"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/adapters/pg/migrations"
	"go.updspace.com/voting/ports"
)

// Migrations are the tables of voting.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_voting", FS: migrations.Files} }

// The repositories fulfil the ports.
var (
	_ ports.Polls   = (*Polls)(nil)
	_ ports.Papers  = (*Papers)(nil)
	_ ports.Ballots = (*Ballots)(nil)
	_ ports.Tx      = (*pg.DB)(nil)
)

// tenant is for SQL written by hand, which the hooks of pg.Tenanted pass by.
func tenant(ctx context.Context) uuid.UUID { return reqctx.From(ctx).TenantID }

// orMissing turns "no rows" into what the domain calls it.
func orMissing(err error, missing *errs.Error) error {
	err = pg.Error(err)
	if err != nil && errs.KindOf(err) == errs.NotFound {
		var cause *errs.Error
		if errors.As(err, &cause) {
			return missing.Wrap(cause)
		}
	}
	return err
}
