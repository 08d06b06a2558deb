package identity_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/reqctx"
)

// link asks for a link as the gateway does.
func (s *service) link(email string) *identityapi.RequestMagicLinkResponse {
	s.t.Helper()
	r, err := s.gateway(ofTenant(aef, "aef")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: email, RedirectTo: linkTarget})
	return fine(s.t, r, err)
}

// devLink is a link that works.
func (s *service) devLink(email string) string {
	s.t.Helper()
	address, err := s.link(email).JSON200.DevMagicLink.Get()
	require.NoError(s.t, err)
	return strings.TrimPrefix(address, s.url)
}

// open follows a link and returns the code it ends in.
func (s *service) open(link string) string {
	s.t.Helper()
	p := s.browser().get(link)
	require.Equal(s.t, http.StatusFound, p.StatusCode, p.body)
	target, err := p.Location()
	require.NoError(s.t, err)
	require.Equal(s.t, "aef.localhost:8080", target.Host)
	require.Equal(s.t, "/api/v1/session/callback", target.Path)
	require.Equal(s.t, "/app", target.Query().Get("next"), "what stood in redirect_to is kept")
	return target.Query().Get("code")
}

func (s *service) exchange(rc reqctx.Context, code string) (*identityapi.ExchangeMagicLinkCodeResponse, error) {
	return s.gateway(rc).ExchangeMagicLinkCodeWithResponse(ctx, identityapi.ExchangeRequest{Code: code})
}

func TestAMagicLinkSignsIn(t *testing.T) {
	s := start(t)
	code := s.open(s.devLink("member@aef.test"))
	r, err := s.exchange(ofTenant(aef, "aef"), code)
	out := fine(t, r, err).JSON200
	require.Equal(t, member, out.UserID)
	require.True(t, out.MasterFlags.EmailVerified)
	require.False(t, out.MasterFlags.SystemAdmin)
	require.Equal(t, 1209600, out.TTLSeconds)

	r, err = s.exchange(ofTenant(aef, "aef"), code)
	refused(t, 401, "UNAUTHORIZED", r, err)
}

func TestTheMailboxOfDevelopmentShowsTheLink(t *testing.T) {
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
	_, rest, _ = strings.Cut(mail.body, `<a href="`+s.url)
	link, _, _ := strings.Cut(rest, `"`)
	require.NotEmpty(t, s.open(strings.ReplaceAll(link, "&amp;", "&")))
	require.Equal(t, http.StatusNotFound, b.get("/dev/mail/nonsense").StatusCode)
}

func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	s := start(t)
	for _, email := range []string{"nobody@aef.test", "suspended@aef.test", "outsider@gaming.test"} {
		r := s.link(email)
		require.True(t, r.JSON200.Ok)
		require.True(t, r.JSON200.Sent)
		require.True(t, r.JSON200.DevMagicLink.IsNull(), email)
	}
}

func TestLinksLeadOnlyToTheTenantsPortal(t *testing.T) {
	s := start(t)
	for _, target := range []string{
		"http://evil.test/", "http://aef.localhost:8080.evil.test/", "http://aef.localhost:8080@evil.test/", "https://aef.localhost:8080/",
		"http://aef.localhost:8081/", "http://gaming.localhost:8080/", "http://a.b.localhost:8080/", "//aef.localhost:8080/", "javascript:alert(1)", "/app",
		"http://aef.localhost:8080\\@evil.test/", "http://aef.localhost:8080/#frag",
	} {
		r, err := s.gateway(ofTenant(aef, "aef")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: "member@aef.test", RedirectTo: target})
		refused(t, 400, "INVALID_REDIRECT_URI", r, err)
	}
	// and only where they were made to lead
	link, err := url.Parse(s.devLink("member@aef.test"))
	require.NoError(t, err)
	q := link.Query()
	q.Set("redirect_to", "http://aef.localhost:8080/elsewhere")
	require.Equal(t, http.StatusBadRequest, s.browser().get(link.Path+"?"+q.Encode()).StatusCode)
	require.NotEmpty(t, s.open(link.String()), "the attempt has not used it up")
}

