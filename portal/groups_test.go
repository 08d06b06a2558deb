package portal_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/authz/authztest"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
)

// raw sends a body as it is, and lets the answer be what the document does not know.
func (s *service) raw(a authz.Actor, method, path, body string) (int, envelope) {
	s.t.Helper()
	signer, err := testkit.Keyring().Signer("bff", "portal")
	require.NoError(s.t, err)
	base := http.DefaultTransport.(*http.Transport).Clone()
	s.t.Cleanup(base.CloseIdleConnections)
	ctx := reqctx.With(s.t.Context(), reqctx.Context{RequestID: uuid.NewString(), TenantID: a.Tenant, TenantSlug: "aef", UserID: a.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
	r, err := http.NewRequestWithContext(ctx, method, s.url+path, strings.NewReader(body))
	require.NoError(s.t, err)
	r.Header.Set("Content-Type", "application/json")
	resp, err := signer.Transport(base).RoundTrip(r)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	var e envelope
	require.NoError(s.t, json.Unmarshal(text, &e))
	return resp.StatusCode, e
}

func TestCommunityLifecycle(t *testing.T) {
	s := start(t)
	admin := s.as(s.admin)
	made, err := admin.CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "  Шахматы ", Description: some("Ход конём")})
	c := fine(t, made, err).JSON201
	require.Equal(t, http.StatusCreated, made.StatusCode())
	require.Equal(t, "Шахматы", c.Name)
	require.Equal(t, portalapi.JoinPolicyInvite, c.JoinPolicy)
	require.Equal(t, portalapi.GroupStatusActive, c.Status)
	require.EqualValues(t, 1, c.MemberCount)
	require.Equal(t, some(portalapi.MyRoleOwner), c.MyRole, "the creator is its owner")
	require.Equal(t, s.admin.Tenant, c.TenantID)

	again, err := admin.CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "ШАХМАТЫ"})
	refused(t, http.StatusConflict, "ALREADY_EXISTS", again, err)
	updated, err := admin.UpdateGroupWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{Name: ptr("Go"), Description: null[string]()})
	require.Equal(t, "Go", fine(t, updated, err).JSON200.Name)
	require.Empty(t, updated.JSON200.Description)

	seen, err := s.as(s.member).GetGroupWithResponse(t.Context(), c.ID)
	require.True(t, fine(t, seen, err).JSON200.MyRole.IsNull())
	archived, err := admin.ArchiveGroupWithResponse(t.Context(), c.ID)
	require.Equal(t, portalapi.GroupStatusArchived, fine(t, archived, err).JSON200.Status)
	updated, err = admin.UpdateGroupWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{Name: ptr("Bridge")})
	refused(t, http.StatusConflict, "ARCHIVED", updated, err)
	listed, err := admin.ListCommunitiesWithResponse(t.Context(), nil)
	require.Empty(t, *fine(t, listed, err).JSON200, "archived ones are left out")
	listed, err = admin.ListCommunitiesWithResponse(t.Context(), &portalapi.ListCommunitiesParams{Status: ptr(portalapi.ListedStatusAll)})
	require.Len(t, *fine(t, listed, err).JSON200, 1)
	restored, err := admin.RestoreGroupWithResponse(t.Context(), c.ID)
	require.Equal(t, portalapi.GroupStatusActive, fine(t, restored, err).JSON200.Status)

	gone, err := admin.DeleteGroupWithResponse(t.Context(), c.ID)
	fine(t, gone, err)
	seen, err = admin.GetGroupWithResponse(t.Context(), c.ID)
	refused(t, http.StatusNotFound, "NOT_FOUND", seen, err)
}

