package portstest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
)

func runRoles(t *testing.T, fresh func(t testing.TB) AdminStore) {
	r := fresh(t)
	ctx := within(Tenant)
	template := r.AddTemplate(domain.Role{Service: domain.Voting, Name: "member", Keys: []string{"voting.poll.read"}})
	crew := addRole(t, r, Tenant, draft("crew", "voting.poll.read", "voting.vote.cast"))
	foreign := addRole(t, r, Other, draft("crew"))

	t.Run("a role is what was stored", func(t *testing.T) {
		got, err := r.Roles.Find(ctx, crew.ID)
		require.NoError(t, err)
		require.Equal(t, crew, got)
		got, err = r.Roles.Find(ctx, template.ID)
		require.NoError(t, err)
		require.Equal(t, template, got)
	})
	t.Run("another tenant's is not there", func(t *testing.T) {
		_, err := r.Roles.Find(ctx, foreign.ID)
		require.ErrorIs(t, err, domain.ErrRoleNotFound)
		require.ErrorIs(t, r.Roles.Update(ctx, foreign.ID, draft("mine"), noon), domain.ErrRoleNotFound)
		_, err = r.Roles.Delete(ctx, foreign.ID)
		require.ErrorIs(t, err, domain.ErrRoleNotFound)
	})
	t.Run("a search by permission", func(t *testing.T) {
		voters, err := r.Roles.Page(ctx, ports.RoleSearch{Permission: "voting.vote.cast", Limit: 10})
		require.NoError(t, err)
		require.Equal(t, []domain.Role{crew}, voters)
		readers, err := r.Roles.Page(ctx, ports.RoleSearch{Permission: "voting.poll.read", Service: domain.Voting, Limit: 10})
		require.NoError(t, err)
		require.ElementsMatch(t, []domain.Role{crew, template}, readers)
	})
	t.Run("templates cannot be changed", func(t *testing.T) {
		require.ErrorIs(t, r.Roles.Update(ctx, template.ID, draft("mine"), noon), domain.ErrRoleNotFound)
		_, err := r.Roles.Delete(ctx, template.ID)
		require.ErrorIs(t, err, domain.ErrRoleNotFound)
	})
	t.Run("names are unique among a tenant's roles of a service", func(t *testing.T) {
		_, err := r.Roles.Add(ctx, draft("crew"), noon)
		require.ErrorIs(t, err, domain.ErrRoleExists)
		spare := addRole(t, r, Tenant, draft("spare"))
		require.ErrorIs(t, r.Roles.Update(ctx, spare.ID, draft("crew"), noon), domain.ErrRoleExists)
		addRole(t, r, Tenant, draft("member"))                                              // as a template may be cloned
		addRole(t, r, Tenant, domain.RoleDraft{Service: domain.Events, Name: "crew"})       // of another service
		require.NoError(t, r.Roles.Update(ctx, crew.ID, draft("crew", crew.Keys...), noon)) // its own name
	})
	t.Run("everything about a role can be replaced", func(t *testing.T) {
		id := addRole(t, r, Tenant, draft("before", "voting.poll.read", "voting.vote.cast")).ID
		require.NoError(t, r.Roles.Update(ctx, id, draft("before", "voting.results.read", "voting.vote.cast"), noon))
		after := domain.RoleDraft{Service: domain.Portal, Name: "after", Keys: []string{"portal.posts.read"}}
		require.NoError(t, r.Roles.Update(ctx, id, after, noon))
		got, err := r.Roles.Find(ctx, id)
		require.NoError(t, err)
		require.Equal(t, domain.Role{ID: id, Tenant: Tenant, Service: domain.Portal, Name: "after", Keys: after.Keys}, got)
	})
	t.Run("a role takes its bindings along", func(t *testing.T) {
		role := addRole(t, r, Tenant, draft("doomed", "voting.poll.read"))
		id := addBinding(t, r, Tenant, domain.Grant{User: users[0], Role: role.ID, Scope: domain.TenantScope(Tenant), By: users[1]})
		kept := addBinding(t, r, Tenant, domain.Grant{User: users[0], Role: crew.ID, Scope: domain.TenantScope(Tenant)})
		gone, err := r.Roles.Delete(ctx, role.ID)
		require.NoError(t, err)
		require.Len(t, gone, 1)
		require.Equal(t, id, gone[0].ID)
		require.Equal(t, role.ID, gone[0].Role.ID)
		require.Equal(t, domain.TenantScope(Tenant), gone[0].Scope)
		_, err = r.Bindings.Find(ctx, id)
		require.ErrorIs(t, err, domain.ErrBindingNotFound)
		_, err = r.Bindings.Find(ctx, kept)
		require.NoError(t, err)
	})
	t.Run("pages", func(t *testing.T) {
		r := fresh(t)
		for _, service := range []domain.Service{domain.Voting, domain.Events} {
			for _, name := range []string{"member", "admin"} {
				r.AddTemplate(domain.Role{Service: service, Name: name})
			}
			for _, name := range []string{"Zebra", "admin", "Экипаж", "100%_sure"} {
				addRole(t, r, Tenant, domain.RoleDraft{Service: service, Name: name})
				addRole(t, r, Other, domain.RoleDraft{Service: service, Name: name})
			}
		}
		names := func(search ports.RoleSearch) (all []string) {
			t.Helper()
			for search.Limit = 2; ; {
				page, err := r.Roles.Page(ctx, search)
				require.NoError(t, err)
				for _, role := range page {
					name := string(role.Service) + ":" + role.Name
					if role.Template() {
						name += "*"
					}
					all = append(all, name)
				}
				if len(page) < search.Limit {
					return all
				}
				last := roleKey(page[len(page)-1])
				search.After = &last
			}
		}
		require.Equal(t, []string{
			"events:100%_sure", "events:Zebra", "events:admin*", "events:admin", "events:member*", "events:Экипаж",
			"voting:100%_sure", "voting:Zebra", "voting:admin*", "voting:admin", "voting:member*", "voting:Экипаж",
		}, names(ports.RoleSearch{}))
		require.Equal(t, []string{"events:Zebra"}, names(ports.RoleSearch{Service: domain.Events, Query: "EBR"}), "whatever the case")
	})
	t.Run("words", func(t *testing.T) {
		r := fresh(t)
		r.AddTemplate(domain.Role{Service: domain.Voting, Name: "member"})
		for _, name := range []string{"ЭКИПАЖ корабля", "100%", "a_b", `back\slash`} {
			addRole(t, r, Tenant, draft(name))
		}
		for words, want := range map[string][]string{
			"экипаж": {"ЭКИПАЖ корабля"}, "КОРАБЛЯ": {"ЭКИПАЖ корабля"}, "MEM": {"member"}, "%": {"100%"}, "_": {"a_b"}, `\`: {`back\slash`}, "zz": nil,
		} {
			page, err := r.Roles.Page(ctx, ports.RoleSearch{Query: words, Limit: 10})
			require.NoError(t, err)
			var got []string
			for _, role := range page {
				got = append(got, role.Name)
			}
			require.Equal(t, want, got, words)
		}
	})
}
