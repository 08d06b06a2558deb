package identity_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/descope/virtualwebauthn"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
)

// passkey is a passkey in an authenticator.
type passkey struct {
	s      *service
	rp     virtualwebauthn.RelyingParty
	device virtualwebauthn.Authenticator
	key    virtualwebauthn.Credential
	listed identityapi.Passkey
}

// device is an authenticator with a passkey that is not registered yet.
func (s *service) device() *passkey {
	return &passkey{
		s: s, rp: virtualwebauthn.RelyingParty{ID: "localhost", Name: "UpdSpace ID", Origin: s.url},
		device: virtualwebauthn.NewAuthenticator(), key: newKey(),
	}
}

// newKey draws a key. The library drops leading zeros of its coordinates, which RFC 9053 (section 7.1.1) does not allow, so such a key, one of 128, is drawn
// again.
func newKey() virtualwebauthn.Credential {
	const whole = 77 // bytes of a public key in COSE
	for {
		if key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2); len(key.Key.AttestationData()) == whole {
			return key
		}
	}
}

// made is what a browser answers to the options of a registration.
func (p *passkey) made(begun page) json.RawMessage {
	p.s.t.Helper()
	creation := read[struct {
		CreationOptions json.RawMessage `json:"creation_options"`
	}](p.s.t, begun)
	options, err := virtualwebauthn.ParseAttestationOptions(string(creation.CreationOptions))
	require.NoError(p.s.t, err)
	p.device.Options.UserHandle = []byte(options.UserID)
	return json.RawMessage(virtualwebauthn.CreateAttestationResponse(p.rp, p.device, p.key, *options))
}

// shown is what a browser answers to options of a check or a sign-in. Its counter has grown.
func (p *passkey) shown(options any) json.RawMessage {
	p.s.t.Helper()
	text, err := json.Marshal(options)
	require.NoError(p.s.t, err)
	parsed, err := virtualwebauthn.ParseAssertionOptions(string(text))
	require.NoError(p.s.t, err)
	p.key.Counter++
	return json.RawMessage(virtualwebauthn.CreateAssertionResponse(p.rp, p.device, p.key, *parsed))
}

// newPasskey registers a passkey.
func (s *service) newPasskey(b *browser, name string) *passkey {
	s.t.Helper()
	p := s.device()
	added := read[identityapi.PasskeyAdded](s.t, b.call("passkeys/complete", map[string]any{"name": name, "credential": p.made(b.call("passkeys/begin", nil))}))
	require.True(s.t, added.RecoveryCodes.IsNull())
	p.listed = added.Authenticator
	return p
}

// passkeyOptions asks for a sign-in with a passkey.
func (b *browser) passkeyOptions() identityapi.PasskeyOptions {
	b.t.Helper()
	return read[identityapi.PasskeyRequest](b.t, b.call("passkeys/login/begin", nil)).RequestOptions
}

func TestPasskeysAreRegisteredNamedAndRemoved(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	begun := b.call("passkeys/begin", map[string]any{"passwordless": false})
	// both forms of the options: the former frontend reads the one or the other
	options := read[struct {
		CreationOptions struct {
			Challenge string
			User      struct{ ID, Name, DisplayName string }
			PublicKey struct {
				Challenge string
				RP        struct{ ID string }
				User      struct{ ID, Name, DisplayName string }
			}
		} `json:"creation_options"`
	}](t, begun).CreationOptions
	require.NotEmpty(t, options.Challenge)
	require.Equal(t, options.Challenge, options.PublicKey.Challenge)
	require.Equal(t, "localhost", options.PublicKey.RP.ID)
	require.Len(t, options.User.ID, 86, "64 random bytes")
	require.Equal(t, "member@aef.test", options.User.Name)
	require.Equal(t, options.User, options.PublicKey.User)

	p := s.device()
	answer := p.made(begun)
	added := read[identityapi.PasskeyAdded](t, b.call("passkeys/complete", map[string]any{"credential": answer, "passwordless": false}))
	require.Equal(t, "Passkey", added.Authenticator.Name)
	require.True(t, added.Authenticator.IsPasswordless)
	b.call("passkeys/complete", map[string]any{"credential": answer}).refuses(t, 400, "PASSKEY_NOT_VERIFIED")
	b.call("passkeys/complete", map[string]any{"credential": p.made(b.call("passkeys/begin", nil))}).refuses(t, 409, "PASSKEY_ALREADY_REGISTERED")

	require.Equal(t, 200, b.call("passkeys/rename", map[string]any{"authenticator_id": added.Authenticator.ID, "new_name": "  Laptop "}).StatusCode)
	b.call("passkeys/rename", map[string]any{"authenticator_id": member, "new_name": "x"}).refuses(t, 404, "PASSKEY_NOT_FOUND")
	second := s.newPasskey(b, "Key")
	require.Equal(t, p.device.Options.UserHandle, second.device.Options.UserHandle, "it stays the same")
	list := read[identityapi.PasskeyList](t, b.send(http.MethodGet, "/api/v1/auth/passkeys", nil)).Authenticators
	require.Len(t, list, 2)
	require.Equal(t, "Laptop", list[0].Name)
	require.Equal(t, second.listed, list[1])

	// another user's passkeys are not there
	other := s.user("second@aef.test")
	other.call("passkeys/delete", map[string]any{"ids": []any{second.listed.ID}}).refuses(t, 404, "PASSKEY_NOT_FOUND")
	other.call("passkeys/rename", map[string]any{"authenticator_id": second.listed.ID, "new_name": "x"}).refuses(t, 404, "PASSKEY_NOT_FOUND")

	b.call("passkeys/delete", map[string]any{"ids": []any{second.listed.ID, member}}).refuses(t, 404, "PASSKEY_NOT_FOUND")
	require.Equal(t, 200, b.call("passkeys/delete", map[string]any{"ids": []any{second.listed.ID}}).StatusCode)
	require.Len(t, read[identityapi.PasskeyList](t, b.send(http.MethodGet, "/api/v1/auth/passkeys", nil)).Authenticators, 1)
}

