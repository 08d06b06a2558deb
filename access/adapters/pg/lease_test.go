package pg_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/adapters/pg/factcache"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/errs"
)

// memory is an instance's, with nothing in it but what it was told.
type memory struct {
	mu    sync.Mutex
	until time.Time
	told  int // how often it had to forget
	stuck chan struct{}
}

func (m *memory) SetValidUntil(until time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.until = until
}

func (m *memory) Invalidate(_, user uuid.UUID) {
	m.mu.Lock()
	stuck := m.stuck
	m.mu.Unlock()
	if stuck != nil {
		<-stuck
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if user != uuid.Nil {
		m.told++
	}
}

func (m *memory) reliable() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return time.Now().Before(m.until)
}

func (m *memory) forgot() int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.told
}

// instance holds a lease for the length of the test.
type instance struct {
	*memory
	reg  *prometheus.Registry
	stop func()
}

func (w *world) instance() *instance {
	w.t.Helper()
	i := &instance{memory: &memory{}, reg: prometheus.NewRegistry()}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	lease := factcache.NewLease(w.db, i.memory, time.Now, slog.New(slog.DiscardHandler), i.reg)
	go func() {
		defer close(ended)
		_ = lease.Run(ctx)
	}()
	i.stop = sync.OnceFunc(func() {
		cancel()
		<-ended
	})
	w.t.Cleanup(i.stop)
	w.eventually(i.reliable, "the instance has its lease")
	return i
}

func (w *world) eventually(what func() bool, why string) {
	w.t.Helper()
	require.Eventually(w.t, what, 20*time.Second, time.Millisecond, why)
}

// change changes a fact of a user, and is done when everybody knows.
func (w *world) change(user uuid.UUID) error { return w.changeIn(within(tenant), user) }

func (w *world) changeIn(ctx context.Context, user uuid.UUID) error {
	return factcache.NewTx(w.db).Do(ctx, func(ctx context.Context) error {
		_, err := w.db.Conn(ctx).ExecContext(ctx, "INSERT INTO policy_overrides (id, tenant_id, user_id, action) VALUES (?, ?, ?, 'deny')", uuid.New(), tenant, user)
		return err
	})
}

func (w *world) leases() int { return w.count(tenant, "SELECT count(*) FROM leases") }

func TestAChangeIsDoneWhenEveryInstanceHasForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	require.NoError(t, w.change(uuid.New()), "with no instance there is no wait")
	a, b := w.instance(), w.instance()
	for n := range 50 {
		require.NoError(t, w.change(uuid.New()))
		require.Equal(t, n+1, a.forgot())
		require.Equal(t, n+1, b.forgot())
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				if err := w.change(uuid.New()); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	require.Equal(t, 130, a.forgot())
	require.Equal(t, 130, b.forgot())

	b.stop()
	require.False(t, b.reliable())
	require.Equal(t, 1, w.leases(), "who stops gives the lease back")
	require.NoError(t, w.change(uuid.New()))
}

func TestNothingIsToldOfWhatWasRolledBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.instance()
	boom := errors.New("boom")
	err := factcache.NewTx(w.db).Do(within(tenant), func(ctx context.Context) error {
		require.NoError(t, w.changeIn(ctx, uuid.New())) // joins, and does not wait for what is not committed
		return boom
	})
	require.ErrorIs(t, err, boom)
	require.NoError(t, w.change(uuid.New()))
	require.Equal(t, 1, i.forgot())
}

// A transaction that a consumer of events began waits, too.
func TestTheWaitComesAtTheEndOfTheWholeTransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.instance()
	for n := range 20 {
		require.NoError(t, w.db.Do(within(tenant), func(ctx context.Context) error {
			return w.changeIn(ctx, uuid.New())
		}))
		require.Equal(t, n+1, i.forgot())
	}
}

func TestAnInstanceThatDiedIsWaitedForUntilItsLeaseRunsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(tenant, "INSERT INTO leases (instance, until, acknowledged) VALUES (?, clock_timestamp() + interval '300 ms', 0)", uuid.New())
	require.NoError(t, w.change(uuid.New()))
	require.Equal(t, 1, w.count(tenant, "SELECT count(*) FROM leases WHERE until <= clock_timestamp()"))
}

// An instance that hangs, or was paused, is not waited for for ever: when the
// change is done, the instance has nothing left to rely on.
func TestAnInstanceThatHangsHasNothingToRelyOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	healthy, hanging := w.instance(), w.instance()
	stuck := make(chan struct{})
	hanging.mu.Lock()
	hanging.stuck = stuck
	hanging.mu.Unlock()
	require.NoError(t, w.change(uuid.New()))
	require.False(t, hanging.reliable())
	require.Equal(t, 1, healthy.forgot())
	require.True(t, healthy.reliable())
	close(stuck)
	w.eventually(hanging.reliable, "it comes back")
	require.NoError(t, w.change(uuid.New()))
	require.Equal(t, 2, hanging.forgot())
}

