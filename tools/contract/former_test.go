package contract

import (
	"encoding/base32"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/identity"
	identitydomain "go.updspace.com/identity/domain"
	"go.updspace.com/libs/config"
	"go.updspace.com/tools/internal/passkeys"
	"go.updspace.com/tools/journey"
)

// former is a page of one of the two former frontends, in a browser. The one of the ID host keeps a token beside the cookies and sends it
// with every call; the one of the portal gives a type to bodies that there are not.
type former struct {
	*journey.Browser
	t      *testing.T
	world  world
	token  string   // X-Session-Token
	always []string // headers of every call
}

// formerID opens the former frontend of the ID host.
func (w world) formerID(t *testing.T) *former {
	t.Helper()
	return &former{Browser: journey.NewBrowser(w.platform.IDOrigin(), w.browser.Transport, nil), t: t, world: w}
}

// formerPortal opens the former frontend of a community, for a user who has signed in.
func (w world) formerPortal(t *testing.T, tenant, account string) *former {
	t.Helper()
	b := journey.NewBrowser(w.platform.Origin(tenant), w.browser.Transport, nil)
	require.NoError(t, journey.SignIn(t.Context(), b, account, journey.Password))
	p := &former{Browser: b, t: t, world: w, always: []string{"Content-Type", "application/json"}}
	require.NoError(t, p.get("/api/v1/session/me").Expect(http.StatusOK))
	return p
}

func (f *former) call(method, path string, body any) *journey.Answer {
	f.t.Helper()
	header := f.always
	if f.token != "" {
		header = append(header[:len(header):len(header)], "X-Session-Token", f.token)
	}
	return f.Send(f.t.Context(), method, path, body, header...)
}

func (f *former) get(path string) *journey.Answer {
	f.t.Helper()
	return f.call(http.MethodGet, path, nil)
}

func (f *former) post(path string, body any) *journey.Answer {
	f.t.Helper()
	return f.call(http.MethodPost, path, body)
}

// person makes a member of the tenant aef, whose password is that of the demo accounts, and returns the address.
func (w world) person(t *testing.T) string {
	t.Helper()
	cfg, err := config.Parse[identity.Config](w.platform.Env("identity"))
	require.NoError(t, err)
	person := identity.DefaultDemo().Users[1]
	person.ID, person.Username = uuid.New(), ""
	person.Email = "kept-" + person.ID.String()[:8] + "@aef.test"
	require.NoError(t, identity.SeedDemo(t.Context(), cfg, identity.Demo{Users: append(identity.Demo{}.Users, person)}))
	return person.Email
}

// formToken is what a form of the ID host must carry.
func (f *former) formToken(purpose string) string {
	f.t.Helper()
	body := requireBody(f.t, f.get("/api/v1/auth/form_token?purpose="+purpose), http.StatusOK, fields{"form_token": isFilled, "expires_in": 900.0})
	return body["form_token"].(string)
}

// login sends the form of the sign-in page.
func (f *former) login(email, password string, second map[string]string) *journey.Answer {
	f.t.Helper()
	form := map[string]string{"email": email, "password": password, "mfa_code": "", "recovery_code": "", "form_token": f.formToken("login")}
	for name, value := range second {
		form[name] = value
	}
	return f.post("/api/v1/auth/login", form)
}

// signIn signs a person in and keeps the token, as the frontend does in its session storage.
func (f *former) signIn(email string) *former {
	f.t.Helper()
	body := requireBody(f.t, f.login(email, journey.Password, nil), http.StatusOK, fields{"meta": fields{"session_token": isFilled}})
	f.token = body["meta"].(map[string]any)["session_token"].(string)
	return f
}

// signedIn opens the former frontend for a new person who has signed in.
func (w world) signedIn(t *testing.T) (*former, string) {
	t.Helper()
	email := w.person(t)
	return w.formerID(t).signIn(email), email
}

// withApp sets up an authenticator app and returns its seed and the recovery codes.
func (f *former) withApp() ([]byte, []string) {
	f.t.Helper()
	begun := requireBody(f.t, f.post("/api/v1/auth/mfa/totp/begin", nil), http.StatusOK, fields{"secret": isFilled})
	seed, err := base32.StdEncoding.DecodeString(begun["secret"].(string))
	require.NoError(f.t, err)
	var added struct {
		Codes []string `json:"recovery_codes"`
	}
	require.NoError(f.t, f.post("/api/v1/auth/mfa/totp/confirm", map[string]string{"code": appCode(seed)}).JSON(http.StatusOK, &added))
	return seed, added.Codes
}

