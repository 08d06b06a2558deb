// Package authztest is an access service in memory, for tests. Access is an authz.Checker that decides as the access
// service does, and Serve answers the HTTP interface of the access service for one calling service. tools/contract
// proves that both decide alike.
package authztest

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// Names of roles with a meaning of their own.
const (
	RoleMember    = "member"
	RoleModerator = "moderator"
	RoleAdmin     = "admin" // its holders see private resources of the service
)

// EveryService is the service of a Role that counts in all services.
const EveryService = "*"

// Role is a named set of permissions of one service.
type Role struct {
	Service     string
	Name        string
	Permissions []authz.Permission
	All         bool // every permission of the service
}

// Binding gives a role in a scope and the scopes within it.
type Binding struct {
	Scope authz.Scope
	Role  Role
}

// Override allows or denies a permission whatever the roles say. A denial wins over a permission.
type Override struct {
	Allow      bool
	Permission authz.Permission // empty: every permission
}

// Facts is everything that is stored about one actor.
type Facts struct {
	Member      bool   // of the tenant, as identity has told. It counts where a user is named who makes no request; a request says it in its flags
	MemberRoles []Role // held in requests whose flags say that the actor is a member of the tenant, at most one for each service
	Bindings    []Binding
	Overrides   []Override
}

// Access is the access service in memory. The zero value knows nothing and denies everything. Its methods may be called
// concurrently.
type Access struct {
	mu        sync.Mutex
	facts     map[authz.Actor]Facts
	teams     map[uuid.UUID]uuid.UUID // the community of each team
	catalogue []authz.Permission
	roles     map[int64]tenantRole
	checks    []authz.Check
	calls     int
	failure   error
	next      func()
	memberships
}

var _ authz.Checker = (*Access)(nil)

// Unavailable is the error of the real client when access does not answer. See Fail.
var Unavailable = errs.Unavailablef("Permissions cannot be checked right now. Try again in a moment.")

// change replaces the facts of an actor.
func (a *Access) change(actor authz.Actor, edit func(f *Facts)) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.facts == nil {
		a.facts = map[authz.Actor]Facts{}
	}
	f := a.facts[actor]
	edit(&f)
	a.facts[actor] = f
}

// Set replaces everything that is known about an actor.
func (a *Access) Set(actor authz.Actor, facts Facts) {
	a.change(actor, func(f *Facts) { *f = facts })
}

// Grant binds permissions to an actor in a scope.
func (a *Access) Grant(actor authz.Actor, scope authz.Scope, permissions ...authz.Permission) {
	a.change(actor, func(f *Facts) {
		for service, held := range byService(permissions) {
			f.Bindings = append(f.Bindings, Binding{Scope: scope, Role: Role{Service: service, Name: "granted", Permissions: held}})
		}
	})
}

// GrantAdmin makes an actor the administrator of every service in a scope.
func (a *Access) GrantAdmin(actor authz.Actor, scope authz.Scope) {
	a.change(actor, func(f *Facts) {
		f.Bindings = append(f.Bindings, Binding{Scope: scope, Role: Role{Service: EveryService, Name: RoleAdmin, All: true}})
	})
}

// Member makes an actor a member of the tenant, with permissions that members hold in every scope.
func (a *Access) Member(actor authz.Actor, permissions ...authz.Permission) {
	a.change(actor, func(f *Facts) {
		f.Member = true
		for service, held := range byService(permissions) {
			i := slices.IndexFunc(f.MemberRoles, func(r Role) bool { return r.Service == service })
			if i < 0 {
				f.MemberRoles, i = append(f.MemberRoles, Role{Service: service, Name: RoleMember}), len(f.MemberRoles)
			}
			f.MemberRoles[i].Permissions = append(f.MemberRoles[i].Permissions, held...)
		}
	})
}

// Unbind removes the roles of an actor in a scope.
func (a *Access) Unbind(actor authz.Actor, scope authz.Scope) {
	a.change(actor, func(f *Facts) {
		f.Bindings = slices.DeleteFunc(f.Bindings, func(b Binding) bool { return b.Scope == scope })
	})
}

// Revoke removes permissions from every role of an actor. Roles that hold all permissions keep them; use Deny there.
func (a *Access) Revoke(actor authz.Actor, permissions ...authz.Permission) {
	without := func(r Role) Role {
		r.Permissions = slices.DeleteFunc(slices.Clone(r.Permissions), func(p authz.Permission) bool { return slices.Contains(permissions, p) })
		return r
	}
	a.change(actor, func(f *Facts) {
		f.Bindings, f.MemberRoles = slices.Clone(f.Bindings), slices.Clone(f.MemberRoles)
		for i := range f.Bindings {
			f.Bindings[i].Role = without(f.Bindings[i].Role)
		}
		for i := range f.MemberRoles {
			f.MemberRoles[i] = without(f.MemberRoles[i])
		}
	})
}

