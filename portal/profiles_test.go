package portal_test

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	contentdomain "go.updspace.com/portal/content/domain"
	"go.updspace.com/portal/ports/portstest"
)

func says(text string) nullable.Nullable[string] { return nullable.NewNullableWithValue(text) }

func (s *contentService) mine(a authz.Actor) portalapi.Profile {
	s.t.Helper()
	r, err := s.as(a).GetMyProfileWithResponse(s.t.Context())
	return *fine(s.t, r, err).JSON200
}

func (s *contentService) edit(a authz.Actor, body portalapi.ProfileUpdate) portalapi.Profile {
	s.t.Helper()
	r, err := s.as(a).UpdateMyProfileWithResponse(s.t.Context(), body)
	return *fine(s.t, r, err).JSON200
}

// named makes the profile of a new user.
func (s *contentService) named(first, last, username string) authz.Actor {
	s.t.Helper()
	a := s.colleague()
	s.edit(a, portalapi.ProfileUpdate{FirstName: says(first), LastName: says(last), Username: says(username)})
	return a
}

func (s *contentService) count(table string) (n int) {
	s.t.Helper()
	require.NoError(s.t, s.db.Read(portstest.As(context.Background(), s.member), func(ctx context.Context) error {
		return s.db.Conn(ctx).NewRaw("SELECT count(*) FROM "+table).Scan(ctx, &n)
	}))
	return n
}

func TestMyProfile(t *testing.T) {
	s := startContent(t)
	null := nullable.NewNullNullable[string]()
	empty := s.mine(s.member)
	require.Equal(t, s.member.User, empty.UserID)
	require.Equal(t, null, empty.Username)
	require.Equal(t, null, empty.Bio)
	require.True(t, empty.CreatedAt.IsNull())
	require.Zero(t, s.count("profiles"), "reading writes nothing")

	got := s.edit(s.member, portalapi.ProfileUpdate{Username: says(" Alice "), DisplayNameCamel: says("The  Alice"), FirstName: says("Alice"), LastNameCamel: says("Liddell"), Bio: says("Curious.")})
	require.Equal(t, says("alice"), got.Username, "in lower case")
	require.Equal(t, says("The Alice"), got.DisplayName)
	require.Equal(t, "Liddell", got.LastName)
	require.Equal(t, got, s.mine(s.member))

	left := s.edit(s.member, portalapi.ProfileUpdate{FirstName: null, Bio: null})
	require.Equal(t, got, left, "null and nothing leave everything as it is")
	cleared := s.edit(s.member, portalapi.ProfileUpdate{Username: says(""), FirstName: says(""), Bio: says("")})
	require.Equal(t, null, cleared.Username)
	require.Empty(t, cleared.FirstName)
	require.Equal(t, null, cleared.Bio, "a bio may be none again")
	require.Equal(t, "Liddell", cleared.LastName)
}

// A change is journalled by the names of its fields, and an empty one not at all.
func TestProfileChangesAreAudited(t *testing.T) {
	s := startContent(t)
	s.edit(s.member, portalapi.ProfileUpdate{Bio: says("Curious."), FirstName: says("Alice")})
	s.edit(s.member, portalapi.ProfileUpdate{})
	s.edit(s.member, portalapi.ProfileUpdate{Bio: says("Curious.")})
	lines := s.audited(s.member.User.String())
	require.Len(t, lines, 1)
	require.Equal(t, "profile.updated", lines[0].Action)
	require.JSONEq(t, `{"changed_fields": ["first_name", "bio"]}`, lines[0].Metadata)
}

