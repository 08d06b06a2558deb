package standins_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/standins"
)

func start(t *testing.T) *standins.Server {
	t.Helper()
	s, err := standins.Start(t.Context(), "127.0.0.1")
	require.NoError(t, err)
	t.Cleanup(s.Stop)
	return s
}

func post(t *testing.T, address string, form url.Values) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return string(body)
}

// assertion is what Steam answers the browser with.
func assertion(t *testing.T, s *standins.Server) url.Values {
	t.Helper()
	ask := url.Values{
		"openid.ns": {"http://specs.openid.net/auth/2.0"}, "openid.mode": {"checkid_setup"}, "openid.realm": {"http://id.localhost"},
		"openid.return_to": {"http://id.localhost/back?state=x"},
	}
	location, err := standins.Choose(t.Context(), s.URL+"/steam/openid/login?"+ask.Encode(), standins.SteamAccounts[0].ID)
	require.NoError(t, err)
	u, err := url.Parse(location)
	require.NoError(t, err)
	require.Equal(t, "x", u.Query().Get("state"))
	fields := u.Query()
	require.Equal(t, s.URL+"/steam/openid/id/"+standins.SteamAccounts[0].ID, fields.Get("openid.claimed_id"))
	fields.Set("openid.mode", "check_authentication")
	return fields
}

func TestSteamConfirmsWhatItHasSaidOnce(t *testing.T) {
	s := start(t)
	login := s.URL + "/steam/openid/login"
	fields := assertion(t, s)
	require.Contains(t, post(t, login, fields), "is_valid:true\n")
	require.Contains(t, post(t, login, fields), "is_valid:false\n", "the nonce is used")
	fields = assertion(t, s)
	fields.Set("openid.claimed_id", s.URL+"/steam/openid/id/"+standins.SteamAccounts[1].ID)
	require.Contains(t, post(t, login, fields), "is_valid:false\n", "the signature is of another account")
}

func TestACodeNeedsItsVerifier(t *testing.T) {
	s := start(t)
	ask := url.Values{
		"client_id": {standins.ClientID}, "response_type": {"code"}, "redirect_uri": {"http://id.localhost/back"}, "state": {"x"},
		"code_challenge": {"E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"}, "code_challenge_method": {"S256"},
	}
	code := func() string {
		location, err := standins.Choose(t.Context(), s.URL+"/github/login/oauth/authorize?"+ask.Encode(), "583231")
		require.NoError(t, err)
		u, err := url.Parse(location)
		require.NoError(t, err)
		return u.Query().Get("code")
	}
	redeem := func(code, verifier string) string {
		return post(t, s.URL+"/github/login/oauth/access_token", url.Values{
			"client_id": {standins.ClientID}, "client_secret": {standins.ClientSecret}, "code": {code}, "code_verifier": {verifier}, "redirect_uri": {"http://id.localhost/back"},
		})
	}
	const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
	require.Contains(t, redeem(code(), "another"), "invalid_grant")
	once := code()
	require.Contains(t, redeem(once, verifier), "access_token")
	require.Contains(t, redeem(once, verifier), "invalid_grant")
}
