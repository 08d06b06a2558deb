package bff_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/libs/reqctx"
)

func TestWhoAnswersWhat(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("/", ok)
	p.access.handle("GET /api/v1/access/permissions", ok)
	b := p.browser().signIn(aefHost, member)
	for _, path := range []string{"/api/v1/voting", "/api/v1/voting/", "/api/v1/voting/polls/a%20b", "/api/v1/voting/polls/%D1%8F"} {
		r := b.get(aefHost + path + "?x=%2F&y=a+b")
		require.Equal(t, http.StatusOK, r.status, path)
		require.Equal(t, path+"?x=%2F&y=a+b", p.voting.last(t).uri, "the path passes as it came")
	}
	require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/access/permissions").status)
	r := b.get(aefHost + "/api/v1/account/sessions")
	require.Equal(t, http.StatusOK, r.status)
	require.Contains(t, r.body, member.String(), "identity answers for the account")
	require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/portal/applications").status, "identity answers for those who apply")
	b.get(aefHost+"/api/v1/portal/profiles").refuses(http.StatusNotImplemented, "NOT_IMPLEMENTED")
}

// What the frontends ask of portal arrives there, at the same path, and the profile of the signed-in user is part of
// /session/me as portal has it. A session of another tenant is refused.
func TestPortalIsReached(t *testing.T) {
	t.Parallel()
	portal := newService(t, "portal")
	portal.handle("/", ok)
	portal.handle("GET /api/v1/portal/me", func(w http.ResponseWriter, _ *http.Request, rc reqctx.Context) {
		answer(w, http.StatusOK, map[string]any{"user_id": rc.UserID, "first_name": "Mira", "not_in_the_spec": true})
	})
	p := start(t, func(p *platform) { p.cfg.PortalURL = portal.server.URL })
	b := p.browser().signIn(aefHost, member)
	paths := []string{
		"/api/v1/portal/profiles?q=ali&limit=10", "/api/v1/portal/me", "/api/v1/portal/modules", "/api/v1/portal/communities",
		"/api/v1/portal/teams?community_id=1", "/api/v1/portal/posts",
	}
	for _, path := range paths {
		require.Equal(t, http.StatusOK, b.get(aefHost+path).status, path)
		require.Equal(t, path, portal.last(t).uri)
		require.Equal(t, member, portal.last(t).rc.UserID)
	}
	b.do(http.MethodPatch, aefHost+"/api/v1/portal/me", `{"bio":"x"}`, nil)
	require.Equal(t, http.MethodPatch, portal.last(t).method)

	want := map[string]any{"user_id": member.String(), "first_name": "Mira", "not_in_the_spec": true}
	seen := portal.count()
	require.Equal(t, want, b.get(aefHost + "/api/v1/session/me").json()["portal_profile"])
	require.Equal(t, seen+1, portal.count(), "it is read, and nothing is written")

	p.id.change(member, func(a *account) { a.tenants[gaming] = "active" })
	stolen := http.Header{"Cookie": {"updspace_session=" + b.cookie(aefHost, "updspace_session")}}
	for _, path := range append(paths, "/api/v1/portal/applications?status=pending", "/api/v1/portal/nothing") {
		p.browser().do(http.MethodGet, gamingHost+path, "", stolen).refuses(http.StatusForbidden, "TENANT_MISMATCH")
	}
	require.Equal(t, seen+1, portal.count())
}

// The documents of the services are for every caller, signed in or not, and the services need not know for whom.
func TestDocumentsArePublished(t *testing.T) {
	t.Parallel()
	portal := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Updspace-Signature")+r.Header.Get("X-User-Id") != "" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		w.Header().Set("ETag", `"1"`)
		fmt.Fprint(w, r.URL.Path)
	}))
	t.Cleanup(portal.Close)
	p := start(t, func(p *platform) { p.cfg.PortalURL = portal.URL })
	for _, b := range []*browser{p.browser(), p.browser().signIn(aefHost, member)} {
		r := b.get(aefHost + "/api/v1/portal/openapi.yaml")
		require.Equal(t, http.StatusOK, r.status)
		require.Equal(t, "/api/v1/portal/openapi.yaml", r.body)
		require.Equal(t, `"1"`, r.header.Get("ETag"))
		r = b.get(aefHost + "/api/v1/bff/openapi.yaml")
		require.Equal(t, http.StatusOK, r.status, r.body)
		require.Contains(t, r.body, "/api/v1/session/me")
	}
}

