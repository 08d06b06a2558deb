package identity_test

import (
	"encoding/base32"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

// read decodes an answer that is a success.
func read[T any](t testing.TB, p page) (out T) {
	t.Helper()
	require.Equal(t, http.StatusOK, p.StatusCode, p.body)
	require.NoError(t, json.Unmarshal([]byte(p.body), &out))
	return out
}

// call posts to an operation of the account.
func (b *browser) call(path string, body any) page {
	b.t.Helper()
	return b.send(http.MethodPost, "/api/v1/auth/"+path, body)
}

// phone is an authenticator app.
type phone struct {
	s    *service
	seed []byte
}

// code is the one that the app shows.
func (p phone) code() string { return domain.TOTPCode(p.seed, domain.TOTPStep(p.s.clock.Now())) }

// fresh waits for a code that was not used.
func (p phone) fresh() string {
	p.s.clock.Advance(30 * time.Second)
	return p.code()
}

// withApp sets up an authenticator app and returns the recovery codes.
func (s *service) withApp(b *browser) (phone, []string) {
	s.t.Helper()
	setup := read[identityapi.TOTPSetup](s.t, b.call("mfa/totp/begin", nil))
	seed, err := base32.StdEncoding.DecodeString(setup.Secret)
	require.NoError(s.t, err)
	p := phone{s, seed}
	added := read[identityapi.FactorAdded](s.t, b.call("mfa/totp/confirm", map[string]string{"code": p.code()}))
	codes, err := added.RecoveryCodes.Get()
	require.NoError(s.t, err)
	return p, codes
}

// password is a sign-in with a password and what goes with it.
func (b *browser) password(email string, more map[string]any) page {
	b.t.Helper()
	token := read[identityapi.FormToken](b.t, b.send(http.MethodGet, "/api/v1/auth/form_token?purpose=login", nil)).FormToken
	body := map[string]any{"email": email, "password": identity.DemoPassword, "form_token": token, "mfa_code": "", "recovery_code": ""}
	for name, value := range more {
		body[name] = value
	}
	return b.call("login", body)
}

func TestAnAuthenticatorApp(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	status := read[identityapi.FactorStatus](t, b.send(http.MethodGet, "/api/v1/auth/mfa/status", nil))
	require.Equal(t, identityapi.FactorStatus{HasPassword: true, ConfirmedUntil: status.ConfirmedUntil}, status)

	b.call("mfa/totp/confirm", map[string]string{"code": "123456"}).refuses(t, 400, "TOTP_SETUP_REQUIRED")
	b.call("mfa/recovery/regenerate", nil).refuses(t, 400, "MFA_REQUIRED")
	setup := read[identityapi.TOTPSetup](t, b.call("mfa/totp/begin", nil))
	address, err := url.Parse(setup.OtpauthURL)
	require.NoError(t, err)
	require.Equal(t, "otpauth://totp", address.Scheme+"://"+address.Host)
	require.Equal(t, "/UpdSpace ID:member@aef.test", address.Path)
	require.Equal(t, setup.Secret, address.Query().Get("secret"))
	require.Equal(t, "UpdSpace ID", address.Query().Get("issuer"))
	require.True(t, strings.HasPrefix(setup.SvgDataURI, "data:image/svg+xml;base64,"))
	require.True(t, strings.HasPrefix(setup.Svg, "<svg "))
	b.call("mfa/totp/confirm", map[string]string{"code": "00000x"}).refuses(t, 400, "INVALID_MFA_CODE")
	seed, err := base32.StdEncoding.DecodeString(setup.Secret)
	require.NoError(t, err)
	app := phone{s, seed}
	code := app.code()
	added := read[identityapi.FactorAdded](t, b.call("mfa/totp/confirm", map[string]string{"code": code[:3] + " " + code[3:]}))
	codes, err := added.RecoveryCodes.Get()
	require.NoError(t, err)
	require.Len(t, codes, 10)
	b.call("mfa/totp/begin", nil).refuses(t, 409, "TOTP_ENABLED")
	status = read[identityapi.FactorStatus](t, b.send(http.MethodGet, "/api/v1/auth/mfa/status", nil))
	require.Equal(t, identityapi.FactorStatus{
		HasTotp: true, HasRecoveryCodes: true, RecoveryCodesLeft: 10, HasPassword: true, SecondStep: true, ConfirmedUntil: status.ConfirmedUntil,
	}, status)

	other := s.browser()
	asked := other.password("member@aef.test", nil)
	asked.refuses(t, 401, "MFA_REQUIRED")
	var details struct {
		Error struct{ Details struct{ Ways []string } }
	}
	require.NoError(t, json.Unmarshal([]byte(asked.body), &details))
	require.Equal(t, []string{"totp", "recovery_code"}, details.Error.Details.Ways)
	other.password("member@aef.test", map[string]any{"mfa_code": "000000"}).refuses(t, 401, "INVALID_CREDENTIALS")
	other.password("member@aef.test", map[string]any{"password": "wrong", "mfa_code": app.fresh()}).refuses(t, 401, "INVALID_CREDENTIALS")
	in := read[identityapi.LoginResult](t, other.password("member@aef.test", map[string]any{"mfa_code": app.code()}))
	require.True(t, in.User.Has2Fa)
	require.True(t, in.RecoveryCodes.IsNull())

	require.Equal(t, 200, b.call("mfa/totp/disable", nil).StatusCode)
	b.call("mfa/totp/disable", nil).refuses(t, 404, "TOTP_NOT_FOUND")
	status = read[identityapi.FactorStatus](t, b.send(http.MethodGet, "/api/v1/auth/mfa/status", nil))
	require.False(t, status.HasRecoveryCodes, "they go with the last factor")
	require.Equal(t, 200, s.browser().password("member@aef.test", nil).StatusCode)
}

func TestARecoveryCodeSignsInAndIsReplaced(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	_, codes := s.withApp(b)
	other := s.browser()
	in := read[identityapi.LoginResult](t, other.password("member@aef.test", map[string]any{"recovery_code": strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))}))
	fresh, err := in.RecoveryCodes.Get()
	require.NoError(t, err)
	require.Len(t, fresh, 10)
	for _, old := range codes[:2] {
		s.browser().password("member@aef.test", map[string]any{"recovery_code": old}).refuses(t, 401, "INVALID_CREDENTIALS")
	}
	// either field takes either kind
	require.Equal(t, 200, s.browser().password("member@aef.test", map[string]any{"mfa_code": fresh[9]}).StatusCode)
	again := read[identityapi.RecoveryCodes](t, b.call("mfa/recovery/regenerate", nil)).RecoveryCodes
	require.Len(t, again, 10)
	require.NotContains(t, again, fresh[0])
}

