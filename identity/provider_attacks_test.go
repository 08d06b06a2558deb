package identity_test

import (
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"

	"go.updspace.com/identity/domain"
)

// redeems sends a token request and returns the name of the error, empty for none.
func (s *service) redeems(form url.Values, id, secret string) string {
	s.t.Helper()
	form.Set("client_id", id)
	form.Set("client_secret", secret)
	status, _, body := s.form("/oauth/token", form)
	name, _ := body["error"].(string)
	require.Equal(s.t, status == http.StatusOK, name == "", "%v", body)
	return name
}

// A code that is presented twice was stolen: everything that came of it ends, refresh tokens and what they were changed for, too.
func TestAttackReplayOfACode(t *testing.T) {
	t.Parallel()
	s := start(t)
	form := s.codeForm(s.client("offline_access"))
	form.Set("client_id", "portal")
	form.Set("client_secret", portalSecret)
	_, _, first := s.form("/oauth/token", form)
	r := refreshing{s, first["refresh_token"].(string)}
	_, second := r.refresh(r.token)
	require.NotEmpty(t, second["access_token"])
	require.Equal(t, "invalid_grant", s.redeems(form, "portal", portalSecret))
	r.isRevoked(second)
}

// A code is of use to the client it was made for, and to no other, which cannot end it either.
func TestAttackCodeOfAnotherClient(t *testing.T) {
	t.Parallel()
	s := start(t)
	victim := s.application("victim", func(*domain.Client) {})
	s.application("thief", func(*domain.Client) {})
	s.application("spa", func(c *domain.Client) { c.Secrets = nil })
	form := s.codeForm(victim)
	require.Equal(t, "invalid_grant", s.redeems(form, "thief", "thief-secret"))
	require.Equal(t, "invalid_grant", s.redeems(form, "spa", ""))
	require.Equal(t, "invalid_client", s.redeems(form, "victim", ""), "without its secret")
	require.Equal(t, "invalid_client", s.redeems(form, "victim", "thief-secret"))
	require.Empty(t, s.redeems(form, "victim", "victim-secret"))
	require.Equal(t, "invalid_grant", s.redeems(form, "thief", "thief-secret"), "nor when it is used")
}

// PKCE cannot be left out, weakened or bypassed where a client uses it.
func TestAttackPKCEDowngrade(t *testing.T) {
	t.Parallel()
	s := start(t)
	free := s.application("free", func(c *domain.Client) { c.PKCEOptional = true })
	strict := s.application("strict", func(*domain.Client) {})
	public := s.application("public", func(c *domain.Client) { c.Secrets = nil })
	b := s.browser()
	b.signIn(b.get("/login"), "member@aef.test", "updspace-demo")
	ask := func(c *client, options ...oauth2.AuthCodeOption) url.Values {
		u, err := url.Parse(c.oauth.AuthCodeURL("the state", options...))
		require.NoError(t, err)
		return c.arrived(b.get(u.RequestURI()))
	}
	challenge := oauth2.S256ChallengeOption(free.verifier)
	for name, c := range map[string]*client{"strict": strict, "public": public} {
		require.Equal(t, "invalid_request", ask(c).Get("error"), name)
		require.Equal(t, "invalid_request", ask(c, param("code_challenge", c.verifier), param("code_challenge_method", "plain")).Get("error"), name)
		require.Equal(t, "invalid_request", ask(c, param("code_challenge", c.verifier)).Get("error"), "absent means plain")
	}
	require.Equal(t, "invalid_request", ask(free, param("code_challenge", free.verifier), param("code_challenge_method", "plain")).Get("error"))
	require.Equal(t, "invalid_request", ask(free, param("code_challenge_method", "S256")).Get("error"))

	form := func(code, verifier string) url.Values {
		f := url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {callback}}
		if verifier != "" {
			f.Set("code_verifier", verifier)
		}
		return f
	}
	with, without := ask(free, challenge).Get("code"), ask(free).Get("code")
	require.Equal(t, "invalid_grant", s.redeems(form(with, ""), "free", "free-secret"), "asked for with PKCE, redeemed without")
	require.Equal(t, "invalid_grant", s.redeems(form(without, free.verifier), "free", "free-secret"), "asked for without, by an attacker, and put into a victim's answer")
	challenged := string(must(domain.ChallengeOf(free.verifier)))
	require.Equal(t, "invalid_grant", s.redeems(form(with, challenged), "free", "free-secret"), "the challenge is no verifier")
	require.Empty(t, s.redeems(form(with, free.verifier), "free", "free-secret"))
	require.Empty(t, s.redeems(form(without, ""), "free", "free-secret"))
	err := s.Clients.Register(ctx, domain.Client{
		ID: "public", Name: "x", Algorithm: domain.ES256, PKCEOptional: true, Redirects: []domain.RedirectRule{callback}, GrantTypes: []string{domain.GrantCode},
	})
	require.Error(t, err, "a public client has no choice")
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// Every answer names the issuer, so a client of several providers does not take a code to another one (RFC 9207).
func TestAttackIssuerMixUp(t *testing.T) {
	t.Parallel()
	s := start(t)
	c := s.client()
	b := s.browser()
	b.signIn(b.get("/login"), "member@aef.test", "updspace-demo")
	for name, options := range map[string][]oauth2.AuthCodeOption{
		"a code": nil, "a refusal": {param("response_type", "token")}, "a wrong scope": {param("scope", "profile")},
	} {
		answer := c.arrived(b.get(c.authorizePath(options...)))
		require.Equal(t, []string{s.url}, answer["iss"], name)
	}
	other := s.application("other", func(c *domain.Client) { c.FirstParty = false })
	p := b.get(other.authorizePath())
	id := p.boot(t).Forms.Authorize.RequestID
	denied := must(url.Parse(b.send(http.MethodPost, "/oauth/authorize/deny", map[string]string{"request_id": id}).leadsTo(t)))
	require.Equal(t, s.url, other.answer(denied).Get("iss"))
	require.Equal(t, "access_denied", denied.Query().Get("error"))
	spoofed := other.redirected(t, b, callback+"?iss=https://evil.test")
	require.Equal(t, "INVALID_REDIRECT_URI", spoofed, "the address is compared as a whole")
}

