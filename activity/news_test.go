package activity_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/groups/portalgroups"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

// newsroom is the running service with users of its tenant.
type newsroom struct {
	*service.Service[client]

	news                         *app.News
	author, reader, moderator    authz.Actor
	readerC, authorC, moderatorC client
}

var (
	readerKeys    = []authz.Permission{domain.PermissionFeedRead}
	authorKeys    = append([]authz.Permission{domain.PermissionNewsCreate}, readerKeys...)
	moderatorKeys = append([]authz.Permission{domain.PermissionNewsManage}, authorKeys...)
)

func startNews(t testing.TB) *newsroom {
	n := &newsroom{}
	n.Service = startWith(t, fx.Populate(&n.news))
	n.author, n.reader, n.moderator = n.Actor(authorKeys...), n.Actor(readerKeys...), n.Actor(moderatorKeys...)
	n.authorC, n.readerC, n.moderatorC = n.As(n.author), n.As(n.reader), n.As(n.moderator)
	return n
}

func given[T any](v T) nullable.Nullable[T] { return nullable.NewNullableWithValue(v) }

// newsOf writes a post. What edit leaves alone makes a public post for the tenant.
func newsOf(t testing.TB, s *service.Service[client], by authz.Actor, edit func(*activityapi.NewsCreate)) activityapi.NewsItem {
	t.Helper()
	body := activityapi.NewsCreate{Body: "**Seven** o'clock", Visibility: given(activityapi.NewsCreateVisibilityPublic)}
	if edit != nil {
		edit(&body)
	}
	r, err := s.As(by).CreateNewsWithResponse(t.Context(), body)
	return *service.OK(t, r, err).JSON200
}

func (n *newsroom) post(edit func(*activityapi.NewsCreate)) activityapi.NewsItem {
	n.T.Helper()
	return newsOf(n.T, n.Service, n.author, edit)
}

func (n *newsroom) get(c client, id uuid.UUID) *activityapi.GetNewsResponse {
	n.T.Helper()
	r, err := c.GetNewsWithResponse(n.T.Context(), id.String())
	require.NoError(n.T, err)
	return r
}

// group makes a community known.
func (n *newsroom) group(state groups.State) authz.Scope {
	n.T.Helper()
	scope := authz.CommunityScope(uuid.New())
	ctx := reqctx.With(n.T.Context(), reqctx.Context{TenantID: n.Tenant})
	require.NoError(n.T, n.DB.Do(ctx, func(ctx context.Context) error {
		return portalgroups.NewStore(n.DB).Put(ctx, groups.Group{Scope: scope, Community: scope.ID, State: state})
	}))
	return scope
}

func (n *newsroom) list(c client, params activityapi.ListNewsParams) (titles []string) {
	n.T.Helper()
	r, err := c.ListNewsWithResponse(n.T.Context(), &params)
	for _, item := range service.OK(n.T, r, err).JSON200.Items {
		titles = append(titles, item.Title)
	}
	return titles
}

func titled(title string) func(*activityapi.NewsCreate) {
	return func(b *activityapi.NewsCreate) { b.Title = given(title) }
}

