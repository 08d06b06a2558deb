package authztest

import (
	"bytes"
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/google/uuid"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

// memberships is what portal says about members of communities and teams. A member holds roles in the scope of the
// membership: an owner is administrator of every service, a moderator moderator of every service, and a member has the
// member role of portal.
type memberships struct {
	known     map[tenantKey]accessclient.Membership
	moderator []authz.Permission
	plain     []authz.Permission
	ignoring  bool
}

type tenantKey struct {
	tenant uuid.UUID
	accessclient.MembershipKey
}

// MembershipRoles sets the permissions that moderators and plain members of a community or team hold there.
func (a *Access) MembershipRoles(moderator, member []authz.Permission) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.moderator, a.plain = moderator, member
}

// IgnoreMemberships makes SyncMemberships succeed without any effect while it is on.
func (a *Access) IgnoreMemberships(on bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.ignoring = on
}

// SyncMemberships is accessclient.Client.SyncMemberships.
func (a *Access) SyncMemberships(ctx context.Context, changes []accessclient.Membership) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failure != nil {
		return a.failure
	}
	for _, m := range changes {
		if !a.ignoring {
			a.apply(reqctx.From(ctx).TenantID, m)
		}
	}
	return nil
}

// apply stores a membership unless it is older than the stored one.
func (a *Access) apply(tenant uuid.UUID, m accessclient.Membership) bool {
	key := tenantKey{tenant, m.MembershipKey}
	if a.known[key].Version >= m.Version {
		return false
	}
	a.store(key, m)
	return true
}

func (a *Access) store(key tenantKey, m accessclient.Membership) {
	if a.known == nil {
		a.known = map[tenantKey]accessclient.Membership{}
	}
	a.known[key] = m
	if m.Scope.Type == authz.ScopeTeam {
		a.learnTeam(m.Scope.ID, m.CommunityID)
	}
}

// ReconcileMemberships is accessclient.Client.ReconcileMemberships, without the minute for which a membership that
// portal does not list is kept.
func (a *Access) ReconcileMemberships(ctx context.Context, page accessclient.MembershipPage) (drift accessclient.Drift, err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.failure != nil {
		return accessclient.Drift{}, a.failure
	}
	tenant := reqctx.From(ctx).TenantID
	listed := map[accessclient.MembershipKey]bool{}
	for _, m := range page.Memberships {
		listed[m.MembershipKey] = true
		was := a.known[tenantKey{tenant, m.MembershipKey}].Role
		if a.apply(tenant, m) {
			if was == "" {
				drift.Added++
			} else {
				drift.Changed++
			}
		}
	}
	for key, m := range a.known {
		within := (page.After == nil || compareKeys(key.MembershipKey, *page.After) > 0) &&
			(page.Until == nil || compareKeys(key.MembershipKey, *page.Until) <= 0)
		if key.tenant == tenant && within && m.Role != "" && !listed[key.MembershipKey] {
			delete(a.known, key)
			drift.Removed++
		}
	}
	return drift, nil
}

// Memberships returns the roles of all members of a tenant's communities and teams.
func (a *Access) Memberships(tenant uuid.UUID) map[accessclient.MembershipKey]string {
	a.mu.Lock()
	defer a.mu.Unlock()
	roles := map[accessclient.MembershipKey]string{}
	for key, m := range a.known {
		if key.tenant == tenant && m.Role != "" {
			roles[key.MembershipKey] = m.Role
		}
	}
	return roles
}

// SetMembership stores a membership whatever its version is.
func (a *Access) SetMembership(tenant uuid.UUID, m accessclient.Membership) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.store(tenantKey{tenant, m.MembershipKey}, m)
}

// RemoveMembership loses a membership, its version included.
func (a *Access) RemoveMembership(tenant uuid.UUID, key accessclient.MembershipKey) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.known, tenantKey{tenant, key})
}

// derived returns the bindings that follow from an actor's memberships. It is called with the lock held.
func (a *Access) derived(actor authz.Actor) []Binding {
	var bindings []Binding
	for _, key := range slices.SortedFunc(maps.Keys(a.known), func(x, y tenantKey) int { return compareKeys(x.MembershipKey, y.MembershipKey) }) {
		if key.tenant != actor.Tenant || key.UserID != actor.User {
			continue
		}
		switch a.known[key].Role {
		case accessclient.Owner:
			bindings = append(bindings, Binding{key.Scope, Role{Service: EveryService, Name: RoleAdmin, All: true}})
		case accessclient.Moderator:
			bindings = append(bindings, Binding{key.Scope, Role{Service: EveryService, Name: RoleModerator, Permissions: a.moderator}})
		case accessclient.Member:
			bindings = append(bindings, Binding{key.Scope, Role{Service: "portal", Name: RoleMember, Permissions: a.plain}})
		}
	}
	return bindings
}

func compareKeys(a, b accessclient.MembershipKey) int {
	return cmp.Or(cmp.Compare(a.Scope.Type, b.Scope.Type), bytes.Compare(a.Scope.ID[:], b.Scope.ID[:]), bytes.Compare(a.UserID[:], b.UserID[:]))
}
