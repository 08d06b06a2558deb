package identity_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	gooidc "github.com/coreos/go-oidc/v3/oidc"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/reqctx"
)

// relyingParty is a client that takes logout tokens. While away it answers 503.
type relyingParty struct {
	*httptest.Server
	away   atomic.Bool
	mu     sync.Mutex
	tokens []string
}

func newRelyingParty(t testing.TB) *relyingParty {
	t.Helper()
	rp := &relyingParty{}
	rp.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rp.away.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		rp.mu.Lock()
		defer rp.mu.Unlock()
		if r.Method == http.MethodPost && r.ParseForm() == nil && len(r.PostForm) == 1 {
			rp.tokens = append(rp.tokens, r.PostForm.Get("logout_token"))
		}
	}))
	t.Cleanup(rp.Close)
	return rp
}

// received takes the logout tokens received so far.
func (rp *relyingParty) received() []string {
	rp.mu.Lock()
	defer rp.mu.Unlock()
	tokens := rp.tokens
	rp.tokens = nil
	return tokens
}

type logoutToken struct {
	Issuer    string         `json:"iss"`
	Subject   string         `json:"sub"`
	Audience  string         `json:"aud"`
	Issued    int64          `json:"iat"`
	Expires   int64          `json:"exp"`
	ID        string         `json:"jti"`
	SessionID string         `json:"sid"`
	Events    map[string]any `json:"events"`
	Nonce     *string        `json:"nonce"`
}

// readLogoutToken verifies a logout token as a client does.
func (s *service) readLogoutToken(c *client, clientID, token string) (out logoutToken) {
	s.t.Helper()
	verified, err := c.provider.Verifier(&gooidc.Config{ClientID: clientID, SupportedSigningAlgs: []string{"ES256", "RS256"}, Now: s.clock.Now}).Verify(c.ctx, token)
	require.NoError(s.t, err)
	require.NoError(s.t, verified.Claims(&out))
	require.Equal(s.t, "logout+jwt", header(s.t, token)["typ"])
	return out
}

// signedIn is a browser signed in to the portal and what the portal holds.
type signedIn struct {
	*browser
	client *client
	held   *oauth2.Token
	id     string // the ID token
	sid    uuid.UUID
}

func (s *service) signedIn(email string) signedIn {
	s.t.Helper()
	c := s.client("offline_access")
	b := s.browser()
	code := c.arrived(b.signIn(b.get(c.authorizePath()), email, identity.DemoPassword)).Get("code")
	held, err := c.redeem(code)
	require.NoError(s.t, err)
	id, ok := held.Extra("id_token").(string)
	require.True(s.t, ok)
	verified, err := c.provider.Verifier(c.verifierConfig()).Verify(c.ctx, id)
	require.NoError(s.t, err)
	var claims struct {
		SID uuid.UUID `json:"sid"`
	}
	require.NoError(s.t, verified.Claims(&claims))
	return signedIn{browser: b, client: c, held: held, id: id, sid: claims.SID}
}

// isOver requires that nothing of the session works any more.
func (in signedIn) isOver(s *service) {
	s.t.Helper()
	require.Equal(s.t, "login_required", in.client.arrived(in.get(in.client.authorizePath(oauth2.SetAuthURLParam("prompt", "none")))).Get("error"))
	require.Equal(s.t, "/login", in.get(in.client.authorizePath()).Request.URL.Path, "the next sign-in asks for credentials")
	info, err := s.script("Authorization", "Bearer "+in.held.AccessToken).GetUserinfoWithResponse(ctx)
	refused(s.t, 401, "TOKEN_REVOKED", info, err)
	id, secret := "portal", portalSecret
	for _, token := range []string{in.held.AccessToken, in.held.RefreshToken} {
		r, err := s.script().IntrospectTokenWithResponse(ctx, identityapi.TokenQuestion{Token: &token, ClientID: &id, ClientSecret: &secret})
		require.False(s.t, fine(s.t, r, err).JSON200.Active)
	}
	_, err = in.client.oauth.TokenSource(in.client.ctx, in.client.expired(in.held)).Token()
	require.ErrorContains(s.t, err, "invalid_grant")
}

