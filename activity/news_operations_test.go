package activity_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/tools/devkit/testkit/service"
)

// drawing is a PNG of one colour.
func drawing(t testing.TB, width, height int, c color.Color) []byte {
	t.Helper()
	canvas := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		canvas.Set(i%width, i/width, c)
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, canvas))
	return out.Bytes()
}

// uploaded uploads a picture as the old frontend does: to the address of the answer.
func uploaded(t testing.TB, c client, picture []byte) activityapi.NewsUpload {
	t.Helper()
	r, err := c.RequestNewsUploadWithResponse(t.Context(), activityapi.NewsUploadRequest{Filename: "Big Stage!.PNG", ContentType: "image/png", SizeBytes: int64(len(picture))})
	upload := *service.OK(t, r, err).JSON200
	put, err := c.UploadNewsMediaWithBodyWithResponse(t.Context(), mediaOf(upload), upload.UploadHeaders["Content-Type"], bytes.NewReader(picture))
	require.Equal(t, http.StatusNoContent, service.OK(t, put, err).StatusCode())
	return upload
}

func mediaOf(upload activityapi.NewsUpload) string {
	return upload.UploadURL[len("/api/v1/activity/news-uploads/"):]
}

// newsOperations tries the operations of news. The author writes what the others read.
func newsOperations(s *service.Service[client]) map[string]service.Operation[client] {
	tenant := authz.TenantScope(s.Tenant)
	author := s.Actor(domain.PermissionFeedRead, domain.PermissionNewsCreate)
	post := func(t testing.TB) string { // each by another author: one may not write so many
		return newsOf(t, s, s.Actor(domain.PermissionFeedRead, domain.PermissionNewsCreate), nil).PayloadJSON.NewsID.String()
	}
	comment := func(t testing.TB, by authz.Actor) (string, int64) {
		id := post(t)
		if allowed, err := s.As(by).GetNewsWithResponse(t.Context(), id); err != nil || allowed.StatusCode() != http.StatusOK {
			by = author
		}
		r, err := s.As(by).CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: "c"})
		return id, service.OK(t, r, err).JSON200.ID
	}
	report := func(t testing.TB) domain.NewsReport {
		r, err := s.As(s.Actor(domain.PermissionFeedRead)).ReportNewsWithResponse(t.Context(), post(t), activityapi.NewsReportCreate{Reason: activityapi.NewsReportReasonSpam})
		return domain.NewsReport{ID: service.OK(t, r, err).JSON200.ID}
	}
	read := func(f func(ctx context.Context, c client, id string) (service.Answer, error)) service.Operation[client] {
		return service.Operation[client]{Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) { return f(t.Context(), c, post(t)) }}
	}
	tries := map[string]service.Operation[client]{
		"listNews": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListNewsWithResponse(t.Context(), &activityapi.ListNewsParams{})
		}},
		"createNews": {Scope: tenant, Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.CreateNewsWithResponse(t.Context(), activityapi.NewsCreate{Body: "b", Visibility: given(activityapi.NewsCreateVisibilityPublic)})
		}},
		"listAudit": {Scope: tenant, Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListAuditWithResponse(t.Context(), &activityapi.ListAuditParams{})
		}},
		"previewNews": {Scope: tenant, Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.PreviewNewsWithResponse(t.Context(), activityapi.NewsPreview{Body: "b"})
		}},
		"listNewsDrafts": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListNewsDraftsWithResponse(t.Context(), &activityapi.ListNewsDraftsParams{})
		}},
		"listNewsReports": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ListNewsReportsWithResponse(t.Context(), &activityapi.ListNewsReportsParams{})
		}},
		"resolveNewsReport": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.ResolveNewsReportWithResponse(t.Context(), report(t).ID, activityapi.NewsReportResolve{Resolution: activityapi.NewsReportResolveResolutionDismissed})
		}},
		"getNewsWordFilter": {Scope: tenant, Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.GetNewsWordFilterWithResponse(t.Context())
		}},
		"setNewsWordFilter": {Scope: tenant, Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.SetNewsWordFilterWithResponse(t.Context(), activityapi.NewsWordFilter{Words: []string{"casino"}})
		}},
		"requestNewsUpload": {Scope: tenant, Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.RequestNewsUploadWithResponse(t.Context(), activityapi.NewsUploadRequest{Filename: "a.png", ContentType: "image/png", SizeBytes: 1})
		}},
		"uploadNewsMedia": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			return c.UploadNewsMediaWithBodyWithResponse(t.Context(), "0190a5d0-0000-4000-8000-000000000000", "application/octet-stream", bytes.NewReader([]byte("x")))
		}},
		"getNewsMedia": {Try: func(t testing.TB, c client, _ authz.Actor) (service.Answer, error) {
			upload := uploaded(t, s.As(author), drawing(t, 2, 2, color.White))
			newsOf(t, s, author, func(b *activityapi.NewsCreate) {
				b.Media = given([]activityapi.NewsMediaWrite{{Type: "image", Key: given(upload.Key)}})
			})
			return c.GetNewsMediaWithResponse(t.Context(), mediaOf(upload), "thumbnail", &activityapi.GetNewsMediaParams{})
		}},
		"getNews": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.GetNewsWithResponse(ctx, id)
		}),
		"moderateNews": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.ModerateNewsWithResponse(ctx, id, activityapi.NewsModeration{Pinned: new(true)})
		}),
		"listNewsReactions": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.ListNewsReactionsWithResponse(ctx, id, &activityapi.ListNewsReactionsParams{})
		}),
		"reactToNews": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.ReactToNewsWithResponse(ctx, id, activityapi.NewsReact{Emoji: "👍"})
		}),
		"viewNews": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.ViewNewsWithResponse(ctx, id, activityapi.NewsView{})
		}),
		"listNewsComments": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.ListNewsCommentsWithResponse(ctx, id, &activityapi.ListNewsCommentsParams{})
		}),
		"pageNewsComments": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.PageNewsCommentsWithResponse(ctx, id, &activityapi.PageNewsCommentsParams{})
		}),
		"createNewsComment": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.CreateNewsCommentWithResponse(ctx, id, activityapi.NewsCommentCreate{Body: "c"})
		}),
		"reportNews": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.ReportNewsWithResponse(ctx, id, activityapi.NewsReportCreate{Reason: activityapi.NewsReportReasonSpam})
		}),
		"updateNews": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.UpdateNewsWithResponse(ctx, id, activityapi.NewsUpdate{Body: given("x")})
		}),
		"deleteNews": read(func(ctx context.Context, c client, id string) (service.Answer, error) {
			return c.DeleteNewsWithResponse(ctx, id, &activityapi.DeleteNewsParams{})
		}),
	}
	for id, f := range map[string]func(ctx context.Context, c client, post string, comment int64) (service.Answer, error){
		"updateNewsComment": func(ctx context.Context, c client, post string, comment int64) (service.Answer, error) {
			return c.UpdateNewsCommentWithResponse(ctx, post, comment, activityapi.NewsCommentUpdate{Body: "x"})
		},
		"deleteNewsComment": func(ctx context.Context, c client, post string, comment int64) (service.Answer, error) {
			return c.DeleteNewsCommentWithResponse(ctx, post, comment, &activityapi.DeleteNewsCommentParams{})
		},
		"likeNewsComment": func(ctx context.Context, c client, post string, comment int64) (service.Answer, error) {
			return c.LikeNewsCommentWithResponse(ctx, post, comment, activityapi.NewsLike{})
		},
	} {
		tries[id] = service.Operation[client]{Try: func(t testing.TB, c client, a authz.Actor) (service.Answer, error) {
			post, written := comment(t, a)
			return f(t.Context(), c, post, written)
		}}
	}
	return tries
}