func TestChangesOfTheWaysToSignInNeedAFreshProof(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	app, _ := s.withApp(b)
	s.clock.Advance(domain.ReauthenticationWindow)
	for _, path := range []string{"mfa/totp/disable", "mfa/recovery/regenerate", "passkeys/begin"} {
		b.call(path, nil).refuses(t, 403, "REAUTHENTICATION_REQUIRED")
	}
	b.call("passkeys/delete", map[string]any{"ids": []string{member.String()}}).refuses(t, 403, "REAUTHENTICATION_REQUIRED")
	b.call("passkeys/rename", map[string]any{"authenticator_id": member, "new_name": "x"}).refuses(t, 403, "REAUTHENTICATION_REQUIRED")

	begun := read[identityapi.ReauthenticationBegun](t, b.call("reauth/begin", nil))
	require.Equal(t, []identityapi.ReauthenticationBegunWays{"totp"}, begun.Ways)
	b.call("reauth", map[string]string{"password": identity.DemoPassword}).refuses(t, 401, "MFA_REQUIRED")
	b.call("reauth", map[string]string{"mfa_code": "000000"}).refuses(t, 400, "REAUTHENTICATION_FAILED")
	code := app.code()
	require.Equal(t, 200, b.call("reauth", map[string]string{"mfa_code": code}).StatusCode)
	b.call("reauth", map[string]string{"mfa_code": code}).refuses(t, 400, "REAUTHENTICATION_FAILED")
	require.Equal(t, 200, b.call("mfa/totp/disable", nil).StatusCode)

	s.clock.Advance(domain.ReauthenticationWindow)
	b.call("mfa/totp/begin", nil).refuses(t, 403, "REAUTHENTICATION_REQUIRED")
	require.Equal(t, []identityapi.ReauthenticationBegunWays{"password"}, read[identityapi.ReauthenticationBegun](t, b.call("reauth/begin", nil)).Ways)
	b.call("reauth", map[string]string{"password": "wrong"}).refuses(t, 400, "REAUTHENTICATION_FAILED")
	require.Equal(t, 200, b.call("reauth", map[string]string{"password": identity.DemoPassword}).StatusCode)
	require.Equal(t, 200, b.call("mfa/totp/begin", nil).StatusCode)
	for range 10 {
		b.call("reauth", map[string]string{"password": "wrong"})
	}
	b.call("reauth", map[string]string{"password": identity.DemoPassword}).refuses(t, 429, "RATE_LIMITED")

	for _, path := range []string{"mfa/totp/begin", "mfa/totp/disable", "mfa/recovery/regenerate", "passkeys/begin", "reauth/begin"} {
		s.browser().call(path, nil).refuses(t, 401, "UNAUTHORIZED")
	}
	s.browser().send(http.MethodGet, "/api/v1/auth/mfa/status", nil).refuses(t, 401, "UNAUTHORIZED")
	s.browser().send(http.MethodGet, "/api/v1/auth/passkeys", nil).refuses(t, 401, "UNAUTHORIZED")
	s.browser().call("reauth", map[string]string{"password": identity.DemoPassword}).refuses(t, 401, "UNAUTHORIZED")
}

