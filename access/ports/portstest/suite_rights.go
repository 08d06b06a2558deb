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

// Rights is a store of the rights of tenants, as administration uses it.
type Rights struct {
	Roles     ports.TenantRoles
	Bindings  ports.TenantBindings
	Overrides ports.TenantOverrides
	Admins    ports.Administrators
	Tx        ports.Tx
	// AddTemplate stores a template and returns it with its id.
	AddTemplate func(r domain.Role) domain.Role
	// AddDerived stores a binding that follows from a membership.
	AddDerived func(tenant uuid.UUID, g domain.Grant) int64
}

// MemoryRights is Rights over a Memory.
func MemoryRights() Rights { return memoryRights(&Memory{}) }

func memoryRights(m *Memory) Rights {
	return Rights{
		Roles: MemoryRoles{m}, Bindings: MemoryBindings{m}, Overrides: MemoryOverrides{m}, Admins: Administrators{m}, Tx: m,
		AddTemplate: m.AddRole, AddDerived: m.AddDerived,
	}
}

// RunRights holds an implementation of the ports of administration to what they
// promise. fresh returns a store without roles.
func RunRights(t *testing.T, fresh func(t testing.TB) Rights) {
	t.Run("roles", func(t *testing.T) { runRoles(t, fresh) })
	t.Run("bindings", func(t *testing.T) { runBindings(t, fresh) })
	t.Run("overrides", func(t *testing.T) { runOverrides(t, fresh) })
	t.Run("administrators", func(t *testing.T) { runAdministrators(t, fresh) })
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

func draft(name string, keys ...string) domain.RoleDraft {
	return domain.RoleDraft{Service: domain.Voting, Name: name, Keys: keys}
}

func addRole(t require.TestingT, r Rights, tenant uuid.UUID, d domain.RoleDraft) domain.Role {
	id, err := r.Roles.Add(within(tenant), d, noon)
	require.NoError(t, err)
	return domain.Role{ID: id, Tenant: tenant, Service: d.Service, Name: d.Name, Keys: d.Keys}
}

func addBinding(t require.TestingT, r Rights, tenant uuid.UUID, g domain.Grant) int64 {
	id, err := r.Bindings.Add(within(tenant), g, noon)
	require.NoError(t, err)
	return id
}

// runAdministrators compares Any with the definition, over random rights.
func runAdministrators(t *testing.T, fresh func(t testing.TB) Rights) {
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
			require.NoError(t, r.Admins.Belongs(ctx, user, !gone, noon))
			require.NoError(t, r.Admins.Belongs(ctx, user, gone, noon.Add(-time.Minute)), "what is told late changes nothing")
			left[user] = gone
		}
		want := false
		for user, bindings := range held {
			want = want || domain.IsAdministrator(bindings, denied[user], left[user], noon)
		}
		got, err := r.Admins.Any(ctx, noon)
		require.NoError(t, err)
		require.Equal(t, want, got)
		elsewhere, err := r.Admins.Any(within(Other), noon)
		require.NoError(t, err)
		require.False(t, elsewhere)

		// the next draw begins with nothing
		for user := range left {
			require.NoError(t, r.Admins.Belongs(ctx, user, true, noon))
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

func bindingsOf(t require.TestingT, r Rights, user uuid.UUID) []domain.BindingRecord {
	all, err := r.Bindings.Page(within(Tenant), ports.BindingSearch{User: user, Limit: 100})
	require.NoError(t, err)
	return all
}
