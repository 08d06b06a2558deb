package identity_test

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/identity/domain"
)

// The claims of the scopes that an account can have. It has no middle_name, profile, picture, website, gender and updated_at.
var (
	profileClaims = []string{"name", "given_name", "family_name", "nickname", "preferred_username", "zoneinfo", "locale"}
	emailClaims   = []string{"email", "email_verified"}
	phoneClaims   = []string{"phone_number", "phone_number_verified"}
)

var promptNoneErrors = []string{"login_required", "interaction_required", "account_selection_required", "consent_required"}

type conformanceModule struct {
	name string
	run  func(m *module)
}

// run runs the modules of a plan one after the other: they share a service and its clock, and each has a browser of its own.
func run1by1(t *testing.T, modules []conformanceModule) {
	t.Helper()
	s := newSuite(t)
	for _, module := range modules {
		t.Run(module.name, func(t *testing.T) { module.run(s.module(t)) })
	}
}

// TestConformanceBasic mirrors oidcc-basic-certification-test-plan.
func TestConformanceBasic(t *testing.T) {
	t.Parallel()
	run1by1(t, slices.Concat(basicHappy, basicScopes, basicInteraction, basicRefusals))
}

var basicHappy = []conformanceModule{
	{"oidcc-server", func(m *module) {
		f := m.happy()
		code, err := base64.RawURLEncoding.DecodeString(f.callback.Get("code"))
		require.NoError(m.t, err)
		require.GreaterOrEqual(m.t, len(code)*8, 128)
		require.Greater(m.t, shannon(f.callback.Get("code")), 96.0)
		require.Equal(m.t, "RS256", f.idHeader.Algorithm)
		require.NotEmpty(m.t, f.idHeader.KeyID)
	}},
	{"oidcc-idtoken-signature", func(m *module) { // there is no dynamic registration; its checks are in oidcc-server
		f := m.happy()
		require.NotContains(m.t, f.metadata, "registration_endpoint")
	}},
	{"oidcc-idtoken-unsigned", func(m *module) {
		f := m.flow()
		m.setup(f)
		require.NotContains(m.t, f.list(m.t, "id_token_signing_alg_values_supported"), "none")
		require.NotContains(m.t, f.metadata, "registration_endpoint")
	}},
	{"oidcc-userinfo-get", func(m *module) {
		f := m.happy()
		m.userinfo(f, http.MethodGet, "", "Authorization", "Bearer "+f.access)
	}},
	{"oidcc-userinfo-post-header", func(m *module) {
		f := m.happy()
		m.userinfo(f, http.MethodPost, "", "Authorization", "Bearer "+f.access)
	}},
	{"oidcc-userinfo-post-body", func(m *module) {
		f := m.happy()
		form := url.Values{"access_token": {f.access}}.Encode()
		m.userinfo(f, http.MethodPost, form)
		twice := m.b.write(m.b.client, http.MethodPost, "/oauth/userinfo", "application/x-www-form-urlencoded", form, []string{"Authorization", "Bearer " + f.access})
		twice.refuses(m.t, 400, "INVALID_REQUEST")
		none := m.b.write(m.b.client, http.MethodPost, "/oauth/userinfo", "application/x-www-form-urlencoded", "x=y", nil)
		none.refuses(m.t, 401, "UNAUTHORIZED")
	}},
	{"oidcc-ensure-request-without-nonce-succeeds-for-code-flow", func(m *module) {
		m.happy(without("nonce"), func(f *flow) { f.nonce = "" })
	}},
	{"oidcc-alternate-happy-flow", func(m *module) {
		claims := m.claims(emailClaims, scope("email openid"), func(f *flow) { f.reversed = true })
		require.NotContains(m.t, claims, "name")
	}},
	{"oidcc-ensure-request-with-unknown-parameter-succeeds", func(m *module) { m.happy(with("extra", "foobar")) }},
	{"oidcc-ensure-post-request-succeeds", func(m *module) { m.happy(func(f *flow) { f.post = true }) }},
	{"oidcc-server-client-secret-post", func(m *module) { m.happy(func(f *flow) { f.secretInBody = true }) }},
	{"oidcc-ensure-request-with-valid-pkce-succeeds", func(m *module) {
		verifier := strings.Repeat("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~", 2)[:128]
		challenge, err := domain.ChallengeOf(verifier)
		require.NoError(m.t, err)
		pkce := func(f *flow) {
			f.verifier = verifier
			f.more.Set("code_challenge", string(challenge))
			f.more.Set("code_challenge_method", "S256")
		}
		m.happy(pkce)
		f := m.flow(pkce, func(f *flow) { f.verifier = verifier[1:] + "A" })
		m.cb(f, m.auth(f))
		status, _, body := m.redeem(f)
		require.Equal(m.t, http.StatusBadRequest, status)
		require.Equal(m.t, "invalid_grant", body["error"])
	}},
}