func TestUsernamesAreUnique(t *testing.T) {
	s := startContent(t)
	s.named("A", "A", "alice")
	try := func(a authz.Actor, name string) (*portalapi.UpdateMyProfileResponse, error) {
		return s.as(a).UpdateMyProfileWithResponse(t.Context(), portalapi.ProfileUpdate{Username: says(name)})
	}
	for _, name := range []string{"alice", "ALICE", " Alice "} {
		r, err := try(s.member, name)
		refused(t, 409, "USERNAME_TAKEN", r, err)
	}
	for _, name := range []string{"a", strings.Repeat("x", 65), "a b", "<b>", ".a", "a.", "a..b", "a@b", "a/b"} {
		r, err := try(s.member, name)
		refused(t, 422, "VALIDATION_ERROR", r, err)
	}
	stranger := portstest.Someone()
	s.access.Member(stranger, readerKeys...)
	for a, name := range map[authz.Actor]string{s.member: "Алиса-2.0_я", stranger: "alice"} {
		r, err := try(a, name)
		fine(t, r, err)
	}
}

func TestPermissionToEditAProfile(t *testing.T) {
	s := startContent(t)
	body := portalapi.ProfileUpdate{FirstName: says("x")}
	r, err := s.as(s.member, reqctx.Flags{Suspended: true}).UpdateMyProfileWithResponse(t.Context(), body)
	refused(t, 403, "FORBIDDEN", r, err)
	s.access.Deny(s.member, contentdomain.PermissionProfileEdit)
	r, err = s.as(s.member).UpdateMyProfileWithResponse(t.Context(), body)
	refused(t, 403, "FORBIDDEN", r, err)
	for _, long := range []portalapi.ProfileUpdate{{FirstName: says(strings.Repeat("x", 129))}, {Bio: says(strings.Repeat("x", 4001))}, {LastName: says("a\x00b")}} {
		r, err = s.as(s.insider).UpdateMyProfileWithResponse(t.Context(), long)
		refused(t, 422, "VALIDATION_ERROR", r, err)
	}
	require.Zero(t, s.count("profiles"))
}

func TestListProfiles(t *testing.T) {
	s := startContent(t)
	lister, assigner := s.colleague(contentdomain.PermissionRolesRead), s.colleague(contentdomain.PermissionAchievementsAssign)
	alice, bob := s.named("Alice", "Liddell", "wonder"), s.named("Bob", "Baker", "bobby")
	anna := s.named("Анна", "", "anya.100")
	stranger := portstest.Someone()
	s.access.Member(stranger, readerKeys...)
	s.edit(stranger, portalapi.ProfileUpdate{FirstName: says("Alice")})
	list := func(a authz.Actor, params portalapi.ListProfilesParams) []uuid.UUID {
		s.access.TakeChecks()
		r, err := s.as(a).ListProfilesWithResponse(t.Context(), &params)
		ids := []uuid.UUID{}
		for _, p := range *fine(t, r, err).JSON200 {
			ids = append(ids, p.UserID)
		}
		asked, _ := s.access.TakeChecks()
		require.NotEmpty(t, asked)
		return ids
	}
	for _, a := range []authz.Actor{lister, assigner} {
		require.Equal(t, []uuid.UUID{anna.User, bob.User, alice.User}, list(a, portalapi.ListProfilesParams{}), "by last name, then first")
	}
	for q, want := range map[string][]uuid.UUID{
		"ali": {alice.User}, "  LIDD ": {alice.User}, "wonder": {alice.User}, "bb": {bob.User}, "o": {bob.User, alice.User}, "нн": {anna.User}, "АННА": {anna.User},
		"100": {anna.User}, ".": {anna.User}, "%": {}, "_": {}, "bobx": {}, "ebob": {}, "lice lid": {}, alice.User.String(): {alice.User}, strings.ToUpper(bob.User.String()): {bob.User},
		stranger.User.String(): {}, uuid.NewString(): {},
	} {
		require.Equal(t, want, list(lister, portalapi.ListProfilesParams{Q: &q}), q)
	}
	r, err := s.as(s.member).ListProfilesWithResponse(t.Context(), &portalapi.ListProfilesParams{})
	refused(t, 403, "FORBIDDEN", r, err)
	require.Contains(t, string(r.Body), `"permission":"portal.roles.read"`)
	for _, limit := range []int{0, 501} {
		r, err = s.as(lister).ListProfilesWithResponse(t.Context(), &portalapi.ListProfilesParams{Limit: &limit})
		refused(t, 422, "VALIDATION_ERROR", r, err)
	}
}