// Deny adds overrides that deny permissions to an actor.
func (a *Access) Deny(actor authz.Actor, permissions ...authz.Permission) {
	a.override(actor, false, permissions)
}

// Allow adds overrides that give permissions to an actor.
func (a *Access) Allow(actor authz.Actor, permissions ...authz.Permission) {
	a.override(actor, true, permissions)
}

func (a *Access) override(actor authz.Actor, allow bool, permissions []authz.Permission) {
	a.change(actor, func(f *Facts) {
		for _, p := range permissions {
			f.Overrides = append(f.Overrides, Override{Allow: allow, Permission: p})
		}
	})
}

// EndOverrides removes the overrides of an actor that name one of the permissions.
func (a *Access) EndOverrides(actor authz.Actor, permissions ...authz.Permission) {
	a.change(actor, func(f *Facts) {
		f.Overrides = slices.DeleteFunc(f.Overrides, func(o Override) bool { return slices.Contains(permissions, o.Permission) })
	})
}

// Forget removes everything that is known about an actor.
func (a *Access) Forget(actor authz.Actor) { a.Set(actor, Facts{}) }

// Team records the community of a team. A role in the community counts in the team.
func (a *Access) Team(team, community uuid.UUID) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.learnTeam(team, community)
}

func (a *Access) learnTeam(team, community uuid.UUID) {
	if a.teams == nil {
		a.teams = map[uuid.UUID]uuid.UUID{}
	}
	a.teams[team] = community
}

// Catalogue limits the permissions that exist. Without it every permission exists.
func (a *Access) Catalogue(permissions ...authz.Permission) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.catalogue = permissions
}

// Fail makes every call end in err, until it is called with nil.
func (a *Access) Fail(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.failure = err
}

// AfterNext runs fn once: after the next call is decided, before its answer is returned. A service asks access nothing else
// meanwhile (questions of libs/accessclient wait for the call under way), so fn makes no request that needs a decision.
func (a *Access) AfterNext(fn func()) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.next = fn
}

// TakeChecks returns the checks since the last call of TakeChecks, and in how many calls they came. A query for allowed
// scopes counts as a check without a scope.
func (a *Access) TakeChecks() (checks []authz.Check, calls int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	checks, calls = a.checks, a.calls
	a.checks, a.calls = nil, 0
	return checks, calls
}

// Check implements authz.Checker.
func (a *Access) Check(ctx context.Context, check authz.Check) (bool, error) {
	answers, err := a.CheckAll(ctx, []authz.Check{check})
	return err == nil && answers[0], err
}

// CheckAll implements authz.Checker.
func (a *Access) CheckAll(ctx context.Context, checks []authz.Check) ([]bool, error) {
	decisions, err := a.Decide(reqctx.From(ctx), checks...)
	if err != nil {
		return nil, err
	}
	allowed := make([]bool, len(decisions))
	for i, d := range decisions {
		allowed[i] = d.Allowed
	}
	return allowed, nil
}

// Decide is CheckAll for the user of a request context, with the reasons of the decisions.
func (a *Access) Decide(rc reqctx.Context, checks ...authz.Check) ([]Decision, error) {
	return answer(a, checks, func(d decider) []Decision {
		decisions := make([]Decision, len(checks))
		for i, c := range checks {
			decisions[i] = d.decide(c)
		}
		return decisions
	}, rc)
}

// AllowedScopes implements authz.Checker.
func (a *Access) AllowedScopes(ctx context.Context, queries []authz.ScopeQuery) ([]authz.AllowedScopes, error) {
	checks := make([]authz.Check, len(queries))
	for i, q := range queries {
		checks[i] = authz.Check{Permission: q.Permission, Visibility: q.Visibility}
	}
	return answer(a, checks, func(d decider) []authz.AllowedScopes {
		answers := make([]authz.AllowedScopes, len(queries))
		for i, q := range queries {
			answers[i] = d.allowedScopes(q)
		}
		return answers
	}, reqctx.From(ctx))
}

// answer records a call and decides it.
func answer[T any](a *Access, checks []authz.Check, decide func(decider) []T, rc reqctx.Context) ([]T, error) {
	answers, next, err := func() ([]T, func(), error) {
		a.mu.Lock()
		defer a.mu.Unlock()
		a.checks = append(a.checks, checks...)
		a.calls++
		if a.failure != nil {
			return nil, nil, a.failure
		}
		next := a.next
		a.next = nil
		return decide(a.decider(rc)), next, nil
	}()
	if next != nil {
		next()
	}
	return answers, err
}

// byService groups permissions by their service, the part before the first dot.
func byService(permissions []authz.Permission) map[string][]authz.Permission {
	groups := map[string][]authz.Permission{}
	for _, p := range permissions {
		groups[serviceOf(p)] = append(groups[serviceOf(p)], p)
	}
	return groups
}

func serviceOf(p authz.Permission) string {
	service, _, _ := strings.Cut(string(p), ".")
	return service
}