func TestAPasskeySignsIn(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.newPasskey(s.user("member@aef.test"), "Phone")
	b := s.browser()
	in := b.call("passkeys/login/complete", map[string]any{"credential": p.shown(b.passkeyOptions())})
	result := read[identityapi.LoginResult](t, in)
	require.Equal(t, member, result.User.ID)
	require.True(t, result.AccessToken.IsNull())
	require.Equal(t, in.Header.Get("X-Session-Token"), result.Meta.SessionToken)
	require.Equal(t, "member@aef.test", b.get("/account").boot(t).Account.Email)
	list := read[identityapi.PasskeyList](t, b.send(http.MethodGet, "/api/v1/auth/passkeys", nil)).Authenticators
	used, err := list[0].LastUsedAt.Get()
	require.NoError(t, err)
	require.Equal(t, s.clock.Now().Unix(), used)

	// no second step after a passkey
	s.clock.Advance(domain.ReauthenticationWindow)
	require.Equal(t, 200, b.call("reauth", map[string]any{"credential": p.shown(read[identityapi.ReauthenticationBegun](t, b.call("reauth/begin", nil)).RequestOptions)}).StatusCode)
	s.withApp(b)
	other := s.browser()
	require.Equal(t, 200, other.call("passkeys/login/complete", map[string]any{"credential": p.shown(other.passkeyOptions())}).StatusCode)

	s.setStatus("member@aef.test", domain.StatusSuspended)
	other = s.browser()
	other.call("passkeys/login/complete", map[string]any{"credential": p.shown(other.passkeyOptions())}).refuses(t, 403, "ACCOUNT_SUSPENDED")
}

func TestAPasskeyIsASecondStep(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	p := s.newPasskey(b, "Phone")
	// without recovery codes a lost passkey would lock its owner out: the password is enough
	require.Equal(t, 200, s.browser().password("member@aef.test", nil).StatusCode)
	codes := read[identityapi.RecoveryCodes](t, b.call("mfa/recovery/regenerate", nil)).RecoveryCodes

	other := s.browser()
	asked := other.password("member@aef.test", nil)
	asked.refuses(t, 401, "MFA_REQUIRED")
	var details struct {
		Error struct {
			Details struct {
				Ways    []string
				Options map[string]any `json:"request_options"`
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(asked.body), &details))
	require.Equal(t, []string{"passkey", "recovery_code"}, details.Error.Details.Ways)
	answer := p.shown(details.Error.Details.Options)
	// it does not sign in by itself
	other.call("passkeys/login/complete", map[string]any{"credential": answer}).refuses(t, 400, "PASSKEY_NOT_VERIFIED")
	in := other.password("member@aef.test", map[string]any{"passkey_credential": answer})
	require.Equal(t, 200, in.StatusCode, in.body)
	s.browser().password("member@aef.test", map[string]any{"passkey_credential": answer}).refuses(t, 401, "INVALID_CREDENTIALS")
	require.Equal(t, 200, s.browser().password("member@aef.test", map[string]any{"recovery_code": codes[0]}).StatusCode)

	require.Equal(t, 200, b.call("passkeys/delete", map[string]any{"ids": []any{p.listed.ID}}).StatusCode)
	require.Equal(t, 200, s.browser().password("member@aef.test", nil).StatusCode)
}

// An account without a password keeps a passkey that signs in.
func TestTheLastWayInStays(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	first, second := s.newPasskey(b, "Phone"), s.newPasskey(b, "Laptop")
	s.exec("UPDATE users SET password_hash = '' WHERE id = ?", member)
	b.call("passkeys/delete", map[string]any{"ids": []any{first.listed.ID, second.listed.ID}}).refuses(t, 409, "LAST_WAY_IN")
	require.Equal(t, 200, b.call("passkeys/delete", map[string]any{"ids": []any{first.listed.ID}}).StatusCode)
	b.call("passkeys/delete", map[string]any{"ids": []any{second.listed.ID}}).refuses(t, 409, "LAST_WAY_IN")
	b.call("mfa/totp/begin", nil).refuses(t, 400, "PASSWORD_REQUIRED")
	b.call("reauth", map[string]string{"password": identity.DemoPassword}).refuses(t, 400, "REAUTHENTICATION_FAILED")
	require.Equal(t, []identityapi.ReauthenticationBegunWays{"passkey"}, read[identityapi.ReauthenticationBegun](t, b.call("reauth/begin", nil)).Ways)
}
