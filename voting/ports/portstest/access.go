package portstest

import (
	"context"
	"slices"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/voting/domain"
)

// Access decides by what a test has granted: permissions per user, in every scope unless one is named; and who belongs
// to a community or a team. It remembers what it was asked.
type Access struct {
	mu      sync.Mutex
	granted map[uuid.UUID]map[domain.Permission][]domain.Scope
	members map[domain.Scope][]uuid.UUID
	asked   []domain.Ask
	calls   int
	away    error
}

// Grant gives a user permissions in some scopes, or in all when none is named.
func (a *Access) Grant(user uuid.UUID, permissions []domain.Permission, scopes ...domain.Scope) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.granted == nil {
		a.granted = map[uuid.UUID]map[domain.Permission][]domain.Scope{}
	}
	if a.granted[user] == nil {
		a.granted[user] = map[domain.Permission][]domain.Scope{}
	}
	for _, p := range permissions {
		a.granted[user][p] = append(slices.Clone(a.granted[user][p]), scopes...)
	}
}

// Revoke takes permissions from a user.
func (a *Access) Revoke(user uuid.UUID, permissions ...domain.Permission) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, p := range permissions {
		delete(a.granted[user], p)
	}
}

// Join makes a user a member of a community or team.
func (a *Access) Join(user uuid.UUID, scope domain.Scope) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.members == nil {
		a.members = map[domain.Scope][]uuid.UUID{}
	}
	a.members[scope] = append(a.members[scope], user)
}

// Fail makes every question end in err until it is nil again.
func (a *Access) Fail(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.away = err
}

// Asked returns what was asked since the last call, and in how many calls.
func (a *Access) Asked() (asked []domain.Ask, calls int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked, calls = a.asked, a.calls
	a.asked, a.calls = nil, 0
	return asked, calls
}

// Allowed implements ports.Access.
func (a *Access) Allowed(ctx context.Context, ask domain.Ask) (bool, error) {
	answers, err := a.AllowedEach(ctx, []domain.Ask{ask})
	if err != nil {
		return false, err
	}
	return answers[0], nil
}

// AllowedEach implements ports.Access.
func (a *Access) AllowedEach(ctx context.Context, asks []domain.Ask) ([]bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, asks...)
	a.calls++
	if a.away != nil {
		return nil, a.away
	}
	answers := make([]bool, len(asks))
	for i, ask := range asks {
		answers[i] = a.decide(reqctx.From(ctx).UserID, ask)
	}
	return answers, nil
}

func (a *Access) decide(user uuid.UUID, ask domain.Ask) bool {
	scopes, held := a.granted[user][ask.Permission]
	if !held || len(scopes) > 0 && !slices.Contains(scopes, ask.Scope) {
		return false
	}
	switch ask.Visibility {
	case domain.VisibilityCommunity, domain.VisibilityTeam:
		return slices.Contains(a.members[ask.Scope], user)
	case domain.VisibilityPrivate:
		return ask.Owner == user
	}
	return true
}