// isAlive requires that the session goes on.
func (in signedIn) isAlive(s *service) {
	s.t.Helper()
	require.NotEmpty(s.t, in.client.arrived(in.get(in.client.authorizePath(oauth2.SetAuthURLParam("prompt", "none")))).Get("code"))
	info, err := s.script("Authorization", "Bearer "+in.held.AccessToken).GetUserinfoWithResponse(ctx)
	fine(s.t, info, err)
}

func withLogout(rp *relyingParty) func(*identity.Config) {
	return func(c *identity.Config) { c.Portal.LogoutURI = rp.URL + "/logout" }
}

// reaching lets the service send to servers of a test, which are in its own network.
func reaching(servers ...*httptest.Server) func(*identity.Config) {
	return func(c *identity.Config) {
		for _, s := range servers {
			c.External.Exceptions = append(c.External.Exceptions, netip.MustParseAddrPort(s.Listener.Addr().String()))
		}
	}
}

func TestSignOutEndsEverythingOfTheSession(t *testing.T) {
	t.Parallel()
	rp := newRelyingParty(t)
	s := start(t, withLogout(rp))
	other := s.signedIn("member@aef.test")
	for name, signOut := range map[string]func(in signedIn){
		"in the account's menu": func(in signedIn) { in.signOut() },
		"on the page that asks": func(in signedIn) {
			p := in.get("/oauth/end_session")
			require.Equal(t, "/logout", p.at())
			require.Equal(t, "Mika Member", p.boot(t).Account.DisplayName)
			require.Empty(t, in.send(http.MethodPost, "/oauth/end_session/confirm", map[string]string{}).leadsTo(t))
		},
		"by the client's request": func(in signedIn) {
			p := in.get("/oauth/end_session?" + url.Values{"id_token_hint": {in.id}}.Encode())
			require.Equal(t, "/signed-out", p.at())
		},
	} {
		t.Run(name, func(t *testing.T) {
			in := s.signedIn("member@aef.test")
			require.Empty(t, rp.received())
			signOut(in)
			tokens := rp.received() // before the answer
			require.Len(t, tokens, 1)
			token := s.readLogoutToken(in.client, "portal", tokens[0])
			require.Equal(t, s.url, token.Issuer)
			require.Equal(t, member.String(), token.Subject)
			require.Equal(t, in.sid.String(), token.SessionID)
			require.Equal(t, map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}, token.Events)
			require.Equal(t, s.clock.Now().Unix(), token.Issued)
			require.Equal(t, s.clock.Now().Add(domain.LogoutTokenLifetime).Unix(), token.Expires)
			require.NoError(t, uuid.Validate(token.ID))
			require.Nil(t, token.Nonce)
			in.isOver(s)
		})
	}
	other.isAlive(s)
}

func TestALogoutAddressInTheOwnNetworkIsNotReached(t *testing.T) {
	t.Parallel()
	portal, inner := newRelyingParty(t), newRelyingParty(t)
	s := start(t, withLogout(portal))
	s.register(t, domain.Client{ID: "other", Name: "Other", FirstParty: true, Algorithm: domain.RS256, Redirects: []domain.RedirectRule{callback}, LogoutURI: inner.URL})
	in := s.signedIn("member@aef.test")
	c := s.client()
	c.oauth.ClientID, c.oauth.ClientSecret = "other", "other-secret"
	_, err := c.redeem(c.arrived(in.get(c.authorizePath())).Get("code"))
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, in.send(http.MethodPost, "/api/v1/auth/logout", nil).StatusCode)
	in.isOver(s)
	require.Len(t, portal.received(), 1)
	require.Empty(t, inner.received())
}

