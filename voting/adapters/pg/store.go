// Package pg stores polls, questionnaires, participants, groups and ballots in PostgreSQL.
package pg

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/adapters/pg/migrations"
	"go.updspace.com/voting/ports"
)

// Migrations are the tables of voting.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_voting", FS: migrations.Files} }

// The repositories implement the ports.
var (
	_ ports.Polls          = (*Polls)(nil)
	_ ports.Questionnaires = (*Questionnaires)(nil)
	_ ports.Participants   = (*Participants)(nil)
	_ ports.Ballots        = (*Ballots)(nil)
	_ ports.Tx             = (*pg.DB)(nil)
)

// tenant is for SQL text, which the hooks of pg.Tenanted do not reach.
func tenant(ctx context.Context) uuid.UUID { return reqctx.From(ctx).TenantID }