func TestAPostIsAnItemOfTheFeed(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	item := n.post(func(b *activityapi.NewsCreate) {
		b.Title, b.Tags = given("  Finals "), given([]string{" Big Stage", "finals", "FINALS", ""})
		b.Media = given([]activityapi.NewsMediaWrite{
			{Type: "youtube", URL: given("https://youtu.be/dQw4w9WgXcQ"), VideoID: given("dQw4w9WgXcQ"), Title: given("Trailer")}, {Type: "gif"},
		})
	})
	p := item.PayloadJSON
	require.Equal(t, "Finals", item.Title)
	require.Equal(t, "Finals", p.Title.MustGet())
	require.Equal(t, []string{"big-stage", "finals"}, p.Tags)
	require.Equal(t, "<p><strong>Seven</strong> o'clock</p>", strings.TrimSpace(strings.ReplaceAll(p.BodyHTML, "&#39;", "'")))
	require.Equal(t, "https://www.youtube.com/watch?v=dQw4w9WgXcQ", p.Media[0].URL.MustGet())
	require.Len(t, p.Media, 1)
	require.Equal(t, activityapi.NewsStatusPublished, p.Status)
	require.Equal(t, "/feed/"+p.NewsID.String(), p.Permalink.Path)
	require.True(t, p.CanEdit && !p.CanModerate)
	require.Positive(t, item.ID)

	feed, err := n.readerC.ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{})
	items := service.OK(t, feed, err).JSON200.Items
	require.Len(t, items, 1)
	require.Equal(t, item.ID, items[0].ID)
	require.Equal(t, "news:"+p.NewsID.String(), items[0].SourceRef)
	require.Equal(t, p.Body, items[0].PayloadJSON["body"])
	require.Equal(t, false, items[0].PayloadJSON["can_edit"])
	require.Equal(t, []string{activityevents.TypeNewsPublished}, types(n.Service))

	got := service.OK(t, n.get(n.readerC, p.NewsID), nil).JSON200
	require.False(t, got.PayloadJSON.CanEdit)

	changed, err := n.authorC.UpdateNewsWithResponse(t.Context(), p.NewsID.String(), activityapi.NewsUpdate{Body: given("Eight"), Tags: given([]string{"late"})})
	require.Equal(t, "Eight", service.OK(t, changed, err).JSON200.PayloadJSON.Body)
	require.Equal(t, []string{"late"}, changed.JSON200.PayloadJSON.Tags)
	require.False(t, changed.JSON200.PayloadJSON.EditedAt.IsNull())
	require.Len(t, changed.JSON200.PayloadJSON.Media, 1, "what is absent stays")

	gone, err := n.authorC.DeleteNewsWithResponse(t.Context(), p.NewsID.String(), &activityapi.DeleteNewsParams{})
	require.Equal(t, http.StatusNoContent, service.OK(t, gone, err).StatusCode())
	service.Refused(t, http.StatusNotFound, "NEWS_NOT_FOUND", n.get(n.authorC, p.NewsID), nil)
	feed, err = n.readerC.ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{})
	require.Empty(t, service.OK(t, feed, err).JSON200.Items)
	require.Equal(t, []string{activityevents.TypeNewsPublished, activityevents.TypeNewsChanged, activityevents.TypeNewsDeleted}, types(n.Service))
}

func types(s *service.Service[client]) (list []string) {
	for _, e := range s.Events() {
		if e.Type == activityevents.TypeFeedUpdated || e.Type == activityevents.TypeFeedRead { // for open streams
			continue
		}
		list = append(list, e.Type)
	}
	return list
}

func TestAPostWithoutATitleIsCalledByItsBeginning(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	item := n.post(func(b *activityapi.NewsCreate) { b.Body = strings.Repeat("ы ", 100) })
	require.Len(t, []rune(item.Title), 120)
	require.True(t, item.PayloadJSON.Title.IsNull())
}

func TestWrongPostsNameTheField(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	for field, edit := range map[string]func(*activityapi.NewsCreate){
		"body":  func(b *activityapi.NewsCreate) { b.Body = strings.Repeat("ы", 5001) },
		"title": func(b *activityapi.NewsCreate) { b.Title = given(strings.Repeat("ы", 257)) },
		"tags":  func(b *activityapi.NewsCreate) { b.Tags = given(strings.Split("abcdefghijk", "")) },
		"visibility": func(b *activityapi.NewsCreate) {
			b.Visibility = nullable.NewNullNullable[activityapi.NewsCreateVisibility]()
		},
		"publish_at": func(b *activityapi.NewsCreate) { b.Status = given(activityapi.NewsCreateStatusScheduled) },
		"scope_type": func(b *activityapi.NewsCreate) { b.ScopeType = given("planet") },
		"scope_id":   func(b *activityapi.NewsCreate) { b.ScopeID = given("x") },
		"media": func(b *activityapi.NewsCreate) {
			b.Media = given([]activityapi.NewsMediaWrite{{Type: "image", Key: given("news/" + n.Tenant.String() + "/" + strings.Repeat("0", 32) + "-a.png")}})
		},
	} {
		body := activityapi.NewsCreate{Body: "b", Visibility: given(activityapi.NewsCreateVisibilityPublic)}
		edit(&body)
		r, err := n.authorC.CreateNewsWithResponse(t.Context(), body)
		service.Invalid(t, r, err, field)
	}
	r, err := n.authorC.CreateNewsWithResponse(t.Context(), activityapi.NewsCreate{Body: "b", Visibility: given(activityapi.NewsCreateVisibilityTeam)})
	service.Refused(t, http.StatusBadRequest, "SCOPE_REQUIRED", r, err)
	got, err := n.readerC.GetNewsWithResponse(t.Context(), "no-uuid")
	service.Refused(t, http.StatusNotFound, "NEWS_NOT_FOUND", got, err)
}

