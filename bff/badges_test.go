package bff_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
)

// What verifies badges, and what recipients show, needs no session: it is asked for the tenant of the host and no user, sets no cookie,
// and may be read by pages elsewhere.
func TestBadgesAreOpenToEverybody(t *testing.T) {
	t.Parallel()
	service := newService(t, "gamification")
	service.handle("/", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Cache-Control", "public, max-age=60")
		answer(w, http.StatusOK, map[string]any{})
	})
	var log safeLog
	p := start(t, func(p *platform) { p.cfg.GamificationURL, p.cfg.Log, p.cfg.RateBadges = service.server.URL, &log, 30 })
	member := p.browser().signIn(aefHost, member)
	const secret = "secret-of-the-link"
	for _, path := range []string{
		"/.well-known/did.json", "/api/v1/gamification/badges/issuer/jwks.json", "/api/v1/gamification/badges/issuer/status-lists/0",
		"/api/v1/gamification/badges/shared/" + secret, "/api/v1/gamification/badges/shared/" + secret + "/image",
	} {
		for _, b := range []*browser{p.browser(), member} {
			r := b.do(http.MethodGet, aefHost+path, "", http.Header{"If-None-Match": {`"1"`}})
			require.Equal(t, http.StatusOK, r.status, r.body)
			require.Equal(t, []string{`"1"`, "public, max-age=60", "*"}, []string{r.header.Get("ETag"), r.header.Get("Cache-Control"), r.header.Get("Access-Control-Allow-Origin")})
			require.Empty(t, r.header["Set-Cookie"], "a cache may keep the answer")
			got := service.last(t)
			require.Equal(t, path, got.uri)
			require.Equal(t, []any{aef, "aef", uuid.Nil}, []any{got.rc.TenantID, got.rc.TenantSlug, got.rc.UserID})
			require.Equal(t, `"1"`, got.header.Get("If-None-Match"))
		}
	}
	require.Equal(t, http.StatusOK, p.browser().get(gamingHost+"/.well-known/did.json").status)
	require.Equal(t, gaming, service.last(t).rc.TenantID)
	asked := service.count()
	for _, path := range []string{
		"/api/v1/gamification/badges", "/api/v1/gamification/badges/keys", "/api/v1/gamification/badges/sharedx", "/api/v1/gamification/me/badges",
		"/api/v1/gamification/grants/x/badge/credential", "/api/v1/gamification/badges/issuers",
	} {
		p.browser().get(aefHost+path).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	for _, path := range []string{"/.well-known/did.json", "/api/v1/gamification/badges/shared/" + secret} {
		refused := member.do(http.MethodPost, aefHost+path, "{}", nil)
		refused.refuses(http.StatusMethodNotAllowed, "METHOD_NOT_ALLOWED")
		require.Equal(t, "GET, HEAD", refused.header.Get("Allow"))
	}
	require.Equal(t, http.StatusNotFound, p.browser().get(aefHost+"/.well-known/did.jsonx").status)
	require.Equal(t, asked, service.count())
	require.NotContains(t, log.String(), secret)

	for p.browser().get(aefHost+"/.well-known/did.json").status == http.StatusOK {
	}
	p.browser().get(aefHost+"/.well-known/did.json").refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	require.Equal(t, http.StatusUnauthorized, p.browser().get(aefHost+"/api/v1/gamification/me/badges").status, "the limit is for badges")
}

// The page of a shared badge has a card, in the words of the tenant and for no one else; an unknown link has a page that is not found.
func TestThePageOfABadgeHasACard(t *testing.T) {
	t.Parallel()
	service := newService(t, "gamification")
	broken := false
	service.handle("GET /api/v1/gamification/badges/shared/{token}", func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
		require.Equal(t, uuid.Nil, rc.UserID)
		switch {
		case broken:
			answer(w, http.StatusServiceUnavailable, map[string]any{})
		case r.PathValue("token") != "known" || rc.TenantID != aef:
			answer(w, http.StatusNotFound, map[string]any{"error": map[string]any{"code": "BADGE_NOT_FOUND", "message": "No.", "details": map[string]any{}, "request_id": "x"}})
		default:
			answer(w, http.StatusOK, map[string]any{
				"name_i18n": map[string]any{"en": `The "best" <b>`, "ru": "Лучший"}, "description": "Won.", "description_i18n": map[string]any{"ru": "За победу."},
				"image_alt": "", "image_alt_i18n": map[string]any{}, "tier": "gold", "state": "valid", "awarded_at": "2026-03-01T12:00:00Z", "expires_at": nil,
				"ended_at": nil, "recipient_name": "Maria", "issuer_name": "Alpha", "issuer_id": "did:web:x", "issuer_url": "https://x.test", "credential_id": "urn:uuid:1",
			})
		}
	})
	var log safeLog
	p := start(t, func(p *platform) { p.cfg.GamificationURL, p.cfg.Log = service.server.URL, &log })
	page := func(host, path, language string) reply {
		return p.browser().open(host+path, "Accept-Language", language)
	}
	known := page(aefHost, "/badges/known", "en")
	require.Equal(t, http.StatusOK, known.status)
	require.Contains(t, known.body, `<title>The &#34;best&#34; &lt;b&gt; · Alpha</title>`)
	require.Contains(t, known.body, `<meta property="og:image" content="`+aefHost+`/api/v1/gamification/badges/shared/known/image">`)
	require.Contains(t, known.body, `<meta property="og:url" content="`+aefHost+`/badges/known">`)
	require.Contains(t, known.body, `noindex`)
	require.Contains(t, known.body, `content="Won."`)
	require.NotContains(t, known.body, "Maria")
	require.Contains(t, page(aefHost, "/badges/known", "ru").body, "Лучший · Alpha")
	require.Contains(t, page(aefHost, "/badges/known", "ru").body, `content="За победу."`)
	for _, unknown := range []reply{page(aefHost, "/badges/other", "en"), page(gamingHost, "/badges/known", "en")} {
		require.Equal(t, http.StatusNotFound, unknown.status)
		require.NotContains(t, unknown.body, "og:image")
	}
	broken = true
	away := page(aefHost, "/badges/known", "en")
	require.Equal(t, http.StatusOK, away.status)
	require.NotContains(t, away.body, "og:image")
	require.NotContains(t, page(aefHost, "/events", "en").body, "og:image")
	require.NotContains(t, log.String(), "/badges/known")
}
