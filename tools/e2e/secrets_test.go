package e2e

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"database/sql"
	"encoding/base32"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	identitydomain "go.updspace.com/identity/domain"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/internal/passkeys"
	"go.updspace.com/tools/journey"
)

// public are names under which values are sent that may be stored as they are, and why.
var public = map[string]string{
	"x": "a public key", "y": "a public key", "n": "a public key", "id": "a public name of a passkey", "rawId": "the same", "username": "a name",
	"next_cursor": "a place in a list", "code_challenge": "the hash of what proves the client", "nonce": "says which sign-in a token is for, and lets no one in",
	"state": "the client's own, which its answer must carry; its browser holds the other half",
}

// No value that lets its holder in, or that proves who one is, can be read in the databases of identity and of the gateway after people have used every
// way there is: neither as it was sent nor encoded in another way.
func TestNoSecretIsStoredInClear(t *testing.T) {
	heard := newWiretap()
	at := place()
	at.Watch = heard.tap
	var out bytes.Buffer
	require.NoError(t, journey.Run(t.Context(), at, &out), out.String())
	useEveryWayIn(t, heard)

	stored := map[string]string{}
	for _, name := range []string{"db_id", "db_bff"} {
		stored[name] = dump(t, database(t, name))
	}
	for _, name := range []string{ // what the look is about was there
		"sessionid", "updspace_session", "updspace_csrf", "known_browser", "session_token", "form_token", "code", "access_token", "refresh_token", "id_token", "client_secret",
		"secret", "recovery_codes", "challenge", "token", "fragment", "path", "code_verifier", "passkey", "invitation", "reset", "address", "magic link",
	} {
		require.NotEmpty(t, heard.named(name), name)
	}
	for name, where := range map[string]string{"sessionid": "db_id", "updspace_session": "db_bff", "refresh_token": "db_id", "reset": "db_id", "invitation": "db_id"} {
		require.True(t, slices.ContainsFunc(heard.named(name), func(secret string) bool {
			hash := identitydomain.Secret(secret).Hash()
			return strings.Contains(stored[where], hex.EncodeToString(hash[:]))
		}), "the hash of a %s is in %s: the look reaches where it would be", name, where)
	}
	for value, names := range heard.values {
		if !slices.ContainsFunc(slicesOf(names), func(name string) bool { return public[name] == "" }) {
			continue
		}
		for form := range forms(value) {
			for where, text := range stored {
				require.NotContains(t, strings.ToLower(text), strings.ToLower(form), "%v in %s as %s", slicesOf(names), where, form)
			}
		}
	}
	for where, text := range stored {
		for _, mark := range []string{"PRIVATE KEY", `"d":`, `"d" :`, hex.EncodeToString([]byte("PRIVATE KEY")), hex.EncodeToString([]byte(`"d":`))} {
			require.NotContains(t, text, mark, where)
		}
	}
	noSigningKey(t, stored["db_id"])
}

// A secret is found in whatever surrounds it and however both are encoded.
func TestFormsOfASecretAreFound(t *testing.T) {
	secret := drawnText()
	raw := base64.RawURLEncoding.EncodeToString([]byte(secret))
	for _, stored := range []string{
		secret, `{"a":"` + secret + `"}`, hex.EncodeToString([]byte("x" + secret)), strings.ToUpper(hex.EncodeToString([]byte(secret))), raw,
		base64.StdEncoding.EncodeToString([]byte("x" + secret + "y")), base64.StdEncoding.EncodeToString([]byte("xy" + secret)), base64.URLEncoding.EncodeToString([]byte("xyz" + secret)),
	} {
		for _, value := range []string{secret, raw} { // sent as it is, or encoded
			found := false
			for form := range forms(value) {
				found = found || strings.Contains(strings.ToLower(stored), strings.ToLower(form))
			}
			require.True(t, found, "%s in %s", value, stored)
		}
	}
}

