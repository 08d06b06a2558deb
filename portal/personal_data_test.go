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
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	store "go.updspace.com/portal/adapters/pg"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
	"go.updspace.com/portal/ports/portstest"
	"go.updspace.com/tools/devkit/testkit"
	testservice "go.updspace.com/tools/devkit/testkit/service"
)

// asService is the client of a service that acts for no user: the gateway, which gathers the data of all services.
func (s *service) asService(tenant uuid.UUID) *portalapi.ClientWithResponses {
	return s.client(reqctx.Context{Caller: "bff", TenantID: tenant})
}

func (s *service) erase(of authz.Actor) map[string]int64 {
	s.t.Helper()
	r, err := s.asService(of.Tenant).ErasePersonalDataWithResponse(s.t.Context(), of.User)
	return fine(s.t, r, err).JSON200.Counts
}

// exported are the items of an export by section, read in pages of a length.
func (s *service) exported(of authz.Actor, limit int) map[string][]map[string]any {
	s.t.Helper()
	sections := map[string][]map[string]any{}
	for params := (portalapi.ExportPersonalDataParams{Limit: &limit}); ; {
		r, err := s.asService(of.Tenant).ExportPersonalDataWithResponse(s.t.Context(), of.User, &params)
		page := fine(s.t, r, err).JSON200
		require.LessOrEqual(s.t, len(page.Items), limit)
		for _, item := range page.Items {
			sections[item.Section] = append(sections[item.Section], item.Data)
		}
		next, err := page.NextCursor.Get()
		if err != nil {
			return sections
		}
		params.Cursor = &next
	}
}

// Personal data is for services that act for no user, and of one tenant.
func TestPersonalDataIsForServices(t *testing.T) {
	s := startContent(t)
	for _, id := range []string{"exportPersonalData", "erasePersonalData"} {
		require.Equal(t, "service", portalapi.Operations[id].Authenticated)
		require.True(t, strings.HasPrefix(portalapi.Operations[id].Path, "/internal/v1/"))
	}
	subject := s.named("Anna", "Karenina", "anna")
	s.post(subject, draft("mine", contentdomain.PostScope{}))
	for _, c := range []*portalapi.ClientWithResponses{s.as(subject), s.as(s.member, reqctx.Flags{SystemAdmin: true})} {
		exported, err := c.ExportPersonalDataWithResponse(t.Context(), subject.User, nil)
		refused(t, http.StatusForbidden, "FORBIDDEN", exported, err)
		erased, err := c.ErasePersonalDataWithResponse(t.Context(), subject.User)
		refused(t, http.StatusForbidden, "FORBIDDEN", erased, err)
	}
	elsewhere := s.client(reqctx.Context{TenantID: uuid.New()})
	nothing, err := elsewhere.ExportPersonalDataWithResponse(t.Context(), subject.User, nil)
	fine(t, nothing, err)
	for _, item := range nothing.JSON200.Items {
		require.Equal(t, "audit", item.Section, "another tenant")
	}
	away, err := elsewhere.ErasePersonalDataWithResponse(t.Context(), subject.User)
	for section, n := range fine(t, away, err).JSON200.Counts {
		require.True(t, n == 0 || section == "audit", section)
	}
	here := s.client(reqctx.Context{TenantID: subject.Tenant})
	still, err := here.ExportPersonalDataWithResponse(t.Context(), subject.User, nil)
	require.Len(t, fine(t, still, err).JSON200.Items, 4, "the profile, the post and their audit entries")
	zero, err := here.ErasePersonalDataWithResponse(t.Context(), uuid.Nil)
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", zero, err)
}

