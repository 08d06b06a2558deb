package bff_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// visitor is a browser that has opened a page, so it has a CSRF token.
func (p *platform) visitor() *browser {
	b := p.browser()
	b.get(aefHost + "/api/v1/csrf")
	return b
}

// Guests send applications without a session, with an anonymous CSRF token; members decide them in their own name.
func TestApplicationsOfGuests(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.visitor()
	guest := `{"tenant":"` + aef.String() + `","user":"` + uuid.Nil.String() + `"}`
	for _, path := range []string{"", "/status", "/withdraw"} {
		r := b.post(aefHost+"/api/v1/portal/applications"+path, `{}`)
		require.Equal(t, http.StatusOK, r.status, r.body)
		require.JSONEq(t, guest, r.body)
	}
	require.JSONEq(t, guest, b.get(aefHost+"/api/v1/portal/applications/form").body)
	for _, path := range []string{"", "/17", "/form/x"} {
		b.get(aefHost+"/api/v1/portal/applications"+path).refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	}
	b.post(aefHost+"/api/v1/portal/applications/17/approve", "").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
	b.post(aefHost+"/api/v1/portal/invitations", "").refuses(http.StatusUnauthorized, "UNAUTHORIZED")

	b.signIn(aefHost, member)
	of := `{"tenant":"` + aef.String() + `","user":"` + member.String() + `"}`
	require.JSONEq(t, of, b.get(aefHost+"/api/v1/portal/applications?status=pending").body)
	require.JSONEq(t, of, b.post(aefHost+"/api/v1/portal/applications/17/approve", "").body)
	require.JSONEq(t, guest, b.post(aefHost+"/api/v1/portal/applications", `{}`).body, "nor are applications sent in the name of a user")
}

func TestApplicationsNeedACSRFTokenAndAreLimited(t *testing.T) {
	t.Parallel()
	p := start(t, func(p *platform) { p.cfg.RateApplications = 2 })
	status, body := raw(t, p.address, "POST /api/v1/portal/applications HTTP/1.1\r\nHost: aef.localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")
	require.Equal(t, http.StatusForbidden, status)
	require.Contains(t, body, "CSRF_FAILED")
	for range 2 {
		require.Equal(t, http.StatusOK, p.visitor().post(aefHost+"/api/v1/portal/applications", `{}`).status)
	}
	p.visitor().post(aefHost+"/api/v1/portal/applications", `{}`).refuses(http.StatusTooManyRequests, "RATE_LIMITED")
	require.Equal(t, http.StatusOK, p.visitor().post(aefHost+"/api/v1/portal/applications/status", `{}`).status, "its page still opens")
}

// The must-keep core: the page of an invitation posts {token, username?}, and then /session/me works.
func TestAnInvitationSignsIn(t *testing.T) {
	t.Parallel()
	p := start(t)
	b := p.visitor()
	r := b.post(aefHost+"/api/v1/invite/preview", `{"token":"t"}`)
	require.Equal(t, http.StatusOK, r.status, r.body)
	require.JSONEq(t, `{"email":"new@player.test","display_name":"New","kind":"application","has_account":false,"expires_at":"2026-03-08T12:00:00Z"}`, r.body)
	b.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED")

	b.signIn(aefHost, member) // the browser's old session ends
	r = b.post(aefHost+"/api/v1/invite/activate", `{"token":"t","username":"player"}`)
	require.JSONEq(t, `{"ok":true,"signed_in":true,"user_id":"`+second.String()+`"}`, r.body)
	require.Contains(t, b.get(aefHost+"/api/v1/session/me").body, second.String())

	for _, path := range []string{"preview", "activate"} {
		p.visitor().post(aefHost+"/api/v1/invite/"+path, `{"token":"used"}`).refuses(http.StatusConflict, "TOKEN_USED")
	}
	known := p.visitor()
	require.JSONEq(t, `{"ok":true,"signed_in":false,"user_id":"`+member.String()+`"}`, known.post(aefHost+"/api/v1/invite/activate", `{"token":"known"}`).body)
	known.get(aefHost+"/api/v1/session/me").refuses(http.StatusUnauthorized, "UNAUTHORIZED")
}