func TestTeamLifecycle(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	other := s.community(portalapi.JoinPolicyOpen)
	owner := s.as(s.owner)
	create := func(community uuid.UUID, name string) (*portalapi.CreateTeamResponse, error) {
		return owner.CreateTeamWithResponse(t.Context(), portalapi.TeamCreate{CommunityID: &community, Name: name})
	}
	made, err := create(c.ID, "Openings")
	team := fine(t, made, err).JSON201
	require.Equal(t, c.ID, team.CommunityID)
	require.Equal(t, some(portalapi.MyRoleOwner), team.MyRole, "the creator is its owner")
	require.Equal(t, portalapi.GroupStatusActive, team.Status)
	made, err = create(c.ID, "openings")
	refused(t, http.StatusConflict, "ALREADY_EXISTS", made, err)
	made, err = create(other.ID, "Openings")
	fine(t, made, err)
	s.makeAdmin(s.owner)
	made, err = create(uuid.New(), "Openings")
	refused(t, http.StatusNotFound, "NOT_FOUND", made, err)
	s.dismissAdmin(s.owner)

	listed, err := owner.ListTeamsWithResponse(t.Context(), &portalapi.ListTeamsParams{CommunityID: c.ID})
	require.Len(t, *fine(t, listed, err).JSON200, 1)
	listed, err = owner.ListTeamsWithResponse(t.Context(), &portalapi.ListTeamsParams{CommunityID: uuid.New()})
	require.Empty(t, *fine(t, listed, err).JSON200)

	shut, err := owner.ArchiveGroupWithResponse(t.Context(), c.ID)
	fine(t, shut, err)
	joined, err := s.as(s.member).JoinGroupWithResponse(t.Context(), team.ID)
	require.Equal(t, http.StatusConflict, joined.StatusCode(), err)
	archived, err := owner.ArchiveGroupWithResponse(t.Context(), team.ID)
	require.Equal(t, portalapi.GroupStatusArchived, fine(t, archived, err).JSON200.Status)
	listed, err = owner.ListTeamsWithResponse(t.Context(), &portalapi.ListTeamsParams{CommunityID: c.ID})
	require.Empty(t, *fine(t, listed, err).JSON200, "archived ones are left out")
	listed, err = owner.ListTeamsWithResponse(t.Context(), &portalapi.ListTeamsParams{CommunityID: c.ID, Status: ptr(portalapi.ListedStatusArchived)})
	require.Len(t, *fine(t, listed, err).JSON200, 1)
	restored, err := owner.RestoreGroupWithResponse(t.Context(), team.ID)
	refused(t, http.StatusConflict, "ARCHIVED", restored, err)
	made, err = create(c.ID, "Endgames")
	refused(t, http.StatusConflict, "ARCHIVED", made, err)
	open, err := owner.RestoreGroupWithResponse(t.Context(), c.ID)
	fine(t, open, err)
	restored, err = owner.RestoreGroupWithResponse(t.Context(), team.ID)
	fine(t, restored, err)

	s.put(c.ID, s.member, portalapi.RoleModerator)
	gone, err := s.as(s.member).DeleteGroupWithResponse(t.Context(), team.ID)
	refused(t, http.StatusForbidden, "FORBIDDEN", gone, err) // moderators run a team, and do not end it
	gone, err = owner.DeleteGroupWithResponse(t.Context(), team.ID)
	fine(t, gone, err)
	seen, err := owner.GetGroupWithResponse(t.Context(), team.ID)
	refused(t, http.StatusNotFound, "NOT_FOUND", seen, err)
}

// The creator of a team owns it and becomes a member of its community; an existing role there stays.
func TestTheCreatorOfATeamIsAMemberOfTheCommunity(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	require.Empty(t, s.role(s.admin, c.ID))
	for who, role := range map[authz.Actor]string{s.admin: "member", s.owner: "owner"} {
		made, err := s.as(who).CreateTeamWithResponse(t.Context(), portalapi.TeamCreate{CommunityID: &c.ID, Name: uuid.NewString()})
		require.Equal(t, "owner", s.teamRole(who, fine(t, made, err).JSON201.ID))
		require.Equal(t, role, s.role(who, c.ID))
	}
}