// appCode is what an authenticator app shows now.
func appCode(seed []byte) string {
	return identitydomain.TOTPCode(seed, identitydomain.TOTPStep(time.Now()))
}

// withPasskey registers a passkey, as the security page does.
func (f *former) withPasskey(name string) *passkeys.Passkey {
	f.t.Helper()
	key, err := passkeys.New(f.Home)
	require.NoError(f.t, err)
	var begun struct {
		Options json.RawMessage `json:"creation_options"`
	}
	require.NoError(f.t, f.post("/api/v1/auth/passkeys/begin", map[string]bool{"passwordless": false}).JSON(http.StatusOK, &begun))
	made, err := key.Register(begun.Options)
	require.NoError(f.t, err)
	requireBody(f.t, f.post("/api/v1/auth/passkeys/complete", map[string]any{"name": name, "credential": made}), http.StatusOK, fields{"ok": true})
	return key
}

// links links an account at another service, which its stand-in takes the word for.
func (f *former) links(provider string) {
	f.t.Helper()
	start := requireBody(f.t, f.get("/api/v1/auth/oauth/link/"+provider+"?next=/account"), http.StatusOK, fields{"authorize_url": isFilled})
	form := strings.NewReader(url.Values{"account": {fmt.Sprint(76561197960265728 + time.Now().UnixNano()%4_000_000_000)}}.Encode())
	r, err := http.NewRequestWithContext(f.t.Context(), http.MethodPost, start["authorize_url"].(string), form)
	require.NoError(f.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	response, err := f.world.browser.Do(r)
	require.NoError(f.t, err)
	require.NoError(f.t, response.Body.Close())
	back, err := response.Location()
	require.NoError(f.t, err)
	end := f.Open(f.t.Context(), back.String())
	require.NoError(f.t, end.Err)
	require.Equal(f.t, provider, end.Request.URL.Query().Get("linked"))
}

// mailed waits for a mail and returns its link to a page.
func (w world) mailed(t *testing.T, to, path string) (found *url.URL) {
	t.Helper()
	b := journey.NewBrowser(w.platform.IDOrigin(), w.browser.Transport, nil)
	require.Eventually(t, func() bool {
		for _, address := range journey.Links(b.Get(t.Context(), "/dev/mail", "Accept", "text/html").Body) {
			if !strings.HasPrefix(address, "/dev/mail/") {
				continue
			}
			mail := b.Get(t.Context(), address, "Accept", "text/html").Body
			for _, link := range journey.Links(mail) {
				if u, err := url.Parse(link); err == nil && strings.HasPrefix(u.Path, path) && strings.Contains(string(mail), to) {
					found = u
					return true
				}
			}
		}
		return false
	}, patience, tick, "the mail to %s with a link to %s", to, path)
	return found
}

// application registers an application of others, and returns its id.
func (w world) application(t *testing.T, callback string) string {
	t.Helper()
	root := w.formerID(t).signIn(journey.Root)
	var made struct {
		Client struct {
			ID string `json:"client_id"`
		}
	}
	require.NoError(t, root.post("/api/v1/admin/clients", map[string]any{
		"name": "Wiki", "auth_method": "none", "redirect_uris": []string{callback}, "scopes": []string{"openid", "profile", "email"},
	}).JSON(http.StatusCreated, &made))
	return made.Client.ID
}

// row is a row of contract/identity.md, section 5.
type row struct {
	number int
	call   string
	holds  func(t *testing.T, w world)
}

// Everything that the former frontends, and the gateway for them, need of identity: every row of section 5 of its contract, field by field.
func TestMustKeepRowsOfIdentity(t *testing.T) {
	rows := append(append(signInRows(), accountRows()...), gatewayRows()...)
	require.Len(t, rows, 35)
	world := start(t)
	for i, r := range rows {
		require.Equal(t, i+1, r.number)
		t.Run(fmt.Sprintf("row %02d %s", r.number, r.call), func(t *testing.T) { r.holds(t, world) })
	}
}
