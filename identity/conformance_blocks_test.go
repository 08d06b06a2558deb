package identity_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
)

// setup is the block SETUP.
func (m *module) setup(f *flow) {
	m.t.Helper()
	require.NoError(m.t, json.Unmarshal([]byte(m.fetch("/.well-known/openid-configuration")), &f.metadata))
	for _, name := range []string{"issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"} {
		u, err := url.Parse(f.metadata[name].(string))
		require.NoError(m.t, err)
		require.True(m.t, u.IsAbs() && u.Host != "", name)
	}
	methods := f.list(m.t, "token_endpoint_auth_methods_supported")
	require.Contains(m.t, methods, "client_secret_basic")
	require.Contains(m.t, methods, "client_secret_post")
	raw := m.fetch(m.path(f.metadata["jwks_uri"].(string)))
	require.NoError(m.t, json.Unmarshal([]byte(raw), &f.keys))
	kids := map[string]bool{}
	for _, k := range f.keys.Keys {
		require.True(m.t, k.Valid() && k.IsPublic(), k.KeyID)
		require.NotEmpty(m.t, k.KeyID)
		require.False(m.t, kids[k.KeyID], "kids are distinct")
		kids[k.KeyID] = true
	}
	for _, private := range []string{`"d"`, `"p"`, `"q"`, `"k"`, `"dp"`, `"dq"`, `"qi"`} {
		require.NotContains(m.t, raw, private)
	}
}

func (m *module) fetch(path string) string {
	m.t.Helper()
	p := m.b.get(path)
	require.Equal(m.t, http.StatusOK, p.StatusCode, p.body)
	require.Contains(m.t, p.Header.Get("Content-Type"), "application/json")
	return p.body
}

// path is an address of the service without its host.
func (m *module) path(address string) string {
	m.t.Helper()
	path, ours := strings.CutPrefix(address, m.url)
	require.True(m.t, ours, address)
	return path
}

func (f *flow) list(t testing.TB, member string) (out []string) {
	t.Helper()
	values, ok := f.metadata[member].([]any)
	require.True(t, ok, member)
	for _, v := range values {
		out = append(out, v.(string))
	}
	return out
}

// auth is the block AUTH, with what the user does: it returns where the browser ends up.
func (m *module) auth(f *flow) page {
	m.t.Helper()
	params := url.Values{
		"client_id": {f.client}, "redirect_uri": {m.rp.URL + rpCallback}, "scope": {f.scope}, "state": {f.state}, "nonce": {f.nonce}, "response_type": {"code"},
	}
	for name, values := range f.more {
		if params[name] = values; len(values) == 0 {
			delete(params, name)
		}
	}
	if f.post {
		return m.walk(f, m.crossSite("/oauth/authorize", params))
	}
	query := params.Encode()
	if f.reversed {
		parts := strings.Split(query, "&")
		slices.Reverse(parts)
		query = strings.Join(parts, "&")
	}
	return m.walk(f, m.b.get("/oauth/authorize?"+query))
}

