// Package portstest holds the suite that every store of webhooks must pass.
package portstest

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
	"go.updspace.com/tools/devkit/testkit"
)

// Store is the repositories of one store.
type Store struct {
	Endpoints  ports.Endpoints
	Deliveries ports.Deliveries
	Tx         ports.Tx
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// Suite tests a store.
func Suite(t *testing.T, open func(*testing.T) Store) {
	t.Helper()
	for name, test := range map[string]func(*testing.T, Store){
		"an endpoint is stored whole":           endpointRoundTrip,
		"a delivery is stored whole":            deliveryRoundTrip,
		"another tenant sees nothing":           otherTenant,
		"a tenant has so many endpoints":        endpointsAreBounded,
		"an event is one delivery":              eventsCountOnce,
		"one instance works on an endpoint":     leases,
		"deliveries are listed and counted":     lists,
		"what waits is dropped":                 drops,
		"old deliveries go with their attempts": forgets,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

func newActor() authz.Actor { return authz.Actor{Tenant: uuid.New(), User: uuid.New()} }

func as(t *testing.T, a authz.Actor) context.Context {
	return reqctx.With(t.Context(), reqctx.Context{TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User})
}

func (s Store) do(t *testing.T, ctx context.Context, fn func(ctx context.Context)) {
	t.Helper()
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error {
		fn(ctx)
		return nil
	}))
}

func (s Store) endpoint(t *testing.T, by authz.Actor) domain.Endpoint {
	t.Helper()
	made, err := domain.NewEndpoint(by, domain.Standard, domain.Edit{Name: new("Bot"), URL: new("https://bot.example.com/"), Types: &[]string{"voting.poll.opened"}},
		func(domain.Format, string) error { return nil }, noon)
	require.NoError(t, err)
	s.do(t, as(t, by), func(ctx context.Context) {
		require.NoError(t, s.Endpoints.Add(ctx, made, signature.Pair{Current: signature.NewSecret()}))
	})
	return made
}

func (s Store) deliver(t *testing.T, by authz.Actor, endpoint domain.Endpoint, at time.Time) domain.Delivery {
	t.Helper()
	d := domain.NewDelivery(by.Tenant, endpoint.ID(), uuid.New(), "voting.poll.opened", []byte(`{"a": 1}`), []uuid.UUID{by.User}, at)
	s.do(t, as(t, by), func(ctx context.Context) { require.NoError(t, s.Deliveries.Add(ctx, d)) })
	return d
}

func endpointRoundTrip(t *testing.T, s Store) {
	by := newActor()
	ctx := as(t, by)
	made := s.endpoint(t, by)
	found, err := s.Endpoints.Find(ctx, made.ID())
	require.NoError(t, err)
	require.Equal(t, made, found)

	full := domain.EndpointData{
		ID: made.ID(), TenantID: by.Tenant, Name: "n", URL: "https://x.example.com/", Types: []string{"events.event.created", "voting.poll.opened"},
		Format: domain.Standard, Language: domain.Russian, Scope: authz.TeamScope(uuid.New()),
		State: domain.Disabled, DisabledReason: domain.Failing, Failures: 3, FailingSince: noon.Add(1 * time.Hour), RestUntil: noon.Add(2 * time.Hour),
		CreatedBy: by.User, CreatedAt: noon, UpdatedAt: noon.Add(3 * time.Hour),
	}
	testkit.Filled(t, full)
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Endpoints.Update(ctx, domain.RestoreEndpoint(full))) })
	list, err := s.Endpoints.List(ctx)
	require.NoError(t, err)
	require.Equal(t, []domain.Endpoint{domain.RestoreEndpoint(full)}, list)

	before, err := s.Endpoints.Secrets(ctx, made.ID())
	require.NoError(t, err)
	rotated := before.Rotate(noon.Add(time.Hour))
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Endpoints.PutSecrets(ctx, made.ID(), rotated)) })
	after, err := s.Endpoints.Secrets(ctx, made.ID())
	require.NoError(t, err)
	require.Equal(t, rotated, after)

	discord, err := domain.NewEndpoint(by, domain.Discord, domain.Edit{
		Name: new("#news"), URL: new("https://discord.com/api/webhooks/1/x"), Types: &[]string{"voting.poll.opened"},
	}, func(domain.Format, string) error { return nil }, noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Endpoints.Add(ctx, discord, signature.Pair{})) })
	found, err = s.Endpoints.Find(ctx, discord.ID())
	require.NoError(t, err)
	require.Equal(t, discord, found)
	none, err := s.Endpoints.Secrets(ctx, discord.ID())
	require.NoError(t, err)
	require.True(t, none.Current.Zero())

	s.deliver(t, by, made, noon)
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Endpoints.Delete(ctx, made.ID())) })
	_, err = s.Endpoints.Find(ctx, made.ID())
	require.ErrorIs(t, err, domain.ErrEndpointNotFound)
	page, err := s.Deliveries.Page(ctx, made.ID(), ports.Filter{}, uuid.Nil, 10)
	require.NoError(t, err)
	require.Empty(t, page)
}

