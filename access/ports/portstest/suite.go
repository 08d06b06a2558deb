package portstest

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
)

// FactStore is a store of facts that can be filled.
type FactStore interface {
	ports.Facts
	ports.FactsOfUsers
	ports.Memberships
	// Rewards are stored beside the memberships.
	Rewarded() ports.Rewards
	Grant(ctx context.Context, g domain.Grant) (id int64, created bool, err error)
	// AddRole stores a role and returns it with its id. A nil tenant makes a template.
	AddRole(r domain.Role) domain.Role
	AddOverride(tenant, user uuid.UUID, o domain.Override, expires time.Time)
	AddTeam(tenant uuid.UUID, team, community string)
}

// noon is when the suite's questions are asked.
var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func within(tenant uuid.UUID) context.Context {
	return reqctx.With(context.Background(), reqctx.Context{TenantID: tenant})
}

// RunFacts holds an implementation of ports.Facts and ports.Bindings to what
// they promise. fresh returns an empty world: no roles, no templates.
func RunFacts(t *testing.T, fresh func(t testing.TB) FactStore) {
	alice := users[0]
	crew := domain.Role{Tenant: Tenant, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read", "voting.vote.cast"}}
	load := func(t testing.TB, w FactStore, tenant, user uuid.UUID) domain.Facts {
		t.Helper()
		f, err := w.Load(within(tenant), domain.Subject{Tenant: tenant, User: user}, noon)
		require.NoError(t, err)
		of, err := w.LoadUsers(within(tenant), tenant, users, noon)
		require.NoError(t, err)
		require.Len(t, of, len(users))
		require.Equal(t, sorted(Relevant(*f)), sorted(Relevant(*of[user].Facts)), "the facts of a user among others")
		return sorted(*f)
	}

	t.Run("nothing is stored", func(t *testing.T) {
		require.Equal(t, domain.Facts{}, load(t, fresh(t), Tenant, alice))
	})

	t.Run("a binding comes with its role", func(t *testing.T) {
		w := fresh(t)
		role := w.AddRole(crew)
		bind(t, w, Tenant, domain.Grant{User: alice, Role: role.ID, Scope: domain.TenantScope(Tenant)})
		require.Equal(t, domain.Facts{Bindings: []domain.Binding{{Scope: domain.TenantScope(Tenant), Role: role}}}, load(t, w, Tenant, alice))
		require.Equal(t, domain.Facts{}, load(t, w, Tenant, users[1]), "and to no other user")
	})

	t.Run("what has expired is not in force", func(t *testing.T) {
		w := fresh(t)
		role := w.AddRole(crew)
		g := domain.Grant{User: alice, Role: role.ID, Scope: domain.TenantScope(Tenant), Expires: noon}
		bind(t, w, Tenant, g)
		w.AddOverride(Tenant, alice, domain.Override{Effect: domain.Deny}, noon)
		require.Equal(t, domain.Facts{}, load(t, w, Tenant, alice), "at the very moment")
		g.Expires = noon.Add(time.Microsecond)
		_, created := bind(t, w, Tenant, g)
		require.False(t, created, "the same grant is prolonged")
		w.AddOverride(Tenant, alice, domain.Override{Effect: domain.Deny}, noon.Add(time.Microsecond))
		f := load(t, w, Tenant, alice)
		require.Len(t, f.Bindings, 1)
		require.Len(t, f.Overrides, 1)
	})

	t.Run("a grant is stored once", func(t *testing.T) {
		w := fresh(t)
		role := w.AddRole(crew)
		g := domain.Grant{User: alice, Role: role.ID, Scope: domain.Scope{Type: domain.Global}}
		first, created := bind(t, w, Tenant, g)
		require.True(t, created)
		again, created := bind(t, w, Tenant, g)
		require.False(t, created)
		require.Equal(t, first, again)
		require.Len(t, load(t, w, Tenant, alice).Bindings, 1)
	})

	t.Run("a role of another tenant cannot be granted", func(t *testing.T) {
		w := fresh(t)
		foreign := crew
		foreign.Tenant = Other
		role := w.AddRole(foreign)
		_, _, err := w.Grant(within(Tenant), domain.Grant{User: alice, Role: role.ID, Scope: domain.TenantScope(Tenant)})
		require.Equal(t, errs.Invalid, errs.KindOf(err), "%v", err)
		_, _, err = w.Grant(within(Tenant), domain.Grant{User: alice, Role: role.ID + 1000, Scope: domain.TenantScope(Tenant)})
		require.Equal(t, errs.Invalid, errs.KindOf(err), "nor one that does not exist: %v", err)
	})

	t.Run("a grant in a community brings its teams", func(t *testing.T) {
		w := fresh(t)
		role := w.AddRole(crew)
		w.AddTeam(Tenant, "t1", "c1")
		w.AddTeam(Tenant, "t2", "c1")
		w.AddTeam(Tenant, "t3", "c2")
		w.AddTeam(Other, "t1", "c2")
		w.AddTeam(Other, "t4", "c1")
		c1 := domain.Scope{Type: domain.Community, ID: "c1"}
		bind(t, w, Tenant, domain.Grant{User: alice, Role: role.ID, Scope: c1})
		require.Equal(t, domain.Facts{
			Teams:    domain.Teams{"t1": "c1", "t2": "c1"},
			Bindings: []domain.Binding{{Scope: c1, Role: role}},
		}, load(t, w, Tenant, alice))
	})

	t.Run("ids of every kind of text", func(t *testing.T) {
		w := fresh(t)
		role := w.AddRole(crew)
		for _, id := range []string{`a b`, `{"a","b"}`, `\`, `'; --`, `NULL`, `?`, `$1`, "ü\u2028", `,`, `%s`} {
			scope := domain.Scope{Type: domain.Team, ID: id}
			w.AddTeam(Tenant, id, "of "+id)
			bind(t, w, Tenant, domain.Grant{User: alice, Role: role.ID, Scope: scope})
			community := domain.Scope{Type: domain.Community, ID: "of " + id}
			bind(t, w, Tenant, domain.Grant{User: alice, Role: role.ID, Scope: community})
			f := load(t, w, Tenant, alice)
			require.Equal(t, "of "+id, f.Teams[id], "%q", id)
			require.Contains(t, f.Bindings, domain.Binding{Scope: scope, Role: role}, "%q", id)
			require.Contains(t, f.Bindings, domain.Binding{Scope: community, Role: role}, "%q", id)
		}
	})

	t.Run("the facts of one tenant are nothing to another", func(t *testing.T) {
		w := fresh(t)
		for _, tenant := range []uuid.UUID{Tenant, Other} {
			own := domain.Role{Tenant: tenant, Service: domain.Voting, Name: domain.RoleMember, Keys: []string{"voting.vote.cast"}}
			role := w.AddRole(own)
			if tenant == Other { // everything is in the other tenant
				bind(t, w, tenant, domain.Grant{User: alice, Role: role.ID, Scope: domain.Scope{Type: domain.Global}})
				w.AddOverride(tenant, alice, domain.Override{Effect: domain.Allow}, time.Time{})
				w.AddTeam(tenant, "t1", "c1")
			}
		}
		f := load(t, w, Tenant, alice)
		require.Len(t, f.MemberRoles, 1)
		require.Equal(t, Tenant, f.MemberRoles[0].Tenant)
		f.MemberRoles = nil
		require.Equal(t, domain.Facts{}, f)
	})

	t.Run("random worlds", func(t *testing.T) { runRandom(t, fresh) })
}

func bind(t require.TestingT, w FactStore, tenant uuid.UUID, g domain.Grant) (int64, bool) {
	id, created, err := w.Grant(within(tenant), g)
	require.NoError(t, err)
	return id, created
}

// runRandom fills a world and a Memory alike and compares what they say. One
// world serves all the draws: what one adds is there for the next.
func runRandom(t *testing.T, fresh func(t testing.TB) FactStore) {
	w, memory := fresh(t), &Memory{}
	// role ids may differ between the two: same[memory's] = world's
	same := map[int64]int64{}
	both := func(r domain.Role) {
		m := memory.AddRole(r)
		same[m.ID] = w.AddRole(r).ID
	}
	for _, tenant := range []uuid.UUID{uuid.Nil, Tenant, Other} {
		for i, service := range services {
			for j, name := range names {
				if (i+j)%3 == 0 && tenant != uuid.Nil {
					continue // no tenant has every role
				}
				both(domain.Role{Tenant: tenant, Service: service, Name: name, Keys: keysOf(service, i+j)})
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		tenant := rapid.SampledFrom([]uuid.UUID{Tenant, Other}).Draw(t, "tenant")
		for range rapid.IntRange(0, 4).Draw(t, "changes") {
			expires := rapid.SampledFrom([]time.Time{{}, {}, noon.Add(-time.Hour), noon.Add(time.Hour)}).Draw(t, "expires")
			user := User().Draw(t, "user")
			switch rapid.IntRange(0, 9).Draw(t, "change") {
			case 0:
				o := Override().Draw(t, "override")
				memory.AddOverride(tenant, user, o, expires)
				w.AddOverride(tenant, user, o, expires)
			case 1:
				team, community := rapid.SampledFrom(teams).Draw(t, "team"), rapid.SampledFrom(communities).Draw(t, "community")
				memory.AddTeam(tenant, team, community)
				w.AddTeam(tenant, team, community)
			default:
				role := rapid.SampledFrom(memory.bindable(tenant)).Draw(t, "role")
				g := domain.Grant{User: user, Role: role.ID, Scope: scopeOf(tenant).Draw(t, "scope"), Expires: expires}
				_, first := bind(t, memory, tenant, g)
				g.Role = same[role.ID]
				_, alsoFirst := bind(t, w, tenant, g)
				require.Equal(t, first, alsoFirst)
			}
		}

		s := domain.Subject{Tenant: tenant, User: User().Draw(t, "asking"), Member: rapid.Bool().Draw(t, "member")}
		questions := rapid.SliceOfN(Check(), 1, 5).Draw(t, "questions")
		want, err := memory.Load(within(tenant), s, noon)
		require.NoError(t, err)
		got, err := w.Load(within(tenant), s, noon)
		require.NoError(t, err)
		translate(want, same)
		require.Equal(t, sorted(*want), sorted(*got))
		for _, q := range questions {
			require.Equal(t, domain.Platform.Decide(s, q, want), domain.Platform.Decide(s, q, got))
		}
	})
}

func keysOf(service domain.Service, n int) []string {
	var own []string
	for i, p := range domain.Platform.OfService(service) {
		if (i+n)%2 == 0 {
			own = append(own, p.Key)
		}
	}
	return own
}

// bindable are the roles that a tenant may grant.
func (m *Memory) bindable(tenant uuid.UUID) []domain.Role {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(m.roles), func(r domain.Role) bool { return !r.Template() && r.Tenant != tenant })
}

func translate(f *domain.Facts, ids map[int64]int64) {
	for i := range f.Bindings {
		f.Bindings[i].Role.ID = ids[f.Bindings[i].Role.ID]
	}
	for i := range f.MemberRoles {
		f.MemberRoles[i].ID = ids[f.MemberRoles[i].ID]
	}
}

// RequireSame holds facts, which have no order, against others.
func RequireSame(t require.TestingT, want, got domain.Facts) {
	require.Equal(t, sorted(want), sorted(got))
}

// Same reports whether facts, which have no order, are the same.
func Same(a, b domain.Facts) bool { return reflect.DeepEqual(sorted(a), sorted(b)) }

// sorted brings facts, which have no order, into one, and drops the difference between empty and nil.
func sorted(f domain.Facts) domain.Facts {
	clean := func(r domain.Role) domain.Role {
		r.Keys = slices.Sorted(slices.Values(r.Keys))
		return r
	}
	f.Overrides = slices.Clone(f.Overrides)
	slices.SortFunc(f.Overrides, func(a, b domain.Override) int {
		return cmp.Or(cmp.Compare(a.Effect, b.Effect), cmp.Compare(a.Permission, b.Permission), cmp.Compare(a.Reason, b.Reason), a.Expires.Compare(b.Expires))
	})
	f.Bindings = slices.Clone(f.Bindings)
	for i := range f.Bindings {
		f.Bindings[i].Role = clean(f.Bindings[i].Role)
	}
	slices.SortFunc(f.Bindings, func(a, b domain.Binding) int {
		return cmp.Or(cmp.Compare(a.Scope.String(), b.Scope.String()), cmp.Compare(a.Role.ID, b.Role.ID))
	})
	f.MemberRoles = slices.Clone(f.MemberRoles)
	for i := range f.MemberRoles {
		f.MemberRoles[i] = clean(f.MemberRoles[i])
	}
	slices.SortFunc(f.MemberRoles, func(a, b domain.Role) int { return cmp.Compare(a.ID, b.ID) })
	if len(f.Overrides) == 0 {
		f.Overrides = nil
	}
	if len(f.Bindings) == 0 {
		f.Bindings = nil
	}
	if len(f.MemberRoles) == 0 {
		f.MemberRoles = nil
	}
	if len(f.Teams) == 0 {
		f.Teams = nil
	}
	return f
}
