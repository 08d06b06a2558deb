package activity_test

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.updspace.com/tools/devkit/standins"
)

// remote is every system that the connectors call, on one address: the stand-ins, a receiver of webhooks, a feed, a push service. When it fails, it
// answers with all that it was sent.
type remote struct {
	*httptest.Server

	lock  sync.Mutex
	fault string
	asked map[string]map[string]bool // which systems were asked, by fault
}

// faults are the ways to fail, by name.
var faults = map[string]func(w http.ResponseWriter, status, echo string){
	"an error": func(w http.ResponseWriter, _, echo string) { answerWith(w, http.StatusInternalServerError, echo) },
	"a refusal": func(w http.ResponseWriter, _, echo string) {
		w.Header().Set("X-Echo", url.QueryEscape(echo))
		answerWith(w, http.StatusBadRequest, echo)
	},
	"a redirect": func(w http.ResponseWriter, line, echo string) {
		w.Header().Set("Location", line)
		answerWith(w, http.StatusTemporaryRedirect, echo)
	},
	"no answer": func(w http.ResponseWriter, _, _ string) { cut(w, "") },
	"no HTTP":   func(w http.ResponseWriter, _, echo string) { cut(w, echo) },
	"a header that is none": func(w http.ResponseWriter, _, echo string) {
		cut(w, "HTTP/1.1 200 OK\r\n"+strings.ReplaceAll(echo, "\n", " ")+"\r\n\r\n")
	},
}

func answerWith(w http.ResponseWriter, status int, text string) {
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// cut writes something in the place of an answer, and ends the connection.
func cut(w http.ResponseWriter, text string) {
	connection, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(connection, text)
	_ = connection.Close()
}

func newRemote(t testing.TB) *remote {
	t.Helper()
	r := &remote{asked: map[string]map[string]bool{}}
	var others http.Handler
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		request.Body = io.NopCloser(bytes.NewReader(body))
		if fail := r.failing(systemOf(request.URL.Path)); fail != nil {
			var echo strings.Builder
			echo.WriteString(request.URL.String() + "\n")
			_ = request.Header.Write(&echo)
			echo.Write(body)
			fail(w, request.URL.String(), echo.String())
			return
		}
		switch systemOf(request.URL.Path) {
		case "receiver":
			w.WriteHeader(http.StatusNoContent)
		case "push":
			w.WriteHeader(http.StatusCreated)
		case "feed": // whose links are relative, also to its own address
			_, _ = io.WriteString(w, `<rss version="2.0"><channel><title>B</title><item><guid>1</guid><title>One</title><link>#one</link></item>`+
				`<item><guid>2</guid><title>Two</title><link>posts/2</link></item><item><title>Three</title><link>`+request.URL.String()+`</link></item></channel></rss>`)
		default:
			others.ServeHTTP(w, request)
		}
	}))
	t.Cleanup(r.Close)
	others = standins.New(r.URL)
	return r
}

func systemOf(path string) string {
	for prefix, system := range map[string]string{
		"/steam/": "steam", "/api/webhooks/": "channel", "/api/v10/": "guild", "/receiver/": "receiver", "/feed/": "feed", "/push/": "push",
	} {
		if strings.HasPrefix(path, prefix) {
			return system
		}
	}
	return path
}

func (r *remote) failing(system string) func(w http.ResponseWriter, line, echo string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.asked[r.fault] == nil {
		r.asked[r.fault] = map[string]bool{}
	}
	r.asked[r.fault][system] = true
	return faults[r.fault]
}

func (r *remote) fails(fault string) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.fault = fault
}

func (r *remote) systems(fault string) []string {
	r.lock.Lock()
	defer r.lock.Unlock()
	return slices.Sorted(maps.Keys(r.asked[fault]))
}
