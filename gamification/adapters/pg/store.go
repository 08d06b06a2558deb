// Package pg stores the data of the service in PostgreSQL.
package pg

import (
	"go.updspace.com/gamification/adapters/pg/migrations"
	"go.updspace.com/gamification/ports"
	"go.updspace.com/libs/pg"
)

// Migrations are the tables of the service.
func Migrations() pg.Migrations {
	return pg.Migrations{Table: "goose_gamification", FS: migrations.Files}
}

// The repositories implement the ports.
var (
	_ ports.Categories   = (*Categories)(nil)
	_ ports.Achievements = (*Achievements)(nil)
	_ ports.Grants       = (*Grants)(nil)
	_ ports.Nominations  = (*Nominations)(nil)
	_ ports.Members      = (*Members)(nil)
	_ ports.Rules        = (*Rules)(nil)
	_ ports.Facts        = (*Facts)(nil)
	_ ports.Rewards      = (*Rewards)(nil)
	_ ports.Images       = (*Images)(nil)
	_ ports.Points       = (*Points)(nil)
	_ ports.Levels       = (*Levels)(nil)
	_ ports.Seasons      = (*Seasons)(nil)
	_ ports.Badges       = (*Badges)(nil)
	_ ports.BadgeKeys    = (*BadgeKeys)(nil)
	_ ports.StatusLists  = (*BadgeKeys)(nil)
	_ ports.Issuers      = (*Issuers)(nil)
	_ ports.Tx           = (*pg.DB)(nil)
)
