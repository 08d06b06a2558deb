package identity_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// The attacks on passwords and links. Guessing per address is in safety_test.go, a known browser in limits_test.go, the login of another
// site in signin_test.go, links of another tenant in magiclink_test.go.

// behindProxy makes the service believe the addresses that the test names.
func behindProxy(c *identity.Config) { c.TrustedProxies = []string{"127.0.0.0/8"} }

// guess tries a password from an address.
func (s *service) guess(token, address, email, password string) int {
	s.t.Helper()
	r, err := s.script("X-Form-Token", token, "X-Forwarded-For", address).LoginWithResponse(ctx, nil, identityapi.LoginRequest{Email: email, Password: password})
	require.NoError(s.t, err)
	return r.StatusCode()
}

// Password spraying: one password on many accounts, from one address, ends after fifty tries.
func TestSprayingOnePasswordOverManyAccountsEnds(t *testing.T) {
	t.Parallel()
	s := start(t, behindProxy)
	token := s.formToken()
	tried := 0
	for n := range 200 {
		if s.guess(token, "203.0.113.9", fmt.Sprintf("account%d@aef.test", n), identity.DemoPassword) == http.StatusUnauthorized {
			tried++
		}
	}
	require.LessOrEqual(t, tried, 51)
	require.Equal(t, http.StatusTooManyRequests, s.guess(token, "203.0.113.9", "member@aef.test", identity.DemoPassword), "also for the right account")
	require.Equal(t, http.StatusOK, s.guess(token, "203.0.113.10", "member@aef.test", identity.DemoPassword), "other addresses go on")
}

// Credential stuffing: many addresses try one account. Few tries pass, the owner's own browser goes on, and so does the owner with a
// mailed link.
func TestStuffingFromManyAddressesDoesNotLockTheOwnerOut(t *testing.T) {
	t.Parallel()
	s := start(t, behindProxy)
	b := s.browser()
	b.signIn(b.get("/login"), "member@aef.test", identity.DemoPassword)
	b.signOut()
	token, tried := s.formToken(), 0
	for n := range 200 {
		if s.guess(token, fmt.Sprintf("198.51.100.%d", n), "member@aef.test", fmt.Sprintf("leaked password %d", n)) == http.StatusUnauthorized {
			tried++
		}
	}
	require.LessOrEqual(t, tried, 6)
	require.Equal(t, http.StatusTooManyRequests, s.guess(token, "198.51.100.250", "member@aef.test", identity.DemoPassword), "strangers wait, whatever they know")
	require.Equal(t, "Mika Member", b.signIn(b.get("/login"), "member@aef.test", identity.DemoPassword).boot(t).Account.DisplayName)
	set, err := s.reset(s.resetToken("member@aef.test"), passphrase)
	fine(t, set, err)
	s.clock.Advance(time.Hour)
	require.Equal(t, http.StatusOK, s.guess(s.formToken(), "198.51.100.251", "member@aef.test", passphrase))
}

// User enumeration: for every account that cannot be signed in to with the password, the answer is the same, and so is the number of hashes.
func TestAnswersAndWorkDoNotTellWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.setStatus("second@aef.test", domain.StatusBanned)
	s.sql("UPDATE users SET password_hash = '' WHERE email = 'root@updspace.test'")
	counting := &countedPasswords{Passwords: s.SignIn.Passwords}
	s.SignIn.Passwords = counting
	answers := map[string]bool{}
	for _, email := range []string{"member@aef.test", "second@aef.test", "root@updspace.test", "no.one@aef.test", "no address", strings.Repeat("a", 200) + "@aef.test"} {
		before := counting.verified
		r, err := s.tryLogin(email, "not the password")
		refused(t, 401, "INVALID_CREDENTIALS", r, err)
		body := string(r.Body)
		answers[body[:strings.Index(body, "request_id")]] = true
		require.Equal(t, 1, counting.verified-before, "%s takes one hash", email)
	}
	require.Len(t, answers, 1)
}

// countedPasswords counts the hashes that are checked, and those that are made.
type countedPasswords struct {
	ports.Passwords
	verified, hashed int
}

func (c *countedPasswords) Hash(ctx context.Context, password string) (string, error) {
	c.hashed++
	return c.Passwords.Hash(ctx, password)
}

func (c *countedPasswords) Verify(ctx context.Context, password, hash string, before func(context.Context) error) (ok, rehash bool, err error) {
	c.verified++
	return c.Passwords.Verify(ctx, password, hash, before)
}

// Open redirects: wherever a sign-in is told to lead, it stays on this host.
func TestASignInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	for _, next := range []string{
		"https://evil.test/", "//evil.test", "/\\evil.test", "\\\\evil.test", "/%5cevil.test", "javascript:alert(1)", "http:evil.test", "/\t/evil.test", " //evil.test", "https:/evil.test",
		"///evil.test", "/..//evil.test", "data:text/html,x",
	} {
		to := b.get("/login?next=" + strings.NewReplacer(" ", "%20", "\t", "%09", "\\", "%5c", "?", "%3f").Replace(next)).boot(t).Forms.Next
		require.True(t, strings.HasPrefix(to, "/") && !strings.HasPrefix(to, "//"), "%q leads to %q", next, to)
		require.NotContains(t, to, "\\", "browsers take it for a slash")
	}
}

// Login CSRF: another site can neither sign a browser in nor prepare it with a token of its own.
func TestAnotherSiteCannotSignABrowserIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.browser()
	p := b.get("/login")
	for _, headers := range [][]string{
		{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.test"}, {"Sec-Fetch-Site", "same-site", "Origin", "http://aef.localhost:8080"},
		{"Sec-Fetch-Site", "", "Origin", "https://evil.test"}, {"Sec-Fetch-Site", "", "Origin", "null"},
	} {
		b.tryLogin(p, "second@aef.test", identity.DemoPassword, headers...).refuses(t, 403, "CSRF_FAILED")
	}
	require.Nil(t, b.get("/login").boot(t).Account)
}

// A magic link that another browser opens signs in there and not in the browser that asked, and only once.
func TestALinkInAnotherBrowserIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	asked := s.browser()
	code := s.magicCode("member@aef.test")
	for _, browser := range []string{"another", linkBrowser + "x"} {
		stolen := identityapi.ExchangeRequest{Code: code, Browser: browser}
		p, err := s.gateway(ofTenant(aef, "aef")).PreviewMagicLinkWithResponse(ctx, stolen)
		refused(t, 403, "OTHER_BROWSER", p, err)
		r, err := s.gateway(ofTenant(aef, "aef")).ExchangeMagicLinkCodeWithResponse(ctx, stolen)
		refused(t, 403, "OTHER_BROWSER", r, err)
	}
	r, err := s.exchange(ofTenant(aef, "aef"), code)
	require.Equal(t, member, fine(t, r, err).JSON200.UserID)
	require.Nil(t, asked.get("/login").boot(t).Account)
	r, err = s.exchange(ofTenant(aef, "aef"), code)
	refused(t, 401, "UNAUTHORIZED", r, err)
}