func slicesOf(names map[string]bool) (list []string) {
	for name := range names {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// dump is every column of every table as text; bytes are shown in hexadecimal.
func dump(t *testing.T, db *sql.DB) string {
	t.Helper()
	rows, err := db.QueryContext(t.Context(), "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')")
	require.NoError(t, err)
	defer rows.Close()
	var tables []string
	for rows.Next() {
		var table string
		require.NoError(t, rows.Scan(&table))
		tables = append(tables, table)
	}
	require.NoError(t, rows.Err())
	require.NotEmpty(t, tables)
	var all strings.Builder
	for _, table := range tables {
		var text string
		require.NoError(t, db.QueryRowContext(t.Context(), "SELECT coalesce(string_agg(r::text, ';'), '') FROM "+table+" r").Scan(&text))
		all.WriteString(text)
	}
	return all.String()
}

// forms are the ways in which a value can be read.
func forms(value string) map[string]bool {
	meanings := [][]byte{[]byte(value)}
	for _, decode := range []func(string) ([]byte, error){
		base64.RawURLEncoding.DecodeString, base64.StdEncoding.DecodeString, base64.URLEncoding.DecodeString, base32.StdEncoding.DecodeString, hex.DecodeString,
	} {
		if raw, err := decode(value); err == nil && len(raw) >= 8 {
			meanings = append(meanings, raw)
		}
	}
	if plain := strings.NewReplacer("-", "", " ", "").Replace(value); plain != value {
		meanings = append(meanings, []byte(plain))
	}
	found := map[string]bool{value: true, url.QueryEscape(value): true}
	for _, raw := range meanings {
		found[string(raw)] = true
		found[hex.EncodeToString(raw)] = true
		for shift := range 3 { // base64 of a text that has it somewhere: less what its neighbours decide
			whole := base64.RawStdEncoding.EncodeToString(append(make([]byte, shift), raw...))
			inner := whole[(shift*8+5)/6 : len(whole)-1]
			if len(inner) >= 10 {
				found[inner], found[strings.NewReplacer("+", "-", "/", "_").Replace(inner)] = true, true
			}
		}
	}
	return found
}

// noSigningKey opens the keys that identity signs with and looks for them.
func noSigningKey(t *testing.T, stored string) {
	t.Helper()
	keys, err := seal.Parse(world.Env("identity")["IDENTITY_SEAL_KEYS"])
	require.NoError(t, err)
	rows, err := database(t, "db_id").QueryContext(t.Context(), "SELECT id, sealed, seal_key FROM signing_keys")
	require.NoError(t, err)
	defer rows.Close()
	count := 0
	for rows.Next() {
		var id, key string
		var sealed []byte
		require.NoError(t, rows.Scan(&id, &sealed, &key))
		der, err := keys.Open(sealed, key, []byte("signing_keys/"+id))
		require.NoError(t, err)
		parsed, err := x509.ParsePKCS8PrivateKey(der)
		require.NoError(t, err)
		secrets := [][]byte{der}
		switch private := parsed.(type) {
		case *ecdsa.PrivateKey:
			d, err := private.Bytes()
			require.NoError(t, err)
			secrets = append(secrets, d)
		case *rsa.PrivateKey:
			secrets = append(secrets, private.D.Bytes(), private.Primes[0].Bytes())
		default: // Ed25519: the seed is the end of the DER
			secrets = append(secrets, der[len(der)-32:])
		}
		for _, secret := range secrets {
			for form := range forms(string(secret)) {
				require.NotContains(t, strings.ToLower(stored), strings.ToLower(form), id)
			}
		}
		count++
	}
	require.NoError(t, rows.Err())
	require.NotZero(t, count)
}

// useEveryWayIn has a person use what the journey does not: an authenticator app, recovery codes, a passkey, a reset, another address; an application that
// gets tokens and refreshes them; an invitation that waits.
func useEveryWayIn(t *testing.T, heard *wiretap) {
	t.Helper()
	ctx := t.Context()
	cfg, err := config.Parse[identity.Config](world.Env("identity"))
	require.NoError(t, err)
	person := identity.DefaultDemo().Users[1]
	person.ID, person.Username = uuid.New(), ""
	person.Email = "vault-" + person.ID.String()[:8] + "@aef.test"
	require.NoError(t, identity.SeedDemo(ctx, cfg, identity.Demo{Users: append(identity.Demo{}.Users, person)}))
	transport := journey.Transport()
	t.Cleanup(transport.CloseIdleConnections)
	b := journey.NewBrowser(world.Origin("aef"), heard.tap(transport), nil)
	require.NoError(t, journey.SignIn(ctx, b, person.Email, journey.Password))
	post := func(path string, body, into any) {
		t.Helper()
		require.NoError(t, b.Send(ctx, http.MethodPost, world.IDOrigin()+path, body).JSON(http.StatusOK, into), path)
	}
	var ok map[string]any

	var setup struct{ Secret string }
	post("/api/v1/auth/mfa/totp/begin", nil, &setup)
	heard.note("secret", setup.Secret)
	seed, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.TrimRight(setup.Secret, "="))
	require.NoError(t, err)
	heard.note("secret", string(seed))
	var added struct {
		RecoveryCodes []string `json:"recovery_codes"`
	}
	post("/api/v1/auth/mfa/totp/confirm", map[string]string{"code": identitydomain.TOTPCode(seed, identitydomain.TOTPStep(time.Now()))}, &added)
	require.NotEmpty(t, added.RecoveryCodes)
	for _, code := range added.RecoveryCodes {
		heard.note("recovery_codes", code)
	}

	var creation struct {
		CreationOptions json.RawMessage `json:"creation_options"`
	}
	post("/api/v1/auth/passkeys/begin", nil, &creation)
	device, err := passkeys.New(world.IDOrigin())
	require.NoError(t, err)
	made, err := device.Register(creation.CreationOptions)
	require.NoError(t, err)
	post("/api/v1/auth/passkeys/complete", map[string]any{"name": "Key", "credential": made}, &ok)
	heard.note("passkey", string(device.Key.Key.AttestationData()[20:60])) // of the credential's record, which is sealed as a whole
	post("/api/v1/auth/passkeys/login/begin", nil, &ok)                    // a challenge that waits

	post("/api/v1/auth/password/reset/request", map[string]string{"email": person.Email}, &ok)
	post("/api/v1/auth/email/change", map[string]string{"new_email": "new-" + person.Email}, &ok)
	require.NoError(t, b.Send(ctx, http.MethodPost, "/api/v1/session/login", map[string]string{"email": journey.Second, "next": "/"}).Expect(http.StatusOK))
	admin := journey.NewBrowser(world.Origin("aef"), heard.tap(transport), nil)
	require.NoError(t, journey.SignIn(ctx, admin, journey.Admin, journey.Password))
	require.NoError(t, admin.Send(ctx, http.MethodPost, "/api/v1/portal/invitations", map[string]string{"email": "invited-" + person.Email}).Expect(http.StatusCreated))
	mails := journey.NewBrowser(world.IDOrigin(), heard.tap(transport), nil)
	for name, wanted := range map[string]struct{ to, path string }{
		"reset": {person.Email, "/reset"}, "address": {"new-" + person.Email, "/verify"}, "invitation": {"invited-" + person.Email, "/invite/"}, "magic link": {journey.Second, "/api/v1/session/callback"},
	} {
		link := mailed(t, mails, wanted.to, wanted.path)
		token := link.Fragment
		if strings.HasPrefix(link.Path, "/invite/") {
			token = strings.TrimPrefix(link.Path, "/invite/")
		}
		if code := link.Query().Get("code"); code != "" {
			token = code
		}
		require.NotEmpty(t, token, link)
		heard.note(name, token)
	}
	useApplication(t, heard, cfg, b, transport)
}

// mailed waits for a mail and returns its link to a page.
func mailed(t *testing.T, b *journey.Browser, to, path string) (found *url.URL) {
	t.Helper()
	require.Eventually(t, func() bool {
		for _, address := range journey.Links(b.Get(t.Context(), "/dev/mail", "Accept", "text/html").Body) {
			if !strings.HasPrefix(address, "/dev/mail/") {
				continue
			}
			mail := b.Get(t.Context(), address, "Accept", "text/html").Body
			for _, link := range journey.Links(mail) {
				if u, err := url.Parse(link); err == nil && strings.HasPrefix(u.Path, path) && bytes.Contains(mail, []byte(to)) {
					found = u
					return true
				}
			}
		}
		return false
	}, time.Minute, 200*time.Millisecond, "the mail to %s with a link to %s", to, path)
	return found
}

// useApplication registers an application, and has it get tokens of the browser's user, refresh them, and ask about them; a further code waits.
func useApplication(t *testing.T, heard *wiretap, cfg identity.Config, b *journey.Browser, transport http.RoundTripper) {
	t.Helper()
	ctx, id, callback := t.Context(), "vault-"+uuid.NewString()[:8], "https://vault.test/callback"
	secret := operate(t, cfg, "client-register", id, "Vault", callback, "-", "-")
	heard.note("client_secret", secret)
	client := &http.Client{Transport: heard.tap(transport), Timeout: patience}
	code := func() (code, verifier string) {
		verifier = drawnText()
		heard.note("code_verifier", verifier)
		sum := sha256.Sum256([]byte(verifier))
		query := url.Values{
			"client_id": {id}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {"openid offline_access email"}, "state": {drawnText()}, "nonce": {drawnText()},
			"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"}, "prompt": {"consent"},
		}
		var prompt struct {
			RequestID string `json:"request_id"`
		}
		require.NoError(t, b.Get(ctx, world.IDOrigin()+"/oauth/authorize/prepare?"+query.Encode()).JSON(http.StatusOK, &prompt))
		var target struct {
			RedirectURI string `json:"redirect_uri"`
		}
		require.NoError(t, b.Send(ctx, http.MethodPost, world.IDOrigin()+"/oauth/authorize/approve", prompt).JSON(http.StatusOK, &target))
		to, err := url.Parse(target.RedirectURI)
		require.NoError(t, err)
		require.NotEmpty(t, to.Query().Get("code"))
		return to.Query().Get("code"), verifier
	}
	ask := func(path string, form url.Values) (answer map[string]any) {
		t.Helper()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, world.IDOrigin()+path, strings.NewReader(form.Encode()))
		require.NoError(t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(url.QueryEscape(id), url.QueryEscape(secret))
		response, err := client.Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		require.Equal(t, http.StatusOK, response.StatusCode, string(body))
		require.NoError(t, json.Unmarshal(body, &answer))
		return answer
	}
	first, verifier := code()
	tokens := ask("/oauth/token", url.Values{"grant_type": {"authorization_code"}, "code": {first}, "redirect_uri": {callback}, "code_verifier": {verifier}})
	refresh := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {tokens["refresh_token"].(string)}}
	ask("/oauth/token", refresh)
	ask("/oauth/token", refresh) // within the grace: the answer that is kept
	require.Equal(t, true, ask("/oauth/introspect", url.Values{"token": {tokens["access_token"].(string)}})["active"])
	code()
}

// operate runs a command of identity's operator and returns what it printed.
func operate(t *testing.T, cfg identity.Config, verb string, args ...string) string {
	t.Helper()
	for _, c := range identity.Commands() {
		if c.Name != verb {
			continue
		}
		read, write, err := os.Pipe()
		require.NoError(t, err)
		before := os.Stdout
		os.Stdout = write
		err = c.Run(context.WithoutCancel(t.Context()), cfg, args)
		os.Stdout = before
		require.NoError(t, write.Close())
		printed, readErr := io.ReadAll(read)
		require.NoError(t, readErr)
		require.NoError(t, err)
		return strings.TrimSpace(string(printed))
	}
	require.Fail(t, "there is no such command", verb)
	return ""
}

// drawnText is of the length that a verifier of PKCE has.
func drawnText() string { return rand.Text() + rand.Text() }
