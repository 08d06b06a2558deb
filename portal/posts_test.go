package portal_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsdomain "go.updspace.com/portal/groups/domain"
	"go.updspace.com/portal/ports/portstest"
)

func someID(id uuid.UUID) nullable.Nullable[uuid.UUID] {
	if id == uuid.Nil {
		return nullable.Nullable[uuid.UUID]{}
	}
	return nullable.NewNullableWithValue(id)
}

// draft is a post for the members of a scope, which is the tenant when it is empty.
func draft(title string, at contentdomain.PostScope) portalapi.PostCreate {
	body := portalapi.PostCreate{Title: title, Body: "Said **" + title + "**.", Visibility: portalapi.PostVisibilityPublic, CommunityID: someID(at.CommunityID), TeamID: someID(at.TeamID)}
	switch {
	case at.TeamID != uuid.Nil:
		body.Visibility = portalapi.PostVisibilityTeam
	case at.CommunityID != uuid.Nil:
		body.Visibility = portalapi.PostVisibilityCommunity
	}
	return body
}

// post writes one, a minute after the one before.
func (s *contentService) post(by authz.Actor, body portalapi.PostCreate) portalapi.Post {
	s.t.Helper()
	s.clock.Advance(time.Minute)
	r, err := s.as(by).CreatePostWithResponse(s.t.Context(), body)
	require.Equal(s.t, http.StatusCreated, fine(s.t, r, err).StatusCode())
	return *r.JSON201
}

func (s *contentService) private(by authz.Actor, title string) portalapi.Post {
	return s.post(by, portalapi.PostCreate{Title: title, Visibility: portalapi.PostVisibilityPrivate})
}

// summaryOf is a short post as lists show it.
func summaryOf(p portalapi.Post) portalapi.PostSummary {
	return portalapi.PostSummary{
		ID: p.ID, TenantID: p.TenantID, CommunityID: p.CommunityID, TeamID: p.TeamID, Title: p.Title, ExcerptHTML: p.BodyHTML, Visibility: p.Visibility,
		CreatedBy: p.CreatedBy, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, Edited: p.Edited, Version: p.Version, Attachments: p.Attachments,
	}
}

// titles lists what a user sees.
func (s *contentService) titles(by authz.Actor, params portalapi.ListPostsParams) []string {
	s.t.Helper()
	r, err := s.as(by).ListPostsWithResponse(s.t.Context(), &params)
	list := []string{}
	for _, p := range fine(s.t, r, err).JSON200.Items {
		list = append(list, p.Title)
	}
	return list
}

func TestCreateAndReadAPost(t *testing.T) {
	s := startContent(t)
	body := draft("Hello", s.openingsOf)
	body.CommunityID = someID(uuid.New()) // ignored: the team knows its community
	made := s.post(s.insider, body)
	require.Equal(t, portalapi.Post{
		ID: made.ID, TenantID: s.member.Tenant, CommunityID: someID(s.chess.CommunityID), TeamID: someID(s.openingsOf.TeamID),
		Title: "Hello", Body: "Said **Hello**.", BodyHTML: "<p>Said <strong>Hello</strong>.</p>\n", Visibility: portalapi.PostVisibilityTeam,
		CreatedBy: s.insider.User, CreatedAt: s.clock.Now(), UpdatedAt: s.clock.Now(), Version: 1, Attachments: []portalapi.Attachment{},
	}, made)
	r, err := s.as(s.insider).GetPostWithResponse(t.Context(), made.ID)
	require.Equal(t, made, *fine(t, r, err).JSON200)

	for _, v := range []portalapi.PostVisibility{portalapi.PostVisibilityPublic, portalapi.PostVisibilityPrivate} {
		everywhere := draft("", s.openingsOf)
		everywhere.Visibility = v
		made := s.post(s.insider, everywhere)
		require.True(t, made.CommunityID.IsNull(), "ids are dropped")
		require.True(t, made.TeamID.IsNull())
		require.Empty(t, made.Title, "which may be empty")
	}
}

