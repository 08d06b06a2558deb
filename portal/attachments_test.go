package portal_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"image"
	"image/png"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
	"go.updspace.com/tools/devkit/testkit"
)

const octets = "application/octet-stream"

// tinyPNG is a picture without metadata.
var tinyPNG = func() []byte {
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 8, 8))); err != nil {
		panic(err)
	}
	return out.Bytes()
}()

func (s *contentService) across() context.Context {
	return pg.AcrossTenants(s.t.Context(), "test")
}

func (s *contentService) upload(by authz.Actor, name string, content []byte) (*portalapi.UploadAttachmentResponse, error) {
	return s.as(by).UploadAttachmentWithBodyWithResponse(s.t.Context(), &portalapi.UploadAttachmentParams{FileName: name}, octets, bytes.NewReader(content))
}

func (s *contentService) uploaded(by authz.Actor, name string, content []byte) portalapi.Attachment {
	s.t.Helper()
	r, err := s.upload(by, name, content)
	return *fine(s.t, r, err).JSON201
}

// stored counts what lies in the blob store.
func (s *contentService) stored() (n int) {
	s.t.Helper()
	require.NoError(s.t, filepath.WalkDir(s.blobs, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			n++
		}
		return err
	}))
	return n
}

func (s *contentService) content(by authz.Actor, id uuid.UUID) *portalapi.GetAttachmentContentResponse {
	s.t.Helper()
	r, err := s.as(by).GetAttachmentContentWithResponse(s.t.Context(), id, nil)
	require.NoError(s.t, err)
	return r
}

func TestAttachAFile(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	file := s.uploaded(s.insider, `C:\pictures\карта "1".png`, tinyPNG)
	require.Equal(t, portalapi.Attachment{
		ID: file.ID, FileName: `карта "1".png`, ContentType: "image/png", Size: int64(len(tinyPNG)), Inline: true,
		URL: "/api/v1/portal/attachments/" + file.ID.String() + "/content", CreatedAt: s.clock.Now(),
	}, file)
	require.Equal(t, 404, s.content(s.member, file.ID).StatusCode(), "only for its owner before it is attached")
	require.Equal(t, tinyPNG, s.content(s.insider, file.ID).Body)

	body := draft("map", s.chess)
	body.AttachmentIds = []uuid.UUID{file.ID}
	post := s.post(s.insider, body)
	require.Equal(t, []portalapi.Attachment{file}, post.Attachments)
	list, err := s.as(s.insider).ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
	require.Equal(t, []portalapi.PostSummary{summaryOf(post)}, fine(t, list, err).JSON200.Items)

	got := s.content(s.insider, file.ID)
	require.Equal(t, tinyPNG, got.Body)
	h := got.HTTPResponse.Header
	require.Equal(t, "image/png", h.Get("Content-Type"))
	require.Contains(t, h.Get("Content-Disposition"), "inline")
	require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	require.Equal(t, "default-src 'none'; sandbox", h.Get("Content-Security-Policy"))
	require.Equal(t, "private, no-cache", h.Get("Cache-Control"))
	require.Equal(t, 404, s.content(s.member, file.ID).StatusCode(), "only for those who see the post")
	link, err := s.as(s.insider).GetAttachmentLinkWithResponse(t.Context(), file.ID)
	require.Equal(t, file.URL, fine(t, link, err).JSON200.URL, "a folder has no links of its own")
	link, err = s.as(s.member).GetAttachmentLinkWithResponse(t.Context(), file.ID)
	refused(t, 404, "NOT_FOUND", link, err)

	drop, err := s.as(s.insider).DeleteAttachmentWithResponse(t.Context(), file.ID)
	refused(t, 404, "NOT_FOUND", drop, err)
	gone, err := s.as(s.insider).DeletePostWithResponse(t.Context(), post.ID)
	fine(t, gone, err)
	require.Equal(t, 404, s.content(s.insider, file.ID).StatusCode(), "gone with the post")
	swept, err := s.cleanup.Sweep(s.across())
	require.NoError(t, err)
	require.Equal(t, 1, swept)
	require.Zero(t, s.stored())
	require.Zero(t, s.count("files"))
}

