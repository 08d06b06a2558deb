package portstest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

// AdminStore is a store of the rights of tenants, as administration uses it.
type AdminStore struct {
	Roles       ports.Roles
	Bindings    ports.Bindings
	Overrides   ports.Overrides
	Admins      ports.Administrators
	Memberships ports.Memberships
	Tx          ports.Tx
	// AddTemplate stores a template and returns it with its id.
	AddTemplate func(r domain.Role) domain.Role
	// AddDerived stores a binding that follows from a membership.
	AddDerived func(tenant uuid.UUID, g domain.Grant) int64
}

// MemoryAdminStore is AdminStore over a Memory.
func MemoryAdminStore() AdminStore { return memoryAdminStore(&Memory{}) }

func memoryAdminStore(m *Memory) AdminStore {
	return AdminStore{
		Roles: MemoryRoles{m}, Bindings: MemoryBindings{m}, Overrides: MemoryOverrides{m}, Admins: Administrators{m}, Tx: m, Memberships: m,
		AddTemplate: m.AddRole, AddDerived: m.AddDerived,
	}
}

// RunAdminStore holds an implementation of the ports of administration to what they
// promise. fresh returns a store without roles.
func RunAdminStore(t *testing.T, fresh func(t testing.TB) AdminStore) {
	t.Run("roles", func(t *testing.T) { runRoles(t, fresh) })
	t.Run("bindings", func(t *testing.T) { runBindings(t, fresh) })
	t.Run("overrides", func(t *testing.T) { runOverrides(t, fresh) })
	t.Run("losses", func(t *testing.T) { runLoss(t, fresh) })
	t.Run("administrators", func(t *testing.T) { runAdministrators(t, fresh) })
	t.Run("references", func(t *testing.T) { runReferences(t, fresh(t)) })
	t.Run("a failure undoes everything", func(t *testing.T) {
		r := fresh(t)
		broken := errors.New("broken")
		var id int64
		err := r.Tx.Do(within(Tenant), func(ctx context.Context) (err error) {
			id, err = r.Roles.Add(ctx, draft("gone"), noon)
			require.NoError(t, err)
			return broken
		})
		require.ErrorIs(t, err, broken)
		_, err = r.Roles.Find(within(Tenant), id)
		require.ErrorIs(t, err, domain.ErrRoleNotFound)
	})
}

func runReferences(t *testing.T, r AdminStore) {
	user, owner := users[0], users[1]
	find := func(tenant, user uuid.UUID, scope domain.Scope) domain.References {
		t.Helper()
		refs, err := r.Memberships.References(within(tenant), user, scope)
		require.NoError(t, err)
		return refs
	}
	require.Equal(t, domain.References{}, find(Tenant, user, scopeIn(C1)))
	require.NoError(t, r.Memberships.Put(within(Tenant), []domain.Membership{
		MembershipOf(C1, owner, domain.MemberOwner, 1), MembershipOf(T1, owner, domain.PlainMember, 1),
	}, noon))

	set := func(active bool, at time.Time) {
		require.NoError(t, r.Admins.SetTenantMember(within(Tenant), user, active, at))
	}
	set(true, noon)
	require.Equal(t, domain.References{Member: true}, find(Tenant, user, domain.TenantScope(Tenant)))
	require.Equal(t, domain.References{}, find(Other, user, domain.TenantScope(Other)))
	set(false, noon.Add(time.Second))
	set(true, noon) // a late event
	require.False(t, find(Tenant, user, domain.TenantScope(Tenant)).Member)

	require.True(t, find(Tenant, owner, scopeIn(C1)).Member, "Portal admits members only")
	require.NoError(t, r.Memberships.Put(within(Tenant), []domain.Membership{
		MembershipOf(C1, owner, domain.NotMember, 2), MembershipOf(T1, owner, domain.NotMember, 2),
	}, noon))
	require.False(t, find(Tenant, owner, scopeIn(C1)).Member)

	status := func(scope domain.Scope) domain.ScopeStatus { return find(Tenant, owner, scope).Scope }
	put := func(s domain.MemberScope, status domain.ScopeStatus) {
		require.NoError(t, r.Memberships.PutScope(within(Tenant), s, status, noon))
	}
	c1 := domain.MemberScope{Type: domain.Community, ID: C1, Community: C1}
	t1 := domain.MemberScope{Type: domain.Team, ID: T1, Community: C1}
	require.Equal(t, domain.ScopeOpen, status(c1.Scope()))
	require.Equal(t, domain.ScopeOpen, status(t1.Scope()))
	require.Equal(t, domain.ScopeUnknown, status(scopeIn(C2)))
	require.Equal(t, domain.ScopeUnknown, status(domain.Scope{Type: domain.Team, ID: C1.String()}))
	require.Equal(t, domain.ScopeUnknown, status(domain.Scope{Type: domain.Community, ID: "c1"}))
	require.Equal(t, domain.ScopeUnknown, find(Other, owner, c1.Scope()).Scope)
	put(t1, domain.ScopeArchived)
	put(t1, domain.ScopeUnknown)
	require.Equal(t, domain.ScopeArchived, status(t1.Scope()))
	require.Equal(t, domain.ScopeOpen, status(c1.Scope()))
	put(t1, domain.ScopeOpen)
	put(c1, domain.ScopeArchived)
	require.Equal(t, domain.ScopeArchived, status(c1.Scope()))
	require.Equal(t, domain.ScopeArchived, status(t1.Scope()), "as its community")
	put(c1, domain.ScopeOpen)
	require.Equal(t, domain.ScopeOpen, status(t1.Scope()))
	_, err := r.Memberships.DeleteScope(within(Tenant), c1.Scope(), noon)
	require.NoError(t, err)
	put(t1, domain.ScopeOpen)
	put(c1, domain.ScopeOpen)
	require.Equal(t, domain.ScopeDeleted, status(c1.Scope()))
	require.Equal(t, domain.ScopeDeleted, status(t1.Scope()))
}

