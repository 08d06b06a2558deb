package domain_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports/portstest"
)

func TestReconcile(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	settled, young := now.Add(-domain.ReconcileGrace), now.Add(-domain.ReconcileGrace+1)
	m := func(role domain.MemberRole, version int64) domain.Membership {
		return portstest.MembershipOf(portstest.C1, user, role, version)
	}
	known := func(role domain.MemberRole, version int64, applied time.Time) []domain.KnownMembership {
		return []domain.KnownMembership{{Membership: m(role, version), Applied: applied}}
	}
	for name, c := range map[string]struct {
		portals []domain.Membership
		known   []domain.KnownMembership
		repairs []domain.Membership
		drift   domain.Drift
	}{
		"nothing anywhere":               {},
		"the same":                       {[]domain.Membership{m(domain.PlainMember, 3)}, known(domain.PlainMember, 3, settled), nil, domain.Drift{}},
		"never heard of":                 {[]domain.Membership{m(domain.PlainMember, 3)}, nil, []domain.Membership{m(domain.PlainMember, 3)}, domain.Drift{Added: 1}},
		"came back unnoticed":            {[]domain.Membership{m(domain.PlainMember, 3)}, known(domain.NotMember, 2, settled), []domain.Membership{m(domain.PlainMember, 3)}, domain.Drift{Added: 1}},
		"changed unnoticed":              {[]domain.Membership{m(domain.MemberOwner, 3)}, known(domain.PlainMember, 2, settled), []domain.Membership{m(domain.MemberOwner, 3)}, domain.Drift{Changed: 1}},
		"another role at one version":    {[]domain.Membership{m(domain.MemberOwner, 3)}, known(domain.PlainMember, 3, settled), []domain.Membership{m(domain.MemberOwner, 3)}, domain.Drift{Changed: 1}},
		"only the version is newer":      {[]domain.Membership{m(domain.MemberOwner, 4)}, known(domain.MemberOwner, 3, settled), []domain.Membership{m(domain.MemberOwner, 4)}, domain.Drift{}},
		"the page is older":              {[]domain.Membership{m(domain.MemberOwner, 3)}, known(domain.NotMember, 4, young), nil, domain.Drift{}},
		"left unnoticed":                 {nil, known(domain.MemberOwner, 3, settled), []domain.Membership{m(domain.NotMember, 3)}, domain.Drift{Removed: 1}},
		"may have come after the page":   {nil, known(domain.MemberOwner, 3, young), nil, domain.Drift{}},
		"had left":                       {nil, known(domain.NotMember, 3, settled), nil, domain.Drift{}},
		"taken away by mistake, is back": {[]domain.Membership{m(domain.MemberOwner, 3)}, known(domain.NotMember, 3, settled), []domain.Membership{m(domain.MemberOwner, 3)}, domain.Drift{Added: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			repairs, drift := domain.Reconcile(c.portals, c.known, now)
			require.Equal(t, c.repairs, repairs)
			require.Equal(t, c.drift, drift)
		})
	}
}

// After a reconciliation both know the same, and a second one finds nothing.
func TestReconcilingOnceIsEnough(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	roles := rapid.SampledFrom([]domain.MemberRole{domain.NotMember, domain.PlainMember, domain.MemberModerator, domain.MemberOwner})
	rapid.Check(t, func(t *rapid.T) {
		state := map[domain.MembershipKey]domain.KnownMembership{}
		want := map[domain.MembershipKey]domain.MemberRole{}
		var portals []domain.Membership
		for range rapid.IntRange(0, 8).Draw(t, "memberships") {
			scope := rapid.SampledFrom([]uuid.UUID{portstest.C1, portstest.C2, portstest.T1, portstest.T2}).Draw(t, "scope")
			who := portstest.User().Draw(t, "user")
			k := portstest.MembershipOf(scope, who, roles.Draw(t, "known"), rapid.Int64Range(1, 3).Draw(t, "known version"))
			if _, twice := state[k.MembershipKey]; twice {
				continue
			}
			state[k.MembershipKey] = domain.KnownMembership{Membership: k, Applied: now.Add(-time.Hour)}
			p := portstest.MembershipOf(scope, who, roles.Draw(t, "portal's"), k.Version+rapid.Int64Range(0, 2).Draw(t, "ahead"))
			if p.Role != domain.NotMember {
				portals = append(portals, p)
				want[p.MembershipKey] = p.Role
			}
		}
		list := func() []domain.KnownMembership {
			var known []domain.KnownMembership
			for _, k := range state {
				known = append(known, k)
			}
			slices.SortFunc(known, func(a, b domain.KnownMembership) int { return a.Compare(b.MembershipKey) })
			return known
		}
		repairs, _ := domain.Reconcile(portals, list(), now)
		for _, m := range repairs {
			state[m.MembershipKey] = domain.KnownMembership{Membership: m, Applied: now.Add(-time.Hour)}
		}
		for key, k := range state {
			require.Equal(t, want[key], k.Role)
		}
		repairs, drift := domain.Reconcile(portals, list(), now)
		require.Empty(t, repairs)
		require.Equal(t, domain.Drift{}, drift)
	})
}

func TestWhatMembersHold(t *testing.T) {
	t.Parallel()
	require.Empty(t, domain.NotMember.Grants())
	require.Empty(t, domain.MemberRole("king").Grants())
	require.Equal(t, []domain.RoleRef{{Service: domain.Portal, Name: domain.RoleMember}}, domain.PlainMember.Grants())
	templates := domain.Templates(domain.Platform)
	for _, role := range []domain.MemberRole{domain.PlainMember, domain.MemberModerator, domain.MemberOwner} {
		for _, ref := range role.Grants() {
			require.True(t, slices.ContainsFunc(templates, func(tpl domain.Template) bool { return tpl.Service == ref.Service && tpl.Name == ref.Name }), "%v", ref)
		}
	}
}
