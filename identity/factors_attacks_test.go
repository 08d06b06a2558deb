package identity_test

import (
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/pg"
)

// exec changes the database behind the service's back.
func (s *service) exec(query string, args ...any) {
	s.t.Helper()
	db, err := pg.Open(ctx, pg.Config{URL: s.cfg.Database.MigrateURL})
	require.NoError(s.t, err)
	defer func() { require.NoError(s.t, db.Close()) }()
	_, err = db.Conn(ctx).NewRaw(query, args...).Exec(ctx)
	require.NoError(s.t, err)
}

func TestACodeOfAnAppIsTakenOnce(t *testing.T) {
	t.Parallel()
	s := start(t)
	app, _ := s.withApp(s.user("member@aef.test"))
	code := app.code() // it has set up the app
	s.browser().password("member@aef.test", map[string]any{"mfa_code": code}).refuses(t, 401, "INVALID_CREDENTIALS")
	code = app.fresh()
	require.Equal(t, 200, s.browser().password("member@aef.test", map[string]any{"mfa_code": code}).StatusCode)
	s.browser().password("member@aef.test", map[string]any{"mfa_code": code}).refuses(t, 401, "INVALID_CREDENTIALS")
	// neither is an earlier one, within the window for phones whose clocks are wrong
	s.clock.Advance(30 * time.Second)
	earlier := domain.TOTPCode(app.seed, domain.TOTPStep(s.clock.Now())-1)
	s.browser().password("member@aef.test", map[string]any{"mfa_code": earlier}).refuses(t, 401, "INVALID_CREDENTIALS")
	old := app.code()
	s.clock.Advance(time.Minute)
	s.browser().password("member@aef.test", map[string]any{"mfa_code": old}).refuses(t, 401, "INVALID_CREDENTIALS")
}

