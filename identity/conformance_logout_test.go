package identity_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	josejwt "github.com/go-jose/go-jose/v4/jwt"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// TestConformanceConfig mirrors oidcc-config-certification-test-plan.
func TestConformanceConfig(t *testing.T) {
	t.Parallel()
	run1by1(t, []conformanceModule{{"oidcc-discovery-endpoint-verification", func(m *module) {
		f := m.flow()
		m.setup(f)
		m.httpsEndpoints(f)
		require.Equal(m.t, m.url, f.metadata["issuer"])
		u, err := url.Parse(m.url)
		require.NoError(m.t, err)
		require.True(m.t, u.Scheme == "https" && u.RawQuery == "" && u.Fragment == "" && u.User == nil)
		require.Contains(m.t, f.list(m.t, "response_types_supported"), "code")
		require.Subset(m.t, []string{"public", "pairwise"}, f.list(m.t, "subject_types_supported"))
		require.Contains(m.t, f.list(m.t, "id_token_signing_alg_values_supported"), "RS256")
		require.Equal(m.t, []string{"authorization_code", "refresh_token"}, f.list(m.t, "grant_types_supported"))
		scopes := f.list(m.t, "scopes_supported")
		require.Contains(m.t, scopes, "openid")
		for _, name := range scopes {
			require.Regexp(m.t, errorText, name)
		}
		require.Contains(m.t, f.list(m.t, "claims_supported"), "sub")
		require.Contains(m.t, f.metadata, "userinfo_endpoint")
		require.Equal(m.t, []string{"en", "ru"}, f.list(m.t, "ui_locales_supported"))
		require.Equal(m.t, []string{"S256"}, f.list(m.t, "code_challenge_methods_supported"))
		require.NotContains(m.t, f.metadata, "request_object_signing_alg_values_supported")
		for name := range f.metadata {
			require.Contains(m.t, knownMetadata, name, "a member that no specification has")
		}
		require.JSONEq(m.t, m.fetch("/.well-known/openid-configuration"), m.fetch("/.well-known/oauth-authorization-server"), "RFC 8414 has the same")
	}}})
}

// knownMetadata are members of Discovery 1.0, RFC 8414, RFC 9207, the logout specifications and prompt=create.
var knownMetadata = strings.Fields(`issuer authorization_endpoint token_endpoint userinfo_endpoint end_session_endpoint jwks_uri revocation_endpoint
	introspection_endpoint response_types_supported response_modes_supported grant_types_supported subject_types_supported
	id_token_signing_alg_values_supported scopes_supported claims_supported claim_types_supported token_endpoint_auth_methods_supported
	token_endpoint_auth_signing_alg_values_supported revocation_endpoint_auth_methods_supported
	revocation_endpoint_auth_signing_alg_values_supported introspection_endpoint_auth_methods_supported
	introspection_endpoint_auth_signing_alg_values_supported code_challenge_methods_supported ui_locales_supported claims_parameter_supported
	request_parameter_supported request_uri_parameter_supported authorization_response_iss_parameter_supported backchannel_logout_supported
	backchannel_logout_session_supported acr_values_supported display_values_supported prompt_values_supported`)

// httpsEndpoints requires that every endpoint is https.
func (m *module) httpsEndpoints(f *flow) {
	m.t.Helper()
	for name, value := range f.metadata {
		if strings.HasSuffix(name, "_endpoint") || name == "jwks_uri" {
			require.True(m.t, strings.HasPrefix(value.(string), "https://"), name)
		}
	}
	require.Contains(m.t, f.metadata, "end_session_endpoint")
}

// logout is the block LOGOUT, with changes of its parameters; it confirms where it is asked.
func (m *module) logout(f *flow, change func(params url.Values)) (p page, asked bool) {
	m.t.Helper()
	params := url.Values{
		"id_token_hint": {f.rawID}, "post_logout_redirect_uri": {m.rp.URL + rpPostLogout},
		"state": {random(40) + "!\"#$%&'()*~,-./:~<=>?@[\\]^_`{|}~" + random(18)},
	}
	change(params)
	f.state = params.Get("state")
	m.rp.take()
	return m.confirm(m.b.get("/oauth/end_session?" + params.Encode()))
}