func TestAPictureIsDescribed(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	map1, map2 := s.uploaded(s.insider, "1.png", tinyPNG), s.uploaded(s.insider, "2.png", tinyPNG)
	body := draft("maps", s.chess)
	body.AttachmentIds = []uuid.UUID{map1.ID, map2.ID}
	body.AltTexts = []portalapi.AltText{{ID: map1.ID, Text: " The way in "}}
	post := s.post(s.insider, body)
	texts := func(p portalapi.Post) []string {
		return []string{p.Attachments[0].AltText, p.Attachments[1].AltText}
	}
	require.Equal(t, []string{"The way in", ""}, texts(post))
	read := func() portalapi.Post {
		r, err := s.as(s.insider).GetPostWithResponse(t.Context(), post.ID)
		return *fine(t, r, err).JSON200
	}
	require.Equal(t, post, read())

	edit := func(b portalapi.PostUpdate) (*portalapi.UpdatePostResponse, error) {
		return s.as(s.insider).UpdatePostWithResponse(t.Context(), post.ID, b)
	}
	r, err := edit(portalapi.PostUpdate{AltTextsCamel: []portalapi.AltText{{ID: map2.ID, Text: "The way out"}}})
	changed := *fine(t, r, err).JSON200
	require.Equal(t, []string{"The way in", "The way out"}, texts(changed))
	require.Equal(t, 2, changed.Version)
	require.Equal(t, changed, read())
	r, err = edit(portalapi.PostUpdate{AltTexts: []portalapi.AltText{{ID: map1.ID, Text: ""}}})
	require.Equal(t, []string{"", "The way out"}, texts(*fine(t, r, err).JSON200))
	for _, wrong := range []portalapi.AltText{{ID: uuid.New(), Text: "of no file"}, {ID: map1.ID, Text: "two\nlines"}} {
		r, err = edit(portalapi.PostUpdate{AltTexts: []portalapi.AltText{wrong}})
		refused(t, 422, "VALIDATION_ERROR", r, err)
	}
}

func TestFilesOtherThanPicturesAreDownloaded(t *testing.T) {
	s := startContent(t)
	for name, c := range map[string]struct {
		content string
		kind    string
	}{
		"paper.pdf": {"%PDF-1.7 ...", "application/pdf"},
		"page.html": {"just text about <b>", "text/plain; charset=utf-8"},
	} {
		file := s.uploaded(s.member, name, []byte(c.content))
		got := s.content(s.member, file.ID)
		require.Equal(t, c.kind, got.HTTPResponse.Header.Get("Content-Type"))
		require.Contains(t, got.HTTPResponse.Header.Get("Content-Disposition"), "attachment; filename="+name)
	}
}

