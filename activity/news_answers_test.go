package activity_test

import (
	"bytes"
	"context"
	"fmt"
	"image/color"
	"image/png"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit/service"
)

func (n *newsroom) react(c client, id string, emoji string, action activityapi.NewsAction) []activityapi.NewsReactionCount {
	n.T.Helper()
	r, err := c.ReactToNewsWithResponse(n.T.Context(), id, activityapi.NewsReact{Emoji: emoji, Action: &action})
	return *service.OK(n.T, r, err).JSON200
}

func (n *newsroom) comment(c client, id, body string, parent int64) activityapi.NewsComment {
	n.T.Helper()
	in := activityapi.NewsCommentCreate{Body: body}
	if parent != 0 {
		in.ParentID = given(parent)
	}
	r, err := c.CreateNewsCommentWithResponse(n.T.Context(), id, in)
	return *service.OK(n.T, r, err).JSON200
}

func TestReactionsAreCounted(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	id := n.post(nil).PayloadJSON.NewsID
	require.Equal(t, []activityapi.NewsReactionCount{{Emoji: "🔥", Count: 1, MyReacted: true}}, n.react(n.readerC, id.String(), "🔥", "add"))
	require.Len(t, n.react(n.readerC, id.String(), "🔥", "add"), 1, "again")
	n.react(n.authorC, id.String(), "🔥", "add")
	require.Equal(t, []activityapi.NewsReactionCount{{Emoji: "🔥", Count: 2, MyReacted: true}, {Emoji: "👍🏽", Count: 1, MyReacted: true}}, n.react(n.readerC, id.String(), "👍🏽", "add"))
	p := service.OK(t, n.get(n.readerC, id), nil).JSON200.PayloadJSON
	require.Equal(t, 3, p.ReactionsCount)
	require.ElementsMatch(t, []string{"🔥", "👍🏽"}, p.MyReactions)
	require.Equal(t, activityapi.NewsEmojiCount{Emoji: "🔥", Count: 2}, p.ReactionCounts[0])
	given, err := n.readerC.ListNewsReactionsWithResponse(t.Context(), id.String(), &activityapi.ListNewsReactionsParams{Limit: new(2)})
	require.Equal(t, []string{"👍🏽", "🔥"}, []string{(*service.OK(t, given, err).JSON200)[0].Emoji, (*given.JSON200)[1].Emoji})
	require.Equal(t, n.author.User, (*given.JSON200)[1].UserID)
	require.Len(t, n.react(n.readerC, id.String(), "👍🏽", "remove"), 1)
	require.Len(t, n.react(n.readerC, id.String(), "👍🏽", "remove"), 1, "again")
	require.Equal(t, 2, service.OK(t, n.get(n.readerC, id), nil).JSON200.PayloadJSON.ReactionsCount)
	for _, wrong := range []string{"a", "👍👍", "<b>"} {
		r, err := n.readerC.ReactToNewsWithResponse(t.Context(), id.String(), activityapi.NewsReact{Emoji: wrong})
		service.Invalid(t, r, err, "emoji")
	}
}

func TestViewsAreCountedOncePerMember(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	id := n.post(nil).PayloadJSON.NewsID.String()
	for i, want := range []activityapi.NewsViews{{ViewsCount: 1, Counted: true}, {ViewsCount: 1}} {
		r, err := n.readerC.ViewNewsWithResponse(t.Context(), id, activityapi.NewsView{})
		require.Equal(t, want, *service.OK(t, r, err).JSON200, i)
	}
	r, err := n.authorC.ViewNewsWithResponse(t.Context(), id, activityapi.NewsView{})
	require.Equal(t, activityapi.NewsViews{ViewsCount: 1}, *service.OK(t, r, err).JSON200)
}