// confirm answers the page that asks, if there is one.
func (m *module) confirm(p page) (page, bool) {
	m.t.Helper()
	if p.StatusCode != http.StatusOK || p.at() != "/logout" {
		return p, false
	}
	body := map[string]string{}
	for name, values := range p.Request.URL.Query() {
		body[name] = values[0]
	}
	require.NotNil(m.t, p.boot(m.t).Forms.Logout)
	target := m.b.send(http.MethodPost, "/oauth/end_session/confirm", body).leadsTo(m.t)
	if target == "" {
		return m.b.get("/signed-out"), true
	}
	r, err := http.NewRequest(http.MethodGet, target, nil)
	require.NoError(m.t, err)
	return m.b.do(m.b.client, r), true
}

// signedInFlow is HAPPY with a state of 128 characters.
func (m *module) signedInFlow() *flow {
	m.t.Helper()
	return m.happy(func(f *flow) { f.state = random(128) })
}

// postLogout requires that the browser has got to the address after sign-out with the state and nothing else.
func (m *module) postLogout(f *flow) {
	m.t.Helper()
	var got []rpRequest
	for _, r := range m.rp.take() {
		if r.path != rpLogout {
			got = append(got, r)
		}
	}
	require.Len(m.t, got, 1)
	require.Equal(m.t, rpPostLogout, got[0].path)
	want := url.Values{}
	if f.state != "" {
		want.Set("state", f.state)
	}
	require.Equal(m.t, want, got[0].query)
}

// none is the block NONE: no user is signed in.
func (m *module) none() {
	m.t.Helper()
	m.rp.take()
	f := m.flow(with("prompt", "none"))
	m.err(f, m.auth(f), "login_required")
}

// stays requires that the browser was not sent to the client.
func (m *module) stays() {
	m.t.Helper()
	for _, r := range m.rp.take() {
		require.Equal(m.t, rpLogout, r.path)
	}
}

// signedOutPage requires the page that says so.
func (m *module) signedOutPage(p page) {
	m.t.Helper()
	require.Equal(m.t, http.StatusOK, p.StatusCode)
	require.Equal(m.t, "/signed-out", p.at())
	m.stays()
	m.none()
}

// refusedLogout requires that a page asks or refuses, and that the client is not called.
func (m *module) refusedLogout(f *flow, change func(params url.Values)) {
	m.t.Helper()
	p, asked := m.logout(f, change)
	if !asked {
		m.errorPage(p, 400, "INVALID_REDIRECT_URI")
	}
	m.stays()
}

