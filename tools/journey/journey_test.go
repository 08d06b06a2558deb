package journey

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestLinks(t *testing.T) {
	require.Equal(t, []string{"/a?x=1&y=2"}, Links([]byte(`<p><a href="/a?x=1&amp;y=2">there</a>`)))
}

func TestNothingSecretIsPrinted(t *testing.T) {
	const hush = "SECRETSECRETSECRET"
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "updspace_session", Value: hush})
		w.Header().Set("Content-Type", "application/json")
		if r.Method == http.MethodGet {
			w.Header().Set("Location", "/next?code="+hush+"&redirect_to="+url.QueryEscape("http://x/?token="+hush))
			w.WriteHeader(http.StatusFound)
			return
		}
		_, _ = w.Write([]byte(`{"form_token":"` + hush + `","dev_magic_link":"http://x/?token=` + hush + `&a=b","error":{"code":"CSRF_FAILED","message":"m"}}`))
	}))
	defer server.Close()
	var out bytes.Buffer
	b := NewBrowser(server.URL, server.Client().Transport, NewLog(&out))
	b.Get(t.Context(), "/a?state="+hush)
	b.Send(t.Context(), http.MethodPost, "/b", map[string]any{"email": "who@x", "password": hush, "form_token": hush})
	require.NotContains(t, out.String(), hush)
	require.Contains(t, out.String(), "who@x")
	require.Contains(t, out.String(), "CSRF_FAILED", "the code of an error is no secret")
}

func TestTheLogSaysWhoAsks(t *testing.T) {
	server := httptest.NewServer(http.NotFoundHandler())
	defer server.Close()
	var out bytes.Buffer
	transport := Transport()
	defer transport.CloseIdleConnections()
	w := &Walk{
		Place: Place{Portal: func(string) string { return server.URL }}, log: NewLog(&out),
		transport: transport, browsers: map[string]*Browser{},
	}
	w.as(Admin).Get(t.Context(), "/x")
	w.as(Member).Get(t.Context(), "/x")
	require.Contains(t, out.String(), "> [admin@aef.test] GET "+server.URL+"/x")
	require.Contains(t, out.String(), "> [member@aef.test] GET "+server.URL+"/x")
}

func TestRunStopsAtTheFirstWrongThing(t *testing.T) {
	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		requests++
		_, _ = w.Write([]byte(`{"issuer":"http://somebody.else"}`))
	}))
	defer server.Close()
	var out bytes.Buffer
	err := Run(context.Background(), Place{ID: server.URL, Portal: func(string) string { return server.URL }}, &out)
	require.ErrorContains(t, err, `step 1, discovery`)
	require.ErrorContains(t, err, "somebody.else")
	require.Equal(t, 1, requests)
	require.Contains(t, out.String(), "WRONG")
}

func TestBrowserSendsWhatAPageSends(t *testing.T) {
	var got http.Header
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		http.SetCookie(w, &http.Cookie{Name: "updspace_csrf", Value: "tok", Path: "/"})
	}))
	defer server.Close()
	b := NewBrowser(server.URL, server.Client().Transport, nil)
	require.NoError(t, b.Send(t.Context(), http.MethodGet, "/", nil).Expect(http.StatusOK))
	require.Empty(t, got.Get("X-CSRF-Token"))
	require.Empty(t, got.Get("Origin"))
	require.NoError(t, b.Send(t.Context(), http.MethodPost, "/", nil).Expect(http.StatusOK))
	require.Equal(t, "tok", got.Get("X-CSRF-Token"))
	require.Equal(t, server.URL, got.Get("Origin"))
	require.NotEmpty(t, got.Get("X-Request-Id"))
	b.Forget("updspace_csrf")
	require.Empty(t, b.Cookie("updspace_csrf"))
}

func TestEnvelope(t *testing.T) {
	whole := &Answer{Status: 409, Request: httptest.NewRequest(http.MethodGet, "/", nil),
		Body: []byte(`{"error":{"code":"X","message":"m","details":{},"request_id":"r"}}`)}
	require.NoError(t, whole.ExpectCode(409, "X"))
	require.Error(t, whole.ExpectCode(409, "Y"))
	require.Error(t, whole.ExpectCode(400, "X"))
	half := *whole
	half.Body = []byte(strings.Replace(string(whole.Body), `"details":{},`, "", 1))
	_, err := half.Envelope()
	require.Error(t, err)
	html := *whole
	html.Body = []byte("<html>")
	_, err = html.Envelope()
	require.Error(t, err)
}
