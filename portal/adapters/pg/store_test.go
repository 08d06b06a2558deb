package pg_test

import (
	"context"
	"testing"

	kit "go.updspace.com/libs/pg"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/ports/portstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestPostgres(t *testing.T) {
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{
			Groups: pg.NewGroups(db), Memberships: pg.NewMemberships(db), Requests: pg.NewRequests(db), Invites: pg.NewInvites(db), Links: pg.NewLinks(db),
			Journal: pg.NewJournal(db), Tenants: pg.NewTenants(db), Exclusive: pg.NewExclusive(db), Tx: db,
			Posts: pg.NewPosts(db), Places: pg.NewPlaces(db), Files: pg.NewFiles(db), Profiles: pg.NewProfiles(db), Accounts: pg.NewAccounts(db),
			Traces: pg.NewTraces(db), Across: func(ctx context.Context) context.Context { return kit.AcrossTenants(ctx, "test") },
		}
	})
}
