package contract

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/journey"
)

// profileFields are those of the signed user in the tenant of the request.
var profileFields = fields{
	"user": fields{
		"user_id": isID, "username": isText, "display_name": isFilled, "email": isFilled, "email_verified": isFlag, "status": "active", "system_admin": isFlag, "created_at": isTime,
		"first_name": isText, "last_name": isText, "phone_number": orNull(isText), "phone_verified": isFlag, "birth_date": orNull(isText), "language": isText, "timezone": isText,
		"avatar_url": orNull(isFilled), "avatar_source": isFilled, "avatar_gravatar_enabled": isFlag,
	},
	"memberships": someOf(fields{"tenant_id": isID, "tenant_slug": isFilled, "status": "active", "base_role": isLike("member|admin|owner")}),
}

var memberID = uuid.MustParse("00000000-0000-4000-8000-000000000002") // member@aef.test

var flagFields = fields{"suspended": false, "banned": false, "system_admin": isFlag, "email_verified": true, "status": "active"}

// asGateway calls identity as the gateway does, for a user of the tenant aef.
func (w world) asGateway(t *testing.T, method, path string, user uuid.UUID, body any) *journey.Answer {
	t.Helper()
	target := w.signedTarget(t, "identity")
	r := Request{Method: method, Path: path, Header: http.Header{}}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
		r.Body = encode("application/json", body)
	}
	rc := root
	rc.UserID, rc.Flags = user, reqctx.Flags{}
	answer, err := target.Send(t.Context(), r, rc)
	require.NoError(t, err)
	return w.answered(method, path, answer)
}

func (world) answered(method, path string, a Answer) *journey.Answer {
	return &journey.Answer{Status: a.Status, Header: a.Header, Body: a.Body, Request: &http.Request{Method: method, URL: &url.URL{Path: path}}}
}

// bare calls identity without any signature, as the gateway calls the token and userinfo endpoints.
func (w world) bare(t *testing.T, method, path, bearer string, body any) *journey.Answer {
	t.Helper()
	encoded, err := json.Marshal(body)
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), method, w.platform.IDOrigin()+path, bytes.NewReader(encoded))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	if bearer != "" {
		r.Header.Set("Authorization", "Bearer "+bearer)
	}
	response, err := w.browser.Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, response.Body.Close()) }()
	read, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return &journey.Answer{Status: response.StatusCode, Header: response.Header, Body: read, Request: r}
}

// token has a user sign in at the gateway's client and redeems the code as the gateway does.
func (w world) token(t *testing.T, f *former) *journey.Answer {
	t.Helper()
	settings := w.platform.Env("bff")
	client, callback := settings["OIDC_CLIENT_ID"], w.platform.Origin("aef")+"/api/v1/auth/callback"
	query, verifier := asks(client, callback, "openid profile")
	prompt := requireBody(t, f.get("/oauth/authorize/prepare?"+query), http.StatusOK, fields{"request_id": isFilled, "consent_required": false})
	granted := requireBody(t, f.post("/oauth/authorize/approve", map[string]any{"request_id": prompt["request_id"], "remember": true}), http.StatusOK, fields{"redirect_uri": isFilled})
	to, err := url.Parse(granted["redirect_uri"].(string))
	require.NoError(t, err)
	return w.bare(t, http.MethodPost, "/oauth/token", "", map[string]string{
		"grant_type": "authorization_code", "code": to.Query().Get("code"), "redirect_uri": callback, "client_id": client, "client_secret": settings["OIDC_CLIENT_SECRET"], "code_verifier": verifier,
	})
}