func TestALeaseSurvivesItsConnections(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.instance()
	for n := range 5 {
		before := i.forgot()
		w.exec(tenant, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'access lease' AND datname = current_database()")
		w.eventually(func() bool {
			return testutil.CollectAndCount(i.reg, "access_lease_lost_total") == 1 && lost(t, i.reg) > n
		}, "it has noticed")
		w.eventually(i.reliable, "it has another")
		require.NoError(t, w.change(uuid.New()))
		require.Equal(t, before+1, i.forgot())
	}
	require.Equal(t, 1, w.leases(), "under one name")
}

func lost(t *testing.T, reg *prometheus.Registry) int {
	t.Helper()
	families, err := reg.Gather()
	require.NoError(t, err)
	require.Len(t, families, 1)
	return int(families[0].GetMetric()[0].GetCounter().GetValue())
}

// The row was deleted, or the server's clock jumped: the instance has to forget before it may remember again.
func TestALeaseThatTheServerDoesNotKnowIsAskedForAnew(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	i := w.instance()
	w.exec(tenant, "DELETE FROM leases")
	w.eventually(func() bool { return lost(t, i.reg) == 1 && i.reliable() && w.leases() == 1 }, "it asks for another")
}

func TestLeasesOfTheDeadAreSweptInTheEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(tenant, "INSERT INTO leases (instance, until, acknowledged) VALUES (?, now() - interval '1 hour', 0)", uuid.New())
	w.instance()
	require.Equal(t, 1, w.leases())
}

func TestAChangeThatIsNotAcknowledgedIsUnavailable(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(tenant, "INSERT INTO leases (instance, until, acknowledged) VALUES (?, clock_timestamp() + interval '1 hour', 0)", uuid.New())
	ctx, cancel := context.WithTimeout(within(tenant), 200*time.Millisecond)
	defer cancel()
	user := uuid.New()
	err := w.changeIn(ctx, user)
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "%v", err)
	require.Equal(t, 1, w.count(tenant, "SELECT count(*) FROM policy_overrides WHERE user_id = ?", user))
}

// Every change of a fact says whose it was, and nothing else is said.
func TestEveryChangeTellsWhomItConcerns(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	template := w.AddRole(domain.Role{Service: domain.Portal, Name: domain.RoleMember})
	for _, service := range []domain.Service{domain.Portal, domain.Voting} {
		w.AddRole(domain.Role{Service: service, Name: domain.RoleAdmin})
	}
	role := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}})
	alice, bob := uuid.New(), uuid.New()
	ofAlice, ofBob, ofTenant := tenant.String()+" "+alice.String(), tenant.String()+" "+bob.String(), tenant.String()

	conn, err := w.db.Dedicated(t.Context())
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.Background())) }()
	_, err = conn.Exec(t.Context(), "LISTEN access_changes")
	require.NoError(t, err)
	heard := func() []string {
		w.exec(tenant, "SELECT pg_notify('access_changes', 'end')")
		said := []string{}
		for {
			n, err := conn.WaitForNotification(t.Context())
			require.NoError(t, err)
			if n.Payload == "end" {
				return said
			}
			said = append(said, n.Payload)
		}
	}
	run := func(query string, args ...any) func() { return func() { w.exec(tenant, query, args...) } }
	override := uuid.New()
	for _, c := range []struct {
		what string
		do   func()
		want []string
	}{
		{"a binding", run("INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) VALUES (?, ?, 'GLOBAL', '', ?), (?, ?, 'TEAM', 't', ?)", tenant, alice, role.ID, tenant, alice, role.ID), []string{ofAlice}},
		{"an expiry", run("UPDATE role_bindings SET expires_at = now() WHERE scope_type = 'TEAM'"), []string{ofAlice}},
		{"the same again", run("UPDATE role_bindings SET role_id = role_id"), []string{}},
		{"a binding that moves", run("UPDATE role_bindings SET user_id = ? WHERE scope_type = 'TEAM'", bob), []string{ofAlice, ofBob}},
		{"an override", run("INSERT INTO policy_overrides (id, tenant_id, user_id, action) VALUES (?, ?, ?, 'deny')", override, tenant, bob), []string{ofBob}},
		{"an override that changes", run("UPDATE policy_overrides SET action = 'allow'"), []string{ofBob}},
		{"an override that ends", run("DELETE FROM policy_overrides"), []string{ofBob}},
		{"a team", run("INSERT INTO teams (tenant_id, team_id, community_id) VALUES (?, 't', 'c')", tenant), []string{ofTenant}},
		{"a team that goes", run("DELETE FROM teams"), []string{ofTenant}},
		{"a key more", run("INSERT INTO role_permissions (role_id, permission_key) VALUES (?, 'voting.vote.cast')", role.ID), []string{ofTenant}},
		{"a key less", run("DELETE FROM role_permissions WHERE role_id = ?", role.ID), []string{ofTenant}},
		{"a role renamed", run("UPDATE roles SET name = 'team' WHERE id = ?", role.ID), []string{ofTenant}},
		{"a role that goes with its bindings", run("DELETE FROM roles WHERE id = ?", role.ID), []string{ofTenant, ofAlice, ofBob}},
		{"a template", func() {
			w.exec(uuid.Nil, "INSERT INTO role_permissions (role_id, permission_key) VALUES (?, 'portal.posts.read')", template.ID)
		}, []string{"all"}},
		{"a member", func() {
			require.NoError(t, w.Put(within(tenant), []domain.Membership{portstest.MembershipOf(portstest.C1, alice, domain.MemberOwner, 1)}, noon))
		}, []string{ofAlice}},
		{"the same member", func() {
			require.NoError(t, w.Put(within(tenant), []domain.Membership{portstest.MembershipOf(portstest.C1, alice, domain.MemberOwner, 2)}, noon))
		}, []string{}},
		{"the end of a community", func() {
			_, err := w.DeleteScope(within(tenant), domain.Scope{Type: domain.Community, ID: portstest.C1.String()}, noon)
			require.NoError(t, err)
		}, []string{ofAlice}},
		{"the audit log", run("INSERT INTO audit_entries (id, tenant_id, actor_type, action, created_at) VALUES (?, ?, 'system', 'a', now())", uuid.New(), tenant), []string{}},
	} {
		c.do()
		require.ElementsMatch(t, c.want, heard(), c.what)
	}
}
