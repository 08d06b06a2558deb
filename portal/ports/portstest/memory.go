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

	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports"
)

// Memory keeps everything in memory. It passes the same suite as PostgreSQL does, so what is built on it holds there.
type Memory struct {
	mu    sync.Mutex
	state state
}

type owned[T any] struct {
	tenant uuid.UUID
	value  T
}

// ownKey is an id that is one only in its tenant.
type ownKey struct{ tenant, id uuid.UUID }

type membershipKey struct {
	tenant uuid.UUID
	groupsports.MembershipKey
}

type state struct {
	groups      map[uuid.UUID]groupsdomain.Group
	memberships map[membershipKey]groupsdomain.Membership
	requests    map[uuid.UUID]owned[groupsdomain.JoinRequest]
	invites     map[uuid.UUID]owned[groupsdomain.Invite]
	links       map[uuid.UUID]owned[groupsdomain.InviteLink]
	bans        []owned[groupsdomain.Ban]
	entries     []audit.Entry
	posts       map[ownKey]storedPost
	files       map[ownKey]contentdomain.File
	profiles    map[ownKey]contentdomain.Profile
	accounts    map[uuid.UUID]contentdomain.Account
	made        map[onceKey]uuid.UUID
	events      []contentdomain.Event
	groupEvents []groupsdomain.Event
}

type onceKey struct {
	tenant, user       uuid.UUID
	request, operation string
}

// NewMemory is empty.
func NewMemory() *Memory {
	return &Memory{state: state{
		groups: map[uuid.UUID]groupsdomain.Group{}, memberships: map[membershipKey]groupsdomain.Membership{},
		requests: map[uuid.UUID]owned[groupsdomain.JoinRequest]{}, invites: map[uuid.UUID]owned[groupsdomain.Invite]{}, links: map[uuid.UUID]owned[groupsdomain.InviteLink]{},
		posts: map[ownKey]storedPost{}, files: map[ownKey]contentdomain.File{}, profiles: map[ownKey]contentdomain.Profile{}, accounts: map[uuid.UUID]contentdomain.Account{},
		made: map[onceKey]uuid.UUID{},
	}}
}

// Groups is the memory as groupsports.Groups; the other methods accordingly.
func (m *Memory) Groups() groupsports.Groups               { return memoryGroups{m} }
func (m *Memory) Memberships() groupsports.Memberships     { return memoryMemberships{m} }
func (m *Memory) Requests() groupsports.JoinRequests       { return memoryRequests{m} }
func (m *Memory) Invites() groupsports.Invites             { return memoryInvites{m} }
func (m *Memory) Links() groupsports.InviteLinks           { return memoryLinks{m} }
func (m *Memory) Bans() groupsports.Bans                   { return memoryBans{m} }
func (m *Memory) Pending() groupsports.Pending             { return memoryPending{m} }
func (m *Memory) Audit() ports.AuditLog                    { return memoryAudit{m} }
func (m *Memory) Posts() contentports.Posts                { return memoryPosts{m} }
func (m *Memory) PostTargets() contentports.PostTargets    { return memoryPostTargets{m} }
func (m *Memory) Files() contentports.Files                { return memoryFiles{m} }
func (m *Memory) TenantMembers() groupsports.TenantMembers { return memoryProfiles{m} }
func (m *Memory) GroupRoles() contentports.GroupRoles      { return memoryMemberships{m} }
func (m *Memory) Profiles() contentports.Profiles          { return memoryProfiles{m} }
func (m *Memory) Accounts() contentports.Accounts          { return memoryAccounts{m} }
func (m *Memory) Cards() groupsports.Cards                 { return memoryCards{m} }
func (m *Memory) People() contentports.People              { return memoryPeople{m} }
func (m *Memory) Traces() groupsports.Traces               { return memoryTraces{m} }

type inTx struct{}

// AfterCommit implements ports.Tx.
func (m *Memory) AfterCommit(ctx context.Context, fn func()) {
	if after, ok := ctx.Value(inTx{}).(*[]func()); ok {
		*after = append(*after, fn)
		return
	}
	fn()
}

