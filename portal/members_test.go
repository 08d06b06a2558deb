package portal_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

// The rules that the contract's tests assert about membership checks: 200 with the role for a member, 404 for others,
// in communities and teams alike, and Access is asked.
func TestMembershipChecks(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	s.put(c.ID, s.member, portalapi.RoleModerator)
	s.putTeam(team.ID, s.member, portalapi.RoleMember)

	s.checks()
	inCommunity, err := s.as(s.member).GetGroupMemberWithResponse(t.Context(), c.ID, s.member.User)
	check := fine(t, inCommunity, err).JSON200
	require.Equal(t, portalapi.RoleModerator, check.RoleHint)
	require.Equal(t, []authz.Check{{Permission: groupsdomain.PermissionCommunityMembersRead, Scope: authz.CommunityScope(c.ID)}}, s.checks())
	inTeam, err := s.as(s.member).GetGroupMemberWithResponse(t.Context(), team.ID, s.member.User)
	require.Equal(t, portalapi.RoleMember, fine(t, inTeam, err).JSON200.RoleHint)

	stranger := uuid.New()
	inCommunity, err = s.as(s.member).GetGroupMemberWithResponse(t.Context(), c.ID, stranger)
	refused(t, http.StatusNotFound, "NOT_FOUND", inCommunity, err)
	inTeam, err = s.as(s.member).GetGroupMemberWithResponse(t.Context(), team.ID, stranger)
	refused(t, http.StatusNotFound, "NOT_FOUND", inTeam, err)
	inCommunity, err = s.as(s.member).GetGroupMemberWithResponse(t.Context(), uuid.New(), s.member.User)
	refused(t, http.StatusNotFound, "NOT_FOUND", inCommunity, err)

	s.access.Deny(s.member, groupsdomain.PermissionCommunityMembersRead)
	inCommunity, err = s.as(s.member).GetGroupMemberWithResponse(t.Context(), uuid.New(), s.member.User)
	refused(t, http.StatusForbidden, "FORBIDDEN", inCommunity, err)
	require.Equal(t, string(groupsdomain.PermissionCommunityMembersRead), envelopeOf(inCommunity).Error.Details.Permission)
}

func (s *service) role(of authz.Actor, community uuid.UUID) string {
	s.t.Helper()
	r, err := s.as(s.admin).GetGroupMemberWithResponse(s.t.Context(), community, of.User)
	require.NoError(s.t, err)
	if r.StatusCode() == http.StatusNotFound {
		return ""
	}
	return string(fine(s.t, r, err).JSON200.Role)
}

func (s *service) teamRole(of authz.Actor, team uuid.UUID) string {
	s.t.Helper()
	r, err := s.as(s.admin).GetGroupMemberWithResponse(s.t.Context(), team, of.User)
	require.NoError(s.t, err)
	if r.StatusCode() == http.StatusNotFound {
		return ""
	}
	return string(fine(s.t, r, err).JSON200.Role)
}

// Adding a member again only sets the role, if there is one.
func TestAddingTwiceSetsTheRole(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	add := func(role *portalapi.Role) portalapi.Role {
		t.Helper()
		r, err := s.as(s.owner).AddGroupMemberWithResponse(t.Context(), c.ID, portalapi.MemberCreate{UserID: s.member.User, Role: role})
		return fine(t, r, err).JSON200.Role
	}
	require.Equal(t, portalapi.RoleMember, add(nil))
	require.Equal(t, portalapi.RoleModerator, add(ptr(portalapi.RoleModerator)))
	require.Equal(t, portalapi.RoleModerator, add(nil))
	for _, status := range []int{http.StatusNoContent, http.StatusNotFound} {
		r, err := s.as(s.owner).RemoveGroupMemberWithResponse(t.Context(), c.ID, s.member.User)
		require.NoError(t, err)
		require.Equal(t, status, r.StatusCode())
	}
	require.Empty(t, s.role(s.member, c.ID))
}