func TestCommentsFormThreads(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	post := n.post(nil).PayloadJSON.NewsID
	id := post.String()
	first := n.comment(n.readerC, id, "first", 0)
	second := n.comment(n.authorC, id, "second", 0)
	reply := n.comment(n.authorC, id, "reply", first.ID)
	require.Equal(t, first.ID, reply.ParentID.MustGet())
	require.True(t, reply.CanEdit && reply.CanDelete && reply.CanReply)

	page, err := n.readerC.PageNewsCommentsWithResponse(t.Context(), id, &activityapi.PageNewsCommentsParams{Limit: new(1)})
	require.True(t, service.OK(t, page, err).JSON200.HasMore)
	require.Equal(t, []int{1, int(first.ID)}, []int{page.JSON200.Items[0].RepliesCount, int(page.JSON200.Items[0].ID)})
	require.Equal(t, strconv.FormatInt(first.ID, 10), page.JSON200.NextCursor.MustGet())
	page, err = n.readerC.PageNewsCommentsWithResponse(t.Context(), id, &activityapi.PageNewsCommentsParams{Limit: new(1), Cursor: new(page.JSON200.NextCursor.MustGet())})
	require.Equal(t, second.ID, service.OK(t, page, err).JSON200.Items[0].ID)
	require.False(t, page.JSON200.HasMore)
	page, err = n.readerC.PageNewsCommentsWithResponse(t.Context(), id, &activityapi.PageNewsCommentsParams{ParentID: &first.ID})
	require.Equal(t, reply.ID, service.OK(t, page, err).JSON200.Items[0].ID)
	require.Len(t, page.JSON200.Items, 1)
	wrong, err := n.readerC.PageNewsCommentsWithResponse(t.Context(), id, &activityapi.PageNewsCommentsParams{Cursor: new("x")})
	service.Invalid(t, wrong, err, "cursor")

	like, err := n.authorC.LikeNewsCommentWithResponse(t.Context(), id, first.ID, activityapi.NewsLike{})
	require.Equal(t, activityapi.NewsLikes{LikesCount: 1, MyLiked: true}, *service.OK(t, like, err).JSON200)
	edited, err := n.readerC.UpdateNewsCommentWithResponse(t.Context(), id, first.ID, activityapi.NewsCommentUpdate{Body: "better"})
	require.Equal(t, "better", service.OK(t, edited, err).JSON200.Body)
	require.False(t, edited.JSON200.EditedAt.IsNull())
	foreign, err := n.moderatorC.UpdateNewsCommentWithResponse(t.Context(), id, first.ID, activityapi.NewsCommentUpdate{Body: "x"})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", foreign, err)

	gone, err := n.readerC.DeleteNewsCommentWithResponse(t.Context(), id, first.ID, &activityapi.DeleteNewsCommentParams{})
	require.True(t, service.OK(t, gone, err).JSON200.Deleted)
	require.True(t, gone.JSON200.UserID.IsNull())
	require.Equal(t, "Комментарий удалён", gone.JSON200.Body)
	require.Equal(t, 2, service.OK(t, n.get(n.readerC, post), nil).JSON200.PayloadJSON.CommentsCount)
	list, err := n.readerC.ListNewsCommentsWithResponse(t.Context(), id, &activityapi.ListNewsCommentsParams{})
	require.Len(t, *service.OK(t, list, err).JSON200, 3, "the place keeps its replies")
	for _, again := range []func() (service.Answer, error){
		func() (service.Answer, error) {
			return n.readerC.DeleteNewsCommentWithResponse(t.Context(), id, first.ID, &activityapi.DeleteNewsCommentParams{})
		},
		func() (service.Answer, error) {
			return n.readerC.LikeNewsCommentWithResponse(t.Context(), id, first.ID, activityapi.NewsLike{})
		},
		func() (service.Answer, error) {
			return n.readerC.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: "x", ParentID: given(first.ID)})
		},
		func() (service.Answer, error) {
			return n.readerC.CreateNewsCommentWithResponse(t.Context(), n.post(nil).PayloadJSON.NewsID.String(), activityapi.NewsCommentCreate{Body: "x", ParentID: given(second.ID)})
		},
	} {
		r, err := again()
		service.Refused(t, http.StatusNotFound, "COMMENT_NOT_FOUND", r, err)
	}
	denied, err := n.readerC.DeleteNewsCommentWithResponse(t.Context(), id, second.ID, &activityapi.DeleteNewsCommentParams{})
	service.Refused(t, http.StatusForbidden, "FORBIDDEN", denied, err)

	locked, err := n.moderatorC.ModerateNewsWithResponse(t.Context(), id, activityapi.NewsModeration{CommentsLocked: new(true)})
	require.True(t, service.OK(t, locked, err).JSON200.PayloadJSON.CommentsLocked)
	closed, err := n.readerC.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: "x"})
	service.Refused(t, http.StatusConflict, "COMMENTS_LOCKED", closed, err)
	list, err = n.authorC.ListNewsCommentsWithResponse(t.Context(), id, &activityapi.ListNewsCommentsParams{})
	require.False(t, (*service.OK(t, list, err).JSON200)[1].CanReply)
}