// The gateway has ended its own sessions and is not told again; other clients of the session are.
func TestTheGatewayEndsASession(t *testing.T) {
	t.Parallel()
	portal, third := newRelyingParty(t), newRelyingParty(t)
	s := start(t, withLogout(portal), reaching(third.Server))
	s.register(t, domain.Client{ID: "other", Name: "Other", FirstParty: true, Algorithm: domain.RS256, Redirects: []domain.RedirectRule{callback}, LogoutURI: third.URL})
	in := s.signedIn("member@aef.test")
	c := s.client()
	c.oauth.ClientID, c.oauth.ClientSecret = "other", "other-secret"
	_, err := c.redeem(c.arrived(in.get(c.authorizePath())).Get("code"))
	require.NoError(t, err)

	gateway := s.gateway(reqctx.Context{})
	for range 2 {
		r, err := gateway.EndSessionWithResponse(ctx, in.sid)
		require.Equal(t, 204, fine(t, r, err).StatusCode())
	}
	r, err := gateway.EndSessionWithResponse(ctx, uuid.New())
	require.Equal(t, 204, fine(t, r, err).StatusCode(), "an unknown session is over")
	in.isOver(s)
	require.Empty(t, portal.received())
	tokens := third.received()
	require.Len(t, tokens, 1)
	require.Equal(t, in.sid.String(), s.readLogoutToken(c, "other", tokens[0]).SessionID)
	require.Equal(t, "RS256", header(t, tokens[0])["alg"])
}

func TestASessionOfAMagicLinkEnds(t *testing.T) {
	t.Parallel()
	rp := newRelyingParty(t)
	s := start(t, withLogout(rp))
	r, err := s.exchange(ofTenant(aef, "aef"), s.magicCode("second@aef.test"))
	out := fine(t, r, err).JSON200
	s.clock.Advance(time.Second)
	s.setStatus("second@aef.test", domain.StatusSuspended)
	tokens := rp.received()
	require.Len(t, tokens, 1, "the gateway hears of the end of a session that only it knows")
	token := s.readLogoutToken(s.client(), "portal", tokens[0])
	require.Equal(t, out.SessionID.String(), token.SessionID)
	require.Equal(t, out.UserID.String(), token.Subject)
}

func TestAClientThatIsAwayHearsLater(t *testing.T) {
	t.Parallel()
	rp := newRelyingParty(t)
	s := start(t, withLogout(rp))
	in := s.signedIn("member@aef.test")
	rp.away.Store(true)
	in.signOut()
	in.isOver(s)
	require.Empty(t, rp.received())
	rp.away.Store(false)
	s.clock.Advance(domain.LogoutRetry(1))
	require.NoError(t, s.SignOut.Retry(ctx))
	require.Eventually(t, func() bool { // the service itself may be quicker
		tokens := rp.received()
		return len(tokens) == 1 && s.readLogoutToken(in.client, "portal", tokens[0]).SessionID == in.sid.String()
	}, 10*time.Second, 10*time.Millisecond)
	s.clock.Advance(domain.LogoutNoticeTTL / 2)
	require.NoError(t, s.SignOut.Retry(ctx))
	require.Empty(t, rp.received(), "once is enough")
}

// A code of a session that has ended since opens nothing.
func TestACodeOfAnEndedSessionIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signedIn("member@aef.test")
	code := in.client.arrived(in.get(in.client.authorizePath())).Get("code")
	in.signOut()
	r, err := s.exchangeJSON(in.client, withCode(code))
	refused(t, 400, "INVALID_CODE", r, err)
}

// Whichever comes first: what was redeemed while the session ended is worth nothing afterwards.
func TestSignOutWhileCodesAreRedeemed(t *testing.T) {
	t.Parallel()
	s := start(t)
	for range 5 {
		in := s.signedIn("member@aef.test")
		var codes []string
		for range 8 {
			codes = append(codes, in.client.arrived(in.get(in.client.authorizePath())).Get("code"))
		}
		var n atomic.Int32
		outcomes := race(len(codes)+1, func() (int, string) {
			i := int(n.Add(1)) - 1
			if i == len(codes) {
				r, err := s.gateway(reqctx.Context{}).EndSessionWithResponse(ctx, in.sid)
				if err != nil {
					return 0, err.Error()
				}
				return r.StatusCode(), ""
			}
			r, err := s.exchangeJSON(in.client, withCode(codes[i]))
			if err != nil {
				return 0, err.Error()
			}
			if r.JSON200 != nil {
				return 200, r.JSON200.AccessToken
			}
			return r.StatusCode(), ""
		})
		require.Len(t, outcomes[204], 1, "%v", outcomes)
		require.Equal(t, len(codes), len(outcomes[200])+len(outcomes[400]), "%v", outcomes)
		for _, token := range outcomes[200] {
			info, err := s.script("Authorization", "Bearer "+token).GetUserinfoWithResponse(ctx)
			refused(t, 401, "TOKEN_REVOKED", info, err)
		}
	}
}

