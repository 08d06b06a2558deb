package portal_test

import (
	"net/http"
	"testing"
	"time"

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

func (s *service) role(of domain.Actor, community uuid.UUID) string {
	s.t.Helper()
	r, err := s.as(s.admin).GetCommunityMemberWithResponse(s.t.Context(), community, of.User)
	require.NoError(s.t, err)
	if r.StatusCode() == http.StatusNotFound {
		return ""
	}
	return string(fine(s.t, r, err).JSON200.Role)
}

func (s *service) teamRole(of domain.Actor, team uuid.UUID) string {
	s.t.Helper()
	r, err := s.as(s.admin).GetTeamMemberWithResponse(s.t.Context(), team, of.User)
	require.NoError(s.t, err)
	if r.StatusCode() == http.StatusNotFound {
		return ""
	}
	return string(fine(s.t, r, err).JSON200.Role)
}

// The must-keep way of adding and removing: again only sets the role, without one nothing, and removing nobody is done.
func TestAddAndRemove(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	change := func(body portalapi.MemberChange) {
		t.Helper()
		body.UserID = &s.member.User
		r, err := s.as(s.owner).ChangeCommunityMembersWithResponse(t.Context(), c.ID, body)
		require.True(t, fine(t, r, err).JSON200.Ok)
	}
	remove := ptr(portalapi.MemberActionRemove)
	change(portalapi.MemberChange{Action: remove})
	change(portalapi.MemberChange{})
	require.Equal(t, "member", s.role(s.member, c.ID))
	change(portalapi.MemberChange{RoleHint: some(portalapi.MyRoleModerator)})
	require.Equal(t, "moderator", s.role(s.member, c.ID))
	change(portalapi.MemberChange{RoleHint: null[portalapi.MyRole]()})
	require.Equal(t, "moderator", s.role(s.member, c.ID))
	change(portalapi.MemberChange{Action: remove})
	require.Empty(t, s.role(s.member, c.ID))
}

// Moderators reach up to moderators: they neither make, change nor remove owners.
func TestHowFarModeratorsReach(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	moderator, peer := s.colleague(), s.colleague()
	s.put(c.ID, moderator, portalapi.MyRoleModerator)
	s.put(c.ID, peer, portalapi.MyRoleMember)
	as := s.as(moderator)
	set := func(who domain.Actor, role portalapi.Role) (answer, error) {
		return as.SetCommunityMemberRoleWithResponse(t.Context(), c.ID, who.User, portalapi.RoleChange{Role: role})
	}
	r, err := set(peer, portalapi.RoleOwner)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", r, err)
	r, err = set(moderator, portalapi.RoleOwner)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", r, err)
	r, err = set(s.owner, portalapi.RoleMember)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", r, err)
	removed, err := as.RemoveCommunityMemberWithResponse(t.Context(), c.ID, s.owner.User)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", removed, err)
	added, err := as.ChangeCommunityMembersWithResponse(t.Context(), c.ID, portalapi.MemberChange{UserID: ptr(uuid.New()), RoleHint: some(portalapi.MyRoleOwner)})
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", added, err)
	r, err = set(peer, portalapi.RoleModerator)
	fine(t, r, err)
	removed, err = as.RemoveCommunityMemberWithResponse(t.Context(), c.ID, peer.User)
	fine(t, removed, err)

	// who owns a team is out of their reach in the community as well, because leaving it would end that
	s.put(c.ID, peer, portalapi.MyRoleMember)
	team, err := s.as(s.owner).CreateTeamWithResponse(t.Context(), portalapi.TeamCreate{CommunityID: &c.ID, Name: "T"})
	fine(t, team, err)
	s.putTeam(team.JSON201.ID, peer, portalapi.MyRoleOwner)
	removed, err = as.RemoveCommunityMemberWithResponse(t.Context(), c.ID, peer.User)
	refused(t, http.StatusForbidden, "ROLE_TOO_HIGH", removed, err)
	removed, err = s.as(s.owner).RemoveCommunityMemberWithResponse(t.Context(), c.ID, peer.User)
	fine(t, removed, err)
	require.Empty(t, s.teamRole(peer, team.JSON201.ID))
}

func TestThereIsAlwaysAnOwner(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	s.put(c.ID, s.member, portalapi.MyRoleMember)
	owner := s.as(s.owner)

	left, err := owner.LeaveTeamWithResponse(t.Context(), team.ID)
	refused(t, http.StatusConflict, "LAST_OWNER", left, err)
	require.Equal(t, team.ID.String(), envelopeOf(left).Error.Details.ScopeID)
	out, err := owner.LeaveCommunityWithResponse(t.Context(), c.ID)
	refused(t, http.StatusConflict, "LAST_OWNER", out, err)
	down, err := owner.SetCommunityMemberRoleWithResponse(t.Context(), c.ID, s.owner.User, portalapi.RoleChange{Role: portalapi.RoleMember})
	refused(t, http.StatusConflict, "LAST_OWNER", down, err)
	removed, err := s.as(s.admin).RemoveCommunityMemberWithResponse(t.Context(), c.ID, s.owner.User)
	refused(t, http.StatusConflict, "LAST_OWNER", removed, err)

	given, err := owner.TransferCommunityWithResponse(t.Context(), c.ID, portalapi.Transfer{UserID: uuid.New()})
	refused(t, http.StatusNotFound, "NOT_FOUND", given, err)
	given, err = owner.TransferCommunityWithResponse(t.Context(), c.ID, portalapi.Transfer{UserID: s.member.User})
	require.Equal(t, portalapi.RoleOwner, fine(t, given, err).JSON200.Role)
	require.Equal(t, "moderator", s.role(s.owner, c.ID))
	out, err = owner.LeaveCommunityWithResponse(t.Context(), c.ID)
	refused(t, http.StatusConflict, "LAST_OWNER", out, err) // of the team
	s.access.Admin(s.owner.User)
	s.putTeam(team.ID, s.member, portalapi.MyRoleOwner)
	s.access.Dismiss(s.owner.User)
	out, err = owner.LeaveCommunityWithResponse(t.Context(), c.ID)
	fine(t, out, err)
	require.Empty(t, s.role(s.owner, c.ID))
	require.Empty(t, s.teamRole(s.owner, team.ID), "with the community he left its teams")
	out, err = owner.LeaveCommunityWithResponse(t.Context(), c.ID)
	refused(t, http.StatusNotFound, "NOT_FOUND", out, err)

	// an administrator of the tenant gives away what is not his, and stays out of it
	s.put2(c.ID, s.colleague())
	members, err := s.as(s.admin).ListCommunityMembersWithResponse(t.Context(), c.ID, nil)
	heir := fine(t, members, err).JSON200.Items[1].UserID
	given, err = s.as(s.admin).TransferCommunityWithResponse(t.Context(), c.ID, portalapi.Transfer{UserID: heir})
	fine(t, given, err)
	require.Empty(t, s.role(s.admin, c.ID))
	require.Equal(t, "owner", s.role(s.member, c.ID), "two owners now")
}

// put2 makes somebody a member, as the administrator of the tenant.
func (s *service) put2(community uuid.UUID, who domain.Actor) {
	s.t.Helper()
	r, err := s.as(s.admin).ChangeCommunityMembersWithResponse(s.t.Context(), community, portalapi.MemberChange{UserID: &who.User})
	fine(s.t, r, err)
}

// Who is in a team is in its community: whoever lets him into the one must be able to let him into the other.
func TestTeamsTakeMembersOfTheCommunity(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	captain, stranger := s.colleague(), s.colleague()
	s.put(c.ID, captain, portalapi.MyRoleMember)
	s.putTeam(team.ID, captain, portalapi.MyRoleModerator)

	add := portalapi.MemberChange{UserID: &stranger.User}
	r, err := s.as(captain).ChangeTeamMembersWithResponse(t.Context(), team.ID, add)
	refused(t, http.StatusConflict, "NOT_IN_COMMUNITY", r, err)
	joined, err := s.as(stranger).JoinTeamWithResponse(t.Context(), team.ID)
	refused(t, http.StatusConflict, "NOT_IN_COMMUNITY", joined, err)
	r, err = s.as(s.owner).ChangeTeamMembersWithResponse(t.Context(), team.ID, add)
	fine(t, r, err)
	require.Equal(t, "member", s.role(stranger, c.ID))
	require.Equal(t, "member", s.teamRole(stranger, team.ID))

	opened, err := s.as(s.owner).UpdateCommunityWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{JoinPolicy: ptr(portalapi.JoinPolicyOpen)})
	fine(t, opened, err)
	another := s.colleague()
	joined, err = s.as(another).JoinTeamWithResponse(t.Context(), team.ID)
	fine(t, joined, err)
	require.Equal(t, "member", s.role(another, c.ID), "an open community lets him in on the way")
}

