package providers_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"go.updspace.com/identity/adapters/providers"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/tools/devkit/standins"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	site     = "https://id.test"
	callback = site + domain.ProviderCallbackPath
)

// settings name one server for every provider.
func settings(origin string) providers.Config {
	return providers.Config{
		Steam: true, SteamURL: origin + "/steam/openid", DiscordID: "id", DiscordSecret: "client-secret", DiscordURL: origin,
		GitHubID: "id", GitHubSecret: "client-secret", GitHubURL: origin, GitHubAPIURL: origin,
		Issuers: `[{"id":"clan","name":"Clan","issuer":"` + origin + `","client_id":"id","client_secret":"client-secret"}]`,
	}
}

func newProviders(t *testing.T, c providers.Config) *providers.Providers {
	t.Helper()
	p, err := providers.New(c, site, time.Now)
	require.NoError(t, err)
	t.Cleanup(p.Close)
	return p
}

// broken serves every provider with one handler.
func broken(t *testing.T, handler http.HandlerFunc) *providers.Providers {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	c := settings(server.URL)
	c.Exceptions = []netip.AddrPort{netip.MustParseAddrPort(server.Listener.Addr().String())}
	return newProviders(t, c)
}

// answers are those with which browsers come back.
func answers(p *providers.Providers, id string) url.Values {
	if id != "steam" {
		return url.Values{"state": {"state"}, "code": {"code"}}
	}
	address, _ := p.Begin(context.Background(), "steam", "state", domain.FlowProof{})
	u, _ := url.Parse(address)
	base := strings.TrimSuffix(u.Scheme+"://"+u.Host+u.Path, "/login")
	account := base + "/id/76561197960287930"
	return url.Values{
		"state": {"state"}, "openid.ns": {"http://specs.openid.net/auth/2.0"}, "openid.mode": {"id_res"}, "openid.op_endpoint": {base + "/login"},
		"openid.claimed_id": {account}, "openid.identity": {account}, "openid.return_to": {callback + "steam?state=state"},
		"openid.response_nonce": {time.Now().UTC().Format(time.RFC3339) + "x"}, "openid.assoc_handle": {"1"}, "openid.sig": {"x"},
		"openid.signed": {"signed,op_endpoint,claimed_id,identity,return_to,response_nonce,assoc_handle"},
	}
}

func finish(t *testing.T, p *providers.Providers, id string) error {
	t.Helper()
	account, err := p.Finish(t.Context(), id, answers(p, id), "state", domain.FlowProof{Verifier: domain.NewSecret(), Nonce: "nonce"})
	require.Empty(t, account)
	return err
}

var all = []string{"steam", "discord", "github", "clan"}

// Whatever a provider answers instead of what it should, no account is taken from it, and the error says whose fault it is.
func TestProvidersThatAnswerNonsense(t *testing.T) {
	t.Parallel()
	endless := func(w http.ResponseWriter, r *http.Request) {
		for r.Context().Err() == nil {
			if _, err := io.WriteString(w, strings.Repeat("x", 1<<16)); err != nil {
				return
			}
		}
	}
	says := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	away, garbled := domain.ErrProviderUnavailable, domain.ErrProviderAnswer
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
	}{
		"endless":        {endless, garbled},
		"a page":         {says(200, "text/html", "<html>Down for maintenance</html>"), garbled},
		"no JSON":        {says(200, "application/json", "{"), garbled},
		"other JSON":     {says(200, "application/json", "[1]"), garbled},
		"empty":          {says(200, "application/json", ""), garbled},
		"an empty token": {says(200, "application/json", `{"access_token":""}`), garbled},
		"no account":     {says(200, "application/json", `{"access_token":"secret-token","token_type":"Bearer","id":0}`), garbled},
		"a redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://127.0.0.1:1/", http.StatusFound)
		}, garbled},
		"not here": {says(404, "text/plain", "no"), garbled},
		"an error": {says(500, "text/plain", "no"), away},
		"away":     {says(503, "application/json", `{}`), away},
		"too many": {says(429, "application/json", `{}`), away},
		"hung up":  {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, away},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := broken(t, c.answer)
			for _, id := range all {
				err := finish(t, p, id)
				if id == "clan" && errors.Is(c.want, away) { // go-oidc does not tell why there is no discovery document
					require.True(t, errs.KindOf(err) == errs.BadGateway || errs.KindOf(err) == errs.Unavailable, "%v", err)
					continue
				}
				require.ErrorIs(t, err, c.want, id)
				require.NotContains(t, err.Error(), "secret")
			}
		})
	}
}

// What a user does wrong is no failure of the provider, what is wrong with our credentials is.
func TestRefusalsOfTheTokenEndpoint(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]error{
		"invalid_grant": domain.ErrIdentityNotProven, "bad_verification_code": domain.ErrIdentityNotProven,
		"invalid_client": domain.ErrProviderAnswer, "incorrect_client_credentials": domain.ErrProviderAnswer,
	} {
		for _, status := range []int{200, 400} {
			p := broken(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(status)
				_, _ = io.WriteString(w, `{"error":"`+code+`"}`)
			})
			for range 7 {
				err := finish(t, p, "discord")
				require.ErrorIs(t, err, want, "%s %d", code, status)
				if errors.Is(want, domain.ErrProviderAnswer) {
					break
				}
			}
		}
	}
}