func TestCamelCaseFieldsAreAccepted(t *testing.T) {
	s := startContent(t)
	made := s.post(s.insider, portalapi.PostCreate{Title: "x", Visibility: portalapi.PostVisibilityCommunity, CommunityIDCamel: someID(s.chess.CommunityID)})
	require.Equal(t, someID(s.chess.CommunityID), made.CommunityID)
	made = s.post(s.insider, portalapi.PostCreate{Title: "x", Visibility: portalapi.PostVisibilityTeam, TeamIDCamel: someID(s.openingsOf.TeamID)})
	require.Equal(t, someID(s.openingsOf.TeamID), made.TeamID)
}

func TestInvalidPostsAreRefused(t *testing.T) {
	s := startContent(t)
	admin := s.colleague()
	s.access.Grant(admin, authz.TenantScope(admin.Tenant), readerKeys...)
	nowhere := contentdomain.PostScope{CommunityID: uuid.New()}
	noTeam := contentdomain.PostScope{TeamID: uuid.New()}
	long := draft("x", contentdomain.PostScope{})
	long.Title = string(make([]rune, 257))
	for i := range 257 {
		long.Title = long.Title[:i] + "x" + long.Title[i+1:]
	}
	for name, c := range map[string]struct {
		by     authz.Actor
		body   portalapi.PostCreate
		status int
		code   string
	}{
		"without a community":         {s.member, portalapi.PostCreate{Visibility: portalapi.PostVisibilityCommunity}, 422, "VALIDATION_ERROR"},
		"without a team":              {s.member, portalapi.PostCreate{Visibility: portalapi.PostVisibilityTeam, CommunityID: someID(s.chess.CommunityID)}, 422, "VALIDATION_ERROR"},
		"of no visibility":            {s.member, portalapi.PostCreate{Visibility: "secret"}, 422, "VALIDATION_ERROR"},
		"of too long a title":         {s.member, long, 422, "VALIDATION_ERROR"},
		"where one does not belong":   {s.member, draft("x", s.chess), 403, "FORBIDDEN"},
		"in a team of others":         {s.member, draft("x", s.openingsOf), 403, "FORBIDDEN"},
		"nowhere, for an outsider":    {s.member, draft("x", nowhere), 403, "FORBIDDEN"},
		"nowhere, for an admin":       {admin, draft("x", nowhere), 404, "NOT_FOUND"},
		"in no team, for an admin":    {admin, draft("x", noTeam), 404, "NOT_FOUND"},
		"with a file of another user": {s.member, portalapi.PostCreate{Visibility: portalapi.PostVisibilityPublic, AttachmentIds: []uuid.UUID{uuid.New()}}, 422, "VALIDATION_ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := s.as(c.by).CreatePostWithResponse(t.Context(), c.body)
			refused(t, c.status, c.code, r, err)
		})
	}
	require.Empty(t, s.titles(admin, portalapi.ListPostsParams{}))
	require.NotEmpty(t, s.post(admin, draft("here", s.chess)).ID)
}

func TestPostsInArchivedGroupsAreRefused(t *testing.T) {
	s := startContent(t)
	require.NoError(t, s.db.Do(portstest.As(t.Context(), s.member), func(ctx context.Context) error {
		_, err := s.db.Conn(ctx).NewRaw("UPDATE groups SET status = 'archived' WHERE id = ?", s.chess.CommunityID).Exec(ctx)
		return err
	}))
	r, err := s.as(s.insider).CreatePostWithResponse(t.Context(), draft("x", s.chess))
	refused(t, 409, "ARCHIVED", r, err)
	r, err = s.as(s.insider).CreatePostWithResponse(t.Context(), draft("x", s.openingsOf))
	refused(t, 409, "ARCHIVED", r, err)
}

