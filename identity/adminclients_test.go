package identity_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/oapi-codegen/nullable"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/audit"
	paging "go.updspace.com/libs/page"
)

func registration(change ...func(*identityapi.ClientRegistration)) identityapi.ClientRegistration {
	r := identityapi.ClientRegistration{
		ClientID: new("wiki"), Name: "Wiki", AuthMethod: identityapi.ClientAuthMethodClientSecret, RedirectUris: []string{callback},
		PostLogoutRedirectUris: &[]string{"https://wiki.test/"}, BackchannelLogoutURI: new("https://wiki.test/logout"), Scopes: []string{"openid", "groups"},
		Algorithm: new(identityapi.ClientAlgorithmRS256), FirstParty: new(true), SubjectType: new(identityapi.ClientSubjectTypePairwise), PkceOptional: new(true),
	}
	for _, c := range change {
		c(&r)
	}
	return r
}

// An administrator registers an application, it signs a person in, and its secret is replaced without downtime.
func TestAnAdministratorRegistersAClient(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	r, err := admin.RegisterClientWithResponse(ctx, registration())
	made := fine(t, r, err).JSON201
	first := made.Secret.MustGet()
	require.Equal(t, first, url.QueryEscape(first), "a secret is safe in a URL")
	require.WithinDuration(t, s.clock.Now(), made.Client.RegisteredAt, time.Millisecond)
	want := identityapi.RegisteredClient{
		ClientID: "wiki", Name: "Wiki", AuthMethod: identityapi.ClientAuthMethodClientSecret, Secrets: 1, Keys: []identityapi.ClientKey{}, JwksURI: nullable.NewNullNullable[string](),
		RedirectUris: []string{callback}, PostLogoutRedirectUris: []string{"https://wiki.test/"}, BackchannelLogoutURI: nullable.NewNullableWithValue("https://wiki.test/logout"),
		Origins: []string{}, Scopes: []string{"openid", "groups"}, Algorithm: identityapi.ClientAlgorithmRS256, FirstParty: true,
		SubjectType: identityapi.ClientSubjectTypePairwise, PkceOptional: true, RegisteredAt: made.Client.RegisteredAt, DisabledAt: nullable.NewNullNullable[time.Time](),
	}
	require.Equal(t, want, made.Client)
	got, err := admin.GetClientWithResponse(ctx, "wiki")
	require.Equal(t, want, *fine(t, got, err).JSON200)
	listed, err := admin.ListClientsWithResponse(ctx, &identityapi.ListClientsParams{Q: new("WIK")})
	require.Equal(t, []identityapi.RegisteredClient{want}, fine(t, listed, err).JSON200.Items)
	again, err := admin.RegisterClientWithResponse(ctx, registration())
	refused(t, 409, "CLIENT_EXISTS", again, err)

	wiki := s.client("groups")
	wiki.oauth.ClientID, wiki.oauth.ClientSecret = "wiki", first
	held, err := wiki.redeem(s.code(wiki, "member@aef.test"))
	require.NoError(t, err)
	require.NotEqual(t, member.String(), payload(t, held.AccessToken)["sub"], "pairwise")

	works := func(secret string) bool {
		status, _, _ := s.form("/oauth/introspect", url.Values{"token": {held.AccessToken}, "client_id": {"wiki"}, "client_secret": {secret}})
		return status == http.StatusOK
	}
	added, err := admin.AddClientSecretWithResponse(ctx, "wiki")
	second := fine(t, added, err).JSON201.Secret.MustGet()
	require.Equal(t, 2, added.JSON201.Client.Secrets)
	require.True(t, works(first) && works(second), "two at once")
	full, err := admin.AddClientSecretWithResponse(ctx, "wiki")
	refused(t, 409, "TWO_SECRETS", full, err)
	retired, err := admin.RetireClientSecretWithResponse(ctx, "wiki")
	require.Equal(t, 1, fine(t, retired, err).JSON200.Secrets)
	require.False(t, works(first))
	require.True(t, works(second))
	none, err := admin.RetireClientSecretWithResponse(ctx, "wiki")
	refused(t, 409, "NO_OLD_SECRET", none, err)

	changed, err := admin.ChangeClientWithResponse(ctx, "wiki", identityapi.ClientChange{Name: new("The wiki"), AuthMethod: new(identityapi.ClientAuthMethodNone), PkceOptional: new(false), Origins: &[]string{"https://app.wiki.test"}})
	now := fine(t, changed, err).JSON200
	require.Equal(t, "The wiki", now.Client.Name)
	require.Zero(t, now.Client.Secrets)
	require.True(t, now.Secret.IsNull())
	require.Equal(t, http.StatusOK, func() int {
		q, err := http.NewRequest(http.MethodOptions, s.url+"/oauth/token", nil)
		require.NoError(t, err)
		q.Header.Set("Origin", "https://app.wiki.test")
		resp, err := http.DefaultClient.Do(q)
		require.NoError(t, err)
		defer resp.Body.Close()
		require.Equal(t, "https://app.wiki.test", resp.Header.Get("Access-Control-Allow-Origin"), "its pages may call")
		return http.StatusOK
	}())
	changed, err = admin.ChangeClientWithResponse(ctx, "wiki", identityapi.ClientChange{AuthMethod: new(identityapi.ClientAuthMethodClientSecret), Origins: &[]string{}})
	require.NotEmpty(t, fine(t, changed, err).JSON200.Secret.MustGet(), "it gets a secret again")

	var actions []string
	for _, e := range s.auditLog(audit.Filter{TargetType: "client", TargetID: "wiki"}) {
		if e.Action != domain.ActionAuthorized {
			actions = append(actions, e.Action)
			require.Equal(t, audit.User, e.Actor.Type)
			require.NotEmpty(t, e.IP)
		}
	}
	require.Equal(t, []string{
		domain.ActionClientChanged, domain.ActionClientChanged, domain.ActionClientSecretRetired, domain.ActionClientSecretAdded, domain.ActionClientRegistered,
	}, actions)
}