// TestCountersStayExact lets a thousand members react, comment and look at the same time, while the post is edited.
func TestCountersStayExact(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	post := n.post(nil).PayloadJSON.NewsID
	id := post.String()
	const members = 1000
	clients := make([]client, members)
	for i := range clients {
		clients[i] = n.As(n.Actor(readerKeys...))
	}
	failures := make(chan error, 3*members)
	var all sync.WaitGroup
	queue := make(chan client)
	for range 32 {
		all.Go(func() {
			for c := range queue {
				react, err := c.ReactToNewsWithResponse(t.Context(), id, activityapi.NewsReact{Emoji: "🔥"})
				failures <- problem(react, err)
				comment, err := c.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: "c"})
				failures <- problem(comment, err)
				view, err := c.ViewNewsWithResponse(t.Context(), id, activityapi.NewsView{})
				failures <- problem(view, err)
			}
		})
	}
	for i, c := range clients {
		queue <- c
		if i%100 == 0 {
			r, err := n.authorC.UpdateNewsWithResponse(t.Context(), id, activityapi.NewsUpdate{Body: given(fmt.Sprint("edit ", i))})
			service.OK(t, r, err)
		}
	}
	close(queue)
	all.Wait()
	close(failures)
	for err := range failures {
		require.NoError(t, err)
	}
	p := service.OK(t, n.get(n.readerC, post), nil).JSON200.PayloadJSON
	require.Equal(t, []int{members, members, members}, []int{p.ReactionsCount, p.CommentsCount, p.ViewsCount})
	require.Equal(t, []activityapi.NewsEmojiCount{{Emoji: "🔥", Count: members}}, p.ReactionCounts)
}

func problem(a service.Answer, err error) error {
	if err == nil && a.StatusCode() >= http.StatusMultipleChoices {
		err = fmt.Errorf("status %d", a.StatusCode())
	}
	return err
}

func TestPicturesOfPosts(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	upload := uploaded(t, n.authorC, drawing(t, 1280, 640, color.Black))
	require.Regexp(t, "^news/"+n.Tenant.String()+"/[0-9a-f]{32}-big-stage-.png$", upload.Key)
	require.Equal(t, 900, upload.ExpiresIn)
	item := n.post(func(b *activityapi.NewsCreate) {
		b.Media = given([]activityapi.NewsMediaWrite{{Type: "image", Key: given(upload.Key), Caption: given("The stage")}})
	})
	m := item.PayloadJSON.Media[0]
	require.Equal(t, []int{1280, 640}, []int{*m.Width, *m.Height})
	require.Equal(t, "image/png", *m.ContentType)
	require.Equal(t, upload.Key, *m.Key)
	media := mediaOf(upload)
	require.Equal(t, "/api/v1/activity/news-media/"+media+"/original", m.URL.MustGet())
	thumbnail, err := n.readerC.GetNewsMediaWithResponse(t.Context(), media, "thumbnail", &activityapi.GetNewsMediaParams{})
	require.Equal(t, http.StatusOK, thumbnail.StatusCode(), err)
	require.Equal(t, "private, no-cache", thumbnail.HTTPResponse.Header.Get("Cache-Control"))
	etag := thumbnail.HTTPResponse.Header.Get("ETag")
	again, err := n.readerC.GetNewsMediaWithResponse(t.Context(), media, "thumbnail", &activityapi.GetNewsMediaParams{IfNoneMatch: &etag})
	require.Equal(t, http.StatusNotModified, again.StatusCode(), err)
	original, err := n.readerC.GetNewsMediaWithResponse(t.Context(), media, "original", &activityapi.GetNewsMediaParams{})
	require.NoError(t, err)
	shown, err := png.Decode(bytes.NewReader(original.Body))
	require.NoError(t, err)
	require.Equal(t, 1280, shown.Bounds().Dx())
	outside, err := n.As(n.Outsider(moderatorKeys...)).GetNewsMediaWithResponse(t.Context(), media, "original", &activityapi.GetNewsMediaParams{})
	service.Refused(t, http.StatusNotFound, "MEDIA_NOT_FOUND", outside, err)

	// What one may not see shows no picture either.
	r, err := n.authorC.UpdateNewsWithResponse(t.Context(), item.PayloadJSON.NewsID.String(), activityapi.NewsUpdate{Visibility: given(activityapi.NewsUpdateVisibilityPrivate)})
	require.Len(t, service.OK(t, r, err).JSON200.PayloadJSON.Media, 1)
	hidden, err := n.readerC.GetNewsMediaWithResponse(t.Context(), media, "original", &activityapi.GetNewsMediaParams{})
	service.Refused(t, http.StatusNotFound, "MEDIA_NOT_FOUND", hidden, err)

	// A picture belongs to its uploader, and to one post.
	for _, c := range []client{n.moderatorC, n.authorC} {
		stolen, err := c.CreateNewsWithResponse(t.Context(), activityapi.NewsCreate{
			Body: "b", Visibility: given(activityapi.NewsCreateVisibilityPublic), Media: given([]activityapi.NewsMediaWrite{{Type: "image", Key: given(upload.Key)}}),
		})
		service.Invalid(t, stolen, err, "media")
	}
	put, err := n.moderatorC.UploadNewsMediaWithBodyWithResponse(t.Context(), media, "application/octet-stream", bytes.NewReader([]byte("x")))
	service.Refused(t, http.StatusNotFound, "MEDIA_NOT_FOUND", put, err)
}