func TestRefusedUploads(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	mute := s.colleague()
	s.access.Deny(mute, contentdomain.PermissionPostsCreatePrivate)
	for name, c := range map[string]struct {
		by      authz.Actor
		file    string
		content []byte
		status  int
		code    string
	}{
		"a page":                {s.member, "x.png", []byte("<!DOCTYPE html><script>alert(1)</script>"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		"a program":             {s.member, "x", []byte("\x7fELF\x02\x01\x01\x00\x00"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		"XML":                   {s.member, "x.svg", []byte(`<?xml version="1.0"?><svg/>`), 415, "UNSUPPORTED_MEDIA_TYPE"},
		"nothing":               {s.member, "x", nil, 400, "EMPTY_FILE"},
		"no name":               {s.member, "../..", []byte("text"), 422, "VALIDATION_ERROR"},
		"too long a name":       {s.member, strings.Repeat("x", 129), []byte("text"), 422, "VALIDATION_ERROR"},
		"without the right":     {mute, "x", []byte("text"), 403, "FORBIDDEN"},
		"too much for a buffer": {s.member, "x", make([]byte, 1<<20+1), 413, "PAYLOAD_TOO_LARGE"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := s.upload(c.by, c.file, c.content)
			refused(t, c.status, c.code, r, err)
		})
	}
	require.Zero(t, s.stored())
	require.Zero(t, s.count("files"))
}

// A large file is signed by its digest and streamed; one that is not what was announced leaves nothing behind.
func TestLargeFilesAreStreamed(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	signer, err := testkit.Keyring().Signer("bff", "portal")
	require.NoError(t, err)
	send := func(content []byte, announced []byte) (status int) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url+"/api/v1/portal/attachments?file_name=large.bin", bytes.NewReader(content))
		require.NoError(t, err)
		r.Header.Set("Content-Type", octets)
		signer.SignDigest(r, reqctx.Context{RequestID: uuid.NewString(), TenantID: s.member.Tenant, UserID: s.member.User, Flags: reqctx.Flags{MembershipStatus: "active"}}, sha256.Sum256(announced))
		resp, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode
	}
	large := append([]byte("PK\x03\x04"), make([]byte, 9<<20)...) // begins as a ZIP file does
	require.Equal(t, http.StatusCreated, send(large, large))
	require.Equal(t, 1, s.stored())
	require.Equal(t, http.StatusBadRequest, send(large, tinyPNG))
	require.Equal(t, http.StatusBadRequest, send(tinyPNG, large))
	require.Equal(t, http.StatusRequestEntityTooLarge, send(append(large, make([]byte, 2<<20)...), large))
	require.Equal(t, 1, s.stored(), "of the others nothing is left")
	http.DefaultClient.CloseIdleConnections()
}

func TestPendingFiles(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	var first portalapi.Attachment
	for i := range contentdomain.MaxPending {
		if file := s.uploaded(s.member, "x.txt", []byte("text")); i == 0 {
			first = file
		}
	}
	r, err := s.upload(s.member, "x.txt", []byte("text"))
	refused(t, 409, "TOO_MANY_PENDING", r, err)
	s.uploaded(s.insider, "x.txt", []byte("text"))
	other, err := s.as(s.insider).DeleteAttachmentWithResponse(t.Context(), first.ID)
	refused(t, 404, "NOT_FOUND", other, err)
	drop, err := s.as(s.member).DeleteAttachmentWithResponse(t.Context(), first.ID)
	fine(t, drop, err)
	drop, err = s.as(s.member).DeleteAttachmentWithResponse(t.Context(), first.ID)
	refused(t, 404, "NOT_FOUND", drop, err)

	s.uploaded(s.member, "x.txt", []byte("text"))
	swept, err := s.cleanup.Sweep(s.across())
	require.NoError(t, err)
	require.Equal(t, 1, swept, "what was dropped; the others may still be attached")
	s.clock.Advance(contentdomain.PendingLife + time.Second)
	young := s.uploaded(s.colleague(), "x.txt", []byte("text"))
	swept, err = s.cleanup.Sweep(s.across())
	require.NoError(t, err)
	require.Equal(t, contentdomain.MaxPending+1, swept)
	require.Equal(t, 1, s.stored())
	require.NotEqual(t, uuid.Nil, young.ID)
}

func TestChangeTheFilesOfAPost(t *testing.T) {
	s := startContent(t)
	a, b, c := s.uploaded(s.insider, "a.txt", []byte("a")), s.uploaded(s.insider, "b.txt", []byte("b")), s.uploaded(s.member, "c.txt", []byte("c"))
	body := draft("x", contentdomain.PostScope{})
	body.AttachmentIDsCamel = []uuid.UUID{a.ID}
	post := s.post(s.insider, body)
	change := func(ids ...uuid.UUID) (*portalapi.UpdatePostResponse, error) {
		return s.as(s.insider).UpdatePostWithResponse(t.Context(), post.ID, portalapi.PostUpdate{AttachmentIds: append([]uuid.UUID{}, ids...)})
	}
	r, err := change(a.ID, b.ID, a.ID)
	require.Equal(t, []portalapi.Attachment{a, b}, fine(t, r, err).JSON200.Attachments)
	require.True(t, r.JSON200.Edited)
	r, err = change(b.ID, c.ID)
	refused(t, 422, "VALIDATION_ERROR", r, err)
	r, err = change(b.ID)
	require.Equal(t, []portalapi.Attachment{b}, fine(t, r, err).JSON200.Attachments)
	r, err = change(a.ID)
	refused(t, 422, "VALIDATION_ERROR", r, err)
	second := draft("y", contentdomain.PostScope{})
	second.AttachmentIds = []uuid.UUID{b.ID}
	taken, err := s.as(s.insider).CreatePostWithResponse(t.Context(), second)
	refused(t, 422, "VALIDATION_ERROR", taken, err)
	plain, err := s.as(s.insider).UpdatePostWithResponse(t.Context(), post.ID, portalapi.PostUpdate{Title: new("z")})
	require.Equal(t, []portalapi.Attachment{b}, fine(t, plain, err).JSON200.Attachments, "unmentioned, they stay")
	r, err = s.as(s.insider).UpdatePostWithBodyWithResponse(t.Context(), post.ID, "application/json", strings.NewReader(`{"attachment_ids":[]}`))
	require.Empty(t, fine(t, r, err).JSON200.Attachments)
}

// A file goes after its content: what fails in between is found again.
func TestSweepIsRepeatable(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	file := s.uploaded(s.member, "x.txt", []byte("text"))
	drop, err := s.as(s.member).DeleteAttachmentWithResponse(t.Context(), file.ID)
	fine(t, drop, err)
	require.NoError(t, os.RemoveAll(filepath.Join(s.blobs, "attachments")))
	swept, err := s.cleanup.Sweep(s.across())
	require.NoError(t, err)
	require.Equal(t, 1, swept)
	swept, err = s.cleanup.Sweep(s.across())
	require.NoError(t, err)
	require.Zero(t, swept)
}
