package portal_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	contentdomain "go.updspace.com/portal/content/domain"
)

// Every operation about posts and profiles asks Access for the permission it declares, in the scope it is meant for,
// and refuses a caller who lacks only that one. The table lists every operation.
func TestContentOperationsCheckTheirPermission(t *testing.T) {
	s := startContent(t)
	author := s.colleague()
	s.join(author, s.chess)
	chess, tenant := s.chess.AuthzScope(uuid.Nil), authz.TenantScope(s.member.Tenant)
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
		scope authz.Scope // zero: wherever it is held
		try   func(*portalapi.ClientWithResponses) (answer, error)
	}{
		"listPosts": {authz.Scope{}, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.ListPostsWithResponse(t.Context(), &portalapi.ListPostsParams{})
		}},
		"createPost": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.CreatePostWithResponse(t.Context(), draft("x", contentdomain.PostScope{}))
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
		"previewPost": {authz.Scope{}, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.PreviewPostWithResponse(t.Context(), portalapi.PostPreviewRequest{Body: "x"})
		}},
		"listPeople": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.ListPeopleWithResponse(t.Context(), &portalapi.ListPeopleParams{})
		}},
		"lookupPeople": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.LookupPeopleWithResponse(t.Context(), &portalapi.LookupPeopleParams{Ids: []uuid.UUID{author.User}})
		}},
		"uploadAttachment": {tenant, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.UploadAttachmentWithBodyWithResponse(t.Context(), &portalapi.UploadAttachmentParams{FileName: "x"}, octets, strings.NewReader("text"))
		}},
		"getAttachmentContent": {chess, func(c *portalapi.ClientWithResponses) (answer, error) {
			return c.GetAttachmentContentWithResponse(t.Context(), file(), nil)
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
	keys := append([]authz.Permission{contentdomain.PermissionPostsManage, contentdomain.PermissionRolesRead}, readerKeys...)
	known := 0
	for id, operation := range portalapi.Operations {
		if operation.Permission == "" || !strings.Contains(operation.Path, "/posts") && !strings.Contains(operation.Path, "/attachments") &&
			!strings.Contains(operation.Path, "/profiles") && !strings.Contains(operation.Path, "/people") && operation.Path != "/api/v1/portal/me" && operation.Path != "/api/v1/portal/me/avatar" {
			continue
		}
		test, ok := tests[id]
		require.True(t, ok, "%s has no test", id)
		known++
		t.Run(id, func(t *testing.T) {
			holder := s.colleague(keys...)
			s.access.Grant(holder, chess, keys...)
			s.access.TakeChecks()
			r, err := test.try(s.as(holder))
			fine(t, r, err)
			asked, _ := s.access.TakeChecks()
			found := false
			for _, ask := range asked {
				found = found || ask.Permission == authz.Permission(operation.Permission) && (test.scope == authz.Scope{} || ask.Scope == test.scope)
			}
			require.True(t, found, "%s declares %s and asked %v", id, operation.Permission, asked)

			lacking := s.colleague(keys...)
			s.access.Grant(lacking, chess, keys...)
			s.access.Deny(lacking, authz.Permission(operation.Permission))
			if strings.HasPrefix(operation.Scope, "any scope") { // then each alternative suffices on the same request
				for _, other := range operation.Alternatives {
					s.access.Deny(lacking, authz.Permission(other))
				}
			}
			r, err = test.try(s.as(lacking))
			refused(t, 403, "FORBIDDEN", r, err)
		})
	}
	require.Len(t, tests, known, "a test of an operation that does not exist")
}

// The permission that createPost asks for depends on the visibility: each that it declares is asked for one, and no other.
func TestCreatePostAsksForTheDeclaredPermissions(t *testing.T) {
	s := startContent(t)
	asked := []string{}
	for _, visibility := range []portalapi.PostVisibility{portalapi.PostVisibilityPublic, portalapi.PostVisibilityCommunity, portalapi.PostVisibilityTeam, portalapi.PostVisibilityPrivate} {
		s.access.TakeChecks()
		body := portalapi.PostCreate{Title: "x", Visibility: visibility, CommunityID: someID(s.chess.CommunityID), TeamID: someID(s.openingsOf.TeamID)}
		r, err := s.as(s.insider).CreatePostWithResponse(t.Context(), body)
		fine(t, r, err)
		asks, _ := s.access.TakeChecks()
		require.Len(t, asks, 1)
		asked = append(asked, string(asks[0].Permission))
	}
	operation := portalapi.Operations["createPost"]
	require.Equal(t, append([]string{operation.Permission}, operation.Alternatives...), asked)
}
