package portal_test

import (
	"bytes"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
	"go.updspace.com/portal/ports/portstest"
)

var systemAdmin = reqctx.Flags{SystemAdmin: true}

func (s *service) erase(of domain.Actor) portalapi.UserDataErasure {
	s.t.Helper()
	r, err := s.as(of).EraseUserDataWithResponse(s.t.Context(), of.User)
	return *fine(s.t, r, err).JSON200
}

// Nobody has a person's data but himself and the administrators of the platform, not even those of the tenant; and they
// not that of another tenant.
func TestWhoHasAPersonsData(t *testing.T) {
	s := startContent(t)
	for id, operation := range portalapi.Operations {
		if strings.Contains(operation.Path, "/dsar/") {
			require.True(t, strings.HasPrefix(operation.Path, "/internal/v1/"), "%s is where the gateway goes", id)
			require.Equal(t, "user", operation.Authenticated, id)
		}
	}
	subject := s.named("Anna", "Karenina", "anna")
	s.post(subject, draft("mine", domain.PostPlace{}))
	elsewhere := portstest.Someone()
	administrator := s.colleague(domain.PermissionAdminister, domain.PermissionCommunitiesManage, domain.PermissionPostsManage)
	both := func(c *portalapi.ClientWithResponses) []func() (answer, error) {
		return []func() (answer, error){
			func() (answer, error) { return c.ExportUserDataWithResponse(t.Context(), subject.User, nil) },
			func() (answer, error) { return c.EraseUserDataWithResponse(t.Context(), subject.User) },
		}
	}
	suspended := s.as(subject, reqctx.Flags{Suspended: true})
	for _, c := range []*portalapi.ClientWithResponses{s.as(s.member), s.as(administrator), s.as(elsewhere), suspended} {
		for _, try := range both(c) {
			r, err := try()
			refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
		}
	}
	for _, try := range both(s.client(reqctx.Context{TenantID: s.member.Tenant})) { // a service on nobody's behalf
		r, err := try()
		refused(t, http.StatusUnauthorized, "UNAUTHENTICATED", r, err)
	}
	nobody, err := s.as(s.member, systemAdmin).EraseUserDataWithResponse(t.Context(), uuid.Nil)
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", nobody, err)

	other, err := s.as(elsewhere, systemAdmin).ExportUserDataWithResponse(t.Context(), subject.User, nil)
	require.True(t, fine(t, other, err).JSON200.PortalProfile.IsNull(), "another tenant")
	require.Empty(t, other.JSON200.Posts)
	away, err := s.as(elsewhere, systemAdmin).EraseUserDataWithResponse(t.Context(), subject.User)
	require.Zero(t, fine(t, away, err).JSON200.Counts)
	still, err := s.as(s.member, systemAdmin).ExportUserDataWithResponse(t.Context(), subject.User, nil)
	require.Len(t, fine(t, still, err).JSON200.Posts, 1)
	require.False(t, still.JSON200.PortalProfile.IsNull())
	require.Equal(t, []line{{Action: "dsar.exported", ActorID: s.member.User, Metadata: `{"subject_scope": "delegated"}`}}, s.journal(subject.User.String())[1:])
}

