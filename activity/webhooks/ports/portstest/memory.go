package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
	"go.updspace.com/tools/devkit/testkit/memory"
)

// NewMemory is a store in memory. It passes the same suite as PostgreSQL does.
func NewMemory() Store {
	db := memory.New()
	m := &memoryWebhooks{
		DB: db, endpoints: memory.NewTable[uuid.UUID, keptEndpoint](db), deliveries: memory.NewTable[uuid.UUID, domain.Delivery](db),
		attempts: memory.NewTable[attemptKey, keptAttempt](db),
	}
	return Store{Endpoints: memoryEndpoints{m}, Deliveries: memoryDeliveries{m}, Tx: db}
}

type memoryWebhooks struct {
	*memory.DB

	endpoints  *memory.Table[uuid.UUID, keptEndpoint]
	deliveries *memory.Table[uuid.UUID, domain.Delivery]
	attempts   *memory.Table[attemptKey, keptAttempt]
}

type keptEndpoint struct {
	domain.Endpoint
	secrets     signature.Pair
	lease       uuid.UUID
	leasedUntil time.Time
	turn        time.Time
}

type attemptKey struct {
	delivery uuid.UUID
	number   int
}

type keptAttempt struct {
	domain.Attempt
	delivery uuid.UUID
}

func byID(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }

type memoryEndpoints struct{ *memoryWebhooks }

func (m memoryEndpoints) List(ctx context.Context) ([]domain.Endpoint, error) {
	kept := m.endpoints.All(ctx, nil)
	slices.SortFunc(kept, func(a, b keptEndpoint) int { return byID(a.ID(), b.ID()) })
	list := make([]domain.Endpoint, len(kept))
	for i, e := range kept {
		list[i] = e.Endpoint
	}
	return list, nil
}

func (m memoryEndpoints) kept(ctx context.Context, id uuid.UUID) (keptEndpoint, error) {
	e, ok := m.endpoints.Get(ctx, id)
	if !ok {
		return keptEndpoint{}, domain.ErrEndpointNotFound
	}
	return e, nil
}

func (m memoryEndpoints) Find(ctx context.Context, id uuid.UUID) (domain.Endpoint, error) {
	e, err := m.kept(ctx, id)
	return e.Endpoint, err
}

func (m memoryEndpoints) Lock(ctx context.Context, id uuid.UUID) (domain.Endpoint, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.Endpoint{}, err
	}
	return m.Find(ctx, id)
}

func (m memoryEndpoints) Add(ctx context.Context, endpoint domain.Endpoint, secrets signature.Pair) error {
	if len(m.endpoints.All(ctx, nil)) >= domain.MaxEndpoints {
		return domain.ErrTooManyEndpoints
	}
	m.endpoints.Put(ctx, endpoint.ID(), keptEndpoint{Endpoint: endpoint, secrets: secrets})
	return nil
}

func (m memoryEndpoints) change(ctx context.Context, id uuid.UUID, change func(*keptEndpoint)) error {
	e, err := m.kept(ctx, id)
	if err == nil {
		change(&e)
		m.endpoints.Put(ctx, id, e)
	}
	return err
}

func (m memoryEndpoints) Update(ctx context.Context, endpoint domain.Endpoint) error {
	return m.change(ctx, endpoint.ID(), func(e *keptEndpoint) { e.Endpoint = endpoint })
}

func (m memoryEndpoints) Delete(ctx context.Context, id uuid.UUID) error {
	if m.endpoints.Delete(ctx, func(e keptEndpoint) bool { return e.ID() == id }) == 0 {
		return domain.ErrEndpointNotFound
	}
	m.forget(ctx, func(d domain.Delivery) bool { return d.EndpointID == id })
	return nil
}

func (m memoryEndpoints) Secrets(ctx context.Context, id uuid.UUID) (signature.Pair, error) {
	e, err := m.kept(ctx, id)
	return e.secrets, err
}

