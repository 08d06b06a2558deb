package identity_test

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
)

// aPicture is a PNG of one colour.
func aPicture(t testing.TB, side int, shade uint8) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, side, side))
	for i := range side * side {
		img.SetNRGBA(i%side, i/side, color.NRGBA{shade, 100, 50, 255})
	}
	var out bytes.Buffer
	require.NoError(t, png.Encode(&out, img))
	return out.Bytes()
}

func (b *browser) upload(picture []byte, headers ...string) page {
	b.t.Helper()
	return b.write(b.script, http.MethodPut, "/api/v1/auth/avatar", "application/octet-stream", string(picture), headers)
}

// avatar is what the account says of its picture.
func (b *browser) avatar() string {
	b.t.Helper()
	var me identityapi.AuthMe
	require.NoError(b.t, json.Unmarshal([]byte(b.send(http.MethodGet, "/api/v1/auth/me", nil).body), &me))
	user := me.User.MustGet()
	if user.AvatarURL.IsNull() {
		require.Equal(b.t, identityapi.AuthUserAvatarSourceNone, user.AvatarSource)
		return ""
	}
	require.Equal(b.t, identityapi.AuthUserAvatarSourceUpload, user.AvatarSource)
	return user.AvatarURL.MustGet()
}

func (b *browser) path(address string) string {
	b.t.Helper()
	u, err := url.Parse(address)
	require.NoError(b.t, err)
	require.Equal(b.t, b.base, u.Scheme+"://"+u.Host)
	return u.RequestURI()
}

func TestThePictureOfAnAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	require.Empty(t, b.avatar())
	// The place where a photo was taken, in a chunk of text.
	raw := aPicture(t, 900, 10)
	secret := "Latitude 55.75 Longitude 37.61"
	text := "tEXtGPS\x00" + secret
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, text...), crc32.ChecksumIEEE([]byte(text)))
	set := read[identityapi.AvatarChanged](t, b.upload(append(append(raw[:33:33], chunk...), raw[33:]...), "Accept", "application/json"))
	require.Equal(t, identityapi.AvatarChangedAvatarSourceUpload, set.AvatarSource)
	first := set.AvatarURL.MustGet()
	require.Equal(t, first, b.avatar())

	guest := s.browser()
	shown := guest.get(guest.path(first))
	require.Equal(t, http.StatusOK, shown.StatusCode)
	require.True(t, strings.HasPrefix(shown.Header.Get("Content-Type"), "image/"))
	require.Equal(t, "cross-origin", shown.Header.Get("Cross-Origin-Resource-Policy"))
	require.Contains(t, shown.Header.Get("Cache-Control"), "immutable")
	drawn, _, err := image.DecodeConfig(strings.NewReader(shown.body))
	require.NoError(t, err)
	require.Equal(t, 512, drawn.Width)
	require.NotContains(t, shown.body, "Latitude", "nothing but pixels is kept")

	// Applications that may read the profile get its address, others do not.
	for scope, want := range map[string]any{"profile": first, "email": nil} {
		c := s.client(scope)
		token, err := c.redeem(c.arrived(b.get(c.authorizePath())).Get("code"))
		require.NoError(t, err)
		r, err := s.script("Authorization", "Bearer "+token.AccessToken).GetUserinfoWithResponse(ctx)
		info := fine(t, r, err).JSON200
		if want == nil {
			require.Nil(t, info.Picture)
			continue
		}
		require.Equal(t, want, *info.Picture)
	}
	r, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	require.Equal(t, first, fine(t, r, err).JSON200.User.AvatarURL.MustGet())

	// Another one has another address, and the former is gone.
	second := read[identityapi.AvatarChanged](t, b.upload(aPicture(t, 20, 200))).AvatarURL.MustGet()
	require.NotEqual(t, first, second)
	require.Equal(t, http.StatusNotFound, guest.get(guest.path(first)).StatusCode)
	require.Equal(t, http.StatusOK, guest.get(guest.path(second)).StatusCode)
	removed := read[identityapi.AvatarChanged](t, b.send(http.MethodDelete, "/api/v1/auth/avatar", nil))
	require.True(t, removed.AvatarURL.IsNull())
	require.Empty(t, b.avatar())
	require.Equal(t, http.StatusNotFound, guest.get(guest.path(second)).StatusCode)
	require.Equal(t, 200, b.send(http.MethodDelete, "/api/v1/auth/avatar", nil).StatusCode, "there is none to remove")
	require.Len(t, s.auditLog(audit.Filter{Action: domain.ActionAvatarChanged, Concerning: member}), 3)

	// The content goes with the cleanup, also that of an account that is gone.
	third := read[identityapi.AvatarChanged](t, b.upload(aPicture(t, 20, 100))).AvatarURL.MustGet()
	s.clock.Advance(2 * time.Hour)
	swept, err := s.Avatars.Sweep(ctx)
	require.NoError(t, err)
	require.Equal(t, 2, swept)
	require.Equal(t, http.StatusOK, guest.get(guest.path(third)).StatusCode)
	s.exec("UPDATE avatars SET user_id = NULL")
	require.Equal(t, http.StatusNotFound, guest.get(guest.path(third)).StatusCode)
	swept, err = s.Avatars.Sweep(ctx)
	require.NoError(t, err)
	require.Equal(t, 1, swept)
}

func TestPicturesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	b.upload([]byte("<svg xmlns='http://www.w3.org/2000/svg'/>")).refuses(t, 415, "UNSUPPORTED_MEDIA_TYPE")
	b.upload(aPicture(t, 20, 1)[:60]).refuses(t, 415, "UNSUPPORTED_MEDIA_TYPE")
	b.upload(bytes.Repeat([]byte{1}, domain.MaxAvatarSize+1)).refuses(t, 413, "PAYLOAD_TOO_LARGE")
	b.upload(aPicture(t, 20, 1), "Sec-Fetch-Site", "cross-site").refuses(t, 403, "CSRF_FAILED")
	s.browser().upload(aPicture(t, 20, 1)).refuses(t, 401, "UNAUTHORIZED")
	s.browser().send(http.MethodDelete, "/api/v1/auth/avatar", nil).refuses(t, 401, "UNAUTHORIZED")
	require.Empty(t, b.avatar())
	require.Equal(t, 422, b.get("/api/v1/auth/avatars/none").StatusCode)
	for range 18 { // with the two that were no pictures
		require.Equal(t, 200, b.upload(aPicture(t, 20, 1)).StatusCode)
	}
	b.upload(aPicture(t, 20, 1)).refuses(t, 429, "RATE_LIMITED")
}