func TestMagicLinksNeedTheGatewayAndATenant(t *testing.T) {
	s := start(t)
	in := identityapi.MagicLinkRequest{Email: "member@aef.test", RedirectTo: linkTarget}
	r, err := s.script().RequestMagicLinkWithResponse(ctx, in)
	require.NoError(t, err)
	require.Equal(t, 401, r.StatusCode())
	r, err = s.gateway(reqctx.Context{}).RequestMagicLinkWithResponse(ctx, in)
	refused(t, 400, "MISSING_TENANT_CONTEXT", r, err)
	x, err := s.gateway(reqctx.Context{}).ExchangeMagicLinkCodeWithResponse(ctx, identityapi.ExchangeRequest{Code: "x"})
	refused(t, 400, "MISSING_TENANT_CONTEXT", x, err)
	bad, err := s.gateway(ofTenant(aef, "aef")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: "not an address", RedirectTo: linkTarget})
	refused(t, 422, "VALIDATION_ERROR", bad, err)
}

func TestMagicLinksWearOut(t *testing.T) {
	s := start(t)
	b := s.browser()
	failed := func(link string, status int, code string) {
		t.Helper()
		require.Equal(t, status, b.get(link).StatusCode)
		u, err := url.Parse(link)
		require.NoError(t, err)
		r, err := s.script().ConsumeMagicLinkWithResponse(ctx, &identityapi.ConsumeMagicLinkParams{Token: u.Query().Get("token"), RedirectTo: u.Query().Get("redirect_to")})
		refused(t, status, code, r, err)
	}
	used := s.devLink("member@aef.test")
	code := s.open(used)
	failed(used, 409, "TOKEN_USED")
	failed(strings.Replace(used, "token=", "token=x", 1), 404, "TOKEN_NOT_FOUND")

	s.clock.Advance(domain.ExchangeCodeLifetime)
	r, err := s.exchange(ofTenant(aef, "aef"), code)
	refused(t, 401, "UNAUTHORIZED", r, err)

	late := s.devLink("member@aef.test")
	s.clock.Advance(domain.MagicLinkLifetime)
	failed(late, 410, "TOKEN_EXPIRED")

	suspended := s.devLink("second@aef.test")
	require.NoError(t, identity.Suspend(ctx, s.cfg, "second@aef.test"))
	failed(suspended, 403, "ACCOUNT_SUSPENDED")
}

func TestACodeIsForItsTenantOnly(t *testing.T) {
	s := start(t)
	code := s.open(s.devLink("member@aef.test"))
	r, err := s.exchange(ofTenant(gaming, "gaming"), code)
	refused(t, 401, "UNAUTHORIZED", r, err)
	r, err = s.exchange(ofTenant(aef, "aef"), code)
	fine(t, r, err)
}

func TestLookingAtALinkDoesNotUseIt(t *testing.T) {
	s := start(t)
	link := s.devLink("member@aef.test")
	r, err := http.Head(s.url + link)
	require.NoError(t, err)
	require.NoError(t, r.Body.Close())
	require.Equal(t, http.StatusMethodNotAllowed, r.StatusCode)
	require.NotEmpty(t, s.open(link))
}

func TestAskingForLinksIsLimited(t *testing.T) {
	s := start(t)
	for range 5 {
		s.link("member@aef.test")
	}
	r, err := s.gateway(ofTenant(aef, "aef")).RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: "member@aef.test", RedirectTo: linkTarget})
	refused(t, 429, "RATE_LIMITED", r, err)
	require.NotEmpty(t, r.HTTPResponse.Header.Get("Retry-After"))
	s.link("second@aef.test")
}

func TestAmongManyClicksOneWins(t *testing.T) {
	s := start(t)
	u, err := url.Parse(s.devLink("member@aef.test"))
	require.NoError(t, err)
	params := &identityapi.ConsumeMagicLinkParams{Token: u.Query().Get("token"), RedirectTo: u.Query().Get("redirect_to")}
	script := s.script()
	statuses := race(50, func() (int, string) {
		r, err := script.ConsumeMagicLinkWithResponse(ctx, params)
		if err != nil {
			return 0, err.Error()
		}
		return r.StatusCode(), r.HTTPResponse.Header.Get("Location")
	})
	require.Len(t, statuses[302], 1, "%v", statuses)
	require.Len(t, statuses[409], 49, "%v", statuses)

	target, err := url.Parse(statuses[302][0])
	require.NoError(t, err)
	gateway := s.gateway(ofTenant(aef, "aef"))
	exchanges := race(50, func() (int, string) {
		r, err := gateway.ExchangeMagicLinkCodeWithResponse(ctx, identityapi.ExchangeRequest{Code: target.Query().Get("code")})
		if err != nil {
			return 0, err.Error()
		}
		return r.StatusCode(), ""
	})
	require.Len(t, exchanges[200], 1, "%v", exchanges)
	require.Len(t, exchanges[401], 49, "%v", exchanges)
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