var basicScopes = []conformanceModule{
	{"oidcc-scope-profile", func(m *module) { m.claims(profileClaims, scope("openid profile")) }},
	{"oidcc-scope-email", func(m *module) {
		require.NotContains(m.t, m.claims(emailClaims, scope("openid email")), "name")
	}},
	{"oidcc-scope-address", func(m *module) { // accounts have no address: the scope is not advertised, and is ignored
		f := m.happy(scope("openid address"))
		require.NotContains(m.t, f.list(m.t, "scopes_supported"), "address")
		require.NotContains(m.t, m.userinfo(f, http.MethodGet, "", "Authorization", "Bearer "+f.access), "address")
		require.Equal(m.t, "openid", f.token["scope"])
	}},
	{"oidcc-scope-phone", func(m *module) {
		require.Equal(m.t, true, m.claims(phoneClaims, scope("openid phone"))["phone_number_verified"])
	}},
	{"oidcc-scope-all", func(m *module) {
		m.claims(slices.Concat(profileClaims, emailClaims, phoneClaims), scope("openid profile email address phone"))
	}},
	{"oidcc-claims-essential", func(m *module) { // the parameter is not supported, and is ignored
		f := m.happy(with("claims", `{"userinfo":{"name":{"essential":true}}}`))
		require.Equal(m.t, false, f.metadata["claims_parameter_supported"])
		require.NotContains(m.t, m.userinfo(f, http.MethodGet, "", "Authorization", "Bearer "+f.access), "name")
	}},
}

var basicInteraction = []conformanceModule{
	{"oidcc-display-page", func(m *module) { require.True(m.t, m.happy(with("display", "page")).sawLogin) }},
	{"oidcc-display-popup", func(m *module) { require.True(m.t, m.happy(with("display", "popup")).sawLogin) }},
	{"oidcc-prompt-login", func(m *module) {
		first := m.happy()
		m.clock.Advance(time.Second)
		second := m.happy(with("prompt", "login"))
		require.True(m.t, second.sawLogin)
		require.True(m.t, at(second.id["auth_time"]).After(at(first.id["auth_time"])))
	}},
	{"oidcc-prompt-none-not-logged-in", func(m *module) {
		f := m.flow(with("prompt", "none"), func(f *flow) { f.state = random(124) + "-._~" })
		m.err(f, m.auth(f), promptNoneErrors...)
		require.False(m.t, f.sawLogin)
	}},
	{"oidcc-prompt-none-logged-in", func(m *module) {
		m.twice(func(_, _ *flow) {}, func(_, f *flow) { f.more.Set("prompt", "none") })
	}},
	{"oidcc-max-age-1", func(m *module) {
		first := m.happy()
		m.clock.Advance(2 * time.Second)
		second := m.happy(with("max_age", "1"))
		require.True(m.t, second.sawLogin)
		require.True(m.t, at(second.id["auth_time"]).After(at(first.id["auth_time"])))
		require.WithinDuration(m.t, m.clock.Now(), at(second.id["auth_time"]), time.Second)
	}},
	{"oidcc-max-age-10000", func(m *module) {
		m.twice(func(_, f *flow) { f.more.Set("max_age", "15000") }, func(_, f *flow) { f.more.Set("max_age", "10000") })
	}},
	{"oidcc-id-token-hint", func(m *module) {
		m.twice(func(_, _ *flow) {}, func(before, f *flow) {
			f.more.Set("prompt", "none")
			f.more.Set("id_token_hint", before.rawID)
		})
	}},
	{"oidcc-login-hint", func(m *module) {
		f := m.flow(with("login_hint", "buffy@id.localhost"))
		p := m.b.get("/oauth/authorize?" + url.Values{
			"client_id": {"client"}, "redirect_uri": {m.rp.URL + rpCallback}, "response_type": {"code"}, "scope": {"openid"}, "login_hint": {"buffy@id.localhost"},
		}.Encode())
		require.Equal(m.t, "buffy@id.localhost", p.boot(m.t).Forms.Email, "the page is filled in")
		m.setup(f)
		m.happy(with("login_hint", "buffy@id.localhost"))
	}},
	{"oidcc-ui-locales", func(m *module) {
		p := m.b.get("/oauth/authorize?" + url.Values{
			"client_id": {"client"}, "redirect_uri": {m.rp.URL + rpCallback}, "response_type": {"code"}, "scope": {"openid"}, "ui_locales": {"se ru"},
		}.Encode())
		require.Equal(m.t, "ru", p.boot(m.t).Lang, "the first language that there is")
		m.happy(with("ui_locales", "se"))
	}},
	{"oidcc-claims-locales", func(m *module) { m.happy(with("claims_locales", "se")) }},
	{"oidcc-ensure-request-with-acr-values-succeeds", func(m *module) {
		f := m.flow()
		m.setup(f)
		values := f.list(m.t, "acr_values_supported")
		require.Contains(m.t, values, m.happy(with("acr_values", strings.Join(values, " "))).id["acr"])
	}},
}

