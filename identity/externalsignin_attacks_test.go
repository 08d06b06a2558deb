package identity_test

import (
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
)

const lateSignIn = "/login SIGN_IN_EXPIRED"

// Login CSRF: the attacker proves an account of their own, and makes the victim's browser open the address that they came back to.
func TestASignInEndsInTheBrowserThatBeganIt(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	l.user("second@aef.test").link("github", "583231")
	attacker := l.browser()
	path := attacker.choose(attacker.beginSignIn("github", ""), "583231")

	victim := l.browser()
	require.Equal(t, "/login", victim.get(path).at(), "a browser that has begun nothing")
	victim.beginSignIn("github", "")
	require.Equal(t, lateSignIn, victim.get(path).signInSays(), "a browser that has begun a sign-in of its own")
	require.Empty(t, victim.signedIn())
	mika := l.user("member@aef.test")
	require.Equal(t, done+"LINK_EXPIRED", mika.get(path).says(), "a browser that is signed in")
	mika.beginSignIn("github", "")
	require.Equal(t, done+"LINK_EXPIRED", mika.get(path).says())
	require.Equal(t, "member@aef.test", mika.signedIn())
	require.Empty(t, mika.linked(), "nor is the account linked")

	// Of a flow that links, the state does not sign in, and the other way round.
	mika.begin("github", "")
	linking := mika.choose(mika.begin("github", ""), "583232")
	guest := l.browser()
	guest.beginSignIn("github", "")
	require.Equal(t, lateSignIn, guest.get(linking).signInSays())
	require.Empty(t, guest.signedIn())

	require.Equal(t, "/account ", attacker.get(path).signInSays(), "none of them used it up")
	require.Equal(t, "second@aef.test", attacker.signedIn())
}

func TestAStateAndACodeSignInOnce(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	mika := l.user("member@aef.test")
	for provider, account := range linkable {
		require.Equal(t, done+provider, mika.link(provider, account).says())
	}
	for _, provider := range []string{"github", "discord", "clan"} {
		b := l.browser()
		path := b.choose(b.beginSignIn(provider, ""), linkable[provider])
		code, err := url.Parse(path)
		require.NoError(t, err)
		require.Equal(t, "/account ", b.get(path).signInSays())
		b = l.browser()
		second := b.choose(b.beginSignIn(provider, ""), linkable[provider])
		require.Equal(t, "/login IDENTITY_NOT_PROVEN", b.get(changed(t, second, "code", code.Query().Get("code"))).signInSays(), "a code again")
		require.Equal(t, lateSignIn, b.again(provider, path).signInSays(), "a state again")
		b = l.browser()
		first, other := b.choose(b.beginSignIn(provider, ""), linkable[provider]), b.choose(b.beginSignIn(provider, ""), linkable[provider])
		stolen, err := url.Parse(first)
		require.NoError(t, err)
		require.Equal(t, "/login IDENTITY_NOT_PROVEN", b.get(changed(t, other, "code", stolen.Query().Get("code"))).signInSays(), "a code of another flow")
		require.Empty(t, b.signedIn())
	}
	b := l.browser()
	path := b.choose(b.beginSignIn("github", ""), linkable["github"])
	require.Equal(t, lateSignIn, b.get(strings.Replace(path, "/github?", "/discord?", 1)).signInSays(), "another provider: mix-up")
	l.clock.Advance(domain.ProviderFlowLifetime)
	require.Equal(t, lateSignIn, b.get(path).signInSays(), "too late")
	require.Empty(t, b.signedIn())
}

// again opens an address once more, in a browser that is about to sign in.
func (b *browser) again(provider, path string) page {
	b.t.Helper()
	b.beginSignIn(provider, "")
	return b.get(path)
}

// An answer that names another issuer, or none though the issuer names itself always, is a mixed-up one.
func TestAnAnswerOfAnotherIssuerSignsNooneIn(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	l.user("member@aef.test").link("clan", "user-1")
	for _, iss := range []string{"https://evil.test", ""} {
		b := l.browser()
		require.Equal(t, "/login IDENTITY_NOT_PROVEN", b.get(changed(t, b.choose(b.beginSignIn("clan", ""), "user-1"), "iss", iss)).signInSays())
		require.Empty(t, b.signedIn())
	}
	b := l.browser()
	require.Equal(t, "/account ", b.get(changed(t, b.choose(b.beginSignIn("clan", ""), "user-1"), "iss", l.others.URL+"/oidc")).signInSays())
}

func TestABareSteamIDSignsNooneIn(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	l.user("member@aef.test").link("steam", gordon)
	b := l.browser()
	account := l.others.URL + "/steam/openid/id/" + gordon
	u, err := url.Parse(b.beginSignIn("steam", ""))
	require.NoError(t, err)
	returnTo, err := url.Parse(u.Query().Get("openid.return_to"))
	require.NoError(t, err)
	require.Equal(t, "/login IDENTITY_NOT_PROVEN", b.get(changed(t, returnTo.RequestURI(), "openid.claimed_id", account)).signInSays())
	// Another account's id under the signature of one that the attacker holds.
	mine := b.choose(b.beginSignIn("steam", ""), alyx)
	require.Equal(t, "/login IDENTITY_NOT_PROVEN", b.get(changed(t, mine, "openid.claimed_id", account, "openid.identity", account)).signInSays())
	require.Empty(t, b.signedIn())
}

// The browser goes to no other site, whatever next says, and whether or not the sign-in succeeds.
func TestAnExternalSignInLeadsToPagesOfThisHostOnly(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	l.user("member@aef.test").link("github", "583231")
	for _, next := range []string{
		"https://evil.test/", "//evil.test/", `/\evil.test`, `\\evil.test`, "/\t/evil.test", "javascript:alert(1)", "account", "", "/a\r\nLocation: https://evil.test",
	} {
		b := l.browser()
		require.Equal(t, "/account", b.get(b.choose(b.beginSignIn("github", next), "")).boot(t).Forms.Next, "%q", next)
		require.Equal(t, "/account ", b.get(b.choose(b.beginSignIn("github", next), "583231")).signInSays(), "%q", next)
	}
}

func TestExternalSignInsAreBounded(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	b := l.browser()
	start := func(provider string) page { return b.send(http.MethodGet, "/api/v1/auth/oauth/login/"+provider, nil) }
	start("none").refuses(t, 404, "PROVIDER_NOT_SUPPORTED")
	for range 100 {
		b.beginSignIn("steam", "")
	}
	start("steam").refuses(t, 429, "RATE_LIMITED")
	b.secondStep(map[string]any{}).refuses(t, 400, "SIGN_IN_EXPIRED")
}

// Many requests end one sign-in, and one of them gets the session.
func TestOneOfManyEndsASignIn(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	l.user("member@aef.test").link("github", "583231")
	b := l.browser()
	path := b.choose(b.beginSignIn("github", ""), "583231")
	said := make([]string, 20)
	var all sync.WaitGroup
	for i := range said {
		all.Go(func() {
			r, err := http.NewRequest(http.MethodGet, b.base+path, http.NoBody)
			if err != nil {
				return
			}
			u, _ := url.Parse(b.base + path)
			for _, c := range b.client.Jar.Cookies(u) {
				r.AddCookie(c)
			}
			resp, err := b.client.Transport.RoundTrip(r)
			if err != nil {
				return
			}
			_ = resp.Body.Close()
			said[i] = resp.Header.Get("Location")
		})
	}
	all.Wait()
	won := 0
	for _, s := range said {
		if s == "/account" {
			won++
			continue
		}
		require.Contains(t, s, "/login?")
	}
	require.Equal(t, 1, won)
}