// However short the pages: together they are everything, once, and in order.
func TestExportIsComplete(t *testing.T) {
	s := start(t)
	s.makeAdmin(s.owner, s.admin)
	c, d := s.community(portalapi.JoinPolicyOpen), s.community(portalapi.JoinPolicyOpen)
	s.makeAdmin(s.owner)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	edited, err := s.as(s.owner).UpdateMyProfileWithResponse(t.Context(), portalapi.ProfileUpdate{Bio: says("I play.")})
	fine(t, edited, err)
	made, err := s.as(s.admin).CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Theirs", JoinPolicy: ptr(portalapi.JoinPolicyRequest)})
	theirs := fine(t, made, err).JSON201
	asked, err := s.as(s.owner).CreateJoinRequestWithResponse(t.Context(), theirs.ID, portalapi.JoinRequestCreate{Message: some("I am Anna.")})
	fine(t, asked, err)
	s.put(theirs.ID, s.owner, portalapi.RoleModerator)
	strict, err := s.as(s.admin).CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Strict"})
	banned, err2 := s.as(s.admin).BanUserWithResponse(t.Context(), fine(t, strict, err).JSON201.ID, s.owner.User, portalapi.BanCreate{Reason: ptr("Insults")})
	fine(t, banned, err2)
	var posts []uuid.UUID
	for range 3 {
		p, err := s.as(s.owner).CreatePostWithResponse(t.Context(), portalapi.PostCreate{Title: "x", Body: "y", Visibility: portalapi.PostVisibilityPrivate})
		posts = append(posts, fine(t, p, err).JSON201.ID)
	}
	gone, err := s.as(s.owner).DeletePostWithResponse(t.Context(), posts[0])
	fine(t, gone, err)

	whole := s.exported(s.owner, 100)
	require.Equal(t, "I play.", whole["profile"][0]["bio"])
	ids := func(section, field string) (list []any) {
		for _, item := range whole[section] {
			list = append(list, item[field])
		}
		return list
	}
	require.Equal(t, []any{c.ID.String(), d.ID.String()}, ids("communities_created", "id"))
	require.Equal(t, []any{team.ID.String()}, ids("teams_created", "id"))
	require.Equal(t, []any{c.ID.String(), d.ID.String(), theirs.ID.String()}, ids("community_memberships", "scope_id"))
	require.Equal(t, []any{"owner", "owner", "moderator"}, ids("community_memberships", "role"))
	require.Equal(t, []any{team.ID.String()}, ids("team_memberships", "scope_id"))
	require.Equal(t, []any{"I am Anna."}, ids("join_requests", "message"))
	require.Equal(t, []any{"Insults"}, ids("bans", "reason"))
	require.Equal(t, []any{posts[1].String(), posts[2].String()}, ids("posts", "id"))
	for _, limit := range []int{1, 2, 3, 7} {
		paged := s.exported(s.owner, limit)
		delete(paged, "audit") // an export adds to it
		for section, items := range paged {
			require.Equal(t, whole[section], items, "%s in pages of %d", section, limit)
		}
	}
}

// Every column that can hold personal data is in a section.
func TestPersonalDataCoversTheSchema(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t, store.Migrations())
	data := personaldata.New("portal", db, audit.New(db), nil, store.PersonalData(db, store.Erasers{})...)
	testservice.PersonalData(t, db, data.Sections(), map[string]string{
		"invite_links.token_hash": "a hash of a secret of the service", "posts.rendered_by": "the version of the renderer",
		"files.content_type": "a media type",
	})
}