// redirected asks for an answer at another address and returns the error that the page shows.
func (c *client) redirected(t *testing.T, b *browser, uri string) string {
	t.Helper()
	p := b.get(c.authorizePath(param("redirect_uri", uri)))
	require.Equal(t, http.StatusBadRequest, p.StatusCode, uri)
	require.Empty(t, p.Header.Get("Location"))
	return p.boot(t).Forms.Error.Code
}

// No address that is not registered is ever redirected to: by a request, after a sign-in, or after a sign-out.
func TestAttackOpenRedirect(t *testing.T) {
	t.Parallel()
	s := start(t)
	in := s.signedIn("member@aef.test")
	for _, uri := range []string{
		"https://evil.test/", "//evil.test", callback + ".evil.test", callback + "/../../../evil", callback + "?x=y", callback + "#x",
		"http://aef.localhost:8080@evil.test/api/v1/auth/callback", "http://evil.test#" + callback, "http://AEF.localhost:8080/api/v1/auth/callback",
		"http://nowhere.localhost:8080/api/v1/auth/callback", "http://aef.localhost:8080/api/v1/auth/callback%2f..", "javascript:alert(1)", `http://aef.localhost:8080\@evil.test/`,
	} {
		require.Equal(t, "INVALID_REDIRECT_URI", in.client.redirected(t, in.browser, uri), uri)
		require.Equal(t, "INVALID_REDIRECT_URI", in.client.redirected(t, s.browser(), uri), "nor for a guest")

		q := url.Values{"id_token_hint": {in.id}, "post_logout_redirect_uri": {uri}}
		in.get("/oauth/end_session?"+q.Encode()).shows(t, 400, "INVALID_REDIRECT_URI")
		body := map[string]string{"client_id": "portal", "post_logout_redirect_uri": uri}
		in.send(http.MethodPost, "/oauth/end_session/confirm", body).refuses(t, 400, "INVALID_REDIRECT_URI")
		in.isAlive(s)

		for _, address := range []string{"/login?" + url.Values{"next": {uri}}.Encode(), "/login?" + url.Values{"next": {uri}, "again": {"1"}}.Encode()} {
			p := s.browser().get(address)
			next := p.boot(t).Forms.Next
			require.Regexp(t, `^/[^/\\]`, next, uri)
		}
	}
}
