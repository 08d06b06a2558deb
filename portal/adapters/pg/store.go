// Package pg keeps what portal owns in PostgreSQL.
package pg

import (
	"strings"

	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/adapters/pg/migrations"
	"go.updspace.com/portal/ports"
)

// Migrations are the tables of portal.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_portal", FS: migrations.Files} }

// The repositories fulfil the ports.
var (
	_ ports.Groups = (*Groups)(nil)
	_ ports.Tx     = (*pg.DB)(nil)
)

// wildcards makes what a user types mean itself in a LIKE.
var wildcards = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