func gatewayRows() []row {
	return []row{
		{27, "POST /oauth/token", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			answer := w.token(t, f)
			requireBody(t, answer, http.StatusOK, fields{
				"access_token": isFilled, "id_token": isLike(`[\w-]+\.[\w-]+\.[\w-]+`), "refresh_token": nil, "token_type": "Bearer", "expires_in": 1800.0, "scope": isLike("openid profile"),
			})
			require.Contains(t, answer.Header.Get("Cache-Control"), "no-store")
			wrong := map[string]string{"grant_type": "authorization_code", "code": "x", "redirect_uri": wikiCallback, "client_id": w.platform.Env("bff")["OIDC_CLIENT_ID"], "client_secret": "x"}
			requireCode(t, w.bare(t, http.MethodPost, "/oauth/token", "", wrong), http.StatusUnauthorized, "INVALID_CLIENT")
			wrong["client_secret"] = w.platform.Env("bff")["OIDC_CLIENT_SECRET"]
			requireCode(t, w.bare(t, http.MethodPost, "/oauth/token", "", wrong), http.StatusBadRequest, "INVALID_CODE")
		}},
		{28, "GET /oauth/userinfo", func(t *testing.T, w world) {
			f, _ := w.signedIn(t)
			issued := requireBody(t, w.token(t, f), http.StatusOK, fields{"access_token": isFilled})
			body := requireBody(t, w.bare(t, http.MethodGet, "/oauth/userinfo", issued["access_token"].(string), nil), http.StatusOK, fields{"sub": isID, "user_id": isID, "master_flags": flagFields})
			require.Equal(t, body["sub"], body["user_id"])
			require.Equal(t, http.StatusUnauthorized, w.bare(t, http.MethodGet, "/oauth/userinfo", "x", nil).Status)
		}},
		{29, "GET /me, signed", func(t *testing.T, w world) {
			requireBody(t, w.asGateway(t, http.MethodGet, "/api/v1/me", memberID, nil), http.StatusOK, profileFields)
			require.Equal(t, http.StatusUnauthorized, w.asGateway(t, http.MethodGet, "/api/v1/me", uuid.New(), nil).Status)
			outsider := uuid.MustParse("00000000-0000-4000-8000-000000000006")
			requireCode(t, w.asGateway(t, http.MethodGet, "/api/v1/me", outsider, nil), http.StatusForbidden, "TENANT_FORBIDDEN")
		}},
		{30, "id_profile of GET /session/me", func(t *testing.T, w world) {
			body := requireBody(t, w.formerPortal(t, "aef", w.person(t)).get("/api/v1/session/me"), http.StatusOK, fields{
				"user": fields{"id": isID, "master_flags": flagFields}, "tenant": fields{"id": root.TenantID.String(), "slug": "aef"},
				"id_profile": profileFields, "tenant_membership": fields{"status": "active", "base_role": "member", "tenant_slug": "aef"}, "id_frontend_base_url": w.platform.IDOrigin(), "request_id": isFilled,
			})
			require.Equal(t, body["user"].(map[string]any)["id"], body["id_profile"].(map[string]any)["user"].(map[string]any)["user_id"])
		}},
		{31, "master_flags of GET /session/me", func(t *testing.T, w world) {
			flags := func(admin bool) fields { return fields{"user": fields{"master_flags": fields{"system_admin": admin}}} }
			requireBody(t, w.formerPortal(t, "aef", journey.Root).get("/api/v1/session/me"), http.StatusOK, flags(true))
			requireBody(t, w.formerPortal(t, "aef", w.person(t)).get("/api/v1/session/me"), http.StatusOK, flags(false))
		}},
		{32, "GET /portal/applications?status=pending, POST …/{id}/approve, …/{id}/reject", func(t *testing.T, w world) {
			admin := w.formerPortal(t, "aef", journey.Root)
			body := requireBody(t, admin.get("/api/v1/portal/applications?status=pending"), http.StatusOK, fields{"items": someOf(fields{
				"id": isNumber, "tenant_slug": "aef", "status": "pending", "created_at": isTime, "payload_json": fields{"email": isFilled, "display_name": isText},
			})})
			items := body["items"].([]any)
			require.Len(t, items, 2)
			decide := func(item int, decision string) *journey.Answer {
				return admin.post(fmt.Sprintf("/api/v1/portal/applications/%.0f/%s", items[item].(map[string]any)["id"], decision), nil)
			}
			requireCode(t, w.formerPortal(t, "aef", w.person(t)).get("/api/v1/portal/applications?status=pending"), http.StatusForbidden, "FORBIDDEN")
			requireBody(t, decide(0, "approve"), http.StatusOK, fields{"activation_token": nil, "activation_expires_at": isTime})
			requireBody(t, decide(1, "reject"), http.StatusOK, fields{"ok": true})
			requireCode(t, decide(1, "approve"), http.StatusConflict, "INVALID_APPLICATION_STATUS")
			requireCode(t, admin.post("/api/v1/portal/applications/99999999/approve", nil), http.StatusNotFound, "NOT_FOUND")
		}},
		{33, "POST /auth/magic-link/request, POST /auth/exchange, signed", func(t *testing.T, w world) {
			email := w.person(t)
			requested := requireBody(t, w.asGateway(t, http.MethodPost, "/api/v1/auth/magic-link/request", uuid.Nil, map[string]string{
				"email": email, "redirect_to": w.platform.Origin("aef") + "/api/v1/session/callback?next=%2Fapp", "browser": "a browser",
			}), http.StatusOK, fields{"ok": true, "sent": true, "dev_magic_link": isFilled})
			link, err := url.Parse(requested["dev_magic_link"].(string))
			require.NoError(t, err)
			require.Equal(t, w.platform.Origin("aef")+"/api/v1/session/callback", link.Scheme+"://"+link.Host+link.Path)
			exchange := map[string]string{"code": link.Query().Get("code"), "browser": "a browser"}
			requireBody(t, w.asGateway(t, http.MethodPost, "/api/v1/auth/exchange", uuid.Nil, exchange), http.StatusOK, fields{"ok": true, "user_id": isID, "master_flags": flagFields, "ttl_seconds": 1209600.0})
			requireCode(t, w.asGateway(t, http.MethodPost, "/api/v1/auth/exchange", uuid.Nil, exchange), http.StatusUnauthorized, "UNAUTHORIZED")
			guest := journey.NewBrowser(w.platform.Origin("aef"), w.browser.Transport, nil)
			requireCode(t, guest.Get(t.Context(), "/api/v1/session/me"), http.StatusUnauthorized, "UNAUTHORIZED") // and the cookie of the CSRF token
			requireBody(t, guest.Send(t.Context(), http.MethodPost, "/api/v1/session/login", map[string]string{"email": email, "next": "/app"}), http.StatusOK, fields{
				"ok": true, "sent": true, "dev_magic_link": isFilled, "request_id": isFilled,
			})
		}},
		{34, "GET /account/sessions, DELETE /account/sessions/{id}, GET /account/mfa/status", func(t *testing.T, w world) {
			email := w.person(t)
			w.formerPortal(t, "aef", email)
			portal := w.formerPortal(t, "aef", email)
			sessions := func() []map[string]any {
				answer := portal.get("/api/v1/account/sessions")
				requireBody(t, answer, http.StatusOK, someOf(fields{"id": isID, "ip": isFilled, "user_agent": "updspace-journey", "created_at": isTime, "last_used_at": isTime, "is_current": isFlag}))
				var list []map[string]any
				require.NoError(t, json.Unmarshal(answer.Body, &list))
				return list
			}
			list := sessions()
			require.Len(t, list, 2)
			current, other := list[0], list[1]
			if other["is_current"] == true {
				current, other = other, current
			}
			require.Equal(t, []any{true, false}, []any{current["is_current"], other["is_current"]})
			// The gateway names the session. A client that names another is not believed.
			named := portal.get("/api/v1/account/sessions?current=" + other["id"].(string))
			var claimed []map[string]any
			require.NoError(t, named.JSON(http.StatusOK, &claimed))
			require.Equal(t, list, claimed)
			require.NoError(t, portal.call(http.MethodDelete, "/api/v1/account/sessions/"+other["id"].(string), nil).Expect(http.StatusOK))
			require.Len(t, sessions(), 1)
			requireCode(t, portal.call(http.MethodDelete, "/api/v1/account/sessions/"+other["id"].(string), nil), http.StatusNotFound, "SESSION_NOT_FOUND")
			requireBody(t, portal.get("/api/v1/account/mfa/status"), http.StatusOK, fields{"totp_enabled": false, "webauthn_enabled": false, "recovery_codes_available": 0.0, "authenticators": listOf(fields{})})
			w.formerID(t).signIn(email).withPasskey("Key")
			requireBody(t, portal.get("/api/v1/account/mfa/status"), http.StatusOK, fields{
				"totp_enabled": false, "webauthn_enabled": true, "authenticators": someOf(fields{"id": isFilled, "type": "webauthn", "name": "Key", "created_at": isTime, "last_used_at": orNull(isTime)}),
			})
		}},
		{35, "POST /invite/activate", func(t *testing.T, w world) {
			admin := w.formerPortal(t, "aef", journey.Admin)
			require.NoError(t, admin.post("/api/v1/portal/invitations", map[string]string{"email": "kept-invited@player.test"}).Expect(http.StatusCreated))
			token := strings.TrimPrefix(w.mailed(t, "kept-invited@player.test", "/invite/").Path, "/invite/")
			guest := &former{Browser: journey.NewBrowser(w.platform.Origin("aef"), w.browser.Transport, nil), t: t, world: w, always: admin.always}
			requireCode(t, guest.get("/api/v1/session/me"), http.StatusUnauthorized, "UNAUTHORIZED")
			requireCode(t, guest.post("/api/v1/invite/activate", map[string]string{"token": "x"}), http.StatusNotFound, "TOKEN_NOT_FOUND")
			requireBody(t, guest.post("/api/v1/invite/activate", map[string]string{"token": token, "username": "kept.invited"}), http.StatusOK, fields{"ok": true, "user_id": isID})
			requireBody(t, guest.get("/api/v1/session/me"), http.StatusOK, fields{"id_profile": fields{"user": fields{"username": "kept.invited", "email": "kept-invited@player.test"}}})
			requireCode(t, guest.post("/api/v1/invite/activate", map[string]string{"token": token}), http.StatusConflict, "TOKEN_USED")
		}},
	}
}