// An author who is removed after Access allowed the post and before it is written gets 403.
func TestRemovedAuthorsCannotWrite(t *testing.T) {
	s := startContent(t)
	writer := s.colleague(groupsdomain.PermissionCommunitiesRead, groupsdomain.PermissionTeamsList)
	other := s.colleague(groupsdomain.PermissionCommunitiesRead, groupsdomain.PermissionTeamsList)
	enter := func(who authz.Actor) {
		t.Helper()
		joined, err := s.as(who).JoinGroupWithResponse(t.Context(), s.openingsOf.TeamID)
		fine(t, joined, err)
	}
	for _, who := range []authz.Actor{writer, other} {
		s.join(who, s.chess)
		s.join(who, s.openingsOf)
	}
	for name, c := range map[string]struct {
		at    contentdomain.PostScope
		leave func() (answer, error)
	}{
		"from the community": {s.chess, func() (answer, error) {
			return s.as(writer).LeaveGroupWithResponse(context.Background(), s.chess.CommunityID)
		}},
		"from the team": {s.openingsOf, func() (answer, error) {
			return s.as(writer).LeaveGroupWithResponse(context.Background(), s.openingsOf.TeamID)
		}},
		"from the team's community": {s.openingsOf, func() (answer, error) {
			return s.as(writer).LeaveGroupWithResponse(context.Background(), s.chess.CommunityID)
		}},
	} {
		t.Run(name, func(t *testing.T) {
			enter(writer)
			s.access.AfterNext(func() {
				left, err := c.leave()
				fine(t, left, err)
			})
			r, err := s.as(writer).CreatePostWithResponse(t.Context(), draft("gone", c.at))
			refused(t, http.StatusForbidden, "FORBIDDEN", r, err)
		})
	}
	require.Empty(t, s.titles(s.insider, portalapi.ListPostsParams{}))
	require.NotEmpty(t, s.post(writer, draft("by another permission", s.chess)).ID, "a user who is no member writes by another permission")
	enter(writer)
	enter(other)
	s.access.AfterNext(func() {
		left, err := s.as(other).LeaveGroupWithResponse(context.Background(), s.chess.CommunityID)
		fine(t, left, err)
	})
	require.NotEmpty(t, s.post(writer, draft("by a member", s.openingsOf)).ID)
}