// Of a hundred requests with one code, one signs in; the others find it used, or are too many.
func TestOfManySignInsWithOneCodeOneSucceeds(t *testing.T) {
	t.Parallel()
	s := start(t)
	app, codes := s.withApp(s.user("member@aef.test"))
	_, others := s.withApp(s.user("second@aef.test"))
	for _, one := range []struct {
		email string
		field map[string]any
	}{{"second@aef.test", map[string]any{"recovery_code": others[0]}}, {"member@aef.test", map[string]any{"mfa_code": app.fresh()}}} {
		body := map[string]any{"email": one.email, "password": identity.DemoPassword, "form_token": s.formToken()}
		maps.Copy(body, one.field)
		var wg sync.WaitGroup
		var in atomic.Int32
		for range 100 {
			b := s.browser()
			wg.Go(func() {
				if b.call("login", body).StatusCode == http.StatusOK {
					in.Add(1)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, in.Load(), one.email)
	}
	require.Len(t, codes, domain.RecoveryCodes)
}

func TestGuessingTheSecondStepSlowsDownAndLocksNoOwnerOut(t *testing.T) {
	t.Parallel()
	s := start(t)
	known := s.user("member@aef.test") // the owner's browser
	app, _ := s.withApp(known)
	thief := s.browser()
	for range 5 {
		thief.password("member@aef.test", map[string]any{"mfa_code": "000000"}).refuses(t, 401, "INVALID_CREDENTIALS")
	}
	thief.password("member@aef.test", map[string]any{"mfa_code": "000000"}).refuses(t, 429, "LOGIN_RATE_LIMITED")
	thief.password("member@aef.test", map[string]any{"recovery_code": "aaaa-aaaa-aaaa"}).refuses(t, 429, "LOGIN_RATE_LIMITED")
	thief.password("member@aef.test", map[string]any{"mfa_code": app.fresh()}).refuses(t, 429, "LOGIN_RATE_LIMITED")
	require.Equal(t, 200, known.password("member@aef.test", map[string]any{"mfa_code": app.code()}).StatusCode)
	for range 10 {
		known.password("member@aef.test", map[string]any{"mfa_code": "000000"}).refuses(t, 401, "INVALID_CREDENTIALS")
	}
	known.password("member@aef.test", map[string]any{"mfa_code": "000000"}).refuses(t, 429, "LOGIN_RATE_LIMITED")
}

func TestAPasskeyThatWasCopiedIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	p := s.newPasskey(b, "Phone")
	p.key.Counter = 10
	other := s.browser()
	require.Equal(t, 200, other.call("passkeys/login/complete", map[string]any{"credential": p.shown(other.passkeyOptions())}).StatusCode)
	for _, counter := range []uint32{3, 9} {
		p.key.Counter = counter
		other := s.browser()
		other.call("passkeys/login/complete", map[string]any{"credential": p.shown(other.passkeyOptions())}).refuses(t, 403, "PASSKEY_CLONED")
		b.call("reauth", map[string]any{
			"credential": func() json.RawMessage {
				p.key.Counter = counter
				return p.shown(read[identityapi.ReauthenticationBegun](t, b.call("reauth/begin", nil)).RequestOptions)
			}(),
		}).refuses(t, 403, "PASSKEY_CLONED")
	}
	p.key.Counter = 20 // the owner's still works
	require.Equal(t, 200, other.call("passkeys/login/complete", map[string]any{"credential": p.shown(other.passkeyOptions())}).StatusCode)
}

func TestAPasskeyAnswersOnlyItsOwnCeremonyAndPlace(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	p := s.newPasskey(b, "Phone")
	complete := func(answer json.RawMessage) page {
		return s.browser().call("passkeys/login/complete", map[string]any{"credential": answer})
	}
	refused := func(name string, answer json.RawMessage) {
		t.Helper()
		t.Log(name)
		complete(answer).refuses(t, 400, "PASSKEY_NOT_VERIFIED")
	}
	once := p.shown(s.browser().passkeyOptions())
	require.Equal(t, 200, complete(once).StatusCode)
	refused("the same answer again", once)
	late := p.shown(s.browser().passkeyOptions())
	s.clock.Advance(10 * time.Minute)
	refused("an answer that is late", late)
	changed := func(change func(*passkey)) json.RawMessage {
		q := *p
		change(&q)
		q.key.Counter = p.key.Counter
		p.key.Counter++
		return q.shown(s.browser().passkeyOptions())
	}
	refused("another origin", changed(func(p *passkey) { p.rp.Origin = "http://127.0.0.1.evil.test" }))
	refused("another port", changed(func(p *passkey) { p.rp.Origin = "http://127.0.0.1:1" }))
	refused("another relying party", changed(func(p *passkey) { p.rp.ID = "evil.test" }))
	refused("no user verification", changed(func(p *passkey) { p.device.Options.UserNotVerified = true }))
	refused("no user presence", changed(func(p *passkey) { p.device.Options.UserNotPresent = true }))
	refused("no handle", changed(func(p *passkey) { p.device.Options.UserHandle = nil }))
	refused("another handle", changed(func(p *passkey) { p.device.Options.UserHandle = domain.NewHandle() }))
	refused("another key", changed(func(p *passkey) { p.key.Key = s.device().key.Key }))
	refused("a passkey that is not registered", changed(func(p *passkey) { p.key = s.device().key }))
	refused("backed up now", changed(func(p *passkey) { p.device.Options.BackupEligible = true }))
	made := map[string]any{"challenge": base64.RawURLEncoding.EncodeToString(make([]byte, 32)), "rpId": p.rp.ID}
	refused("a challenge that is made up", p.shown(made))
	refused("a challenge of another purpose", p.shown(read[identityapi.ReauthenticationBegun](t, b.call("reauth/begin", nil)).RequestOptions))

	// a check of one session does not count in another
	own := p.shown(read[identityapi.ReauthenticationBegun](t, b.call("reauth/begin", nil)).RequestOptions)
	s.user("member@aef.test").call("reauth", map[string]any{"credential": own}).refuses(t, 400, "REAUTHENTICATION_FAILED")
	// nor does a registration
	b = s.user("member@aef.test")
	answer := s.device().made(b.call("passkeys/begin", nil))
	s.user("second@aef.test").call("passkeys/complete", map[string]any{"credential": answer}).refuses(t, 400, "PASSKEY_NOT_VERIFIED")
	b.call("passkeys/complete", map[string]any{"credential": answer}).refuses(t, 400, "PASSKEY_NOT_VERIFIED")
}

func TestAPasskeySignInFromAnotherSiteIsRefused(t *testing.T) {
	t.Parallel()
	s := start(t)
	p := s.newPasskey(s.user("member@aef.test"), "Phone")
	b := s.browser()
	answer := p.shown(b.passkeyOptions())
	b.send(http.MethodPost, "/api/v1/auth/passkeys/login/complete", map[string]any{"credential": answer}, "Origin", "https://evil.test", "Sec-Fetch-Site", "cross-site").
		refuses(t, 403, "CSRF_FAILED")
}

// A session that was there before a sign-in is not the one after it, whichever way that was.
func TestASignInChangesTheToken(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	p := s.newPasskey(b, "Phone")
	app, _ := s.withApp(b)
	planted := read[identityapi.LoginResult](t, b.password("member@aef.test", map[string]any{"mfa_code": app.fresh()})).Meta.SessionToken
	token := read[identityapi.LoginResult](t, b.call("passkeys/login/complete", map[string]any{"credential": p.shown(b.passkeyOptions())})).Meta.SessionToken
	require.NotEqual(t, planted, token)
	me, err := s.script("X-Session-Token", planted).GetAuthMeWithResponse(ctx)
	refused(t, 401, "INVALID_OR_EXPIRED_TOKEN", me, err)
	again := read[identityapi.LoginResult](t, b.password("member@aef.test", map[string]any{"mfa_code": app.fresh()})).Meta.SessionToken
	require.NotEqual(t, token, again)
}

func TestHostileBodiesOfFactors(t *testing.T) {
	t.Parallel()
	s := start(t)
	b := s.user("member@aef.test")
	p := s.newPasskey(b, "Phone")
	var good map[string]any
	require.NoError(t, json.Unmarshal(p.shown(s.browser().passkeyOptions()), &good))
	long := strings.Repeat("A", 70_000)
	for _, credential := range []any{
		map[string]any{}, map[string]any{"response": 1}, map[string]any{"response": map[string]any{"clientDataJSON": "!"}},
		map[string]any{"response": map[string]any{"clientDataJSON": "bnVsbA"}}, map[string]any{"response": map[string]any{"clientDataJSON": long}},
		map[string]any{"id": long, "rawId": long, "type": "public-key", "response": map[string]any{"clientDataJSON": "e30", "authenticatorData": long, "signature": long}},
		[]any{}, "x", 1, nil, true,
	} {
		for _, path := range []string{"passkeys/login/complete", "passkeys/complete", "reauth"} {
			r := b.write(b.client, http.MethodPost, "/api/v1/auth/"+path, "application/json", mustJSON(t, map[string]any{"credential": credential}), nil)
			require.GreaterOrEqual(t, r.StatusCode, 400, "%s %v", path, credential)
			require.Less(t, r.StatusCode, 500, "%s %v: %s", path, credential, r.body)
		}
	}
	// each part of an answer spoilt
	response := good["response"].(map[string]any)
	for name := range response {
		for _, bad := range []any{"", "!", "AAAA", long, 1, nil, []any{}, map[string]any{}} {
			spoilt := maps.Clone(response)
			spoilt[name] = bad
			answer := maps.Clone(good)
			answer["response"] = spoilt
			r := b.write(b.client, http.MethodPost, "/api/v1/auth/passkeys/login/complete", "application/json", mustJSON(t, map[string]any{"credential": answer}), nil)
			require.True(t, r.StatusCode >= 400 && r.StatusCode < 500, "%s %v: %s", name, bad, r.body)
		}
	}
	for _, code := range []string{"", long[:65], "\x00", "123456\n7", "１２３４５６", "-------"} {
		r := b.write(b.client, http.MethodPost, "/api/v1/auth/mfa/totp/confirm", "application/json", mustJSON(t, map[string]any{"code": code}), nil)
		require.True(t, r.StatusCode >= 400 && r.StatusCode < 500, "%q: %s", code, r.body)
	}
	for _, name := range []string{"\x00", strings.Repeat("ё", 65), "a\nb"} {
		b.call("passkeys/rename", map[string]any{"authenticator_id": p.listed.ID, "new_name": name}).refuses(t, 422, "VALIDATION_ERROR")
	}
	b.write(b.client, http.MethodPost, "/api/v1/auth/passkeys/rename", "application/json", `{"authenticator_id":"x","new_name":"y"}`, nil).refuses(t, 422, "VALIDATION_ERROR")
	b.write(b.client, http.MethodPost, "/api/v1/auth/passkeys/delete", "application/json", `{"ids":[]}`, nil).refuses(t, 422, "VALIDATION_ERROR")
	require.Equal(t, 200, b.call("passkeys/login/complete", map[string]any{"credential": p.shown(b.passkeyOptions())}).StatusCode, "the passkey is as it was")
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}
