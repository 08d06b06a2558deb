package bff_test

import (
	"bytes"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
)

// A calendar program has no session: its request is signed for the tenant of the host and for no user, with a session in the browser or without.
func TestCalendarProgramsNeedNoSession(t *testing.T) {
	t.Parallel()
	events := newService(t, "events")
	events.handle("/", func(w http.ResponseWriter, _ *http.Request, _ reqctx.Context) {
		w.Header().Set("ETag", `W/"1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT")
		w.Header().Set("Content-Type", "text/calendar; charset=utf-8")
		w.WriteHeader(http.StatusNotModified)
	})
	var log safeLog
	p := start(t, func(p *platform) { p.cfg.EventsURL, p.cfg.Log, p.cfg.RateCalendars = events.server.URL, &log, 5 })
	const path = "/api/v1/events/calendars/feeds/secret-of-the-address/calendar.ics"
	for _, b := range []*browser{p.browser(), p.browser().signIn(aefHost, member)} {
		r := b.do(http.MethodGet, aefHost+path, "", http.Header{"If-None-Match": {`W/"1"`}, "If-Modified-Since": {"Mon, 02 Mar 2026 10:00:00 GMT"}})
		require.Equal(t, http.StatusNotModified, r.status, r.body)
		require.Equal(t, `W/"1"`, r.header.Get("ETag"))
		require.NotEmpty(t, r.header.Get("Last-Modified"))
		got := events.last(t)
		require.Equal(t, path, got.uri)
		require.Equal(t, []any{aef, "aef", uuid.Nil}, []any{got.rc.TenantID, got.rc.TenantSlug, got.rc.UserID})
		require.Equal(t, `W/"1"`, got.header.Get("If-None-Match"))
		require.NotEmpty(t, got.header.Get("If-Modified-Since"))
	}
	require.Equal(t, http.StatusNotModified, p.browser().do(http.MethodHead, gamingHost+path, "", nil).status)
	require.Equal(t, gaming, events.last(t).rc.TenantID)
	p.browser().get(aefHost+"/api/v1/events/calendars/feeds-of-others").refuses(http.StatusUnauthorized, "UNAUTHORIZED")

	for p.browser().get(aefHost+path).status == http.StatusNotModified {
	}
	p.browser().get(aefHost+path).refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	require.Equal(t, http.StatusNotModified, p.browser().get(aefHost+strings.Replace(path, "secret", "other", 1)).status, "each calendar has its own limit")
	events.server.Close()
	p.browser().get(aefHost+strings.Replace(path, "secret", "third-secret", 1)).refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	require.Contains(t, log.String(), "/api/v1/events/calendars/feeds/...")
	require.NotContains(t, log.String(), "secret-of-the-address")
}

type safeLog struct {
	mu  sync.Mutex
	all bytes.Buffer
}

func (l *safeLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.Write(p)
}

func (l *safeLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.all.String()
}
