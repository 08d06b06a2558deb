package access_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/access/domain"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/commonapi"
)

// portal is Portal, on behalf of no user.
var portal = person{tenant: aef, caller: "portal"}

func change(scope accessapi.MemberScopeType, id, community, user uuid.UUID, role accessapi.MemberRole, version int64) accessapi.MembershipChange {
	c := accessapi.MembershipChange{ScopeType: scope, ScopeID: id, CommunityID: community, UserID: user, Version: version, Role: nullable.NewNullNullable[accessapi.MemberRole]()}
	if role != "" {
		c.Role.Set(role)
	}
	return c
}

func (s *fixture) sync(as person, changes ...accessapi.MembershipChange) int {
	s.T.Helper()
	resp, err := s.as(as).SyncMembershipsWithResponse(context.Background(), accessapi.MembershipChanges{Changes: changes})
	require.NoError(s.T, err)
	return resp.StatusCode()
}

func (s *fixture) scopes(p person, questions ...accessapi.ScopeQuestion) []accessapi.AllowedScopes {
	s.T.Helper()
	resp, err := s.as(p).ListAllowedScopesWithResponse(context.Background(), accessapi.ScopeQuestions{Questions: questions})
	require.NoError(s.T, err)
	require.NotNil(s.T, resp.JSON200, string(resp.Body))
	return resp.JSON200.Answers
}

func TestAMembershipHoldsOnTheNextRequest(t *testing.T) {
	t.Parallel()
	s := start(t)
	p, community, team := stranger(aef), uuid.New(), uuid.New()
	manage := question("portal.teams.manage", commonapi.ScopeTypeTEAM, team.String())
	require.False(t, s.decide(p, manage).Allowed)
	for version, c := range []struct {
		role    accessapi.MemberRole
		allowed bool
	}{{accessapi.MemberRoleModerator, true}, {accessapi.MemberRoleMember, false}, {accessapi.MemberRoleOwner, true}, {"", false}} {
		require.Equal(t, http.StatusNoContent, s.sync(portal,
			change(accessapi.MemberScopeTypeCOMMUNITY, community, community, p.user, c.role, int64(version+1)),
			change(accessapi.MemberScopeTypeTEAM, team, community, uuid.New(), accessapi.MemberRoleMember, 1)))
		require.Equal(t, c.allowed, s.decide(p, manage).Allowed, "a grant in the community reaches its team: %s", c.role)
		elsewhere := p
		elsewhere.tenant = gaming
		require.False(t, s.decide(elsewhere, manage).Allowed)
	}
}

func TestOnlyPortalMakesMembers(t *testing.T) {
	t.Parallel()
	s := start(t)
	id := uuid.New()
	c := change(accessapi.MemberScopeTypeCOMMUNITY, id, id, uuid.New(), accessapi.MemberRoleOwner, 1)
	for _, caller := range []string{"", "voting", "events"} {
		require.Equal(t, http.StatusForbidden, s.sync(person{tenant: aef, caller: caller}, c), caller)
		resp, err := s.as(person{tenant: aef, caller: caller}).ReconcileMembershipsWithResponse(context.Background(), accessapi.MembershipPage{Memberships: []accessapi.Membership{}})
		require.NoError(t, err)
		require.Equal(t, http.StatusForbidden, resp.StatusCode())
	}
	require.Equal(t, http.StatusBadRequest, s.sync(person{caller: "portal"}, c), "for no tenant")
	require.Zero(t, s.count(aef, "SELECT count(*) FROM memberships"))
	odd := c
	odd.CommunityID = uuid.New()
	require.Equal(t, http.StatusUnprocessableEntity, s.sync(portal, odd), "a community of another community")
}