func TestNobodyIsSignedFor(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("/", ok)
	b := p.browser()
	for _, path := range []string{"/api/v1/voting/polls", "/api/v1/access/permissions", "/api/v1/account/sessions", "/api/v1/portal/profiles", "/api/v1/events"} {
		b.get(aefHost+path).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	require.Zero(t, p.voting.count())
}

// People answer invitations without an account, and mail servers pass on mails without a tenant's host and a CSRF token. Here no events
// service is installed, which these requests get as far as to hear.
func TestInvitationsNeedNoSession(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.browser()
	b.get(aefHost + "/api/v1/csrf") // as a page does
	b.post(aefHost+"/api/v1/events/invitations/preview", `{"token":"t"}`).refuses(http.StatusNotImplemented, "NOT_IMPLEMENTED")
	b.do(http.MethodPost, "http://"+p.address+app.InboundMailPath, strings.Repeat("x", 100<<10), nil).refuses(http.StatusNotImplemented, "NOT_IMPLEMENTED")
	b.post(aefHost+"/api/v1/events/mine/invitations", `{}`).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}

func TestClientsCannotForgeContext(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("/", ok)
	b := p.browser().signIn(aefHost, member)
	forged := http.Header{
		"X-Tenant-Id": {gaming.String()}, "X-Tenant-Slug": {"gaming"}, "X-User-Id": {guest.String()},
		"X-Master-Flags": {`{"system_admin":true}`}, "X-Updspace-Signature": {strings.Repeat("a", 64)},
		"X-Updspace-Caller": {"identity"}, "X-Updspace-Timestamp": {"1"}, "X-Updspace-Anything": {"1"},
		"x-user-id": {guest.String()}, "X_User_Id": {guest.String()}, "X-User-Id ": {guest.String()},
		"X-Forwarded-For": {"1.2.3.4"}, "X-Forwarded-Host": {"evil.example"}, "X-Forwarded-Proto": {"https"}, "Forwarded": {"for=1.2.3.4"},
		"Authorization": {"Bearer stolen"}, "X-Session-Token": {"t"}, "X-Original-Url": {"/internal/v1/check"}, "X-Http-Method-Override": {"DELETE"},
		"Connection": {"close, X-Updspace-Signature, X-User-Id"}, "Te": {"trailers"}, "Upgrade": {"websocket"}, "Proxy-Authorization": {"x"},
		"Accept-Language": {"de"}, "If-None-Match": {`"v1"`}, "Range": {"bytes=0-9"}, "User-Agent": {"test"}, "Accept": {"application/json"},
		"Last-Event-Id": {"7"}, "Cookie": {"updspace_session=" + b.cookie(aefHost, "updspace_session") + "; other=1"},
	}
	delete(forged, "X-User-Id ") // net/http refuses to send it
	require.Equal(t, http.StatusOK, b.do(http.MethodGet, aefHost+"/api/v1/voting/polls", "", forged).status)
	got := p.voting.last(t)
	require.Equal(t, member, got.rc.UserID)
	require.Equal(t, aef, got.rc.TenantID)
	require.False(t, got.rc.Flags.SystemAdmin)
	for name := range got.header {
		require.Contains(t, []string{
			"Accept", "Accept-Language", "User-Agent", "If-None-Match", "Range", "Last-Event-Id",
			"X-Request-Id", "X-Tenant-Id", "X-Tenant-Slug", "X-User-Id", "X-Master-Flags",
			"X-Updspace-Timestamp", "X-Updspace-Caller", "X-Updspace-Signature",
		}, name, "%v", got.header[name])
	}
	require.Equal(t, "de", got.header.Get("Accept-Language"))
	require.Equal(t, `"v1"`, got.header.Get("If-None-Match"))
	require.Equal(t, "bytes=0-9", got.header.Get("Range"))
}

// Paths that two readers could read differently are refused before anything is asked.
func TestCrookedPathsAreRefused(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("/", ok)
	b := p.browser().signIn(aefHost, member)
	cookie := "updspace_session=" + b.cookie(aefHost, "updspace_session")
	for _, path := range []string{
		"/api/v1/voting/../access/permissions", "/api/v1/voting/..", "/api/v1/voting/./polls", "/api/v1/voting/polls/.",
		"/api/v1/voting/%2e%2e/access", "/api/v1/voting/%2E%2E/access", "/api/v1/voting/.%2e/access", "/api/v1/voting/%2e/polls",
		"/api/v1/voting/..%2faccess", "/api/v1/voting%2f..%2faccess", "/api/v1/voting/a%2Fb", "/api/v1/voting/%5c..%5caccess", `/api/v1/voting/\..\access`,
		"/api/v1/voting//polls", "/api/v1//voting/polls", "/api/v1/voting/polls//", "/api/v1/voting/%252e%252e/access", "/api/v1/voting/%252f",
		"/api/v1/voting/%00", "/api/v1/voting/a%0d%0ab", "/api/v1/voting/%7f", "/api/v1/invite/../internal/v1/principal", "/api/v1/invite/%2e%2e/%2e%2e/internal/v1/principal",
	} {
		status, body := raw(t, p.address, "GET "+path+" HTTP/1.1\r\nHost: aef.localhost\r\nCookie: "+cookie+"\r\nConnection: close\r\n\r\n")
		require.Equal(t, http.StatusBadRequest, status, "%s: %s", path, body)
		require.Contains(t, body, `"code":"BAD_REQUEST"`, path)
	}
	require.Zero(t, p.voting.count())
}

// raw sends bytes as they are.
func raw(t *testing.T, address, request string) (int, string) {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, string(body)
}

func TestSmuggledRequestsStayOut(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("/", ok)
	b := p.browser().signIn(aefHost, member)
	head := "Host: aef.localhost\r\nCookie: updspace_session=" + b.cookie(aefHost, "updspace_session") + "\r\nX-CSRF-Token: " + b.cookie(aefHost, "updspace_csrf") + "\r\n"
	inner := "POST /api/v1/voting/smuggled HTTP/1.1\r\nHost: voting\r\n\r\n"
	for name, request := range map[string]string{
		"length and chunked": "POST /api/v1/voting/votes HTTP/1.1\r\n" + head + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n" + inner,
		"two lengths":        "POST /api/v1/voting/votes HTTP/1.1\r\n" + head + "Content-Length: 0\r\nContent-Length: 44\r\nConnection: close\r\n\r\n" + inner,
		"odd encoding":       "POST /api/v1/voting/votes HTTP/1.1\r\n" + head + "Transfer-Encoding: xchunked\r\nConnection: close\r\n\r\n" + inner,
		"space before colon": "GET /api/v1/voting/polls HTTP/1.1\r\n" + head + "X-User-Id : " + guest.String() + "\r\nConnection: close\r\n\r\n",
		"two hosts":          "GET /api/v1/voting/polls HTTP/1.1\r\nHost: gaming.localhost\r\n" + head + "Connection: close\r\n\r\n",
	} {
		status, _ := raw(t, p.address, request)
		p.voting.mu.Lock()
		for _, s := range p.voting.seen {
			require.NotContains(t, s.uri, "smuggled", name)
			require.Equal(t, aef, s.rc.TenantID, name)
			require.Equal(t, member, s.rc.UserID, name)
		}
		p.voting.mu.Unlock()
		if name != "length and chunked" { // which net/http reads as chunked, and closes
			require.GreaterOrEqual(t, status, 400, name)
		}
	}
}

func TestAnswersPassUnchanged(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("GET /api/v1/voting/file", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
		h := w.Header()
		h.Set("Content-Type", "text/calendar; charset=utf-8")
		h.Set("Content-Disposition", `attachment; filename="event.ics"`)
		h.Set("ETag", `"v2"`)
		h.Set("Cache-Control", "private, max-age=60")
		h.Set("Retry-After", "7")
		h.Set("Location", "/api/v1/voting/polls/1")
		h.Set("Set-Cookie", "updspace_session=stolen")
		h.Set("X-Session-Token", "secret")
		h.Set("Server", "voting/1")
		h.Set("X-Next-Cursor", "abc")
		h.Set("X-Request-Id", "another")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Content-Security-Policy", "default-src *")
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte("BEGIN:VCALENDAR"))
	})
	b := p.browser().signIn(aefHost, member)
	r := b.get(aefHost + "/api/v1/voting/file")
	require.Equal(t, http.StatusAccepted, r.status)
	require.Equal(t, "BEGIN:VCALENDAR", r.body)
	for name, want := range map[string]string{
		"Content-Type": "text/calendar; charset=utf-8", "Content-Disposition": `attachment; filename="event.ics"`, "Etag": `"v2"`,
		"Cache-Control": "private, max-age=60", "Retry-After": "7", "Location": "/api/v1/voting/polls/1",
		"X-Next-Cursor": "abc", "Set-Cookie": "", "X-Session-Token": "", "Server": "", "Access-Control-Allow-Origin": "",
		"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
	} {
		require.Equal(t, want, r.header.Get(name), name)
	}
	require.Len(t, r.header["X-Request-Id"], 1)
	require.NotEqual(t, "another", r.header.Get("X-Request-Id"))

	for i, location := range []string{"https://evil.example/", "//evil.example", "http://voting:8004/x", `/\evil.example`} {
		p.voting.mux.HandleFunc("GET /api/v1/voting/to/"+fmt.Sprint(i), func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Location"] = []string{location}
			w.WriteHeader(http.StatusFound)
		})
		r := b.get(aefHost + "/api/v1/voting/to/" + fmt.Sprint(i))
		require.Equal(t, http.StatusFound, r.status)
		require.Empty(t, r.header.Get("Location"), location)
	}

	const refusal = `{"error":{"code":"RESULTS_HIDDEN","message":"Not yet.","details":{"x":[1]},"request_id":"abc"},"retry_after":3}`
	p.voting.handle("GET /api/v1/voting/refused", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusForbidden)
		_, _ = io.WriteString(w, refusal)
	})
	r = b.get(aefHost + "/api/v1/voting/refused")
	require.Equal(t, http.StatusForbidden, r.status)
	require.Equal(t, refusal, r.body)
	require.Equal(t, "private, no-cache", r.header.Get("Cache-Control"))
}

