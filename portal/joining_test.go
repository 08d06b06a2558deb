package portal_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	groupsdomain "go.updspace.com/portal/groups/domain"
)

func TestJoinGroup(t *testing.T) {
	s := start(t)
	open, byRequest, shut := s.community(portalapi.JoinPolicyOpen), s.community(portalapi.JoinPolicyRequest), s.community(portalapi.JoinPolicyInvite)
	member := s.as(s.member)
	for range 2 { // the second time the user is a member already
		joined, err := member.JoinGroupWithResponse(t.Context(), open.ID)
		require.Equal(t, portalapi.RoleMember, fine(t, joined, err).JSON200.Role)
	}
	for _, closed := range []uuid.UUID{byRequest.ID, shut.ID} {
		joined, err := member.JoinGroupWithResponse(t.Context(), closed)
		refused(t, http.StatusConflict, "JOIN_CLOSED", joined, err)
	}
	for _, closed := range []uuid.UUID{open.ID, shut.ID} {
		asked, err := s.as(s.colleague()).CreateJoinRequestWithResponse(t.Context(), closed, portalapi.JoinRequestCreate{})
		refused(t, http.StatusConflict, "REQUESTS_CLOSED", asked, err)
	}
	left, err := member.LeaveGroupWithResponse(t.Context(), open.ID)
	fine(t, left, err)
	require.Empty(t, s.role(s.member, open.ID))
}

func TestJoinRequests(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyRequest)
	ask := func(who authz.Actor) (*portalapi.CreateJoinRequestResponse, error) {
		return s.as(who).CreateJoinRequestWithResponse(t.Context(), c.ID, portalapi.JoinRequestCreate{Message: some("please")})
	}
	asked, err := ask(s.member)
	request := fine(t, asked, err).JSON201
	require.Equal(t, portalapi.RequestStatusPending, request.Status)
	require.Equal(t, c.Name, request.ScopeName)
	again, err := ask(s.member)
	refused(t, http.StatusConflict, "REQUEST_PENDING", again, err)

	stranger := s.colleague()
	cancelled, err := s.as(stranger).CancelJoinRequestWithResponse(t.Context(), c.ID, request.ID)
	refused(t, http.StatusNotFound, "NOT_FOUND", cancelled, err) // it is another user's
	cancelled, err = s.as(s.member).CancelJoinRequestWithResponse(t.Context(), c.ID, request.ID)
	require.Equal(t, portalapi.RequestStatusCancelled, fine(t, cancelled, err).JSON200.Status)
	late, err := s.as(s.owner).ApproveJoinRequestWithResponse(t.Context(), c.ID, request.ID)
	refused(t, http.StatusConflict, "REQUEST_DECIDED", late, err)

	asked, err = ask(s.member)
	request = fine(t, asked, err).JSON201
	listed, err := s.as(s.owner).ListJoinRequestsWithResponse(t.Context(), c.ID, &portalapi.ListJoinRequestsParams{Status: ptr(portalapi.RequestStatusPending)})
	require.Len(t, fine(t, listed, err).JSON200.Items, 1)
	elsewhere := s.community(portalapi.JoinPolicyRequest)
	late, err = s.as(s.owner).ApproveJoinRequestWithResponse(t.Context(), elsewhere.ID, request.ID)
	refused(t, http.StatusNotFound, "NOT_FOUND", late, err)
	approved, err := s.as(s.owner).ApproveJoinRequestWithResponse(t.Context(), c.ID, request.ID)
	require.Equal(t, some(s.owner.User), fine(t, approved, err).JSON200.DecidedBy)
	require.Equal(t, "member", s.role(s.member, c.ID))
	asked, err = ask(s.member)
	refused(t, http.StatusConflict, "ALREADY_MEMBER", asked, err)
	mine, err := s.as(s.member).ListMyJoinRequestsWithResponse(t.Context(), nil)
	require.Len(t, fine(t, mine, err).JSON200.Items, 2)

	// who is added meanwhile needs no answer any more
	asked, err = ask(stranger)
	request = fine(t, asked, err).JSON201
	s.put(c.ID, stranger, portalapi.RoleMember)
	late, err = s.as(s.owner).ApproveJoinRequestWithResponse(t.Context(), c.ID, request.ID)
	refused(t, http.StatusConflict, "REQUEST_DECIDED", late, err)

	third := s.colleague()
	asked, err = ask(third)
	declined, err2 := s.as(s.owner).DeclineJoinRequestWithResponse(t.Context(), c.ID, fine(t, asked, err).JSON201.ID)
	fine(t, declined, err2)
	require.Empty(t, s.role(third, c.ID))
}