var basicRefusals = []conformanceModule{
	{"oidcc-response-type-missing", func(m *module) {
		f := m.flow(without("response_type"))
		m.err(f, m.auth(f), "unsupported_response_type", "invalid_request")
	}},
	{"oidcc-codereuse", func(m *module) { m.refusedReuse(m.happy()) }},
	{"oidcc-codereuse-30seconds", func(m *module) {
		f := m.happy()
		m.clock.Advance(30 * time.Second)
		m.refusedReuse(f)
		p := m.b.get("/oauth/userinfo", "Authorization", "Bearer "+f.access)
		p.refuses(m.t, 401, "TOKEN_REVOKED")
	}},
	{"oidcc-ensure-registered-redirect-uri", func(m *module) {
		f := m.flow(with("redirect_uri", m.rp.URL+rpCallback+"/"+random(10)))
		m.errorPage(m.auth(f), 400, "INVALID_REDIRECT_URI")
	}},
	{"oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported", func(m *module) { // there is no registration of a request_uri
		f := m.flow(with("request_uri", m.rp.URL+rpBase+"/requests/"+random(64)+"#"+random(43)))
		m.setup(f)
		require.Equal(m.t, false, f.metadata["request_uri_parameter_supported"])
		m.err(f, m.auth(f), "request_uri_not_supported")
	}},
	{"oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported", func(m *module) {
		f := m.flow(with("request", m.requestObject(m.rp.URL+rpCallback)), without("state"), without("nonce"), func(f *flow) { f.state = "" })
		m.setup(f)
		require.Equal(m.t, false, f.metadata["request_parameter_supported"])
		require.NotContains(m.t, f.metadata, "request_object_signing_alg_values_supported")
		m.err(f, m.auth(f), "request_not_supported")
	}},
	{"oidcc-ensure-request-object-with-redirect-uri", func(m *module) {
		f := m.flow(with("request", m.requestObject(m.rp.URL+rpCallback)), with("redirect_uri", m.rp.URL+rpCallback+"_invalid"))
		m.errorPage(m.auth(f), 400, "INVALID_REDIRECT_URI")
	}},
	{"oidcc-refresh-token", func(m *module) {
		offline := func(client string) func(*flow) {
			return func(f *flow) {
				f.client, f.scope = client, "openid offline_access"
				f.more.Set("prompt", "consent")
			}
		}
		one := m.happy(offline("client"))
		require.True(m.t, one.sawConsent)
		m.refreshed(one, "openid offline_access")
		two := m.happy(offline("client2"), func(f *flow) { f.nonce = random(43) })
		m.refreshed(two, "")
		status, header, body := m.asClient("client", url.Values{"grant_type": {"refresh_token"}, "refresh_token": {two.token["refresh_token"].(string)}}, false)
		require.Equal(m.t, http.StatusBadRequest, status)
		require.Contains(m.t, header.Get("Content-Type"), "application/json")
		require.Equal(m.t, "invalid_grant", body["error"])
		m.refreshed(two, "") // the attempt of another client changes nothing
	}},
}

// refusedReuse sends a token request again.
func (m *module) refusedReuse(f *flow) {
	m.t.Helper()
	status, header, body := m.redeem(f)
	require.Equal(m.t, http.StatusBadRequest, status)
	require.Contains(m.t, header.Get("Content-Type"), "application/json")
	require.Equal(m.t, "invalid_grant", body["error"])
	m.oauthError(body["error"].(string), body["error_description"].(string), "")
}

// requestObject is an unsigned request object.
func (m *module) requestObject(redirect string) string {
	m.t.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		require.NoError(m.t, err)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	return part(map[string]string{"alg": "none"}) + "." + part(map[string]string{
		"client_id": "client", "redirect_uri": redirect, "scope": "openid", "state": random(10), "nonce": random(10), "response_type": "code",
	}) + "."
}

// refreshed refreshes a second later and checks the answer.
func (m *module) refreshed(f *flow, scope string) {
	m.t.Helper()
	m.clock.Advance(time.Second)
	before, token := f.id, f.token["refresh_token"].(string)
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token}}
	if scope != "" {
		form.Set("scope", scope)
	}
	status, header, body := m.asClient(f.client, form, false)
	require.Equal(m.t, http.StatusOK, status, "%v", body)
	m.tokens(f, header, body)
	next := body["refresh_token"].(string)
	require.Regexp(m.t, printable, next)
	require.NotEqual(m.t, token, next)
	require.Greater(m.t, shannon(next), 96.0)
	m.idt(f)
	for _, name := range []string{"iss", "sub", "aud", "azp", "auth_time"} {
		require.Equal(m.t, before[name], f.id[name], name)
	}
	require.NotEqual(m.t, before["iat"], f.id["iat"])
	m.ui(f)
	require.Contains(m.t, f.list(m.t, "grant_types_supported"), "refresh_token")
}