func TestBodiesAreBounded(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("/", ok)
	b := p.browser().signIn(aefHost, member)
	fits := strings.Repeat("x", 5<<19)
	require.Equal(t, http.StatusOK, b.post(aefHost+"/api/v1/voting/votes", fits).status)
	require.Len(t, p.voting.last(t).body, 5<<19)
	seen := p.voting.count()
	b.post(aefHost+"/api/v1/voting/votes", fits+"x").refuses(http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE")

	// a body that does not say how long it is
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, aefHost+"/api/v1/voting/votes", io.MultiReader(strings.NewReader(fits), strings.NewReader("xx")))
	require.NoError(t, err)
	req.Header.Set("X-CSRF-Token", b.cookie(aefHost, "updspace_csrf"))
	resp, err := b.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, http.StatusRequestEntityTooLarge, resp.StatusCode)
	require.Equal(t, seen, p.voting.count())
}

func TestServicesThatDoNotAnswer(t *testing.T) {
	p := start(t, func(p *platform) { p.cfg.ProxyTimeout = 200 * time.Millisecond })
	hold := make(chan struct{})
	p.voting.handle("GET /api/v1/voting/slow", func(http.ResponseWriter, *http.Request, reqctx.Context) { <-hold })
	p.voting.handle("GET /api/v1/voting/long-poll", func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
		<-time.After(400 * time.Millisecond) // longer than others may take, which is the point
		ok(w, r, rc)
	})
	b := p.browser().signIn(aefHost, member)
	r := b.get(aefHost+"/api/v1/voting/slow").refuses(http.StatusGatewayTimeout, "TIMEOUT")
	require.Contains(t, r.body, `"upstream":"voting"`)
	close(hold)
	require.Equal(t, http.StatusOK, b.get(aefHost+"/api/v1/voting/long-poll").status)

	for _, path := range []string{"/api/v1/events", "/api/v1/events/"} { // former clients use both forms
		r = b.get(aefHost+path).refuses(http.StatusNotImplemented, "NOT_IMPLEMENTED")
		require.Contains(t, r.body, `"upstream":"events"`, "not configured")
	}
	p.voting.server.CloseClientConnections()
	p.voting.server.Close()
	b.get(aefHost+"/api/v1/voting/polls").refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	b.post(aefHost+"/api/v1/voting/votes", "{}").refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
}