func TestInvitations(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	invite := func(by, whom authz.Actor, role portalapi.InviteRole) (*portalapi.CreateInviteResponse, error) {
		return s.as(by).CreateInviteWithResponse(t.Context(), c.ID, portalapi.InviteCreate{UserID: whom.User, Role: &role})
	}
	made, err := invite(s.owner, s.member, portalapi.InviteRoleModerator)
	first := fine(t, made, err).JSON201
	again, err := invite(s.owner, s.member, portalapi.InviteRoleMember)
	refused(t, http.StatusConflict, "INVITE_PENDING", again, err)

	stranger := s.colleague()
	taken, err := s.as(stranger).AcceptInviteWithResponse(t.Context(), first.ID)
	refused(t, http.StatusNotFound, "NOT_FOUND", taken, err)
	mine, err := s.as(s.member).ListMyInvitesWithResponse(t.Context(), &portalapi.ListMyInvitesParams{Pending: ptr(true)})
	require.Equal(t, c.Name, fine(t, mine, err).JSON200.Items[0].ScopeName)
	declined, err := s.as(s.member).DeclineInviteWithResponse(t.Context(), first.ID)
	require.Equal(t, portalapi.InviteStatusDeclined, fine(t, declined, err).JSON200.Status)
	taken, err = s.as(s.member).AcceptInviteWithResponse(t.Context(), first.ID)
	refused(t, http.StatusConflict, "INVITE_DECIDED", taken, err)

	made, err = invite(s.owner, s.member, portalapi.InviteRoleModerator)
	s.clock.Advance(groupsdomain.DefaultInviteLife)
	expired := fine(t, made, err).JSON201.ID
	taken, err = s.as(s.member).AcceptInviteWithResponse(t.Context(), expired)
	refused(t, http.StatusGone, "INVITE_EXPIRED", taken, err)
	mine, err = s.as(s.member).ListMyInvitesWithResponse(t.Context(), &portalapi.ListMyInvitesParams{Pending: ptr(true)})
	require.Empty(t, fine(t, mine, err).JSON200.Items)
	made, err = invite(s.owner, s.member, portalapi.InviteRoleModerator) // an expired one does not block a new one
	fresh := fine(t, made, err).JSON201.ID
	revoked, err := s.as(s.owner).RevokeInviteWithResponse(t.Context(), c.ID, fresh)
	fine(t, revoked, err)
	taken, err = s.as(s.member).AcceptInviteWithResponse(t.Context(), fresh)
	refused(t, http.StatusConflict, "INVITE_DECIDED", taken, err)

	made, err = invite(s.owner, s.member, portalapi.InviteRoleModerator)
	taken, err2 := s.as(s.member).AcceptInviteWithResponse(t.Context(), fine(t, made, err).JSON201.ID)
	require.Equal(t, portalapi.InviteStatusAccepted, fine(t, taken, err2).JSON200.Status)
	require.Equal(t, "moderator", s.role(s.member, c.ID))
	again, err = invite(s.owner, s.member, portalapi.InviteRoleMember)
	refused(t, http.StatusConflict, "ALREADY_MEMBER", again, err)
	again, err = invite(s.member, stranger, portalapi.InviteRoleModerator) // a moderator invites up to the moderator's own role
	fine(t, again, err)
	all, err := s.as(s.owner).ListInvitesWithResponse(t.Context(), c.ID, nil)
	require.Len(t, fine(t, all, err).JSON200.Items, 5)
}