// A mailbox alone does not sign in to an account with a second step.
func TestALinkIsNoWayAroundTheSecondStep(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.withApp(s.user("member@aef.test"))
	gateway := s.gateway(ofTenant(aef, "aef"))
	asked, err := gateway.RequestMagicLinkWithResponse(ctx, identityapi.MagicLinkRequest{Email: "member@aef.test", RedirectTo: linkTarget, Browser: linkBrowser})
	link, err := fine(t, asked, err).JSON200.DevMagicLink.Get()
	require.NoError(t, err)
	u, err := url.Parse(link)
	require.NoError(t, err)
	code := identityapi.ExchangeRequest{Code: u.Query().Get("code"), Browser: linkBrowser}
	preview, err := gateway.PreviewMagicLinkWithResponse(ctx, code)
	refused(t, 403, "SECOND_STEP_REQUIRED", preview, err)
	exchanged, err := gateway.ExchangeMagicLinkCodeWithResponse(ctx, code)
	refused(t, 403, "SECOND_STEP_REQUIRED", exchanged, err)
}

func TestTheGatewayIsToldHowItsUserSignsIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	_, _ = s.withApp(b)
	key := s.newPasskey(b, "Phone")
	factors, err := s.gateway(ofUser(member)).GetAccountFactorsWithResponse(ctx)
	out := fine(t, factors, err).JSON200
	require.True(t, out.TotpEnabled)
	require.True(t, out.WebauthnEnabled)
	require.Equal(t, 10, out.RecoveryCodesAvailable)
	require.Len(t, out.Authenticators, 2)
	require.Equal(t, identityapi.AccountAuthenticatorTypeTotp, out.Authenticators[0].Type)
	require.Equal(t, key.listed.ID.String(), out.Authenticators[1].ID)
	require.Equal(t, "Phone", out.Authenticators[1].Name)

	sessions := read[identityapi.SessionList](t, b.send(http.MethodGet, "/api/v1/auth/sessions", nil)).Sessions
	require.Len(t, sessions, 1)
	listed, err := s.gateway(ofUser(member)).ListAccountSessionsWithResponse(ctx, &identityapi.ListAccountSessionsParams{Current: &sessions[0].ID})
	rows := *fine(t, listed, err).JSON200
	require.Len(t, rows, 1)
	require.Equal(t, identityapi.AccountSession{
		ID: sessions[0].ID, IP: "127.0.0.1", UserAgent: sessions[0].UserAgent, CreatedAt: sessions[0].CreatedAt, LastUsedAt: rows[0].LastUsedAt, IsCurrent: true,
	}, rows[0])
	second := member
	second[15] = 3
	ended, err := s.gateway(ofUser(second)).EndAccountSessionWithResponse(ctx, sessions[0].ID)
	refused(t, 404, "SESSION_NOT_FOUND", ended, err)
	ended, err = s.gateway(ofUser(member)).EndAccountSessionWithResponse(ctx, sessions[0].ID)
	require.Equal(t, sessions[0].ID, fine(t, ended, err).JSON200.ID)
	ended, err = s.gateway(ofUser(member)).EndAccountSessionWithResponse(ctx, sessions[0].ID)
	refused(t, 404, "SESSION_NOT_FOUND", ended, err)
	b.send(http.MethodGet, "/api/v1/auth/sessions", nil).refuses(t, 401, "INVALID_OR_EXPIRED_TOKEN")
	listed, err = s.gateway(ofUser(member)).ListAccountSessionsWithResponse(ctx, nil)
	require.Empty(t, *fine(t, listed, err).JSON200)
}