func TestARepeatedCreateMakesOnePost(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	ctx := service.Request(n.author)
	body := activityapi.NewsCreate{Body: "b", Visibility: given(activityapi.NewsCreateVisibilityPublic)}
	first, err := n.authorC.CreateNewsWithResponse(ctx, body)
	service.OK(t, first, err)
	again, err := n.authorC.CreateNewsWithResponse(ctx, body)
	require.Equal(t, first.JSON200.ID, service.OK(t, again, err).JSON200.ID)
	id := first.JSON200.PayloadJSON.NewsID.String()
	comment, err := n.authorC.CreateNewsCommentWithResponse(ctx, id, activityapi.NewsCommentCreate{Body: "c"})
	service.OK(t, comment, err)
	repeated, err := n.authorC.CreateNewsCommentWithResponse(ctx, id, activityapi.NewsCommentCreate{Body: "c"})
	require.Equal(t, comment.JSON200.ID, service.OK(t, repeated, err).JSON200.ID)
	require.Equal(t, 1, service.OK(t, n.get(n.readerC, first.JSON200.PayloadJSON.NewsID), nil).JSON200.PayloadJSON.CommentsCount)
}

// TestWhatOneMayNotSeeDoesNotExist tries every kind of post with every kind of reader.
func TestWhatOneMayNotSeeDoesNotExist(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	community := n.group(groups.Active)
	member := n.Actor(readerKeys...)
	n.Access.Grant(member, community, readerKeys...)
	n.Access.Grant(n.author, community, authorKeys...)
	draft := n.post(func(b *activityapi.NewsCreate) { b.Status = given(activityapi.NewsCreateStatusDraft) })
	private := n.post(func(b *activityapi.NewsCreate) { b.Visibility = given(activityapi.NewsCreateVisibilityPrivate) })
	inside := n.post(func(b *activityapi.NewsCreate) {
		b.Visibility, b.ScopeID = given(activityapi.NewsCreateVisibilityCommunity), given(community.ID.String())
	})
	hidden := n.post(nil)
	r, err := n.moderatorC.ModerateNewsWithResponse(t.Context(), hidden.PayloadJSON.NewsID.String(), activityapi.NewsModeration{Hidden: new(true), Reason: new("spam")})
	require.True(t, service.OK(t, r, err).JSON200.PayloadJSON.Hidden)
	outsider := n.As(n.Outsider(moderatorKeys...))
	for name, c := range map[string]struct {
		post activityapi.NewsItem
		sees map[string]bool
	}{
		"draft":     {draft, map[string]bool{"author": true, "moderator": true}},
		"private":   {private, map[string]bool{"author": true, "moderator": true}},
		"community": {inside, map[string]bool{"author": true, "member": true, "moderator": true}},
		"hidden":    {hidden, map[string]bool{"author": true, "moderator": true}},
	} {
		for who, reader := range map[string]client{"author": n.authorC, "moderator": n.moderatorC, "reader": n.readerC, "member": n.As(member), "outsider": outsider} {
			r := n.get(reader, c.post.PayloadJSON.NewsID)
			if c.sees[who] {
				require.Equal(t, http.StatusOK, r.StatusCode(), "%s, %s", name, who)
				continue
			}
			service.Refused(t, http.StatusNotFound, "NEWS_NOT_FOUND", r, nil)
			id := c.post.PayloadJSON.NewsID.String()
			react, err := reader.ReactToNewsWithResponse(t.Context(), id, activityapi.NewsReact{Emoji: "🔥"})
			service.Refused(t, http.StatusNotFound, "NEWS_NOT_FOUND", react, err)
			comment, err := reader.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: "b"})
			service.Refused(t, http.StatusNotFound, "NEWS_NOT_FOUND", comment, err)
			view, err := reader.ViewNewsWithResponse(t.Context(), id, activityapi.NewsView{})
			service.Refused(t, http.StatusNotFound, "NEWS_NOT_FOUND", view, err)
			edit, err := reader.UpdateNewsWithResponse(t.Context(), id, activityapi.NewsUpdate{Body: given("x")})
			service.Refused(t, http.StatusNotFound, "NEWS_NOT_FOUND", edit, err)
		}
	}
	require.Len(t, n.list(n.As(member), activityapi.ListNewsParams{}), 1)
	require.Empty(t, n.list(n.readerC, activityapi.ListNewsParams{}))
	require.Len(t, n.list(n.authorC, activityapi.ListNewsParams{}), 2)

	edit, err := n.As(member).UpdateNewsWithResponse(t.Context(), inside.PayloadJSON.NewsID.String(), activityapi.NewsUpdate{Body: given("x")})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", edit, err)
	gone, err := n.As(member).DeleteNewsWithResponse(t.Context(), inside.PayloadJSON.NewsID.String(), &activityapi.DeleteNewsParams{})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", gone, err)
	stranger, err := n.As(n.Actor(authorKeys...)).CreateNewsWithResponse(t.Context(), activityapi.NewsCreate{
		Body: "b", Visibility: given(activityapi.NewsCreateVisibilityCommunity), ScopeID: given(community.ID.String()),
	})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", stranger, err)
}

