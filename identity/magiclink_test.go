package identity_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/reqctx"
)

// link asks for a link as the gateway does.
func (s *service) link(email string) *identityapi.RequestMagicLinkResponse {
	s.t.Helper()
	r, err := s.gateway(ofTenant(aef, "aef")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: email, RedirectTo: linkTarget, Browser: linkBrowser})
	return fine(s.t, r, err)
}

// magicCode is the code of a link that works.
// linkBrowser is what the gateway knows the browser of the tests by.
const linkBrowser = "browser-of-the-tests"

func (s *service) magicCode(email string) string {
	s.t.Helper()
	address, err := s.link(email).JSON200.DevMagicLink.Get()
	require.NoError(s.t, err)
	return s.codeOf(address)
}

// codeOf checks where a link leads and returns its code.
func (s *service) codeOf(address string) string {
	s.t.Helper()
	target, err := url.Parse(address)
	require.NoError(s.t, err)
	require.Equal(s.t, "http://aef.localhost:8080/api/v1/session/callback", target.Scheme+"://"+target.Host+target.Path)
	require.Equal(s.t, "/app", target.Query().Get("next"), "the query of redirect_to is kept")
	return target.Query().Get("code")
}

func (s *service) exchange(rc reqctx.Context, code string) (*identityapi.ExchangeMagicLinkCodeResponse, error) {
	return s.gateway(rc).ExchangeMagicLinkCodeWithResponse(ctx, identityapi.ExchangeRequest{Code: code, Browser: linkBrowser})
}

func (s *service) preview(rc reqctx.Context, code string) (*identityapi.PreviewMagicLinkResponse, error) {
	return s.gateway(rc).PreviewMagicLinkWithResponse(ctx, identityapi.ExchangeRequest{Code: code, Browser: linkBrowser})
}

func TestAMagicLinkSignsIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	code := s.magicCode("member@aef.test")
	for range 2 {
		p, err := s.preview(ofTenant(aef, "aef"), code)
		seen := fine(t, p, err).JSON200
		require.Equal(t, member, seen.UserID)
		require.Equal(t, "Mika Member", seen.DisplayName.MustGet())
		require.Equal(t, "member@aef.test", seen.Email)
	}
	r, err := s.exchange(ofTenant(aef, "aef"), code)
	out := fine(t, r, err).JSON200
	require.Equal(t, member, out.UserID)
	require.NotEqual(t, uuid.Nil, out.SessionID)
	require.True(t, out.MasterFlags.EmailVerified)
	require.False(t, out.MasterFlags.SystemAdmin)
	require.Equal(t, 1209600, out.TTLSeconds)

	r, err = s.exchange(ofTenant(aef, "aef"), code)
	refused(t, 401, "UNAUTHORIZED", r, err)
	p, err := s.preview(ofTenant(aef, "aef"), code)
	refused(t, 409, "TOKEN_USED", p, err)
}

func TestTheMailboxOfDevelopmentShowsTheLink(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.link("member@aef.test")
	b := s.browser()
	var mailbox page
	require.Eventually(t, func() bool { // sent beside the request
		mailbox = b.get("/dev/mail")
		return strings.Contains(mailbox.body, "member@aef.test")
	}, 10*time.Second, 20*time.Millisecond)
	_, rest, _ := strings.Cut(mailbox.body, `href="/dev/mail/`)
	id, _, _ := strings.Cut(rest, `"`)
	mail := b.get("/dev/mail/" + id)
	_, rest, _ = strings.Cut(mail.body, `<a href="http://aef.`)
	link, _, _ := strings.Cut(rest, `"`)
	r, err := s.exchange(ofTenant(aef, "aef"), s.codeOf("http://aef."+strings.ReplaceAll(link, "&amp;", "&")))
	fine(t, r, err)
	require.Equal(t, http.StatusNotFound, b.get("/dev/mail/nonsense").StatusCode)
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, email := range []string{"nobody@aef.test", "suspended@aef.test", "outsider@gaming.test"} {
		r := s.link(email)
		require.True(t, r.JSON200.Ok)
		require.True(t, r.JSON200.Sent)
		require.True(t, r.JSON200.DevMagicLink.IsNull(), email)
	}
}

func TestLinksLeadOnlyToTheTenantsPortal(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, target := range []string{
		"http://evil.test/", "http://aef.localhost:8080.evil.test/", "http://aef.localhost:8080@evil.test/", "https://aef.localhost:8080/",
		"http://aef.localhost:8081/", "http://gaming.localhost:8080/", "http://a.b.localhost:8080/", "//aef.localhost:8080/", "javascript:alert(1)", "/app",
		"http://aef.localhost:8080\\@evil.test/", "http://aef.localhost:8080/#frag",
	} {
		r, err := s.gateway(ofTenant(aef, "aef")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: "member@aef.test", RedirectTo: target, Browser: linkBrowser})
		refused(t, 400, "INVALID_REDIRECT_URI", r, err)
	}
}