// However small the pages: put together they are everything, once, and in order.
func TestAnExportHasEverything(t *testing.T) {
	s := start(t)
	s.access.Admin(s.owner.User, s.admin.User)
	c, d := s.community(portalapi.JoinPolicyOpen), s.community(portalapi.JoinPolicyOpen)
	s.access.Admin(s.owner.User)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	edited, err := s.as(s.owner).UpdateMyProfileWithResponse(t.Context(), portalapi.ProfileUpdate{Bio: says("I play.")})
	fine(t, edited, err)
	made, err := s.as(s.admin).CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Theirs"})
	theirs := fine(t, made, err).JSON201
	s.put(theirs.ID, s.owner, portalapi.MyRoleModerator)
	var posts []uuid.UUID
	for range 3 {
		p, err := s.as(s.owner).CreatePostWithResponse(t.Context(), portalapi.PostCreate{Title: "x", Body: "y", Visibility: portalapi.PostVisibilityPrivate})
		posts = append(posts, fine(t, p, err).JSON201.ID)
	}
	gone, err := s.as(s.owner).DeletePostWithResponse(t.Context(), posts[0])
	fine(t, gone, err)

	page := func(limit int, cursor *string) portalapi.UserDataExport {
		r, err := s.as(s.owner).ExportUserDataWithResponse(t.Context(), s.owner.User, &portalapi.ExportUserDataParams{Limit: &limit, Cursor: cursor})
		return *fine(t, r, err).JSON200
	}
	whole := page(100, nil)
	require.True(t, whole.NextCursor.IsNull())
	require.Equal(t, "I play.", whole.PortalProfile.MustGet().Bio.MustGet())
	require.Equal(t, []uuid.UUID{c.ID, d.ID}, ids(whole.CommunitiesCreated))
	require.Equal(t, []uuid.UUID{team.ID}, ids(whole.TeamsCreated))
	require.Len(t, whole.CommunityMemberships, 3)
	require.Equal(t, theirs.ID, whole.CommunityMemberships[2].ScopeID)
	require.Equal(t, portalapi.RoleModerator, whole.CommunityMemberships[2].Role)
	require.Len(t, whole.TeamMemberships, 1)
	require.Len(t, whole.Posts, 2)
	require.Equal(t, posts[1], whole.Posts[0].ID)

	for limit := 1; limit <= 9; limit++ {
		sum := page(limit, nil)
		for next := sum.NextCursor; !next.IsNull(); {
			more := page(limit, new(next.MustGet()))
			require.True(t, more.PortalProfile.IsNull())
			held := len(more.CommunitiesCreated) + len(more.TeamsCreated) + len(more.CommunityMemberships) + len(more.TeamMemberships) + len(more.Posts)
			require.LessOrEqual(t, held, limit)
			require.NotZero(t, held, "a page with nothing on it")
			sum.CommunitiesCreated = append(sum.CommunitiesCreated, more.CommunitiesCreated...)
			sum.TeamsCreated = append(sum.TeamsCreated, more.TeamsCreated...)
			sum.CommunityMemberships = append(sum.CommunityMemberships, more.CommunityMemberships...)
			sum.TeamMemberships = append(sum.TeamMemberships, more.TeamMemberships...)
			sum.Posts = append(sum.Posts, more.Posts...)
			next = more.NextCursor
		}
		sum.NextCursor = null[string]()
		require.Equal(t, whole, sum)
	}
	first := page(1, nil)
	foreign, err := s.client("bff", reqctx.Context{TenantID: s.admin.Tenant, UserID: s.admin.User}).
		ExportUserDataWithResponse(t.Context(), s.admin.User, &portalapi.ExportUserDataParams{Cursor: new(first.NextCursor.MustGet())})
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", foreign, err)
}

func ids(groups []portalapi.ExportedGroup) (list []uuid.UUID) {
	for _, g := range groups {
		list = append(list, g.ID)
	}
	return list
}