func TestDraftsAndScheduledPosts(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	draft := n.post(func(b *activityapi.NewsCreate) {
		b.Status, b.Visibility = given(activityapi.NewsCreateStatusDraft), nullable.NewNullNullable[activityapi.NewsCreateVisibility]()
	})
	require.Negative(t, draft.ID)
	drafts, err := n.authorC.ListNewsDraftsWithResponse(t.Context(), &activityapi.ListNewsDraftsParams{})
	require.Len(t, *service.OK(t, drafts, err).JSON200, 1)
	drafts, err = n.readerC.ListNewsDraftsWithResponse(t.Context(), &activityapi.ListNewsDraftsParams{})
	require.Empty(t, *service.OK(t, drafts, err).JSON200)
	require.Empty(t, types(n.Service))

	id := draft.PayloadJSON.NewsID
	at := n.Clock.Now().Add(time.Hour)
	r, err := n.authorC.UpdateNewsWithResponse(t.Context(), id.String(), activityapi.NewsUpdate{Status: given(activityapi.NewsUpdateStatusScheduled), PublishAt: given(at)})
	require.Equal(t, at.UTC(), service.OK(t, r, err).JSON200.PayloadJSON.PublishAt.MustGet().UTC())
	ctx := context.Background()
	require.NoError(t, n.news.PublishDue(ctx))
	require.Empty(t, n.list(n.readerC, activityapi.ListNewsParams{}))
	n.Clock.Advance(time.Hour)
	done := make(chan error)
	for range 4 { // as many instances
		go func() { done <- n.news.PublishDue(ctx) }()
	}
	for range 4 {
		require.NoError(t, <-done)
	}
	require.Len(t, n.list(n.readerC, activityapi.ListNewsParams{}), 1)
	require.Equal(t, []string{activityevents.TypeNewsPublished}, types(n.Service), "exactly once")
	got := service.OK(t, n.get(n.readerC, id), nil).JSON200
	require.Equal(t, n.Clock.Now().UTC(), got.OccurredAt.UTC())

	r, err = n.authorC.UpdateNewsWithResponse(t.Context(), id.String(), activityapi.NewsUpdate{Status: given(activityapi.NewsUpdateStatusDraft)})
	service.OK(t, r, err)
	require.Empty(t, n.list(n.readerC, activityapi.ListNewsParams{}))
	r, err = n.authorC.UpdateNewsWithResponse(t.Context(), id.String(), activityapi.NewsUpdate{Status: given(activityapi.NewsUpdateStatusPublished)})
	service.OK(t, r, err)
	require.Len(t, n.list(n.readerC, activityapi.ListNewsParams{}), 1, "published again at the same instant")
}

