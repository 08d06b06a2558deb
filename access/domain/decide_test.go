package domain_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
)

var (
	tenant = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	user   = uuid.MustParse("00000000-0000-4000-8000-000000000002")

	whole     = domain.TenantScope(tenant)
	community = domain.Scope{Type: domain.Community, ID: "c1"}
	team      = domain.Scope{Type: domain.Team, ID: "t1"}
)

func subject(change ...func(*domain.Subject)) domain.Subject {
	s := domain.Subject{Tenant: tenant, User: user}
	for _, c := range change {
		c(&s)
	}
	return s
}

func suspended(s *domain.Subject)   { s.Suspended = true }
func systemAdmin(s *domain.Subject) { s.SystemAdmin = true }
func active(s *domain.Subject)      { s.Member = true }

func role(service domain.Service, name string, keys ...string) domain.Role {
	return domain.Role{ID: 1, Tenant: tenant, Service: service, Name: name, Keys: keys}
}

func memberTemplate(service domain.Service, keys ...string) domain.Role {
	return domain.Role{ID: 2, Service: service, Name: domain.RoleMember, Keys: keys}
}

func bound(scope domain.Scope, r domain.Role) domain.Binding {
	return domain.Binding{Scope: scope, Role: r}
}

func TestDecide(t *testing.T) {
	t.Parallel()
	const read, cast = "voting.poll.read", "voting.vote.cast"
	reader := role(domain.Voting, "reader", read)
	granted := domain.Facts{Bindings: []domain.Binding{bound(whole, reader)}}

	for name, c := range map[string]struct {
		subject domain.Subject
		q       domain.Check
		facts   domain.Facts
		want    domain.Reason
	}{
		// What the system that is replaced asserted.
		"a suspended user is denied, granting binding or not": {
			subject(suspended), domain.Check{Permission: read, Scope: whole}, granted, domain.MasterSuspended},
		"a system admin is allowed without any binding, in a team, too": {
			subject(systemAdmin), domain.Check{Permission: read, Scope: team}, domain.Facts{}, domain.MasterSystemAdmin},
		"a deny override beats a granting role": {
			subject(), domain.Check{Permission: read, Scope: whole},
			domain.Facts{Bindings: granted.Bindings, Overrides: []domain.Override{{Effect: domain.Deny, Permission: read}}}, domain.PolicyDeny},
		"an allow override grants without any role": {
			subject(), domain.Check{Permission: read, Scope: whole},
			domain.Facts{Overrides: []domain.Override{{Effect: domain.Allow, Permission: read}}}, domain.PolicyAllow},
		"a tenant binding grants in a team": {
			subject(), domain.Check{Permission: read, Scope: team}, granted, domain.RBACAllow},
		"a key outside the catalogue is denied": {
			subject(), domain.Check{Permission: "voting.poll.explode", Scope: whole}, granted, domain.UnknownPermission},
		"the member template grants without bindings": {
			subject(active), domain.Check{Permission: read, Scope: whole},
			domain.Facts{MemberRoles: []domain.Role{memberTemplate(domain.Voting, read)}}, domain.RBACAllow},
		"the tenant's own member role replaces the template, even when empty": {
			subject(active), domain.Check{Permission: read, Scope: whole},
			domain.Facts{MemberRoles: []domain.Role{memberTemplate(domain.Voting, read), role(domain.Voting, domain.RoleMember)}}, domain.RBACDeny},
		"... in whatever order they are found": {
			subject(active), domain.Check{Permission: read, Scope: whole},
			domain.Facts{MemberRoles: []domain.Role{role(domain.Voting, domain.RoleMember), memberTemplate(domain.Voting, read)}}, domain.RBACDeny},

		// The order of the rules.
		"an unknown key is denied to a system admin": {
			subject(systemAdmin), domain.Check{Permission: "x", Scope: whole}, granted, domain.UnknownPermission},
		"an unknown key comes before a suspension": {
			subject(suspended), domain.Check{Permission: "x", Scope: whole}, granted, domain.UnknownPermission},
		"a suspension beats system admin": {
			subject(suspended, systemAdmin), domain.Check{Permission: read, Scope: whole}, granted, domain.MasterSuspended},
		"system admin beats a deny override": {
			subject(systemAdmin), domain.Check{Permission: read, Scope: whole},
			domain.Facts{Overrides: []domain.Override{{Effect: domain.Deny}}}, domain.MasterSystemAdmin},
		"the scope of another tenant is closed to everybody, system admins included": {
			subject(systemAdmin), domain.Check{Permission: read, Scope: domain.TenantScope(uuid.New())}, granted, domain.TenantMismatch},
		"a global binding does not open another tenant": {
			subject(), domain.Check{Permission: read, Scope: domain.TenantScope(uuid.New())},
			domain.Facts{Bindings: []domain.Binding{bound(domain.Scope{Type: domain.Global}, reader)}}, domain.TenantMismatch},

		// Overrides.
		"a deny of everything beats an allow of this": {
			subject(), domain.Check{Permission: read, Scope: whole},
			domain.Facts{Overrides: []domain.Override{{Effect: domain.Allow, Permission: read}, {Effect: domain.Deny}}}, domain.PolicyDeny},
		"a deny of this beats an allow of everything": {
			subject(), domain.Check{Permission: read, Scope: whole},
			domain.Facts{Overrides: []domain.Override{{Effect: domain.Allow}, {Effect: domain.Deny, Permission: read}}}, domain.PolicyDeny},
		"an allow of everything allows": {
			subject(), domain.Check{Permission: cast, Scope: team}, domain.Facts{Overrides: []domain.Override{{Effect: domain.Allow}}}, domain.PolicyAllow},
		"an override of another key is none of this question's": {
			subject(), domain.Check{Permission: read, Scope: whole},
			domain.Facts{Bindings: granted.Bindings, Overrides: []domain.Override{{Effect: domain.Deny, Permission: cast}}}, domain.RBACAllow},
		"an allow override does not ask for visibility": {
			subject(), domain.Check{Permission: read, Scope: whole, Visibility: domain.Private},
			domain.Facts{Overrides: []domain.Override{{Effect: domain.Allow, Permission: read}}}, domain.PolicyAllow},

		// Roles.
		"no role": {subject(), domain.Check{Permission: read, Scope: whole}, domain.Facts{}, domain.NoRole},
		"a role without the key": {
			subject(), domain.Check{Permission: cast, Scope: whole}, granted, domain.RBACDeny},
		"a role of another service is no role": {
			subject(), domain.Check{Permission: "portal.roles.read", Scope: whole}, granted, domain.NoRole},
		"a role of another service that lists the key gives nothing": {
			subject(), domain.Check{Permission: read, Scope: whole},
			domain.Facts{Bindings: []domain.Binding{bound(whole, role(domain.Portal, "odd", read))}}, domain.NoRole},
		"a binding that does not reach the scope is no role": {
			subject(), domain.Check{Permission: read, Scope: whole},
			domain.Facts{Bindings: []domain.Binding{bound(community, reader)}}, domain.NoRole},
		"a community binding reaches its team": {
			subject(), domain.Check{Permission: read, Scope: team},
			domain.Facts{Bindings: []domain.Binding{bound(community, reader)}, Teams: domain.Teams{"t1": "c1"}}, domain.RBACAllow},
		"a community binding does not reach another community's team": {
			subject(), domain.Check{Permission: read, Scope: team},
			domain.Facts{Bindings: []domain.Binding{bound(community, reader)}, Teams: domain.Teams{"t1": "c2"}}, domain.NoRole},
		"roles add up": {
			subject(), domain.Check{Permission: cast, Scope: whole},
			domain.Facts{Bindings: []domain.Binding{bound(whole, reader), bound(whole, role(domain.Voting, "voter", cast))}}, domain.RBACAllow},
		"the member role is for members": {
			subject(), domain.Check{Permission: read, Scope: whole},
			domain.Facts{MemberRoles: []domain.Role{memberTemplate(domain.Voting, read)}}, domain.NoRole},
		"the member role of another service is no role": {
			subject(active), domain.Check{Permission: read, Scope: whole},
			domain.Facts{MemberRoles: []domain.Role{memberTemplate(domain.Portal, "portal.posts.read")}}, domain.NoRole},
		"a member with no binding has the member role, and it may not suffice": {
			subject(active), domain.Check{Permission: cast, Scope: whole},
			domain.Facts{MemberRoles: []domain.Role{memberTemplate(domain.Voting, read)}}, domain.RBACDeny},
	} {
		t.Run(name, func(t *testing.T) {
			d := domain.Platform.Decide(c.subject, c.q, &c.facts)
			require.Equal(t, c.want, d.Reason)
			require.Equal(t, allowing(c.want), d.Allowed)
		})
	}
}