func TestEventsArriveAsTheyHappen(t *testing.T) {
	t.Parallel()
	p := start(t)
	next, left := make(chan string), make(chan struct{})
	p.voting.handle("GET /api/v1/voting/stream", func(w http.ResponseWriter, r *http.Request, _ reqctx.Context) {
		defer close(left)
		w.Header().Set("Content-Type", "text/event-stream")
		control := http.NewResponseController(w)
		_ = control.Flush()
		for {
			select {
			case text := <-next:
				_, _ = io.WriteString(w, "data: "+text+"\n\n")
				_ = control.Flush()
			case <-r.Context().Done():
				return
			}
		}
	})
	b := p.browser().signIn(aefHost, member)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, aefHost+"/api/v1/voting/stream", nil)
	require.NoError(t, err)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := b.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := bufio.NewReader(resp.Body)
	for _, text := range []string{"one", "two", "three"} {
		next <- text // the handler is still running: what arrives was not held back
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "data: "+text+"\n", line)
		_, err = lines.ReadString('\n')
		require.NoError(t, err)
	}
	cancel() // the reader leaves, and the service learns of it
	select {
	case <-left:
	case <-time.After(10 * time.Second):
		t.Fatal("the stream goes on without its reader")
	}
}

func TestStoppingEndsStreams(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.voting.handle("GET /api/v1/voting/stream", func(w http.ResponseWriter, r *http.Request, _ reqctx.Context) {
		w.Header().Set("Content-Type", "text/event-stream")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
	b := p.browser().signIn(aefHost, member)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, aefHost+"/api/v1/voting/stream", nil)
	require.NoError(t, err)
	req.Header.Set("Accept", "text/event-stream")
	resp, err := b.client.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	p.app.RequireStop()
	_, _ = io.ReadAll(resp.Body) // ends, one way or the other
}

var octets = http.Header{"Content-Type": {"application/octet-stream"}}

// startPortal starts a gateway with a portal behind it, which takes uploads.
func startPortal(t *testing.T) (*platform, *service) {
	portal := newService(t, "portal")
	portal.handle("/", ok)
	return start(t, func(p *platform) {
		p.cfg.PortalURL, p.cfg.ProxyTimeout = portal.server.URL, time.Minute // a busy machine is not a service that does not answer
	}), portal
}

const (
	attachments     = aefHost + "/api/v1/portal/attachments"
	largestUpload   = 10 << 20 // of attachments, as portal.yaml says
	uploadsPerUser  = 4
	uploadOperation = "uploadAttachment"
)

// An upload passes through whole, larger than any other body, signed by its digest, and leaves no file behind.
func TestUploadsPassThrough(t *testing.T) {
	require.EqualValues(t, largestUpload, portalapi.Operations[uploadOperation].Upload)
	t.Setenv("TMPDIR", t.TempDir())
	p, portal := startPortal(t)
	b := p.browser().signIn(aefHost, member)
	for _, size := range []int{0, 1, 3 << 20, largestUpload} {
		r := b.do(http.MethodPost, attachments+"?file_name=a", strings.Repeat("x", size), octets)
		require.Equal(t, http.StatusOK, r.status, "%s", r.body)
		require.Len(t, portal.last(t).body, size)
		require.Equal(t, member, portal.last(t).rc.UserID)
	}
	b.do(http.MethodPost, attachments, strings.Repeat("x", largestUpload+1), octets).refuses(http.StatusRequestEntityTooLarge, "PAYLOAD_TOO_LARGE")
	left, err := os.ReadDir(os.TempDir())
	require.NoError(t, err)
	require.Empty(t, left)
}

// What is not an upload that the caller may send is refused before its body is read: the body never ends here.
func TestOtherUploadsAreRefusedUnread(t *testing.T) {
	t.Parallel()
	p, portal := startPortal(t)
	b := p.browser().signIn(aefHost, member)
	cookies := "Cookie: updspace_session=" + b.cookie(aefHost, "updspace_session") + "\r\nX-CSRF-Token: " + b.cookie(aefHost, "updspace_csrf") + "\r\n"
	anonymous := p.browser()
	anonymous.get(aefHost + "/api/v1/csrf")
	noSession := "Cookie: updspace_browser=" + anonymous.cookie(aefHost, "updspace_browser") + "\r\nX-CSRF-Token: " + anonymous.cookie(aefHost, "updspace_csrf") + "\r\n"
	const length = "Content-Length: 9000000\r\n"
	for name, c := range map[string]struct {
		path, header string
		status       int
	}{
		"no session":               {"/api/v1/portal/attachments", noSession + length, http.StatusUnauthorized},
		"no CSRF token":            {"/api/v1/portal/attachments", strings.Split(cookies, "\r\n")[0] + "\r\n" + length, http.StatusForbidden},
		"a public path":            {"/api/v1/voting/openapi.yaml", noSession + length, http.StatusUnsupportedMediaType},
		"a path without uploads":   {"/api/v1/portal/communities", cookies + length, http.StatusUnsupportedMediaType},
		"an unknown path":          {"/api/v1/portal/attachments/x/y", cookies + length, http.StatusUnsupportedMediaType},
		"another method's path":    {"/api/v1/portal/me/avatar", cookies + length, http.StatusUnsupportedMediaType},
		"larger than allowed":      {"/api/v1/portal/attachments", cookies + "Content-Length: 10485761\r\n", http.StatusRequestEntityTooLarge},
		"a gateway's own path":     {"/api/v1/session/login", noSession + length, http.StatusRequestEntityTooLarge},
		"a service not configured": {"/api/v1/events", cookies + length, http.StatusNotImplemented},
	} {
		status, body := raw(t, p.address, "POST "+c.path+" HTTP/1.1\r\nHost: aef.localhost\r\nContent-Type: application/octet-stream\r\n"+c.header+"\r\nx")
		require.Equal(t, c.status, status, "%s: %s", name, body)
	}
	require.Zero(t, portal.count())
}

// The uploads of one user, and of all together, that are under way are bounded.
func TestConcurrentUploadsAreBounded(t *testing.T) {
	t.Parallel()
	p, portal := startPortal(t)
	hold := make(chan struct{})
	portal.handle("POST /api/v1/portal/attachments", func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) { <-hold; ok(w, r, rc) })
	b := p.browser().signIn(aefHost, member)
	var under sync.WaitGroup
	for range uploadsPerUser {
		under.Go(func() {
			if r := b.do(http.MethodPost, attachments, "x", octets); r.status != http.StatusOK {
				t.Errorf("upload: %d %s", r.status, r.body)
			}
		})
	}
	eventually(t, func() bool { return portal.count() == uploadsPerUser }, "the uploads are under way")
	r := b.do(http.MethodPost, attachments, "x", octets).refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	require.NotEmpty(t, r.header.Get("Retry-After"))
	other := p.browser().signIn(aefHost, second)
	under.Go(func() {
		if r := other.do(http.MethodPost, attachments, "x", octets); r.status != http.StatusOK {
			t.Errorf("upload of another user: %d %s", r.status, r.body)
		}
	})
	eventually(t, func() bool { return portal.count() == uploadsPerUser+1 }, "another user is not affected")
	close(hold)
	under.Wait()
	require.Equal(t, http.StatusOK, b.do(http.MethodPost, attachments, "x", octets).status)
}

// Clients of the first release call the feed by another prefix. The service serves one path, and what it verifies is that path.
func TestTheFormerPathOfTheFeed(t *testing.T) {
	var activity *service
	p := start(t, func(p *platform) {
		activity = newService(t, "activity")
		p.cfg.ActivityURL = activity.server.URL
	})
	activity.handle("GET /api/v1/activity/feed/unread-count", ok)
	activity.handle("GET /api/v1/activity/v2/feed", ok)
	b := p.browser().signIn(aefHost, member)
	for path, want := range map[string]string{
		"/api/v1/feed/feed/unread-count":     "/api/v1/activity/feed/unread-count",
		"/api/v1/feed/v2/feed?limit=2":       "/api/v1/activity/v2/feed?limit=2",
		"/api/v1/activity/feed/unread-count": "/api/v1/activity/feed/unread-count",
	} {
		require.Equal(t, http.StatusOK, b.get(aefHost+path).status, path)
		require.Equal(t, want, activity.last(t).uri)
	}
	b.get(aefHost+"/api/v1/feedback").refuses(http.StatusNotFound, "NOT_FOUND")
}
