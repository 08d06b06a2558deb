package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
)

func TestOwnDecisionNamesWhatDecided(t *testing.T) {
	t.Parallel()
	const cast = "voting.vote.cast"
	s := domain.Subject{Tenant: uuid.New(), User: uuid.New(), Member: true}
	tenant, community := domain.TenantScope(s.Tenant), domain.Scope{Type: domain.Community, ID: "c1"}
	voter := domain.Role{ID: 1, Service: domain.Voting, Name: "voter", Keys: []string{cast}}
	empty := domain.Role{ID: 2, Service: domain.Voting, Name: domain.RoleMember}
	facts := func(change func(*domain.Facts)) *domain.Facts {
		f := &domain.Facts{MemberRoles: []domain.Role{empty}, Bindings: []domain.Binding{{Scope: community, Role: voter}}}
		if change != nil {
			change(f)
		}
		return f
	}
	held := []domain.HeldRole{{Role: voter, Bound: &community, Grants: true}, {Role: empty}}
	deny := domain.Override{Effect: domain.Deny, Permission: cast}
	everything := domain.Override{Effect: domain.Allow}
	for name, c := range map[string]struct {
		subject domain.Subject
		check   domain.Check
		facts   *domain.Facts
		want    domain.OwnDecision
		by      string
	}{
		"a role grants it": {s, domain.Check{Permission: cast, Scope: community}, facts(nil), domain.OwnDecision{
			Decision: domain.Decision{Allowed: true, Reason: domain.RBACAllow}, Decider: domain.DecidedByRole, Role: &held[0], Roles: held,
		}, domain.WriteBindings},
		"no role grants it": {s, domain.Check{Permission: cast, Scope: tenant}, facts(nil), domain.OwnDecision{
			Decision: domain.Decision{Reason: domain.RBACDeny}, Decider: domain.DecidedByRole, Roles: held[1:],
		}, domain.WriteBindings},
		"an override denies it": {s, domain.Check{Permission: cast, Scope: community}, facts(func(f *domain.Facts) {
			f.Overrides = []domain.Override{everything, deny}
		}), domain.OwnDecision{
			Decision: domain.Decision{Reason: domain.PolicyDeny}, Decider: domain.DecidedByOverride, Override: &deny, Roles: held,
		}, domain.WriteOverrides},
		"an override allows it": {s, domain.Check{Permission: cast, Scope: tenant}, facts(func(f *domain.Facts) {
			f.Overrides = []domain.Override{everything}
		}), domain.OwnDecision{
			Decision: domain.Decision{Allowed: true, Reason: domain.PolicyAllow}, Decider: domain.DecidedByOverride, Override: &everything, Roles: held[1:],
		}, domain.WriteOverrides},
		"it is not shown": {s, domain.Check{Permission: cast, Scope: community, Visibility: domain.Private}, facts(nil), domain.OwnDecision{
			Decision: domain.Decision{Reason: domain.VisibilityDeny}, Decider: domain.DecidedByVisibility, Roles: held,
		}, domain.WriteBindings},
		"another tenant": {s, domain.Check{Permission: cast, Scope: domain.TenantScope(uuid.New())}, facts(nil), domain.OwnDecision{
			Decision: domain.Decision{Reason: domain.TenantMismatch}, Decider: domain.DecidedByTenant,
		}, ""},
		"no such permission": {s, domain.Check{Permission: "x", Scope: tenant}, facts(nil), domain.OwnDecision{
			Decision: domain.Decision{Reason: domain.UnknownPermission}, Decider: domain.DecidedByCatalogue,
		}, ""},
		"a system administrator": {domain.Subject{Tenant: s.Tenant, SystemAdmin: true}, domain.Check{Permission: cast, Scope: tenant}, &domain.Facts{}, domain.OwnDecision{
			Decision: domain.Decision{Allowed: true, Reason: domain.MasterSystemAdmin}, Decider: domain.DecidedByFlag,
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			own := domain.Platform.OwnDecision(c.subject, c.check, c.facts)
			require.Equal(t, c.want, own)
			require.Equal(t, c.by, own.AdministeredBy())
		})
	}
	many := facts(func(f *domain.Facts) {
		for range 30 {
			f.Bindings = append(f.Bindings, domain.Binding{Scope: tenant, Role: empty})
		}
		f.Bindings = append(f.Bindings, domain.Binding{Scope: tenant, Role: voter})
	})
	own := domain.Platform.OwnDecision(s, domain.Check{Permission: cast, Scope: tenant}, many)
	require.Len(t, own.Roles, domain.MaxHeldRoles)
	require.True(t, own.Roles[0].Grants)
}
