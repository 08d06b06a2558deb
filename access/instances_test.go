package access_test

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"
	"pgregory.net/rapid"

	"go.updspace.com/access"
	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/adapters/pg/factcache"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// instance is one of several of the whole service over one database.
type instance struct {
	*fixture
	reg   *prometheus.Registry
	facts ports.Facts // what decisions read
}

// instances starts several and waits until each may remember.
func instances(t testing.TB, n int) []*instance {
	t.Helper()
	database := testkit.Postgres(t, accesspg.Migrations())
	all := make([]*instance, n)
	for i := range all {
		one := &instance{}
		one.fixture = startOn(t, database, fx.Populate(&one.reg, &one.facts))
		all[i] = one
		one.remembers()
	}
	return all
}

// plain is a client for the user of the context, without the cost of holding each answer against the document.
func (i *instance) plain() *accessapi.ClientWithResponses {
	i.T.Helper()
	base := &http.Transport{MaxIdleConnsPerHost: 64}
	i.T.Cleanup(base.CloseIdleConnections)
	signers := map[string]http.RoundTripper{}
	for _, caller := range []string{"bff", "portal"} {
		signer, err := testkit.Keyring().Signer(caller, access.Name)
		require.NoError(i.T, err)
		signers[caller] = signer.Transport(base)
	}
	client, err := accessapi.NewClientWithResponses(i.URL, accessapi.WithHTTPClient(&http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		rc := reqctx.From(r.Context())
		rc.RequestID = uuid.NewString()
		return signers[cmp.Or(rc.Caller, "bff")].RoundTrip(r.WithContext(reqctx.With(r.Context(), rc)))
	})}))
	require.NoError(i.T, err)
	return client
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// remembers waits until the instance answers from memory.
func (i *instance) remembers() {
	i.T.Helper()
	s := domain.Subject{Tenant: aef, User: uuid.New()}
	require.Eventually(i.T, func() bool {
		before := i.lookups("hit")
		_, err := i.facts.Load(person{tenant: aef}.in(), s, i.Clock.Now())
		return err == nil && i.lookups("hit") > before
	}, 20*time.Second, time.Millisecond)
}

func (i *instance) lookups(outcome string) int {
	i.T.Helper()
	families, err := i.reg.Gather()
	require.NoError(i.T, err)
	for _, f := range families {
		if f.GetName() != "access_factcache_lookups_total" {
			continue
		}
		for _, m := range f.GetMetric() {
			for _, l := range m.GetLabel() {
				if l.GetValue() == outcome {
					return int(m.GetCounter().GetValue())
				}
			}
		}
	}
	return 0
}