func TestPagesOfProfiles(t *testing.T) {
	s := startContent(t)
	lister := s.colleague(contentdomain.PermissionRolesRead)
	want := map[uuid.UUID]bool{}
	for i := range 7 {
		want[s.named(fmt.Sprint(i/4), fmt.Sprint(i/2), fmt.Sprint("user", i)).User] = true
	}
	params, seen := portalapi.ListProfilesParams{Limit: new(2)}, []uuid.UUID{}
	for {
		r, err := s.as(lister).ListProfilesWithResponse(t.Context(), &params)
		for _, p := range *fine(t, r, err).JSON200 {
			require.True(t, want[p.UserID])
			seen = append(seen, p.UserID)
		}
		next := r.HTTPResponse.Header.Get("X-Next-Cursor")
		if next == "" {
			break
		}
		params.Cursor = &next
	}
	require.Len(t, seen, 7, "each once")
}

func TestProfilesOfOthers(t *testing.T) {
	s := startContent(t)
	alice := s.named("Alice", "Liddell", "alice")
	r, err := s.as(s.member).GetProfileWithResponse(t.Context(), alice.User)
	require.Equal(t, s.mine(alice), *fine(t, r, err).JSON200)
	r, err = s.as(s.member).GetProfileWithResponse(t.Context(), uuid.New())
	refused(t, 404, "NOT_FOUND", r, err)
	mute := portstest.Colleague(s.member)
	r, err = s.as(mute).GetProfileWithResponse(t.Context(), alice.User)
	refused(t, 403, "FORBIDDEN", r, err)
	stranger := portstest.Someone()
	s.access.Member(stranger, readerKeys...)
	r, err = s.as(stranger).GetProfileWithResponse(t.Context(), alice.User)
	refused(t, 404, "NOT_FOUND", r, err)
}

// Services ask for many at once, in their own order and without a permission; browsers cannot get there, because the
// gateway does not route to it.
func TestBatchProfiles(t *testing.T) {
	s := startContent(t)
	alice, bob := s.named("Alice", "", "alice"), s.named("Bob", "", "bob")
	c := s.client(reqctx.Context{TenantID: s.member.Tenant})
	s.access.TakeChecks()
	r, err := c.BatchProfilesWithResponse(t.Context(), portalapi.ProfileBatch{UserIds: []uuid.UUID{bob.User, uuid.New(), alice.User}})
	got := *fine(t, r, err).JSON200
	require.Len(t, got, 2)
	require.Equal(t, []string{"Bob", "Alice"}, []string{got[0].FirstName, got[1].FirstName})
	_, calls := s.access.TakeChecks()
	require.Zero(t, calls)
	r, err = c.BatchProfilesWithResponse(t.Context(), portalapi.ProfileBatch{UserIds: []uuid.UUID{}})
	require.Empty(t, *fine(t, r, err).JSON200)
	r, err = c.BatchProfilesWithResponse(t.Context(), portalapi.ProfileBatch{UserIds: make([]uuid.UUID, 101)})
	refused(t, 422, "VALIDATION_ERROR", r, err)
}

func picture(t testing.TB, side int, alpha uint8) *image.NRGBA {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, side, side/2))
	for i := range img.Pix {
		img.Pix[i] = uint8(i)
		if i%4 == 3 {
			img.Pix[i] = alpha
		}
	}
	img.Set(0, 0, color.NRGBA{R: 1, A: alpha})
	return img
}

