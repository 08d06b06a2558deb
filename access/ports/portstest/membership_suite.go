package portstest

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
)

// Communities and teams of the tests.
var (
	C1 = uuid.MustParse("00000000-0000-4000-8000-0000000000c1")
	C2 = uuid.MustParse("00000000-0000-4000-8000-0000000000c2")
	T1 = uuid.MustParse("00000000-0000-4000-8000-0000000000a1") // of C1
	T2 = uuid.MustParse("00000000-0000-4000-8000-0000000000a2") // of C2
)

// MembershipOf is a membership of one of them.
func MembershipOf(scope, user uuid.UUID, role domain.MemberRole, version int64) domain.Membership {
	m := domain.Membership{MembershipKey: domain.MembershipKey{Type: domain.Community, Scope: scope, User: user}, Community: scope, Role: role, Version: version}
	switch scope {
	case T1:
		m.Type, m.Community = domain.Team, C1
	case T2:
		m.Type, m.Community = domain.Team, C2
	}
	return m
}

func scopeIn(scope uuid.UUID) domain.Scope {
	return domain.Scope{Type: MembershipOf(scope, uuid.Nil, domain.NotMember, 0).Type, ID: scope.String()}
}

// RunMemberships holds an implementation of ports.Memberships to what it
// promises. fresh returns an empty world: no roles, no templates.
func RunMemberships(t *testing.T, fresh func(t testing.TB) FactStore) {
	alice, bob := users[0], users[1]
	templated := func(t testing.TB) FactStore {
		w := fresh(t)
		for _, tpl := range domain.Templates(domain.Platform) {
			w.AddRole(domain.Role{Service: tpl.Service, Name: tpl.Name, Keys: tpl.Keys})
		}
		return w
	}
	put := func(t testing.TB, w FactStore, ms ...domain.Membership) {
		t.Helper()
		require.NoError(t, w.Put(within(Tenant), ms, noon))
	}

	t.Run("a role follows from what one is", func(t *testing.T) {
		w := templated(t)
		for i, role := range []domain.MemberRole{domain.PlainMember, domain.MemberModerator, domain.MemberOwner, domain.PlainMember, domain.NotMember, domain.MemberOwner} {
			put(t, w, MembershipOf(C1, alice, role, int64(i+1)))
			require.Equal(t, grantsOf(role, scopeIn(C1)), grants(t, w, Tenant, alice), role)
			require.Empty(t, grants(t, w, Tenant, bob))
			require.Empty(t, grants(t, w, Other, alice))
		}
	})

	t.Run("only what is newer counts, and once", func(t *testing.T) {
		w := templated(t)
		put(t, w, MembershipOf(C1, alice, domain.MemberModerator, 5))
		put(t, w, MembershipOf(C1, alice, domain.PlainMember, 4), MembershipOf(C1, alice, domain.NotMember, 5))
		require.Equal(t, grantsOf(domain.MemberModerator, scopeIn(C1)), grants(t, w, Tenant, alice))
		// of several in one call the highest, whatever their order
		put(t, w, MembershipOf(C1, alice, domain.PlainMember, 7), MembershipOf(C1, alice, domain.MemberOwner, 9), MembershipOf(C1, alice, domain.NotMember, 8))
		require.Equal(t, grantsOf(domain.MemberOwner, scopeIn(C1)), grants(t, w, Tenant, alice))
		put(t, w, MembershipOf(C1, alice, domain.NotMember, 10))
		put(t, w, MembershipOf(C1, alice, domain.MemberOwner, 9))
		require.Empty(t, grants(t, w, Tenant, alice), "who left does not come back by an old message")
	})

	t.Run("what was bound by hand stays", func(t *testing.T) {
		w := templated(t)
		put(t, w, MembershipOf(C1, alice, domain.PlainMember, 1))
		f, err := w.Load(within(Tenant), domain.Subject{Tenant: Tenant, User: alice}, noon)
		require.NoError(t, err)
		g := domain.Grant{User: alice, Role: f.Bindings[0].Role.ID, Scope: scopeIn(C1)}
		first, created := bind(t, w, Tenant, g)
		require.True(t, created, "beside the one that follows from the membership")
		put(t, w, MembershipOf(C1, alice, domain.NotMember, 2))
		require.Len(t, grants(t, w, Tenant, alice), 1)
		again, created := bind(t, w, Tenant, g)
		require.False(t, created)
		require.Equal(t, first, again)
	})

	t.Run("a team is learnt with its members", func(t *testing.T) {
		w := templated(t)
		put(t, w, MembershipOf(T1, alice, domain.PlainMember, 1), MembershipOf(C1, bob, domain.MemberOwner, 1))
		f, err := w.Load(within(Tenant), domain.Subject{Tenant: Tenant, User: bob}, noon)
		require.NoError(t, err)
		require.Equal(t, domain.Teams{T1.String(): C1.String()}, f.Teams)
		another := uuid.New()
		require.NoError(t, w.PutScope(within(Tenant), domain.MemberScope{Type: domain.Team, ID: another, Community: C1}, domain.ScopeUnknown, noon))
		f, err = w.Load(within(Tenant), domain.Subject{Tenant: Tenant, User: bob}, noon)
		require.NoError(t, err)
		require.Equal(t, domain.Teams{T1.String(): C1.String(), another.String(): C1.String()}, f.Teams)
	})

	t.Run("a range is what lies in it", func(t *testing.T) {
		w := templated(t)
		all := []domain.Membership{
			MembershipOf(C1, alice, domain.PlainMember, 1), MembershipOf(C1, bob, domain.NotMember, 2),
			MembershipOf(C2, alice, domain.MemberOwner, 3), MembershipOf(T1, alice, domain.MemberModerator, 4), MembershipOf(T2, bob, domain.PlainMember, 5),
		}
		put(t, w, all...)
		ends := []*domain.MembershipKey{nil}
		for _, m := range all {
			ends = append(ends, &m.MembershipKey)
		}
		for _, after := range ends {
			for _, until := range ends {
				r := domain.MembershipRange{After: after, Until: until}
				want := []domain.KnownMembership{}
				for _, m := range all {
					if r.Contains(m.MembershipKey) {
						want = append(want, domain.KnownMembership{Membership: m, Applied: noon})
					}
				}
				got, err := w.Between(within(Tenant), r)
				require.NoError(t, err)
				require.Equal(t, want, got)
			}
		}
		got, err := w.Between(within(Other), domain.MembershipRange{})
		require.NoError(t, err)
		require.Empty(t, got)
	})

	t.Run("a repair overrules the same version, not a newer one", func(t *testing.T) {
		w := templated(t)
		put(t, w, MembershipOf(C1, alice, domain.PlainMember, 5))
		require.NoError(t, w.Repair(within(Tenant), []domain.Membership{MembershipOf(C1, alice, domain.MemberOwner, 5)}, noon))
		require.Equal(t, grantsOf(domain.MemberOwner, scopeIn(C1)), grants(t, w, Tenant, alice))
		require.NoError(t, w.Repair(within(Tenant), []domain.Membership{MembershipOf(C1, alice, domain.NotMember, 4)}, noon))
		require.Equal(t, grantsOf(domain.MemberOwner, scopeIn(C1)), grants(t, w, Tenant, alice))
		require.NoError(t, w.Repair(within(Tenant), nil, noon))
	})

	t.Run("templates that came later are derived", func(t *testing.T) {
		w := fresh(t)
		put(t, w, MembershipOf(C1, alice, domain.MemberOwner, 1), MembershipOf(C2, alice, domain.MemberOwner, 1))
		require.Empty(t, grants(t, w, Tenant, alice))
		w.AddRole(domain.Role{Service: domain.Voting, Name: domain.RoleAdmin})
		first := MembershipOf(C1, alice, domain.MemberOwner, 1).MembershipKey
		for range 2 {
			require.NoError(t, w.Derive(within(Tenant), domain.MembershipRange{Until: &first}))
			require.Equal(t, map[string]int{"voting:admin in " + scopeIn(C1).String(): 1}, grants(t, w, Tenant, alice), "in the range")
		}
	})

	t.Run("a community is forgotten with its teams", func(t *testing.T) {
		w := templated(t)
		put(t, w, MembershipOf(C1, alice, domain.MemberOwner, 1), MembershipOf(T1, alice, domain.PlainMember, 1),
			MembershipOf(C2, alice, domain.PlainMember, 1), MembershipOf(T2, alice, domain.PlainMember, 1))
		crew := w.AddRole(domain.Role{Tenant: Tenant, Service: domain.Voting, Name: "crew"})
		var manual []int64
		for _, scope := range []uuid.UUID{C1, T1, C2} {
			id, _ := bind(t, w, Tenant, domain.Grant{User: bob, Role: crew.ID, Scope: scopeIn(scope), By: alice})
			manual = append(manual, id)
		}
		gone, err := w.DeleteScope(within(Tenant), scopeIn(C1), noon)
		require.NoError(t, err)
		for i := range gone {
			gone[i].CreatedAt = time.Time{}
		}
		record := func(id int64, scope domain.Scope) domain.BindingRecord {
			return domain.BindingRecord{ID: id, Tenant: Tenant, User: bob, Role: domain.Role{ID: crew.ID}, Scope: scope, By: alice, Source: domain.Manual}
		}
		require.ElementsMatch(t, []domain.BindingRecord{record(manual[0], scopeIn(C1)), record(manual[1], scopeIn(T1))}, gone)
		left := grantsOf(domain.PlainMember, scopeIn(C2))
		left["portal:member in "+scopeIn(T2).String()] = 1
		require.Equal(t, left, grants(t, w, Tenant, alice))
		require.Equal(t, map[string]int{"voting:crew in " + scopeIn(C2).String(): 1}, grants(t, w, Tenant, bob))

		// nothing that was on its way brings it back
		put(t, w, MembershipOf(C1, alice, domain.MemberOwner, 9), MembershipOf(T1, bob, domain.PlainMember, 9))
		require.NoError(t, w.PutScope(within(Tenant), domain.MemberScope{Type: domain.Team, ID: T1, Community: C1}, domain.ScopeOpen, noon))
		require.NoError(t, w.Repair(within(Tenant), []domain.Membership{MembershipOf(C1, bob, domain.MemberOwner, 9)}, noon))
		require.Equal(t, left, grants(t, w, Tenant, alice))
		known, err := w.Between(within(Tenant), domain.MembershipRange{})
		require.NoError(t, err)
		require.Len(t, known, 2)
		gone, err = w.DeleteScope(within(Tenant), scopeIn(C1), noon)
		require.NoError(t, err, "again")
		require.Empty(t, gone)

		_, err = w.DeleteScope(within(Tenant), scopeIn(T2), noon)
		require.NoError(t, err)
		require.Equal(t, grantsOf(domain.PlainMember, scopeIn(C2)), grants(t, w, Tenant, alice), "a team alone leaves its community")
	})

	t.Run("whatever the order, the newest holds", func(t *testing.T) {
		w := templated(t)
		rapid.Check(t, func(t *rapid.T) {
			user, scope := uuid.New(), rapid.SampledFrom([]uuid.UUID{C1, C2, T1, T2}).Draw(t, "scope")
			history := rapid.SliceOfN(rapid.SampledFrom([]domain.MemberRole{domain.NotMember, domain.PlainMember, domain.MemberModerator, domain.MemberOwner}), 1, 6).Draw(t, "history")
			var told []domain.Membership
			for i, role := range history {
				told = append(told, MembershipOf(scope, user, role, int64(i+1)))
			}
			told = append(rapid.Permutation(told).Draw(t, "order"), rapid.SampledFrom(told).Draw(t, "again"))
			for len(told) > 0 {
				n := rapid.IntRange(1, len(told)).Draw(t, "at once")
				require.NoError(t, w.Put(within(Tenant), told[:n], noon))
				told = told[n:]
			}
			require.Equal(t, grantsOf(history[len(history)-1], scopeIn(scope)), grants(t, w, Tenant, user))
		})
	})
}

// grants are the bindings of a user, by name, counted.
func grants(t require.TestingT, w FactStore, tenant, user uuid.UUID) map[string]int {
	f, err := w.Load(within(tenant), domain.Subject{Tenant: tenant, User: user}, noon.Add(time.Second))
	require.NoError(t, err)
	found := map[string]int{}
	for _, b := range f.Bindings {
		found[string(b.Role.Service)+":"+b.Role.Name+" in "+b.Scope.String()]++
	}
	return found
}

func grantsOf(role domain.MemberRole, scope domain.Scope) map[string]int {
	want := map[string]int{}
	for _, ref := range role.Grants() {
		want[string(ref.Service)+":"+ref.Name+" in "+scope.String()]++
	}
	return want
}