// What changed holds on the very next request, because access was told before the answer.
func TestAChangeHoldsAtOnce(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	add := func() (answer, error) {
		return s.as(s.member).ChangeCommunityMembersWithResponse(t.Context(), c.ID, portalapi.MemberChange{UserID: ptr(s.colleague().User)})
	}
	s.put(c.ID, s.member, portalapi.MyRoleModerator)
	r, err := add()
	fine(t, r, err)
	s.put(c.ID, s.member, portalapi.MyRoleMember)
	r, err = add()
	refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
	s.put(c.ID, s.member, portalapi.MyRoleModerator)
	removed, err := s.as(s.owner).RemoveCommunityMemberWithResponse(t.Context(), c.ID, s.member.User)
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
		s.put(c.ID, who, portalapi.MyRoleMember)
		want = append(want, who.User)
	}
	var got []uuid.UUID
	params := portalapi.ListCommunityMembersParams{Limit: ptr[int32](2)}
	for {
		r, err := s.as(s.member).ListCommunityMembersWithResponse(t.Context(), c.ID, &params)
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
	owners, err := s.as(s.member).ListCommunityMembersWithResponse(t.Context(), c.ID, &portalapi.ListCommunityMembersParams{Role: ptr(portalapi.RoleOwner)})
	require.Len(t, fine(t, owners, err).JSON200.Items, 1)
	missing, err := s.as(s.member).ListCommunityMembersWithResponse(t.Context(), uuid.New(), nil)
	refused(t, http.StatusNotFound, "NOT_FOUND", missing, err)
}
