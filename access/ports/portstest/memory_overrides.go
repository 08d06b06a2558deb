package portstest

import (
	"bytes"
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/reqctx"
)

// MemoryOverrides is ports.TenantOverrides over a Memory.
type MemoryOverrides struct{ *Memory }

var _ ports.TenantOverrides = MemoryOverrides{}

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
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), bytes.Compare(b.ID[:], a.ID[:]))
	})
	return found
}

// Find implements ports.TenantOverrides.
func (m MemoryOverrides) Find(ctx context.Context, id uuid.UUID) (domain.OverrideRecord, error) {
	found := m.overriddenWhere(ctx, func(o domain.OverrideRecord) bool { return o.ID == id })
	if len(found) == 0 {
		return domain.OverrideRecord{}, domain.ErrOverrideNotFound
	}
	return found[0], nil
}

// Page implements ports.TenantOverrides.
func (m MemoryOverrides) Page(ctx context.Context, search ports.OverrideSearch) ([]domain.OverrideRecord, error) {
	found := m.overriddenWhere(ctx, func(o domain.OverrideRecord) bool {
		after := search.After
		return (search.Effect == "" || o.Effect == search.Effect) &&
			(search.User == uuid.Nil || o.User == search.User) &&
			(search.Permission == "" || o.Permission == search.Permission) &&
			(search.Active == nil || o.InForce(search.At) == *search.Active) &&
			(after == nil || cmp.Or(o.CreatedAt.Compare(after.At), bytes.Compare(o.ID[:], after.ID[:])) < 0)
	})
	return found[:min(len(found), search.Limit)], nil
}

// Add implements ports.TenantOverrides.
func (m MemoryOverrides) Add(_ context.Context, o domain.OverrideRecord) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.overrides = append(m.overrides, memoryOverride{
		id: o.ID, tenant: o.Tenant, user: o.User, Override: o.Override, expires: o.Expires, created: o.CreatedAt, by: o.By,
	})
	return nil
}

// Update implements ports.TenantOverrides.
func (m MemoryOverrides) Update(ctx context.Context, o domain.OverrideRecord) error {
	return m.at(ctx, o.ID, func(i int) { m.overrides[i].Override, m.overrides[i].expires = o.Override, o.Expires })
}

// Delete implements ports.TenantOverrides.
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

// Page implements ports.History.
func (j *Journal) Page(ctx context.Context, search ports.EntrySearch) ([]domain.Recorded, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	var found []domain.Recorded
	for i, e := range j.entries {
		id := j.ids[i]
		after := search.After
		if e.Tenant == reqctx.From(ctx).TenantID &&
			(search.Actor == nil || e.PerformedBy == *search.Actor) &&
			(search.Concerning == uuid.Nil || e.Concerns(search.Concerning)) &&
			(search.Action == "" || e.Action == search.Action) &&
			(search.TargetType == "" || e.TargetType == search.TargetType) &&
			(search.TargetID == "" || e.TargetID == search.TargetID) &&
			(search.From.IsZero() || !e.At.Before(search.From)) &&
			(search.To.IsZero() || e.At.Before(search.To)) &&
			(after == nil || cmp.Or(e.At.Compare(after.At), bytes.Compare(id[:], after.ID[:])) < 0) {
			found = append(found, domain.Recorded{ID: id, Entry: e})
		}
	}
	slices.SortFunc(found, func(a, b domain.Recorded) int {
		return cmp.Or(b.At.Compare(a.At), bytes.Compare(b.ID[:], a.ID[:]))
	})
	return found[:min(len(found), search.Limit)], nil
}

// Once is ports.Once without a database.
type Once struct {
	mu   sync.Mutex
	made map[string]uuid.UUID
}

var _ ports.Once = (*Once)(nil)

// Once implements ports.Once.
func (o *Once) Once(ctx context.Context, operation string, _ any, create func(ctx context.Context) (uuid.UUID, error)) (uuid.UUID, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	rc := reqctx.From(ctx)
	key := rc.TenantID.String() + rc.UserID.String() + operation + rc.RequestID
	if id, ok := o.made[key]; ok && rc.RequestID != "" {
		return id, nil
	}
	id, err := create(ctx)
	if err == nil {
		if o.made == nil {
			o.made = map[string]uuid.UUID{}
		}
		o.made[key] = id
	}
	return id, err
}
