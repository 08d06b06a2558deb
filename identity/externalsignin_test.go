package identity_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	"go.updspace.com/tools/devkit/standins"
)

var linkable = map[string]string{
	"steam": gordon, "discord": standins.DiscordAccounts[0].ID, "github": standins.GitHubAccounts[0].ID, "clan": standins.IssuerAccounts[0].ID,
}

// beginSignIn is the address at the provider that the browser of a guest is sent to.
func (b *browser) beginSignIn(provider, next string) string {
	b.t.Helper()
	p := b.send(http.MethodGet, "/api/v1/auth/oauth/login/"+provider+"?"+url.Values{"next": {next}}.Encode(), nil)
	require.Equal(b.t, http.StatusOK, p.StatusCode, p.body)
	var out identityapi.LinkStart
	require.NoError(b.t, json.Unmarshal([]byte(p.body), &out))
	require.Equal(b.t, identityapi.LinkStartMethodGET, out.Method)
	return out.AuthorizeURL
}

// signInWith goes to a provider and back.
func (b *browser) signInWith(provider, account string) page {
	b.t.Helper()
	return b.get(b.choose(b.beginSignIn(provider, ""), account))
}

// signInSays is what the page says that a sign-in has led to.
func (p page) signInSays() string {
	q := p.Request.URL.Query()
	return p.at() + " " + q.Get("sign_in_error") + q.Get("step")
}

// signedIn reports whose session the browser has.
func (b *browser) signedIn() string {
	b.t.Helper()
	var me identityapi.AuthMe
	require.NoError(b.t, json.Unmarshal([]byte(b.send(http.MethodGet, "/api/v1/auth/me", nil).body), &me))
	if me.User.IsNull() {
		return ""
	}
	return me.User.MustGet().Email
}

// session is the token of the browser's session.
func (b *browser) session() string {
	b.t.Helper()
	u, err := url.Parse(b.base)
	require.NoError(b.t, err)
	for _, c := range b.client.Jar.Cookies(u) {
		if c.Name == "sessionid" {
			return c.Value
		}
	}
	return ""
}

func (b *browser) secondStep(body any) page {
	b.t.Helper()
	return b.send(http.MethodPost, "/api/v1/auth/oauth/second-step", body)
}

