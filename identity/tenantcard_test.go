package identity_test

import (
	"bytes"
	"context"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
)

const mayChange authz.Permission = "portal.tenant.settings.write"

// mayChangeCards lets a user change the card of a tenant.
func (s *service) mayChangeCards(tenant, user uuid.UUID) {
	s.access.Grant(authz.Actor{Tenant: tenant, User: user}, authz.TenantScope(tenant), mayChange)
}

func (s *service) card(slug string) commonapi.TenantCard {
	s.t.Helper()
	r, err := s.gateway(reqctx.Context{}).GetTenantWithResponse(ctx, slug)
	return *fine(s.t, r, err).JSON200
}

func ifMatch(tag string) *identityapi.UpdateTenantParams {
	return &identityapi.UpdateTenantParams{IfMatch: tag}
}

func TestATenantsCardIsChangedByThoseWhoMay(t *testing.T) {
	t.Parallel()
	s := start(t)
	before := s.card("aef")
	require.Equal(t, 1, before.Version)
	require.Equal(t, commonapi.TenantCardMembershipApplication, before.Membership)
	change := identityapi.TenantUpdate{
		Name: new("All <b>Enemies</b>"), Description: new("We play."), Hue: new(210), Chroma: new(0.1), Languages: []commonapi.Language{"ru"},
		DefaultLanguage: new(commonapi.LanguageRu), Membership: new(identityapi.TenantUpdateMembershipOpen),
	}
	r, err := s.gateway(ofUser(member)).UpdateTenantWithResponse(ctx, ifMatch(`"1"`), change)
	refused(t, 403, "FORBIDDEN", r, err)
	s.mayChangeCards(gaming, member)
	r, err = s.gateway(ofUser(member)).UpdateTenantWithResponse(ctx, ifMatch(`"1"`), change)
	refused(t, 403, "FORBIDDEN", r, err)

	s.mayChangeCards(aef, member)
	r, err = s.gateway(ofUser(member)).UpdateTenantWithResponse(ctx, ifMatch(`"1"`), change)
	after := *fine(t, r, err).JSON200
	require.Equal(t, `"2"`, r.HTTPResponse.Header.Get("ETag"))
	require.Equal(t, after, s.card("aef"))
	require.Equal(t, "All <b>Enemies</b> 210 0.1", strings.Join([]string{after.Name, jsonOf(t, after.Hue), jsonOf(t, after.Chroma)}, " "))
	require.Equal(t, 1, s.card("gaming").Version, "another tenant's stays")

	r, err = s.gateway(ofUser(member)).UpdateTenantWithResponse(ctx, ifMatch(`"1"`), identityapi.TenantUpdate{Name: new("Lost")})
	refused(t, 409, "TENANT_CHANGED", r, err)
	require.Contains(t, string(r.Body), `"name":"All \u003cb\u003eEnemies`, "what it is now comes along")
	for _, tag := range []string{"*", "2x", `""`} {
		r, err = s.gateway(ofUser(member)).UpdateTenantWithResponse(ctx, ifMatch(tag), identityapi.TenantUpdate{Name: new("Lost")})
		refused(t, 409, "TENANT_CHANGED", r, err)
	}
	r, err = s.gateway(ofUser(member)).UpdateTenantWithResponse(ctx, ifMatch(`W/"2"`), identityapi.TenantUpdate{Name: new("All <b>Enemies</b>")})
	require.Equal(t, 2, fine(t, r, err).JSON200.Version, "nothing has changed")
	r, err = s.gateway(ofUser(member)).UpdateTenantWithResponse(ctx, ifMatch(`"2"`), identityapi.TenantUpdate{DefaultLanguage: new(commonapi.LanguageEn)})
	refused(t, 422, "VALIDATION_ERROR", r, err)
	require.Contains(t, string(r.Body), "default_language")
}

func jsonOf(t testing.TB, v any) string {
	t.Helper()
	raw, err := json.Marshal(v)
	require.NoError(t, err)
	return string(raw)
}

func pictureOf(t testing.TB, side int) []byte {
	t.Helper()
	canvas := image.NewNRGBA(image.Rect(0, 0, side, side))
	canvas.Set(0, 0, color.White)
	var b bytes.Buffer
	require.NoError(t, png.Encode(&b, canvas))
	return b.Bytes()
}

func (s *service) setImage(kind identityapi.TenantImage, content []byte) *identityapi.SetTenantImageResponse {
	s.t.Helper()
	r, err := s.gateway(ofUser(member)).SetTenantImageWithBodyWithResponse(ctx, kind, "application/octet-stream", bytes.NewReader(content))
	require.NoError(s.t, err)
	return r
}

// image asks for a picture as the gateway does, and returns the status and the content.
func (s *service) image(slug string, kind identityapi.GetTenantImageParamsImage) (int, []byte) {
	s.t.Helper()
	r, err := s.gateway(reqctx.Context{}).GetTenantImage(ctx, slug, kind)
	require.NoError(s.t, err)
	defer r.Body.Close()
	content, err := io.ReadAll(r.Body)
	require.NoError(s.t, err)
	return r.StatusCode, content
}

