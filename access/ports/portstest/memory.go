package portstest

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/valid"
)

// Memory is a store of facts without a database.
type Memory struct {
	mu            sync.Mutex
	roles         []domain.Role
	bindings      []memoryBinding
	overrides     []memoryOverride
	teams         map[uuid.UUID]domain.Teams
	members       map[uuid.UUID]map[domain.MembershipKey]domain.KnownMembership
	scopes        map[tenantID]domain.ScopeStatus
	tenantMembers map[tenantID]tenantMember
	rewards       map[tenantID]domain.Reward // by grant
	rewardsEnded  map[tenantID]time.Time
	published     []domain.Event

	nextRole, nextBinding int64
}

type memoryBinding struct {
	tenant  uuid.UUID
	id      int64
	derived bool          // from a membership
	reward  domain.Source // derived from rewards of this source; empty for others
	badge   uuid.UUID     // the achievement
	created time.Time
	domain.Grant
}

type tenantMember struct {
	active bool
	at     time.Time
}

// tenantID names something in its tenant.
type tenantID struct{ tenant, id uuid.UUID }

type memoryOverride struct {
	id           uuid.UUID
	tenant, user uuid.UUID
	domain.Override
	expires time.Time
	created time.Time
	by      uuid.UUID
}

var (
	_ FactStore = (*Memory)(nil)
	_ ports.Tx  = (*Memory)(nil)
)

// Do implements ports.Tx for the roles, bindings, overrides, rewards and events: a failure
// undoes what was done to them. One Do at a time.
func (m *Memory) Do(ctx context.Context, fn func(ctx context.Context) error) error {
	m.mu.Lock()
	roles, bindings, overrides, rewards, published := slices.Clone(m.roles), slices.Clone(m.bindings), slices.Clone(m.overrides), maps.Clone(m.rewards), m.published
	m.mu.Unlock()
	err := fn(ctx)
	if err != nil {
		m.mu.Lock()
		m.roles, m.bindings, m.overrides, m.rewards, m.published = roles, bindings, overrides, rewards, published
		m.mu.Unlock()
	}
	return err
}

// AddRole implements FactStore.
func (m *Memory) AddRole(r domain.Role) domain.Role {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.nextRole++
	r.ID = m.nextRole
	slices.Sort(r.Keys)
	m.roles = append(m.roles, r)
	return r
}

// SetKeys changes what a role grants.
func (m *Memory) SetKeys(role int64, keys []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for i := range m.roles {
		if m.roles[i].ID == role {
			m.roles[i].Keys = slices.Sorted(slices.Values(keys))
		}
	}
}

// AddOverride implements FactStore.
func (m *Memory) AddOverride(tenant, user uuid.UUID, o domain.Override, expires time.Time) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.overrides = append(m.overrides, memoryOverride{id: uuid.New(), tenant: tenant, user: user, Override: o, expires: expires})
}

// AddTeam implements FactStore.
func (m *Memory) AddTeam(tenant uuid.UUID, team, community string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.addTeam(tenant, team, community)
}

func (m *Memory) addTeam(tenant uuid.UUID, team, community string) {
	if m.teams == nil {
		m.teams = map[uuid.UUID]domain.Teams{}
	}
	if m.teams[tenant] == nil {
		m.teams[tenant] = domain.Teams{}
	}
	m.teams[tenant][team] = community
}

// Grant implements ports.Bindings.
func (m *Memory) Grant(ctx context.Context, g domain.Grant) (int64, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	tenant := reqctx.From(ctx).TenantID
	role, ok := m.role(g.Role)
	if !ok || !role.Template() && role.Tenant != tenant {
		return 0, false, errs.New(errs.Invalid, "", "There is no such role.")
	}
	for i := range m.bindings {
		b := &m.bindings[i]
		if !b.derived && b.reward == "" && b.tenant == tenant && b.User == g.User && b.Scope == g.Scope && b.Role == g.Role {
			b.Expires = g.Expires
			return b.id, false, nil
		}
	}
	m.nextBinding++
	m.bindings = append(m.bindings, memoryBinding{tenant: tenant, id: m.nextBinding, Grant: g})
	return m.nextBinding, true, nil
}

// Template implements ports.Roles.
func (m *Memory) Template(_ context.Context, service domain.Service, name string) (domain.Role, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, r := range m.roles {
		if r.Template() && r.Service == service && r.Name == name {
			return r, nil
		}
	}
	return domain.Role{}, domain.ErrRoleNotFound
}

func (m *Memory) role(id int64) (domain.Role, bool) {
	i := slices.IndexFunc(m.roles, func(r domain.Role) bool { return r.ID == id })
	if i < 0 {
		return domain.Role{}, false
	}
	return m.roles[i], true
}

