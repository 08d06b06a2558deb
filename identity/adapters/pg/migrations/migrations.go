// Package migrations holds the schema of the identity database.
package migrations

import (
	"embed"

	"go.updspace.com/libs/pg"
)

//go:embed *.sql
var files embed.FS

// Set is the service's migrations.
func Set() pg.Migrations { return pg.Migrations{Table: "goose_identity", FS: files} }
