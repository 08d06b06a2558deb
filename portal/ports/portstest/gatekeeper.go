package portstest

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
)

// Gatekeeper decides as Access does, by what a test has granted: what members of the tenant may everywhere, and what
// somebody may in a scope and below, which makes him belong there. It remembers what it was asked.
type Gatekeeper struct {
	mu       sync.Mutex
	members  map[uuid.UUID][]domain.Permission
	bindings map[uuid.UUID][]binding
	denied   map[uuid.UUID][]domain.Permission
	teams    map[uuid.UUID]uuid.UUID // of which community
	places   []domain.Scope
	asked    []domain.Ask
	calls    int
	away     error
	mean     func()
}

type binding struct {
	scope domain.Scope
	keys  []domain.Permission
}

// NewGatekeeper lets nobody in.
func NewGatekeeper() *Gatekeeper {
	return &Gatekeeper{
		members: map[uuid.UUID][]domain.Permission{}, bindings: map[uuid.UUID][]binding{}, denied: map[uuid.UUID][]domain.Permission{},
		teams: map[uuid.UUID]uuid.UUID{},
	}
}

// Member gives a user what members of the tenant may.
func (g *Gatekeeper) Member(user uuid.UUID, keys ...domain.Permission) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.members[user] = append(slices.Clone(g.members[user]), keys...)
}

// Bind gives a user a role in a scope, with these permissions.
func (g *Gatekeeper) Bind(user uuid.UUID, scope domain.Scope, keys ...domain.Permission) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.bindings[user] = append(slices.Clone(g.bindings[user]), binding{scope, keys})
}

// Leave takes a user's roles in a scope away.
func (g *Gatekeeper) Leave(user uuid.UUID, scope domain.Scope) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.bindings[user] = slices.DeleteFunc(slices.Clone(g.bindings[user]), func(b binding) bool { return b.scope == scope })
}

// Deny takes permissions from a user wherever he has them.
func (g *Gatekeeper) Deny(user uuid.UUID, keys ...domain.Permission) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.denied[user] = append(slices.Clone(g.denied[user]), keys...)
}

// Place makes a community or a team of one known.
func (g *Gatekeeper) Place(p domain.PostPlace) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.places = append(g.places, p.Scope(uuid.Nil))
	if p.TeamID != uuid.Nil {
		g.teams[p.TeamID] = p.CommunityID
	}
}

// Fail makes every question end in err until it is nil again.
func (g *Gatekeeper) Fail(err error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.away = err
}

// Asked returns what was asked since the last call, and in how many calls.
func (g *Gatekeeper) Asked() (asked []domain.Ask, calls int) {
	g.mu.Lock()
	defer g.mu.Unlock()
	asked, calls = g.asked, g.calls
	g.asked, g.calls = nil, 0
	return asked, calls
}

// Allowed implements ports.Access.
func (g *Gatekeeper) Allowed(ctx context.Context, ask domain.Ask) (bool, error) {
	answers, err := g.AllowedEach(ctx, []domain.Ask{ask})
	if err != nil {
		return false, err
	}
	return answers[0], nil
}

// Meanwhile runs fn once, after the next answer is decided and before it is given.
func (g *Gatekeeper) Meanwhile(fn func()) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.mean = fn
}

// AllowedEach implements ports.Access.
func (g *Gatekeeper) AllowedEach(ctx context.Context, asks []domain.Ask) ([]bool, error) {
	answers, err := g.answer(ctx, asks)
	g.mu.Lock()
	mean := g.mean
	g.mean = nil
	g.mu.Unlock()
	if mean != nil {
		mean()
	}
	return answers, err
}

func (g *Gatekeeper) answer(ctx context.Context, asks []domain.Ask) ([]bool, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, asks...)
	g.calls++
	if g.away != nil {
		return nil, g.away
	}
	answers := make([]bool, len(asks))
	for i, ask := range asks {
		answers[i] = g.decide(reqctx.From(ctx), ask)
	}
	return answers, nil
}

// Reach implements ports.Reaches, by asking about every scope there is.
func (g *Gatekeeper) Reach(ctx context.Context, asks []domain.Ask) ([]domain.Reach, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked = append(g.asked, asks...)
	g.calls++
	if g.away != nil {
		return nil, g.away
	}
	rc := reqctx.From(ctx)
	reaches := make([]domain.Reach, len(asks))
	for i, ask := range asks {
		holds := func(scope domain.Scope) bool {
			ask.Scope = scope
			return g.decide(rc, ask)
		}
		r := domain.Reach{Tenant: holds(domain.TenantScope(rc.TenantID))}
		if r.Tenant && holds(domain.CommunityScope(uuid.Nil)) && holds(domain.TeamScope(uuid.Nil)) { // where there is nothing
			reaches[i] = domain.Reach{Everywhere: true}
			continue
		}
		for _, scope := range g.places {
			switch {
			case !holds(scope):
			case scope.Type == domain.ScopeCommunity:
				r.Communities = append(r.Communities, scope.ID)
			case !holds(domain.CommunityScope(g.teams[scope.ID])):
				r.Teams = append(r.Teams, scope.ID)
			}
		}
		reaches[i] = r
	}
	return reaches, nil
}

func (g *Gatekeeper) decide(rc reqctx.Context, ask domain.Ask) bool {
	user := rc.UserID
	switch {
	case rc.Flags.Suspended || rc.Flags.Banned || slices.Contains(g.denied[user], ask.Permission):
		return false
	case rc.Flags.SystemAdmin:
		return true
	}
	_, member := g.members[user]
	granted, belongs := slices.Contains(g.members[user], ask.Permission), member && ask.Scope.Type == domain.ScopeTenant
	for _, b := range g.bindings[user] {
		if g.reaches(b.scope, ask.Scope) {
			belongs = true
			granted = granted || slices.Contains(b.keys, ask.Permission)
		}
	}
	switch ask.Visibility {
	case domain.VisibilityCommunity, domain.VisibilityTeam:
		return granted && belongs
	case domain.VisibilityPrivate:
		return granted && ask.Owner == user
	}
	return granted
}

func (g *Gatekeeper) reaches(held, asked domain.Scope) bool {
	return held.Type == domain.ScopeTenant || held == asked ||
		held.Type == domain.ScopeCommunity && asked.Type == domain.ScopeTeam && g.teams[asked.ID] == held.ID
}
