package pg_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
)

func (w *world) adminStore() portstest.AdminStore {
	return portstest.AdminStore{
		Roles: accesspg.NewRoles(w.db), Bindings: accesspg.NewBindings(w.db), Overrides: accesspg.NewOverrides(w.db),
		Admins: accesspg.NewAdministrators(w.db), Memberships: w.Memberships, Tx: w.db, AddTemplate: w.AddRole,
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

func TestAdministration(t *testing.T) {
	t.Parallel()
	portstest.RunAdminStore(t, func(t testing.TB) portstest.AdminStore { return newWorld(t).adminStore() })
}

// A list of roles with all their permissions is one statement, however many roles there are.
func TestAListOfRolesIsOneStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 20 {
		w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: fmt.Sprint("role ", i), Keys: []string{"voting.poll.read", "voting.vote.cast"}})
	}
	recorder := tracetest.NewSpanRecorder()
	ctx, root := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(recorder)).Tracer("test").Start(within(tenant), "request")
	roles, err := accesspg.NewRoles(w.db).Page(ctx, ports.RoleSearch{Limit: 50})
	root.End()
	require.NoError(t, err)
	require.Len(t, roles, 20)
	for _, r := range roles {
		require.Len(t, r.Keys, 2)
	}
	var statements []string
	for _, span := range recorder.Ended() {
		if name := span.Name(); name != "transaction" && name != "request" {
			statements = append(statements, name)
		}
	}
	require.Equal(t, []string{"SELECT roles"}, statements)
}

func TestPersonalData(t *testing.T) {
	t.Parallel()
	portstest.RunPersonalData(t, func(t testing.TB) portstest.PersonalDataStore {
		w := newWorld(t)
		return portstest.PersonalDataStore{AdminStore: w.adminStore(), Sections: accesspg.PersonalData(w.db)}
	})
}
