package portal_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
)

func TestFilesAnswerRangesAndConditions(t *testing.T) {
	s := startContent(t)
	file := s.uploaded(s.member, "x.txt", []byte("0123456789"))
	get := func(params portalapi.GetAttachmentContentParams) *portalapi.GetAttachmentContentResponse {
		r, err := s.as(s.member).GetAttachmentContentWithResponse(t.Context(), file.ID, &params)
		require.NoError(t, err)
		return r
	}
	whole := get(portalapi.GetAttachmentContentParams{})
	h := whole.HTTPResponse.Header
	require.Equal(t, "bytes", h.Get("Accept-Ranges"))
	require.Equal(t, s.clock.Now().UTC().Format(http.TimeFormat), h.Get("Last-Modified"))
	etag := h.Get("ETag")
	require.NotEmpty(t, etag)

	for name, c := range map[string]struct {
		params portalapi.GetAttachmentContentParams
		status int
		body   string
		ranges string
	}{
		"a range":                          {portalapi.GetAttachmentContentParams{Range: new("bytes=2-4")}, 206, "234", "bytes 2-4/10"},
		"an open range":                    {portalapi.GetAttachmentContentParams{Range: new("bytes=7-")}, 206, "789", "bytes 7-9/10"},
		"the end":                          {portalapi.GetAttachmentContentParams{Range: new("bytes=-2")}, 206, "89", "bytes 8-9/10"},
		"a range of this version":          {portalapi.GetAttachmentContentParams{Range: new("bytes=2-4"), IfRange: &etag}, 206, "234", "bytes 2-4/10"},
		"a range of another version":       {portalapi.GetAttachmentContentParams{Range: new("bytes=2-4"), IfRange: new(`"other"`)}, 200, "0123456789", ""},
		"what the caller has":              {portalapi.GetAttachmentContentParams{IfNoneMatch: &etag}, 304, "", ""},
		"what the caller has not":          {portalapi.GetAttachmentContentParams{IfNoneMatch: new(`"other"`)}, 200, "0123456789", ""},
		"what has not changed since":       {portalapi.GetAttachmentContentParams{IfModifiedSince: new(h.Get("Last-Modified"))}, 304, "", ""},
		"what has changed since":           {portalapi.GetAttachmentContentParams{IfModifiedSince: new(s.clock.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))}, 200, "0123456789", ""},
		"a range behind the end":           {portalapi.GetAttachmentContentParams{Range: new("bytes=10-")}, 416, "", "bytes */10"},
		"what is no range, and is refused": {portalapi.GetAttachmentContentParams{Range: new("bytes=x")}, 416, "", ""},
	} {
		r := get(c.params)
		require.Equal(t, c.status, r.StatusCode(), name)
		require.Equal(t, c.ranges, r.HTTPResponse.Header.Get("Content-Range"), name)
		if c.status == http.StatusRequestedRangeNotSatisfiable {
			refused(t, c.status, "RANGE_NOT_SATISFIABLE", r, nil)
			continue
		}
		require.Equal(t, c.body, string(r.Body), name)
		require.Equal(t, etag, r.HTTPResponse.Header.Get("ETag"), name)
		require.Equal(t, "private, no-cache", r.HTTPResponse.Header.Get("Cache-Control"), name)
	}

	picture, err := s.as(s.member).SetMyAvatarWithBodyWithResponse(t.Context(), octets, bytes.NewReader(tinyPNG))
	fine(t, picture, err)
	avatar, err := s.as(s.member).GetAvatarWithResponse(t.Context(), s.member.User, &portalapi.GetAvatarParams{})
	require.Equal(t, http.StatusOK, fine(t, avatar, err).StatusCode())
	again, err := s.as(s.member).GetAvatarWithResponse(t.Context(), s.member.User, &portalapi.GetAvatarParams{IfNoneMatch: new(avatar.HTTPResponse.Header.Get("ETag"))})
	require.NoError(t, err)
	require.Equal(t, http.StatusNotModified, again.StatusCode())
}

// However many uploads come at the same time, no more than the limit wait for a post.
func TestParallelUploadsKeepTheLimit(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	statuses := make([]int, 3*contentdomain.MaxPending)
	failures := make([]error, len(statuses))
	var wg sync.WaitGroup
	for i := range statuses {
		wg.Go(func() {
			r, err := s.upload(s.member, "x.txt", []byte("text"))
			if failures[i] = err; err == nil {
				statuses[i] = r.StatusCode()
			}
		})
	}
	wg.Wait()
	accepted := 0
	for i, status := range statuses {
		require.NoError(t, failures[i])
		if status == http.StatusCreated {
			accepted++
			continue
		}
		require.Equal(t, http.StatusConflict, status)
	}
	require.Equal(t, contentdomain.MaxPending, accepted)
	require.Equal(t, contentdomain.MaxPending, s.stored())
}

// A repeated upload, one after the other or at once, gets the file of the first.
func TestRepeatedUploads(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	upload := func(request, name, content string) (*portalapi.UploadAttachmentResponse, error) {
		ctx := reqctx.With(t.Context(), reqctx.Context{RequestID: request, TenantID: s.member.Tenant, UserID: s.member.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
		return s.as(s.member).UploadAttachmentWithBodyWithResponse(ctx, &portalapi.UploadAttachmentParams{FileName: name}, octets, strings.NewReader(content))
	}
	request := uuid.NewString()
	answers := make([]*portalapi.UploadAttachmentResponse, 3)
	failures := make([]error, len(answers))
	var wg sync.WaitGroup
	for i := range answers {
		wg.Go(func() { answers[i], failures[i] = upload(request, "x.txt", "text") })
	}
	wg.Wait()
	for i, r := range answers {
		require.Equal(t, *fine(t, answers[0], failures[0]).JSON201, *fine(t, r, failures[i]).JSON201)
	}
	again, err := upload(request, "x.txt", "text")
	require.Equal(t, answers[0].JSON201, fine(t, again, err).JSON201)
	for _, other := range [][2]string{{"y.txt", "text"}, {"x.txt", "other"}} {
		r, err := upload(request, other[0], other[1])
		refused(t, http.StatusConflict, "IDEMPOTENCY_KEY_REUSED", r, err)
	}
	_, err = s.cleanup.Sweep(s.across())
	require.NoError(t, err)
	require.Equal(t, 1, s.stored())
	second, err := upload(uuid.NewString(), "x.txt", "text")
	require.NotEqual(t, again.JSON201.ID, fine(t, second, err).JSON201.ID)
}

// An upload that fails leaves its request id free: the repeat stores the file.
func TestRepeatedUploadAfterAFailure(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	ctx := reqctx.With(t.Context(), reqctx.Context{RequestID: uuid.NewString(), TenantID: s.member.Tenant, UserID: s.member.User, Flags: reqctx.Flags{MembershipStatus: "active"}})
	params := &portalapi.UploadAttachmentParams{FileName: "x.png"}
	r, err := s.as(s.member).UploadAttachmentWithBodyWithResponse(ctx, params, octets, bytes.NewReader(tinyPNG[:40]))
	refused(t, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", r, err)
	r, err = s.as(s.member).UploadAttachmentWithBodyWithResponse(ctx, params, octets, bytes.NewReader(tinyPNG))
	require.Equal(t, "image/png", fine(t, r, err).JSON201.ContentType)
}