func TestMagicLinksNeedTheGatewayAndATenant(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := identityapi.MagicLinkRequest{Email: "member@aef.test", RedirectTo: linkTarget, Browser: linkBrowser}
	r, err := s.script().RequestMagicLinkWithResponse(ctx, in)
	require.NoError(t, err)
	require.Equal(t, 401, r.StatusCode())
	r, err = s.gateway(reqctx.Context{}).RequestMagicLinkWithResponse(ctx, in)
	refused(t, 400, "MISSING_TENANT_CONTEXT", r, err)
	x, err := s.gateway(reqctx.Context{}).ExchangeMagicLinkCodeWithResponse(ctx, identityapi.ExchangeRequest{Code: "x", Browser: linkBrowser})
	refused(t, 400, "MISSING_TENANT_CONTEXT", x, err)
	bad, err := s.gateway(ofTenant(aef, "aef")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: "not an address", RedirectTo: linkTarget, Browser: linkBrowser})
	refused(t, 422, "VALIDATION_ERROR", bad, err)
}

func TestMagicLinksWearOut(t *testing.T) {
	t.Parallel()
	s := start(t)
	failed := func(code string, status int, reason string) {
		t.Helper()
		p, err := s.preview(ofTenant(aef, "aef"), code)
		refused(t, status, reason, p, err)
		r, err := s.exchange(ofTenant(aef, "aef"), code)
		if status == 403 {
			refused(t, 403, reason, r, err)
			return
		}
		refused(t, 401, "UNAUTHORIZED", r, err)
	}
	used := s.magicCode("member@aef.test")
	r, err := s.exchange(ofTenant(aef, "aef"), used)
	fine(t, r, err)
	failed(used, 409, "TOKEN_USED")
	failed("x"+used, 404, "TOKEN_NOT_FOUND")

	late := s.magicCode("member@aef.test")
	s.clock.Advance(domain.MagicLinkLifetime - time.Microsecond)
	p, err := s.preview(ofTenant(aef, "aef"), late)
	fine(t, p, err)
	s.clock.Advance(time.Microsecond)
	failed(late, 410, "TOKEN_EXPIRED")

	suspended := s.magicCode("second@aef.test")
	require.NoError(t, identity.Suspend(ctx, s.cfg, "second@aef.test"))
	failed(suspended, 403, "ACCOUNT_SUSPENDED")
}

func TestACodeIsForItsTenantOnly(t *testing.T) {
	t.Parallel()
	s := start(t)
	code := s.magicCode("member@aef.test")
	p, err := s.preview(ofTenant(gaming, "gaming"), code)
	refused(t, 404, "TOKEN_NOT_FOUND", p, err)
	r, err := s.exchange(ofTenant(gaming, "gaming"), code)
	refused(t, 401, "UNAUTHORIZED", r, err)
	r, err = s.exchange(ofTenant(aef, "aef"), code)
	fine(t, r, err)
}

func TestAskingForLinksIsLimited(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 5 {
		s.link("member@aef.test")
	}
	r, err := s.gateway(ofTenant(aef, "aef")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: "member@aef.test", RedirectTo: linkTarget, Browser: linkBrowser})
	refused(t, 429, "RATE_LIMITED", r, err)
	require.NotEmpty(t, r.HTTPResponse.Header.Get("Retry-After"))
	s.link("second@aef.test")
}

func TestOfManyExchangesOneSucceeds(t *testing.T) {
	t.Parallel()
	s := start(t)
	code := s.magicCode("member@aef.test")
	gateway := s.gateway(ofTenant(aef, "aef"))
	exchanges := race(100, func() (int, string) {
		r, err := gateway.ExchangeMagicLinkCodeWithResponse(ctx, identityapi.ExchangeRequest{Code: code, Browser: linkBrowser})
		if err != nil {
			return 0, err.Error()
		}
		return r.StatusCode(), ""
	})
	require.Len(t, exchanges[200], 1, "%v", exchanges)
	require.Len(t, exchanges[401], 99, "%v", exchanges)
}

// race does the same n times at once and sorts what came of it by status.
func race(n int, do func() (status int, note string)) map[int][]string {
	var mu sync.Mutex
	var wg sync.WaitGroup
	out := map[int][]string{}
	gun := make(chan struct{})
	for range n {
		wg.Go(func() {
			<-gun
			status, note := do()
			mu.Lock()
			defer mu.Unlock()
			out[status] = append(out[status], note)
		})
	}
	close(gun)
	wg.Wait()
	return out
}
