package portstest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/reqctx"
)

// MemoryOverrides is ports.Overrides over a Memory.
type MemoryOverrides struct{ *Memory }

var _ ports.Overrides = MemoryOverrides{}

func (m *Memory) overriddenWhere(ctx context.Context, match func(domain.OverrideRecord) bool) []domain.OverrideRecord {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []domain.OverrideRecord
	for _, o := range m.overrides {
		record := domain.OverrideRecord{ID: o.id, Tenant: o.tenant, User: o.user, Override: o.Override, CreatedAt: o.created, By: o.by}
		record.Expires = o.expires
		if o.tenant == reqctx.From(ctx).TenantID && match(record) {
			found = append(found, record)
		}
	}
	slices.SortFunc(found, func(a, b domain.OverrideRecord) int {
		return bytes.Compare(b.ID[:], a.ID[:])
	})
	return found
}

// Find implements ports.Overrides.
func (m MemoryOverrides) Find(ctx context.Context, id uuid.UUID) (domain.OverrideRecord, error) {
	found := m.overriddenWhere(ctx, func(o domain.OverrideRecord) bool { return o.ID == id })
	if len(found) == 0 {
		return domain.OverrideRecord{}, domain.ErrOverrideNotFound
	}
	return found[0], nil
}

// Page implements ports.Overrides.
func (m MemoryOverrides) Page(ctx context.Context, search ports.OverrideSearch) ([]domain.OverrideRecord, error) {
	found := m.overriddenWhere(ctx, func(o domain.OverrideRecord) bool {
		return (search.Effect == "" || o.Effect == search.Effect) &&
			(search.User == uuid.Nil || o.User == search.User) &&
			(search.Permission == "" || o.Permission == search.Permission) &&
			(search.Active == nil || o.InForce(search.At) == *search.Active) &&
			(search.Before == uuid.Nil || bytes.Compare(o.ID[:], search.Before[:]) < 0)
	})
	return found[:min(len(found), search.Limit)], nil
}

// Add implements ports.Overrides.
func (m MemoryOverrides) Add(_ context.Context, o domain.OverrideRecord) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.overrides = append(m.overrides, memoryOverride{
		id: o.ID, tenant: o.Tenant, user: o.User, Override: o.Override, expires: o.Expires, created: o.CreatedAt, by: o.By,
	})
	return nil
}

// Update implements ports.Overrides.
func (m MemoryOverrides) Update(ctx context.Context, o domain.OverrideRecord) error {
	return m.at(ctx, o.ID, func(i int) { m.overrides[i].Override, m.overrides[i].expires = o.Override, o.Expires })
}

// Delete implements ports.Overrides.
func (m MemoryOverrides) Delete(ctx context.Context, id uuid.UUID) error {
	return m.at(ctx, id, func(i int) { m.overrides = slices.Delete(m.overrides, i, i+1) })
}

func (m MemoryOverrides) at(ctx context.Context, id uuid.UUID, do func(i int)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	i := slices.IndexFunc(m.overrides, func(o memoryOverride) bool { return o.id == id && o.tenant == reqctx.From(ctx).TenantID })
	if i < 0 {
		return domain.ErrOverrideNotFound
	}
	do(i)
	return nil
}

// Once is idempotency.Requests without a database.
type Once struct {
	mu   sync.Mutex
	made map[string]result
}

type result struct {
	id    uuid.UUID
	input string
}

var _ idempotency.Requests = (*Once)(nil)

// Once implements idempotency.Requests.
func (o *Once) Once(ctx context.Context, operation string, input any, create func(ctx context.Context) (uuid.UUID, error)) (uuid.UUID, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	rc := reqctx.From(ctx)
	if rc.RequestID == "" {
		return create(ctx)
	}
	key, text := fmt.Sprint(rc.TenantID, rc.UserID, operation, rc.RequestID), fmt.Sprintf("%+v", input)
	if first, ok := o.made[key]; ok {
		if first.input != text {
			return uuid.Nil, idempotency.ErrReused
		}
		return first.id, nil
	}
	id, err := create(ctx)
	if err == nil {
		if o.made == nil {
			o.made = map[string]result{}
		}
		o.made[key] = result{id: id, input: text}
	}
	return id, err
}