// fillNews puts a row into each table of news.
func fillNews(t testing.TB, s *service.Service[client]) {
	t.Helper()
	moderator := s.Actor(domain.PermissionFeedRead, domain.PermissionNewsCreate, domain.PermissionNewsManage)
	reader := s.As(s.Actor(domain.PermissionFeedRead))
	uploaded(t, s.As(moderator), drawing(t, 2, 2, color.White))
	id := newsOf(t, s, moderator, nil).PayloadJSON.NewsID.String()
	react, err := reader.ReactToNewsWithResponse(t.Context(), id, activityapi.NewsReact{Emoji: "👍"})
	service.OK(t, react, err)
	view, err := reader.ViewNewsWithResponse(t.Context(), id, activityapi.NewsView{})
	service.OK(t, view, err)
	comment, err := reader.CreateNewsCommentWithResponse(t.Context(), id, activityapi.NewsCommentCreate{Body: "c"})
	service.OK(t, comment, err)
	like, err := reader.LikeNewsCommentWithResponse(t.Context(), id, comment.JSON200.ID, activityapi.NewsLike{})
	service.OK(t, like, err)
	report, err := reader.ReportNewsWithResponse(t.Context(), id, activityapi.NewsReportCreate{Reason: activityapi.NewsReportReasonSpam})
	service.OK(t, report, err)
	words, err := s.As(moderator).SetNewsWordFilterWithResponse(t.Context(), activityapi.NewsWordFilter{Words: []string{"casino"}})
	service.OK(t, words, err)
}