func TestReconcilingRepairsAndTells(t *testing.T) {
	t.Parallel()
	s := start(t)
	community := uuid.New()
	member := func(user uuid.UUID, role accessapi.MemberRole, version int64) accessapi.Membership {
		return accessapi.Membership{ScopeType: accessapi.MemberScopeTypeCOMMUNITY, ScopeID: community, CommunityID: community, UserID: user, Role: role, Version: version}
	}
	missed, demoted, removed, fresh := stranger(aef), stranger(aef), stranger(aef), stranger(aef)
	require.Equal(t, http.StatusNoContent, s.sync(portal,
		change(accessapi.MemberScopeTypeCOMMUNITY, community, community, demoted.user, accessapi.MemberRoleOwner, 1),
		change(accessapi.MemberScopeTypeCOMMUNITY, community, community, removed.user, accessapi.MemberRoleOwner, 1)))
	s.Clock.Advance(2 * domain.ReconcileGrace)
	require.Equal(t, http.StatusNoContent, s.sync(portal, change(accessapi.MemberScopeTypeCOMMUNITY, community, community, fresh.user, accessapi.MemberRoleOwner, 1)))

	page := accessapi.MembershipPage{Memberships: []accessapi.Membership{
		member(missed.user, accessapi.MemberRoleOwner, 1), member(demoted.user, accessapi.MemberRoleMember, 2),
	}}
	for _, want := range []accessapi.MembershipDrift{{Added: 1, Changed: 1, Removed: 1}, {}} {
		resp, err := s.as(portal).ReconcileMembershipsWithResponse(context.Background(), page)
		require.NoError(t, err)
		require.NotNil(t, resp.JSON200, string(resp.Body))
		require.Equal(t, want, *resp.JSON200)
	}
	manage := question("portal.communities.manage", commonapi.ScopeTypeCOMMUNITY, community.String())
	for p, allowed := range map[person]bool{missed: true, demoted: false, removed: false, fresh: true} {
		require.Equal(t, allowed, s.decide(p, manage).Allowed)
	}

	// what lies outside of the range is no member of the page
	key := accessapi.MembershipKey{ScopeType: accessapi.MemberScopeTypeTEAM, ScopeID: community, UserID: uuid.New()}
	page.After = nullable.NewNullableWithValue(key)
	resp, err := s.as(portal).ReconcileMembershipsWithResponse(context.Background(), page)
	require.NoError(t, err)
	require.Equal(t, http.StatusUnprocessableEntity, resp.StatusCode())
}

func TestAllowedScopesOverTheWire(t *testing.T) {
	t.Parallel()
	s := start(t)
	p, c1, c2, t1, t2 := member(aef), uuid.New(), uuid.New(), uuid.New(), uuid.New()
	require.Equal(t, http.StatusNoContent, s.sync(portal,
		change(accessapi.MemberScopeTypeCOMMUNITY, c1, c1, p.user, accessapi.MemberRoleMember, 1),
		change(accessapi.MemberScopeTypeTEAM, t1, c1, p.user, accessapi.MemberRoleMember, 1),
		change(accessapi.MemberScopeTypeTEAM, t2, c2, p.user, accessapi.MemberRoleModerator, 1)))
	ofMembers, private := commonapi.VisibilityCommunity, commonapi.VisibilityPrivate
	require.Equal(t, []accessapi.AllowedScopes{
		{Everywhere: true, Communities: []string{}, Teams: []string{}},
		{Tenant: true, Communities: []string{c1.String()}, Teams: []string{t2.String()}},
		{Communities: []string{}, Teams: []string{}},
		{Communities: []string{}, Teams: []string{t2.String()}},
		{Communities: []string{}, Teams: []string{}},
	}, s.scopes(p,
		accessapi.ScopeQuestion{Permission: "portal.posts.read"},
		accessapi.ScopeQuestion{Permission: "portal.posts.read", ResourceVisibility: &ofMembers},
		accessapi.ScopeQuestion{Permission: "portal.posts.read", ResourceVisibility: &private},
		accessapi.ScopeQuestion{Permission: "portal.teams.manage"},
		accessapi.ScopeQuestion{Permission: "no.such.key"},
	))
	suspended := p
	suspended.flags.Suspended = true
	require.False(t, s.scopes(suspended, accessapi.ScopeQuestion{Permission: "portal.posts.read"})[0].Everywhere)

	root := person{tenant: aef, user: uuid.New()}
	root.flags.SystemAdmin = true
	require.True(t, s.scopes(root, accessapi.ScopeQuestion{Permission: "portal.posts.read", ResourceVisibility: &private})[0].Everywhere)
	s.Stop() // what waits is stored
	require.Equal(t, 1, s.count(aef, "SELECT count(*) FROM audit_entries WHERE actor_id = ? AND action = 'system_admin_decision' AND target_id = 'portal.posts.read'", root.user))
}