// A provider that fails again and again is left alone for a while, and the others are not.
func TestAProviderThatFailsIsLeftAlone(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	p := broken(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/oauth2/token" {
			asked.Add(1)
		}
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	for range 20 {
		err := finish(t, p, "discord")
		require.ErrorIs(t, err, domain.ErrProviderUnavailable)
		require.Equal(t, errs.Unavailable, errs.KindOf(err))
	}
	require.EqualValues(t, 5, asked.Load())
	_, err := p.Begin(t.Context(), "github", "state", domain.FlowProof{Verifier: domain.NewSecret()})
	require.NoError(t, err)
}

// Settings and what an issuer says of itself lead to no address of the own network, unless it is an exception.
func TestProvidersAreReachedOnThePublicInternetOnly(t *testing.T) {
	t.Parallel()
	var reached atomic.Int64
	inner := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached.Add(1) }))
	t.Cleanup(inner.Close)
	p := newProviders(t, settings(inner.URL))
	for _, id := range all {
		require.Error(t, finish(t, p, id), id)
	}
	require.Zero(t, reached.Load())

	// An issuer that names inner addresses.
	var outer *httptest.Server
	outer = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"issuer":"`+outer.URL+`","authorization_endpoint":"`+outer.URL+`/authorize","token_endpoint":"`+inner.URL+`/token","jwks_uri":"`+inner.URL+`/jwks"}`)
	}))
	t.Cleanup(outer.Close)
	c := settings(outer.URL)
	c.Exceptions = []netip.AddrPort{netip.MustParseAddrPort(outer.Listener.Addr().String())}
	require.ErrorIs(t, finish(t, newProviders(t, c), "clan"), domain.ErrProviderUnavailable)
	require.Zero(t, reached.Load())
}

// An ID token of the right issuer, with the right signature, that is not for this flow.
func TestAnIDTokenIsForOneFlow(t *testing.T) {
	t.Parallel()
	others, err := standins.Start(t.Context(), "127.0.0.1")
	require.NoError(t, err)
	t.Cleanup(others.Stop)
	p := newProviders(t, providers.Config{Issuers: others.Issuers(), Exceptions: []netip.AddrPort{others.Addr()}})
	proof := domain.FlowProof{Verifier: domain.NewSecret(), Nonce: domain.NewSecret()}
	back := func() url.Values {
		address, err := p.Begin(t.Context(), "clan", "state", proof)
		require.NoError(t, err)
		location, err := standins.Choose(t.Context(), address, "user-1")
		require.NoError(t, err)
		u, err := url.Parse(location)
		require.NoError(t, err)
		return u.Query()
	}
	account, err := p.Finish(t.Context(), "clan", back(), "state", proof)
	require.NoError(t, err)
	require.Equal(t, domain.ExternalAccount{Subject: "user-1", Label: "ada"}, account)
	_, err = p.Finish(t.Context(), "clan", back(), "state", domain.FlowProof{Verifier: proof.Verifier, Nonce: domain.NewSecret()})
	require.ErrorIs(t, err, domain.ErrIdentityNotProven)
	_, err = p.Finish(t.Context(), "none", back(), "state", proof)
	require.ErrorIs(t, err, domain.ErrProviderUnknown)
}

// An issuer that says that it names itself in each answer is in those without a name not the one that has answered (RFC 9207).
func TestAnAnswerWithoutItsIssuer(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	var server *httptest.Server
	server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/token" {
			asked.Add(1)
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"issuer":"`+server.URL+`","authorization_endpoint":"`+server.URL+`/authorize","token_endpoint":"`+server.URL+`/token",
			"jwks_uri":"`+server.URL+`/jwks","authorization_response_iss_parameter_supported":true}`)
	}))
	t.Cleanup(server.Close)
	c := settings(server.URL)
	c.Exceptions = []netip.AddrPort{netip.MustParseAddrPort(server.Listener.Addr().String())}
	p := newProviders(t, c)
	require.ErrorIs(t, finish(t, p, "clan"), domain.ErrIdentityNotProven)
	require.Zero(t, asked.Load(), "the code is not given away")
}

func TestSettingsAreChecked(t *testing.T) {
	t.Parallel()
	require.NoError(t, settings("https://sso.test").Validate())
	require.NoError(t, providers.Config{}.Validate())
	for what, c := range map[string]providers.Config{
		"DISCORD_CLIENT_SECRET": {DiscordID: "id"},
		"GITHUB_CLIENT_SECRET":  {GitHubID: "id"},
		"not a JSON list":       {Issuers: `{"client_secret":"xyzzy"`},
		"id of issuer 1":        {Issuers: `[{"id":"steam","name":"S","issuer":"https://a.test","client_id":"a","client_secret":"b"}]`},
		"id of issuer 2":        {Issuers: `[{"id":"a","name":"S","issuer":"https://a.test","client_id":"a","client_secret":"b"},{"id":"a","name":"S","issuer":"https://a.test","client_id":"a","client_secret":"b"}]`},
		"needs a name":          {Issuers: `[{"id":"a","issuer":"https://a.test","client_id":"a","client_secret":"b"}]`},
		"https address":         {Issuers: `[{"id":"a","name":"A","issuer":"ftp://a.test","client_id":"a","client_secret":"b"}]`},
		"client_secret":         {Issuers: `[{"id":"a","name":"A","issuer":"https://a.test","client_id":"a"}]`},
	} {
		err := c.Validate()
		require.ErrorContains(t, err, what)
		require.NotContains(t, err.Error(), "xyzzy")
		_, err = providers.New(c, site, time.Now)
		require.Error(t, err)
	}
}
