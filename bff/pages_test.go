package bff_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/uuid"
	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/web"
)

// frontend stands for the build of the portal.
func frontend(t testing.TB) *web.App {
	t.Helper()
	app, err := web.New(fstest.MapFS{
		"index.html": {Data: []byte(`<!doctype html><html lang="{{.Lang}}" data-theme="{{.Theme}}"><head><title>{{.Title}}</title><meta name="description" content="{{.Description}}" /><style nonce="{{.Nonce}}">:root{--hue:{{.Hue}}}</style>` +
			`<script type="application/json" id="boot">{{.Boot}}</script></head></html>`)},
		"assets/index-1.js": {Data: []byte("export {}")},
		"favicon.svg":       {Data: []byte("<svg/>")},
	})
	require.NoError(t, err)
	return app
}

// started is what a page tells the frontend.
type started struct {
	Tenant struct {
		ID         uuid.UUID
		Name, Slug string
		Hue        int
		LogoURL    *string `json:"logo_url"`
		Version    int
	}
	Session *struct {
		User   struct{ ID uuid.UUID }
		Tenant struct{ Slug string }
		Roles  []string
	}
	SessionError string `json:"session_error"`
	Lang, Theme  string
	IDURL        string `json:"id_url"`
	Version      string
}

// open opens a page, as a browser does.
func (b *browser) open(address string, header ...string) reply {
	b.p.t.Helper()
	h := http.Header{"Accept": {"text/html,application/xhtml+xml"}}
	for i := 0; i < len(header); i += 2 {
		h[header[i]] = []string{header[i+1]}
	}
	return b.do(http.MethodGet, address, "", h)
}

func (r reply) boot() (s started) {
	r.t.Helper()
	require.Equal(r.t, http.StatusOK, r.status, r.body)
	_, rest, found := strings.Cut(r.body, `id="boot">`)
	require.True(r.t, found, r.body)
	raw, _, _ := strings.Cut(rest, "</script>")
	require.NoError(r.t, json.Unmarshal([]byte(raw), &s), raw)
	return s
}

func TestThePageStartsWithWhatIsKnown(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	guest := b.open(aefHost + "/polls/1")
	s := guest.boot()
	require.Equal(t, aef, s.Tenant.ID)
	require.Equal(t, "AEF", s.Tenant.Name)
	require.Equal(t, 210, s.Tenant.Hue)
	require.Nil(t, s.Session)
	require.Empty(t, s.SessionError)
	require.Equal(t, issuer, s.IDURL)
	require.NotEmpty(t, s.Version)
	require.Equal(t, "ru", s.Lang, "the tenant's")
	require.Equal(t, "auto", s.Theme)
	require.Equal(t, "no-store", guest.header.Get("Cache-Control"))
	require.Equal(t, "same-origin-allow-popups", guest.header.Get("Cross-Origin-Opener-Policy"))
	require.Contains(t, guest.header.Get("Content-Security-Policy"), "require-trusted-types-for 'script'")
	require.Contains(t, guest.header.Get("Content-Security-Policy"), "img-src 'self' data: blob: http://*.localhost:8080;")
	require.NotEmpty(t, b.cookie(aefHost, "updspace_csrf"), "the first request that changes something needs it")

	b.signIn(aefHost, member)
	s = b.open(aefHost+"/", "Accept-Language", "en", "Cookie", b.cookies(aefHost)+"; updspace_theme=dark").boot()
	require.Equal(t, member, s.Session.User.ID)
	require.Equal(t, "aef", s.Session.Tenant.Slug)
	require.Equal(t, []string{"portal:member", "voting:member"}, s.Session.Roles)
	require.Equal(t, "en", s.Lang)
	require.Equal(t, "dark", s.Theme)

	require.Nil(t, b.open(gamingHost+"/").boot().Session, "the session is of another host")
	stolen := p.browser().open(gamingHost+"/", "Cookie", b.cookies(aefHost)).boot()
	require.Nil(t, stolen.Session)
	require.Equal(t, "TENANT_MISMATCH", stolen.SessionError)
}