func TestAnArchivedCommunityTakesNoPosts(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	community := n.group(groups.Active)
	n.Access.Grant(n.author, community, authorKeys...)
	inCommunity := func(b *activityapi.NewsCreate) {
		b.Visibility, b.ScopeID = given(activityapi.NewsCreateVisibilityCommunity), given(community.ID.String())
	}
	scheduled := n.post(func(b *activityapi.NewsCreate) {
		inCommunity(b)
		b.Status, b.PublishAt = given(activityapi.NewsCreateStatusScheduled), given(n.Clock.Now().Add(time.Minute))
	})
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: n.Tenant})
	require.NoError(t, n.DB.Do(ctx, func(ctx context.Context) error {
		return portalgroups.NewStore(n.DB).Put(ctx, groups.Group{Scope: community, Community: community.ID, State: groups.Archived})
	}))
	body := activityapi.NewsCreate{Body: "b"}
	inCommunity(&body)
	r, err := n.authorC.CreateNewsWithResponse(t.Context(), body)
	service.Refused(t, http.StatusConflict, "SCOPE_ARCHIVED", r, err)
	n.Clock.Advance(time.Hour)
	require.NoError(t, n.news.PublishDue(context.Background()))
	require.Equal(t, activityapi.NewsStatusDraft, service.OK(t, n.get(n.authorC, scheduled.PayloadJSON.NewsID), nil).JSON200.PayloadJSON.Status)
}

func TestPostsAreFoundAndRanked(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	first := n.post(func(b *activityapi.NewsCreate) {
		b.Title, b.Tags = given("Chess finals"), given([]string{"chess"})
	})
	n.Clock.Advance(time.Minute)
	n.post(titled("Football"))
	n.Clock.Advance(time.Minute)
	n.post(func(b *activityapi.NewsCreate) { b.Title, b.Body = given("Шахматы"), "Турнир 100%" })
	require.Equal(t, []string{"Шахматы", "Football", "Chess finals"}, n.list(n.readerC, activityapi.ListNewsParams{}))
	require.Equal(t, []string{"Chess finals"}, n.list(n.readerC, activityapi.ListNewsParams{Q: new("FINAL")}))
	require.Equal(t, []string{"Шахматы"}, n.list(n.readerC, activityapi.ListNewsParams{Q: new("100%")}))
	require.Empty(t, n.list(n.readerC, activityapi.ListNewsParams{Q: new("1__%")}))
	require.Equal(t, []string{"Chess finals"}, n.list(n.readerC, activityapi.ListNewsParams{Tag: new("Chess")}))
	require.Len(t, n.list(n.readerC, activityapi.ListNewsParams{AuthorID: &n.author.User}), 3)
	require.Empty(t, n.list(n.readerC, activityapi.ListNewsParams{AuthorID: &n.reader.User}))

	for _, emoji := range []string{"🔥", "👍", "😂"} {
		r, err := n.readerC.ReactToNewsWithResponse(t.Context(), first.PayloadJSON.NewsID.String(), activityapi.NewsReact{Emoji: emoji})
		service.OK(t, r, err)
	}
	best := activityapi.ListNewsParams{Sort: new(activityapi.ListNewsParamsSortBest), Limit: new(1)}
	var titles []string
	for {
		r, err := n.readerC.ListNewsWithResponse(t.Context(), &best)
		if title := service.OK(t, r, err).JSON200.Items[0].Title; title != "new" {
			titles = append(titles, title)
		}
		n.post(titled("new")) // while others read
		next, err := r.JSON200.NextCursor.Get()
		if err != nil || slices.Contains(titles, "Football") {
			break
		}
		best.Cursor = &next
	}
	require.Equal(t, []string{"Chess finals", "Шахматы", "Football"}, titles)

	require.Empty(t, n.list(n.readerC, activityapi.ListNewsParams{Pinned: new(true)}))
	r, err := n.moderatorC.ModerateNewsWithResponse(t.Context(), first.PayloadJSON.NewsID.String(), activityapi.NewsModeration{Pinned: new(true)})
	require.True(t, service.OK(t, r, err).JSON200.PayloadJSON.Pinned)
	require.Equal(t, []string{"Chess finals"}, n.list(n.readerC, activityapi.ListNewsParams{Pinned: new(true)}))
}
