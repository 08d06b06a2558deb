package pg_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

const day = 24 * time.Hour

func (w *world) deleteExpired(clock ports.Clock) error {
	r := app.Retention{Deps: app.Deps{Tx: w.db, Expired: accesspg.NewExpired(w.db), Audit: audit.New(w.db), Clock: clock}}
	return r.DeleteExpired(pg.AcrossTenants(context.Background(), "test"))
}

// In two tenants, what has long expired and what has not.
func (w *world) grow(at time.Time) (gone domain.Role) {
	w.t.Helper()
	for i, t := range []uuid.UUID{tenant, other} {
		for name, expires := range map[string]time.Time{
			"gone": at.Add(-31 * day), "expired": at.Add(-29 * day), "runs": at.Add(day), "lasts": {},
		} {
			role := w.AddRole(domain.Role{Tenant: t, Service: domain.Voting, Name: name})
			_, _, err := w.Grant(within(t), domain.Grant{User: portstest.User().Example(i), Role: role.ID, Scope: domain.TenantScope(t), Expires: expires})
			require.NoError(w.t, err)
			w.AddOverride(t, portstest.User().Example(i), domain.Override{Effect: domain.Deny, Permission: "voting.poll.read"}, expires)
			if name == "gone" {
				gone = role
			}
		}
	}
	return gone
}

func TestRetentionDeletesWhatIsOverAndSaysSo(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	clock := testkit.NewClock()
	gone := w.grow(clock.Now())
	require.NoError(t, w.deleteExpired(clock))
	for _, in := range []uuid.UUID{tenant, other} {
		require.Equal(t, 3, w.count(in, "SELECT count(*) FROM role_bindings"))
		require.Equal(t, 3, w.count(in, "SELECT count(*) FROM policy_overrides"))
		require.Equal(t, 1, w.count(in, "SELECT count(*) FROM audit_entries WHERE action = 'override_expired' AND metadata ->> 'permission_key' = 'voting.poll.read'"))
	}
	require.Equal(t, 1, w.count(other, `SELECT count(*) FROM audit_entries WHERE action = 'binding_expired' AND actor_type = 'system'
		AND metadata ->> 'role_id' = ? AND metadata ->> 'scope_type' = 'TENANT' AND metadata ->> 'scope_id' = ?`, domain.FormatID(gone.ID), other.String()))

	before := w.count(uuid.Nil, "SELECT count(*) FROM audit_entries")
	require.NoError(t, w.deleteExpired(clock))
	require.Equal(t, before, w.count(uuid.Nil, "SELECT count(*) FROM audit_entries"), "once")
}

// More than one batch, by several instances at once: each binding is gone with exactly one entry.
func TestRetentionOfMuchByMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	clock := testkit.NewClock()
	role := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew"})
	w.exec(tenant, `INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, expires_at)
		SELECT ?, gen_random_uuid(), 'GLOBAL', '', ?, ? FROM generate_series(1, 1200)`, tenant, role.ID, clock.Now().Add(-31*day))
	var wg sync.WaitGroup
	failures := make([]error, 3)
	for i := range failures {
		wg.Go(func() { failures[i] = w.deleteExpired(clock) })
	}
	wg.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
	require.NoError(t, w.deleteExpired(clock)) // a batch that met another's rows may have ended early
	require.Zero(t, w.count(tenant, "SELECT count(*) FROM role_bindings"))
	require.Equal(t, 1200, w.count(tenant, "SELECT count(*) FROM audit_entries WHERE action = 'binding_expired'"))
	require.Equal(t, 1200, w.count(tenant, "SELECT count(DISTINCT target_id) FROM audit_entries"))
}
