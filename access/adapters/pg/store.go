// Package pg keeps the facts of Access in PostgreSQL.
package pg

import (
	"go.updspace.com/access/adapters/pg/migrations"
	"go.updspace.com/libs/pg"
)

// Migrations is the schema of db_access.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_access", FS: migrations.FS} }