func TestInviteLinks(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	owner := s.as(s.owner)
	create := func(ctx context.Context, body portalapi.InviteLinkCreate) portalapi.NewInviteLink {
		t.Helper()
		r, err := owner.CreateInviteLinkWithResponse(ctx, c.ID, body)
		return *fine(t, r, err).JSON201
	}
	accept := func(who authz.Actor, token string) (*portalapi.AcceptInviteLinkResponse, error) {
		return s.as(who).AcceptInviteLinkWithResponse(t.Context(), portalapi.InviteLinkToken{Token: token})
	}
	uses := func(link uuid.UUID) int32 {
		r, err := owner.ListInviteLinksWithResponse(t.Context(), c.ID, nil)
		for _, l := range fine(t, r, err).JSON200.Items {
			if l.ID == link {
				return l.Uses
			}
		}
		return -1
	}
	two := create(t.Context(), portalapi.InviteLinkCreate{MaxUses: some[int32](2)})
	shown, err := s.as(s.member).PreviewInviteLinkWithResponse(t.Context(), portalapi.InviteLinkToken{Token: two.Token})
	require.Equal(t, c.Name, fine(t, shown, err).JSON200.Name)
	require.True(t, shown.JSON200.MyRole.IsNull())
	for range 2 { // the second time uses nothing up
		r, err := accept(s.member, two.Token)
		require.Equal(t, some(portalapi.MyRoleMember), fine(t, r, err).JSON200.MyRole)
	}
	require.EqualValues(t, 1, uses(two.Link.ID))
	r, err := accept(s.colleague(), two.Token)
	fine(t, r, err)
	late := s.colleague()
	r, err = accept(late, two.Token)
	refused(t, http.StatusGone, "INVITE_USED_UP", r, err)
	shown, err = s.as(late).PreviewInviteLinkWithResponse(t.Context(), portalapi.InviteLinkToken{Token: two.Token})
	refused(t, http.StatusGone, "INVITE_USED_UP", shown, err)

	brief := create(t.Context(), portalapi.InviteLinkCreate{ExpiresAt: some(s.clock.Now().Add(time.Hour))})
	s.clock.Advance(time.Hour)
	r, err = accept(late, brief.Token)
	refused(t, http.StatusGone, "INVITE_EXPIRED", r, err)
	withdrawn := create(t.Context(), portalapi.InviteLinkCreate{})
	for range 2 {
		revoked, err := owner.RevokeInviteLinkWithResponse(t.Context(), c.ID, withdrawn.Link.ID)
		fine(t, revoked, err)
	}
	r, err = accept(late, withdrawn.Token)
	refused(t, http.StatusGone, "INVITE_REVOKED", r, err)
	r, err = accept(late, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")
	refused(t, http.StatusNotFound, "NOT_FOUND", r, err)

	// the same request again: the same link, and a token that works
	ctx := reqctx.With(context.Background(), reqctx.Context{RequestID: uuid.NewString(), TenantID: s.owner.Tenant, UserID: s.owner.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
	first, second := create(ctx, portalapi.InviteLinkCreate{}), create(ctx, portalapi.InviteLinkCreate{})
	require.Equal(t, first.Link.ID, second.Link.ID)
	r, err = accept(late, first.Token)
	refused(t, http.StatusNotFound, "NOT_FOUND", r, err)
	r, err = accept(late, second.Token)
	fine(t, r, err)
}

// A link whose maker could not add members to the community lets in its members only.
func TestALinkGivesNoMoreThanItsMakerMay(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	captain := s.colleague()
	s.put(c.ID, captain, portalapi.RoleMember)
	s.putTeam(team.ID, captain, portalapi.RoleModerator)
	link := func(by authz.Actor) string {
		r, err := s.as(by).CreateInviteLinkWithResponse(t.Context(), team.ID, portalapi.InviteLinkCreate{})
		return fine(t, r, err).JSON201.Token
	}
	r, err := s.as(s.member).AcceptInviteLinkWithResponse(t.Context(), portalapi.InviteLinkToken{Token: link(captain)})
	refused(t, http.StatusConflict, "NOT_IN_COMMUNITY", r, err)
	r, err = s.as(s.member).AcceptInviteLinkWithResponse(t.Context(), portalapi.InviteLinkToken{Token: link(s.owner)})
	fine(t, r, err)
	require.Equal(t, "member", s.role(s.member, c.ID))
	require.Equal(t, "member", s.teamRole(s.member, team.ID))
}

func TestMembershipLookupOfServices(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	team := s.team(c.ID, portalapi.JoinPolicyInvite)
	s.put(c.ID, s.member, portalapi.RoleModerator)
	events := s.client(reqctx.Context{Caller: "events", TenantID: s.owner.Tenant})
	of, err := events.ListUserMembershipsWithResponse(t.Context(), s.owner.User)
	require.Len(t, fine(t, of, err).JSON200.Memberships, 2)
	require.Equal(t, c.Name, of.JSON200.Memberships[0].Name)
	require.Equal(t, team.ID, of.JSON200.Memberships[1].ScopeID)
	of, err = events.ListUserMembershipsWithResponse(t.Context(), uuid.New())
	require.Empty(t, fine(t, of, err).JSON200.Memberships)

	ask := func(kind portalapi.GroupKind, scope uuid.UUID, user uuid.UUID) portalapi.MembershipQuestion {
		return portalapi.MembershipQuestion{UserID: user, ScopeType: kind, ScopeID: scope}
	}
	answers, err := events.CheckMembershipsWithResponse(t.Context(), portalapi.MembershipQuestions{Pairs: []portalapi.MembershipQuestion{
		ask(portalapi.GroupKindTEAM, team.ID, s.member.User), ask(portalapi.GroupKindCOMMUNITY, c.ID, s.member.User), ask(portalapi.GroupKindTEAM, team.ID, s.owner.User),
	}})
	require.Equal(t, []portalapi.MembershipAnswer{
		{Member: false, Role: null[portalapi.MyRole]()}, {Member: true, Role: some(portalapi.MyRoleModerator)}, {Member: true, Role: some(portalapi.MyRoleOwner)},
	}, fine(t, answers, err).JSON200.Answers)
	other := s.client(reqctx.Context{Caller: "events", TenantID: uuid.New()})
	of, err = other.ListUserMembershipsWithResponse(t.Context(), s.owner.User)
	require.Empty(t, fine(t, of, err).JSON200.Memberships)
}

func TestAuditLog(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	s.put(c.ID, s.member, portalapi.RoleModerator)
	updated, err := s.as(s.owner).UpdateGroupWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{Description: some("not for the audit log")})
	fine(t, updated, err)
	list := func(params portalapi.ListAuditParams) []commonapi.AuditEntry {
		r, err := s.as(s.admin).ListAuditWithResponse(t.Context(), &params)
		require.NotContains(t, string(r.Body), "not for the audit log")
		return fine(t, r, err).JSON200.Items
	}
	var actions []string
	for _, e := range list(portalapi.ListAuditParams{}) {
		actions = append(actions, e.Action)
		require.Equal(t, s.owner.User, e.ActorID.MustGet())
		require.NotEmpty(t, e.RequestID)
	}
	require.Equal(t, []string{"community.updated", "membership.added", "membership.added", "community.created"}, actions)
	require.Equal(t, []any{"description"}, list(portalapi.ListAuditParams{Action: ptr("community.updated")})[0].Metadata["fields"])
	require.Len(t, list(portalapi.ListAuditParams{TargetID: ptr(c.ID.String() + "/" + s.member.User.String())}), 1)
	require.Empty(t, list(portalapi.ListAuditParams{ActorID: &s.member.User}))
}
