package portal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/portal"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// Whatever became of what access knows, the operator's command puts it right.
func TestReconcile(t *testing.T) {
	t.Parallel()
	s := start(t, own)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	s.put(c.ID, s.member, portalapi.RoleMember)
	s.access.IgnoreMemberships(true)
	s.put(c.ID, s.member, portalapi.RoleModerator)
	missed := s.colleague()
	s.put(c.ID, missed, portalapi.RoleMember)
	s.access.IgnoreMemberships(false)
	s.access.RemoveMembership(s.owner.Tenant, accessclient.MembershipKey{Scope: authz.TeamScope(team.ID), UserID: s.owner.User})
	s.access.SetMembership(s.owner.Tenant, accessclient.Membership{ // which portal does not have
		MembershipKey: accessclient.MembershipKey{Scope: authz.CommunityScope(c.ID), UserID: uuid.New()}, CommunityID: c.ID, Role: accessclient.Owner, Version: 7,
	})

	require.NoError(t, portal.Reconcile(t.Context(), s.cfg))
	require.Equal(t, map[groupsports.MembershipKey]groupsdomain.Role{
		{Scope: authz.CommunityScope(c.ID), User: s.owner.User}:  groupsdomain.RoleOwner,
		{Scope: authz.CommunityScope(c.ID), User: s.member.User}: groupsdomain.RoleModerator,
		{Scope: authz.CommunityScope(c.ID), User: missed.User}:   groupsdomain.RoleMember,
		{Scope: authz.TeamScope(team.ID), User: s.owner.User}:    groupsdomain.RoleOwner,
	}, s.knownRoles())

	s.access.Fail(authztest.Unavailable)
	require.Error(t, portal.Reconcile(t.Context(), s.cfg))
	require.Equal(t, "reconcile", portal.Commands()[0].Name)
}

// A running service does so by itself, and says what it found in its log.
func TestReconciliationRunsAtIntervals(t *testing.T) {
	t.Parallel()
	var log lockedBuffer
	s := start(t, func(c *portal.Config) { c.ReconcileInterval, c.Log = 20*time.Millisecond, &log })
	s.access.IgnoreMemberships(true)
	c := s.community(portalapi.JoinPolicyInvite)
	require.Eventually(t, func() bool {
		return s.knownRoles()[groupsports.MembershipKey{Scope: authz.CommunityScope(c.ID), User: s.owner.User}] == groupsdomain.RoleOwner
	}, time.Minute, time.Millisecond)
	require.Eventually(t, func() bool { return strings.Contains(log.String(), "access had memberships wrong") }, time.Minute, time.Millisecond)
}

// A change is made and told by events, even while access does not listen.
func TestAChangeDoesNotNeedAccess(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	s.access.IgnoreMemberships(true)
	joined, err := s.as(s.member).JoinGroupWithResponse(t.Context(), c.ID)
	fine(t, joined, err)
	require.Equal(t, "member", s.role(s.member, c.ID))
}
