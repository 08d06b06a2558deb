package pg_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/pg"
)

func TestFacts(t *testing.T) {
	t.Parallel()
	portstest.RunFacts(t, func(t testing.TB) portstest.FactStore { return newWorld(t) })
}

// Reads without a transaction are the production setting: there the tenant in
// the query is all that keeps tenants apart.
func TestFactsWithoutStrictReads(t *testing.T) {
	t.Parallel()
	portstest.RunFacts(t, func(t testing.TB) portstest.FactStore {
		w := newWorld(t)
		relaxed := w.cfg
		relaxed.StrictReads = false
		w.Facts = facts(t, relaxed)
		return w
	})
}

// Strict reads see through the policies: even a question that names another
// tenant than its context finds only the templates.
func TestPoliciesHoldOnTheHotPath(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.AddRole(domain.Role{Tenant: other, Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.poll.read"}})
	w.AddRole(domain.Role{Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.poll.read"}})
	user := portstest.User().Example()
	_, _, err := w.Grant(within(other), domain.Grant{User: user, Role: role.ID, Scope: domain.Scope{Type: domain.Global}})
	require.NoError(t, err)
	w.AddOverride(other, user, domain.Override{Effect: domain.Allow}, noon.AddDate(1, 0, 0))
	w.AddTeam(other, "t1", "c1")

	s := domain.Subject{Tenant: other, User: user}
	f, err := w.Load(within(tenant), s, noon)
	require.NoError(t, err)
	require.Empty(t, f.Bindings)
	require.Empty(t, f.Overrides)
	require.Empty(t, f.Teams)
	require.Len(t, f.MemberRoles, 1)
	require.True(t, f.MemberRoles[0].Template())
	require.NotEmpty(t, f.MemberRoles[0].Keys)
}

// The hot path over many facts touches only what it needs: no table is ever read from end to end, whatever is asked.
func TestLoadingNeverReadsAWholeTable(t *testing.T) {
	t.Parallel()
	w := ownWorld(t)
	template := w.AddRole(domain.Role{Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.poll.read"}})
	busy := portstest.User().Example()
	w.exec(tenant, `INSERT INTO roles (tenant_id, service, name) SELECT ?, s, 'role ' || i FROM generate_series(1, 1000) i, unnest(ARRAY['voting', 'portal']) s`, tenant)
	w.exec(tenant, `INSERT INTO role_permissions (role_id, permission_key) SELECT r.id, p.key FROM roles r JOIN permissions p USING (service) WHERE r.tenant_id = ? AND r.id % 25 = 0`, tenant)
	w.exec(tenant, `INSERT INTO teams (tenant_id, team_id, community_id) SELECT ?, 't' || i, 'c' || i % 100 FROM generate_series(1, 3000) i`, tenant)
	w.exec(tenant, `INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) SELECT ?, ?, 'COMMUNITY', 'c' || i, ? FROM generate_series(1, 50) i`, tenant, busy, template.ID)
	w.exec(tenant, `INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id) SELECT ?, gen_random_uuid(), 'COMMUNITY', 'c' || i, ? FROM generate_series(1, 5000) i`, tenant, template.ID)
	w.exec(tenant, `INSERT INTO policy_overrides (id, tenant_id, user_id, action) SELECT gen_random_uuid(), ?, gen_random_uuid(), 'deny' FROM generate_series(1, 2000)`, tenant)
	_, err := w.owner().Exec("ANALYZE")
	require.NoError(t, err)

	s := domain.Subject{Tenant: tenant, User: busy, Member: true}
	w.exec(tenant, "SELECT pg_stat_force_next_flush()") // what arranging has read is no part of it
	before := w.wholeReads()
	for _, relaxed := range []bool{false, true} {
		cfg := w.cfg
		cfg.StrictReads, cfg.MaxConns = !relaxed, 1
		db, err := pg.Open(context.Background(), cfg)
		require.NoError(t, err)
		for range 6 {
			f, err := accesspg.NewFacts(db).Load(within(tenant), s, noon)
			require.NoError(t, err)
			require.Len(t, f.Bindings, 50)
			require.Len(t, f.Teams, 50*30)
			require.Len(t, f.MemberRoles, 1)
			stored := accesspg.NewFacts(db)
			u, err := stored.LoadUser(within(tenant), s, noon)
			require.NoError(t, err)
			require.Len(t, u.Bound, 50)
			var together sync.WaitGroup
			for range 20 {
				together.Go(func() {
					_, err := stored.LoadUser(within(tenant), domain.Subject{Tenant: tenant, User: uuid.New(), Member: true}, noon)
					assert.NoError(t, err)
				})
			}
			together.Wait()
		}
		require.NoError(t, db.Close()) // a back end reports what it did at the latest when it ends
	}
	require.Eventually(t, func() bool { return w.readByIndex() }, 10*time.Second, 20*time.Millisecond, "the statistics have arrived")
	require.Equal(t, before, w.wholeReads(), "tables that were read from end to end")
}

// Whichever way the parts are read, together they are all there is.
func TestThePartsAreTheWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	alice := portstest.User().Example()
	template := w.AddRole(domain.Role{Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.poll.read"}})
	crew := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew"})
	w.AddRole(domain.Role{Tenant: tenant, Service: domain.Portal, Name: "unbound"})
	w.AddRole(domain.Role{Tenant: other, Service: domain.Voting, Name: domain.RoleMember})
	for _, in := range []uuid.UUID{tenant, other} {
		w.AddTeam(in, "t1", "c1")
		w.AddTeam(in, "t2", "c2")
		bind := domain.Grant{User: alice, Role: template.ID, Scope: domain.Scope{Type: domain.Community, ID: "c1"}, Expires: noon.Add(time.Microsecond)}
		_, _, err := w.Grant(within(in), bind)
		require.NoError(t, err)
		w.AddOverride(in, alice, domain.Override{Effect: domain.Deny, Permission: "voting.vote.cast"}, noon.AddDate(1, 0, 0))
		w.AddOverride(in, alice, domain.Override{Effect: domain.Deny}, noon)
	}
	_, _, err := w.Grant(within(tenant), domain.Grant{User: alice, Role: crew.ID, Scope: domain.Scope{Type: domain.Global}})
	require.NoError(t, err)

	s := domain.Subject{Tenant: tenant, User: alice}
	want, err := w.Load(within(tenant), s, noon)
	require.NoError(t, err)
	tf, uf, err := w.LoadWithTenant(within(tenant), s, noon)
	require.NoError(t, err)
	require.Len(t, tf.Roles, 3)
	require.Len(t, tf.Teams, 2)
	again, err := w.LoadUser(within(tenant), s, noon)
	require.NoError(t, err)
	require.ElementsMatch(t, uf.Bound, again.Bound)
	require.ElementsMatch(t, uf.Overrides, again.Overrides)
	got, ok := domain.Join(tf, uf)
	require.True(t, ok)
	portstest.RequireSame(t, portstest.Relevant(*want), portstest.Relevant(*got))
	require.Len(t, want.Bindings, 2)

	delete(tf.Roles, crew.ID)
	_, ok = domain.Join(tf, uf)
	require.False(t, ok, "a role that the tenant's part does not know")
}

// Reads of one tenant that come at the same time share a statement. Each gets the facts of its own user, in its own tenant.
func TestReadsAtTheSameTimeAreKeptApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.AddRole(domain.Role{Service: domain.Voting, Name: "crew"})
	users := make([]uuid.UUID, 24)
	for i := range users {
		users[i] = uuid.New()
		for _, in := range []uuid.UUID{tenant, other} {
			for n := range i % 5 {
				scope := domain.Scope{Type: domain.Community, ID: fmt.Sprintf("%s %d %d", in, i, n)}
				_, _, err := w.Grant(within(in), domain.Grant{User: users[i], Role: role.ID, Scope: scope})
				require.NoError(t, err)
			}
			if i%2 == 1 {
				w.AddOverride(in, users[i], domain.Override{Effect: domain.Deny, Permission: domain.Platform.All()[i].Key}, noon.AddDate(1, 0, 0))
			}
		}
	}
	var reads sync.WaitGroup
	for range 10 {
		for i, user := range users {
			for _, in := range []uuid.UUID{tenant, other} {
				reads.Go(func() {
					u, err := w.LoadUser(within(in), domain.Subject{Tenant: in, User: user}, noon)
					if !assert.NoError(t, err) {
						return
					}
					var scopes, denied, wantScopes, wantDenied []string
					for _, b := range u.Bound {
						scopes = append(scopes, b.Scope.ID)
					}
					for _, o := range u.Overrides {
						denied = append(denied, o.Permission)
					}
					for n := range i % 5 {
						wantScopes = append(wantScopes, fmt.Sprintf("%s %d %d", in, i, n))
					}
					if i%2 == 1 {
						wantDenied = append(wantDenied, domain.Platform.All()[i].Key)
					}
					assert.ElementsMatch(t, wantScopes, scopes)
					assert.Equal(t, wantDenied, denied)
				})
			}
		}
	}
	reads.Wait()
}

// The wire is read by hand; no expiry may be read wrong.
func TestExpiriesOfEveryAge(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	role := w.AddRole(domain.Role{Tenant: tenant, Service: domain.Voting, Name: "crew"})
	for _, expires := range []time.Time{{}, noon.Add(time.Microsecond), time.Date(2100, 2, 28, 23, 59, 59, 999_999_000, time.UTC), time.Date(9999, 12, 31, 0, 0, 0, 0, time.UTC)} {
		s := domain.Subject{Tenant: tenant, User: uuid.New()}
		_, _, err := w.Grant(within(tenant), domain.Grant{User: s.User, Role: role.ID, Scope: domain.Scope{Type: domain.InService, ID: "x"}, Expires: expires})
		require.NoError(t, err)
		u, err := w.LoadUser(within(tenant), s, noon)
		require.NoError(t, err)
		require.Equal(t, []domain.Bound{{Scope: domain.Scope{Type: domain.InService, ID: "x"}, Role: role.ID, Expires: expires}}, u.Bound)
	}
	s := domain.Subject{Tenant: tenant, User: uuid.New()}
	w.exec(tenant, "INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, expires_at) VALUES (?, ?, 'GLOBAL', '', ?, 'infinity'), (?, ?, 'TEAM', 't', ?, '-infinity')",
		tenant, s.User, role.ID, tenant, s.User, role.ID)
	u, err := w.LoadUser(within(tenant), s, noon)
	require.NoError(t, err)
	require.Equal(t, []domain.Bound{{Scope: domain.Scope{Type: domain.Global}, Role: role.ID}}, u.Bound)
}

// wholeReads counts the sequential scans of each table but the small and constant catalogue.
func (w *world) wholeReads() map[string]int {
	w.t.Helper()
	scans := map[string]int{}
	for _, table := range []string{"roles", "role_permissions", "role_bindings", "policy_overrides", "teams"} {
		scans[table] = w.count(tenant, "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = ?", table)
	}
	return scans
}

func (w *world) readByIndex() bool {
	return w.count(tenant, "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'role_bindings_grant'") >= 24
}

func TestADatabaseThatIsAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	f := facts(t, pg.Config{URL: "postgres://none@127.0.0.1:1/none"})
	s := domain.Subject{Tenant: tenant}
	_, err := f.Load(within(tenant), s, noon)
	require.Equal(t, errs.Unavailable, errs.KindOf(err), "%v", err)
}
