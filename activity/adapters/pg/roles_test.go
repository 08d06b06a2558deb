package pg_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/adapters/pg"
	connectors "go.updspace.com/activity/connectors/domain"
	"go.updspace.com/activity/roles/ports/portstest"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/seal"
	"go.updspace.com/libs/signature"
	"go.updspace.com/tools/devkit/testkit"
)

func TestRolesInPostgres(t *testing.T) {
	t.Parallel()
	sealer, err := seal.Parse(seal.NewKey("test"))
	require.NoError(t, err)
	portstest.Suite(t, func(t *testing.T) portstest.Store {
		db := testkit.DB(t, pg.Migrations())
		return portstest.Store{
			Syncs: pg.NewRoleSyncs(db, sealer), Members: pg.NewRoleMembers(db, sealer), Budget: pg.NewBotBudget(db, 10), Tx: db,
			Source: func(t *testing.T, tenant uuid.UUID, discord bool) (id int64) {
				kind, edit := connectors.Webhook, connectors.Edit{Name: new("n")}
				if discord {
					kind, edit.PublicKey = connectors.Discord, new("aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00aa00")
				}
				source, err := connectors.NewSource(authz.Actor{Tenant: tenant, User: uuid.New()}, kind, edit, func(string) error { return nil }, time.Now())
				require.NoError(t, err)
				ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
				require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
					stored, err := pg.NewSources(db, sealer).Add(ctx, source, signature.Pair{})
					id = stored.ID()
					return err
				}))
				return id
			},
		}
	})
}