// Only a name that is taken is a duplicate; whatever else the database refuses is said as what it is.
func TestOtherViolatedConstraintsAreNoConflict(t *testing.T) {
	t.Parallel()
	s := start(t, own)
	owner := testkit.OpenDB(t, pg.Config{URL: s.database.MigrateURL})
	require.NoError(t, owner.Do(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
		_, err := owner.Conn(ctx).NewRaw("ALTER TABLE groups ADD CONSTRAINT no_chess CHECK (name <> 'Chess')").Exec(ctx)
		return err
	}))
	status, e := s.raw(s.admin, http.MethodPost, "/api/v1/portal/communities", `{"name":"Chess"}`)
	require.GreaterOrEqual(t, status, 400)
	require.NotEqual(t, http.StatusConflict, status)
	require.NotEqual(t, "ALREADY_EXISTS", e.Error.Code)
	made, err := s.as(s.admin).CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Go"})
	fine(t, made, err)
}

func TestListsAreBareArraysInPages(t *testing.T) {
	s := start(t)
	for _, name := range []string{"Chess", "bridge", "Go", "Шашки"} {
		r, err := s.as(s.admin).CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: name, Description: some("Игра " + name)})
		fine(t, r, err)
	}
	names := func(params portalapi.ListCommunitiesParams) (names []string) {
		for {
			r, err := s.as(s.member).ListCommunitiesWithResponse(t.Context(), &params)
			for _, c := range *fine(t, r, err).JSON200 {
				names = append(names, c.Name)
			}
			cursor := r.HTTPResponse.Header.Get("X-Next-Cursor")
			if cursor == "" {
				return names
			}
			params.Cursor = &cursor
		}
	}
	require.Equal(t, []string{"bridge", "Chess", "Go", "Шашки"}, names(portalapi.ListCommunitiesParams{}))
	require.Equal(t, []string{"bridge", "Chess", "Go", "Шашки"}, names(portalapi.ListCommunitiesParams{Limit: ptr[int32](1)}))
	require.Equal(t, []string{"Шашки"}, names(portalapi.ListCommunitiesParams{Q: ptr("шАШ")}))
	for _, cursor := range []string{"x", "AAAAAAAAAAAAAAAAAAAAAA", "////"} {
		r, err := s.as(s.member).ListCommunitiesWithResponse(t.Context(), &portalapi.ListCommunitiesParams{Cursor: &cursor})
		refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", r, err)
		require.Contains(t, envelopeOf(r).Error.Details.Fields, "cursor")
	}
}

func TestListMyGroups(t *testing.T) {
	s := start(t)
	in, out := s.community(portalapi.JoinPolicyOpen), s.community(portalapi.JoinPolicyOpen)
	team := s.team(in.ID, portalapi.JoinPolicyOpen)
	joined, err := s.as(s.member).JoinGroupWithResponse(t.Context(), team.ID)
	fine(t, joined, err)
	communities, err := s.as(s.member).ListMyGroupsWithResponse(t.Context(), &portalapi.ListMyGroupsParams{Kind: ptr(portalapi.GroupKindCOMMUNITY)})
	require.Len(t, fine(t, communities, err).JSON200.Items, 1)
	require.Equal(t, in.ID, communities.JSON200.Items[0].ID)
	require.Equal(t, some(portalapi.MyRoleMember), communities.JSON200.Items[0].MyRole)
	teams, err := s.as(s.member).ListMyGroupsWithResponse(t.Context(), &portalapi.ListMyGroupsParams{Kind: ptr(portalapi.GroupKindTEAM)})
	require.Len(t, fine(t, teams, err).JSON200.Items, 1)
	communities, err = s.as(s.owner).ListMyGroupsWithResponse(t.Context(), &portalapi.ListMyGroupsParams{Kind: ptr(portalapi.GroupKindCOMMUNITY)})
	require.Len(t, fine(t, communities, err).JSON200.Items, 2)
	_ = out
}

