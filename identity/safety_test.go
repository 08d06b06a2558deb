package identity_test

import (
	"context"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
)

// A reader of the database cannot sign in as any user: no secret is stored as it is.
func TestNothingStoredIsASecret(t *testing.T) {
	t.Parallel()
	s := start(t)
	session := s.login("member@aef.test")
	link := s.magicCode("member@aef.test")
	c := s.client("offline_access")
	used, open := s.code(c, "member@aef.test"), s.code(c, "second@aef.test")
	held, err := c.redeem(used)
	require.NoError(t, err)
	b := s.user("member@aef.test")
	read[identityapi.TOTPSetup](t, b.call("mfa/totp/begin", nil)) // stays in the middle
	other := s.user("second@aef.test")
	app, codes := s.withApp(other)
	key := s.newPasskey(other, "Phone")
	challenge, _ := s.browser().passkeyOptions()["challenge"].(string)

	var dump strings.Builder
	db, err := pg.Open(ctx, pg.Config{URL: s.cfg.Database.MigrateURL})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.Do(pg.AcrossTenants(ctx, "test: look at every table"), func(ctx context.Context) error {
		var tables []string
		if err := db.Conn(ctx).NewRaw("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").Scan(ctx, &tables); err != nil {
			return err
		}
		for _, table := range tables {
			var text string
			if err := db.Conn(ctx).NewRaw(fmt.Sprintf("SELECT coalesce(string_agg(r::text, ';'), '') FROM %q r", table)).Scan(ctx, &text); err != nil {
				return err
			}
			dump.WriteString(text)
		}
		return nil
	}))
	stored := dump.String()
	require.Contains(t, stored, member.String())
	for _, secret := range []string{session, link, open, held.RefreshToken} {
		hash := domain.Secret(secret).Hash()
		require.Contains(t, stored, hex.EncodeToString(hash[:]), "the look reaches where it would be")
	}
	for what, secret := range map[string]string{
		"the session": session, "the magic link": link, "a code that was used": used, "a code that was not": open,
		"the access token": held.AccessToken, "the refresh token": held.RefreshToken, "the client's secret": portalSecret,
		"the seed of an app": base64.RawURLEncoding.EncodeToString(app.seed), "the seed as it is typed": base32.StdEncoding.EncodeToString(app.seed),
		"a recovery code": codes[0], "a recovery code without dashes": strings.ReplaceAll(codes[0], "-", ""), "a challenge": challenge,
		"the public key of a passkey": base64.RawURLEncoding.EncodeToString(key.key.Key.AttestationData()[20:40]), "the password": identity.DemoPassword,
	} {
		require.NotEmpty(t, secret, what)
		forms := []string{secret, hex.EncodeToString([]byte(secret))}
		if raw, err := base64.RawURLEncoding.DecodeString(secret); err == nil {
			forms = append(forms, hex.EncodeToString(raw), base64.StdEncoding.EncodeToString(raw))
		}
		for _, form := range forms {
			require.NotContains(t, stored, form, what)
		}
	}
}

// Signing in, or trying to, changes no membership: not by unsigned headers, not for a disabled member, not by requesting a
// link.
func TestSigningInChangesNoMembership(t *testing.T) {
	t.Parallel()
	s := start(t)
	require.NoError(t, s.Tenants.SetMembership(ctx, "aef", "second@aef.test", domain.RoleMember, domain.MembershipDisabled))
	second := member
	second[15] = 3
	memberships := func() map[string]any {
		found := map[string]any{}
		for name, rc := range map[string]reqctx.Context{
			"member in gaming": {TenantID: gaming, TenantSlug: "gaming", UserID: member}, "second in aef": ofUser(second),
		} {
			r, err := s.gateway(rc).GetPrincipalWithResponse(ctx)
			m, known := fine(t, r, err).JSON200.Membership.Get()
			found[name] = known == nil
			if known == nil {
				found[name] = m.Status
			}
		}
		return found
	}
	want := map[string]any{"member in gaming": false, "second in aef": identityapi.MembershipStatusDisabled}
	require.Equal(t, want, memberships())

	tenants := []string{gaming.String(), "00000000-0000-4000-8000-00000000beef"}
	for i, slug := range []string{"gaming", "brand-new"} {
		for _, email := range []string{"member@aef.test", "second@aef.test"} {
			r, err := s.script("X-Form-Token", s.formToken(), "X-Tenant-Id", tenants[i], "X-Tenant-Slug", slug, "X-User-Id", second.String(), "X-Master-Flags", `{"system_admin":true}`).
				LoginWithResponse(ctx, nil, identityapi.LoginRequest{Email: email, Password: identity.DemoPassword})
			fine(t, r, err)
		}
	}
	for _, email := range []string{"member@aef.test", "outsider@gaming.test"} {
		asked, err := s.gateway(ofTenant(gaming, "gaming")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{
			Email: email, RedirectTo: "http://gaming.localhost:8080/api/v1/session/callback", Browser: linkBrowser,
		})
		fine(t, asked, err)
	}
	s.link("second@aef.test")
	require.Equal(t, want, memberships())
	made, err := s.gateway(reqctx.Context{}).GetTenantWithResponse(ctx, "brand-new")
	require.NoError(t, err)
	require.Equal(t, http.StatusNotFound, made.StatusCode())
	principal, err := s.gateway(ofUser(member)).GetPrincipalWithResponse(ctx)
	require.False(t, fine(t, principal, err).JSON200.MasterFlags.SystemAdmin)
}