func TestSigningInAgainKeepsOrEndsTheSession(t *testing.T) {
	t.Parallel()
	rp := newRelyingParty(t)
	s := start(t, withLogout(rp))
	in := s.signedIn("member@aef.test")
	s.clock.Advance(time.Second)
	in.signIn(in.get("/login?again=1"), "member@aef.test", identity.DemoPassword)
	require.Empty(t, rp.received(), "the same user: the session goes on")
	in.isAlive(s)

	in.signIn(in.get("/login?again=1"), "second@aef.test", identity.DemoPassword)
	require.Len(t, rp.received(), 1, "another user: the session is over")
	info, err := s.script("Authorization", "Bearer "+in.held.AccessToken).GetUserinfoWithResponse(ctx)
	refused(t, 401, "TOKEN_REVOKED", info, err)
	require.Equal(t, "Sasha Second", in.get("/account").boot(t).Account.DisplayName)
}

const goodbye = "http://aef.localhost:8080/"

func TestLogoutRequestsOfClients(t *testing.T) {
	t.Parallel()
	s := start(t)
	logout := func(in signedIn, more ...string) page {
		q := url.Values{"post_logout_redirect_uri": {goodbye}, "state": {"s &=?"}, "id_token_hint": {in.id}}
		for i := 0; i+1 < len(more); i += 2 {
			q.Set(more[i], more[i+1])
			if more[i+1] == "" {
				q.Del(more[i])
			}
		}
		return in.get("/oauth/end_session?" + q.Encode())
	}
	location := func(p page) string {
		t.Helper()
		require.Equal(t, http.StatusSeeOther, p.StatusCode, p.body)
		return p.Header.Get("Location")
	}

	in := s.signedIn("member@aef.test")
	require.Equal(t, goodbye+"?state=s+%26%3D%3F", location(logout(in)))
	in.isOver(s)
	require.Equal(t, goodbye+"?state=s+%26%3D%3F", location(logout(in)), "signed out already")

	in = s.signedIn("member@aef.test")
	require.Equal(t, goodbye, location(logout(in, "state", "")))
	in = s.signedIn("member@aef.test")
	require.Equal(t, goodbye, location(logout(in, "state", "", "client_id", "portal")))

	in = s.signedIn("member@aef.test")
	for name, more := range map[string][]string{
		"another address":                {"post_logout_redirect_uri", goodbye + "elsewhere"},
		"a query added":                  {"post_logout_redirect_uri", goodbye + "?foo=bar"},
		"another client's":               {"client_id", "nobody"},
		"an unknown client and no hint":  {"id_token_hint", "", "client_id", "nobody"},
		"an unknown tenant":              {"post_logout_redirect_uri", "http://nobody.localhost:8080/"},
		"a state that cannot be text":    {"state", "a\x00b"},
		"an address that is no address":  {"post_logout_redirect_uri", "javascript:alert(1)"},
		"an address with a user's name":  {"post_logout_redirect_uri", "http://aef.localhost:8080@evil.test/"},
		"an address with a fragment":     {"post_logout_redirect_uri", goodbye + "#x"},
		"an address in other characters": {"post_logout_redirect_uri", "HTTP://aef.localhost:8080/"},
	} {
		p := logout(in, more...)
		require.Contains(t, []int{400, 404}, p.StatusCode, name)
		require.NotNil(t, p.boot(t).Forms.Error, name)
	}
	in.isAlive(s)

	// without a valid hint the user is asked, and only a known client's address is gone to
	asks := func(p page) {
		t.Helper()
		require.Equal(t, 200, p.StatusCode)
		require.Equal(t, "/logout", p.at())
		require.NotNil(t, p.boot(t).Forms.Logout)
	}
	confirm := func(in signedIn, p page) page {
		body := map[string]string{}
		for name, values := range p.Request.URL.Query() {
			body[name] = values[0]
		}
		return in.send(http.MethodPost, "/oauth/end_session/confirm", body)
	}
	parts := []string{"eyJhbGciOiJub25lIn0." + in.id[len("eyJ"):] + ".", "nonsense", ""}
	for _, hint := range parts {
		p := logout(in, "id_token_hint", hint)
		asks(p)
		in.isAlive(s)
	}
	p := logout(in, "id_token_hint", "", "client_id", "portal")
	asks(p)
	question := p.boot(t)
	require.Equal(t, "AEF Portal", *question.Forms.Logout.Client)
	require.Equal(t, "aef.localhost:8080", *question.Forms.Logout.Host)
	require.Equal(t, "aef", question.Tenant.Slug)
	in.send(http.MethodPost, "/oauth/end_session/confirm", map[string]string{"client_id": "portal", "post_logout_redirect_uri": "http://evil.test/"}).
		refuses(t, 400, "INVALID_REDIRECT_URI")
	in.isAlive(s)
	require.Equal(t, goodbye+"?state=s+%26%3D%3F", confirm(in, p).leadsTo(t))
	in.isOver(s)

	in = s.signedIn("member@aef.test")
	p = logout(in, "id_token_hint", "")
	asks(p)
	require.Empty(t, confirm(in, p).leadsTo(t), "nowhere to go without a client")
	in.isOver(s)

	// an ID token of another session of the same user is no proof
	first, second := s.signedIn("member@aef.test"), s.signedIn("member@aef.test")
	asks(logout(second, "id_token_hint", first.id))
	second.isAlive(s)
	first.isAlive(s)
	s.clock.Advance(time.Hour)
	require.Equal(t, goodbye, location(logout(first, "state", "")), "an expired ID token is a good hint")

	// no parameters at all
	asks(second.get("/oauth/end_session"))
	asks(second.get("/oauth/end_session"))
	require.Equal(t, "/signed-out", s.browser().get("/oauth/end_session").at())
	require.Equal(t, "/signed-out", s.browser().get("/logout").at(), "a guest is not asked")
}