func (m memoryEndpoints) PutSecrets(ctx context.Context, id uuid.UUID, secrets signature.Pair) error {
	return m.change(ctx, id, func(e *keptEndpoint) { e.secrets = secrets })
}

func (m memoryEndpoints) Claim(ctx context.Context, limit int, lease time.Duration, now time.Time) (claimed []ports.Claimed, err error) {
	err = m.Do(ctx, func(ctx context.Context) error {
		due := map[uuid.UUID]bool{}
		for _, d := range m.deliveries.AllTenants(ctx, func(d domain.Delivery) bool { return d.State == domain.Waiting && !d.DueAt.After(now) }) {
			due[d.EndpointID] = true
		}
		found := m.endpoints.AllTenants(ctx, func(e keptEndpoint) bool {
			d := e.Data()
			return due[d.ID] && d.State == domain.Active && !e.leasedUntil.After(now) && !d.RestUntil.After(now)
		})
		slices.SortFunc(found, func(a, b keptEndpoint) int { return cmp.Or(a.turn.Compare(b.turn), byID(a.ID(), b.ID())) })
		for _, e := range found[:min(limit, len(found))] {
			e.lease, e.leasedUntil, e.turn = uuid.New(), now.Add(lease), now
			m.endpoints.Put(of(ctx, e.Data().TenantID), e.ID(), e)
			claimed = append(claimed, ports.Claimed{Endpoint: e.Endpoint, Lease: e.lease})
		}
		return nil
	})
	return claimed, err
}

// of is a context of a tenant in the same transaction.
func of(ctx context.Context, tenant uuid.UUID) context.Context {
	return reqctx.With(ctx, reqctx.Context{TenantID: tenant})
}

func (m memoryEndpoints) Held(ctx context.Context, claimed ports.Claimed) (domain.Endpoint, error) {
	e, err := m.kept(ctx, claimed.ID())
	if err == nil && e.lease != claimed.Lease {
		err = domain.ErrEndpointNotFound
	}
	return e.Endpoint, err
}

func (m memoryEndpoints) Release(ctx context.Context, claimed ports.Claimed) error {
	return m.Do(ctx, func(ctx context.Context) error {
		if _, err := m.Held(ctx, claimed); err != nil {
			return nil //nolint:nilerr // the lease is another's
		}
		return m.change(ctx, claimed.ID(), func(e *keptEndpoint) { e.lease, e.leasedUntil = uuid.Nil, time.Time{} })
	})
}

type memoryDeliveries struct{ *memoryWebhooks }

func (m memoryDeliveries) Add(ctx context.Context, deliveries ...domain.Delivery) error {
	for _, d := range deliveries {
		if _, known := m.deliveries.First(ctx, func(k domain.Delivery) bool { return k.EndpointID == d.EndpointID && k.EventID == d.EventID }); !known {
			m.deliveries.Put(ctx, d.ID, d)
		}
	}
	return nil
}

func (m memoryDeliveries) Find(ctx context.Context, endpoint, id uuid.UUID) (domain.Delivery, error) {
	d, ok := m.deliveries.Get(ctx, id)
	if !ok || d.EndpointID != endpoint {
		return domain.Delivery{}, domain.ErrDeliveryNotFound
	}
	return d, nil
}

func (m memoryDeliveries) Lock(ctx context.Context, endpoint, id uuid.UUID) (domain.Delivery, error) {
	if err := m.RequireTx(ctx, "Lock"); err != nil {
		return domain.Delivery{}, err
	}
	return m.Find(ctx, endpoint, id)
}

func (m memoryDeliveries) listed(ctx context.Context, limit int, match func(domain.Delivery) bool, order func(a, b domain.Delivery) int) []domain.Delivery {
	found := m.deliveries.All(ctx, match)
	slices.SortFunc(found, order)
	return found[:min(limit, len(found))]
}