// LoadUser is a part of Load.
func (m *Memory) LoadUser(ctx context.Context, s domain.Subject, at time.Time) (*domain.UserFacts, error) {
	_, u, err := m.LoadWithTenant(ctx, s, at)
	return u, err
}

// LoadUsers implements ports.FactsOfUsers.
func (m *Memory) LoadUsers(ctx context.Context, tenant uuid.UUID, users []uuid.UUID, at time.Time) (map[uuid.UUID]ports.FactsOfUser, error) {
	facts := make(map[uuid.UUID]ports.FactsOfUser, len(users))
	for _, user := range users {
		f, err := m.Load(ctx, domain.Subject{Tenant: tenant, User: user}, at)
		if err != nil {
			return nil, err
		}
		facts[user] = ports.FactsOfUser{Facts: f}
	}
	return facts, nil
}

// LoadWithTenant is Load in its parts.
func (m *Memory) LoadWithTenant(ctx context.Context, s domain.Subject, at time.Time) (*domain.TenantFacts, *domain.UserFacts, error) {
	f, err := m.Load(ctx, s, at)
	if err != nil {
		return nil, nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	t := &domain.TenantFacts{Roles: map[int64]domain.Role{}, Teams: maps.Clone(m.teams[s.Tenant]), MemberRoles: f.MemberRoles}
	for _, r := range m.roles {
		if r.Template() || r.Tenant == s.Tenant {
			t.Roles[r.ID] = r
		}
	}
	u := &domain.UserFacts{Overrides: f.Overrides}
	for _, b := range f.Bindings {
		u.Bound = append(u.Bound, domain.Bound{Scope: b.Scope, Role: b.Role.ID, Expires: b.Expires, Achievement: b.Achievement})
	}
	return t, u, nil
}

// Load implements ports.Facts.
func (m *Memory) Load(_ context.Context, s domain.Subject, at time.Time) (*domain.Facts, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	inForce := func(expires time.Time) bool { return expires.IsZero() || expires.After(at) }
	f := domain.Facts{Teams: m.teams[s.Tenant]}
	for _, o := range m.overrides {
		if o.tenant == s.Tenant && o.user == s.User && inForce(o.expires) {
			o.Override.Expires = o.expires
			f.Overrides = append(f.Overrides, o.Override)
		}
	}
	for _, b := range m.bindings {
		if b.tenant == s.Tenant && b.User == s.User && inForce(b.Expires) {
			role, _ := m.role(b.Role)
			f.Bindings = append(f.Bindings, domain.Binding{Scope: b.Scope, Role: role, Expires: b.Expires, Achievement: b.badge})
		}
	}
	for _, r := range m.roles {
		if r.Name == domain.RoleMember && (r.Template() || r.Tenant == s.Tenant) {
			f.MemberRoles = append(f.MemberRoles, r)
		}
	}
	f = Relevant(f)
	return &f, nil
}

// AuditLog is the audit log without a database.
type AuditLog struct {
	mu      sync.Mutex
	entries []audit.Entry
	// Err, when set, is what Write returns.
	Err error
}

var (
	_ ports.AuditLog   = (*AuditLog)(nil)
	_ personaldata.Log = (*AuditLog)(nil)
)

// WriteNow implements ports.AuditLog.
func (l *AuditLog) WriteNow(ctx context.Context, entries ...audit.Entry) error {
	return l.Write(ctx, entries...)
}

// Write implements ports.AuditWriter.
func (l *AuditLog) Write(ctx context.Context, entries ...audit.Entry) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.Err != nil {
		return l.Err
	}
	for _, e := range entries {
		l.entries = append(l.entries, e.Complete(ctx, valid.NewID(), time.Now()))
	}
	return nil
}

// Entries are the entries in the order in which they were written, without their ids.
func (l *AuditLog) Entries() []audit.Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	entries := slices.Clone(l.entries)
	for i := range entries {
		entries[i].ID = uuid.Nil
	}
	return entries
}

// List implements personaldata.Log: all entries that concern a user, in one page.
func (l *AuditLog) List(_ context.Context, filter audit.Filter, _ page.Request) (page.Page[audit.Entry], error) {
	entries := slices.DeleteFunc(l.Entries(), func(e audit.Entry) bool { return !e.Concerns(filter.Concerning) })
	return page.Page[audit.Entry]{Items: entries}, nil
}

// RedactUser implements personaldata.Log. It counts, and leaves the redaction to audit.Log.
func (l *AuditLog) RedactUser(ctx context.Context, user uuid.UUID, _ int) (int, error) {
	found, err := l.List(ctx, audit.Filter{Concerning: user}, page.Request{})
	return len(found.Items), err
}