func TestNobodyIsSignedOutByLookingOrFromElsewhere(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signedIn("member@aef.test")
	hint := "?" + url.Values{"id_token_hint": {in.id}}.Encode()
	for method, paths := range map[string][]string{
		http.MethodHead: {"/oauth/end_session" + hint, "/logout" + hint, "/oauth/end_session", "/signed-out", "/oauth/end_session/confirm", "/api/v1/auth/logout"},
		http.MethodGet:  {"/logout" + hint, "/oauth/end_session", "/signed-out", "/oauth/end_session/confirm", "/api/v1/auth/logout"},
	} {
		for _, path := range paths {
			r, err := http.NewRequest(method, s.url+path, nil)
			require.NoError(t, err)
			in.do(in.browser.client, r)
			in.isAlive(s)
		}
	}
	for _, path := range []string{"/oauth/end_session/confirm", "/api/v1/auth/logout"} {
		in.send(http.MethodPost, path, map[string]string{}, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test").refuses(t, 403, "CSRF_FAILED")
		in.isAlive(s)
	}
	// another site's form comes with our cookie only if the browser breaks the rules of SameSite
	p := in.post("/oauth/end_session", url.Values{"decision": {"sign_out"}}, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test")
	require.Equal(t, 403, p.StatusCode)
	in.isAlive(s)
	// as a rule it comes without: the browser is sent around once more
	stranger := s.browser()
	p = stranger.post("/oauth/end_session", url.Values{"id_token_hint": {in.id}, "decision": {"sign_out"}}, "Sec-Fetch-Site", "cross-site", "Origin", "http://evil.test")
	require.Equal(t, http.MethodGet, p.Request.Method)
	require.Equal(t, "/signed-out", p.at())
	in.isAlive(s)
}

func TestLogoutAsJSONEndsGrantsToo(t *testing.T) {
	t.Parallel()
	rp := newRelyingParty(t)
	s := start(t, withLogout(rp))
	in := s.signedIn("member@aef.test")
	u, err := url.Parse(s.url)
	require.NoError(t, err)
	token := in.browser.client.Jar.Cookies(u)[0].Value
	r, err := s.script("X-Session-Token", token).LogoutWithResponse(ctx)
	fine(t, r, err)
	require.Len(t, rp.received(), 1)
	in.isOver(s)
}

func TestEndingMeansWhatTheLogSays(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signedIn("member@aef.test")
	require.NoError(t, s.SignOut.EndByID(ctx, in.sid, app.Ending{Reason: "test"}))
	require.NoError(t, s.SignOut.EndByID(ctx, uuid.New(), app.Ending{Reason: "test"}))
	in.isOver(s)
}