func (b *browser) cookies(host string) string {
	return "updspace_session=" + b.cookie(host, "updspace_session") + "; updspace_csrf=" + b.cookie(host, "updspace_csrf") +
		"; updspace_browser=" + b.cookie(host, "updspace_browser")
}

func TestThePageStandsWhenServicesAreAway(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser().signIn(aefHost, member)
	require.NotNil(t, b.open(aefHost+"/").boot().Session)
	p.id.away.Store(true)
	p.clock.Advance(2 * time.Minute) // what was known of the user counts no more
	s := b.open(aefHost + "/").boot()
	require.Nil(t, s.Session)
	require.Equal(t, "SERVICE_UNAVAILABLE", s.SessionError)
	require.Equal(t, "AEF", s.Tenant.Name)

	p.id.change(member, func(a *account) { a.flags["suspended"] = true })
	p.id.away.Store(false)
	p.clock.Advance(2 * time.Minute)
	require.Equal(t, "ACCOUNT_SUSPENDED", b.open(aefHost+"/").boot().SessionError)

	fresh := p.browser()
	p.id.away.Store(true)
	r := fresh.open(gamingHost + "/")
	require.Equal(t, http.StatusServiceUnavailable, r.status, "whose host it is, is not known")
	require.Contains(t, r.body, `lang="ru"`)
}

func TestAHostOfNoCommunityHasAFriendlyPage(t *testing.T) {
	t.Parallel()
	b := start(t).browser()
	for _, host := range []string{"nobody.localhost", "localhost", "aef.evil.test", "a.b.localhost", `"><script>.localhost`} {
		r := b.open(aefHost+"/polls", "Host", host)
		require.Equal(t, http.StatusNotFound, r.status, host)
		require.Contains(t, r.body, "There is no community at this address.")
		require.Contains(t, r.body, "По этому адресу нет сообщества.")
		require.NotContains(t, r.body, "<script")
		require.Equal(t, "no-store", r.header.Get("Cache-Control"))
	}
}

func TestAClosedCommunityHasAPageThatSaysSo(t *testing.T) {
	t.Parallel()
	b := start(t).browser()
	r := b.open(aefHost+"/polls", "Host", "closed.localhost")
	require.Equal(t, http.StatusGone, r.status)
	require.Contains(t, r.body, "This community is closed")
	require.Contains(t, r.body, "Сообщество закрыто")
	b.do(http.MethodGet, aefHost+"/api/v1/tenant", "", http.Header{"Host": {"closed.localhost"}}).refuses(http.StatusGone, "TENANT_CLOSED")
}

func TestOnlyPagesArePages(t *testing.T) {
	t.Parallel()
	b := start(t).browser()
	for _, path := range []string{"/nothing.php", "/assets/none.js", "/.well-known/none", "/dev/mail", "/index.html", "/oauth/x", "/internal/v1/x"} {
		b.open(aefHost+path).refuses(http.StatusNotFound, "NOT_FOUND")
	}
	b.get(aefHost+"/polls").refuses(http.StatusNotFound, "NOT_FOUND") // no browser asks
	b.post(aefHost+"/polls", "{}").refuses(http.StatusNotFound, "NOT_FOUND")
	require.Equal(t, http.StatusNotFound, b.open(aefHost+"/a/../b").status)
	require.Equal(t, http.StatusNotFound, b.open(aefHost+"/a%2fb").status)
	r := b.get(aefHost + "/assets/index-1.js")
	require.Equal(t, http.StatusOK, r.status)
	require.Contains(t, r.header.Get("Cache-Control"), "immutable")
}

func TestNamesOfCommunitiesAreWords(t *testing.T) {
	t.Parallel()
	p := start(t)
	name := `</script><script>alert(1)</script>{{.Nonce}}`
	p.id.show(map[string]any{"name": name, "description": `"><img src=x>`})
	r := p.browser().open(aefHost + "/")
	require.Equal(t, name, r.boot().Tenant.Name)
	require.Equal(t, 1, strings.Count(r.body, "<script"))
	require.NotContains(t, r.body, "<img")
}

