// Package portstest holds what tests of portal share: the suites that every implementation of a port must pass, an
// implementation in memory, and fakes of the ports that lead out of the service.
package portstest

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Memory keeps everything in memory. It passes the same suite as PostgreSQL does, so what is built on it holds there.
type Memory struct {
	mu    sync.Mutex
	state state
	busy  map[string]bool
}

type owned[T any] struct {
	tenant uuid.UUID
	value  T
}

// ownKey is an id that is one only in its tenant.
type ownKey struct{ tenant, id uuid.UUID }

type membershipKey struct {
	tenant uuid.UUID
	ports.WalkKey
}

type state struct {
	groups      map[uuid.UUID]domain.Group
	memberships map[membershipKey]domain.Membership
	requests    map[uuid.UUID]owned[domain.Request]
	invites     map[uuid.UUID]owned[domain.Invite]
	links       map[uuid.UUID]owned[domain.Link]
	entries     []owned[domain.Entry]
	posts       map[ownKey]storedPost
	files       map[ownKey]domain.File
	profiles    map[ownKey]domain.Profile
	accounts    map[uuid.UUID]domain.Account
	made        map[onceKey]uuid.UUID
	events      []domain.Event
}

type onceKey struct {
	tenant, user       uuid.UUID
	request, operation string
}

// NewMemory is empty.
func NewMemory() *Memory {
	return &Memory{busy: map[string]bool{}, state: state{
		groups: map[uuid.UUID]domain.Group{}, memberships: map[membershipKey]domain.Membership{},
		requests: map[uuid.UUID]owned[domain.Request]{}, invites: map[uuid.UUID]owned[domain.Invite]{}, links: map[uuid.UUID]owned[domain.Link]{},
		posts: map[ownKey]storedPost{}, files: map[ownKey]domain.File{}, profiles: map[ownKey]domain.Profile{}, accounts: map[uuid.UUID]domain.Account{},
		made: map[onceKey]uuid.UUID{},
	}}
}

// Groups is the memory as ports.Groups; the other methods accordingly.
func (m *Memory) Groups() ports.Groups           { return memoryGroups{m} }
func (m *Memory) Memberships() ports.Memberships { return memoryMemberships{m} }
func (m *Memory) Requests() ports.Requests       { return memoryRequests{m} }
func (m *Memory) Invites() ports.Invites         { return memoryInvites{m} }
func (m *Memory) Links() ports.Links             { return memoryLinks{m} }
func (m *Memory) Journal() ports.Journal         { return memoryJournal{m} }
func (m *Memory) Posts() ports.Posts             { return memoryPosts{m} }
func (m *Memory) Places() ports.Places           { return memoryPlaces{m} }
func (m *Memory) Files() ports.Files             { return memoryFiles{m} }
func (m *Memory) Profiles() ports.Profiles       { return memoryProfiles{m} }
func (m *Memory) Accounts() ports.Accounts       { return memoryAccounts{m} }
func (m *Memory) Traces() ports.Traces           { return memoryTraces{m} }

type inTx struct{}

