package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"go.updspace.com/web"
)

const index = `<!doctype html>
<html lang="{{.Lang}}" data-theme="{{.Theme}}">
<head>
<title>{{.Title}}</title>
<meta name="description" content="{{.Description}}">
<meta name="csp-nonce" nonce="{{.Nonce}}">
<style nonce="{{.Nonce}}">:root { --hue: {{.Hue}}; --chroma: {{.Chroma}} }</style>
<script type="module" crossorigin src="/assets/index-1.js"></script>
</head>
<body><div id="root"></div><script type="application/json" id="boot">{{.Boot}}</script></body>
</html>`

var script = strings.Repeat("export const a = 1;\n", 100)

func build(t testing.TB) *web.App {
	t.Helper()
	app, err := web.New(fstest.MapFS{
		"index.html":           {Data: []byte(index)},
		"assets/index-1.js":    {Data: []byte(script)},
		"assets/start-1.js":    {Data: []byte(script)},
		"assets/start-1.js.br": {Data: []byte("as the build compressed it")},
		"assets/onest.woff2":   {Data: []byte("wOF2 font")},
		"favicon.svg":          {Data: []byte("<svg/>")},
		"site.webmanifest":     {Data: []byte("{}")},
		".vite/manifest.json":  {Data: []byte("{}")},
		".gitkeep":             {},
	})
	require.NoError(t, err)
	return app
}

// answer is what a handler said, read to its end.
type answer struct {
	StatusCode int
	Header     http.Header
	body       string
}

func ask(t testing.TB, h http.Handler, method, target string, header ...string) answer {
	t.Helper()
	r := httptest.NewRequest(method, target, http.NoBody)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return answer{w.Code, w.Result().Header, w.Body.String()}
}

func site(t testing.TB) http.Handler {
	app := build(t)
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, app.Write(w, r, web.Page{Lang: "en", Theme: "auto", Title: "AEF", Boot: map[string]any{}}))
	})
	next := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) })
	return app.Handler(page, next)
}

const html = "text/html,application/xhtml+xml"

func TestEveryAddressIsAFileAPageOrNeither(t *testing.T) {
	t.Parallel()
	s := site(t)
	for _, page := range []string{"/", "/polls", "/c/0190/manage", "/dev/ui", "/dev/ui/button", "/apiary", "/people/%D0%B0"} {
		r := ask(t, s, http.MethodGet, page, "Accept", html)
		require.Equal(t, http.StatusOK, r.StatusCode, page)
		require.Contains(t, r.body, `id="root"`, page)
		require.Empty(t, ask(t, s, http.MethodHead, page, "Accept", html).body, page)
	}
	for _, other := range []string{
		"/api/v1/session/me", "/api", "/oauth/token", "/.well-known/openid-configuration", "/assets/none.js", "/assets/none", "/dev", "/dev/mail",
		"/robots.txt", "/index.html", "/.vite/manifest.json", "/.gitkeep", "/internal/v1/x", "/health/ready",
	} {
		require.Equal(t, http.StatusTeapot, ask(t, s, http.MethodGet, other, "Accept", html).StatusCode, other)
	}
	require.Equal(t, http.StatusTeapot, ask(t, s, http.MethodPost, "/polls", "Accept", html).StatusCode)
	require.Equal(t, http.StatusTeapot, ask(t, s, http.MethodPost, "/favicon.svg").StatusCode)
	require.Equal(t, http.StatusTeapot, ask(t, s, http.MethodGet, "/polls", "Accept", "application/json").StatusCode)
}

func TestFilesAreCompressedAndKept(t *testing.T) {
	t.Parallel()
	s := site(t)
	r := ask(t, s, http.MethodGet, "/assets/index-1.js", "Accept-Encoding", "br, gzip")
	require.Equal(t, "public, max-age=31536000, immutable", r.Header.Get("Cache-Control"))
	require.Equal(t, "text/javascript; charset=utf-8", r.Header.Get("Content-Type"))
	require.Equal(t, "gzip", r.Header.Get("Content-Encoding"))
	require.Equal(t, "nosniff", r.Header.Get("X-Content-Type-Options"))
	zipped, err := gzip.NewReader(strings.NewReader(r.body))
	require.NoError(t, err)
	raw, err := io.ReadAll(zipped)
	require.NoError(t, err)
	require.Equal(t, script, string(raw))

	for _, refused := range []string{"", "br", "gzip;q=0", "gzip;q=0.0"} {
		r = ask(t, s, http.MethodGet, "/assets/index-1.js", "Accept-Encoding", refused)
		require.Empty(t, r.Header.Get("Content-Encoding"), refused)
		require.Equal(t, script, r.body)
	}
	require.Empty(t, ask(t, s, http.MethodGet, "/assets/onest.woff2", "Accept-Encoding", "gzip").Header.Get("Content-Encoding"))

	r = ask(t, s, http.MethodGet, "/favicon.svg")
	require.Equal(t, "image/svg+xml", r.Header.Get("Content-Type"))
	require.Equal(t, "public, max-age=300", r.Header.Get("Cache-Control"))
	require.NotEmpty(t, r.Header.Get("ETag"))
	require.Equal(t, http.StatusNotModified, ask(t, s, http.MethodGet, "/favicon.svg", "If-None-Match", `"x", `+r.Header.Get("ETag")).StatusCode)
	require.Equal(t, "application/manifest+json", ask(t, s, http.MethodGet, "/site.webmanifest").Header.Get("Content-Type"))
}

