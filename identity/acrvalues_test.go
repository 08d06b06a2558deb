package identity_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

// levelOf is acr in the ID token of a code.
func (c *client) levelOf(t testing.TB, p page) any {
	t.Helper()
	token, err := c.redeem(c.arrived(p).Get("code"))
	require.NoError(t, err)
	return payload(t, token.Extra("id_token").(string))["acr"]
}

func TestTheSecondStepIsAskedForByACRValues(t *testing.T) {
	t.Parallel()
	s := start(t)
	b, c := s.user("member@aef.test"), s.client()
	for _, values := range []string{"", "aal2", "aal1", "aal2 aal1", "phr", "aal3 aal2"} {
		require.Equal(t, domain.ACRSingle, c.levelOf(t, b.get(c.authorizePath(param("acr_values", values)))), "without a second factor: %q", values)
	}

	app, _ := s.withApp(b) // in a session that was begun without it
	for _, values := range []string{"", "aal1", "aal1 aal2", "phr"} {
		require.Equal(t, domain.ACRSingle, c.levelOf(t, b.get(c.authorizePath(param("acr_values", values)))), "one factor will do: %q", values)
	}
	require.Equal(t, "login_required", c.arrived(b.get(c.authorizePath(param("acr_values", "aal2"), param("prompt", "none")))).Get("error"))
	for _, values := range []string{"aal2", "phr aal2"} {
		asked := b.get(c.authorizePath(param("acr_values", values)))
		require.Equal(t, "/login", asked.at())
		require.True(t, asked.boot(t).Forms.Again)
		next := asked.boot(t).Forms.Next
		require.Equal(t, "/login", b.get(next).at(), "the step is not skipped")
		b.password("member@aef.test", nil).refuses(t, http.StatusUnauthorized, "MFA_REQUIRED")
		s.clock.Advance(time.Minute)
		require.Equal(t, 200, b.password("member@aef.test", map[string]any{"mfa_code": app.code()}).StatusCode)
		require.Equal(t, domain.ACRStrong, c.levelOf(t, b.get(next)))
		require.Equal(t, domain.ACRStrong, c.levelOf(t, b.get(c.authorizePath(param("acr_values", values)))), "nor asked for again")
		require.Equal(t, domain.ACRStrong, c.levelOf(t, b.get(c.authorizePath(param("acr_values", values), param("prompt", "none")))))
		s.exec("UPDATE sessions SET strong = false")
	}

	// A factor that is confirmed in the session counts as well.
	require.Equal(t, 200, b.call("reauth", map[string]string{"mfa_code": app.fresh()}).StatusCode)
	require.Equal(t, domain.ACRStrong, c.levelOf(t, b.get(c.authorizePath(param("acr_values", "aal2")))))
	guest := s.browser()
	asked := guest.get(c.authorizePath(param("acr_values", "aal2")))
	s.clock.Advance(time.Minute)
	require.Equal(t, 200, guest.password("member@aef.test", map[string]any{"mfa_code": app.fresh(), "password": identity.DemoPassword}).StatusCode)
	require.Equal(t, domain.ACRStrong, c.levelOf(t, guest.get(asked.boot(t).Forms.Next)))
}
