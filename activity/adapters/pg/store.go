// Package pg stores the data of activity in PostgreSQL.
package pg

import (
	"github.com/google/uuid"

	"go.updspace.com/activity/adapters/pg/migrations"
	"go.updspace.com/libs/pg"
)

// Migrations are the tables of activity.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_activity", FS: migrations.Files} }

// orNull is the column of an id that may be absent.
func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}