func deliveryRoundTrip(t *testing.T, s Store) {
	by := newActor()
	ctx := as(t, by)
	endpoint := s.endpoint(t, by)
	made := s.deliver(t, by, endpoint, noon)
	full := made
	full.State, full.Attempts, full.Round, full.DueAt = domain.Dead, 2, 1, noon.Add(time.Hour)
	full.LastStatus, full.LastReason, full.LastAt = 500, "timeout", noon.Add(time.Minute)
	testkit.Filled(t, full)
	attempts := []domain.Attempt{
		{Number: 1, At: noon, Result: domain.Result{Status: 500, Took: 12 * time.Millisecond}},
		{Number: 2, At: noon.Add(time.Minute), Result: domain.Result{Reason: "timeout", Took: 10 * time.Second}},
	}
	s.do(t, ctx, func(ctx context.Context) {
		locked, err := s.Deliveries.Lock(ctx, endpoint.ID(), made.ID)
		require.NoError(t, err)
		require.Equal(t, made, locked)
		require.NoError(t, s.Deliveries.Update(ctx, full))
		for _, attempt := range attempts {
			require.NoError(t, s.Deliveries.AddAttempt(ctx, made.ID, attempt))
		}
	})
	found, err := s.Deliveries.Find(ctx, endpoint.ID(), made.ID)
	require.NoError(t, err)
	require.Equal(t, full, found)
	log, err := s.Deliveries.Attempts(ctx, made.ID)
	require.NoError(t, err)
	require.Equal(t, attempts, log)
	_, err = s.Deliveries.Find(ctx, uuid.New(), made.ID)
	require.ErrorIs(t, err, domain.ErrDeliveryNotFound, "of another endpoint")
}

func otherTenant(t *testing.T, s Store) {
	by, other := newActor(), newActor()
	endpoint := s.endpoint(t, by)
	delivery := s.deliver(t, by, endpoint, noon)
	ctx := as(t, other)
	list, err := s.Endpoints.List(ctx)
	require.NoError(t, err)
	require.Empty(t, list)
	_, err = s.Endpoints.Find(ctx, endpoint.ID())
	require.ErrorIs(t, err, domain.ErrEndpointNotFound)
	_, err = s.Endpoints.Secrets(ctx, endpoint.ID())
	require.ErrorIs(t, err, domain.ErrEndpointNotFound)
	_, err = s.Deliveries.Find(ctx, endpoint.ID(), delivery.ID)
	require.ErrorIs(t, err, domain.ErrDeliveryNotFound)
	s.do(t, ctx, func(ctx context.Context) {
		require.ErrorIs(t, s.Endpoints.Delete(ctx, endpoint.ID()), domain.ErrEndpointNotFound)
	})
}

func endpointsAreBounded(t *testing.T, s Store) {
	by := newActor()
	for range domain.MaxEndpoints - 1 {
		s.endpoint(t, by)
	}
	errs := make([]error, 4) // of which one has room
	var group sync.WaitGroup
	for i := range errs {
		group.Go(func() {
			made, err := domain.NewEndpoint(by, domain.Standard, domain.Edit{Name: new("x"), URL: new("https://x.example.com/"), Types: &[]string{"voting.poll.opened"}},
				func(domain.Format, string) error { return nil }, noon)
			if err == nil {
				err = s.Tx.Do(as(t, by), func(ctx context.Context) error {
					return s.Endpoints.Add(ctx, made, signature.Pair{Current: signature.NewSecret()})
				})
			}
			errs[i] = err
		})
	}
	group.Wait()
	full := 0
	for _, err := range errs {
		if err != nil {
			require.ErrorIs(t, err, domain.ErrTooManyEndpoints)
			full++
		}
	}
	require.Equal(t, len(errs)-1, full)
}