func (s *service) noImage(slug string, kind identityapi.GetTenantImageParamsImage) {
	s.t.Helper()
	status, _ := s.image(slug, kind)
	require.Equal(s.t, http.StatusNotFound, status, slug)
}

func TestTheLogoOfATenant(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.Equal(t, 403, s.setImage("logo", pictureOf(t, 4)).StatusCode())
	s.mayChangeCards(aef, member)
	s.noImage("aef", "logo")

	set := s.setImage("logo", pictureOf(t, 1024))
	require.Equal(t, 200, set.StatusCode(), string(set.Body))
	address, err := set.JSON200.LogoURL.Get()
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(address, "/api/v1/tenant/logo?v="), address)
	status, shown := s.image("aef", "logo")
	require.Equal(t, 200, status)
	config, _, err := image.DecodeConfig(bytes.NewReader(shown))
	require.NoError(t, err)
	require.Equal(t, 512, config.Width, "drawn small")
	s.noImage("gaming", "logo") // another tenant has its own
	s.noImage("none", "logo")

	again := s.setImage("logo", pictureOf(t, 8))
	require.Equal(t, set.JSON200.Version+1, again.JSON200.Version)
	require.NotEqual(t, set.JSON200.LogoURL, again.JSON200.LogoURL)

	me, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	logo, err := fine(t, me, err).JSON200.Memberships[0].LogoURL.Get()
	require.NoError(t, err)
	require.True(t, strings.HasPrefix(logo, "http://aef.localhost:8080/api/v1/tenant/logo?v="), logo)

	removed, err := s.gateway(ofUser(member)).RemoveTenantImageWithResponse(ctx, "logo")
	require.True(t, fine(t, removed, err).JSON200.LogoURL.IsNull())
	s.noImage("aef", "logo")

	s.clock.Advance(2 * time.Hour)
	n, err := s.TenantCards.Sweep(acrossTenants())
	require.NoError(t, err)
	require.Equal(t, 2, n, "both that were replaced or removed")
	n, err = s.TenantCards.Sweep(acrossTenants())
	require.NoError(t, err)
	require.Zero(t, n)
}

func TestTheCoverKeepsItsPixels(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.mayChangeCards(aef, member)
	content := pictureOf(t, 64)
	require.Equal(t, 200, s.setImage("cover", content).StatusCode())
	s.clock.Advance(2 * time.Hour)
	n, err := s.TenantCards.Sweep(acrossTenants())
	require.NoError(t, err)
	require.Zero(t, n, "it is in use")
	_, got := s.image("aef", "cover")
	config, err := png.DecodeConfig(bytes.NewReader(got))
	require.NoError(t, err)
	require.Equal(t, 64, config.Width)
}

func TestWhatIsNoPictureIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.mayChangeCards(aef, member)
	for name, bad := range map[string][]byte{
		"a script":       []byte("<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
		"text":           []byte("hello"),
		"half a picture": pictureOf(t, 64)[:20],
	} {
		for _, kind := range []identityapi.TenantImage{"logo", "cover"} {
			require.Equal(t, 415, s.setImage(kind, bad).StatusCode(), "%s as %s", name, kind)
		}
	}
	require.Equal(t, 413, s.setImage("logo", append(pictureOf(t, 4), make([]byte, 2<<20)...)).StatusCode())
	require.Equal(t, 413, s.setImage("cover", append(pictureOf(t, 4), make([]byte, 4<<20)...)).StatusCode())
	require.Equal(t, 422, s.setImage("flag", pictureOf(t, 4)).StatusCode())
	require.Equal(t, 1, s.card("aef").Version)
}

func TestAPersonSeesEveryCommunity(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.NoError(t, s.Tenants.SetMembership(ctx, "gaming", "member@aef.test", "member", "active"))
	r, err := s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	all := fine(t, r, err).JSON200.Memberships
	require.Len(t, all, 2)
	require.Equal(t, []string{"aef", "gaming"}, []string{all[0].TenantSlug, all[1].TenantSlug})
	require.NotEmpty(t, all[1].TenantName)
	require.Equal(t, s.card("gaming").Hue, all[1].Hue)

	require.NoError(t, s.Tenants.SetMembership(ctx, "gaming", "member@aef.test", "member", "disabled"))
	r, err = s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	require.Len(t, fine(t, r, err).JSON200.Memberships, 1)
	require.NoError(t, s.Tenants.SetMembership(ctx, "gaming", "member@aef.test", "member", "active"))
	_, err = s.Tenants.Close(context.Background(), "gaming", "")
	require.NoError(t, err)
	r, err = s.gateway(ofUser(member)).GetMeWithResponse(ctx)
	require.Len(t, fine(t, r, err).JSON200.Memberships, 1, "a closed community is not offered")
}