func TestWrongPicturesAreRefused(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	for field, in := range map[string]activityapi.NewsUploadRequest{
		"size_bytes":   {Filename: "a", ContentType: "image/png", SizeBytes: 10<<20 + 1},
		"content_type": {Filename: "a", ContentType: "image/svg+xml", SizeBytes: 1},
	} {
		r, err := n.authorC.RequestNewsUploadWithResponse(t.Context(), in)
		service.Invalid(t, r, err, field)
	}
	r, err := n.authorC.RequestNewsUploadWithResponse(t.Context(), activityapi.NewsUploadRequest{Filename: "a", ContentType: "image/png", SizeBytes: 1})
	media := mediaOf(*service.OK(t, r, err).JSON200)
	for content, status := range map[string]int{"": http.StatusBadRequest, "<svg/>": http.StatusUnsupportedMediaType, "\x89PNG\r\n\x1a\nbroken": http.StatusUnsupportedMediaType} {
		put, err := n.authorC.UploadNewsMediaWithBodyWithResponse(t.Context(), media, "application/octet-stream", strings.NewReader(content))
		require.NoError(t, err)
		require.Equal(t, status, put.StatusCode(), content)
	}
	n.Clock.Advance(16 * time.Minute)
	late, err := n.authorC.UploadNewsMediaWithBodyWithResponse(t.Context(), media, "application/octet-stream", bytes.NewReader(drawing(t, 2, 2, color.White)))
	service.Refused(t, http.StatusForbidden, "MEDIA_UPLOAD_EXPIRED", late, err)
}

func TestPicturesThatNoPostHasAreRemoved(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	sweep := func() { require.NoError(t, n.news.SweepImages(pg.AcrossTenants(t.Context(), "a test"))) }
	there := func(u activityapi.NewsUpload) bool {
		r, err := n.authorC.GetNewsMediaWithResponse(t.Context(), mediaOf(u), "original", &activityapi.GetNewsMediaParams{})
		require.NoError(t, err)
		return r.StatusCode() == http.StatusOK
	}
	used, unused := uploaded(t, n.authorC, drawing(t, 8, 8, color.White)), uploaded(t, n.authorC, drawing(t, 8, 8, color.Black))
	post := n.post(func(b *activityapi.NewsCreate) {
		b.Media = given([]activityapi.NewsMediaWrite{{Type: "image", Key: given(used.Key)}})
	})
	n.Clock.Advance(23 * time.Hour)
	sweep()
	require.True(t, there(unused), "it may still be used")
	n.Clock.Advance(2 * time.Hour)
	sweep()
	require.False(t, there(unused))
	require.True(t, there(used))
	r, err := n.authorC.UpdateNewsWithResponse(t.Context(), post.PayloadJSON.NewsID.String(), activityapi.NewsUpdate{Media: given([]activityapi.NewsMediaWrite{})})
	require.Empty(t, service.OK(t, r, err).JSON200.PayloadJSON.Media)
	sweep()
	require.True(t, there(used), "for a day")
	n.Clock.Advance(25 * time.Hour)
	sweep()
	require.False(t, there(used))
}

