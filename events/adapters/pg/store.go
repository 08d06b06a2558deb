// Package pg stores events and their dates in PostgreSQL.
package pg

import (
	"go.updspace.com/events/adapters/pg/migrations"
	"go.updspace.com/events/ports"
	"go.updspace.com/libs/pg"
)

// Migrations are the tables of events.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_events", FS: migrations.Files} }

// The repositories implement the ports.
var (
	_ ports.Events            = (*Events)(nil)
	_ ports.Occurrences       = (*Occurrences)(nil)
	_ ports.Answers           = (*Answers)(nil)
	_ ports.Attendance        = (*Attendance)(nil)
	_ ports.Reminders         = (*Reminders)(nil)
	_ ports.Invitations       = (*Invitations)(nil)
	_ ports.Members           = (*Members)(nil)
	_ ports.InboundMails      = (*InboundMails)(nil)
	_ ports.CalendarAddresses = (*CalendarAddresses)(nil)
	_ ports.TenantMembers     = (*TenantMembers)(nil)
	_ ports.Tx                = (*pg.DB)(nil)
)