// An erased user leaves every group in order: with a successor as owner, or archived if there is no other member.
func TestEraseAMember(t *testing.T) {
	s := start(t)
	c := s.community(portalapi.JoinPolicyRequest)
	team := s.team(c.ID, portalapi.JoinPolicyOpen)
	empty := s.team(c.ID, portalapi.JoinPolicyOpen)
	alone := s.community(portalapi.JoinPolicyRequest)
	enter := func(role portalapi.Role) authz.Actor {
		who := s.colleague()
		s.clock.Advance(time.Minute)
		s.put(c.ID, who, role)
		return who
	}
	elder, successor, late := enter(portalapi.RoleMember), enter(portalapi.RoleModerator), enter(portalapi.RoleModerator)
	s.makeAdmin(s.owner)
	s.putTeam(team.ID, late, portalapi.RoleMember)
	s.clock.Advance(time.Minute)
	s.putTeam(team.ID, elder, portalapi.RoleMember)
	s.dismissAdmin(s.owner)
	link, err := s.as(s.owner).CreateInviteLinkWithResponse(t.Context(), c.ID, portalapi.InviteLinkCreate{})
	fine(t, link, err)
	invited, err := s.as(s.owner).CreateInviteWithResponse(t.Context(), c.ID, portalapi.InviteCreate{UserID: s.member.User})
	fine(t, invited, err)
	made, err := s.as(s.admin).CreateCommunityWithResponse(t.Context(), portalapi.GroupCreate{Name: "Theirs", JoinPolicy: ptr(portalapi.JoinPolicyRequest)})
	theirs := fine(t, made, err).JSON201
	asked, err := s.as(s.owner).CreateJoinRequestWithResponse(t.Context(), theirs.ID, portalapi.JoinRequestCreate{Message: some("I am Anna.")})
	fine(t, asked, err)

	counts := s.erase(s.owner)
	for _, kit := range []string{"audit", "requests", "sent_events"} {
		delete(counts, kit)
	}
	require.Equal(t, map[string]int64{
		"profile": 1, "community_memberships": 2, "team_memberships": 2, "communities_created": 2, "teams_created": 2, "posts": 0, "files": 0,
	}, counts)
	require.Equal(t, map[groupsports.MembershipKey]groupsdomain.Role{
		{Scope: authz.CommunityScope(c.ID), User: elder.User}:        groupsdomain.RoleMember,
		{Scope: authz.CommunityScope(c.ID), User: successor.User}:    groupsdomain.RoleOwner,
		{Scope: authz.CommunityScope(c.ID), User: late.User}:         groupsdomain.RoleModerator,
		{Scope: authz.TeamScope(team.ID), User: late.User}:           groupsdomain.RoleOwner,
		{Scope: authz.TeamScope(team.ID), User: elder.User}:          groupsdomain.RoleMember,
		{Scope: authz.CommunityScope(theirs.ID), User: s.admin.User}: groupsdomain.RoleOwner,
	}, s.knownRoles(), "access knows already")
	require.Equal(t, "owner", s.role(successor, c.ID))

	seen, err := s.as(s.admin).GetGroupWithResponse(t.Context(), c.ID)
	require.Equal(t, uuid.Nil, fine(t, seen, err).JSON200.CreatedBy)
	require.Equal(t, portalapi.GroupStatusActive, seen.JSON200.Status)
	links, err := s.as(successor).ListInviteLinksWithResponse(t.Context(), c.ID, nil)
	require.Equal(t, uuid.Nil, fine(t, links, err).JSON200.Items[0].CreatedBy, "the link stays in the list")
	invites, err := s.as(successor).ListInvitesWithResponse(t.Context(), c.ID, nil)
	require.Equal(t, uuid.Nil, fine(t, invites, err).JSON200.Items[0].InvitedBy)
	requests, err := s.as(s.admin).ListJoinRequestsWithResponse(t.Context(), theirs.ID, nil)
	require.Empty(t, fine(t, requests, err).JSON200.Items)

	left, err := s.as(s.admin).GetGroupWithResponse(t.Context(), alone.ID)
	require.Equal(t, portalapi.GroupStatusArchived, fine(t, left, err).JSON200.Status)
	require.Zero(t, left.JSON200.MemberCount)
	deserted, err := s.as(s.admin).GetGroupWithResponse(t.Context(), empty.ID)
	require.Equal(t, portalapi.GroupStatusArchived, fine(t, deserted, err).JSON200.Status)

	for section, n := range s.erase(s.owner) {
		require.Zero(t, n, section)
	}

	// A caller who restores a group without members becomes its owner, and for a team a member of the community.
	restored, err := s.as(s.admin).RestoreGroupWithResponse(t.Context(), alone.ID)
	require.EqualValues(t, 1, fine(t, restored, err).JSON200.MemberCount)
	require.Equal(t, "owner", s.role(s.admin, alone.ID))
	back, err := s.as(s.admin).RestoreGroupWithResponse(t.Context(), empty.ID)
	fine(t, back, err)
	require.Equal(t, "owner", s.teamRole(s.admin, empty.ID))
	require.Equal(t, "member", s.role(s.admin, c.ID))
	bring, err := s.as(s.admin).AddGroupMemberWithResponse(t.Context(), c.ID, portalapi.MemberCreate{UserID: s.owner.User})
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", bring, err) // the tenant membership is erased, too
	s.know(s.owner)
	s.put2(c.ID, s.owner) // and may come back as any user
	require.Equal(t, "member", s.role(s.owner, c.ID))
}