// A repeated create answers with what the first one made, also when another user sends the same request id.
func TestRepeatedCreates(t *testing.T) {
	s := start(t)
	ctx := reqctx.With(context.Background(), reqctx.Context{RequestID: uuid.NewString(), TenantID: s.admin.Tenant, UserID: s.admin.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
	first, err := s.as(s.admin).CreateCommunityWithResponse(ctx, portalapi.GroupCreate{Name: "Once"})
	fine(t, first, err)
	second, err := s.as(s.admin).CreateCommunityWithResponse(ctx, portalapi.GroupCreate{Name: "Once"})
	require.Equal(t, first.JSON201.ID, fine(t, second, err).JSON201.ID)
	other, err := s.as(s.admin).CreateCommunityWithResponse(ctx, portalapi.GroupCreate{Name: "Twice"})
	refused(t, http.StatusConflict, "IDEMPOTENCY_KEY_REUSED", other, err)
	team := portalapi.TeamCreate{CommunityID: &first.JSON201.ID, Name: "Once"}
	made, err := s.as(s.admin).CreateTeamWithResponse(ctx, team)
	fine(t, made, err)
	repeated, err := s.as(s.admin).CreateTeamWithResponse(ctx, team)
	require.Equal(t, made.JSON201.ID, fine(t, repeated, err).JSON201.ID)
}

// Older clients write the names of fields in camel case.
func TestCamelCaseFieldsOfGroupsAreAccepted(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite)
	made, err := s.as(s.owner).CreateTeamWithBodyWithResponse(t.Context(), "application/json",
		strings.NewReader(`{"communityId":"`+c.ID.String()+`","name":"T","joinPolicy":"open"}`))
	require.Equal(t, portalapi.JoinPolicyOpen, fine(t, made, err).JSON201.JoinPolicy)
}

// What cannot be is said field by field, and never a failure of ours.
func TestInvalidInput(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyInvite).ID.String()
	s.makeAdmin(s.owner)
	for _, test := range []struct{ method, path, body, field string }{
		{http.MethodPost, "/api/v1/portal/communities", `{"name":""}`, "name"},
		{http.MethodPost, "/api/v1/portal/communities", `{"name":"   "}`, "name"},
		{http.MethodPost, "/api/v1/portal/communities", `{"name":"a\u0000b"}`, "name"},
		{http.MethodPost, "/api/v1/portal/communities", `{"name":"` + strings.Repeat("я", 129) + `"}`, "name"},
		{http.MethodPost, "/api/v1/portal/communities", `{"name":"x","description":"` + strings.Repeat("я", 10001) + `"}`, "description"},
		{http.MethodPost, "/api/v1/portal/communities", `{"name":"x","join_policy":"never"}`, "join_policy"},
		{http.MethodPost, "/api/v1/portal/teams", `{"name":"x"}`, "community_id"},
		{http.MethodPost, "/api/v1/portal/teams", `{"name":"x","community_id":"chess"}`, "community_id"},
		{http.MethodGet, "/api/v1/portal/teams", ``, "community_id"},
		{http.MethodGet, "/api/v1/portal/teams?community_id=chess", ``, "community_id"},
		{http.MethodGet, "/api/v1/portal/groups/chess", ``, "group_id"},
		{http.MethodGet, "/api/v1/portal/groups/" + c + "/members/me", ``, "user_id"},
		{http.MethodGet, "/api/v1/portal/communities?q=" + strings.Repeat("q", 101), ``, "q"},
		{http.MethodPost, "/api/v1/portal/groups/" + c + "/members", `{}`, "user_id"},
		{http.MethodPost, "/api/v1/portal/groups/" + c + "/members", `{"user_id":"` + uuid.NewString() + `","role":"king"}`, "role"},
		{http.MethodPost, "/api/v1/portal/groups/" + c + "/join-requests", `{"message":"` + strings.Repeat("я", 1001) + `"}`, "message"},
		{http.MethodPost, "/api/v1/portal/groups/" + c + "/invites", `{"user_id":"` + uuid.NewString() + `","role":"owner"}`, "role"},
		{http.MethodPost, "/api/v1/portal/groups/" + c + "/invite-links", `{"expires_at":"2020-01-01T00:00:00Z"}`, "expires_at"},
		{http.MethodPost, "/api/v1/portal/groups/" + c + "/invite-links", `{"expires_at":"2050-01-01T00:00:00Z"}`, "expires_at"},
		{http.MethodPost, "/api/v1/portal/groups/" + c + "/invite-links", `{"max_uses":0}`, "max_uses"},
		{http.MethodPost, "/api/v1/portal/invite-links/accept", `{"token":"short"}`, "token"},
		{http.MethodPut, "/api/v1/portal/groups/" + c + "/bans/" + s.member.User.String(), `{"until":"2020-01-01T00:00:00Z"}`, "until"},
		{http.MethodPost, "/api/v1/portal/communities", `{"name":"x","visiblity":"private"}`, "body"},
		{http.MethodPatch, "/api/v1/portal/groups/" + c, `{"title":"x"}`, "body"},
		{http.MethodPost, "/api/v1/portal/groups/" + c + "/members", `{"user_id":"` + uuid.NewString() + `","rol":"owner"}`, "body"},
	} {
		status, e := s.raw(s.owner, test.method, test.path, test.body)
		require.Equal(t, http.StatusUnprocessableEntity, status, "%s %.60s %.60s", test.method, test.path, test.body)
		require.Equal(t, "VALIDATION_ERROR", e.Error.Code)
		require.Contains(t, e.Error.Details.Fields, test.field, "%.80s", test.body)
	}
}