// Do runs fn alone, and undoes what it did when it fails.
func (m *Memory) Do(ctx context.Context, fn func(context.Context) error) error {
	if ctx.Value(inTx{}) != nil {
		return fn(ctx)
	}
	var after []func()
	if err := m.run(context.WithValue(ctx, inTx{}, &after), fn); err != nil {
		return err
	}
	for _, fn := range after {
		fn()
	}
	return nil
}

func (m *Memory) run(ctx context.Context, fn func(context.Context) error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	before := m.state.clone()
	err := fn(ctx)
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
		links: maps.Clone(s.links), bans: slices.Clone(s.bans), groupEvents: slices.Clone(s.groupEvents), entries: slices.Clone(s.entries), made: maps.Clone(s.made), events: slices.Clone(s.events),
		posts: maps.Clone(s.posts), files: maps.Clone(s.files), profiles: maps.Clone(s.profiles), accounts: maps.Clone(s.accounts),
	}
}

// inOrder is what PostgreSQL holds at the end of a transaction: a group has an owner unless it is archived and empty, and members of a team are members
// of its community.
func (s state) inOrder() error {
	for id, g := range s.groups {
		deserted := g.Data().Status == groupsdomain.StatusArchived && s.count(id, groupsdomain.RoleNone) == 0
		if !deserted && s.count(id, groupsdomain.RoleOwner) == 0 {
			return errors.New("portstest: group " + g.Data().Name + " is left without an owner")
		}
	}
	for key, m := range s.memberships {
		if m.Role() == groupsdomain.RoleNone || key.Scope.Type != authz.ScopeTeam {
			continue
		}
		key.Scope = authz.CommunityScope(m.Data().CommunityID)
		if s.memberships[key].Role() == groupsdomain.RoleNone {
			return errors.New("portstest: a user is in a team and not in its community")
		}
	}
	return nil
}

// count counts the members of a group that have a role; RoleNone counts all.
func (s state) count(group uuid.UUID, role groupsdomain.Role) (n int) {
	for key, m := range s.memberships {
		if key.Scope.ID == group && m.Role() != groupsdomain.RoleNone && (role == groupsdomain.RoleNone || m.Role() == role) {
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
func (m *Memory) Publish(ctx context.Context, events ...contentdomain.Event) error {
	if ctx.Value(inTx{}) == nil {
		return errors.New("portstest: Publish outside of Do")
	}
	m.state.events = append(m.state.events, events...)
	return nil
}

// GroupEvents is the memory as groupsports.Events.
func (m *Memory) GroupEvents() *GroupEvents { return &GroupEvents{m} }

// GroupEvents takes the events of groups.
type GroupEvents struct{ memory *Memory }

// Publish implements groupsports.Events.
func (e *GroupEvents) Publish(ctx context.Context, events ...groupsdomain.Event) error {
	if ctx.Value(inTx{}) == nil {
		return errors.New("portstest: Publish outside of Do")
	}
	e.memory.state.groupEvents = append(e.memory.state.groupEvents, events...)
	return nil
}

// Published returns what was published and committed, in order.
func (e *GroupEvents) Published() (events []groupsdomain.Event) {
	e.memory.use(context.Background(), func(s *state) { events = slices.Clone(s.groupEvents) })
	return events
}

// Events returns what was published and committed, in order.
func (m *Memory) Events() (events []contentdomain.Event) {
	m.use(context.Background(), func(s *state) { events = slices.Clone(s.events) })
	return events
}

// All implements groupsports.Tenants.
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
		Groups: m.Groups(), Memberships: m.Memberships(), Requests: m.Requests(), Invites: m.Invites(), Links: m.Links(), Bans: m.Bans(), Pending: m.Pending(),
		Tenants: m, Tx: m,
		Posts: m.Posts(), Targets: m.PostTargets(), Files: m.Files(), Profiles: m.Profiles(), Accounts: m.Accounts(), Cards: m.Cards(), People: m.People(), Traces: m.Traces(), RemoveProfile: m.RemoveProfile, Across: m.Across,
	}
}