func TestRepeatedPosts(t *testing.T) {
	s := startContent(t)
	same := reqctx.With(t.Context(), reqctx.Context{RequestID: uuid.NewString(), TenantID: s.member.Tenant, UserID: s.member.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
	first, err := s.as(s.member).CreatePostWithResponse(same, draft("once", contentdomain.PostScope{}))
	fine(t, first, err)
	again, err := s.as(s.member).CreatePostWithResponse(same, draft("once", contentdomain.PostScope{}))
	require.Equal(t, *first.JSON201, *fine(t, again, err).JSON201)
	other, err := s.as(s.member).CreatePostWithResponse(same, draft("another", contentdomain.PostScope{}))
	refused(t, 409, "IDEMPOTENCY_KEY_REUSED", other, err)
	require.Equal(t, []string{"once"}, s.titles(s.member, portalapi.ListPostsParams{}))
}

// plenty writes a post of every kind, and one of another tenant.
func (s *contentService) plenty() (moderator authz.Actor) {
	moderator = s.colleague()
	s.access.Grant(moderator, s.chess.AuthzScope(uuid.Nil), append([]authz.Permission{contentdomain.PermissionPostsManage, contentdomain.PermissionPostsReadPrivate}, readerKeys...)...)
	goer := s.colleague()
	s.join(goer, s.go_)
	s.post(s.member, draft("public", contentdomain.PostScope{}))
	s.post(s.insider, draft("chess", s.chess))
	s.post(s.insider, draft("openings", s.openingsOf))
	s.private(s.insider, "diary")
	s.post(goer, draft("go", s.go_))
	hidden := s.post(s.insider, draft("hidden", s.chess))
	r, err := s.as(s.insider).UpdatePostWithResponse(s.t.Context(), hidden.ID, portalapi.PostUpdate{Visibility: new(portalapi.PostVisibilityPrivate)})
	fine(s.t, r, err)
	stranger := portstest.Someone()
	s.access.Member(stranger, readerKeys...)
	s.post(stranger, draft("abroad", contentdomain.PostScope{}))
	return moderator
}

func TestFeedShowsReadablePosts(t *testing.T) {
	s := startContent(t)
	moderator := s.plenty()
	reader := s.colleague(contentdomain.PermissionPostsReadPrivate) // in the tenant, and so everywhere
	teammate := s.colleague()
	s.join(teammate, s.openingsOf)
	admin := s.colleague()
	s.access.Grant(admin, authz.TenantScope(admin.Tenant), append([]authz.Permission{contentdomain.PermissionPostsReadPrivate}, readerKeys...)...)
	in := func(p contentdomain.PostScope) portalapi.ListPostsParams {
		params := portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopeCommunity), CommunityID: &p.CommunityID}
		if p.TeamID != uuid.Nil {
			params = portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopeTeam), TeamID: &p.TeamID}
		}
		return params
	}
	publicPosts := portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopePublic)}
	for name, c := range map[string]struct {
		by     authz.Actor
		params portalapi.ListPostsParams
		titles []string
	}{
		"a member":                          {s.member, portalapi.ListPostsParams{}, []string{"public"}},
		"an insider":                        {s.insider, portalapi.ListPostsParams{}, []string{"hidden", "diary", "openings", "chess", "public"}},
		"a teammate":                        {teammate, portalapi.ListPostsParams{}, []string{"openings", "public"}},
		"a moderator":                       {moderator, portalapi.ListPostsParams{}, []string{"hidden", "openings", "chess", "public"}},
		"who reads private posts":           {reader, portalapi.ListPostsParams{}, []string{"hidden", "diary", "public"}},
		"an admin":                          {admin, portalapi.ListPostsParams{}, []string{"hidden", "go", "diary", "openings", "chess", "public"}},
		"the tenant":                        {s.member, publicPosts, []string{"public"}},
		"the tenant, of an insider":         {s.insider, publicPosts, []string{"diary", "public"}},
		"a community":                       {s.insider, in(s.chess), []string{"hidden", "chess"}},
		"a community, of a moderator":       {moderator, in(s.chess), []string{"hidden", "chess"}},
		"a team":                            {teammate, in(s.openingsOf), []string{"openings"}},
		"a team, of the moderator above it": {moderator, in(s.openingsOf), []string{"openings"}},
		"all of a community":                {s.insider, portalapi.ListPostsParams{CommunityID: &s.chess.CommunityID}, []string{"hidden", "openings", "chess"}},
		"all of a team":                     {s.insider, portalapi.ListPostsParams{TeamID: &s.openingsOf.TeamID}, []string{"openings"}},
		"an author":                         {s.insider, portalapi.ListPostsParams{AuthorID: &s.member.User}, []string{"public"}},
		"oneself":                           {s.insider, portalapi.ListPostsParams{AuthorID: &s.insider.User}, []string{"hidden", "diary", "openings", "chess"}},
		"an author, to others":              {s.member, portalapi.ListPostsParams{AuthorID: &s.insider.User}, []string{}},
		"a visibility":                      {s.insider, portalapi.ListPostsParams{Visibility: new(portalapi.PostVisibilityPrivate)}, []string{"hidden", "diary"}},
		"two filters":                       {admin, portalapi.ListPostsParams{Visibility: new(portalapi.PostVisibilityTeam), CommunityID: &s.chess.CommunityID}, []string{"openings"}},
	} {
		t.Run(name, func(t *testing.T) {
			s.access.TakeChecks()
			require.Equal(t, c.titles, s.titles(c.by, c.params))
			_, calls := s.access.TakeChecks()
			require.Equal(t, 1, calls, "one question to access, however many posts")
		})
	}
}

// A private post in a community is for those who may read private posts there: with the permission it is in the list,
// without it is not.
func TestPrivatePostsInACommunity(t *testing.T) {
	s := startContent(t)
	moderator := s.plenty()
	other := s.colleague()
	s.join(other, s.chess)
	params := portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopeCommunity), CommunityID: &s.chess.CommunityID}
	require.Equal(t, []string{"chess"}, s.titles(other, params))
	require.Equal(t, []string{"hidden", "chess"}, s.titles(moderator, params))
	s.access.Deny(moderator, contentdomain.PermissionPostsReadPrivate)
	require.Equal(t, []string{"chess"}, s.titles(moderator, params))
}

