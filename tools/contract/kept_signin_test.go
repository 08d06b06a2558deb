package contract

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/journey"
)

// accountFields are those of the user who is signed in on the ID host.
var accountFields = fields{
	"id": isID, "username": isText, "email": isFilled, "email_verified": isFlag, "has_2fa": isFlag, "oauth_providers": listOf(isFilled),
	"first_name": isText, "last_name": isText, "phone_number": orNull(isText), "phone_verified": isFlag, "birth_date": orNull(isLike(`\d{4}-\d\d-\d\d`)),
	"language": isText, "timezone": isText, "avatar_url": orNull(isFilled), "avatar_source": isFilled, "avatar_gravatar_enabled": isFlag,
	"is_staff": isFlag, "is_superuser": isFlag,
}

// signedInFields are those of an answer that has signed in. The frontend takes access_token for the session's, so it is null or the same.
func signedInFields(user fields) fields {
	return fields{"meta": fields{"session_token": isFilled}, "user": user, "access_token": nil, "refresh_token": nil}
}

// provenBy expects what comes with an answer that signs in: the token in a header and in the cookie that others cannot use.
func provenBy(t *testing.T, answer *journey.Answer, body map[string]any) {
	t.Helper()
	require.Equal(t, body["meta"].(map[string]any)["session_token"], answer.Header.Get("X-Session-Token"))
	require.Contains(t, answer.Header.Get("Cache-Control"), "no-store")
	var names []string
	for _, c := range (&http.Response{Header: answer.Header}).Cookies() {
		names = append(names, c.Name)
		if c.Name == "sessionid" {
			require.True(t, c.HttpOnly)
			require.Equal(t, "/", c.Path)
			require.NotEqual(t, http.SameSiteNoneMode, c.SameSite)
			require.Equal(t, answer.Header.Get("X-Session-Token"), c.Value)
		}
	}
	require.Contains(t, names, "sessionid")
}

// asks is a request for authorization of an application, as the query of the page has it, and the verifier of its code.
func asks(client, callback, scope string) (query, verifier string) {
	verifier = "a-verifier-of-the-contract-that-is-long-enough-for-it"
	sum := sha256.Sum256([]byte(verifier))
	return url.Values{
		"client_id": {client}, "redirect_uri": {callback}, "response_type": {"code"}, "scope": {scope}, "state": {"a state"}, "nonce": {"a nonce"},
		"code_challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}, "code_challenge_method": {"S256"},
	}.Encode(), verifier
}

const wikiCallback = "https://wiki.test/callback"

