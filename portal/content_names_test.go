package portal_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	contentdomain "go.updspace.com/portal/content/domain"
)

// Titles, names and file names show something, in one form; text that cannot be seen, or that reverses what is beside it,
// is refused.
func TestInvisibleTextIsRefused(t *testing.T) {
	s := startContent(t)
	for _, text := range []string{"\u200b", "\u2800", "\u3164", "\u00ad\u00ad", "a\u202eb", "\ufeff", "a\ufffdb", "a\u2066b"} {
		post, err := s.as(s.member).CreatePostWithResponse(t.Context(), portalapi.PostCreate{Title: text, Body: "x", Visibility: portalapi.PostVisibilityPublic})
		refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", post, err)
		profile, err := s.as(s.member).UpdateMyProfileWithResponse(t.Context(), portalapi.ProfileUpdate{FirstName: says(text), LastName: says(text), DisplayName: says(text), Bio: says(text)})
		refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", profile, err)
		file, err := s.upload(s.member, text, []byte("text"))
		refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", file, err)
	}
	for _, body := range []string{"\u2800", "a\u202eb", "a\x00b"} {
		post, err := s.as(s.member).CreatePostWithResponse(t.Context(), portalapi.PostCreate{Title: "x", Body: body, Visibility: portalapi.PostVisibilityPublic})
		refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", post, err)
	}
	composed := s.post(s.member, portalapi.PostCreate{Title: " cafe\u0301 ", Body: "cafe\u0301\r\nnow", Visibility: portalapi.PostVisibilityPublic})
	require.Equal(t, "caf\u00e9", composed.Title)
	require.Equal(t, "caf\u00e9\nnow", composed.Body)
	require.Equal(t, "<p>caf\u00e9<br>\nnow</p>\n", composed.BodyHTML)
	require.Equal(t, "caf\u00e9.txt", s.uploaded(s.member, "cafe\u0301.txt", []byte("text")).FileName)
	edited, err := s.as(s.member).UpdatePostWithResponse(t.Context(), composed.ID, portalapi.PostUpdate{Title: new("\u3164")})
	refused(t, http.StatusUnprocessableEntity, "VALIDATION_ERROR", edited, err)
	same, err := s.as(s.member).UpdatePostWithResponse(t.Context(), composed.ID, portalapi.PostUpdate{Title: new("cafe\u0301"), Body: new("caf\u00e9\r\nnow")})
	require.Equal(t, 1, fine(t, same, err).JSON200.Version, "the same text in another form is no change")
}

// A username cannot be mistaken for another.
func TestConfusableUsernamesAreRefused(t *testing.T) {
	s := startContent(t)
	s.named("A", "A", "master")
	for username, want := range map[string]int{
		"mаster": http.StatusUnprocessableEntity, "\uff4d\uff41\uff53\uff54\uff45\uff52": http.StatusConflict, "MASTER": http.StatusConflict, "rnaster": http.StatusConflict,
		s.insider.User.String(): http.StatusUnprocessableEntity, "ma\u200bster": http.StatusUnprocessableEntity, "master\u00ad": http.StatusUnprocessableEntity, "мастер": http.StatusOK,
	} {
		r, err := s.as(s.member).UpdateMyProfileWithResponse(t.Context(), portalapi.ProfileUpdate{Username: says(username)})
		require.NoError(t, err)
		require.Equal(t, want, r.StatusCode(), "%q %s", username, r.Body)
	}
}

func TestSearchFoldsNames(t *testing.T) {
	s := startContent(t)
	lister := s.colleague(contentdomain.PermissionRolesRead)
	tree, cafe := s.named("Ёлка", "Новогодняя", "yolka"), s.named("Cafe\u0301", "Straße", "coffee")
	for q, want := range map[string][]uuid.UUID{
		"елка": {tree.User}, "ЁЛКА": {tree.User}, "ё": {tree.User}, "е\u0308лк": {tree.User}, "caf\u00e9": {cafe.User}, "CAFE\u0301": {cafe.User}, "strasse": {cafe.User}, "ｃｏｆｆ": {cafe.User}, "кафе": {},
	} {
		r, err := s.as(lister).ListProfilesWithResponse(t.Context(), &portalapi.ListProfilesParams{Q: &q})
		ids := []uuid.UUID{}
		for _, p := range *fine(t, r, err).JSON200 {
			ids = append(ids, p.UserID)
		}
		require.Equal(t, want, ids, "%q", q)
	}
}
