package identity_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/reqctx"
)

// What people do to sign in and out, with their second factors and with applications is in the audit log, with the address.
func TestTheAuditLogHasSignInsFactorsSessionsAndApprovals(t *testing.T) {
	t.Parallel()
	const email = "member@aef.test"
	third := func(c *domain.Client) { c.FirstParty = false }
	wrong := map[string]any{"mfa_code": "000000"}
	for name, c := range map[string]struct {
		do     func(s *service)
		action string
		target string // its type
		actor  uuid.UUID
	}{
		"sign in with a password": {func(s *service) { s.user(email) }, domain.ActionSignedIn, "session", member},
		"a wrong password":        {func(s *service) { s.browser().password(email, map[string]any{"password": "wrong"}) }, domain.ActionSignInFailed, "user", uuid.Nil},
		"an unknown address":      {func(s *service) { s.browser().password("none@aef.test", nil) }, domain.ActionSignInFailed, "user", uuid.Nil},
		"a suspended account": {func(s *service) {
			s.setStatus(email, domain.StatusSuspended)
			s.browser().password(email, nil)
		}, domain.ActionSignInFailed, "user", uuid.Nil},
		"sign in with a code of an app": {func(s *service) {
			app, _ := s.withApp(s.user(email))
			s.browser().password(email, map[string]any{"mfa_code": app.fresh()})
		}, domain.ActionSignedIn, "session", member},
		"a wrong code of an app": {func(s *service) {
			s.withApp(s.user(email))
			s.browser().password(email, wrong)
		}, domain.ActionSignInFailed, "user", uuid.Nil},
		"sign in with a recovery code": {func(s *service) {
			_, codes := s.withApp(s.user(email))
			s.browser().password(email, map[string]any{"recovery_code": codes[0]})
		}, domain.ActionRecoveryUsed, "user", member},
		"sign in with a passkey": {func(s *service) {
			key := s.newPasskey(s.user(email), "Phone")
			b := s.browser()
			require.Equal(s.t, 200, b.call("passkeys/login/complete", map[string]any{"credential": key.shown(b.passkeyOptions())}).StatusCode)
		}, domain.ActionSignedIn, "session", member},
		"a passkey that was copied": {func(s *service) {
			key := s.newPasskey(s.user(email), "Phone")
			for range 2 {
				b := s.browser()
				b.call("passkeys/login/complete", map[string]any{"credential": key.shown(b.passkeyOptions())})
				key.key.Counter = 0
			}
		}, domain.ActionPasskeyRefused, "user", member},
		"ask for a link": {func(s *service) { s.link(email) }, domain.ActionLinkRequested, "magic_link", uuid.Nil},
		"sign in by a link": {func(s *service) {
			r, err := s.exchange(ofTenant(aef, "aef"), s.magicCode(email))
			fine(s.t, r, err)
		}, domain.ActionLinkUsed, "magic_link", member},
		"ask for a new password": {func(s *service) { s.askReset(email) }, domain.ActionPasswordResetRequested, "account_token", uuid.Nil},
		"set a password by a link": {func(s *service) {
			r, err := s.reset(s.resetToken(email), "correct horse battery staple 7")
			fine(s.t, r, err)
		}, domain.ActionPasswordChanged, "user", member},
		"prove who one is": {func(s *service) {
			require.Equal(s.t, 200, s.user(email).call("reauth", map[string]string{"password": identity.DemoPassword}).StatusCode)
		}, domain.ActionReauthenticated, "session", member},
		"fail to prove who one is": {func(s *service) {
			s.user(email).call("reauth", map[string]string{"password": "wrong"}).refuses(s.t, 400, "REAUTHENTICATION_FAILED")
		}, domain.ActionReauthenticationFailed, "session", member},
		"fail to prove it with an app": {func(s *service) {
			b := s.user(email)
			s.withApp(b)
			b.call("reauth", map[string]string{"mfa_code": "000000"}).refuses(s.t, 400, "REAUTHENTICATION_FAILED")
		}, domain.ActionReauthenticationFailed, "session", member},

		"set up an app": {func(s *service) { s.withApp(s.user(email)) }, domain.ActionFactorAdded, "user", member},
		"remove an app": {func(s *service) {
			b := s.user(email)
			s.withApp(b)
			require.Equal(s.t, 200, b.call("mfa/totp/disable", nil).StatusCode)
		}, domain.ActionFactorRemoved, "user", member},
		"new recovery codes": {func(s *service) {
			b := s.user(email)
			s.withApp(b)
			s.exec("DELETE FROM audit_entries")
			require.Equal(s.t, 200, b.call("mfa/recovery/regenerate", nil).StatusCode)
		}, domain.ActionFactorAdded, "user", member},
		"register a passkey": {func(s *service) { s.newPasskey(s.user(email), "Phone") }, domain.ActionPasskeyAdded, "user", member},
		"rename a passkey": {func(s *service) {
			b := s.user(email)
			key := s.newPasskey(b, "Phone")
			require.Equal(s.t, 200, b.call("passkeys/rename", map[string]any{"authenticator_id": key.listed.ID, "new_name": "Key"}).StatusCode)
		}, domain.ActionPasskeyRenamed, "user", member},
		"remove a passkey": {func(s *service) {
			b := s.user(email)
			key := s.newPasskey(b, "Phone")
			require.Equal(s.t, 200, b.call("passkeys/delete", map[string]any{"ids": []any{key.listed.ID}}).StatusCode)
		}, domain.ActionPasskeyRemoved, "user", member},

		"sign out": {func(s *service) { s.user(email).signOut() }, domain.ActionSignedOut, "session", member},
		"end another session": {func(s *service) {
			b := s.user(email)
			s.user(email)
			for _, one := range read[identityapi.SessionList](s.t, b.send(http.MethodGet, "/api/v1/auth/sessions", nil)).Sessions {
				if !one.Current {
					require.Equal(s.t, 200, b.send(http.MethodDelete, "/api/v1/auth/sessions/"+one.ID.String(), nil).StatusCode)
				}
			}
		}, domain.ActionSignedOut, "session", member},
		"sign out at the gateway": {func(s *service) {
			r, err := s.gateway(reqctx.Context{UserID: member}).EndSessionWithResponse(ctx, s.signedIn(email).sid)
			require.NoError(s.t, err)
			require.Equal(s.t, 204, r.StatusCode())
		}, domain.ActionSignedOut, "session", member},

		"approve an application":               {func(s *service) { s.consented(s.application("wiki", third, "profile"), email, true) }, domain.ActionAuthorized, "client", member},
		"an application that needs no consent": {func(s *service) { s.code(s.client(), email) }, domain.ActionAuthorized, "client", member},
		"refuse an application": {func(s *service) {
			b := s.browser()
			p := b.signIn(b.get(s.application("wiki", third, "profile").authorizePath()), email, identity.DemoPassword)
			require.Equal(s.t, 200, b.send(http.MethodPost, "/oauth/authorize/deny", map[string]any{"request_id": p.boot(s.t).Forms.Authorize.RequestID}).StatusCode)
		}, domain.ActionDenied, "client", member},
		"end what an application may": {func(s *service) {
			s.consented(s.application("wiki", third, "profile"), email, true)
			r, err := s.script("X-Session-Token", s.login(email)).RevokeAppWithResponse(ctx, identityapi.AppRevocation{ClientID: "wiki"})
			fine(s.t, r, err)
		}, domain.ActionGrantRevoked, "client", member},
		"revoke a token": {func(s *service) {
			status, _, body := s.form("/oauth/revoke", url.Values{"token": {s.refreshing().token}, "client_id": {"portal"}, "client_secret": {portalSecret}})
			require.Equal(s.t, 200, status, "%v", body)
		}, domain.ActionGrantRevoked, "grant", member},
		"a code twice": {func(s *service) {
			form := s.codeForm(s.client("offline_access"))
			require.Empty(s.t, s.redeems(form, "portal", portalSecret))
			require.Equal(s.t, "invalid_grant", s.redeems(form, "portal", portalSecret))
		}, domain.ActionCodeReplayed, "grant", member},
		"a refresh token twice": {func(s *service) {
			r := s.refreshing()
			_, first := r.refresh(r.token)
			r.refresh(first["refresh_token"].(string))
			status, _ := r.refresh(r.token)
			require.Equal(s.t, http.StatusBadRequest, status)
		}, domain.ActionRefreshReplayed, "grant", member},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			c.do(s)
			entries := s.auditLog(audit.Filter{Action: c.action})
			require.NotEmpty(t, entries)
			entry := entries[0]
			require.Equal(t, c.target, entry.TargetType)
			require.NotEmpty(t, entry.IP)
			require.NotEmpty(t, entry.RequestID)
			require.Equal(t, c.actor, entry.Actor.ID)
		})
	}
}

func TestTheAuditLogHasLinkedAccounts(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	b := l.user("member@aef.test")
	require.Equal(t, done+"steam", b.link("steam", gordon).says())
	guest := l.browser()
	guest.signInWith("steam", gordon)
	require.Equal(t, "member@aef.test", guest.signedIn())
	require.Equal(t, 200, b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": "steam"}).StatusCode)
	for action, target := range map[string]string{domain.ActionIdentityLinked: "user", domain.ActionSignedIn: "session", domain.ActionIdentityUnlinked: "user"} {
		entry := l.auditLog(audit.Filter{Action: action})[0]
		require.Equal(t, target, entry.TargetType, action)
		require.Equal(t, member, entry.Actor.ID, action)
		require.NotEmpty(t, entry.IP, action)
	}
}