func signInRows() []row {
	return []row{
		{1, "GET /auth/me", func(t *testing.T, w world) {
			requireBody(t, w.formerID(t).get("/api/v1/auth/me"), http.StatusOK, fields{"user": nil})
			f, email := w.signedIn(t)
			body := requireBody(t, f.get("/api/v1/auth/me"), http.StatusOK, fields{"user": accountFields})
			require.Equal(t, email, body["user"].(map[string]any)["email"])
			stale := w.formerID(t)
			stale.token = "no-such-token"
			requireCode(t, stale.get("/api/v1/auth/me"), http.StatusUnauthorized, "INVALID_OR_EXPIRED_TOKEN")
		}},
		{2, "GET /auth/form_token?purpose=login", func(t *testing.T, w world) {
			f := w.formerID(t)
			first := f.formToken("login")
			require.NotEqual(t, first, f.formToken("login"))
			requireCode(t, f.get("/api/v1/auth/form_token?purpose=other"), http.StatusUnprocessableEntity, "VALIDATION_ERROR")
		}},
		{3, "POST /auth/login", func(t *testing.T, w world) {
			f, email := w.signedIn(t)
			_, codes := f.withApp()
			require.Len(t, codes, 10)
			guest := w.formerID(t)
			requireCode(t, guest.login(email, "not the password", nil), http.StatusUnauthorized, "INVALID_CREDENTIALS")
			requireCode(t, guest.login(email, journey.Password, nil), http.StatusUnauthorized, "MFA_REQUIRED")
			requireCode(t, guest.login(email, journey.Password, map[string]string{"mfa_code": "000000"}), http.StatusUnauthorized, "INVALID_CREDENTIALS")
			wrong := map[string]string{"email": email, "password": journey.Password, "mfa_code": "", "form_token": "x"}
			requireCode(t, guest.post("/api/v1/auth/login", wrong), http.StatusBadRequest, "INVALID_FORM_TOKEN")
			in := guest.login(email, journey.Password, map[string]string{"recovery_code": codes[0]})
			shape := signedInFields(accountFields)
			shape["recovery_codes"] = someOf(isFilled)
			provenBy(t, in, requireBody(t, in, http.StatusOK, shape))

			plain := w.formerID(t)
			in = plain.login(w.person(t), journey.Password, nil)
			shape["recovery_codes"] = nil
			provenBy(t, in, requireBody(t, in, http.StatusOK, shape))
		}},
		{4, "POST /auth/passkeys/login/begin", func(t *testing.T, w world) {
			options := fields{"challenge": isFilled, "rpId": "id.localhost", "userVerification": isFilled, "timeout": isNumber}
			options["publicKey"] = fields{"challenge": isFilled, "rpId": "id.localhost", "userVerification": isFilled, "timeout": isNumber}
			body := requireBody(t, w.formerID(t).post("/api/v1/auth/passkeys/login/begin", nil), http.StatusOK, fields{"request_options": options})
			both := body["request_options"].(map[string]any)
			require.Equal(t, both["challenge"], both["publicKey"].(map[string]any)["challenge"])
			require.Empty(t, both["allowCredentials"], "any passkey of the host")
		}},
		{5, "POST /auth/passkeys/login/complete", func(t *testing.T, w world) {
			f, email := w.signedIn(t)
			key := f.withPasskey("Key")
			guest := w.formerID(t)
			var begun struct {
				Options json.RawMessage `json:"request_options"`
			}
			require.NoError(t, guest.post("/api/v1/auth/passkeys/login/begin", nil).JSON(http.StatusOK, &begun))
			shown, err := key.SignIn(begun.Options)
			require.NoError(t, err)
			in := guest.post("/api/v1/auth/passkeys/login/complete", map[string]any{"credential": shown})
			body := requireBody(t, in, http.StatusOK, signedInFields(accountFields))
			provenBy(t, in, body)
			guest.token = in.Header.Get("X-Session-Token")
			me := requireBody(t, guest.get("/api/v1/auth/me"), http.StatusOK, fields{"user": accountFields})
			require.Equal(t, email, me["user"].(map[string]any)["email"])
			again := w.formerID(t).post("/api/v1/auth/passkeys/login/complete", map[string]any{"credential": shown})
			require.Less(t, again.Status, http.StatusInternalServerError)
			require.GreaterOrEqual(t, again.Status, http.StatusBadRequest)
		}},
		{6, "GET /auth/oauth/providers", func(t *testing.T, w world) {
			requireBody(t, w.formerID(t).get("/api/v1/auth/oauth/providers"), http.StatusOK, fields{"providers": someOf(fields{"id": isFilled, "name": isFilled})})
		}},
		{7, "GET /auth/oauth/login/{id}?next=", func(t *testing.T, w world) {
			for _, provider := range []string{"steam", "discord", "github"} {
				requireBody(t, w.formerID(t).get("/api/v1/auth/oauth/login/"+provider+"?next=%2Faccount"), http.StatusOK, fields{"authorize_url": isLike(`https?://.+`), "method": isLike("GET|POST")})
			}
			requireCode(t, w.formerID(t).get("/api/v1/auth/oauth/login/unknown?next=%2F"), http.StatusNotFound, "PROVIDER_NOT_SUPPORTED")
		}},
		{8, "GET /auth/form_token?purpose=register, POST /auth/signup", func(t *testing.T, w world) {
			f := w.formerID(t)
			form := map[string]any{
				"username": "New Player", "email": "kept-signup@player.test", "password": "a long sentence of mine", "form_token": f.formToken("register"),
				"language": "ru", "timezone": "Europe/Berlin", "consent_data_processing": false, "consent_marketing": false,
				"is_minor": false, "guardian_email": "", "guardian_consent": false, "birth_date": "",
			}
			requireCode(t, f.post("/api/v1/auth/signup", form), http.StatusBadRequest, "CONSENT_REQUIRED")
			form["consent_data_processing"], form["is_minor"] = true, true
			requireCode(t, f.post("/api/v1/auth/signup", form), http.StatusBadRequest, "PARENTAL_CONSENT_REQUIRED")
			form["guardian_consent"] = true
			requireCode(t, f.post("/api/v1/auth/signup", form), http.StatusBadRequest, "GUARDIAN_EMAIL_REQUIRED")
			form["is_minor"], form["guardian_consent"] = false, false
			// No session comes before the address is confirmed. The frontend shows the message, and the mail is sent.
			requireCode(t, f.post("/api/v1/auth/signup", form), http.StatusForbidden, "EMAIL_VERIFICATION_REQUIRED")
			require.NotEmpty(t, w.mailed(t, "kept-signup@player.test", "/verify").Fragment)
			form["form_token"] = "x"
			requireCode(t, f.post("/api/v1/auth/signup", form), http.StatusBadRequest, "INVALID_FORM_TOKEN")
		}},
		{9, "POST /auth/logout", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			requireBody(t, f.post("/api/v1/auth/logout", nil), http.StatusOK, fields{"ok": true, "message": isFilled})
			requireCode(t, f.get("/api/v1/auth/me"), http.StatusUnauthorized, "INVALID_OR_EXPIRED_TOKEN")
		}},
		{10, "GET /oauth/authorize/prepare", func(t *testing.T, w world) {
			query, _ := asks(w.application(t, wikiCallback), wikiCallback, "openid profile email")
			requireCode(t, w.formerID(t).get("/oauth/authorize/prepare?"+query), http.StatusUnauthorized, "UNAUTHORIZED")
			f, _ := w.signedIn(t)
			requireBody(t, f.get("/oauth/authorize/prepare?"+query), http.StatusOK, fields{
				"request_id": isFilled, "client": fields{"client_id": isFilled, "name": "Wiki", "logo_url": orNull(isFilled)}, "consent_required": true,
				"scopes": someOf(fields{"name": isFilled, "description": isFilled, "required": isFlag, "granted": isFlag}), "state": "a state", "redirect_uri": wikiCallback,
			})
			unknown, _ := asks("unknown", wikiCallback, "openid")
			requireCode(t, f.get("/oauth/authorize/prepare?"+unknown), http.StatusNotFound, "CLIENT_NOT_FOUND")
		}},
		{11, "POST /oauth/authorize/approve", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			redirect, prompt := f.decides(w.application(t, wikiCallback), "approve")
			require.NotEmpty(t, redirect.Get("code"))
			require.Equal(t, "a state", redirect.Get("state"))
			requireCode(t, f.post("/oauth/authorize/approve", map[string]any{"request_id": prompt}), http.StatusNotFound, "REQUEST_NOT_FOUND")
		}},
		{12, "POST /oauth/authorize/deny", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			redirect, prompt := f.decides(w.application(t, wikiCallback), "deny")
			require.Equal(t, "access_denied", redirect.Get("error"))
			require.Equal(t, "a state", redirect.Get("state"))
			requireCode(t, f.post("/oauth/authorize/deny", map[string]any{"request_id": prompt}), http.StatusNotFound, "REQUEST_NOT_FOUND")
		}},
	}
}

// decides answers the request of an application as its page does, and returns the query with which the browser goes back and the request's id.
func (f *former) decides(client, decision string) (url.Values, string) {
	f.t.Helper()
	query, _ := asks(client, wikiCallback, "openid profile email")
	prompt := requireBody(f.t, f.get("/oauth/authorize/prepare?"+query), http.StatusOK, fields{"request_id": isFilled})["request_id"].(string)
	body := map[string]any{"request_id": prompt}
	if decision == "approve" {
		body["scopes"], body["remember"] = []string{"openid", "profile", "email"}, true
	}
	answer := requireBody(f.t, f.post("/oauth/authorize/"+decision, body), http.StatusOK, fields{"redirect_uri": isLike(`https://wiki\.test/callback\?.+`)})
	to, err := url.Parse(answer["redirect_uri"].(string))
	require.NoError(f.t, err)
	return to.Query(), prompt
}