func TestLinkedAccountsOfEveryProviderSignIn(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	mika := l.user("member@aef.test")
	for provider, account := range linkable {
		require.Equal(t, done+provider, mika.link(provider, account).says())
	}
	l.clock.Advance(time.Second)
	for provider, account := range linkable {
		b := l.browser()
		p := b.get(b.choose(b.beginSignIn(provider, "/account/apps?from=aef"), account))
		require.Equal(t, "/account/apps?from=aef", p.Request.URL.RequestURI(), provider)
		require.Equal(t, "member@aef.test", b.signedIn())
		// The page of linked accounts, where one would link more: the word of another service does not confirm that it is the user.
		b.send(http.MethodGet, "/api/v1/auth/oauth/link/steam", nil).refuses(t, 403, "REAUTHENTICATION_REQUIRED")
		b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": "steam"}).refuses(t, 403, "REAUTHENTICATION_REQUIRED")
		b.call("mfa/totp/begin", nil).refuses(t, 403, "REAUTHENTICATION_REQUIRED")
	}
	last := l.logins(mika.session())[0]
	require.Equal(t, "external", last.Method)
	require.True(t, last.IsNewDevice)
	require.Eventually(t, func() bool { return l.mails("member@aef.test", "A new device has signed in to UpdSpace") == 5 },
		30*time.Second, 10*time.Millisecond, "each new browser is told of, and the first")
	entries := l.auditLog(audit.Filter{Action: domain.ActionSignedIn, Concerning: member})
	require.Equal(t, "external", entries[0].Metadata["method"])
	require.Contains(t, linkable, entries[0].Metadata["provider"])

	// Confirmed with the password, the session may change the ways to sign in.
	b := l.browser()
	b.signInWith("steam", gordon)
	require.Equal(t, 200, b.call("reauth", map[string]string{"password": identity.DemoPassword}).StatusCode)
	require.Equal(t, 200, b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": "github"}).StatusCode)
}

// An account that no user has linked makes none, and the page says what to do.
func TestAnExternalAccountThatIsNotLinkedSignsNooneIn(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	for provider, account := range linkable {
		b := l.browser()
		p := b.get(b.choose(b.beginSignIn(provider, "/account/apps"), account))
		require.Equal(t, "/login IDENTITY_NOT_LINKED", p.signInSays())
		require.Equal(t, provider, p.Request.URL.Query().Get("provider"))
		require.Equal(t, "/account/apps", p.boot(t).Forms.Next)
		require.Empty(t, b.signedIn())
	}
	// After the way that does sign in, the account is not linked by itself.
	b := l.user("member@aef.test")
	require.Empty(t, b.linked())
	require.Equal(t, "/login ACCESS_DENIED", l.browser().signInWith("github", "").signInSays())
}

// What is wrong with the account is said as after a right password.
func TestAnExternalSignInHeedsTheStateOfTheAccount(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	l.user("second@aef.test").link("steam", gordon)
	for status, code := range map[domain.Status]string{domain.StatusSuspended: "ACCOUNT_SUSPENDED", domain.StatusBanned: "ACCOUNT_BANNED"} {
		l.setStatus("second@aef.test", status)
		b := l.browser()
		require.Equal(t, "/login "+code, b.signInWith("steam", gordon).signInSays())
		require.Empty(t, b.signedIn())
	}
	l.setStatus("second@aef.test", domain.StatusActive)
	l.exec("UPDATE users SET email_verified = false WHERE email = 'second@aef.test'")
	require.Equal(t, "/login EMAIL_NOT_VERIFIED", l.browser().signInWith("steam", gordon).signInSays())
	l.exec("UPDATE users SET email_verified = true WHERE email = 'second@aef.test'")
	b := l.browser()
	require.Equal(t, "/account ", b.signInWith("steam", gordon).signInSays())
	failed := l.logins(b.session())[1]
	require.Equal(t, "external EMAIL_NOT_VERIFIED", failed.Method+" "+failed.Reason)
}

// The second step is asked for as after a password, by each of its ways.
func TestAnExternalAccountIsOneStep(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	mika := l.user("member@aef.test")
	mika.link("github", "583231")
	app, _ := l.withApp(mika)
	pending := func() *browser {
		b := l.browser()
		require.Equal(t, "/login second", b.signInWith("github", "583231").signInSays())
		require.Empty(t, b.signedIn())
		return b
	}
	b := pending()
	asked := b.secondStep(map[string]any{})
	asked.refuses(t, 401, "MFA_REQUIRED")
	require.Contains(t, asked.body, `"ways":["totp","recovery_code"]`)
	b.secondStep(map[string]any{"mfa_code": "000000"}).refuses(t, 401, "INVALID_CREDENTIALS")
	in := read[identityapi.LoginResult](t, b.secondStep(map[string]any{"mfa_code": app.fresh()}))
	require.Equal(t, member, in.User.ID)
	require.Equal(t, "member@aef.test", b.signedIn())
	b.secondStep(map[string]any{"mfa_code": app.fresh()}).refuses(t, 400, "SIGN_IN_EXPIRED")
	require.Equal(t, 200, b.call("mfa/recovery/regenerate", nil).StatusCode, "two factors confirm")

	l.clock.Advance(time.Minute)
	fresh := read[identityapi.RecoveryCodes](t, b.call("mfa/recovery/regenerate", nil)).RecoveryCodes
	b = pending()
	in = read[identityapi.LoginResult](t, b.secondStep(map[string]any{"recovery_code": fresh[0]}))
	require.Len(t, in.RecoveryCodes.MustGet(), 10)

	// A code that is taken, a step that is late, an account that was unlinked or suspended meanwhile, another browser.
	b = pending()
	l.browser().secondStep(map[string]any{"mfa_code": app.fresh()}).refuses(t, 400, "SIGN_IN_EXPIRED")
	l.clock.Advance(11 * time.Minute)
	b.secondStep(map[string]any{"mfa_code": app.fresh()}).refuses(t, 400, "SIGN_IN_EXPIRED")
	b = pending()
	b.send(http.MethodPost, "/api/v1/auth/oauth/second-step", map[string]any{"mfa_code": app.fresh()}, "Sec-Fetch-Site", "cross-site").refuses(t, 403, "CSRF_FAILED")
	l.setStatus("member@aef.test", domain.StatusSuspended)
	b.secondStep(map[string]any{"mfa_code": app.fresh()}).refuses(t, 403, "ACCOUNT_SUSPENDED")
	l.setStatus("member@aef.test", domain.StatusActive)
	b = pending()
	l.exec("DELETE FROM external_identities")
	b.secondStep(map[string]any{"mfa_code": app.fresh()}).refuses(t, 403, "IDENTITY_NOT_LINKED")
}

// acr in the ID token says how many factors there were.
func TestTheLevelOfAnExternalSignIn(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	mika := l.user("member@aef.test")
	mika.link("steam", gordon)
	level := func(b *browser) any {
		c := l.client()
		token, err := c.redeem(c.arrived(b.get(c.authorizePath())).Get("code"))
		require.NoError(t, err)
		return payload(t, token.Extra("id_token").(string))["acr"]
	}
	b := l.browser()
	b.signInWith("steam", gordon)
	require.Equal(t, domain.ACRSingle, level(b))
	app, _ := l.withApp(mika)
	b = l.browser()
	b.signInWith("steam", gordon)
	require.Equal(t, 200, b.secondStep(map[string]any{"mfa_code": app.fresh()}).StatusCode)
	require.Equal(t, domain.ACRStrong, level(b))
}

// A request of an application is answered after the sign-in, also when it demands a new one.
func TestAnExternalSignInAnswersAnAuthorization(t *testing.T) {
	t.Parallel()
	l := startLinking(t)
	mika := l.user("member@aef.test")
	mika.link("github", "583231")
	l.clock.Advance(time.Minute)
	p := mika.get(l.client().authorizePath() + "&prompt=login")
	require.Equal(t, "/login", p.at())
	l.clock.Advance(time.Second)
	next := p.boot(t).Forms.Next
	back := mika.get(mika.choose(mika.beginSignIn("github", next), "583231"))
	require.Equal(t, http.StatusFound, back.StatusCode, back.body)
	location, err := back.Location()
	require.NoError(t, err)
	require.NotEmpty(t, location.Query().Get("code"), location)
}

// An account that would be lost with its last way in keeps it.
func TestALinkedAccountIsAWayIn(t *testing.T) {
	t.Parallel()
	const none, others = "", "it may go"
	for name, c := range map[string]struct {
		password, alone, step, second bool
		gone                          bool // the other linked account is of a provider that is not set up any more
		unlink                        string
	}{
		"a password is left":                      {password: true, unlink: others},
		"a passkey that signs in alone is left":   {alone: true, unlink: others},
		"a passkey that is a second step is left": {step: true, unlink: none},
		"another account is left":                 {second: true, unlink: others},
		"an account of a former provider is left": {second: true, gone: true, unlink: none},
		"nothing is left":                         {unlink: none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := startLinking(t)
			b := l.user("member@aef.test")
			b.link("steam", gordon)
			if c.second {
				b.link("github", "583231")
			}
			if c.gone {
				l.exec("UPDATE external_identities SET provider = 'former' WHERE provider = 'github'")
			}
			if c.alone || c.step {
				l.newPasskey(b, "Phone")
				l.exec("UPDATE passkeys SET alone = ?", c.alone)
			}
			if !c.password {
				l.exec("UPDATE users SET password_hash = '' WHERE email = 'member@aef.test'")
			}
			p := b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": "steam"})
			if c.unlink == none {
				p.refuses(t, 409, "LAST_WAY_IN")
				require.Equal(t, "/account ", l.browser().signInWith("steam", gordon).signInSays())
				return
			}
			require.Equal(t, 200, p.StatusCode, p.body)
		})
	}
	t.Run("a passkey beside a linked account", func(t *testing.T) {
		t.Parallel()
		l := startLinking(t)
		b := l.user("member@aef.test")
		key := l.newPasskey(b, "Phone")
		require.NotNil(t, key)
		l.exec("UPDATE users SET password_hash = '' WHERE email = 'member@aef.test'")
		ids := map[string]any{"ids": []string{read[identityapi.PasskeyList](t, b.send(http.MethodGet, "/api/v1/auth/passkeys", nil)).Authenticators[0].ID.String()}}
		b.call("passkeys/delete", ids).refuses(t, 409, "LAST_WAY_IN")
		b.link("steam", gordon)
		require.Equal(t, 200, b.call("passkeys/delete", ids).StatusCode)
		b.send(http.MethodPost, "/api/v1/auth/oauth/unlink", map[string]string{"provider": "steam"}).refuses(t, 409, "LAST_WAY_IN")
	})
}