func draft(name string, keys ...string) domain.RoleDraft {
	return domain.RoleDraft{Service: domain.Voting, Name: name, Keys: keys}
}

func addRole(t require.TestingT, r AdminStore, tenant uuid.UUID, d domain.RoleDraft) domain.Role {
	id, err := r.Roles.Add(within(tenant), d, noon)
	require.NoError(t, err)
	return domain.Role{ID: id, Tenant: tenant, Service: d.Service, Name: d.Name, Keys: d.Keys}
}

func addBinding(t require.TestingT, r AdminStore, tenant uuid.UUID, g domain.Grant) int64 {
	id, err := r.Bindings.Add(within(tenant), g, noon)
	require.NoError(t, err)
	return id
}

// runAdministrators compares Any with the definition, over random rights.
func runAdministrators(t *testing.T, fresh func(t testing.TB) AdminStore) {
	r := fresh(t)
	ctx := within(Tenant)
	var roles []domain.Role
	for name, keys := range map[string][]string{
		"both": domain.AdministratorKeys(), "one": domain.AdministratorKeys()[:1], "other": domain.AdministratorKeys()[1:], "none": nil,
	} {
		roles = append(roles, addRole(t, r, Tenant, domain.RoleDraft{Service: domain.Portal, Name: name, Keys: keys}))
	}
	slices.SortFunc(roles, func(a, b domain.Role) int { return int(a.ID - b.ID) })
	scopes := []domain.Scope{domain.TenantScope(Tenant), {Type: domain.Global}, {Type: domain.Community, ID: "c1"}}
	keys := append(domain.AdministratorKeys(), "", "voting.vote.cast")
	expiries := []time.Time{{}, {}, noon.Add(-time.Hour), noon.Add(time.Hour)}
	rapid.Check(t, func(t *rapid.T) {
		held, denied := map[uuid.UUID][]domain.BindingRecord{}, map[uuid.UUID][]domain.OverrideRecord{}
		for range rapid.IntRange(0, 4).Draw(t, "bindings") {
			g := domain.Grant{
				User: User().Draw(t, "user"), Role: rapid.SampledFrom(roles).Draw(t, "role").ID,
				Scope: rapid.SampledFrom(scopes).Draw(t, "scope"), Expires: rapid.SampledFrom(expiries).Draw(t, "expires"),
			}
			if rapid.IntRange(0, 4).Draw(t, "derived") == 0 {
				g.Expires = time.Time{}
				if !slices.ContainsFunc(held[g.User], func(b domain.BindingRecord) bool {
					return b.Source == domain.FromMembership && b.Role.ID == g.Role && b.Scope == g.Scope
				}) {
					r.AddDerived(Tenant, g)
				}
			} else if _, err := r.Bindings.Same(ctx, g.User, g.Role, g.Scope); err != nil {
				addBinding(t, r, Tenant, g)
			}
			held[g.User] = bindingsOf(t, r, g.User)
		}
		for range rapid.IntRange(0, 2).Draw(t, "overrides") {
			o := domain.OverrideRecord{ID: uuid.Must(uuid.NewV7()), Tenant: Tenant, User: User().Draw(t, "whom"), CreatedAt: noon, Override: domain.Override{
				Effect:     rapid.SampledFrom([]domain.Effect{domain.Deny, domain.Deny, domain.Allow}).Draw(t, "effect"),
				Permission: rapid.SampledFrom(keys).Draw(t, "key"), Expires: rapid.SampledFrom(expiries).Draw(t, "until"),
			}}
			require.NoError(t, r.Overrides.Add(ctx, o))
			denied[o.User] = append(denied[o.User], o)
		}
		left := map[uuid.UUID]bool{}
		for range rapid.IntRange(0, 2).Draw(t, "departures") {
			user, gone := User().Draw(t, "who"), rapid.Bool().Draw(t, "left")
			require.NoError(t, r.Admins.SetTenantMember(ctx, user, !gone, noon))
			require.NoError(t, r.Admins.SetTenantMember(ctx, user, gone, noon.Add(-time.Minute)), "what is told late changes nothing")
			left[user] = gone
		}
		want := false
		for user, bindings := range held {
			want = want || domain.IsAdministrator(bindings, denied[user], left[user], noon)
		}
		got, err := r.Admins.Any(ctx, noon)
		require.NoError(t, err)
		require.Equal(t, want, got)
		holders, err := r.Admins.Holders(ctx, domain.WriteRoles, noon, 100)
		require.NoError(t, err)
		require.ElementsMatch(t, holdersOf(domain.WriteRoles, held, denied, left), holders)
		few, err := r.Admins.Holders(ctx, domain.WriteRoles, noon, 1)
		require.NoError(t, err)
		require.Equal(t, holders[:min(1, len(holders))], few)
		elsewhere, err := r.Admins.Any(within(Other), noon)
		require.NoError(t, err)
		require.False(t, elsewhere)

		// the next draw begins with nothing
		for user := range left {
			require.NoError(t, r.Admins.SetTenantMember(ctx, user, true, noon))
		}
		for user, bindings := range held {
			for _, b := range bindings {
				require.NoError(t, r.Bindings.Delete(ctx, b.ID))
			}
			delete(held, user)
		}
		for _, overrides := range denied {
			for _, o := range overrides {
				require.NoError(t, r.Overrides.Delete(ctx, o.ID))
			}
		}
	})
}

// holdersOf is what Holders promises.
func holdersOf(key string, held map[uuid.UUID][]domain.BindingRecord, denied map[uuid.UUID][]domain.OverrideRecord, left map[uuid.UUID]bool) []uuid.UUID {
	users := []uuid.UUID{}
	for user, bindings := range held {
		bound := slices.ContainsFunc(bindings, func(b domain.BindingRecord) bool {
			return b.Source == domain.Manual && b.InForce(noon) && b.Scope.Type != domain.Community && slices.Contains(b.Role.Keys, key)
		})
		refused := slices.ContainsFunc(denied[user], func(o domain.OverrideRecord) bool {
			return o.Effect == domain.Deny && (o.Permission == "" || o.Permission == key) && o.InForce(noon)
		})
		if bound && !refused && !left[user] {
			users = append(users, user)
		}
	}
	return users
}

func bindingsOf(t require.TestingT, r AdminStore, user uuid.UUID) []domain.BindingRecord {
	all, err := r.Bindings.Page(within(Tenant), ports.BindingSearch{User: user, Limit: 100})
	require.NoError(t, err)
	return all
}
