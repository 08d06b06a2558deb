package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/testkit"
	"go.updspace.com/portal/adapters/pg"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports/portstest"
)

func TestMain(m *testing.M) { testkit.Main(m) }

func TestPostgres(t *testing.T) {
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{
			Groups: pg.NewGroups(db), Memberships: pg.NewMemberships(db), Requests: pg.NewRequests(db), Invites: pg.NewInvites(db), Links: pg.NewLinks(db),
			Journal: pg.NewJournal(db), Tenants: pg.NewTenants(db), Exclusive: pg.NewExclusive(db), Tx: db,
			Name: func(ctx context.Context, user uuid.UUID, name string) error {
				profile := domain.NewProfile(reqctx.From(ctx).TenantID, domain.Account{UserID: user, DisplayName: name})
				return db.Do(ctx, func(ctx context.Context) error { return pg.NewProfiles(db).Save(ctx, profile.Begun(portstest.Noon)) })
			},
		}
	})
}