func TestRefusedLists(t *testing.T) {
	s := startContent(t)
	s.plenty()
	mute := portstest.Colleague(s.member)
	s.access.Member(mute)
	for name, c := range map[string]struct {
		by     authz.Actor
		params portalapi.ListPostsParams
		status int
		code   string
	}{
		"an unknown scope":                {s.member, portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScope("galaxy"))}, 422, "VALIDATION_ERROR"},
		"a community without its id":      {s.member, portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopeCommunity)}, 422, "VALIDATION_ERROR"},
		"a team without its id":           {s.member, portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopeTeam), CommunityID: &s.chess.CommunityID}, 422, "VALIDATION_ERROR"},
		"a community of others":           {s.member, portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopeCommunity), CommunityID: &s.chess.CommunityID}, 403, "FORBIDDEN"},
		"a team of others":                {s.member, portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopeTeam), TeamID: &s.openingsOf.TeamID}, 403, "FORBIDDEN"},
		"a community of others, filtered": {s.member, portalapi.ListPostsParams{CommunityID: &s.chess.CommunityID}, 403, "FORBIDDEN"},
		"a team under a false flag":       {s.insider, portalapi.ListPostsParams{CommunityID: &s.chess.CommunityID, TeamID: new(uuid.New())}, 403, "FORBIDDEN"},
		"a community that is not":         {s.insider, portalapi.ListPostsParams{Scope: new(portalapi.ListPostsParamsScopeCommunity), CommunityID: new(uuid.New())}, 403, "FORBIDDEN"},
		"anything, without the right":     {mute, portalapi.ListPostsParams{}, 403, "FORBIDDEN"},
		"a bad cursor":                    {s.member, portalapi.ListPostsParams{Cursor: new("nonsense")}, 422, "VALIDATION_ERROR"},
		"too many":                        {s.member, portalapi.ListPostsParams{Limit: new(101)}, 422, "VALIDATION_ERROR"},
		"none":                            {s.member, portalapi.ListPostsParams{Limit: new(0)}, 422, "VALIDATION_ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := s.as(c.by).ListPostsWithResponse(t.Context(), &c.params)
			refused(t, c.status, c.code, r, err)
		})
	}
}

// Page after page, everything is there once, also when several posts are of one moment.
func TestPagesOfTheFeed(t *testing.T) {
	s := startContent(t)
	var want []string
	for i := range 12 {
		scope := []contentdomain.PostScope{{}, s.chess, s.openingsOf}[i%3]
		body := draft(fmt.Sprint(i), scope)
		if i%2 == 0 {
			s.clock.Advance(time.Minute)
		}
		r, err := s.as(s.insider).CreatePostWithResponse(t.Context(), body)
		fine(t, r, err)
		want = append([]string{body.Title}, want...)
	}
	for _, limit := range []int{1, 5, 12, 50} {
		var got []string
		params := portalapi.ListPostsParams{Limit: &limit}
		for pages := 0; ; pages++ {
			require.LessOrEqual(t, pages, 12)
			r, err := s.as(s.insider).ListPostsWithResponse(t.Context(), &params)
			for _, p := range fine(t, r, err).JSON200.Items {
				got = append(got, p.Title)
			}
			next, err := r.JSON200.NextCursor.Get()
			if err != nil {
				break
			}
			params.Cursor = &next
		}
		require.ElementsMatch(t, want, got)
		require.Len(t, got, len(want), "each once")
	}
}

