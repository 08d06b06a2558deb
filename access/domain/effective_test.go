package domain_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
)

func TestEffectivePermissionsAndRolesAreSortedAndEachThereOnce(t *testing.T) {
	t.Parallel()
	s := domain.Subject{Tenant: uuid.New(), User: uuid.New()}
	whole, global := domain.TenantScope(s.Tenant), domain.Scope{Type: domain.Global}
	crew := domain.Role{ID: 1, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read", "voting.vote.cast"}}
	staff := domain.Role{ID: 3, Service: domain.Voting, Name: "staff", Keys: []string{"voting.poll.create"}}
	twin := domain.Role{ID: 2, Service: domain.Voting, Name: "staff"}
	readers := domain.Role{ID: 4, Service: domain.Portal, Name: "readers", Keys: []string{"portal.posts.read"}}
	f := &domain.Facts{Bindings: []domain.Binding{
		{Scope: whole, Role: staff}, {Scope: whole, Role: twin}, {Scope: whole, Role: crew}, {Scope: whole, Role: readers}, {Scope: global, Role: crew},
	}}
	e := domain.Platform.Effective(s, whole, f)
	require.Equal(t, []string{"portal.posts.read", "voting.poll.create", "voting.poll.read", "voting.vote.cast"}, e.Keys)
	require.Equal(t, []domain.Role{readers, crew, twin, staff}, e.Roles)

	require.Empty(t, domain.Platform.Effective(s, domain.TenantScope(uuid.New()), f).Roles, "in another tenant")
	s.Suspended = true
	require.Equal(t, domain.Effective{Keys: []string{}}, domain.Platform.Effective(s, whole, f))
}

func TestOriginsAreSortedByKey(t *testing.T) {
	t.Parallel()
	s := domain.Subject{Tenant: uuid.New(), User: uuid.New()}
	whole := domain.TenantScope(s.Tenant)
	admin := domain.Role{ID: 1, Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.create", "voting.poll.read", "voting.results.read", "voting.vote.cast"}}
	reader := domain.Role{ID: 2, Service: domain.Portal, Name: "reader", Keys: []string{"portal.posts.create", "portal.posts.read"}}
	f := &domain.Facts{
		Bindings:  []domain.Binding{{Scope: whole, Role: admin}, {Scope: whole, Role: reader}},
		Overrides: []domain.Override{{Effect: domain.Deny, Permission: "voting.poll.create"}, {Effect: domain.Deny, Permission: "portal.posts.create"}},
	}
	held, denied := domain.Platform.Trace(s, whole, f)
	keys := make([]string, len(held))
	for i, h := range held {
		keys[i] = h.Key
	}
	require.Equal(t, []string{"portal.posts.read", "voting.poll.read", "voting.results.read", "voting.vote.cast"}, keys)
	require.Equal(t, []string{"portal.posts.create", "voting.poll.create"}, denied)
}

func TestAllowedScopesAreSortedAndEachThereOnce(t *testing.T) {
	t.Parallel()
	s := domain.Subject{Tenant: uuid.New(), User: uuid.New()}
	crew := domain.Role{Service: domain.Voting, Name: "crew", Keys: []string{"voting.poll.read"}}
	f := &domain.Facts{Teams: domain.Teams{"t1": "c1", "t3": "c9"}}
	for _, id := range []string{"3", "1", "2", "1"} {
		for _, typ := range []domain.ScopeType{domain.Team, domain.Community} {
			f.Bindings = append(f.Bindings, domain.Binding{Scope: domain.Scope{Type: typ, ID: map[domain.ScopeType]string{domain.Team: "t", domain.Community: "c"}[typ] + id}, Role: crew})
		}
	}
	require.Equal(t, domain.AllowedScopes{Communities: []string{"c1", "c2", "c3"}, Teams: []string{"t2", "t3"}},
		domain.Platform.AllowedScopes(s, domain.ScopeQuery{Permission: "voting.poll.read"}, f), "a team of an allowed community is in it")
}

func TestRefusalsAreThoseThatTheAuditLogKeeps(t *testing.T) {
	t.Parallel()
	refusals := []error{domain.ErrForbidden, domain.ErrNotHeld, domain.ErrLastAdmin, domain.ErrManagedByPortal}
	for _, err := range append(slices.Clone(refusals), domain.ErrRoleNotFound, domain.ErrBindingExists, domain.ErrTenantMismatch, nil) {
		require.Equal(t, slices.Contains(refusals, err), domain.IsRefusal(err), "%v", err)
	}
}

func TestARangeOfMembershipsBeginsAfterAKeyAndIncludesItsLast(t *testing.T) {
	t.Parallel()
	key := func(n byte) *domain.MembershipKey {
		return &domain.MembershipKey{Type: domain.Community, Scope: uuid.UUID{n}, User: uuid.UUID{1}}
	}
	for name, c := range map[string]struct {
		r    domain.MembershipRange
		want []byte
	}{
		"closed":         {domain.MembershipRange{After: key(1), Until: key(3)}, []byte{2, 3}},
		"from the first": {domain.MembershipRange{Until: key(3)}, []byte{1, 2, 3}},
		"to the last":    {domain.MembershipRange{After: key(1)}, []byte{2, 3, 4}},
		"open":           {domain.MembershipRange{}, []byte{1, 2, 3, 4}},
	} {
		var in []byte
		for n := byte(1); n <= 4; n++ {
			if c.r.Contains(*key(n)) {
				in = append(in, n)
			}
		}
		require.Equal(t, c.want, in, name)
	}
	for role, known := range map[domain.MemberRole]bool{
		domain.PlainMember: true, domain.MemberModerator: true, domain.MemberOwner: true, domain.NotMember: false, "emperor": false,
	} {
		require.Equal(t, known, role.Known(), role)
	}
}