// A change that one instance has acknowledged is seen by the very next check at
// any other, thousands of times, while everybody asks about everybody.
func TestAnAcknowledgedChangeIsSeenEverywhereAtOnce(t *testing.T) {
	t.Parallel()
	const changers, rounds, askers = 6, 100, 2
	all := instances(t, 2)
	community := uuid.New()
	manage := question("portal.teams.manage", commonapi.ScopeTypeCOMMUNITY, community.String())
	people := make([]person, changers)
	for i := range people {
		people[i] = stranger(aef)
	}
	asking := [2]*accessapi.ClientWithResponses{all[0].plain(), all[1].plain()}
	done := make(chan struct{})
	var load, changing sync.WaitGroup
	var asked atomic.Int64
	for range askers {
		load.Go(func() {
			for n := rand.IntN(1000); ; n++ { //nolint:gosec // anybody will do
				select {
				case <-done:
					return
				default:
				}
				resp, err := asking[n/2%2].CheckPermissionWithResponse(people[n%len(people)].in(), manage)
				if err != nil || resp.JSON200 == nil {
					t.Errorf("%v: %v", err, resp)
					return
				}
				asked.Add(1)
			}
		})
	}
	for i, p := range people {
		changing.Go(func() {
			for n := range rounds {
				role := accessapi.MemberRoleModerator
				if n%2 == 1 {
					role = ""
				}
				if err := toggle(asking[(i+n)%2], asking, community, p, role, int64(n+1), manage); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	changing.Wait()
	close(done)
	load.Wait()
	require.Positive(t, asked.Load())
	for _, i := range all {
		require.Greater(t, i.lookups("hit"), changers*rounds/2, "from memory, most of the time")
	}
}

// toggle changes a membership and checks it at every instance.
func toggle(tell *accessapi.ClientWithResponses, ask [2]*accessapi.ClientWithResponses, community uuid.UUID, p person, role accessapi.MemberRole, version int64, q accessapi.Check) error {
	told, err := tell.SyncMembershipsWithResponse(portal.in(), accessapi.MembershipChanges{Changes: []accessapi.MembershipChange{
		change(accessapi.MemberScopeTypeCOMMUNITY, community, community, p.user, role, version),
	}})
	if err != nil {
		return err
	}
	if told.StatusCode() != http.StatusNoContent {
		return fmt.Errorf("telling: %s", told.Body)
	}
	for i, client := range ask {
		for range 2 { // cold, and from memory
			resp, err := client.CheckPermissionWithResponse(p.in(), q)
			if err != nil {
				return err
			}
			if resp.JSON200 == nil || resp.JSON200.Allowed != (role != "") {
				return fmt.Errorf("instance %d, version %d, role %q: %s", i, version, role, resp.Body)
			}
		}
	}
	return nil
}

// Whatever happens to connections, no instance answers from what it missed.
func TestInstancesThatAreCutOffAreNeverStale(t *testing.T) {
	t.Parallel()
	all := instances(t, 2)
	community, p := uuid.New(), stranger(aef)
	manage := question("portal.teams.manage", commonapi.ScopeTypeCOMMUNITY, community.String())
	ask := [2]*accessapi.ClientWithResponses{all[0].as(p), all[1].as(p)}
	tell := all[0].as(portal)
	for n := range 20 {
		for _, i := range all { // so that there is something to remember
			i.decide(p, manage)
		}
		switch n % 3 {
		case 0: // the listening ones only
			all[0].exec(aef, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'access lease' AND datname = current_database()")
		case 1: // all, as when PostgreSQL restarts
			all[0].admin("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + all[0].database() + "'")
		}
		role := accessapi.MemberRoleModerator
		if n%2 == 1 {
			role = ""
		}
		require.Eventually(t, func() bool { // a call that was cut off is repeated, as Portal's events do
			resp, err := tell.SyncMembershipsWithResponse(context.Background(), accessapi.MembershipChanges{Changes: []accessapi.MembershipChange{
				change(accessapi.MemberScopeTypeCOMMUNITY, community, community, p.user, role, int64(n+1)),
			}})
			return err == nil && resp.StatusCode() == http.StatusNoContent
		}, 20*time.Second, time.Millisecond)
		for i, client := range ask {
			resp, err := client.CheckPermissionWithResponse(context.Background(), manage)
			require.NoError(t, err)
			require.NotNil(t, resp.JSON200, string(resp.Body))
			require.Equal(t, role != "", resp.JSON200.Allowed, "instance %d, round %d", i, n)
		}
	}
	for _, i := range all {
		i.remembers()
	}
}

// Two instances answer from their caches what the database says, whatever changes and through whichever instance.
func TestInstancesAgreeWithTheDatabase(t *testing.T) {
	t.Parallel()
	all := instances(t, 2)
	truth := accesspg.NewFacts(all[0].DB)
	clock := all[0].Clock
	users := []uuid.UUID{uuid.New(), uuid.New()}
	var roles []int64
	for service, name := range map[string]string{"voting": "crew", "events": "member", "portal": "admin"} {
		all[0].exec(aef, "INSERT INTO roles (tenant_id, service, name) VALUES (?, ?, ?)", aef, service, name)
		roles = append(roles, int64(all[0].count(aef, "SELECT id FROM roles WHERE tenant_id = ? AND service = ?", aef, service)))
	}
	version := int64(0)
	members := accesspg.NewMemberships(all[0].DB)
	rapid.Check(t, func(t *rapid.T) {
		in := person{tenant: aef}.in()
		for range rapid.IntRange(1, 8).Draw(t, "steps") {
			user := rapid.SampledFrom(users).Draw(t, "user")
			expires := rapid.SampledFrom([]any{nil, clock.Now().Add(time.Second), clock.Now().Add(time.Hour)}).Draw(t, "expires")
			role := rapid.SampledFrom(roles).Draw(t, "role")
			scope := rapid.SampledFrom([]domain.Scope{domain.TenantScope(aef), {Type: domain.Community, ID: portstest.C1.String()}, {Type: domain.Team, ID: portstest.T1.String()}}).Draw(t, "scope")
			by := rapid.SampledFrom(all).Draw(t, "by")
			change := rapid.IntRange(0, 7).Draw(t, "change")
			key := rapid.SampledFrom([]string{"voting.poll.read", "voting.vote.cast"}).Draw(t, "key")
			member := portstest.MembershipOf(rapid.SampledFrom([]uuid.UUID{portstest.C1, portstest.T1, portstest.T2}).Draw(t, "where"), user,
				rapid.SampledFrom([]domain.MemberRole{domain.NotMember, domain.PlainMember, domain.MemberOwner}).Draw(t, "as"), version+1)
			version++
			require.NoError(t, factcache.NewTx(by.DB).Do(in, func(ctx context.Context) error {
				run := func(query string, args ...any) error {
					_, err := by.DB.Conn(ctx).ExecContext(ctx, query, args...)
					return pg.Error(err)
				}
				switch change {
				case 0:
					return run("INSERT INTO policy_overrides (id, tenant_id, user_id, action, permission_key, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
						uuid.New(), aef, user, rapid.SampledFrom([]string{"allow", "deny"}).Draw(t, "effect"), key, expires)
				case 1:
					return run("DELETE FROM policy_overrides WHERE tenant_id = ? AND user_id = ?", aef, user)
				case 2:
					return run("DELETE FROM role_bindings WHERE tenant_id = ? AND user_id = ? AND source = 'manual'", aef, user)
				case 3:
					return run("INSERT INTO role_permissions (role_id, permission_key) SELECT id, ? FROM roles WHERE id = ? AND service = 'voting' ON CONFLICT DO NOTHING", key, role)
				case 4:
					return run("DELETE FROM role_permissions WHERE role_id = ?", role)
				case 5:
					return members.Put(ctx, []domain.Membership{member}, clock.Now())
				default:
					return run("INSERT INTO role_bindings (tenant_id, user_id, scope_type, scope_id, role_id, expires_at) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
						aef, user, scope.Type, scope.ID, role, expires)
				}
			}))
			if rapid.IntRange(0, 4).Draw(t, "time goes by") == 0 {
				all[1].Clock.Set(clock.Advance(time.Second))
			}
			for _, who := range users {
				s := domain.Subject{Tenant: aef, User: who, Member: true}
				want, err := truth.Load(in, s, clock.Now())
				require.NoError(t, err)
				for _, i := range all {
					for range 2 {
						got, err := i.facts.Load(in, s, clock.Now())
						require.NoError(t, err)
						portstest.RequireSame(t, portstest.Relevant(*want), portstest.Relevant(*got))
					}
				}
			}
		}
	})
}
