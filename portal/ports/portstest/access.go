package portstest

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// What the platform's templates give for the work with groups.
var (
	memberKeys = []domain.Permission{
		domain.PermissionCommunitiesList, domain.PermissionCommunitiesRead, domain.PermissionCommunityMembersRead,
		domain.PermissionTeamsList, domain.PermissionTeamMembersRead,
	}
	moderatorKeys = append(slices.Clone(memberKeys),
		domain.PermissionTeamsCreate, domain.PermissionTeamsManage, domain.PermissionTeamMembersManage, domain.PermissionCommunityMembersManage)
)

// Access is ports.Access and ports.Roster as the access service does both: everybody is a member of his tenant, some
// administer it, and what the roster says of members counts in their groups.
type Access struct {
	mu     sync.Mutex
	admins map[uuid.UUID]bool
	lacks  map[uuid.UUID]map[domain.Permission]bool
	known  map[ports.WalkKey]domain.Membership
	asked  []domain.Ask
	deaf   bool
	away   error
}

// NewAccess knows of nobody.
func NewAccess() *Access {
	return &Access{admins: map[uuid.UUID]bool{}, lacks: map[uuid.UUID]map[domain.Permission]bool{}, known: map[ports.WalkKey]domain.Membership{}}
}

// Admin makes users administrators of their tenant.
func (a *Access) Admin(users ...uuid.UUID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, user := range users {
		a.admins[user] = true
	}
}

// Deny takes a permission away from a user, wherever he had it from.
func (a *Access) Deny(user uuid.UUID, permission domain.Permission) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.lacks[user] == nil {
		a.lacks[user] = map[domain.Permission]bool{}
	}
	a.lacks[user][permission] = true
}

// Away makes every question fail, until it is nil again.
func (a *Access) Away(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.away = err
}

// Deaf makes what is told go unheard.
func (a *Access) Deaf(deaf bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.deaf = deaf
}

// Asked returns what was asked since the last time.
func (a *Access) Asked() []domain.Ask {
	a.mu.Lock()
	defer a.mu.Unlock()
	asked := a.asked
	a.asked = nil
	return asked
}

// Allowed implements ports.Access.
func (a *Access) Allowed(ctx context.Context, ask domain.Ask) (bool, error) {
	answers, err := a.AllowedEach(ctx, []domain.Ask{ask})
	return err == nil && answers[0], err
}

// AllowedEach implements ports.Access.
func (a *Access) AllowedEach(ctx context.Context, asks []domain.Ask) ([]bool, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.asked = append(a.asked, asks...)
	if a.away != nil {
		return nil, a.away
	}
	rc := reqctx.From(ctx)
	answers := make([]bool, len(asks))
	for i, ask := range asks {
		answers[i] = !rc.Flags.Suspended && !a.lacks[rc.UserID][ask.Permission] && a.holds(rc.UserID, ask)
	}
	return answers, nil
}

func (a *Access) holds(user uuid.UUID, ask domain.Ask) bool {
	if a.admins[user] || slices.Contains(memberKeys, ask.Permission) {
		return true
	}
	for _, scope := range a.above(ask.Scope) {
		switch a.known[ports.WalkKey{Scope: scope, User: user}].Role() {
		case domain.RoleOwner:
			return true
		case domain.RoleModerator:
			if slices.Contains(moderatorKeys, ask.Permission) {
				return true
			}
		}
	}
	return false
}

// above is a scope and the community it is in, which the memberships of a team tell.
func (a *Access) above(scope domain.Scope) []domain.Scope {
	for key, m := range a.known {
		if scope.Type == domain.ScopeTeam && key.Scope == scope {
			return []domain.Scope{scope, domain.CommunityScope(m.Data().CommunityID)}
		}
	}
	return []domain.Scope{scope}
}

// Tell implements ports.Roster.
func (a *Access) Tell(_ context.Context, memberships ...domain.Membership) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, m := range memberships {
		if !a.deaf {
			a.learn(m)
		}
	}
}

func (a *Access) learn(m domain.Membership) bool {
	key := keyOf(m)
	if a.known[key].Data().Version >= m.Data().Version {
		return false
	}
	a.known[key] = m
	return true
}

// Compare implements ports.Roster.
func (a *Access) Compare(_ context.Context, s ports.Stretch) (drift ports.Drift, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.away != nil {
		return ports.Drift{}, a.away
	}
	there := map[ports.WalkKey]bool{}
	for _, m := range s.Memberships {
		there[keyOf(m)] = true
		was := a.known[keyOf(m)].Role()
		if a.learn(m) {
			if was == domain.Nobody {
				drift.Added++
			} else {
				drift.Changed++
			}
		}
	}
	for key, m := range a.known {
		within := compareKeys(key, s.After) > 0 && (s.Until == ports.WalkKey{} || compareKeys(key, s.Until) <= 0)
		if within && m.Role() != domain.Nobody && !there[key] {
			delete(a.known, key)
			drift.Removed++
		}
	}
	return drift, nil
}

// Forget loses what is known of a membership.
func (a *Access) Forget(scope domain.Scope, user uuid.UUID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.known, ports.WalkKey{Scope: scope, User: user})
}

// Imagine has a membership that there is not.
func (a *Access) Imagine(m domain.Membership) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known[keyOf(m)] = m
}

// Known is everything that is known of members.
func (a *Access) Known() map[ports.WalkKey]domain.Role {
	a.mu.Lock()
	defer a.mu.Unlock()
	roles := map[ports.WalkKey]domain.Role{}
	for key, m := range a.known {
		if m.Role() != domain.Nobody {
			roles[key] = m.Role()
		}
	}
	return roles
}

func keyOf(m domain.Membership) ports.WalkKey {
	return ports.WalkKey{Scope: m.Data().Scope, User: m.Data().UserID}
}

func compareKeys(a, b ports.WalkKey) int {
	return cmp.Or(
		strings.Compare(string(a.Scope.Type), string(b.Scope.Type)),
		strings.Compare(a.Scope.ID.String(), b.Scope.ID.String()),
		strings.Compare(a.User.String(), b.User.String()),
	)
}

// Away is what questions fail with when access does not answer.
var Away = errs.Unavailablef("Permissions cannot be checked right now.")

// Dismiss ends what Admin began.
func (a *Access) Dismiss(user uuid.UUID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.admins, user)
}

// Grant ends what Deny began.
func (a *Access) Grant(user uuid.UUID, permission domain.Permission) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.lacks[user], permission)
}
