package portstest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

func runBindings(t *testing.T, fresh func(t testing.TB) AdminStore) {
	r := fresh(t)
	ctx := within(Tenant)
	crew := addRole(t, r, Tenant, draft("crew", "voting.poll.read"))
	template := r.AddTemplate(domain.Role{Service: domain.Portal, Name: "moderator", Keys: []string{"portal.posts.read"}})
	community := domain.Scope{Type: domain.Community, ID: "c1"}

	t.Run("a binding is what was stored", func(t *testing.T) {
		expires := noon.Add(time.Hour)
		id := addBinding(t, r, Tenant, domain.Grant{User: users[0], Role: crew.ID, Scope: community, Expires: expires, By: users[1]})
		want := domain.BindingRecord{
			ID: id, Tenant: Tenant, User: users[0], Scope: community, Role: crew, Expires: expires, CreatedAt: noon, By: users[1], Source: domain.Manual,
		}
		got, err := r.Bindings.Find(ctx, id)
		require.NoError(t, err)
		require.Equal(t, want, got)
		got, err = r.Bindings.Same(ctx, users[0], crew.ID, community)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.NoError(t, r.Bindings.Expire(ctx, id, time.Time{}))
		got, err = r.Bindings.Find(ctx, id)
		require.NoError(t, err)
		require.Zero(t, got.Expires)
		require.NoError(t, r.Bindings.Expire(ctx, id, expires))
		require.NoError(t, r.Bindings.Delete(ctx, id))
		_, err = r.Bindings.Find(ctx, id)
		require.ErrorIs(t, err, domain.ErrBindingNotFound)
		_, err = r.Bindings.Same(ctx, users[0], crew.ID, community)
		require.ErrorIs(t, err, domain.ErrBindingNotFound)
	})
	t.Run("another tenant's is not there", func(t *testing.T) {
		id := addBinding(t, r, Other, domain.Grant{User: users[0], Role: template.ID, Scope: community})
		_, err := r.Bindings.Find(ctx, id)
		require.ErrorIs(t, err, domain.ErrBindingNotFound)
		_, err = r.Bindings.Same(ctx, users[0], template.ID, community)
		require.ErrorIs(t, err, domain.ErrBindingNotFound)
		require.ErrorIs(t, r.Bindings.Expire(ctx, id, noon), domain.ErrBindingNotFound)
		require.ErrorIs(t, r.Bindings.Delete(ctx, id), domain.ErrBindingNotFound)
		_, err = r.Bindings.Find(within(Other), id)
		require.NoError(t, err)
	})
	t.Run("once by hand, and once more for a membership", func(t *testing.T) {
		g := domain.Grant{User: users[1], Role: template.ID, Scope: community}
		derived := r.AddDerived(Tenant, g)
		_, err := r.Bindings.Same(ctx, g.User, g.Role, g.Scope)
		require.ErrorIs(t, err, domain.ErrBindingNotFound, "a derived binding is not the same")
		id := addBinding(t, r, Tenant, g)
		_, err = r.Bindings.Add(ctx, g, noon)
		require.ErrorIs(t, err, domain.ErrBindingExists)
		got, err := r.Bindings.Find(ctx, derived)
		require.NoError(t, err)
		require.Equal(t, domain.FromMembership, got.Source)
		require.NoError(t, r.Bindings.Delete(ctx, id))
		_, err = r.Bindings.Find(ctx, derived)
		require.NoError(t, err)
	})
	t.Run("pages", func(t *testing.T) {
		r := fresh(t)
		crew, member := addRole(t, r, Tenant, draft("Экипаж")), r.AddTemplate(domain.Role{Service: domain.Portal, Name: "member"})
		ids := []int64{
			addBinding(t, r, Tenant, domain.Grant{User: users[0], Role: crew.ID, Scope: community}),
			addBinding(t, r, Tenant, domain.Grant{User: users[1], Role: crew.ID, Scope: domain.TenantScope(Tenant)}),
			addBinding(t, r, Tenant, domain.Grant{User: users[0], Role: member.ID, Scope: domain.Scope{Type: domain.Team, ID: "c1"}}),
			r.AddDerived(Tenant, domain.Grant{User: users[2], Role: member.ID, Scope: community}),
		}
		addBinding(t, r, Other, domain.Grant{User: users[0], Role: member.ID, Scope: community})
		for name, c := range map[string]struct {
			search ports.BindingSearch
			want   []int
		}{
			"everything":       {ports.BindingSearch{}, []int{3, 2, 1, 0}},
			"by role name":     {ports.BindingSearch{Query: "экип"}, []int{1, 0}},
			"by service":       {ports.BindingSearch{Query: " PORT "}, []int{3, 2}},
			"by user as words": {ports.BindingSearch{Query: users[0].String()}, []int{2, 0}},
			"blank words":      {ports.BindingSearch{Query: "  "}, []int{3, 2, 1, 0}},
			"wildcards":        {ports.BindingSearch{Query: "%"}, nil},
			"by user":          {ports.BindingSearch{User: users[1]}, []int{1}},
			"by scope type":    {ports.BindingSearch{ScopeType: domain.Community}, []int{3, 0}},
			"by scope":         {ports.BindingSearch{ScopeType: domain.Team, ScopeID: "c1"}, []int{2}},
			"by scope id":      {ports.BindingSearch{ScopeID: "c1"}, []int{3, 2, 0}},
			"by role":          {ports.BindingSearch{Role: member.ID}, []int{3, 2}},
			"two at once":      {ports.BindingSearch{Role: member.ID, User: users[0]}, []int{2}},
		} {
			t.Run(name, func(t *testing.T) {
				var got, want []int64
				for _, i := range c.want {
					want = append(want, ids[i])
				}
				c.search.Limit = 1
				for {
					page, err := r.Bindings.Page(ctx, c.search)
					require.NoError(t, err)
					if len(page) == 0 {
						break
					}
					require.Len(t, page, 1)
					got, c.search.Before = append(got, page[0].ID), page[0].ID
				}
				require.Equal(t, want, got)
			})
		}
	})
}
