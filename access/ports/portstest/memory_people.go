package portstest

import (
	"cmp"
	"context"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/reqctx"
)

// MemoryPeople is ports.People over a Memory and its Journal.
type MemoryPeople struct {
	*Memory
	Journal *Journal
}

var _ ports.People = MemoryPeople{}

// Memberships implements ports.People.
func (m MemoryPeople) Memberships(ctx context.Context, person uuid.UUID, after *domain.Scope, limit int) ([]domain.StoredMembership, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	var found []domain.StoredMembership
	for key, k := range m.membersOf(tenant) {
		if key.User == person {
			found = append(found, domain.StoredMembership{Scope: domain.Scope{Type: key.Type, ID: key.Scope.String()}, Role: k.Role, At: k.Applied})
		}
	}
	if told, known := m.belonging[tenantID{tenant, person}]; known {
		role := domain.NotMember
		if told.belongs {
			role = domain.PlainMember
		}
		found = append(found, domain.StoredMembership{Scope: domain.TenantScope(tenant), Role: role, At: told.at})
	}
	compare := func(a, b domain.Scope) int { return cmp.Or(cmp.Compare(a.Type, b.Type), cmp.Compare(a.ID, b.ID)) }
	slices.SortFunc(found, func(a, b domain.StoredMembership) int { return compare(a.Scope, b.Scope) })
	if after != nil {
		found = slices.DeleteFunc(found, func(s domain.StoredMembership) bool { return compare(s.Scope, *after) <= 0 })
	}
	return found[:min(len(found), limit)], nil
}

// Delete implements ports.People.
func (m MemoryPeople) Delete(ctx context.Context, person uuid.UUID) (gone domain.Erased, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	before := len(m.bindings)
	m.bindings = slices.DeleteFunc(m.bindings, func(b memoryBinding) bool { return b.tenant == tenant && b.User == person })
	gone.Bindings = before - len(m.bindings)
	before = len(m.overrides)
	m.overrides = slices.DeleteFunc(m.overrides, func(o memoryOverride) bool { return o.tenant == tenant && o.user == person })
	gone.Overrides = before - len(m.overrides)
	of := m.membersOf(tenant)
	for key := range of {
		if key.User == person {
			delete(of, key)
			gone.Memberships++
		}
	}
	if _, known := m.belonging[tenantID{tenant, person}]; known {
		delete(m.belonging, tenantID{tenant, person})
		gone.Memberships++
	}
	return gone, nil
}

// Redact implements ports.People.
func (m MemoryPeople) Redact(ctx context.Context, person uuid.UUID, limit int) (done domain.Redaction, _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	done.Entries = m.Journal.redact(tenant, person, limit)
	for i := range m.bindings {
		if b := &m.bindings[i]; b.tenant == tenant && b.By == person && done.Authorships < limit {
			b.By = uuid.Nil
			done.Authorships++
		}
	}
	for i := range m.overrides {
		if o := &m.overrides[i]; o.tenant == tenant && o.by == person && done.Authorships < limit {
			o.by = uuid.Nil
			done.Authorships++
		}
	}
	return done, nil
}

func (j *Journal) redact(tenant, person uuid.UUID, limit int) (n int) {
	j.mu.Lock()
	defer j.mu.Unlock()
	for i, e := range j.entries {
		if redacted, touched := e.Redact(person); touched && e.Tenant == tenant && n < limit {
			j.entries[i] = redacted
			n++
		}
	}
	return n
}
