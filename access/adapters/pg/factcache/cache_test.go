package factcache_test

import (
	"context"
	"errors"
	"strings"
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
	"go.updspace.com/tools/devkit/testkit"
)

// house is a store with a lease over a source that counts.
type house struct {
	source *slow
	store  *factcache.Cache
	leases *testkit.Clock
	reg    *prometheus.Registry
}

func build(most int) *house {
	h := &house{source: &slow{Memory: &portstest.Memory{}}, leases: testkit.NewClock(), reg: prometheus.NewRegistry()}
	h.store = factcache.New(h.source, most, h.leases.Now, factcache.NewMetrics(h.reg))
	h.store.SetValidUntil(h.leases.Now().Add(lease))
	return h
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// reads returns how often a question about a subject read the source.
func (h *house) reads(t *testing.T, s domain.Subject) int {
	t.Helper()
	before := h.source.loads
	_, err := h.store.Load(within(s.Tenant), s, noon)
	require.NoError(t, err)
	return h.source.loads - before
}

func anySubject() domain.Subject { return domain.Subject{Tenant: portstest.Tenant, User: uuid.New()} }

func TestAskedTwiceIsReadOnce(t *testing.T) {
	t.Parallel()
	h := build(1 << 20)
	one, other := anySubject(), anySubject()
	elsewhere := one
	elsewhere.Tenant = portstest.Other
	for _, s := range []domain.Subject{one, other, elsewhere} {
		require.Equal(t, 1, h.reads(t, s))
		require.Zero(t, h.reads(t, s))
	}
	h.store.Invalidate(one.Tenant, one.User)
	require.Equal(t, 1, h.reads(t, one))
	require.Zero(t, h.reads(t, other))
	require.Zero(t, h.reads(t, elsewhere))
	h.store.Invalidate(one.Tenant, uuid.Nil)
	require.Equal(t, 2, h.reads(t, one)+h.reads(t, other))
	require.Zero(t, h.reads(t, elsewhere))
	h.store.Invalidate(uuid.Nil, uuid.Nil)
	require.Equal(t, 3, h.reads(t, one)+h.reads(t, other)+h.reads(t, elsewhere))
	require.NoError(t, testutil.GatherAndCompare(h.reg, strings.NewReader(`
# HELP access_factcache_invalidations_total Invalidations by what they concern: user, tenant or all.
# TYPE access_factcache_invalidations_total counter
access_factcache_invalidations_total{scope="all"} 1
access_factcache_invalidations_total{scope="tenant"} 1
access_factcache_invalidations_total{scope="user"} 1
# HELP access_factcache_lookups_total Lookups by outcome: hit, miss, or bypass while the cache is not valid.
# TYPE access_factcache_lookups_total counter
access_factcache_lookups_total{outcome="bypass"} 0
access_factcache_lookups_total{outcome="hit"} 6
access_factcache_lookups_total{outcome="miss"} 9
`), "access_factcache_invalidations_total", "access_factcache_lookups_total"))
}

func TestNothingIsCachedWithoutValidity(t *testing.T) {
	t.Parallel()
	h := build(1 << 20)
	s := anySubject()
	require.Equal(t, 1, h.reads(t, s))
	h.leases.Advance(lease) // paused for as long as the lease lasts
	for range 3 {
		require.Equal(t, 1, h.reads(t, s))
	}
	h.store.SetValidUntil(h.leases.Now().Add(lease))
	require.Equal(t, 1, h.reads(t, s), "what was remembered before may have changed")
	require.Zero(t, h.reads(t, s))
	h.leases.Advance(lease - 1)
	h.store.SetValidUntil(h.leases.Now().Add(lease))
	require.Zero(t, h.reads(t, s), "renewed in time")
	h.store.SetValidUntil(time.Time{})
	require.Equal(t, 1, h.reads(t, s))
}

func TestMemoryIsBoundedAndKeepsWhoAskedLast(t *testing.T) {
	t.Parallel()
	const most = 100_000
	h := build(most)
	role := h.source.AddRole(domain.Role{Service: domain.Voting, Name: "crew"})
	first := anySubject()
	h.reads(t, first)
	var second domain.Subject
	for i := range 2000 {
		s := anySubject()
		if i == 0 {
			second = s
		}
		h.reads(t, s)
		require.Zero(t, h.reads(t, first), "who asks all the time stays")
		require.LessOrEqual(t, h.gauge(t, "access_factcache_bytes"), most)
	}
	require.Equal(t, 1, h.reads(t, second))
	users := h.gauge(t, "access_factcache_entries")
	require.Greater(t, users, 20)
	require.Less(t, users, 1000)

	// an entry of a fifth of the cache is not kept
	giant := anySubject()
	for range 100 {
		_, _, err := h.source.Grant(within(giant.Tenant), domain.Grant{User: giant.User, Role: role.ID, Scope: domain.Scope{Type: domain.Community, ID: uuid.NewString()}})
		require.NoError(t, err)
	}
	for range 2 {
		require.Equal(t, 1, h.reads(t, giant))
	}
	require.Equal(t, users, h.gauge(t, "access_factcache_entries"))
}

func (h *house) gauge(t *testing.T, name string) int {
	t.Helper()
	families, err := h.reg.Gather()
	require.NoError(t, err)
	for _, f := range families {
		if f.GetName() == name {
			return int(f.GetMetric()[0].GetGauge().GetValue())
		}
	}
	t.Fatalf("no metric %s", name)
	return 0
}

type broken struct{ portstest.Memory }

func (*broken) Load(context.Context, domain.Subject, time.Time) (*domain.Facts, error) {
	return nil, errors.New("away")
}

func (*broken) LoadWithTenant(context.Context, domain.Subject, time.Time) (*domain.TenantFacts, *domain.UserFacts, error) {
	return nil, nil, errors.New("away")
}

func TestAFailureIsNotRemembered(t *testing.T) {
	t.Parallel()
	clock := testkit.NewClock()
	store := factcache.New(&broken{}, 1<<20, clock.Now, factcache.NewMetrics(prometheus.NewRegistry()))
	for _, until := range []time.Time{clock.Now().Add(lease), {}} {
		store.SetValidUntil(until)
		for range 2 {
			_, err := store.Load(t.Context(), anySubject(), noon)
			require.ErrorContains(t, err, "away")
		}
	}
}

// The second user of a tenant to be loaded reads only that user's own facts.
func TestWhatConcernsEverybodyIsReadOnce(t *testing.T) {
	t.Parallel()
	h := build(1 << 20)
	role := h.source.AddRole(domain.Role{Tenant: portstest.Tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}})
	for range 3 {
		s := anySubject()
		_, _, err := h.source.Grant(within(s.Tenant), domain.Grant{User: s.User, Role: role.ID, Scope: domain.Scope{Type: domain.Global}})
		require.NoError(t, err)
		require.Equal(t, 1, h.reads(t, s))
		f, err := h.store.Load(within(s.Tenant), s, noon)
		require.NoError(t, err)
		require.Equal(t, []string{"voting.poll.read"}, f.Bindings[0].Role.Keys)
	}
	h.source.SetKeys(role.ID, nil) // without an invalidation: the cached part of the tenant is used
	s := anySubject()
	_, _, err := h.source.Grant(within(s.Tenant), domain.Grant{User: s.User, Role: role.ID, Scope: domain.Scope{Type: domain.Global}})
	require.NoError(t, err)
	f, err := h.store.Load(within(s.Tenant), s, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"voting.poll.read"}, f.Bindings[0].Role.Keys)
	h.store.Invalidate(s.Tenant, uuid.Nil)
	f, err = h.store.Load(within(s.Tenant), s, noon)
	require.NoError(t, err)
	require.Empty(t, f.Bindings[0].Role.Keys)
}

