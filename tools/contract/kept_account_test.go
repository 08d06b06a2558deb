package contract

import (
	"encoding/base32"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/internal/passkeys"
	"go.updspace.com/tools/journey"
)

var done = fields{"ok": true, "message": isFilled}

// preferenceFields are what the privacy page reads and writes.
var preferenceFields = fields{
	"language": isText, "timezone": isText, "marketing_opt_in": isFlag, "marketing_opt_in_at": orNull(isTime), "marketing_opt_out_at": orNull(isTime),
	"privacy_scope_defaults": fields{"profile_basic": isPolicy, "email": isPolicy, "phone": isPolicy, "profile_extended": isPolicy},
}

var isPolicy = isLike("allow|ask|deny")

func accountRows() []row {
	return []row{
		{13, "PATCH /auth/profile", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			full := map[string]string{"first_name": "Mira", "last_name": "Mast", "phone_number": "+49 30 1234", "birth_date": "1994-05-01"}
			requireBody(t, f.call(http.MethodPatch, "/api/v1/auth/profile", full), http.StatusOK, done)
			requireBody(t, f.get("/api/v1/auth/me"), http.StatusOK, fields{"user": fields{"first_name": "Mira", "last_name": "Mast", "phone_number": "+49 30 1234", "birth_date": "1994-05-01"}})
			empty := map[string]string{"first_name": "", "last_name": "", "phone_number": "", "birth_date": ""}
			requireBody(t, f.call(http.MethodPatch, "/api/v1/auth/profile", empty), http.StatusOK, done)
			requireBody(t, f.get("/api/v1/auth/me"), http.StatusOK, fields{"user": fields{"first_name": "", "last_name": "", "birth_date": nil}})
			requireCode(t, f.call(http.MethodPatch, "/api/v1/auth/profile", map[string]string{"birth_date": "yesterday"}), http.StatusUnprocessableEntity, "VALIDATION_ERROR")
		}},
		{14, "GET /auth/email, POST /auth/email/change, POST /auth/email/resend", func(t *testing.T, w world) {
			f, email := w.signedIn(t)
			body := requireBody(t, f.get("/api/v1/auth/email"), http.StatusOK, fields{"email": isFilled, "verified": true})
			require.Equal(t, email, body["email"])
			requireBody(t, f.post("/api/v1/auth/email/change", map[string]string{"new_email": "new-" + email}), http.StatusOK, done)
			requireBody(t, f.post("/api/v1/auth/email/resend", nil), http.StatusOK, done)
		}},
		{15, "POST /auth/change_password", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			change := map[string]string{"current_password": "not the password", "new_password": "four words and a fox"}
			requireCode(t, f.post("/api/v1/auth/change_password", change), http.StatusBadRequest, "INVALID_PASSWORD")
			change["current_password"] = journey.Password
			requireBody(t, f.post("/api/v1/auth/change_password", change), http.StatusOK, done)
		}},
		{16, "GET /auth/mfa/status", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			requireBody(t, f.get("/api/v1/auth/mfa/status"), http.StatusOK, fields{"has_totp": false, "has_webauthn": false, "has_recovery_codes": false, "recovery_codes_left": 0.0})
			f.withApp()
			f.withPasskey("Key")
			requireBody(t, f.get("/api/v1/auth/mfa/status"), http.StatusOK, fields{"has_totp": true, "has_webauthn": true, "has_recovery_codes": true, "recovery_codes_left": 10.0})
		}},
		{17, "POST /auth/mfa/totp/begin, /totp/confirm, /totp/disable, /recovery/regenerate", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			requireCode(t, f.post("/api/v1/auth/mfa/totp/confirm", map[string]string{"code": "123456"}), http.StatusBadRequest, "TOTP_SETUP_REQUIRED")
			begun := requireBody(t, f.post("/api/v1/auth/mfa/totp/begin", nil), http.StatusOK, fields{
				"secret": isLike("[A-Z2-7]+=*"), "otpauth_url": isLike("otpauth://totp/.+"), "svg": isLike("(?s)<svg .*"), "svg_data_uri": isLike("data:image/svg\\+xml;base64,.+"),
			})
			requireCode(t, f.post("/api/v1/auth/mfa/totp/confirm", map[string]string{"code": "12345x"}), http.StatusBadRequest, "INVALID_MFA_CODE")
			seed, err := base32.StdEncoding.DecodeString(begun["secret"].(string))
			require.NoError(t, err)
			code := appCode(seed)
			confirm := map[string]string{"code": code[:3] + " " + code[3:]}
			added := requireBody(t, f.post("/api/v1/auth/mfa/totp/confirm", confirm), http.StatusOK, fields{"ok": true, "recovery_codes": someOf(isFilled)})
			require.Len(t, added["recovery_codes"], 10)
			again := requireBody(t, f.post("/api/v1/auth/mfa/recovery/regenerate", nil), http.StatusOK, fields{"recovery_codes": someOf(isFilled)})
			require.Len(t, again["recovery_codes"], 10)
			requireBody(t, f.post("/api/v1/auth/mfa/totp/disable", nil), http.StatusOK, done)
			requireCode(t, f.post("/api/v1/auth/mfa/recovery/regenerate", nil), http.StatusBadRequest, "MFA_REQUIRED")
		}},
		{18, "GET /auth/passkeys", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			requireBody(t, f.get("/api/v1/auth/passkeys"), http.StatusOK, fields{"authenticators": listOf(fields{})})
			f.withPasskey("Key")
			requireBody(t, f.get("/api/v1/auth/passkeys"), http.StatusOK, fields{"authenticators": someOf(fields{
				"id": isFilled, "name": "Key", "type": "webauthn", "is_passwordless": isFlag, "created_at": isNumber, "last_used_at": orNull(isNumber),
			})})
		}},
		{19, "POST /auth/passkeys/begin, /complete, /delete", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			user, rp := fields{"id": isFilled, "name": isFilled, "displayName": isFilled}, fields{"id": "id.localhost", "name": isFilled}
			parameters := someOf(fields{"type": "public-key", "alg": isNumber})
			options := fields{"challenge": isFilled, "user": user, "rp": rp, "pubKeyCredParams": parameters}
			options["publicKey"] = fields{"challenge": isFilled, "user": user, "rp": rp, "pubKeyCredParams": parameters}
			requireBody(t, f.post("/api/v1/auth/passkeys/begin", map[string]bool{"passwordless": false}), http.StatusOK, fields{"creation_options": options})
			f.withPasskey("Key")
			list := requireBody(t, f.get("/api/v1/auth/passkeys"), http.StatusOK, fields{"authenticators": someOf(fields{"id": isFilled})})
			id := list["authenticators"].([]any)[0].(map[string]any)["id"]
			requireBody(t, f.post("/api/v1/auth/passkeys/delete", map[string]any{"ids": []any{id}}), http.StatusOK, done)
			left := requireBody(t, f.get("/api/v1/auth/passkeys"), http.StatusOK, fields{})
			require.Empty(t, left["authenticators"])
			key, err := passkeys.New(f.Home)
			require.NoError(t, err)
			stale, err := key.Register([]byte(`{"publicKey":{"challenge":"AAAA","rp":{"id":"id.localhost","name":"x"},"user":{"id":"AAAA","name":"x","displayName":"x"}}}`))
			require.NoError(t, err)
			requireCode(t, f.post("/api/v1/auth/passkeys/complete", map[string]any{"name": "Key", "credential": stale}), http.StatusBadRequest, "PASSKEY_NOT_VERIFIED")
		}},
		{20, "GET /auth/oauth/link/{id}?next=/account, POST /auth/oauth/unlink", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			requireBody(t, f.get("/api/v1/auth/oauth/link/steam?next=/account"), http.StatusOK, fields{"authorize_url": isLike(`https?://.+`), "method": isLike("GET|POST")})
			requireCode(t, f.get("/api/v1/auth/oauth/link/unknown?next=/account"), http.StatusNotFound, "PROVIDER_NOT_SUPPORTED")
			f.links("steam")
			requireBody(t, f.get("/api/v1/auth/me"), http.StatusOK, fields{"user": fields{"oauth_providers": someOf("steam")}})
			requireBody(t, f.post("/api/v1/auth/oauth/unlink", map[string]string{"provider": "steam"}), http.StatusOK, done)
			require.Equal(t, http.StatusNotFound, f.post("/api/v1/auth/oauth/unlink", map[string]string{"provider": "steam"}).Status)
		}},
		{21, "GET, PATCH /auth/preferences", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			requireBody(t, f.get("/api/v1/auth/preferences"), http.StatusOK, preferenceFields)
			changed := requireBody(t, f.call(http.MethodPatch, "/api/v1/auth/preferences", map[string]any{
				"language": "ru", "timezone": "Asia/Kolkata", "marketing_opt_in": true,
				"privacy_scope_defaults": map[string]string{"profile_basic": "allow", "email": "deny", "phone": "ask", "profile_extended": "ask"},
			}), http.StatusOK, preferenceFields)
			require.Empty(t, mismatches("body", changed, fields{
				"language": "ru", "timezone": "Asia/Kolkata", "marketing_opt_in": true, "marketing_opt_in_at": isTime, "privacy_scope_defaults": fields{"email": "deny", "phone": "ask"},
			}))
		}},
		{22, "GET /auth/timezones, GET /auth/consents, POST /auth/consents/revoke?kind=marketing", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			requireBody(t, f.get("/api/v1/auth/timezones"), http.StatusOK, fields{"timezones": someOf(fields{
				"name": isFilled, "display_name": isLike(`.+ \(UTC[+-]\d\d:\d\d\)`), "offset": isLike(`[+-]\d\d:\d\d`),
			})})
			require.Equal(t, http.StatusNotFound, f.post("/api/v1/auth/consents/revoke?kind=marketing", nil).Status)
			requireCode(t, f.post("/api/v1/auth/consents/revoke?kind=data_processing", nil), http.StatusBadRequest, "CONSENT_REQUIRED")
			require.NoError(t, f.call(http.MethodPatch, "/api/v1/auth/preferences", map[string]any{"marketing_opt_in": true}).Expect(http.StatusOK))
			consent := fields{"kind": "marketing", "version": isFilled, "granted_at": isTime, "revoked_at": nil, "source": "account", "meta": fields{}}
			requireBody(t, f.get("/api/v1/auth/consents"), http.StatusOK, fields{"consents": someOf(consent)})
			requireBody(t, f.post("/api/v1/auth/consents/revoke?kind=marketing", nil), http.StatusOK, done)
			consent["revoked_at"] = isTime
			requireBody(t, f.get("/api/v1/auth/consents"), http.StatusOK, fields{"consents": someOf(consent)})
			requireBody(t, f.get("/api/v1/auth/preferences"), http.StatusOK, fields{"marketing_opt_in": false, "marketing_opt_out_at": isTime})
		}},
		{23, "GET /auth/sessions, DELETE /auth/sessions/{id}, POST /auth/sessions/bulk", func(t *testing.T, w world) {
			f, email := w.signedIn(t)
			others := []*former{w.formerID(t).signIn(email), w.formerID(t).signIn(email)}
			list := func(n int) []any {
				body := requireBody(t, f.get("/api/v1/auth/sessions"), http.StatusOK, fields{"sessions": someOf(fields{"id": isID, "user_agent": "updspace-journey", "ip": isFilled, "current": isFlag})})
				require.Len(t, body["sessions"], n)
				return body["sessions"].([]any)
			}
			var ended string
			current := 0
			for _, s := range list(3) {
				if session := s.(map[string]any); session["current"] == true {
					current++
				} else {
					ended = session["id"].(string)
				}
			}
			require.Equal(t, 1, current)
			requireBody(t, f.call(http.MethodDelete, "/api/v1/auth/sessions/"+ended, nil), http.StatusOK, fields{"ok": true, "id": ended})
			list(2)
			require.Equal(t, http.StatusNotFound, f.call(http.MethodDelete, "/api/v1/auth/sessions/"+ended, nil).Status)
			requireBody(t, f.post("/api/v1/auth/sessions/bulk", map[string]bool{"all_except_current": true}), http.StatusOK, fields{"ok": true, "count": 1.0})
			list(1)
			for _, other := range others {
				requireCode(t, other.get("/api/v1/auth/me"), http.StatusUnauthorized, "INVALID_OR_EXPIRED_TOKEN")
			}
		}},
		{24, "GET /auth/login-history", func(t *testing.T, w world) {
			f, email := w.signedIn(t)
			event := fields{"created_at": isTime, "status": isLike("success|failure"), "ip_address": orNull(isFilled), "user_agent": isText, "device_id": orNull(isText), "is_new_device": isFlag, "reason": isText}
			require.Len(t, requireBody(t, f.get("/api/v1/auth/login-history"), http.StatusOK, fields{"events": someOf(event)})["events"], 1)
			requireCode(t, w.formerID(t).login(email, "not the password", nil), http.StatusUnauthorized, "INVALID_CREDENTIALS")
			require.Len(t, requireBody(t, f.get("/api/v1/auth/login-history"), http.StatusOK, fields{"events": someOf(event)})["events"], 2)
		}},
		{25, "GET /auth/oauth/apps, POST /auth/oauth/apps/revoke", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			client := w.application(t, wikiCallback)
			f.decides(client, "approve")
			requireBody(t, f.get("/api/v1/auth/oauth/apps"), http.StatusOK, fields{"items": someOf(fields{
				"client_id": client, "name": "Wiki", "scopes": someOf(isFilled), "logo_url": orNull(isFilled), "created_at": isTime, "last_used_at": orNull(isTime),
			})})
			requireBody(t, f.post("/api/v1/auth/oauth/apps/revoke", map[string]string{"client_id": client}), http.StatusOK, done)
			require.Empty(t, requireBody(t, f.get("/api/v1/auth/oauth/apps"), http.StatusOK, fields{})["items"])
		}},
		{26, "POST /auth/data/export, POST /auth/account/delete", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			requireCode(t, f.post("/api/v1/auth/data/export", map[string]string{"password": "not the password"}), http.StatusBadRequest, "INVALID_PASSWORD")
			list := listOf(fields{})
			requireBody(t, f.post("/api/v1/auth/data/export", map[string]string{"password": journey.Password, "mfa_code": ""}), http.StatusOK, fields{"ok": true, "payload": fields{
				"user": fields{}, "profile": fields{}, "preferences": fields{}, "consents": list, "sessions": list, "login_events": list, "oauth_accounts": list, "generated_at": isTime,
			}})
			f.withApp()
			requireCode(t, f.post("/api/v1/auth/account/delete", map[string]string{"password": journey.Password, "reason": "user_request"}), http.StatusBadRequest, "MFA_REQUIRED")
			wrong := map[string]string{"password": journey.Password, "mfa_code": "000000", "reason": "user_request"}
			requireCode(t, f.post("/api/v1/auth/account/delete", wrong), http.StatusBadRequest, "INVALID_MFA_CODE")
			plain, _ := w.signedIn(t)
			requireBody(t, plain.post("/api/v1/auth/account/delete", map[string]string{"password": journey.Password, "reason": "user_request"}), http.StatusOK, done)
		}},
	}
}
