package pg_test

import (
	"context"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
)

func (w *world) rights() portstest.Rights {
	return portstest.Rights{
		Roles: accesspg.NewTenantRoles(w.db), Bindings: accesspg.NewTenantBindings(w.db), Overrides: accesspg.NewTenantOverrides(w.db),
		Admins: accesspg.NewAdministrators(w.db), Tx: w.db, AddTemplate: w.AddRole,
		AddDerived: func(tenant uuid.UUID, g domain.Grant) (id int64) {
			w.t.Helper()
			require.NoError(w.t, w.do(tenant, func(ctx context.Context) error {
				return w.db.Conn(ctx).QueryRowContext(ctx, `
					INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, source) VALUES (?, ?, ?, ?, ?, 'membership') RETURNING id`,
					tenant, g.User, g.Scope.Type, g.Scope.ID, g.Role).Scan(&id)
			}))
			return id
		},
	}
}

func TestRights(t *testing.T) {
	portstest.RunRights(t, func(t testing.TB) portstest.Rights { return newWorld(t).rights() })
}

func TestHistory(t *testing.T) {
	portstest.RunHistory(t, func(t testing.TB) portstest.Chronicle { return accesspg.NewJournal(newWorld(t).db) })
}

func TestPeople(t *testing.T) {
	portstest.RunPeople(t, func(t testing.TB) portstest.Archive {
		w := newWorld(t)
		return portstest.Archive{Rights: w.rights(), Memberships: w.Memberships, Journal: accesspg.NewJournal(w.db), People: accesspg.NewPeople(w.db)}
	})
}