// Who leaves for good leaves every group in order: with an heir where there is somebody, archived where there is nobody.
func TestErasingAMember(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyRequest)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	empty := s.team(c.ID, portalapi.JoinPolicyOpen)
	alone := s.community(portalapi.JoinPolicyRequest)
	enter := func(role portalapi.MyRole) domain.Actor {
		who := s.colleague()
		s.clock.Advance(time.Minute)
		s.put(c.ID, who, role)
		return who
	}
	elder, heir, late := enter(portalapi.MyRoleMember), enter(portalapi.MyRoleModerator), enter(portalapi.MyRoleModerator)
	s.access.Admin(s.owner.User)
	s.putTeam(team.ID, late, portalapi.MyRoleMember)
	s.clock.Advance(time.Minute)
	s.putTeam(team.ID, elder, portalapi.MyRoleMember)
	s.access.Dismiss(s.owner.User)
	link, err := s.as(s.owner).CreateCommunityLinkWithResponse(t.Context(), c.ID, portalapi.LinkCreate{})
	fine(t, link, err)
	invited, err := s.as(s.owner).CreateCommunityInviteWithResponse(t.Context(), c.ID, portalapi.InviteCreate{UserID: s.member.User})
	fine(t, invited, err)
	made, err := s.as(s.admin).CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Theirs", JoinPolicy: ptr(portalapi.JoinPolicyRequest)})
	theirs := fine(t, made, err).JSON201
	asked, err := s.as(s.owner).CreateCommunityRequestWithResponse(t.Context(), theirs.ID, portalapi.RequestCreate{Message: some("I am Anna.")})
	fine(t, asked, err)

	require.Equal(t, portalapi.ErasureCounts{
		ProfilesDeleted: 1, CommunityMembershipsDeleted: 2, TeamMembershipsDeleted: 2, CommunitiesAnonymized: 2, TeamsAnonymized: 2,
	}, s.erase(s.owner).Counts)
	require.Equal(t, map[ports.WalkKey]domain.Role{
		{Scope: domain.CommunityScope(c.ID), User: elder.User}:        domain.RoleMember,
		{Scope: domain.CommunityScope(c.ID), User: heir.User}:         domain.RoleOwner,
		{Scope: domain.CommunityScope(c.ID), User: late.User}:         domain.RoleModerator,
		{Scope: domain.TeamScope(team.ID), User: late.User}:           domain.RoleOwner,
		{Scope: domain.TeamScope(team.ID), User: elder.User}:          domain.RoleMember,
		{Scope: domain.CommunityScope(theirs.ID), User: s.admin.User}: domain.RoleOwner,
	}, s.access.Known(), "access knows already")
	require.Equal(t, "owner", s.role(heir, c.ID))

	seen, err := s.as(s.admin).GetCommunityWithResponse(t.Context(), c.ID)
	require.Equal(t, uuid.Nil, fine(t, seen, err).JSON200.CreatedBy)
	require.Equal(t, portalapi.GroupStatusActive, seen.JSON200.Status)
	links, err := s.as(heir).ListCommunityLinksWithResponse(t.Context(), c.ID, nil)
	require.Equal(t, uuid.Nil, fine(t, links, err).JSON200.Items[0].CreatedBy, "the link is the community's")
	invites, err := s.as(heir).ListCommunityInvitesWithResponse(t.Context(), c.ID, nil)
	require.Equal(t, uuid.Nil, fine(t, invites, err).JSON200.Items[0].InvitedBy)
	requests, err := s.as(s.admin).ListCommunityRequestsWithResponse(t.Context(), theirs.ID, nil)
	require.Empty(t, fine(t, requests, err).JSON200.Items)

	left, err := s.as(s.admin).GetCommunityWithResponse(t.Context(), alone.ID)
	require.Equal(t, portalapi.GroupStatusArchived, fine(t, left, err).JSON200.Status)
	require.Zero(t, left.JSON200.MemberCount)
	deserted, err := s.as(s.admin).GetTeamWithResponse(t.Context(), empty.ID)
	require.Equal(t, portalapi.GroupStatusArchived, fine(t, deserted, err).JSON200.Status)

	again := s.erase(s.owner)
	require.Zero(t, again.Counts)
	require.Equal(t, portalapi.UserDataErasureModeHybrid, again.Mode)

	// who restores what nobody is left in becomes its owner, and of a team's community a member
	restored, err := s.as(s.admin).RestoreCommunityWithResponse(t.Context(), alone.ID)
	require.EqualValues(t, 1, fine(t, restored, err).JSON200.MemberCount)
	require.Equal(t, "owner", s.role(s.admin, alone.ID))
	back, err := s.as(s.admin).RestoreTeamWithResponse(t.Context(), empty.ID)
	fine(t, back, err)
	require.Equal(t, "owner", s.teamRole(s.admin, empty.ID))
	require.Equal(t, "member", s.role(s.admin, c.ID))
	bring, err := s.as(s.admin).ChangeCommunityMembersWithResponse(t.Context(), c.ID, portalapi.MemberChange{UserID: &s.owner.User})
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", bring, err) // that he was a member is forgotten, too
	s.know(s.owner)
	s.put2(c.ID, s.owner) // he may come back, as anybody
	require.Equal(t, "member", s.role(s.owner, c.ID))
}

// Two who leave for good at once, with the same groups, are in each other's way no longer than it takes.
func TestErasingAtOnce(t *testing.T) {
	s := start(t)
	var communities []uuid.UUID
	crowd := s.crowd(4)
	for range 3 {
		c := s.community(portalapi.JoinPolicyOpen)
		communities = append(communities, c.ID)
		for _, who := range crowd {
			s.put(c.ID, who, portalapi.MyRoleModerator)
		}
	}
	crowd = append(crowd, s.owner)
	require.Equal(t, map[string]int{"OK": len(crowd)}, s.atOnce(crowd, func(ctx context.Context, c *portalapi.ClientWithResponses, i int) (answer, error) {
		return c.EraseUserDataWithResponse(ctx, crowd[i].User)
	}))
	for _, id := range communities {
		r, err := s.as(s.admin).GetCommunityWithResponse(t.Context(), id)
		require.Zero(t, fine(t, r, err).JSON200.MemberCount)
		require.Equal(t, portalapi.GroupStatusArchived, r.JSON200.Status)
	}
	require.Empty(t, s.access.Known())
}