// Under the race detector: everything at once.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	clock := testkit.NewClock()
	store := factcache.New(&portstest.Memory{}, 20_000, clock.Now, factcache.NewMetrics(prometheus.NewRegistry()))
	people := make([]domain.Subject, 50)
	for i := range people {
		people[i] = anySubject()
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 500 {
				s := people[(worker*7+i)%len(people)]
				switch {
				case i%50 == 0:
					store.SetValidUntil(clock.Now().Add(lease))
				case i%20 == 0:
					store.Invalidate(s.Tenant, s.User)
				case i%99 == 0:
					store.Invalidate(s.Tenant, uuid.Nil)
				default:
					if _, err := store.Load(within(s.Tenant), s, noon); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	wg.Wait()
}

// A decision on cached facts allocates nothing.
func TestDecidingAllocatesNothing(t *testing.T) { // not parallel: AllocsPerRun counts for the whole process
	scope := domain.Scope{Type: domain.Team, ID: "t1"}
	facts := domain.Facts{
		Bindings: []domain.Binding{
			{Scope: domain.Scope{Type: domain.Community, ID: "c1"}, Role: domain.Role{Service: domain.Voting, Name: "x"}},
			{Scope: domain.TenantScope(portstest.Tenant), Role: domain.Role{Service: domain.Portal, Name: "y"}},
		},
		MemberRoles: []domain.Role{{Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.poll.read"}}},
		Teams:       domain.Teams{"t1": "c1"},
	}
	q := domain.Check{Permission: "voting.poll.read", Scope: scope, Visibility: domain.VisibleTeam}
	s := domain.Subject{Tenant: portstest.Tenant, User: uuid.New(), Member: true}
	require.True(t, domain.Platform.Decide(s, q, &facts).Allowed)
	require.LessOrEqual(t, testing.AllocsPerRun(100, func() { domain.Platform.Decide(s, q, &facts) }), 0.0)
}
