// Package pg keeps what portal owns in PostgreSQL.
package pg

import (
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/pg"
	"go.updspace.com/portal/adapters/pg/migrations"
	contentports "go.updspace.com/portal/content/ports"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports"
)

// Migrations are the tables of portal.
func Migrations() pg.Migrations { return pg.Migrations{Table: "goose_portal", FS: migrations.Files} }

// The repositories implement the ports.
var (
	_ groupsports.Groups        = (*Groups)(nil)
	_ groupsports.Memberships   = (*Memberships)(nil)
	_ groupsports.JoinRequests  = (*JoinRequests)(nil)
	_ groupsports.Invites       = (*Invites)(nil)
	_ groupsports.InviteLinks   = (*InviteLinks)(nil)
	_ groupsports.Pending       = (*Pending)(nil)
	_ groupsports.Bans          = (*Bans)(nil)
	_ groupsports.TenantMembers = (*Profiles)(nil)
	_ groupsports.Traces        = (*GroupTraces)(nil)
	_ groupsports.Tenants       = (*Tenants)(nil)
	_ groupsports.Cards         = (*Cards)(nil)
	_ groupsports.Queue         = (*Cards)(nil)
	_ contentports.Posts        = (*Posts)(nil)
	_ contentports.PostTargets  = (*PostTargets)(nil)
	_ contentports.GroupRoles   = (*Memberships)(nil)
	_ contentports.Files        = (*Files)(nil)
	_ contentports.Profiles     = (*Profiles)(nil)
	_ contentports.Accounts     = (*Accounts)(nil)
	_ contentports.People       = (*People)(nil)
	_ contentports.PublicCards  = (*PublicCards)(nil)
	_ ports.AuditLog            = (*audit.Log)(nil)
	_ ports.Tx                  = (*pg.DB)(nil)
)