func TestSetAnAvatar(t *testing.T) {
	t.Parallel()
	s := startContent(t, own)
	set := func(a authz.Actor, body []byte) (*portalapi.SetMyAvatarResponse, error) {
		return s.as(a).SetMyAvatarWithBodyWithResponse(t.Context(), "application/octet-stream", bytes.NewReader(body))
	}
	var photo bytes.Buffer
	require.NoError(t, jpeg.Encode(&photo, picture(t, 1024, 255), nil))
	secret := append(photo.Bytes(), "<script>hidden behind the picture</script>"...)
	r, err := set(s.member, secret)
	url := fine(t, r, err).JSON200.AvatarURL.MustGet()
	require.True(t, strings.HasPrefix(url, "/api/v1/portal/profiles/"+s.member.User.String()+"/avatar?v="))
	got, err := s.as(s.insider).GetAvatarWithResponse(t.Context(), s.member.User, &portalapi.GetAvatarParams{})
	fine(t, got, err)
	require.NotContains(t, string(got.Body), "script", "drawn anew")
	drawn, err := jpeg.Decode(bytes.NewReader(got.Body))
	require.NoError(t, err)
	require.Equal(t, image.Pt(512, 256), drawn.Bounds().Size())
	h := got.HTTPResponse.Header
	require.Equal(t, "image/jpeg", h.Get("Content-Type"))
	require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	require.Contains(t, h.Get("Content-Security-Policy"), "sandbox")

	var clear bytes.Buffer
	require.NoError(t, png.Encode(&clear, picture(t, 100, 7)))
	r, err = set(s.member, clear.Bytes())
	require.NotEqual(t, url, fine(t, r, err).JSON200.AvatarURL.MustGet(), "a new picture has a new address")
	got, err = s.as(s.member).GetAvatarWithResponse(t.Context(), s.member.User, &portalapi.GetAvatarParams{})
	require.Equal(t, "image/png", fine(t, got, err).HTTPResponse.Header.Get("Content-Type"))
	swept, err := s.cleanup.Sweep(s.across())
	require.NoError(t, err)
	require.Equal(t, 1, swept, "the old picture is gone, the new one stays")
	got, err = s.as(s.member).GetAvatarWithResponse(t.Context(), s.member.User, &portalapi.GetAvatarParams{})
	fine(t, got, err)

	gone, err := s.as(s.member).RemoveMyAvatarWithResponse(t.Context())
	require.True(t, fine(t, gone, err).JSON200.AvatarURL.IsNull())
	got, err = s.as(s.member).GetAvatarWithResponse(t.Context(), s.member.User, &portalapi.GetAvatarParams{})
	refused(t, 404, "NOT_FOUND", got, err)
}

func TestRefusedAvatars(t *testing.T) {
	s := startContent(t)
	var wide bytes.Buffer
	require.NoError(t, png.Encode(&wide, image.NewGray(image.Rect(0, 0, 16_385, 1))))
	var gif bytes.Buffer
	gif.WriteString("GIF89a")
	for name, c := range map[string]struct {
		body   []byte
		status int
		code   string
	}{
		"text":            {[]byte("hello"), 415, "UNSUPPORTED_MEDIA_TYPE"},
		"SVG":             {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), 415, "UNSUPPORTED_MEDIA_TYPE"},
		"half a GIF":      {gif.Bytes(), 415, "UNSUPPORTED_MEDIA_TYPE"},
		"half a picture":  {[]byte("\x89PNG\r\n\x1a\n...."), 415, "UNSUPPORTED_MEDIA_TYPE"},
		"too many pixels": {wide.Bytes(), 413, "PAYLOAD_TOO_LARGE"},
		"too many bytes":  {make([]byte, 2<<20+1), 413, "PAYLOAD_TOO_LARGE"},
		"nothing":         {nil, 415, "UNSUPPORTED_MEDIA_TYPE"},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := s.as(s.member).SetMyAvatarWithBodyWithResponse(t.Context(), "application/octet-stream", bytes.NewReader(c.body))
			refused(t, c.status, c.code, r, err)
		})
	}
	r, err := s.as(s.member).SetMyAvatarWithBodyWithResponse(t.Context(), "image/png", bytes.NewReader(wide.Bytes()))
	refused(t, http.StatusUnsupportedMediaType, "UNSUPPORTED_MEDIA_TYPE", r, err)
}

func encoded(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, picture(t, 10, 255)))
	return out.Bytes()
}