// Moderators reach up to moderators: they neither make, change nor remove owners.
func TestLimitsOfModerators(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	moderator, peer := s.colleague(), s.colleague()
	s.put(c.ID, moderator, portalapi.RoleModerator)
	s.put(c.ID, peer, portalapi.RoleMember)
	as := s.as(moderator)
	set := func(who authz.Actor, role portalapi.Role) (answer, error) {
		return as.ChangeGroupMemberRoleWithResponse(t.Context(), c.ID, who.User, portalapi.RoleChange{Role: role})
	}
	r, err := set(peer, portalapi.RoleOwner)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", r, err)
	r, err = set(moderator, portalapi.RoleOwner)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", r, err)
	r, err = set(s.owner, portalapi.RoleMember)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", r, err)
	removed, err := as.RemoveGroupMemberWithResponse(t.Context(), c.ID, s.owner.User)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", removed, err)
	added, err := as.AddGroupMemberWithResponse(t.Context(), c.ID, portalapi.MemberCreate{UserID: uuid.New(), Role: ptr(portalapi.RoleOwner)})
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", added, err)
	r, err = set(peer, portalapi.RoleModerator)
	fine(t, r, err)
	removed, err = as.RemoveGroupMemberWithResponse(t.Context(), c.ID, peer.User)
	fine(t, removed, err)

	// who owns a team is out of their reach in the community as well, because leaving it would end that
	s.put(c.ID, peer, portalapi.RoleMember)
	team, err := s.as(s.owner).CreateTeamWithResponse(t.Context(), portalapi.TeamCreate{CommunityID: &c.ID, Name: "T"})
	fine(t, team, err)
	s.putTeam(team.JSON201.ID, peer, portalapi.RoleOwner)
	removed, err = as.RemoveGroupMemberWithResponse(t.Context(), c.ID, peer.User)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", removed, err)
	removed, err = s.as(s.owner).RemoveGroupMemberWithResponse(t.Context(), c.ID, peer.User)
	fine(t, removed, err)
	require.Empty(t, s.teamRole(peer, team.JSON201.ID))
}

func TestTheLastOwnerStays(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	s.put(c.ID, s.member, portalapi.RoleMember)
	owner := s.as(s.owner)

	left, err := owner.LeaveGroupWithResponse(t.Context(), team.ID)
	refused(t, http.StatusConflict, "LAST_OWNER", left, err)
	require.Equal(t, team.ID.String(), envelopeOf(left).Error.Details.ScopeID)
	out, err := owner.LeaveGroupWithResponse(t.Context(), c.ID)
	refused(t, http.StatusConflict, "LAST_OWNER", out, err)
	down, err := owner.ChangeGroupMemberRoleWithResponse(t.Context(), c.ID, s.owner.User, portalapi.RoleChange{Role: portalapi.RoleMember})
	refused(t, http.StatusConflict, "LAST_OWNER", down, err)
	removed, err := s.as(s.admin).RemoveGroupMemberWithResponse(t.Context(), c.ID, s.owner.User)
	refused(t, http.StatusConflict, "LAST_OWNER", removed, err)

	given, err := owner.TransferGroupWithResponse(t.Context(), c.ID, portalapi.Transfer{UserID: uuid.New()})
	refused(t, http.StatusNotFound, "NOT_FOUND", given, err)
	given, err = owner.TransferGroupWithResponse(t.Context(), c.ID, portalapi.Transfer{UserID: s.member.User})
	require.Equal(t, portalapi.RoleOwner, fine(t, given, err).JSON200.Role)
	require.Equal(t, "moderator", s.role(s.owner, c.ID))
	out, err = owner.LeaveGroupWithResponse(t.Context(), c.ID)
	refused(t, http.StatusConflict, "LAST_OWNER", out, err) // of the team
	s.makeAdmin(s.owner)
	s.putTeam(team.ID, s.member, portalapi.RoleOwner)
	s.dismissAdmin(s.owner)
	out, err = owner.LeaveGroupWithResponse(t.Context(), c.ID)
	fine(t, out, err)
	require.Empty(t, s.role(s.owner, c.ID))
	require.Empty(t, s.teamRole(s.owner, team.ID), "the member left the teams with their community")
	out, err = owner.LeaveGroupWithResponse(t.Context(), c.ID)
	refused(t, http.StatusNotFound, "NOT_FOUND", out, err)

	// an administrator of the tenant transfers ownership without being a member, and stays none
	s.put2(c.ID, s.colleague())
	members, err := s.as(s.admin).ListGroupMembersWithResponse(t.Context(), c.ID, nil)
	heir := fine(t, members, err).JSON200.Items[1].UserID
	given, err = s.as(s.admin).TransferGroupWithResponse(t.Context(), c.ID, portalapi.Transfer{UserID: heir})
	fine(t, given, err)
	require.Empty(t, s.role(s.admin, c.ID))
	require.Equal(t, "owner", s.role(s.member, c.ID), "two owners now")
}