func allowing(r domain.Reason) bool {
	return r == domain.MasterSystemAdmin || r == domain.PolicyAllow || r == domain.RBACAllow
}

func TestVisibility(t *testing.T) {
	t.Parallel()
	const read = "voting.poll.read"
	stranger := uuid.New()
	members := []domain.Role{memberTemplate(domain.Voting, read)}
	portalMember := role(domain.Portal, domain.RoleMember, "portal.communities.read")

	for name, c := range map[string]struct {
		subject    domain.Subject
		scope      domain.Scope
		visibility domain.Visibility
		owner      uuid.UUID
		bindings   []domain.Binding
		want       domain.Reason
	}{
		"public asks for nothing more": {subject(active), community, domain.Public, uuid.Nil, nil, domain.RBACAllow},
		"no visibility is public":      {subject(active), community, "", uuid.Nil, nil, domain.RBACAllow},
		"visibility without the right": {subject(), community, domain.VisibleCommunity, user, []domain.Binding{bound(community, portalMember)}, domain.NoRole},

		"community: the implicit role is not belonging":          {subject(active), community, domain.VisibleCommunity, uuid.Nil, nil, domain.VisibilityDeny},
		"community: a binding of any service is":                 {subject(active), community, domain.VisibleCommunity, uuid.Nil, []domain.Binding{bound(community, portalMember)}, domain.RBACAllow},
		"community: a binding elsewhere is not":                  {subject(active), community, domain.VisibleCommunity, uuid.Nil, []domain.Binding{bound(domain.Scope{Type: domain.Community, ID: "c2"}, portalMember)}, domain.VisibilityDeny},
		"community: a binding in one of its teams is not":        {subject(active), community, domain.VisibleCommunity, uuid.Nil, []domain.Binding{bound(team, portalMember)}, domain.VisibilityDeny},
		"community: a tenant-wide binding reaches it":            {subject(active), community, domain.VisibleCommunity, uuid.Nil, []domain.Binding{bound(whole, portalMember)}, domain.RBACAllow},
		"community: the owner does not belong by owning":         {subject(active), community, domain.VisibleCommunity, user, nil, domain.VisibilityDeny},
		"community of the whole tenant: its members belong":      {subject(active), whole, domain.VisibleCommunity, uuid.Nil, nil, domain.RBACAllow},
		"team: members of the team":                              {subject(active), team, domain.VisibleTeam, uuid.Nil, []domain.Binding{bound(team, portalMember)}, domain.RBACAllow},
		"team: members of the tenant do not belong to its teams": {subject(active), team, domain.VisibleTeam, uuid.Nil, nil, domain.VisibilityDeny},
		"team: a grant in its community reaches it":              {subject(active), team, domain.VisibleTeam, uuid.Nil, []domain.Binding{bound(community, portalMember)}, domain.RBACAllow},

		"private: the owner":                     {subject(active), community, domain.Private, user, nil, domain.RBACAllow},
		"private: the owner without the right":   {subject(), community, domain.Private, user, nil, domain.NoRole},
		"private: another user":                  {subject(active), community, domain.Private, stranger, nil, domain.VisibilityDeny},
		"private: without owner":                 {subject(active), community, domain.Private, uuid.Nil, nil, domain.VisibilityDeny},
		"private: the zero UUID owns nothing":    {domain.Subject{Tenant: tenant, Member: true}, community, domain.Private, uuid.Nil, nil, domain.VisibilityDeny},
		"private: an admin of the service":       {subject(active), community, domain.Private, stranger, []domain.Binding{bound(whole, role(domain.Voting, domain.RoleAdmin))}, domain.RBACAllow},
		"private: an admin of another service":   {subject(active), community, domain.Private, stranger, []domain.Binding{bound(whole, role(domain.Portal, domain.RoleAdmin))}, domain.VisibilityDeny},
		"private: an admin of another community": {subject(active), community, domain.Private, stranger, []domain.Binding{bound(domain.Scope{Type: domain.Community, ID: "c2"}, role(domain.Voting, domain.RoleAdmin))}, domain.VisibilityDeny},
		"private: a moderator":                   {subject(active), community, domain.Private, stranger, []domain.Binding{bound(whole, role(domain.Voting, domain.RoleModerator))}, domain.VisibilityDeny},
		"system admins see everything":           {subject(systemAdmin), community, domain.Private, stranger, nil, domain.MasterSystemAdmin},
		"an unknown visibility is closed":        {subject(active), community, "friends", user, nil, domain.VisibilityDeny},
	} {
		t.Run(name, func(t *testing.T) {
			facts := domain.Facts{MemberRoles: members, Bindings: c.bindings, Teams: domain.Teams{"t1": "c1"}}
			q := domain.Check{Permission: read, Scope: c.scope, Visibility: c.visibility, Owner: c.owner}
			require.Equal(t, c.want, domain.Platform.Decide(c.subject, q, &facts).Reason)
		})
	}
}