func TestADisabledClientIsNotAnswered(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	wiki := s.application("wiki", func(*domain.Client) {}, "offline_access")
	b := s.browser()
	held, err := wiki.redeem(wiki.arrived(b.signIn(b.get(wiki.authorizePath()), "member@aef.test", identity.DemoPassword)).Get("code"))
	require.NoError(t, err)
	waiting := wiki.arrived(b.get(wiki.authorizePath())).Get("code")

	because := identityapi.ReasonGiven{Reason: "Its secret was published."}
	r, err := admin.DisableClientWithResponse(ctx, "wiki", because)
	require.WithinDuration(t, s.clock.Now(), fine(t, r, err).JSON200.DisabledAt.MustGet(), time.Millisecond)
	require.Equal(t, 404, b.get(wiki.authorizePath()).StatusCode)
	info, err := s.script("Authorization", "Bearer "+held.AccessToken).GetUserinfoWithResponse(ctx)
	refused(t, 401, "TOKEN_REVOKED", info, err)
	_, err = wiki.redeem(waiting)
	require.ErrorContains(t, err, "invalid_client")

	enabled, err := admin.EnableClientWithResponse(ctx, "wiki", because)
	require.True(t, fine(t, enabled, err).JSON200.DisabledAt.IsNull())
	_, err = wiki.redeem(waiting)
	require.ErrorContains(t, err, "invalid_grant", "what it held stays ended")
	_, err = wiki.oauth.TokenSource(wiki.ctx, wiki.expired(held)).Token()
	require.ErrorContains(t, err, "invalid_grant")
	held, err = wiki.redeem(wiki.arrived(b.get(wiki.authorizePath())).Get("code"))
	require.NoError(t, err)

	deleted, err := admin.DeleteClientWithResponse(ctx, "wiki", because)
	fine(t, deleted, err)
	info, err = s.script("Authorization", "Bearer "+held.AccessToken).GetUserinfoWithResponse(ctx)
	refused(t, 401, "TOKEN_REVOKED", info, err)
	gone, err := admin.GetClientWithResponse(ctx, "wiki")
	refused(t, 404, "CLIENT_NOT_FOUND", gone, err)
	deleted, err = admin.DeleteClientWithResponse(ctx, "wiki", because)
	refused(t, 404, "CLIENT_NOT_FOUND", deleted, err)
	for _, action := range []string{domain.ActionClientDisabled, domain.ActionClientEnabled, domain.ActionClientDeleted} {
		require.Equal(t, because.Reason, s.auditLog(audit.Filter{Action: action})[0].Reason)
	}
}