func eventsCountOnce(t *testing.T, s Store) {
	by := newActor()
	ctx := as(t, by)
	one, two := s.endpoint(t, by), s.endpoint(t, by)
	first := s.deliver(t, by, one, noon)
	again := domain.NewDelivery(by.Tenant, one.ID(), first.EventID, "voting.poll.opened", []byte("{}"), nil, noon)
	elsewhere := domain.NewDelivery(by.Tenant, two.ID(), first.EventID, "voting.poll.opened", []byte("{}"), nil, noon)
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Deliveries.Add(ctx, again, elsewhere)) })
	page, err := s.Deliveries.Page(ctx, one.ID(), ports.Filter{}, uuid.Nil, 10)
	require.NoError(t, err)
	require.Len(t, page, 1)
	require.Equal(t, first.ID, page[0].ID)
	page, err = s.Deliveries.Page(ctx, two.ID(), ports.Filter{}, uuid.Nil, 10)
	require.NoError(t, err)
	require.Len(t, page, 1)
	require.NoError(t, s.Tx.Do(ctx, func(ctx context.Context) error { return s.Deliveries.Add(ctx) }))
}

// claim leases the endpoints of one tenant for a minute: stores of other tests may share a database.
func (s Store) claim(t *testing.T, by authz.Actor, now time.Time) []ports.Claimed {
	t.Helper()
	claimed, err := s.Endpoints.Claim(t.Context(), 100, time.Minute, now)
	require.NoError(t, err)
	var mine []ports.Claimed
	for _, c := range claimed {
		if c.Data().TenantID == by.Tenant {
			mine = append(mine, c)
		}
	}
	return mine
}

func leases(t *testing.T, s Store) {
	by := newActor()
	ctx := as(t, by)
	endpoint := s.endpoint(t, by)
	require.Empty(t, s.claim(t, by, noon), "nothing is due")
	s.deliver(t, by, endpoint, noon)
	require.Empty(t, s.claim(t, by, noon.Add(-1)))

	first := s.claim(t, by, noon)
	require.Len(t, first, 1)
	require.Equal(t, endpoint, first[0].Endpoint)
	require.Empty(t, s.claim(t, by, noon.Add(time.Minute-1)), "it is another's")
	second := s.claim(t, by, noon.Add(time.Minute))
	require.Len(t, second, 1)
	s.do(t, ctx, func(ctx context.Context) {
		_, err := s.Endpoints.Held(ctx, first[0])
		require.ErrorIs(t, err, domain.ErrEndpointNotFound, "the lease has ended")
		_, err = s.Endpoints.Held(ctx, second[0])
		require.NoError(t, err)
		require.NoError(t, s.Endpoints.Release(ctx, first[0]), "and its end changes nothing")
	})
	require.Empty(t, s.claim(t, by, noon.Add(time.Minute)))
	require.NoError(t, s.Endpoints.Release(ctx, second[0]))

	s.do(t, ctx, func(ctx context.Context) {
		require.NoError(t, s.Endpoints.Update(ctx, endpoint.After(domain.Result{Status: 500}, noon))) // rests for a second
	})
	require.Empty(t, s.claim(t, by, noon))
	paused, err := endpoint.Edit(domain.Edit{Active: new(false)}, func(domain.Format, string) error { return nil }, noon)
	require.NoError(t, err)
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Endpoints.Update(ctx, paused)) })
	require.Empty(t, s.claim(t, by, noon.Add(time.Hour)))
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Endpoints.Update(ctx, endpoint)) })

	var lock sync.Mutex
	var all []ports.Claimed
	var group sync.WaitGroup
	for range 8 { // racing instances
		group.Go(func() {
			claimed := s.claim(t, by, noon.Add(time.Hour))
			lock.Lock()
			defer lock.Unlock()
			all = append(all, claimed...)
		})
	}
	group.Wait()
	require.Len(t, all, 1)
}