// Of what somebody wrote and showed, only that it was there is left.
func TestErasingAnAuthor(t *testing.T) {
	s := startContent(t)
	subject := s.named("Anna", "Karenina", "anna")
	s.join(subject, s.chess)
	avatar, err := s.as(subject).SetMyAvatarWithBodyWithResponse(t.Context(), octets, bytes.NewReader(encoded(t)))
	fine(t, avatar, err)
	body := draft("secret", s.chess)
	body.AttachmentIds = []uuid.UUID{s.uploaded(subject, "secret.png", tinyPNG).ID}
	post := s.post(subject, body)
	private := s.private(subject, "secret")
	gone := s.post(subject, draft("secret", domain.PostPlace{}))
	d, err := s.as(subject).DeletePostWithResponse(t.Context(), gone.ID)
	fine(t, d, err)
	s.uploaded(subject, "waiting.png", tinyPNG)
	other := draft("theirs", s.chess)
	other.AttachmentIds = []uuid.UUID{s.uploaded(s.insider, "theirs.png", tinyPNG).ID}
	theirs := s.post(s.insider, other)
	require.Equal(t, 4, s.stored())

	r, err := s.as(s.member, systemAdmin).EraseUserDataWithResponse(t.Context(), subject.User)
	erased := fine(t, r, err).JSON200
	require.Equal(t, portalapi.ErasureCounts{ProfilesDeleted: 1, PostsRedacted: 2}, erased.Counts)
	require.Equal(t, subject.User, erased.UserID)
	require.Equal(t, s.clock.Now(), erased.ErasedAt)

	shown, err := s.as(s.insider).GetPostWithResponse(t.Context(), post.ID)
	now := fine(t, shown, err).JSON200
	require.Equal(t, []any{"[deleted]", "[deleted by user request]", "<p>[deleted by user request]</p>\n", uuid.Nil}, []any{now.Title, now.Body, now.BodyHTML, now.CreatedBy})
	require.Empty(t, now.Attachments)
	hidden, err := s.as(subject).GetPostWithResponse(t.Context(), private.ID)
	refused(t, http.StatusNotFound, "NOT_FOUND", hidden, err)
	edited, err := s.as(subject).UpdatePostWithResponse(t.Context(), post.ID, portalapi.PostUpdate{Title: new("mine again")})
	refused(t, http.StatusForbidden, "FORBIDDEN", edited, err)
	kept, err := s.as(s.insider).GetPostWithResponse(t.Context(), theirs.ID)
	require.Equal(t, theirs, *fine(t, kept, err).JSON200)
	profile, err := s.as(s.insider).GetProfileWithResponse(t.Context(), subject.User)
	refused(t, http.StatusNotFound, "NOT_FOUND", profile, err)

	_, err = s.janitor.Sweep(s.across())
	require.NoError(t, err)
	require.Equal(t, 1, s.stored(), "only what others uploaded")
	require.Equal(t, 1, s.count("files"))
	var left int
	require.NoError(t, s.db.Read(portstest.As(t.Context(), s.member), func(ctx context.Context) error {
		return s.db.Conn(ctx).NewRaw("SELECT count(*) FROM posts WHERE concat(title, body, body_html) LIKE '%secret%'").Scan(ctx, &left)
	}))
	require.Zero(t, left, "not even in what was deleted before")
	lines := s.journal(subject.User.String())
	require.Equal(t, "dsar.erased", lines[len(lines)-1].Action)
	require.NotContains(t, lines[len(lines)-1].Metadata, "Anna")

	exported, err := s.as(subject).ExportUserDataWithResponse(t.Context(), subject.User, nil)
	require.Empty(t, fine(t, exported, err).JSON200.Posts)
	require.True(t, exported.JSON200.PortalProfile.IsNull())
	require.Empty(t, s.mine(subject).FirstName, "nor is his name known from his account")
	require.Equal(t, "dsar.exported", s.journal("self")[0].Action)
}
