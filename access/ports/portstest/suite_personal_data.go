package portstest

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/personaldata"
)

// PersonalDataStore is the sections of personal data with the stores that they are about.
type PersonalDataStore struct {
	AdminStore
	Sections []personaldata.Section
}

func (a PersonalDataStore) section(t testing.TB, name string) personaldata.Section {
	t.Helper()
	i := slices.IndexFunc(a.Sections, func(s personaldata.Section) bool { return s.Name == name })
	require.GreaterOrEqual(t, i, 0, name)
	return a.Sections[i]
}

// erase erases a section and returns how many objects it erased.
func (a PersonalDataStore) erase(t testing.TB, name string, user uuid.UUID) int64 {
	t.Helper()
	var erased personaldata.Erased
	require.NoError(t, a.Tx.Do(within(Tenant), func(ctx context.Context) (err error) {
		erased, err = a.section(t, name).Erase(ctx, user)
		return err
	}))
	require.False(t, erased.More)
	return erased.Count
}

// RunPersonalData tests sections of personal data.
func RunPersonalData(t *testing.T, fresh func(t testing.TB) PersonalDataStore) {
	t.Run("deleting", func(t *testing.T) { runErasure(t, fresh(t)) })
	t.Run("authorship", func(t *testing.T) { runAuthorship(t, fresh(t)) })
}

func runErasure(t *testing.T, a PersonalDataStore) {
	person, other := users[0], users[1]
	in := map[uuid.UUID]domain.Role{}
	for _, tenant := range []uuid.UUID{Tenant, Other} {
		in[tenant] = addRole(t, a.AdminStore, tenant, draft("crew"))
		for _, user := range []uuid.UUID{person, other} {
			addBinding(t, a.AdminStore, tenant, domain.Grant{User: user, Role: in[tenant].ID, Scope: domain.TenantScope(tenant), Expires: noon.Add(-time.Hour)})
			addBinding(t, a.AdminStore, tenant, domain.Grant{User: user, Role: in[tenant].ID, Scope: domain.Scope{Type: domain.Team, ID: "t"}})
			require.NoError(t, a.Overrides.Add(within(tenant), domain.OverrideRecord{
				ID: uuid.New(), Tenant: tenant, User: user, CreatedAt: noon, Override: domain.Override{Effect: domain.Deny},
			}))
			require.NoError(t, a.Admins.SetTenantMember(within(tenant), user, false, noon))
			require.NoError(t, a.Memberships.Put(within(tenant), []domain.Membership{
				{MembershipKey: domain.MembershipKey{Type: domain.Community, Scope: C1, User: user}, Community: C1, Version: 1},
				{MembershipKey: domain.MembershipKey{Type: domain.Team, Scope: T1, User: user}, Community: C1, Role: domain.MemberOwner, Version: 1},
			}, noon))
		}
	}
	known := []map[string]any{
		{"scope_type": "COMMUNITY", "scope_id": C1.String(), "role": "", "updated_at": noon},
		{"scope_type": "TEAM", "scope_id": T1.String(), "role": "owner", "updated_at": noon},
		{"scope_type": "TENANT", "scope_id": Tenant.String(), "role": "", "updated_at": noon},
	}
	read := func(section string, tenant, user uuid.UUID, limit int) (all []map[string]any) {
		after := ""
		for {
			page, err := a.section(t, section).Read(within(tenant), user, after, limit)
			require.NoError(t, err)
			for _, item := range page {
				all = append(all, item.Data)
				after = item.Key
			}
			if len(page) < limit {
				return all
			}
		}
	}
	for limit := 1; limit < 5; limit++ {
		require.Equal(t, known, read("memberships", Tenant, person, limit))
		require.Len(t, read("role_bindings", Tenant, person, limit), 2)
	}

	for _, want := range [][]int64{{2, 1, 3}, {0, 0, 0}} {
		for i, section := range []string{"role_bindings", "policy_overrides", "memberships"} {
			require.Equal(t, want[i], a.erase(t, section, person))
		}
	}
	left := func(tenant, user uuid.UUID) string {
		bindings, err := a.Bindings.Page(within(tenant), ports.BindingSearch{User: user, Limit: 10})
		require.NoError(t, err)
		overrides, err := a.Overrides.Page(within(tenant), ports.OverrideSearch{User: user, Limit: 10})
		require.NoError(t, err)
		return fmt.Sprint(len(bindings), len(overrides), len(read("memberships", tenant, user, 10)))
	}
	require.Equal(t, "0 0 0", left(Tenant, person))
	for tenant, user := range map[uuid.UUID]uuid.UUID{Tenant: other, Other: person} {
		require.Equal(t, "2 1 3", left(tenant, user), "everything else stays")
	}
}

func runAuthorship(t *testing.T, a PersonalDataStore) {
	person, other := users[0], users[1]
	for _, tenant := range []uuid.UUID{Tenant, Other} {
		role := addRole(t, a.AdminStore, tenant, draft("crew"))
		for i, by := range []uuid.UUID{person, person, other} {
			addBinding(t, a.AdminStore, tenant, domain.Grant{User: other, Role: role.ID, Scope: domain.Scope{Type: domain.Team, ID: fmt.Sprint(i)}, By: by})
			require.NoError(t, a.Overrides.Add(within(tenant), domain.OverrideRecord{
				ID: uuid.New(), Tenant: tenant, User: other, CreatedAt: noon, By: by, Override: domain.Override{Effect: domain.Deny},
			}))
		}
	}
	for _, want := range []int64{4, 0} {
		require.Equal(t, want, a.erase(t, "grants_to_others", person))
	}
	for tenant, want := range map[uuid.UUID]int{Tenant: 0, Other: 4} {
		bindings, err := a.Bindings.Page(within(tenant), ports.BindingSearch{Limit: 10})
		require.NoError(t, err)
		overrides, err := a.Overrides.Page(within(tenant), ports.OverrideSearch{Limit: 10})
		require.NoError(t, err)
		made := map[uuid.UUID]int{}
		for _, b := range bindings {
			made[b.By]++
		}
		for _, o := range overrides {
			made[o.By]++
		}
		require.Equal(t, want, made[person])
		require.Equal(t, 2, made[other])
	}
}