func lists(t *testing.T, s Store) {
	by := newActor()
	ctx := as(t, by)
	endpoint := s.endpoint(t, by)
	var made []domain.Delivery
	for i := range 4 {
		made = append(made, s.deliver(t, by, endpoint, noon.Add(time.Duration(-i)*time.Minute)))
	}
	dead := made[1].Drop("x")
	s.do(t, ctx, func(ctx context.Context) { require.NoError(t, s.Deliveries.Update(ctx, dead)) })
	ids := func(list []domain.Delivery, err error) (ids []uuid.UUID) {
		require.NoError(t, err)
		for _, d := range list {
			ids = append(ids, d.ID)
		}
		return ids
	}
	require.Equal(t, []uuid.UUID{made[3].ID, made[2].ID}, ids(s.Deliveries.Page(ctx, endpoint.ID(), ports.Filter{}, uuid.Nil, 2)))
	require.Equal(t, []uuid.UUID{made[1].ID, made[0].ID}, ids(s.Deliveries.Page(ctx, endpoint.ID(), ports.Filter{}, made[2].ID, 9)))
	require.Equal(t, []uuid.UUID{made[1].ID}, ids(s.Deliveries.Page(ctx, endpoint.ID(), ports.Filter{State: domain.Dead}, uuid.Nil, 9)))
	require.Empty(t, ids(s.Deliveries.Page(ctx, endpoint.ID(), ports.Filter{Type: domain.Test}, uuid.Nil, 9)))
	require.Len(t, ids(s.Deliveries.Page(ctx, endpoint.ID(), ports.Filter{Type: "voting.poll.opened"}, uuid.Nil, 9)), 4)
	require.Equal(t, []uuid.UUID{made[3].ID, made[2].ID}, ids(s.Deliveries.Due(ctx, endpoint.ID(), noon.Add(-time.Minute), 9)), "the longest due first")
	require.Equal(t, []uuid.UUID{made[3].ID}, ids(s.Deliveries.Due(ctx, endpoint.ID(), noon, 1)))
	counts, err := s.Deliveries.CountWaiting(ctx, []uuid.UUID{endpoint.ID(), uuid.New()})
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]int{endpoint.ID(): 3}, counts)
	s.do(t, ctx, func(ctx context.Context) {
		require.Equal(t, []uuid.UUID{made[1].ID}, ids(s.Deliveries.Dead(ctx, endpoint.ID(), noon.Add(-time.Minute), 9)))
		require.Empty(t, ids(s.Deliveries.Dead(ctx, endpoint.ID(), noon, 9)))
		require.Empty(t, ids(s.Deliveries.Dead(ctx, endpoint.ID(), noon.Add(-time.Hour), 0)))
	})
}

func drops(t *testing.T, s Store) {
	by := newActor()
	ctx := as(t, by)
	endpoint, other := s.endpoint(t, by), s.endpoint(t, by)
	waiting, apart := s.deliver(t, by, endpoint, noon), s.deliver(t, by, other, noon)
	taken := s.deliver(t, by, endpoint, noon).After(domain.Result{Status: 200}, noon)
	s.do(t, ctx, func(ctx context.Context) {
		require.NoError(t, s.Deliveries.Update(ctx, taken))
		require.NoError(t, s.Deliveries.DropWaiting(ctx, endpoint.ID(), domain.SwitchedOff))
	})
	found, err := s.Deliveries.Find(ctx, endpoint.ID(), waiting.ID)
	require.NoError(t, err)
	require.Equal(t, waiting.Drop(domain.SwitchedOff), found)
	found, err = s.Deliveries.Find(ctx, endpoint.ID(), taken.ID)
	require.NoError(t, err)
	require.Equal(t, domain.Delivered, found.State)
	found, err = s.Deliveries.Find(ctx, other.ID(), apart.ID)
	require.NoError(t, err)
	require.Equal(t, domain.Waiting, found.State)
}

func forgets(t *testing.T, s Store) {
	by := newActor()
	ctx := as(t, by)
	endpoint := s.endpoint(t, by)
	old, young := s.deliver(t, by, endpoint, noon.AddDate(-50, 0, 0)), s.deliver(t, by, endpoint, noon.AddDate(-49, 0, 0))
	s.do(t, ctx, func(ctx context.Context) {
		require.NoError(t, s.Deliveries.AddAttempt(ctx, old.ID, domain.Attempt{Number: 1, At: noon}))
	})
	require.NoError(t, s.Deliveries.Forget(t.Context(), noon.AddDate(-49, 0, 0)))
	_, err := s.Deliveries.Find(ctx, endpoint.ID(), old.ID)
	require.ErrorIs(t, err, domain.ErrDeliveryNotFound)
	log, err := s.Deliveries.Attempts(ctx, old.ID)
	require.NoError(t, err)
	require.Empty(t, log)
	_, err = s.Deliveries.Find(ctx, endpoint.ID(), young.ID)
	require.NoError(t, err)
}