func TestModeratorsHideReportsAndFilter(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	post := n.post(nil).PayloadJSON.NewsID
	id := post.String()
	comment := n.comment(n.authorC, id, "buy casino chips", 0)
	report := func(c client, in activityapi.NewsReportCreate) activityapi.NewsReport {
		r, err := c.ReportNewsWithResponse(t.Context(), id, in)
		return *service.OK(t, r, err).JSON200
	}
	first := report(n.readerC, activityapi.NewsReportCreate{Reason: "spam", Text: new("ads"), CommentID: &comment.ID})
	require.Equal(t, first.ID, report(n.readerC, activityapi.NewsReportCreate{Reason: "abuse", CommentID: &comment.ID}).ID, "once")
	report(n.As(n.Actor(readerKeys...)), activityapi.NewsReportCreate{Reason: "spam", CommentID: &comment.ID})
	own, err := n.authorC.ReportNewsWithResponse(t.Context(), id, activityapi.NewsReportCreate{Reason: "spam"})
	service.Refused(t, http.StatusConflict, "OWN_CONTENT", own, err)
	list, err := n.moderatorC.ListNewsReportsWithResponse(t.Context(), &activityapi.ListNewsReportsParams{})
	require.Len(t, service.OK(t, list, err).JSON200.Items, 2)
	require.Equal(t, "buy casino chips", *list.JSON200.Items[1].Body)
	require.Equal(t, n.reader.User, *list.JSON200.Items[1].ReporterID)
	removed, err := n.moderatorC.DeleteNewsCommentWithResponse(t.Context(), id, comment.ID, &activityapi.DeleteNewsCommentParams{Reason: new("advertising")})
	service.OK(t, removed, err)
	resolved, err := n.moderatorC.ResolveNewsReportWithResponse(t.Context(), first.ID, activityapi.NewsReportResolve{Resolution: "upheld"})
	require.EqualValues(t, "upheld", service.OK(t, resolved, err).JSON200.Resolution.MustGet())
	list, err = n.moderatorC.ListNewsReportsWithResponse(t.Context(), &activityapi.ListNewsReportsParams{})
	require.Empty(t, service.OK(t, list, err).JSON200.Items, "both are resolved")
	list, err = n.moderatorC.ListNewsReportsWithResponse(t.Context(), &activityapi.ListNewsReportsParams{Status: new(activityapi.ListNewsReportsParamsStatusAll)})
	require.Len(t, service.OK(t, list, err).JSON200.Items, 2)

	hide, err := n.moderatorC.ModerateNewsWithResponse(t.Context(), id, activityapi.NewsModeration{Hidden: new(true)})
	service.Invalid(t, hide, err, "reason")
	hide, err = n.moderatorC.ModerateNewsWithResponse(t.Context(), id, activityapi.NewsModeration{Hidden: new(true), Reason: new("advertising")})
	require.Equal(t, "advertising", service.OK(t, hide, err).JSON200.PayloadJSON.HiddenReason.MustGet())
	require.Empty(t, n.list(n.readerC, activityapi.ListNewsParams{}))
	hide, err = n.moderatorC.ModerateNewsWithResponse(t.Context(), id, activityapi.NewsModeration{Hidden: new(false)})
	service.OK(t, hide, err)
	require.Len(t, n.list(n.readerC, activityapi.ListNewsParams{}), 1)

	words, err := n.moderatorC.SetNewsWordFilterWithResponse(t.Context(), activityapi.NewsWordFilter{Words: []string{"Casino", "два  слова"}})
	require.Equal(t, []string{"casino", "два слова"}, service.OK(t, words, err).JSON200.Words)
	for body, refused := range map[string]bool{"Best CASINO!": true, "casinos": false, "Это — два, слова.": true, "fine": false} {
		r, err := n.readerC.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: body})
		if refused {
			service.Invalid(t, r, err, "body")
			continue
		}
		service.OK(t, r, err)
	}
	r, err := n.authorC.CreateNewsWithResponse(t.Context(), activityapi.NewsCreate{Title: given("casino"), Body: "b", Visibility: given(activityapi.NewsCreateVisibilityPublic)})
	service.Invalid(t, r, err, "title")
	gone, err := n.moderatorC.DeleteNewsWithResponse(t.Context(), id, &activityapi.DeleteNewsParams{Reason: new("advertising")})
	service.OK(t, gone, err)
	require.Subset(t, n.audited(), []string{"news.moderated: advertising", "news.comment_deleted: advertising", "news.deleted: advertising", "news.report_resolved: ", "news.word_filter_changed: "})
}

