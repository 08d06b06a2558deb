package web_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"

	"go.updspace.com/web"
)

func TestAPageNamesTheFilesOfItsAddress(t *testing.T) {
	t.Parallel()
	app, err := web.New(fstest.MapFS{
		"index.html": {Data: []byte(index)},
		".vite/preload.json": {Data: []byte(`{
			"pages": [
				{"path": "/", "files": {"en": ["assets/home.js", "assets/home.css", "assets/en.js"], "ru": ["assets/home.js", "assets/home.css", "assets/ru.js"]}},
				{"path": "/polls/new", "files": {"en": ["assets/new.js"]}},
				{"path": "/polls/$id", "files": {"en": ["assets/poll.js"]}}
			],
			"others": {"en": ["assets/en.js"]}
		}`)},
	})
	require.NoError(t, err)
	files := regexp.MustCompile(`<link rel="(?:modulepreload|stylesheet)" crossorigin href="[^"]+">`)
	for _, c := range []struct {
		address, language string
		links             []string
	}{
		{"/", "en", []string{
			`<link rel="modulepreload" crossorigin href="/assets/home.js">`, `<link rel="stylesheet" crossorigin href="/assets/home.css">`,
			`<link rel="modulepreload" crossorigin href="/assets/en.js">`,
		}},
		{"/?write=true", "ru", []string{
			`<link rel="modulepreload" crossorigin href="/assets/home.js">`, `<link rel="stylesheet" crossorigin href="/assets/home.css">`,
			`<link rel="modulepreload" crossorigin href="/assets/ru.js">`,
		}},
		{"/polls/new/", "en", []string{`<link rel="modulepreload" crossorigin href="/assets/new.js">`}},
		{"/polls/7", "en", []string{`<link rel="modulepreload" crossorigin href="/assets/poll.js">`}},
		{"/polls/7/results", "en", []string{`<link rel="modulepreload" crossorigin href="/assets/en.js">`}},
		{"/polls", "ru", nil},
	} {
		page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			require.NoError(t, app.Write(w, r, web.Page{Lang: c.language}))
		})
		got := ask(t, app.Handler(page, http.NotFoundHandler()), http.MethodGet, c.address, "Accept", html)
		require.Equal(t, c.links, files.FindAllString(got.body, -1), c.address)
	}
}

func TestAPageOfASignedInUserNamesItsData(t *testing.T) {
	t.Parallel()
	app, err := web.New(fstest.MapFS{
		"index.html": {Data: []byte(index)},
		".vite/preload.json": {Data: []byte(`{"pages": [
			{"path": "/", "files": {"en": []}, "data": ["/api/things?limit=2&sort=new"]},
			{"path": "/things/$id", "files": {"en": []}, "data": ["/api/things/$id/info"]}
		]}`)},
	})
	require.NoError(t, err)
	data := regexp.MustCompile(`<link rel="preload"[^>]+>`)
	for _, c := range []struct {
		address  string
		signedIn bool
		links    []string
	}{
		{"/", true, []string{`<link rel="preload" as="fetch" crossorigin="use-credentials" href="/api/things?limit=2&amp;sort=new">`}},
		{"/", false, nil},
		{"/?filter=1", true, nil},
		{"/things/7", true, []string{`<link rel="preload" as="fetch" crossorigin="use-credentials" href="/api/things/7/info">`}},
		{"/things/%22%3E", true, []string{`<link rel="preload" as="fetch" crossorigin="use-credentials" href="/api/things/%22%3E/info">`}},
		{"/polls", true, nil},
	} {
		page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			require.NoError(t, app.Write(w, r, web.Page{Lang: "en", SignedIn: c.signedIn}))
		})
		got := ask(t, app.Handler(page, http.NotFoundHandler()), http.MethodGet, c.address, "Accept", html)
		require.Equal(t, c.links, data.FindAllString(got.body, -1), c)
	}
}

func TestOnlyThePageThatReadsCodesMayUseTheCamera(t *testing.T) {
	t.Parallel()
	app, err := web.New(fstest.MapFS{
		"index.html": {Data: []byte(index)},
		".vite/preload.json": {Data: []byte(`{"pages": [
			{"path": "/events/$id/check-in", "files": {"en": []}, "camera": true},
			{"path": "/events/$id", "files": {"en": []}}
		]}`)},
	})
	require.NoError(t, err)
	page := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		require.NoError(t, app.Write(w, r, web.Page{Lang: "en"}))
	})
	for address, camera := range map[string]string{
		"/events/7/check-in?on=8": "camera=(self)", "/events/7": "camera=()", "/": "camera=()", "/events/7/check-in/more": "camera=()",
	} {
		got := ask(t, app.Handler(page, http.NotFoundHandler()), http.MethodGet, address, "Accept", html)
		policy := strings.Split(got.Header.Get("Permissions-Policy"), ", ")
		require.Contains(t, policy, camera, address)
		require.Contains(t, policy, "microphone=()", address)
	}
}

func TestAFrontendWithBrokenPreloadsIsRefused(t *testing.T) {
	t.Parallel()
	_, err := web.New(fstest.MapFS{"index.html": {Data: []byte(index)}, ".vite/preload.json": {Data: []byte("{")}})
	require.ErrorContains(t, err, "preload.json")
}