func TestAFileThatTheBuildCompressedIsServedSo(t *testing.T) {
	t.Parallel()
	s := site(t)
	for accepted, encoding := range map[string]string{
		"gzip, deflate, br, zstd": "br", "gzip;q=1.0, br;q=0.5": "br", "br;q=0, gzip": "gzip", "gzip": "gzip", "": "", "identity": "",
	} {
		r := ask(t, s, http.MethodGet, "/assets/start-1.js", "Accept-Encoding", accepted)
		require.Equal(t, encoding, r.Header.Get("Content-Encoding"), accepted)
		require.Equal(t, "text/javascript; charset=utf-8", r.Header.Get("Content-Type"), accepted)
		require.Equal(t, "Accept-Encoding", r.Header.Get("Vary"), accepted)
		require.Equal(t, encoding == "br", r.body == "as the build compressed it", accepted)
	}
	require.Equal(t, http.StatusTeapot, ask(t, s, http.MethodGet, "/assets/start-1.js.br").StatusCode, "it is no file of its own")
}

func TestAPageIsStrict(t *testing.T) {
	t.Parallel()
	app := build(t)
	write := func() answer {
		return ask(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Security-Policy", "default-src *")
			require.NoError(t, app.Write(w, r, web.Page{Lang: "ru", Theme: "dark", Title: "AEF", Hue: 210, Chroma: 0.12, Images: []string{"https://media.test"}}))
		}), http.MethodGet, "/")
	}
	r := write()
	policy := r.Header.Get("Content-Security-Policy")
	nonce := regexp.MustCompile(`'nonce-([^']+)'`).FindStringSubmatch(policy)
	require.NotNil(t, nonce)
	require.Contains(t, r.body, `<style nonce="`+nonce[1]+`">:root { --hue: 210; --chroma: 0.12 }</style>`)
	require.Contains(t, r.body, `<html lang="ru" data-theme="dark">`)
	for _, directive := range []string{
		"default-src 'none'", "script-src 'self'", "img-src 'self' data: blob: https://media.test", "base-uri 'none'", "form-action 'self'",
		"frame-ancestors 'none'", "require-trusted-types-for 'script'", "trusted-types server-html push-worker",
	} {
		require.Contains(t, strings.Split(policy, "; "), directive)
	}
	require.NotContains(t, policy, "unsafe")
	for name, value := range map[string]string{
		"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
		"Referrer-Policy": "same-origin", "Content-Type": "text/html; charset=utf-8",
	} {
		require.Equal(t, value, r.Header.Get(name))
	}
	require.NotEmpty(t, r.Header.Get("Permissions-Policy"))
	other := write()
	require.NotEqual(t, policy, other.Header.Get("Content-Security-Policy"), "a nonce counts once")
}

// What people write cannot end the script, the attribute or the style that it stands in, and arrives as it was written.
func TestWordsOfPeopleStayWords(t *testing.T) {
	t.Parallel()
	app := build(t)
	for _, name := range []string{
		`</script><script>alert(1)</script>`, `<!--<script>`, `"><img src=x onerror=alert(1)>`, "{{.Nonce}}", `*/ </style>`, "\u2028\u2029 &amp; '\"\\",
	} {
		boot := map[string]any{"tenant": map[string]any{"name": name}, "session": json.RawMessage(`{"a":"</script>"}`)}
		r := ask(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			require.NoError(t, app.Write(w, r, web.Page{
				Lang: `en"><script>`, Title: name, Description: name, Boot: boot, Card: &web.Card{URL: name, Site: name, Image: name, ImageAlt: name},
			}))
		}), http.MethodGet, "/")
		text := r.body
		require.Equal(t, 2, strings.Count(text, "<script"), text)
		require.Equal(t, 2, strings.Count(text, "</script"), text)
		require.NotContains(t, text, "<img")
		_, rest, _ := strings.Cut(text, `id="boot">`)
		raw, _, _ := strings.Cut(rest, "</script>")
		var arrived struct {
			Tenant  struct{ Name string }
			Session struct{ A string }
		}
		require.NoError(t, json.NewDecoder(bytes.NewReader([]byte(raw))).Decode(&arrived), raw)
		require.Equal(t, name, arrived.Tenant.Name)
		require.Equal(t, "</script>", arrived.Session.A)
	}
}

func TestAPageThatCannotBeWrittenIsNoPage(t *testing.T) {
	t.Parallel()
	app := build(t)
	w := httptest.NewRecorder()
	require.Error(t, app.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), web.Page{Boot: func() {}}))
	require.Empty(t, w.Body.String())
	_, err := web.New(fstest.MapFS{"index.html": {Data: []byte("{{.")}})
	require.Error(t, err)
}

func TestABinaryWithoutABuildSaysSo(t *testing.T) {
	t.Parallel()
	app, err := web.New(fstest.MapFS{".gitkeep": {}})
	require.NoError(t, err)
	require.False(t, app.Built())
	r := ask(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, app.Write(w, r, web.Page{Lang: "en", Status: http.StatusNotFound}))
	}), http.MethodGet, "/")
	require.Equal(t, http.StatusNotFound, r.StatusCode)
	text := r.body
	require.Contains(t, text, "make web")
	require.Contains(t, text, `lang="ru"`)
}

// The two frontends are those of the build, if there is one.
func TestTheFrontendsOfTheBinary(t *testing.T) {
	t.Parallel()
	for _, open := range []func() (*web.App, error){web.Portal, web.ID} {
		app, err := open()
		require.NoError(t, err)
		require.NotNil(t, app)
	}
}