// crossSite sends a form of the client's page: the browser leaves its Lax cookies out, and brings them where it is sent on to.
func (m *module) crossSite(path string, form url.Values) page {
	m.t.Helper()
	foreign := &http.Client{Transport: m.b.client.Transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	p := m.b.write(foreign, http.MethodPost, path, "application/x-www-form-urlencoded", form.Encode(), []string{"Origin", m.rp.URL, "Sec-Fetch-Site", "cross-site"})
	require.Equal(m.t, http.StatusSeeOther, p.StatusCode, p.body)
	target, err := p.Location()
	require.NoError(m.t, err)
	return m.b.get(m.path(target.String()))
}

// walk signs in and consents, as long as it is asked to.
func (m *module) walk(f *flow, p page) page {
	m.t.Helper()
	for range 4 {
		switch {
		case p.StatusCode != http.StatusOK || !strings.HasPrefix(p.Request.URL.String(), m.url):
			return p
		case p.at() == "/login":
			require.False(m.t, f.sawLogin, "one sign-in is enough")
			f.sawLogin = true
			p = m.b.signIn(p, "member@aef.test", identity.DemoPassword)
		case p.at() == "/authorize" && p.boot(m.t).Forms.Authorize != nil:
			f.sawConsent = true
			target := m.b.send(http.MethodPost, "/oauth/authorize/approve", map[string]any{"request_id": p.boot(m.t).Forms.Authorize.RequestID}).leadsTo(m.t)
			path, ours := strings.CutPrefix(target, m.url)
			if ours {
				p = m.b.get(path)
				continue
			}
			r, err := http.NewRequest(http.MethodGet, target, nil)
			require.NoError(m.t, err)
			return m.b.do(m.b.client, r)
		default:
			return p
		}
	}
	require.Fail(m.t, "the browser goes in circles")
	return p
}

// cb is the block CB.
func (m *module) cb(f *flow, p page) {
	m.t.Helper()
	m.arrived(f, p)
	require.Empty(m.t, f.callback.Get("error"), "%v", f.callback)
	require.NotEmpty(m.t, f.callback.Get("code"), "%v", f.callback)
}

// arrived requires that the browser has got to the redirect URI, once.
func (m *module) arrived(f *flow, p page) {
	m.t.Helper()
	requests := m.rp.take()
	require.Len(m.t, requests, 1, "%d %s: %s", p.StatusCode, p.Request.URL, p.body)
	require.Equal(m.t, rpCallback, requests[0].path)
	require.Equal(m.t, http.MethodGet, requests[0].method)
	f.callback = requests[0].query
	require.Equal(m.t, f.state, f.callback.Get("state"))
	require.Equal(m.t, m.url, f.callback.Get("iss"))
}

// tok is the block TOK.
func (m *module) tok(f *flow) {
	m.t.Helper()
	status, header, body := m.redeem(f)
	require.Equal(m.t, http.StatusOK, status, "%v", body)
	m.tokens(f, header, body)
}

// redeem sends the token request of a flow.
func (m *module) redeem(f *flow) (int, http.Header, map[string]any) {
	m.t.Helper()
	form := url.Values{"grant_type": {"authorization_code"}, "code": {f.callback.Get("code")}, "redirect_uri": {m.rp.URL + rpCallback}}
	if f.verifier != "" {
		form.Set("code_verifier", f.verifier)
	}
	return m.asClient(f.client, form, f.secretInBody)
}

// asClient posts to the token endpoint with the client's secret.
func (m *module) asClient(client string, form url.Values, inBody bool) (int, http.Header, map[string]any) {
	m.t.Helper()
	if inBody {
		form.Set("client_id", client)
		form.Set("client_secret", secretOf(client))
		return m.form("/oauth/token", form)
	}
	r := &http.Request{Header: http.Header{}}
	r.SetBasicAuth(url.QueryEscape(client), url.QueryEscape(secretOf(client)))
	return m.form("/oauth/token", form, "Authorization", r.Header.Get("Authorization"))
}

// tokens checks a token answer.
func (m *module) tokens(f *flow, header http.Header, body map[string]any) {
	m.t.Helper()
	require.Contains(m.t, header.Get("Content-Type"), "application/json")
	require.Contains(m.t, header.Get("Cache-Control"), "no-store")
	require.NotContains(m.t, body, "error")
	f.token = body
	f.access, f.rawID = body["access_token"].(string), body["id_token"].(string)
	require.True(m.t, strings.EqualFold("Bearer", body["token_type"].(string)))
	expires, ok := body["expires_in"].(float64)
	require.True(m.t, ok, "expires_in is a number")
	require.True(m.t, expires >= 1 && expires <= 31536000)
	require.Greater(m.t, shannon(f.access), 96.0)
}

// ui is the block UI.
func (m *module) ui(f *flow) {
	m.t.Helper()
	m.userinfo(f, http.MethodGet, "", "Authorization", f.token["token_type"].(string)+" "+f.access)
}

// userinfo asks for claims and makes the checks of UIC.
func (m *module) userinfo(f *flow, method, body string, headers ...string) map[string]any {
	m.t.Helper()
	kind := ""
	if body != "" {
		kind = "application/x-www-form-urlencoded"
	}
	p := m.b.write(m.b.client, method, "/oauth/userinfo", kind, body, headers)
	require.Equal(m.t, http.StatusOK, p.StatusCode, p.body)
	require.Contains(m.t, p.Header.Get("Content-Type"), "application/json")
	var claims map[string]any
	require.NoError(m.t, json.Unmarshal([]byte(p.body), &claims))
	m.standardClaims(claims)
	require.Equal(m.t, f.id["sub"], claims["sub"])
	require.NotContains(m.t, claims, "_claim_names")
	return claims
}

// happy is the block HAPPY.
func (m *module) happy(change ...func(*flow)) *flow {
	m.t.Helper()
	f := m.flow(change...)
	m.setup(f)
	m.cb(f, m.auth(f))
	m.tok(f)
	m.idt(f)
	m.ui(f)
	return f
}

// claims is the block CLAIMS: the claims at userinfo, of which none may be missing.
func (m *module) claims(want []string, change ...func(*flow)) map[string]any {
	m.t.Helper()
	f := m.happy(change...)
	claims := m.userinfo(f, http.MethodGet, "", "Authorization", "Bearer "+f.access)
	names := slices.Sorted(maps.Keys(claims))
	for _, name := range append([]string{"sub"}, want...) {
		require.Contains(m.t, names, name)
	}
	return claims
}

// twice is the block TWICE: the second authorization needs no user.
func (m *module) twice(first, second func(before, f *flow)) (one, two *flow) {
	m.t.Helper()
	one = m.happy(func(f *flow) { first(nil, f) })
	m.clock.Advance(time.Minute)
	two = m.happy(func(f *flow) { second(one, f) })
	require.False(m.t, two.sawLogin || two.sawConsent, "no page is shown")
	require.Equal(m.t, one.id["sub"], two.id["sub"])
	require.Equal(m.t, one.id["auth_time"], two.id["auth_time"])
	return one, two
}

// err is the block ERR: an error at the redirect URI, one of those that are wanted.
func (m *module) err(f *flow, p page, want ...string) {
	m.t.Helper()
	m.arrived(f, p)
	require.Empty(m.t, f.callback.Get("code"))
	require.Contains(m.t, want, f.callback.Get("error"))
	m.oauthError(f.callback.Get("error"), f.callback.Get("error_description"), f.callback.Get("error_uri"))
	require.Subset(m.t, []string{"error", "error_description", "error_uri", "state", "session_state", "iss"}, slices.Collect(maps.Keys(f.callback)))
}

// errorPage requires a page that names the error, and that the client was not called.
func (m *module) errorPage(p page, status int, code string) {
	m.t.Helper()
	p.shows(m.t, status, code)
	require.Contains(m.t, p.Header.Get("Content-Type"), "text/html")
	require.Empty(m.t, p.Header.Get("Location"))
	require.Empty(m.t, m.rp.take())
}