// One password tried on many accounts ends at the address, and a client cannot claim another: what it writes in front of the
// part that our own proxies add does not count, and without a proxy of ours nothing does.
func TestGuessingIsLimitedPerAddress(t *testing.T) {
	t.Parallel()
	for name, proxies := range map[string][]string{"seen directly": nil, "behind our proxy": {"127.0.0.0/8"}} {
		t.Run(name, func(t *testing.T) {
			s := start(t, func(c *identity.Config) { c.TrustedProxies = proxies })
			token := s.formToken()
			guess := func(n int, forwarded string) (*identityapi.LoginResponse, error) {
				return s.script("X-Form-Token", token, "X-Forwarded-For", forwarded).LoginWithResponse(ctx, nil, identityapi.LoginRequest{
					Email: fmt.Sprintf("nobody%d@aef.test", n), Password: "a guess",
				})
			}
			pretending := func(n int) string {
				if proxies == nil {
					return fmt.Sprintf("198.51.100.%d", n)
				}
				return fmt.Sprintf("198.51.100.%d, 203.0.113.9", n)
			}
			for n := range 50 {
				r, err := guess(n, pretending(n))
				refused(t, 401, "INVALID_CREDENTIALS", r, err)
			}
			r, err := guess(50, pretending(50))
			refused(t, 429, "LOGIN_RATE_LIMITED", r, err)
			elsewhere, err := guess(51, "203.0.113.10")
			if proxies == nil {
				refused(t, 429, "LOGIN_RATE_LIMITED", elsewhere, err)
			} else {
				refused(t, 401, "INVALID_CREDENTIALS", elsewhere, err)
			}
		})
	}
}

// An account whose address is not verified cannot sign in, however right the password is.
func TestAnUnverifiedAddressDoesNotSignIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	db, err := pg.Open(ctx, pg.Config{URL: s.cfg.Database.MigrateURL})
	require.NoError(t, err)
	defer func() { require.NoError(t, db.Close()) }()
	require.NoError(t, db.Do(pg.AcrossTenants(ctx, "test"), func(ctx context.Context) error {
		_, err := db.Conn(ctx).NewRaw("UPDATE users SET email_verified = false WHERE id = ?", member).Exec(ctx)
		return err
	}))
	r, err := s.tryLogin("member@aef.test", identity.DemoPassword)
	refused(t, 403, "EMAIL_NOT_VERIFIED", r, err)
	r, err = s.tryLogin("member@aef.test", "not "+identity.DemoPassword)
	refused(t, 401, "INVALID_CREDENTIALS", r, err)
	c := s.client()
	b := s.browser()
	b.tryLogin(b.get(c.authorizePath()), "member@aef.test", identity.DemoPassword).refuses(t, 403, "EMAIL_NOT_VERIFIED")
	require.Equal(t, "/login", b.get(c.authorizePath()).at())
}

// Pages, scripts, clients and mistakes get the same headers.
func TestEveryAnswerHasSecurityHeaders(t *testing.T) {
	t.Parallel()
	s := start(t)
	client := s.plain()
	client.Transport = http.DefaultTransport // of answers, not of the document
	for _, request := range []string{
		"GET /", "GET /login", "POST /login", "GET /authorize", "GET /oauth/authorize", "POST /oauth/end_session", "GET /dev/mail", "GET /dev/mail/none",
		"GET /assets/index-1.js", "GET /assets/none", "GET /favicon.svg", "GET /none", "GET /logout", "GET /signed-out", "GET /account", "GET /account/none", "GET /health", "GET /api/v1/auth/me", "POST /api/v1/auth/login",
		"DELETE /api/v1/auth/login", "GET /api/v1/me", "GET /internal/v1/principal", "GET /.well-known/openid-configuration", "GET /oauth/userinfo", "POST /oauth/token",
	} {
		for _, scheme := range []string{"http", "https"} {
			method, path, _ := strings.Cut(request, " ")
			r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, http.NoBody)
			require.NoError(t, err)
			r.Header.Set("X-Forwarded-Proto", scheme)
			resp, err := client.Do(r)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, []string{"nosniff"}, resp.Header.Values("X-Content-Type-Options"), request)
			require.Equal(t, []string{"DENY"}, resp.Header.Values("X-Frame-Options"), request)
			require.Equal(t, []string{"same-origin"}, resp.Header.Values("Referrer-Policy"), request)
			require.Equal(t, scheme == "https", resp.Header.Get("Strict-Transport-Security") != "", request)
			if strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
				require.Contains(t, resp.Header.Get("Content-Security-Policy"), "frame-ancestors 'none'", request)
				require.Contains(t, []string{"same-origin", "same-origin-allow-popups"}, resp.Header.Get("Cross-Origin-Opener-Policy"), request)
			}
		}
	}
}
