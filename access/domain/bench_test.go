package domain_test

import (
	"testing"

	"github.com/google/uuid"

	"go.updspace.com/access/domain"
)

// BenchmarkDecide decides for a user with some twenty bindings, the last of which grants the permission.
func BenchmarkDecide(b *testing.B) {
	s := domain.Subject{Tenant: uuid.New(), User: uuid.New(), Member: true}
	scope := domain.Scope{Type: domain.Team, ID: uuid.NewString()}
	f := &domain.Facts{}
	for _, t := range domain.Templates(domain.Platform) {
		role := domain.Role{Service: t.Service, Name: t.Name, Keys: t.Keys}
		f.Bindings = append(f.Bindings, domain.Binding{Scope: domain.Scope{Type: domain.Community, ID: uuid.NewString()}, Role: role})
		switch {
		case t.Name == domain.RoleMember:
			f.MemberRoles = append(f.MemberRoles, role)
		case t.Name == domain.RoleAdmin && t.Service == domain.Voting:
			f.Bindings = append(f.Bindings, domain.Binding{Scope: scope, Role: role})
		}
	}
	q := domain.Check{Permission: "voting.votings.admin", Scope: scope, Visibility: domain.VisibleTeam}
	for b.Loop() {
		if !domain.Platform.Decide(s, q, f).Allowed {
			b.Fatal("denied")
		}
	}
}
