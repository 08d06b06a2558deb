package portal_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/domain"
)

// Every operation about posts and profiles asks Access for the permission it declares, in the scope it is meant for,
// and refuses whoever lacks just that one. The table must know every one of them.
func TestWhatContentDeclaresIsWhatItAsks(t *testing.T) {
	s := startContent(t)
	author := s.colleague()
	s.join(author, s.chess)
	chess, tenant := s.chess.Scope(uuid.Nil), domain.TenantScope(s.member.Tenant)
	file := func() uuid.UUID {
		f := s.uploaded(author, "x.txt", []byte("text"))
		body := draft("x", s.chess)
		body.AttachmentIds = []uuid.UUID{f.ID}
		s.post(author, body)
		return f.ID
	}
	theirs := func() uuid.UUID { return s.post(author, draft("x", s.chess)).ID }
	octets := "application/octet-stream"
	tests := map[string]struct {
		scope domain.Scope // zero: wherever it is held
		try   func(*portalapi.ClientWithResponses) (answer, error)
	}{
		"listPosts": {domain.Scope{}, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
		}},
		"createPost": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.CreatePostWithResponse(t.Context(), draft("x", domain.PostPlace{}))
		}},
		"getPost": {chess, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.GetPostWithResponse(t.Context(), theirs())
		}},
		"updatePost": {chess, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.UpdatePostWithResponse(t.Context(), theirs(), portalapi.PostUpdate{Title: new("y")})
		}},
		"deletePost": {chess, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.DeletePostWithResponse(t.Context(), theirs())
		}},
		"uploadAttachment": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.UploadAttachmentWithBodyWithResponse(t.Context(), &portalapi.UploadAttachmentParams{FileName: "x"}, octets, strings.NewReader("text"))
		}},
		"getAttachmentContent": {chess, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.GetAttachmentContentWithResponse(t.Context(), file())
		}},
		"getAttachmentLink": {chess, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.GetAttachmentLinkWithResponse(t.Context(), file())
		}},
		"updateMyProfile": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.UpdateMyProfileWithResponse(t.Context(), portalapi.ProfileUpdate{Bio: says("x")})
		}},
		"setMyAvatar": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.SetMyAvatarWithBodyWithResponse(t.Context(), octets, bytes.NewReader(encoded(t)))
		}},
		"removeMyAvatar": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.RemoveMyAvatarWithResponse(t.Context())
		}},
		"listProfiles": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.ListProfilesWithResponse(t.Context(), &portalapi.ListProfilesParams{})
		}},
		"getProfile": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.GetProfileWithResponse(t.Context(), author.User)
		}},
		"getAvatar": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.GetAvatarWithResponse(t.Context(), author.User, &portalapi.GetAvatarParams{})
		}},
	}
	avatar, err := s.as(author).SetMyAvatarWithBodyWithResponse(t.Context(), octets, bytes.NewReader(encoded(t)))
	fine(t, avatar, err)
	keys := append([]domain.Permission{domain.PermissionPostsManage, domain.PermissionRolesRead}, readerKeys...)
	known := 0
	for id, operation := range portalapi.Operations {
		if operation.Permission == "" || !strings.Contains(operation.Path, "/posts") && !strings.Contains(operation.Path, "/attachments") &&
			!strings.Contains(operation.Path, "/profiles") && operation.Path != "/api/v1/portal/me" && operation.Path != "/api/v1/portal/me/avatar" {
			continue
		}
		test, ok := tests[id]
		require.True(t, ok, "%s has no test", id)
		known++
		t.Run(id, func(t *testing.T) {
			holder := s.colleague(keys...)
			s.access.Bind(holder.User, chess, keys...)
			s.access.Asked()
			r, err := test.try(s.as(holder))
			fine(t, r, err)
			asked, _ := s.access.Asked()
			found := false
			for _, ask := range asked {
				found = found || ask.Permission == domain.Permission(operation.Permission) && (test.scope == domain.Scope{} || ask.Scope == test.scope)
			}
			require.True(t, found, "%s declares %s and asked %v", id, operation.Permission, asked)

			lacking := s.colleague(keys...)
			s.access.Bind(lacking.User, chess, keys...)
			s.access.Deny(lacking.User, domain.Permission(operation.Permission))
			r, err = test.try(s.as(lacking))
			refused(t, 403, "FORBIDDEN", r, err)
		})
	}
	require.Len(t, tests, known, "a test of an operation that does not exist")
}