// put2 makes a user a member, as the administrator of the tenant.
func (s *service) put2(community uuid.UUID, who authz.Actor) {
	s.t.Helper()
	r, err := s.as(s.admin).AddGroupMemberWithResponse(s.t.Context(), community, portalapi.MemberCreate{UserID: who.User})
	fine(s.t, r, err)
}

// A team member is a member of its community: adding a user to the team needs the right to add to the community.
func TestTeamsTakeMembersOfTheCommunity(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	captain, stranger := s.colleague(), s.colleague()
	s.put(c.ID, captain, portalapi.RoleMember)
	s.putTeam(team.ID, captain, portalapi.RoleModerator)

	add := portalapi.MemberCreate{UserID: stranger.User}
	r, err := s.as(captain).AddGroupMemberWithResponse(t.Context(), team.ID, add)
	refused(t, http.StatusConflict, "NOT_IN_COMMUNITY", r, err)
	joined, err := s.as(stranger).JoinGroupWithResponse(t.Context(), team.ID)
	refused(t, http.StatusConflict, "NOT_IN_COMMUNITY", joined, err)
	r, err = s.as(s.owner).AddGroupMemberWithResponse(t.Context(), team.ID, add)
	fine(t, r, err)
	require.Equal(t, "member", s.role(stranger, c.ID))
	require.Equal(t, "member", s.teamRole(stranger, team.ID))

	opened, err := s.as(s.owner).UpdateGroupWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{JoinPolicy: ptr(portalapi.JoinPolicyOpen)})
	fine(t, opened, err)
	another := s.colleague()
	joined, err = s.as(another).JoinGroupWithResponse(t.Context(), team.ID)
	fine(t, joined, err)
	require.Equal(t, "member", s.role(another, c.ID), "the user joins an open community on the way")
}

// What changed holds on the very next request, because access was told before the answer.
func TestAccessKnowsAChangeBeforeTheAnswer(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	add := func() (answer, error) {
		return s.as(s.member).AddGroupMemberWithResponse(t.Context(), c.ID, portalapi.MemberCreate{UserID: s.colleague().User})
	}
	s.put(c.ID, s.member, portalapi.RoleModerator)
	r, err := add()
	fine(t, r, err)
	s.put(c.ID, s.member, portalapi.RoleMember)
	r, err = add()
	refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
	s.put(c.ID, s.member, portalapi.RoleModerator)
	removed, err := s.as(s.owner).RemoveGroupMemberWithResponse(t.Context(), c.ID, s.member.User)
	fine(t, removed, err)
	r, err = add()
	refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
}

func TestMemberPages(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	want := []uuid.UUID{s.owner.User}
	for range 5 {
		s.clock.Advance(time.Millisecond)
		who := s.colleague()
		s.put(c.ID, who, portalapi.RoleMember)
		want = append(want, who.User)
	}
	var got []uuid.UUID
	params := portalapi.ListGroupMembersParams{Limit: ptr(2)}
	for {
		r, err := s.as(s.member).ListGroupMembersWithResponse(t.Context(), c.ID, &params)
		page := fine(t, r, err).JSON200
		for _, m := range page.Items {
			got = append(got, m.UserID)
		}
		cursor, err := page.NextCursor.Get()
		if err != nil {
			break
		}
		params.Cursor = &cursor
	}
	require.ElementsMatch(t, want, got)
	require.Equal(t, want[0], got[0])
	owners, err := s.as(s.member).ListGroupMembersWithResponse(t.Context(), c.ID, &portalapi.ListGroupMembersParams{Role: ptr(portalapi.RoleOwner)})
	require.Len(t, fine(t, owners, err).JSON200.Items, 1)
	missing, err := s.as(s.member).ListGroupMembersWithResponse(t.Context(), uuid.New(), nil)
	refused(t, http.StatusNotFound, "NOT_FOUND", missing, err)
}