// TestConformanceRPInitiatedLogout mirrors oidcc-rp-initiated-logout-certification-test-plan.
func TestConformanceRPInitiatedLogout(t *testing.T) {
	t.Parallel()
	run1by1(t, []conformanceModule{
		{"oidcc-rp-initiated-logout-discovery-endpoint-verification", func(m *module) {
			f := m.flow()
			m.setup(f)
			m.httpsEndpoints(f)
		}},
		{"oidcc-rp-initiated-logout", func(m *module) {
			f := m.signedInFlow()
			m.logout(f, func(url.Values) {})
			m.postLogout(f)
			m.none()

			f = m.signedInFlow() // the same as a form
			form := url.Values{"id_token_hint": {f.rawID}, "post_logout_redirect_uri": {m.rp.URL + rpPostLogout}, "state": {f.state}}
			m.rp.take()
			m.confirm(m.crossSite("/oauth/end_session", form))
			m.postLogout(f)
			m.none()
		}},
		{"oidcc-rp-initiated-logout-bad-post-logout-redirect-uri", func(m *module) {
			m.refusedLogout(m.signedInFlow(), func(p url.Values) { p.Set("post_logout_redirect_uri", m.rp.URL+rpBase+"/bad_post_logout_redirect_uri") })
		}},
		{"oidcc-rp-initiated-logout-modified-id-token-hint", func(m *module) {
			f := m.signedInFlow()
			m.refusedLogout(f, func(p url.Values) {
				p.Set("id_token_hint", base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`))+"."+strings.Split(f.rawID, ".")[1]+".")
			})
		}},
		{"oidcc-rp-initiated-logout-no-id-token-hint", func(m *module) {
			m.refusedLogout(m.signedInFlow(), func(p url.Values) { p.Del("id_token_hint") })
		}},
		{"oidcc-rp-initiated-logout-no-params", func(m *module) {
			p, _ := m.logout(m.signedInFlow(), func(p url.Values) { clear(p) })
			m.signedOutPage(p)
		}},
		{"oidcc-rp-initiated-logout-no-post-logout-redirect-uri", func(m *module) {
			p, _ := m.logout(m.signedInFlow(), func(p url.Values) { p.Del("post_logout_redirect_uri") })
			m.signedOutPage(p)
		}},
		{"oidcc-rp-initiated-logout-no-state", func(m *module) {
			f := m.signedInFlow()
			m.logout(f, func(p url.Values) { p.Del("state") })
			m.postLogout(f)
			m.none()
		}},
		{"oidcc-rp-initiated-logout-only-state", func(m *module) {
			p, _ := m.logout(m.signedInFlow(), func(p url.Values) { p.Del("id_token_hint"); p.Del("post_logout_redirect_uri") })
			m.signedOutPage(p)
		}},
		{"oidcc-rp-initiated-logout-query-added-to-post-logout-redirect-uri", func(m *module) {
			m.refusedLogout(m.signedInFlow(), func(p url.Values) { p.Set("post_logout_redirect_uri", m.rp.URL+rpPostLogout+"?foo=bar") })
		}},
		{"oidcc-rp-initiated-logout-bad-id-token-hint", func(m *module) {
			signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.HS256, Key: []byte(secretOf("client"))}, nil)
			require.NoError(m.t, err)
			now := m.clock.Now()
			forged, err := josejwt.Signed(signer).Claims(map[string]any{
				"iss": "client", "aud": m.url, "sub": "SubjectID", "nonce": "flibble", "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
			}).Serialize()
			require.NoError(m.t, err)
			m.refusedLogout(m.signedInFlow(), func(p url.Values) { p.Set("id_token_hint", forged) })
		}},
	})
}

// TestConformanceBackChannelLogout mirrors oidcc-backchannel-rp-initiated-logout-certification-test-plan.
func TestConformanceBackChannelLogout(t *testing.T) {
	t.Parallel()
	run1by1(t, []conformanceModule{
		{"oidcc-backchannel-logout-discovery-endpoint-verification", func(m *module) {
			f := m.flow()
			m.setup(f)
			m.httpsEndpoints(f)
			require.Equal(m.t, true, f.metadata["backchannel_logout_supported"])
			require.Equal(m.t, true, f.metadata["backchannel_logout_session_supported"])
		}},
		{"oidcc-backchannel-rp-initiated-logout", func(m *module) {
			f := m.signedInFlow()
			m.logout(f, func(url.Values) {})
			requests := m.rp.take()
			require.Len(m.t, requests, 2)
			require.Equal(m.t, []string{rpLogout, rpPostLogout}, []string{requests[0].path, requests[1].path})
			require.Equal(m.t, url.Values{"state": {f.state}}, requests[1].query)

			told := requests[0]
			require.Equal(m.t, http.MethodPost, told.method)
			require.Equal(m.t, "application/x-www-form-urlencoded", told.header.Get("Content-Type"))
			require.Len(m.t, told.form, 1)
			claims, header := m.verified(f, told.form.Get("logout_token"))
			require.Equal(m.t, "logout+jwt", header.ExtraHeaders[jose.HeaderType])
			require.Equal(m.t, m.url, claims["iss"])
			require.Equal(m.t, "client", claims["aud"])
			require.Equal(m.t, f.id["sub"], claims["sub"])
			require.Equal(m.t, f.id["sid"], claims["sid"])
			require.Equal(m.t, map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}}, claims["events"])
			require.NotContains(m.t, claims, "nonce")
			require.NoError(m.t, uuid.Validate(claims["jti"].(string)))
			now := m.clock.Now()
			require.False(m.t, at(claims["iat"]).After(now) || at(claims["iat"]).Before(now.Add(-time.Minute)))
			require.True(m.t, at(claims["exp"]).After(now) && at(claims["exp"]).Before(now.Add(5*time.Minute)))
			m.none()
		}},
	})
}