// audited lists the entries of the audit log with their reasons.
func (n *newsroom) audited() (entries []string) {
	n.T.Helper()
	ctx := reqctx.With(n.T.Context(), reqctx.Context{TenantID: n.Tenant})
	require.NoError(n.T, n.DB.Do(ctx, func(ctx context.Context) error {
		return n.DB.Conn(ctx).NewRaw("SELECT action || ': ' || reason FROM audit_entries").Scan(ctx, &entries)
	}))
	return entries
}

func TestOnlySuccessIsLimited(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	id := n.post(nil).PayloadJSON.NewsID.String()
	write := func(body string) *activityapi.CreateNewsCommentResponse {
		r, err := n.readerC.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: body})
		require.NoError(t, err)
		return r
	}
	for range 30 {
		service.Invalid(t, write(" "), nil, "body")
	}
	for range 20 {
		service.OK(t, write("c"), nil)
	}
	service.Refused(t, http.StatusTooManyRequests, "RATE_LIMITED", write("c"), nil)
	n.Clock.Advance(6 * time.Second)
	service.OK(t, write("c"), nil)
}

func TestWhatAMemberWroteIsExportedAndErased(t *testing.T) {
	t.Parallel()
	n := startNews(t)
	upload := uploaded(t, n.authorC, drawing(t, 2, 2, color.White))
	post := n.post(func(b *activityapi.NewsCreate) {
		b.Title, b.Media = given("Mine"), given([]activityapi.NewsMediaWrite{{Type: "image", Key: given(upload.Key)}})
	}).PayloadJSON.NewsID
	n.post(func(b *activityapi.NewsCreate) { b.Status = given(activityapi.NewsCreateStatusDraft) })
	comment := n.comment(n.authorC, post.String(), "my words", 0)
	n.comment(n.readerC, post.String(), "an answer", comment.ID)
	n.react(n.authorC, post.String(), "🔥", "add")
	like, err := n.authorC.LikeNewsCommentWithResponse(t.Context(), post.String(), comment.ID, activityapi.NewsLike{})
	service.OK(t, like, err)
	bff := n.With("bff", reqctx.Context{TenantID: n.Tenant, TenantSlug: "aef"})
	export, err := bff.ExportPersonalDataWithResponse(t.Context(), n.author.User, &activityapi.ExportPersonalDataParams{})
	sections := map[string]int{}
	for _, item := range service.OK(t, export, err).JSON200.Items {
		sections[item.Section]++
	}
	require.Equal(t, []int{2, 1, 1, 1, 1}, []int{sections["news_posts"], sections["news_comments"], sections["news_reactions"], sections["news_comment_likes"], sections["news_images"]}, sections)
	receipt, err := bff.ErasePersonalDataWithResponse(t.Context(), n.author.User, &activityapi.ErasePersonalDataParams{})
	require.EqualValues(t, 1, service.OK(t, receipt, err).JSON200.Counts["news_posts"])
	got := service.OK(t, n.get(n.readerC, post), nil).JSON200
	require.True(t, got.ActorUserID.IsNull())
	require.Equal(t, []string{"[deleted]", "[deleted by user request]"}, []string{got.Title, got.PayloadJSON.Body})
	require.Empty(t, got.PayloadJSON.Media)
	require.Zero(t, got.PayloadJSON.ReactionsCount)
	list, err := n.readerC.ListNewsCommentsWithResponse(t.Context(), post.String(), &activityapi.ListNewsCommentsParams{})
	comments := *service.OK(t, list, err).JSON200
	require.Equal(t, "[deleted by user request]", comments[0].Body)
	require.True(t, comments[0].UserID.IsNull())
	require.Zero(t, comments[0].LikesCount)
	require.Equal(t, "an answer", comments[1].Body)
	require.NoError(t, n.news.SweepImages(pg.AcrossTenants(t.Context(), "a test")))
	feed, err := n.readerC.ListFeedWithResponse(t.Context(), &activityapi.ListFeedParams{})
	require.Equal(t, "Activity from deleted account", service.OK(t, feed, err).JSON200.Items[0].Title)
}