func TestExplanationsNameEveryStep(t *testing.T) {
	t.Parallel()
	facts := domain.Facts{
		Bindings:    []domain.Binding{bound(community, role(domain.Voting, "scrutineer", "voting.results.read"))},
		MemberRoles: []domain.Role{memberTemplate(domain.Voting, "voting.poll.read")},
	}
	d, steps := domain.Platform.Explain(subject(active), domain.Check{Permission: "voting.poll.read", Scope: community}, &facts)
	require.Equal(t, domain.Decision{Allowed: true, Reason: domain.RBACAllow}, d)
	require.Equal(t, []domain.Step{
		{Rule: domain.RuleCatalogue, Outcome: domain.Continues, Detail: "the permission exists"},
		{Rule: domain.RuleFlags, Outcome: domain.Continues, Detail: "the user is neither suspended nor a system administrator"},
		{Rule: domain.RuleOverrides, Outcome: domain.Continues, Detail: "no override concerns it"},
		{Rule: domain.RuleRoles, Outcome: domain.Continues, Detail: "role voting:scrutineer (1) bound in COMMUNITY c1 does not grant the permission"},
		{Rule: domain.RuleRoles, Outcome: domain.Continues, Detail: "role voting:member (2) held as a member of the tenant grants the permission"},
		{Rule: domain.RuleVisibility, Outcome: domain.Allows, Detail: "the resource is public"},
	}, steps)
}

func TestALongExplanationIsCutAndKeepsItsEnd(t *testing.T) {
	t.Parallel()
	var facts domain.Facts
	for range 500 {
		facts.Bindings = append(facts.Bindings, bound(whole, role(domain.Voting, "nothing")))
	}
	_, steps := domain.Platform.Explain(subject(), domain.Check{Permission: "voting.poll.read", Scope: whole}, &facts)
	require.Len(t, steps, 64)
	require.Equal(t, domain.Denies, steps[63].Outcome)
}