// Erasures of users with the same groups at once end.
func TestConcurrentErasures(t *testing.T) {
	s := start(t)
	var communities []uuid.UUID
	crowd := s.crowd(4)
	for range 3 {
		c := s.community(portalapi.JoinPolicyOpen)
		communities = append(communities, c.ID)
		for _, who := range crowd {
			s.put(c.ID, who, portalapi.RoleModerator)
		}
	}
	crowd = append(crowd, s.owner)
	service := s.asService(s.owner.Tenant)
	require.Equal(t, map[string]int{"OK": len(crowd)}, s.atOnce(crowd, func(ctx context.Context, _ *portalapi.ClientWithResponses, i int) (answer, error) {
		return service.ErasePersonalDataWithResponse(ctx, crowd[i].User)
	}))
	for _, id := range communities {
		r, err := s.as(s.admin).GetGroupWithResponse(t.Context(), id)
		require.Zero(t, fine(t, r, err).JSON200.MemberCount)
		require.Equal(t, portalapi.GroupStatusArchived, r.JSON200.Status)
	}
	require.Empty(t, s.knownRoles())
}

// Of the posts of an erased user, only that they existed is left.
func TestEraseAnAuthor(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	subject := s.named("Anna", "Karenina", "anna")
	s.join(subject, s.chess)
	avatar, err := s.as(subject).SetMyAvatarWithBodyWithResponse(t.Context(), octets, bytes.NewReader(encoded(t)))
	fine(t, avatar, err)
	body := draft("secret", s.chess)
	body.AttachmentIds = []uuid.UUID{s.uploaded(subject, "secret.png", tinyPNG).ID}
	post := s.post(subject, body)
	private := s.private(subject, "secret")
	gone := s.post(subject, draft("secret", contentdomain.PostScope{}))
	d, err := s.as(subject).DeletePostWithResponse(t.Context(), gone.ID)
	fine(t, d, err)
	s.uploaded(subject, "waiting.png", tinyPNG)
	other := draft("theirs", s.chess)
	other.AttachmentIds = []uuid.UUID{s.uploaded(s.insider, "theirs.png", tinyPNG).ID}
	theirs := s.post(s.insider, other)
	require.Equal(t, 4, s.stored())

	service := s.client(reqctx.Context{TenantID: subject.Tenant})
	r, err := service.ErasePersonalDataWithResponse(t.Context(), subject.User)
	erased := fine(t, r, err).JSON200
	require.Equal(t, []int64{1, 2}, []int64{erased.Counts["profile"], erased.Counts["posts"]})
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

	_, err = s.cleanup.Sweep(s.across())
	require.NoError(t, err)
	require.Equal(t, 1, s.stored(), "only what others uploaded")
	require.Equal(t, 1, s.count("files"))
	var left int
	require.NoError(t, s.db.Read(portstest.As(t.Context(), s.member), func(ctx context.Context) error {
		return s.db.Conn(ctx).NewRaw("SELECT count(*) FROM posts WHERE concat(title, body, body_html) LIKE '%secret%'").Scan(ctx, &left)
	}))
	require.Zero(t, left, "not even in what was deleted before")
	lines := s.audited(personaldata.Proof(subject.User))
	require.Equal(t, "personal_data.erased", lines[len(lines)-1].Action)
	require.NotContains(t, lines[len(lines)-1].Metadata, "Anna")

	exported, err := service.ExportPersonalDataWithResponse(t.Context(), subject.User, nil)
	for _, item := range fine(t, exported, err).JSON200.Items {
		require.Equal(t, "audit", item.Section)
	}
	require.Empty(t, s.mine(subject).FirstName, "the account has no name either")
}
