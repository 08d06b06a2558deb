package bff_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/bff/app"
	"go.updspace.com/libs/reqctx"
)

// Guests get what the portal tells the gateway, which asks for the tenant of the host and for no user, once in 30 seconds.
func TestGuestsSeeThePublicCard(t *testing.T) {
	t.Parallel()
	portal := newService(t, "portal")
	members, broken := 12, false
	portal.handle("GET /internal/v1/public-card", func(w http.ResponseWriter, _ *http.Request, rc reqctx.Context) {
		if broken {
			answer(w, http.StatusServiceUnavailable, map[string]any{})
			return
		}
		require.Equal(t, uuid.Nil, rc.UserID)
		require.NotEqual(t, uuid.Nil, rc.TenantID)
		answer(w, http.StatusOK, map[string]any{"member_count": members, "communities": []any{}, "faces": []any{}, "posts": []any{}})
	})
	p := start(t, func(p *platform) { p.cfg.PortalURL = portal.server.URL })
	guest := p.browser()
	const path = "/api/v1/portal/public"
	first := guest.get(aefHost + path)
	require.Equal(t, http.StatusOK, first.status)
	require.Contains(t, first.body, `"member_count":12`)
	require.Equal(t, "private, max-age=30", first.header.Get("Cache-Control"))
	members = 13
	require.Equal(t, first.body, guest.get(aefHost+path).body)
	require.Equal(t, 1, portal.count())
	same := guest.do(http.MethodGet, aefHost+path, "", http.Header{"If-None-Match": {`"x", W/` + first.header.Get("Etag")}})
	require.Equal(t, http.StatusNotModified, same.status)
	require.Empty(t, same.body)
	require.Equal(t, http.StatusOK, guest.get(gamingHost+path).status)
	require.Equal(t, 2, portal.count(), "each tenant has its own")

	p.clock.Advance(app.PublicCardFresh)
	second := guest.get(aefHost + path)
	require.Contains(t, second.body, `"member_count":13`)
	require.NotEqual(t, first.header.Get("Etag"), second.header.Get("Etag"))
	broken = true
	p.clock.Advance(app.PublicCardFresh)
	require.Equal(t, second.body, guest.get(aefHost+path).body, "while the portal is away, as it was")
	p.clock.Advance(time.Hour)
	guest.get(aefHost+path).refuses(http.StatusServiceUnavailable, "SERVICE_UNAVAILABLE")
	require.Equal(t, http.StatusNotFound, guest.get("http://nowhere.localhost:8080"+path).status)
}

func TestWithoutAPortalThereIsNoPublicCard(t *testing.T) {
	t.Parallel()
	start(t).browser().get(aefHost+"/api/v1/portal/public").refuses(http.StatusNotImplemented, "NOT_IMPLEMENTED")
}