// Use cases ask on their own, also where no operation leads to them.
func TestOthersThanAdministratorsChangeNoClient(t *testing.T) {
	t.Parallel()
	s := start(t)
	user := audit.As(ctx, audit.Actor{Type: audit.User, ID: member}, "")
	_, err := s.Clients.List(user, "", paging.Request{})
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	_, err = s.Clients.Get(user, "portal")
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	_, _, err = s.Clients.Add(user, "wiki", domain.ClientEdit{})
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	_, _, err = s.Clients.Edit(user, "wiki", domain.ClientEdit{})
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	_, _, err = s.Clients.AddSecret(user, "wiki")
	require.ErrorIs(t, err, domain.ErrNotSystemAdmin)
	require.ErrorIs(t, s.Clients.Delete(user, "wiki"), domain.ErrNotSystemAdmin)
}

func TestTheGatewaysClientIsProtected(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	got, err := admin.GetClientWithResponse(ctx, "portal")
	require.True(t, fine(t, got, err).JSON200.Protected)
	because := identityapi.ReasonGiven{Reason: "By accident."}
	changed, err := admin.ChangeClientWithResponse(ctx, "portal", identityapi.ClientChange{Name: new("New")})
	refused(t, 409, "CLIENT_PROTECTED", changed, err)
	disabled, err := admin.DisableClientWithResponse(ctx, "portal", because)
	refused(t, 409, "CLIENT_PROTECTED", disabled, err)
	deleted, err := admin.DeleteClientWithResponse(ctx, "portal", because)
	refused(t, 409, "CLIENT_PROTECTED", deleted, err)
	added, err := admin.AddClientSecretWithResponse(ctx, "portal")
	refused(t, 409, "CLIENT_PROTECTED", added, err)
	retired, err := admin.RetireClientSecretWithResponse(ctx, "portal")
	refused(t, 409, "CLIENT_PROTECTED", retired, err)
}