// What another tenant has does not exist, even for its administrators and for who administers the platform.
func TestGroupsOfOtherTenants(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyOpen)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	stranger := portstest.Someone()
	s.makeAdmin(stranger)
	client := s.client(reqctx.Context{Caller: "bff", TenantID: stranger.Tenant, UserID: stranger.User, Flags: reqctx.Flags{SystemAdmin: true}})
	for name, try := range map[string]func() (answer, error){
		"get":  func() (answer, error) { return client.GetGroupWithResponse(t.Context(), c.ID) },
		"team": func() (answer, error) { return client.GetGroupWithResponse(t.Context(), team.ID) },
		"update": func() (answer, error) {
			return client.UpdateGroupWithResponse(t.Context(), c.ID, portalapi.GroupUpdate{Name: ptr("x")})
		},
		"delete": func() (answer, error) { return client.DeleteGroupWithResponse(t.Context(), c.ID) },
		"join":   func() (answer, error) { return client.JoinGroupWithResponse(t.Context(), c.ID) },
		"list":   func() (answer, error) { return client.ListGroupMembersWithResponse(t.Context(), c.ID, nil) },
		"check":  func() (answer, error) { return client.GetGroupMemberWithResponse(t.Context(), c.ID, s.owner.User) },
		"add": func() (answer, error) {
			return client.AddGroupMemberWithResponse(t.Context(), c.ID, portalapi.MemberCreate{UserID: stranger.User})
		},
		"remove": func() (answer, error) { return client.RemoveGroupMemberWithResponse(t.Context(), c.ID, s.owner.User) },
		"create": func() (answer, error) {
			return client.CreateTeamWithResponse(t.Context(), portalapi.TeamCreate{CommunityID: &c.ID, Name: "x"})
		},
	} {
		r, err := try()
		require.NoError(t, err, name)
		require.Equal(t, http.StatusNotFound, r.StatusCode(), "%s: %s", name, r.GetBody())
	}
	communities, err := client.ListCommunitiesWithResponse(t.Context(), nil)
	require.Empty(t, *fine(t, communities, err).JSON200)
	teams, err := client.ListTeamsWithResponse(t.Context(), &portalapi.ListTeamsParams{CommunityID: c.ID})
	require.Empty(t, *fine(t, teams, err).JSON200)
}

// Without an answer from access nothing is allowed, and it is said that this is why.
func TestAccessIsUnavailable(t *testing.T) {
	s := start(t)
	s.access.Fail(authztest.Unavailable)
	r, err := s.as(s.member).ListCommunitiesWithResponse(t.Context(), nil)
	refused(t, http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE", r, err)
}
