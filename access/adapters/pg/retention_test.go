package pg_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/testkit"
)

const day = 24 * time.Hour

func (w *world) retention(clock ports.Clock) *accesspg.Retention {
	return accesspg.NewRetention(w.db, accesspg.NewJournal(w.db), clock, slog.New(slog.DiscardHandler), 365*day)
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
	w := newWorld(t)
	clock := testkit.NewClock()
	gone := w.grow(clock.Now())
	journal := accesspg.NewJournal(w.db)
	for action, age := range map[string]time.Duration{"ancient": 366 * day, "old": 364 * day} {
		e := domain.Entry{Tenant: tenant, Action: action, TargetType: "role", At: clock.Now().Add(-age)}
		require.NoError(t, journal.Record(within(tenant), e))
	}
	w.exec(tenant, "INSERT INTO idempotency (tenant_id, user_id, request_id, operation, input_hash, created_at) VALUES (?, ?, 'old', 'x', '', ?), (?, ?, 'new', 'x', '', ?)",
		tenant, uuid.New(), clock.Now().Add(-8*day), tenant, uuid.New(), clock.Now().Add(-6*day))

	require.NoError(t, w.retention(clock).Sweep(t.Context()))
	for _, in := range []uuid.UUID{tenant, other} {
		require.Equal(t, 3, w.count(in, "SELECT count(*) FROM role_bindings"))
		require.Equal(t, 3, w.count(in, "SELECT count(*) FROM policy_overrides"))
		require.Equal(t, 1, w.count(in, "SELECT count(*) FROM audit_events WHERE action = 'override_expired' AND metadata ->> 'permission_key' = 'voting.poll.read'"))
	}
	require.Equal(t, 1, w.count(other, `SELECT count(*) FROM audit_events WHERE action = 'binding_expired' AND performed_by = ?
		AND metadata ->> 'role_id' = ? AND metadata ->> 'scope_type' = 'TENANT' AND metadata ->> 'scope_id' = ?`, uuid.Nil, domain.FormatRoleID(gone.ID), other.String()))
	require.Equal(t, 1, w.count(tenant, "SELECT count(*) FROM audit_events WHERE action IN ('ancient', 'old')"))
	require.Equal(t, 1, w.count(tenant, "SELECT count(*) FROM idempotency"))

	before := w.count(uuid.Nil, "SELECT count(*) FROM audit_events")
	require.NoError(t, w.retention(clock).Sweep(t.Context()))
	require.Equal(t, before, w.count(uuid.Nil, "SELECT count(*) FROM audit_events"), "once")
}

// More than one batch, by several instances at once: each binding is gone with
// exactly one entry.
func TestRetentionOfMuchByMany(t *testing.T) {
	w := newWorld(t)
	clock := testkit.NewClock()
	role := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew"})
	w.exec(tenant, `INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, expires_at)
		SELECT ?, gen_random_uuid(), 'GLOBAL', '', ?, ? FROM generate_series(1, 1200)`, tenant, role.ID, clock.Now().Add(-31*day))
	var wg sync.WaitGroup
	failures := make([]error, 3)
	for i := range failures {
		wg.Go(func() { failures[i] = w.retention(clock).Sweep(context.Background()) })
	}
	wg.Wait()
	for _, err := range failures {
		require.NoError(t, err)
	}
	require.NoError(t, w.retention(clock).Sweep(t.Context())) // a batch that met another's rows may have ended early
	require.Zero(t, w.count(tenant, "SELECT count(*) FROM role_bindings"))
	require.Equal(t, 1200, w.count(tenant, "SELECT count(*) FROM audit_events WHERE action = 'binding_expired'"))
	require.Equal(t, 1200, w.count(tenant, "SELECT count(DISTINCT target_id) FROM audit_events"))
}