func TestReadingAPost(t *testing.T) {
	s := startContent(t)
	moderator := s.plenty()
	post := func(title string) uuid.UUID {
		r, err := s.as(s.insider).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
		for _, p := range fine(t, r, err).JSON200.Items {
			if p.Title == title {
				return p.ID
			}
		}
		t.Fatal(title)
		return uuid.Nil
	}
	mute := portstest.Colleague(s.member)
	s.access.Member(mute)
	stranger := portstest.Someone()
	s.access.Member(stranger, readerKeys...)
	for name, c := range map[string]struct {
		by     authz.Actor
		id     uuid.UUID
		status int
	}{
		"public, a member":             {s.member, post("public"), 200},
		"a community's, an insider":    {s.insider, post("chess"), 200},
		"a community's, a member":      {s.member, post("chess"), 404},
		"a team's, the moderator":      {moderator, post("openings"), 200},
		"a team's, a member":           {s.member, post("openings"), 404},
		"private, its author":          {s.insider, post("diary"), 200},
		"private, a member":            {s.member, post("diary"), 404},
		"private, a moderator there":   {moderator, post("hidden"), 200},
		"private, of another group":    {moderator, post("diary"), 404},
		"none":                         {s.member, uuid.New(), 404},
		"none, without any right":      {mute, uuid.New(), 403},
		"public, without any right":    {mute, post("public"), 403},
		"of another tenant's, to them": {stranger, post("public"), 404},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := s.as(c.by).GetPostWithResponse(t.Context(), c.id)
			require.NoError(t, err)
			require.Equal(t, c.status, r.StatusCode(), "%s", r.Body)
		})
	}
}

func TestChangingAPost(t *testing.T) {
	s := startContent(t)
	moderator := s.plenty()
	other := s.colleague()
	s.join(other, s.chess)
	for name, c := range map[string]struct {
		by     authz.Actor
		status int
	}{
		"its author":          {s.insider, 200},
		"a moderator":         {moderator, 200},
		"another insider":     {other, 403},
		"who does not see it": {s.member, 404},
	} {
		t.Run(name, func(t *testing.T) {
			made := s.post(s.insider, draft("mine", s.chess))
			s.clock.Advance(time.Minute)
			r, err := s.as(c.by).UpdatePostWithResponse(t.Context(), made.ID, portalapi.PostUpdate{Body: new("*new*")})
			require.NoError(t, err)
			require.Equal(t, c.status, r.StatusCode(), "%s", r.Body)
			if c.status == 200 {
				want := made
				want.Body, want.BodyHTML, want.Edited, want.Version, want.UpdatedAt = "*new*", "<p><em>new</em></p>\n", true, 2, s.clock.Now()
				require.Equal(t, want, *r.JSON200)
			}
			gone, err := s.as(c.by).DeletePostWithResponse(t.Context(), made.ID)
			require.NoError(t, err)
			require.Equal(t, map[int]int{200: 204, 403: 403, 404: 404}[c.status], gone.StatusCode())
			after, err := s.as(s.insider).GetPostWithResponse(t.Context(), made.ID)
			require.NoError(t, err)
			require.Equal(t, c.status == 200, after.StatusCode() == 404)
		})
	}
}

func TestConcurrentEdits(t *testing.T) {
	s := startContent(t)
	made := s.post(s.member, draft("one", contentdomain.PostScope{}))
	edit := func(title string, version int) (*portalapi.UpdatePostResponse, error) {
		return s.as(s.member).UpdatePostWithResponse(t.Context(), made.ID, portalapi.PostUpdate{Title: &title, Version: &version})
	}
	r, err := edit("two", 1)
	fine(t, r, err)
	r, err = edit("three", 1)
	refused(t, 409, "POST_CHANGED", r, err)
	r, err = edit("three", 2)
	require.Equal(t, 3, fine(t, r, err).JSON200.Version)
	r, err = edit("three", 3)
	require.Equal(t, 3, fine(t, r, err).JSON200.Version, "nothing was changed")
}

