package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// A member's profile appears on every page; posts and their files are shown to those who may read them, and to no other
// user, even one who knows their addresses.
func TestPostsAndProfilesThroughTheGateway(t *testing.T) {
	const base = "/api/v1/portal"
	ctx := t.Context()
	member, second := signedIn(t, journey.Member), signedIn(t, journey.Second)

	bio := "Curious. " + uuid.NewString()
	require.NoError(t, member.Send(ctx, http.MethodPatch, base+"/me", map[string]any{"firstName": "Mira", "bio": bio}).Expect(http.StatusOK))
	var me struct {
		PortalProfile struct {
			FirstName string `json:"first_name"`
			Bio       string
		} `json:"portal_profile"`
	}
	require.NoError(t, member.Get(ctx, "/api/v1/session/me").JSON(http.StatusOK, &me))
	require.Equal(t, "Mira", me.PortalProfile.FirstName)
	require.Equal(t, bio, me.PortalProfile.Bio)
	require.NoError(t, member.Get(ctx, base+"/profiles").ExpectCode(http.StatusForbidden, "FORBIDDEN"))

	var private, public struct {
		ID   string
		HTML string `json:"body_html"`
	}
	require.NoError(t, member.Send(ctx, http.MethodPost, base+"/posts", map[string]any{
		"title": "Mine", "body": "x", "visibility": "private"}).JSON(http.StatusCreated, &private))
	require.NoError(t, member.Send(ctx, http.MethodPost, base+"/posts", map[string]any{
		"title": "Everybody's", "body": "**x** <script>alert(1)</script>", "visibility": "public"}).JSON(http.StatusCreated, &public))
	require.Contains(t, public.HTML, "<strong>x</strong>")
	require.NotContains(t, public.HTML, "<script")
	require.NoError(t, second.Get(ctx, base+"/posts/"+private.ID).ExpectCode(http.StatusNotFound, "NOT_FOUND"))
	require.NoError(t, second.Get(ctx, base+"/posts/"+public.ID).Expect(http.StatusOK))
	require.NoError(t, second.Send(ctx, http.MethodDelete, base+"/posts/"+public.ID, nil).ExpectCode(http.StatusForbidden, "FORBIDDEN"))
	var feed struct {
		Items []struct {
			Excerpt string `json:"excerpt_html"`
		}
		NextCursor string `json:"next_cursor"`
	}
	require.NoError(t, member.Get(ctx, base+"/posts?limit=1").JSON(http.StatusOK, &feed))
	require.Len(t, feed.Items, 1)
	require.NotEmpty(t, feed.NextCursor)
	require.NoError(t, second.Get(ctx, base+"/posts?scope=community&community_id="+uuid.NewString()).ExpectCode(http.StatusForbidden, "FORBIDDEN"))
	require.NoError(t, second.Send(ctx, http.MethodPost, "/internal/v1/profiles/batch", map[string]any{"user_ids": []string{}}).Expect(http.StatusNotFound))
	// larger than any other body that the gateway takes; what is sent is the text with its quotation marks
	var file struct {
		ID   string
		Size int
		URL  string
	}
	text := strings.Repeat("x", 3<<20)
	require.NoError(t, member.Send(ctx, http.MethodPost, base+"/attachments?file_name=long.txt", text, "Content-Type", "application/octet-stream").JSON(http.StatusCreated, &file))
	require.Equal(t, len(text)+2, file.Size)
	require.NoError(t, second.Get(ctx, file.URL).ExpectCode(http.StatusNotFound, "NOT_FOUND"))
	require.NoError(t, member.Send(ctx, http.MethodPatch, base+"/posts/"+public.ID, map[string]any{"attachment_ids": []string{file.ID}}).Expect(http.StatusOK))
	download := second.Get(ctx, file.URL)
	require.NoError(t, download.Expect(http.StatusOK))
	require.Equal(t, `"`+text+`"`, string(download.Body))
	require.Contains(t, download.Header.Get("Content-Disposition"), "attachment")
	require.Equal(t, "nosniff", download.Header.Get("X-Content-Type-Options"))
	part := second.Send(ctx, http.MethodGet, file.URL, nil, "Range", "bytes=-2")
	require.NoError(t, part.Expect(http.StatusPartialContent))
	require.Equal(t, `x"`, string(part.Body))
	require.NoError(t, second.Send(ctx, http.MethodGet, file.URL, nil, "If-None-Match", download.Header.Get("ETag")).Expect(http.StatusNotModified))

	for _, id := range []string{private.ID, public.ID} {
		require.NoError(t, member.Send(ctx, http.MethodDelete, base+"/posts/"+id, nil).Expect(http.StatusNoContent))
		require.NoError(t, member.Get(ctx, base+"/posts/"+id).ExpectCode(http.StatusNotFound, "NOT_FOUND"))
	}
}
