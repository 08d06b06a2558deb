package portal_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/domain"
)

// The rules that the contract's tests assert about membership checks: 200 with the role for a member, 404 for others,
// in communities and teams alike, and Access is asked.
func TestMembershipChecks(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	s.put(c.ID, s.member, portalapi.MyRoleModerator)
	s.putTeam(team.ID, s.member, portalapi.MyRoleMember)

	s.access.Asked()
	inCommunity, err := s.as(s.member).GetCommunityMemberWithResponse(t.Context(), c.ID, s.member.User)
	check := fine(t, inCommunity, err).JSON200
	require.True(t, check.Member)
	require.Equal(t, portalapi.RoleModerator, check.RoleHint)
	require.Equal(t, []domain.Ask{{Permission: domain.PermissionCommunityMembersRead, Scope: domain.CommunityScope(c.ID)}}, s.access.Asked())
	inTeam, err := s.as(s.member).GetTeamMemberWithResponse(t.Context(), team.ID, s.member.User)
	require.Equal(t, portalapi.RoleMember, fine(t, inTeam, err).JSON200.RoleHint)

	stranger := uuid.New()
	inCommunity, err = s.as(s.member).GetCommunityMemberWithResponse(t.Context(), c.ID, stranger)
	refused(t, http.StatusNotFound, "NOT_FOUND", inCommunity, err)
	inTeam, err = s.as(s.member).GetTeamMemberWithResponse(t.Context(), team.ID, stranger)
	refused(t, http.StatusNotFound, "NOT_FOUND", inTeam, err)
	inCommunity, err = s.as(s.member).GetCommunityMemberWithResponse(t.Context(), uuid.New(), s.member.User)
	refused(t, http.StatusNotFound, "NOT_FOUND", inCommunity, err)

	s.access.Deny(s.member.User, domain.PermissionCommunityMembersRead)
	inCommunity, err = s.as(s.member).GetCommunityMemberWithResponse(t.Context(), uuid.New(), s.member.User)
	refused(t, http.StatusForbidden, "FORBIDDEN", inCommunity, err)
	require.Equal(t, string(domain.PermissionCommunityMembersRead), envelopeOf(inCommunity).Error.Details.Permission)
}