func (m memoryDeliveries) Page(ctx context.Context, endpoint uuid.UUID, f ports.Filter, before uuid.UUID, limit int) ([]domain.Delivery, error) {
	page := m.listed(ctx, limit, func(d domain.Delivery) bool {
		return d.EndpointID == endpoint && (f.State == "" || d.State == f.State) && (f.Type == "" || d.Type == f.Type) && (before == uuid.Nil || byID(d.ID, before) < 0)
	}, func(a, b domain.Delivery) int { return byID(b.ID, a.ID) })
	for i := range page {
		page[i].Body, page[i].People = nil, nil
	}
	return page, nil
}

func (m memoryDeliveries) Attempts(ctx context.Context, delivery uuid.UUID) ([]domain.Attempt, error) {
	kept := m.attempts.All(ctx, func(a keptAttempt) bool { return a.delivery == delivery })
	slices.SortFunc(kept, func(a, b keptAttempt) int { return cmp.Compare(a.Number, b.Number) })
	attempts := make([]domain.Attempt, len(kept))
	for i, a := range kept {
		attempts[i] = a.Attempt
	}
	return attempts, nil
}

func (m memoryDeliveries) CountWaiting(ctx context.Context, endpoints []uuid.UUID) (map[uuid.UUID]int, error) {
	counts := map[uuid.UUID]int{}
	for _, d := range m.deliveries.All(ctx, func(d domain.Delivery) bool {
		return d.State == domain.Waiting && slices.Contains(endpoints, d.EndpointID)
	}) {
		counts[d.EndpointID]++
	}
	return counts, nil
}

func (m memoryDeliveries) Due(ctx context.Context, endpoint uuid.UUID, now time.Time, limit int) ([]domain.Delivery, error) {
	return m.listed(ctx, limit, func(d domain.Delivery) bool {
		return d.EndpointID == endpoint && d.State == domain.Waiting && !d.DueAt.After(now)
	}, func(a, b domain.Delivery) int { return cmp.Or(a.DueAt.Compare(b.DueAt), byID(a.ID, b.ID)) }), nil
}

func (m memoryDeliveries) Update(ctx context.Context, delivery domain.Delivery) error {
	if _, ok := m.deliveries.Get(ctx, delivery.ID); !ok {
		return domain.ErrDeliveryNotFound
	}
	m.deliveries.Put(ctx, delivery.ID, delivery)
	return nil
}

func (m memoryDeliveries) AddAttempt(ctx context.Context, delivery uuid.UUID, attempt domain.Attempt) error {
	m.attempts.Put(ctx, attemptKey{delivery, attempt.Number}, keptAttempt{attempt, delivery})
	return nil
}

func (m memoryDeliveries) DropWaiting(ctx context.Context, endpoint uuid.UUID, reason string) error {
	for _, d := range m.deliveries.All(ctx, func(d domain.Delivery) bool { return d.EndpointID == endpoint && d.State == domain.Waiting }) {
		m.deliveries.Put(ctx, d.ID, d.Drop(reason))
	}
	return nil
}

func (m memoryDeliveries) Dead(ctx context.Context, endpoint uuid.UUID, since time.Time, limit int) ([]domain.Delivery, error) {
	return m.listed(ctx, limit, func(d domain.Delivery) bool {
		return d.EndpointID == endpoint && d.State == domain.Dead && !d.CreatedAt.Before(since)
	}, func(a, b domain.Delivery) int { return byID(a.ID, b.ID) }), nil
}

func (m memoryDeliveries) Forget(ctx context.Context, before time.Time) error {
	return m.Do(ctx, func(ctx context.Context) error {
		for _, d := range m.deliveries.AllTenants(ctx, func(d domain.Delivery) bool { return d.CreatedAt.Before(before) }) {
			m.forget(of(ctx, d.TenantID), func(other domain.Delivery) bool { return other.ID == d.ID })
		}
		return nil
	})
}

// forget deletes deliveries of the tenant with their attempts.
func (m *memoryWebhooks) forget(ctx context.Context, match func(domain.Delivery) bool) {
	for _, d := range m.deliveries.All(ctx, match) {
		m.attempts.Delete(ctx, func(a keptAttempt) bool { return a.delivery == d.ID })
	}
	m.deliveries.Delete(ctx, match)
}