func TestChangingTheVisibility(t *testing.T) {
	s := startContent(t)
	made := s.post(s.insider, draft("x", s.chess))
	show := func(v portalapi.PostVisibility) (*portalapi.UpdatePostResponse, error) {
		return s.as(s.insider).UpdatePostWithResponse(t.Context(), made.ID, portalapi.PostUpdate{Visibility: &v})
	}
	r, err := show(portalapi.PostVisibilityTeam)
	refused(t, 422, "VALIDATION_ERROR", r, err)
	r, err = show(portalapi.PostVisibilityPrivate)
	require.Equal(t, someID(s.chess.CommunityID), fine(t, r, err).JSON200.CommunityID, "it stays where it is")
	r, err = show(portalapi.PostVisibilityCommunity)
	fine(t, r, err)
	s.access.Deny(s.insider, contentdomain.PermissionPostsCreatePublic)
	r, err = show(portalapi.PostVisibilityPublic)
	refused(t, 403, "FORBIDDEN", r, err)
}

// A removed member can read nothing of the community in the next request.
func TestRemovedMembersCannotRead(t *testing.T) {
	s := startContent(t)
	made := s.post(s.insider, draft("x", s.chess))
	s.access.Unbind(s.insider, s.chess.AuthzScope(uuid.Nil))
	r, err := s.as(s.insider).GetPostWithResponse(t.Context(), made.ID)
	refused(t, 404, "NOT_FOUND", r, err)
	require.Empty(t, s.titles(s.insider, portalapi.ListPostsParams{}))
	list, err := s.as(s.insider).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{CommunityID: &s.chess.CommunityID})
	refused(t, 403, "FORBIDDEN", list, err)
	w, err := s.as(s.insider).CreatePostWithResponse(t.Context(), draft("y", s.chess))
	refused(t, 403, "FORBIDDEN", w, err)
}

func TestFlagsOfTheRequest(t *testing.T) {
	s := startContent(t)
	s.plenty()
	suspended, err := s.as(s.insider, reqctx.Flags{Suspended: true}).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
	refused(t, 403, "FORBIDDEN", suspended, err)
	admin := portstest.Colleague(s.member)
	feed, err := s.as(admin, reqctx.Flags{SystemAdmin: true}).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
	require.Len(t, fine(t, feed, err).JSON200.Items, 6)
}

func TestPostsWhenAccessIsUnavailable(t *testing.T) {
	s := startContent(t)
	made := s.post(s.member, draft("x", contentdomain.PostScope{}))
	s.access.Fail(errs.Unavailablef("away"))
	list, err := s.as(s.member).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
	refused(t, 503, "SERVICE_UNAVAILABLE", list, err)
	one, err := s.as(s.member).GetPostWithResponse(t.Context(), made.ID)
	refused(t, 503, "SERVICE_UNAVAILABLE", one, err)
}

// Writing, changing and deleting posts is journalled: what was done and by whom, and nothing of what they say.
func TestPostChangesAreAudited(t *testing.T) {
	s := startContent(t)
	made := s.post(s.member, draft("telling", contentdomain.PostScope{}))
	r, err := s.as(s.member).UpdatePostWithResponse(t.Context(), made.ID, portalapi.PostUpdate{Title: new("secret")})
	fine(t, r, err)
	d, err := s.as(s.member).DeletePostWithResponse(t.Context(), made.ID)
	fine(t, d, err)
	lines := s.audited(made.ID.String())
	require.Len(t, lines, 3)
	for i, action := range []string{"post.created", "post.updated", "post.deleted"} {
		require.Equal(t, action, lines[i].Action)
		require.Equal(t, s.member.User, lines[i].ActorID)
		require.NotContains(t, lines[i].Metadata, "secret")
	}
	require.NoError(t, err)
}

type line struct {
	Action   string
	ActorID  uuid.UUID
	Metadata string
}

func (s *contentService) audited(target string) (lines []line) {
	s.t.Helper()
	require.NoError(s.t, s.db.Read(portstest.As(context.Background(), s.member), func(ctx context.Context) error {
		return s.db.Conn(ctx).NewRaw("SELECT action, actor_id, metadata::text AS metadata FROM audit_entries WHERE target_id = ? ORDER BY created_at, id", target).Scan(ctx, &lines)
	}))
	return lines
}
