// Package portstest holds what tests of Access share: random facts, the fakes
// of its ports, and the suites that every implementation of a port passes.
package portstest

import (
	"slices"

	"github.com/google/uuid"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
)

// Tenants, users and ids are few, so that random things meet.
var (
	Tenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	Other  = uuid.MustParse("00000000-0000-0000-0000-000000000002")

	users = []uuid.UUID{
		uuid.MustParse("00000000-0000-4000-8000-000000000001"),
		uuid.MustParse("00000000-0000-4000-8000-000000000002"),
		uuid.MustParse("00000000-0000-4000-8000-000000000003"),
	}
	keys = []string{
		"voting.poll.read", "voting.vote.cast", "voting.votings.admin",
		"portal.posts.read", "portal.roles.read", "events.event.read",
	}
	services    = []domain.Service{domain.Voting, domain.Portal, domain.Events}
	names       = []string{domain.RoleMember, domain.RoleModerator, domain.RoleAdmin, "crew"}
	communities = []string{"c1", "c2"}
	teams       = []string{"t1", "t2", "c1"} // a team may share its id with a community
)

// User is a user of the tests.
func User() *rapid.Generator[uuid.UUID] { return rapid.SampledFrom(users) }

// Subject is a user of Tenant.
func Subject() *rapid.Generator[domain.Subject] {
	return rapid.Custom(func(t *rapid.T) domain.Subject {
		rare := rapid.IntRange(0, 9).Draw(t, "flags")
		return domain.Subject{
			Tenant: Tenant, User: User().Draw(t, "user"), Member: rapid.Bool().Draw(t, "member"),
			Suspended: rare == 0, SystemAdmin: rare == 1,
		}
	})
}

// Scope is a place in Tenant.
func Scope() *rapid.Generator[domain.Scope] { return scopeOf(Tenant) }

// Scopes are all the places in a tenant.
func Scopes(tenant uuid.UUID) []domain.Scope {
	all := []domain.Scope{{Type: domain.Global}, domain.TenantScope(tenant), {Type: domain.InService, ID: "voting"}}
	for _, id := range communities {
		all = append(all, domain.Scope{Type: domain.Community, ID: id})
	}
	for _, id := range teams {
		all = append(all, domain.Scope{Type: domain.Team, ID: id})
	}
	return all
}

func scopeOf(tenant uuid.UUID) *rapid.Generator[domain.Scope] {
	return rapid.SampledFrom(Scopes(tenant))
}

// Check is asked in Tenant, now and then about another tenant or an unknown key.
func Check() *rapid.Generator[domain.Check] {
	return rapid.Custom(func(t *rapid.T) domain.Check {
		q := domain.Check{
			Permission: rapid.SampledFrom(append([]string{"voting.poll.explode"}, append(keys, keys...)...)).Draw(t, "permission"),
			Scope:      Scope().Draw(t, "scope"),
			Visibility: rapid.SampledFrom([]domain.Visibility{"", domain.Public, domain.VisibleCommunity, domain.VisibleTeam, domain.Private}).Draw(t, "visibility"),
			Owner:      rapid.SampledFrom(append([]uuid.UUID{uuid.Nil}, users...)).Draw(t, "owner"),
		}
		if rapid.IntRange(0, 19).Draw(t, "foreign") == 0 {
			q.Scope = domain.TenantScope(Other)
		}
		return q
	})
}

// Role is a role of Tenant or a template. Its keys may be of another service,
// which the database forbids and the engine ignores.
func Role() *rapid.Generator[domain.Role] {
	return rapid.Custom(func(t *rapid.T) domain.Role {
		r := domain.Role{
			ID:      rapid.Int64Range(1, 50).Draw(t, "id"),
			Service: rapid.SampledFrom(services).Draw(t, "service"),
			Name:    rapid.SampledFrom(names).Draw(t, "name"),
			Keys:    rapid.SliceOfDistinct(rapid.SampledFrom(keys), rapid.ID[string]).Draw(t, "keys"),
		}
		if rapid.Bool().Draw(t, "own") {
			r.Tenant = Tenant
		}
		return r
	})
}

// Binding is a role in a scope of Tenant.
func Binding() *rapid.Generator[domain.Binding] {
	return rapid.Custom(func(t *rapid.T) domain.Binding {
		return domain.Binding{Scope: Scope().Draw(t, "scope"), Role: Role().Draw(t, "role")}
	})
}

// Override concerns one key or all.
func Override() *rapid.Generator[domain.Override] {
	return rapid.Custom(func(t *rapid.T) domain.Override {
		return domain.Override{
			Effect:     rapid.SampledFrom([]domain.Effect{domain.Allow, domain.Deny}).Draw(t, "effect"),
			Permission: rapid.SampledFrom(append([]string{""}, keys...)).Draw(t, "key"),
		}
	})
}

// Facts is what could be stored about one subject.
func Facts() *rapid.Generator[domain.Facts] {
	return rapid.Custom(func(t *rapid.T) domain.Facts {
		f := domain.Facts{
			Bindings: rapid.SliceOfN(Binding(), 0, 6).Draw(t, "bindings"),
			Teams:    rapid.MapOfN(rapid.SampledFrom(teams), rapid.SampledFrom(communities), 0, 3).Draw(t, "teams"),
		}
		if rapid.IntRange(0, 2).Draw(t, "overridden") == 0 { // or overrides would decide nearly everything
			f.Overrides = rapid.SliceOfN(Override(), 0, 3).Draw(t, "overrides")
		}
		for _, r := range rapid.SliceOfN(Role(), 0, 5).Draw(t, "members") {
			r.Name = domain.RoleMember
			taken := slices.ContainsFunc(f.MemberRoles, func(o domain.Role) bool { return o.Service == r.Service && o.Template() == r.Template() })
			if !taken { // names are unique
				f.MemberRoles = append(f.MemberRoles, r)
			}
		}
		return f
	})
}

// Relevant leaves out the teams that have no part in any answer, as an implementation of ports.Facts may.
func Relevant(f domain.Facts) domain.Facts {
	teams := f.Teams
	f.Teams = nil
	for team, community := range teams {
		if slices.ContainsFunc(f.Bindings, func(b domain.Binding) bool { return b.Scope == domain.Scope{Type: domain.Community, ID: community} }) {
			if f.Teams == nil {
				f.Teams = domain.Teams{}
			}
			f.Teams[team] = community
		}
	}
	return f
}