func TestPagesCountAgainstTheLimits(t *testing.T) {
	t.Parallel()
	p := start(t, func(p *platform) { p.cfg.RateAnonymous = 2 })
	b := p.browser()
	require.Equal(t, http.StatusOK, b.open(aefHost+"/").status)
	require.Equal(t, http.StatusOK, b.open(aefHost+"/").status)
	r := b.open(aefHost + "/")
	require.Equal(t, http.StatusTooManyRequests, r.status)
	require.NotEmpty(t, r.header.Get("Retry-After"))
}

func TestTheCardOfTheHost(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	r := b.get(aefHost + "/api/v1/tenant")
	card := r.json()
	require.Equal(t, "aef", card["slug"])
	require.Equal(t, "open", card["membership"])
	require.Equal(t, "/api/v1/tenant/logo?v=7", card["logo_url"])
	require.Nil(t, card["cover_url"])
	require.Equal(t, `"3"`, r.header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, b.do(http.MethodGet, aefHost+"/api/v1/tenant", "", http.Header{"If-None-Match": {`"3"`}}).status)
	require.Equal(t, "gaming", b.get(gamingHost + "/api/v1/tenant").json()["slug"])
	b.do(http.MethodGet, aefHost+"/api/v1/tenant", "", http.Header{"Host": {"nobody.localhost"}}).refuses(http.StatusNotFound, "TENANT_NOT_FOUND")

	change := func(b *browser) reply {
		return b.do(http.MethodPatch, aefHost+"/api/v1/tenant", `{"name":"New"}`, http.Header{"If-Match": {`"3"`}})
	}
	change(b).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	b.signIn(aefHost, member)
	b.do(http.MethodPatch, aefHost+"/api/v1/tenant", `{"name":"New"}`, http.Header{"X-Csrf-Token": {"forged"}}).refuses(http.StatusForbidden, "CSRF_FAILED")
	p.id.show(map[string]any{"name": "New", "version": 4})
	require.Equal(t, "AEF", b.get(aefHost + "/api/v1/tenant").json()["name"], "it is remembered")
	require.Equal(t, http.StatusOK, change(b).status)
	require.Equal(t, "New", b.get(aefHost + "/api/v1/tenant").json()["name"], "the next reader sees the change")
}

func TestPicturesOfTheHost(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	r := b.get(aefHost + "/api/v1/tenant/logo?v=7")
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.Equal(t, "picture of aef", r.body)
	require.Equal(t, "image/png", r.header.Get("Content-Type"))
	require.Contains(t, r.header.Get("Cache-Control"), "immutable")
	require.Equal(t, "cross-origin", r.header.Get("Cross-Origin-Resource-Policy"))
	require.Contains(t, r.header.Get("Content-Security-Policy"), "sandbox")
	require.Contains(t, b.get(aefHost+"/api/v1/tenant/logo?v=6").header.Get("Cache-Control"), "no-cache", "an old address shows the new picture")
	asked := p.id.pictures.Load()
	require.Equal(t, http.StatusNotModified, b.do(http.MethodGet, aefHost+"/api/v1/tenant/logo", "", http.Header{"If-None-Match": {`"7"`}}).status)
	b.get(aefHost+"/api/v1/tenant/cover").refuses(http.StatusNotFound, "NOT_FOUND")
	require.Equal(t, asked, p.id.pictures.Load(), "the card says what there is")
	b.get(aefHost+"/api/v1/tenant/secrets").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

// A change of a tenant is heard of through identity's events, long before the gateway would ask again.
func TestAChangedTenantIsHeardOf(t *testing.T) {
	t.Parallel()
	address := testkit.NATS(t)
	p := start(t, func(p *platform) { p.cfg.NATSURL = address })
	b := p.browser()
	require.Equal(t, "AEF", b.open(aefHost+"/").boot().Tenant.Name)
	p.id.show(map[string]any{"name": "New", "version": 4})
	conn, err := nats.Connect(address)
	require.NoError(t, err)
	defer conn.Close()
	eventually(t, func() bool { // the gateway may not be listening yet
		require.NoError(t, conn.Publish("updspace.identity.tenant.updated", []byte(`{"subject":"tenant/`+aef.String()+`","data":{"slug":"aef"}}`)))
		require.NoError(t, conn.FlushTimeout(5*time.Second))
		return b.open(aefHost+"/").boot().Tenant.Name == "New"
	}, "the event is heard")
}
