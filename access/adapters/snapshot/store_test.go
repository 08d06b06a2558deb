package snapshot_test

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

	"go.updspace.com/access/adapters/snapshot"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
	"go.updspace.com/libs/testkit"
)

// house is a store with a lease over a source that counts.
type house struct {
	source *slow
	store  *snapshot.Store
	leases *testkit.Clock
	reg    *prometheus.Registry
}

func build(most int) *house {
	h := &house{source: &slow{Memory: &portstest.Memory{}}, leases: testkit.NewClock(), reg: prometheus.NewRegistry()}
	h.store = snapshot.New(h.source, most, h.leases.Now, snapshot.NewMetrics(h.reg))
	h.store.Rely(h.leases.Now().Add(lease))
	return h
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// reads tells how often a question about somebody went to the source.
func (h *house) reads(t *testing.T, s domain.Subject) int {
	t.Helper()
	before := h.source.loads
	_, err := h.store.Load(within(s.Tenant), s, noon)
	require.NoError(t, err)
	return h.source.loads - before
}

func somebody() domain.Subject { return domain.Subject{Tenant: portstest.Tenant, User: uuid.New()} }

func TestAskedTwiceIsReadOnce(t *testing.T) {
	h := build(1 << 20)
	one, other := somebody(), somebody()
	elsewhere := one
	elsewhere.Tenant = portstest.Other
	for _, s := range []domain.Subject{one, other, elsewhere} {
		require.Equal(t, 1, h.reads(t, s))
		require.Zero(t, h.reads(t, s))
	}
	h.store.Forget(one.Tenant, one.User)
	require.Equal(t, 1, h.reads(t, one))
	require.Zero(t, h.reads(t, other))
	require.Zero(t, h.reads(t, elsewhere))
	h.store.Forget(one.Tenant, uuid.Nil)
	require.Equal(t, 2, h.reads(t, one)+h.reads(t, other))
	require.Zero(t, h.reads(t, elsewhere))
	h.store.Forget(uuid.Nil, uuid.Nil)
	require.Equal(t, 3, h.reads(t, one)+h.reads(t, other)+h.reads(t, elsewhere))
	require.NoError(t, testutil.GatherAndCompare(h.reg, strings.NewReader(`
# HELP access_snapshot_invalidations_total Changes that made the memory forget, by whom they concerned: user, tenant or everybody.
# TYPE access_snapshot_invalidations_total counter
access_snapshot_invalidations_total{whom="everybody"} 1
access_snapshot_invalidations_total{whom="tenant"} 1
access_snapshot_invalidations_total{whom="user"} 1
# HELP access_snapshot_lookups_total Questions by where the facts came from: hit, miss, or bypass while nobody vouches for the memory.
# TYPE access_snapshot_lookups_total counter
access_snapshot_lookups_total{outcome="bypass"} 0
access_snapshot_lookups_total{outcome="hit"} 6
access_snapshot_lookups_total{outcome="miss"} 9
`), "access_snapshot_invalidations_total", "access_snapshot_lookups_total"))
}

func TestNothingIsRememberedWhileNobodyVouches(t *testing.T) {
	h := build(1 << 20)
	s := somebody()
	require.Equal(t, 1, h.reads(t, s))
	h.leases.Advance(lease) // paused for as long as the lease lasts
	for range 3 {
		require.Equal(t, 1, h.reads(t, s))
	}
	h.store.Rely(h.leases.Now().Add(lease))
	require.Equal(t, 1, h.reads(t, s), "what was remembered before may have changed")
	require.Zero(t, h.reads(t, s))
	h.leases.Advance(lease - 1)
	h.store.Rely(h.leases.Now().Add(lease))
	require.Zero(t, h.reads(t, s), "renewed in time")
	h.store.Rely(time.Time{})
	require.Equal(t, 1, h.reads(t, s))
}

func TestMemoryIsBoundedAndKeepsWhoAskedLast(t *testing.T) {
	const most = 100_000
	h := build(most)
	role := h.source.AddRole(domain.Role{Service: domain.Voting, Name: "crew"})
	first := somebody()
	h.reads(t, first)
	var second domain.Subject
	for i := range 2000 {
		s := somebody()
		if i == 0 {
			second = s
		}
		h.reads(t, s)
		require.Zero(t, h.reads(t, first), "who asks all the time stays")
		require.LessOrEqual(t, h.gauge(t, "access_snapshot_bytes"), most)
	}
	require.Equal(t, 1, h.reads(t, second))
	users := h.gauge(t, "access_snapshot_entries")
	require.Greater(t, users, 20)
	require.Less(t, users, 1000)

	// somebody with a fifth of all the room is not kept at the others' expense
	giant := somebody()
	for range 100 {
		_, _, err := h.source.Grant(within(giant.Tenant), domain.Grant{User: giant.User, Role: role.ID, Scope: domain.Scope{Type: domain.Community, ID: uuid.NewString()}})
		require.NoError(t, err)
	}
	for range 2 {
		require.Equal(t, 1, h.reads(t, giant))
	}
	require.Equal(t, users, h.gauge(t, "access_snapshot_entries"))
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
	clock := testkit.NewClock()
	store := snapshot.New(&broken{}, 1<<20, clock.Now, snapshot.NewMetrics(prometheus.NewRegistry()))
	for _, until := range []time.Time{clock.Now().Add(lease), {}} {
		store.Rely(until)
		for range 2 {
			_, err := store.Load(t.Context(), somebody(), noon)
			require.ErrorContains(t, err, "away")
		}
	}
}

// Who comes second in a tenant reads only what is his own.
func TestWhatConcernsEverybodyIsReadOnce(t *testing.T) {
	h := build(1 << 20)
	role := h.source.AddRole(domain.Role{Tenant: portstest.Tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}})
	for range 3 {
		s := somebody()
		_, _, err := h.source.Grant(within(s.Tenant), domain.Grant{User: s.User, Role: role.ID, Scope: domain.Scope{Type: domain.Global}})
		require.NoError(t, err)
		require.Equal(t, 1, h.reads(t, s))
		f, err := h.store.Load(within(s.Tenant), s, noon)
		require.NoError(t, err)
		require.Equal(t, []string{"voting.poll.read"}, f.Bindings[0].Role.Keys)
	}
	h.source.SetKeys(role.ID, nil) // and nobody is told: the part of the tenant is the one that is remembered
	s := somebody()
	_, _, err := h.source.Grant(within(s.Tenant), domain.Grant{User: s.User, Role: role.ID, Scope: domain.Scope{Type: domain.Global}})
	require.NoError(t, err)
	f, err := h.store.Load(within(s.Tenant), s, noon)
	require.NoError(t, err)
	require.Equal(t, []string{"voting.poll.read"}, f.Bindings[0].Role.Keys)
	h.store.Forget(s.Tenant, uuid.Nil)
	f, err = h.store.Load(within(s.Tenant), s, noon)
	require.NoError(t, err)
	require.Empty(t, f.Bindings[0].Role.Keys)
}

// Under the race detector: everything at once.
func TestManyAtOnce(t *testing.T) {
	clock := testkit.NewClock()
	store := snapshot.New(&portstest.Memory{}, 20_000, clock.Now, snapshot.NewMetrics(prometheus.NewRegistry()))
	people := make([]domain.Subject, 50)
	for i := range people {
		people[i] = somebody()
	}
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for i := range 500 {
				s := people[(worker*7+i)%len(people)]
				switch {
				case i%50 == 0:
					store.Rely(clock.Now().Add(lease))
				case i%20 == 0:
					store.Forget(s.Tenant, s.User)
				case i%99 == 0:
					store.Forget(s.Tenant, uuid.Nil)
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
