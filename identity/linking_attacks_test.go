package identity_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

func TestAStateIsGoodOnceInItsSession(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	mika := l.user("member@aef.test")
	const late = done + "LINK_EXPIRED"
	path := mika.choose(mika.begin("github", ""), "583231")
	require.Equal(t, late, l.user("second@aef.test").get(path).says(), "another user's browser: it would link the attacker's account")
	require.Equal(t, late, l.user("member@aef.test").get(path).says(), "another session of the user")
	guest := l.browser().get(path)
	require.Equal(t, "/login", guest.at())
	require.Equal(t, late, mika.get(strings.Replace(path, "/github?", "/discord?", 1)).says(), "another provider")
	require.Equal(t, late, mika.get(changed(t, path, "state", "guess")).says())
	require.Equal(t, late, mika.get("/api/v1/auth/oauth/callback/github").says())
	require.Empty(t, mika.linked())
	require.Equal(t, done+"github", mika.get(path).says(), "none of them used it up")
	require.Equal(t, late, mika.get(path).says(), "a second time")

	path = mika.choose(mika.begin("steam", ""), gordon)
	l.clock.Advance(domain.ProviderFlowLifetime)
	require.Equal(t, late, mika.get(path).says())
	mika.send(http.MethodGet, "/api/v1/auth/oauth/link/discord", nil).refuses(t, 403, "REAUTHENTICATION_REQUIRED")
	require.Equal(t, 200, mika.call("reauth", map[string]string{"password": identity.DemoPassword}).StatusCode)
	path = mika.choose(mika.begin("discord", ""), "80351110224678912")
	require.NoError(t, l.AccountAdmin.EndSessions(ctx, l.account("member@aef.test"), ""))
	require.Equal(t, "/login", mika.get(path).at())
}

// What Steam's answer looks like in the browser proves nothing.
func TestSteamAnswersForItself(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	b := l.user("member@aef.test")
	account := func(id string) string { return l.others.URL + "/steam/openid/id/" + id }
	for what, set := range map[string][]string{
		"another account under the signature": {"openid.claimed_id", account(alyx), "openid.identity", account(alyx)},
		"a signature that is forged":          {"openid.sig", "Zm9yZ2Vk"},
		"an account that is no person's":      {"openid.claimed_id", account("103582791429521412"), "openid.identity", account("103582791429521412")},
		"another identity":                    {"openid.identity", account(alyx)},
		"another provider's account":          {"openid.claimed_id", "https://evil.test/id/" + gordon, "openid.identity", "https://evil.test/id/" + gordon},
		"another endpoint":                    {"openid.op_endpoint", "https://evil.test/login"},
		"a nonce of last year":                {"openid.response_nonce", "2025-01-01T00:00:00Zabc"},
		"no nonce":                            {"openid.response_nonce", ""},
		"an account outside the signature":    {"openid.signed", "signed,op_endpoint,return_to,response_nonce,assoc_handle"},
		"a return_to of another site":         {"openid.return_to", "https://evil.test/?state=x"},
		"another mode":                        {"openid.mode", "check_authentication"},
		"another namespace":                   {"openid.ns", "http://openid.net/signon/1.0"},
	} {
		require.Equal(t, notMine, b.get(changed(t, b.choose(b.begin("steam", ""), gordon), set...)).says(), what)
	}
	twice := b.choose(b.begin("steam", ""), gordon) + "&openid.claimed_id=" + url.QueryEscape(account(alyx))
	require.Equal(t, notMine, b.get(twice).says(), "two accounts")
	b = l.user("second@aef.test") // the first has been there often enough for now
	// A bare claimed_id.
	u, err := url.Parse(b.begin("steam", ""))
	require.NoError(t, err)
	returnTo, err := url.Parse(u.Query().Get("openid.return_to"))
	require.NoError(t, err)
	require.Equal(t, l.url, u.Query().Get("openid.realm"))
	require.Equal(t, notMine, b.get(changed(t, returnTo.RequestURI(), "openid.claimed_id", account(gordon))).says())

	// An assertion that was made for one flow does not serve another, though the state of that is good.
	assertion := b.choose(b.begin("steam", ""), gordon)
	fresh, err := url.Parse(b.begin("steam", ""))
	require.NoError(t, err)
	other, err := url.Parse(fresh.Query().Get("openid.return_to"))
	require.NoError(t, err)
	require.Equal(t, notMine, b.get(changed(t, assertion, "state", other.Query().Get("state"))).says())

	// An assertion that Steam has confirmed once: the nonce is replayed.
	path := b.choose(b.begin("steam", ""), gordon)
	stolen, err := url.ParseQuery(path[strings.IndexByte(path, '?')+1:])
	require.NoError(t, err)
	stolen.Set("openid.mode", "check_authentication")
	confirmed, err := http.PostForm(l.others.URL+"/steam/openid/login", stolen)
	require.NoError(t, err)
	require.NoError(t, confirmed.Body.Close())
	require.Equal(t, notMine, b.get(path).says())
	require.Empty(t, b.linked())
	require.Equal(t, done+"ACCESS_DENIED", b.link("steam", "").says())
	require.Equal(t, done+"steam", b.link("steam", gordon).says(), "none of it counts as a failure of Steam")
}

func TestACodeIsRedeemedByItsFlowAlone(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	b := l.user("member@aef.test")
	for _, provider := range []string{"github", "discord", "clan"} {
		require.Equal(t, notMine, b.get(changed(t, b.choose(b.begin(provider, ""), "42"), "code", "guess")).says(), provider)
		require.Equal(t, notMine, b.get(b.choose(b.begin(provider, ""), "42")+"&code=another").says(), provider)
		// A code of another flow has another verifier.
		first, second := b.choose(b.begin(provider, ""), "42"), b.choose(b.begin(provider, ""), "43")
		u, err := url.Parse(first)
		require.NoError(t, err)
		require.Equal(t, notMine, b.get(changed(t, second, "code", u.Query().Get("code"))).says(), provider)
		require.Equal(t, done+"ACCESS_DENIED", b.link(provider, "").says(), provider)
		require.Equal(t, notMine, b.get(changed(t, b.choose(b.begin(provider, ""), ""), "error", "server_error")).says())
	}
	require.Equal(t, notMine, b.get(changed(t, b.choose(b.begin("clan", ""), "42"), "iss", "https://evil.test")).says(), "an answer of another issuer")
	require.Empty(t, b.linked())
}

// The browser goes to no other site, whatever next says.
func TestLinkingLeadsToPagesOfThisHostOnly(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	b := l.user("member@aef.test")
	for _, next := range []string{
		"https://evil.test/", "//evil.test/", `/\evil.test`, `\\evil.test`, "/\t/evil.test", "javascript:alert(1)", "account", "", "/a\r\nLocation: https://evil.test",
	} {
		p := b.get(b.choose(b.begin("github", next), ""))
		require.Equal(t, done+"ACCESS_DENIED", p.says(), "%q", next)
	}
	p := b.get(b.choose(b.begin("github", "/account?from=aef"), "583231"))
	require.Equal(t, "/account github", p.says())
	require.Equal(t, "aef", p.Request.URL.Query().Get("from"))
}