func TestRegistrationsNameTheFieldThatIsWrong(t *testing.T) {
	t.Parallel()
	s := start(t)
	admin := s.admin()
	public, keyed := identityapi.ClientAuthMethodNone, identityapi.ClientAuthMethodPrivateKeyJwt
	private := jose.JSONWebKey{Key: privateKeys(t)[domain.ES256], KeyID: "a", Algorithm: "ES256"}
	many := make([]string, 20)
	for i := range many {
		many[i] = callback
	}
	for name, tc := range map[string]struct {
		field  string
		change func(*identityapi.ClientRegistration)
	}{
		"an id with a space":      {"client_id", func(r *identityapi.ClientRegistration) { r.ClientID = new("a b") }},
		"a name of two lines":     {"name", func(r *identityapi.ClientRegistration) { r.Name = "a\nb" }},
		"no redirect URI":         {"redirect_uris", func(r *identityapi.ClientRegistration) { r.RedirectUris = []string{} }},
		"a relative redirect URI": {"redirect_uris", func(r *identityapi.ClientRegistration) { r.RedirectUris = []string{"/callback"} }},
		"a redirect URI of a script": {"redirect_uris", func(r *identityapi.ClientRegistration) {
			r.RedirectUris = []string{"javascript://wiki.test/%0aalert(1)"}
		}},
		"a redirect URI twice":          {"redirect_uris", func(r *identityapi.ClientRegistration) { r.RedirectUris = many }},
		"a fragment after sign-out":     {"post_logout_redirect_uris", func(r *identityapi.ClientRegistration) { r.PostLogoutRedirectUris = &[]string{"https://wiki.test/#a"} }},
		"a logout address without host": {"backchannel_logout_uri", func(r *identityapi.ClientRegistration) { r.BackchannelLogoutURI = new("https:///logout") }},
		"origins of a confidential one": {"origins", func(r *identityapi.ClientRegistration) { r.Origins = &[]string{"https://wiki.test"} }},
		"an origin with a path": {"origins", func(r *identityapi.ClientRegistration) {
			r.AuthMethod, r.PkceOptional, r.Origins = public, nil, &[]string{"https://wiki.test/path"}
		}},
		"an unknown scope":          {"scopes", func(r *identityapi.ClientRegistration) { r.Scopes = []string{"openid", "everything"} }},
		"scopes without openid":     {"scopes", func(r *identityapi.ClientRegistration) { r.Scopes = []string{"profile"} }},
		"a public one without PKCE": {"pkce_optional", func(r *identityapi.ClientRegistration) { r.AuthMethod = public }},
		"no keys":                   {"jwks", func(r *identityapi.ClientRegistration) { r.AuthMethod = keyed }},
		"keys of one with a secret": {"jwks", func(r *identityapi.ClientRegistration) { r.Jwks = keySet(t, private.Public()) }},
		"private keys":              {"jwks", func(r *identityapi.ClientRegistration) { r.AuthMethod, r.Jwks = keyed, keySet(t, private) }},
		"keys over plain HTTP":      {"jwks_uri", func(r *identityapi.ClientRegistration) { r.AuthMethod, r.JwksURI = keyed, new("http://wiki.test/jwks") }},
		"keys at an address within": {"jwks_uri", func(r *identityapi.ClientRegistration) {
			r.AuthMethod, r.JwksURI = keyed, new("https://127.0.0.1/jwks")
		}},
		"an address of one that is none": {"jwks_uri", func(r *identityapi.ClientRegistration) { r.JwksURI = new("https://wiki.test/jwks") }},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := admin.RegisterClientWithResponse(ctx, registration(tc.change))
			refused(t, 422, "VALIDATION_ERROR", r, err)
			var body struct {
				Error struct {
					Details struct{ Fields map[string]any }
				}
			}
			require.NoError(t, json.Unmarshal(r.Body, &body))
			require.Equal(t, []string{tc.field}, slices.Collect(maps.Keys(body.Error.Details.Fields)), "%s", r.Body)
			none, err := admin.GetClientWithResponse(ctx, "wiki")
			refused(t, 404, "CLIENT_NOT_FOUND", none, err)
		})
	}
}

func keySet(t testing.TB, keys ...jose.JSONWebKey) (set *identityapi.ClientKeySet) {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: keys})
	require.NoError(t, err)
	require.NoError(t, json.Unmarshal(text, &set))
	return set
}

// The keys of a client are read at its address, and again when it signs with one that is not known.
func TestAClientPublishesItsKeys(t *testing.T) {
	t.Parallel()
	first, second := privateKeys(t)[domain.ES256], privateKeys(t)[domain.ES256]
	published, reads := first, 0
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		reads++
		_ = json.NewEncoder(w).Encode(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: published.Public(), KeyID: "k", Use: "sig"}}})
	}))
	t.Cleanup(site.Close)
	s := start(t, func(c *identity.Config) {
		c.External.Exceptions = []netip.AddrPort{netip.MustParseAddrPort(site.Listener.Addr().String())}
	})
	admin := s.admin()
	r, err := admin.RegisterClientWithResponse(ctx, registration(func(r *identityapi.ClientRegistration) {
		r.AuthMethod, r.JwksURI = identityapi.ClientAuthMethodPrivateKeyJwt, new(site.URL+"/jwks")
	}))
	made := fine(t, r, err).JSON201
	require.True(t, made.Secret.IsNull())
	require.Equal(t, []identityapi.ClientKey{{ID: "k", Algorithm: identityapi.ClientAlgorithmES256}}, made.Client.Keys)
	answers := func(key any) bool {
		now := s.clock.Now()
		text := assertion(t, jose.ES256, key, map[string]any{
			"iss": "wiki", "sub": "wiki", "aud": s.url, "jti": string(domain.NewSecret()), "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
		})
		status, _, _ := s.form("/oauth/revoke", url.Values{"token": {"x"}, "client_assertion_type": {domain.AssertionType}, "client_assertion": {text}})
		return status == http.StatusOK
	}
	require.True(t, answers(first))
	require.Equal(t, 1, reads)
	published = second
	require.True(t, answers(second), "it is read again")
	require.False(t, answers(first))
	require.Equal(t, 2, reads, "at most once a minute, whoever signs")
}