// Do runs fn alone, and undoes what it did when it fails.
func (m *Memory) Do(ctx context.Context, fn func(context.Context) error) error {
	if ctx.Value(inTx{}) != nil {
		return fn(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.state.clone()
	err := fn(context.WithValue(ctx, inTx{}, true))
	if err == nil {
		err = m.state.inOrder()
	}
	if err != nil {
		m.state = before
	}
	return err
}

func (s state) clone() state {
	return state{
		groups: maps.Clone(s.groups), memberships: maps.Clone(s.memberships), requests: maps.Clone(s.requests), invites: maps.Clone(s.invites),
		links: maps.Clone(s.links), entries: slices.Clone(s.entries), made: maps.Clone(s.made), events: slices.Clone(s.events),
		posts: maps.Clone(s.posts), files: maps.Clone(s.files), profiles: maps.Clone(s.profiles), accounts: maps.Clone(s.accounts),
	}
}

// inOrder is what PostgreSQL holds at the end of a transaction: a group has an owner unless it is archived and has nobody, and members of a team are members
// of its community.
func (s state) inOrder() error {
	for id, g := range s.groups {
		deserted := g.Data().Status == domain.StatusArchived && s.count(id, domain.Nobody) == 0
		if !deserted && s.count(id, domain.RoleOwner) == 0 {
			return errors.New("portstest: group " + g.Data().Name + " is left without an owner")
		}
	}
	for key, m := range s.memberships {
		if m.Role() == domain.Nobody || key.Scope.Type != domain.ScopeTeam {
			continue
		}
		key.Scope = domain.CommunityScope(m.Data().CommunityID)
		if s.memberships[key].Role() == domain.Nobody {
			return errors.New("portstest: somebody is in a team and not in its community")
		}
	}
	return nil
}

// count counts the members of a group that have a role; Nobody counts all.
func (s state) count(group uuid.UUID, role domain.Role) (n int) {
	for key, m := range s.memberships {
		if key.Scope.ID == group && m.Role() != domain.Nobody && (role == domain.Nobody || m.Role() == role) {
			n++
		}
	}
	return n
}

// use gives access to the state, in a transaction or on its own.
func (m *Memory) use(ctx context.Context, fn func(*state)) {
	if ctx.Value(inTx{}) == nil {
		m.mu.Lock()
		defer m.mu.Unlock()
	}
	fn(&m.state)
}

// Once implements ports.Once.
func (m *Memory) Once(ctx context.Context, operation string, _ any, create func(context.Context) (uuid.UUID, error)) (id uuid.UUID, err error) {
	rc := reqctx.From(ctx)
	key := onceKey{tenant: rc.TenantID, user: rc.UserID, request: rc.RequestID, operation: operation}
	err = m.Do(ctx, func(ctx context.Context) error {
		if made, ok := m.state.made[key]; ok {
			id = made
			return nil
		}
		if id, err = create(ctx); err == nil {
			m.state.made[key] = id
		}
		return err
	})
	return id, err
}

// Publish implements ports.Events.
func (m *Memory) Publish(ctx context.Context, events ...domain.Event) error {
	if ctx.Value(inTx{}) == nil {
		return errors.New("portstest: Publish outside of Do")
	}
	m.state.events = append(m.state.events, events...)
	return nil
}

// Events returns what was published and committed, in order.
func (m *Memory) Events() (events []domain.Event) {
	m.use(context.Background(), func(s *state) { events = slices.Clone(s.events) })
	return events
}

// All implements ports.Tenants.
func (m *Memory) All(ctx context.Context) (tenants []uuid.UUID, err error) {
	m.use(ctx, func(s *state) {
		for _, g := range s.groups {
			if !slices.Contains(tenants, g.Data().TenantID) {
				tenants = append(tenants, g.Data().TenantID)
			}
		}
	})
	return tenants, nil
}

// Try implements ports.Exclusive.
func (m *Memory) Try(ctx context.Context, job string, run func(context.Context) error) (bool, error) {
	m.mu.Lock()
	busy := m.busy[job]
	m.busy[job] = true
	m.mu.Unlock()
	if busy {
		return false, nil
	}
	defer func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.busy[job] = false
	}()
	return true, run(ctx)
}

func tenantOf(ctx context.Context) uuid.UUID { return reqctx.From(ctx).TenantID }

type across struct{}

// Across makes a context for a job that works across tenants.
func (m *Memory) Across(ctx context.Context) context.Context {
	return context.WithValue(ctx, across{}, true)
}

// sees reports whether what a tenant owns is there for a context.
func sees(ctx context.Context, tenant uuid.UUID) bool {
	return ctx.Value(across{}) != nil || tenant == tenantOf(ctx)
}

// errLock is a change without the lock that it needs, which a test shall not get away with.
var errLock = errors.New("portstest: Lock outside of Do")

// errInTx is what belongs to no transaction of a tenant.
var errInTx = errors.New("portstest: Forget inside of Do")

// Store is the memory as the suite takes it.
func (m *Memory) Store() Store {
	return Store{
		Groups: m.Groups(), Memberships: m.Memberships(), Requests: m.Requests(), Invites: m.Invites(), Links: m.Links(),
		Journal: m.Journal(), Tenants: m, Exclusive: m, Tx: m,
		Posts: m.Posts(), Places: m.Places(), Files: m.Files(), Profiles: m.Profiles(), Accounts: m.Accounts(), Traces: m.Traces(), Across: m.Across,
	}
}
