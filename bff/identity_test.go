package bff_test

import (
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

const (
	issuer       = "http://id.localhost:8001"
	clientSecret = "portal-test-secret"
)

var (
	aef     = uuid.MustParse("00000000-0000-0000-0000-000000000001")
	gaming  = uuid.MustParse("00000000-0000-0000-0000-000000000002")
	member  = uuid.MustParse("00000000-0000-4000-8000-000000000002")
	second  = uuid.MustParse("00000000-0000-4000-8000-000000000003")
	linkSID = uuid.MustParse("00000000-0000-4000-8000-0000000000bb") // of sessions that links begin
	guest   = uuid.MustParse("00000000-0000-4000-8000-000000000006") // of gaming only
)

// account is a user as the fake ID service knows it.
type account struct {
	flags     map[string]any
	tenants   map[uuid.UUID]string // membership status
	validFrom time.Time
}

// idService stands for identity: what the gateway asks it, and nothing else.
// Signed calls must carry a signature that holds.
type idService struct {
	t      testing.TB
	server *httptest.Server
	key    *ecdsa.PrivateKey // in the key set
	forger *ecdsa.PrivateKey // signs instead, if set

	mu       sync.Mutex
	accounts map[uuid.UUID]*account
	codes    map[string]grant // authorization codes
	magic    map[string]uuid.UUID
	asked    string                      // the browser that asked for the last link
	idToken  func(claims map[string]any) // lets a test spoil the ID token
	links    []string                    // redirect_to of the links asked for
	card     map[string]any              // what tenants show of themselves, if not the usual
	ended    []uuid.UUID                 // sessions that the gateway has ended here

	away       atomic.Bool // answers nothing but 503
	keysAway   atomic.Bool // answers 503 to who asks for the key set
	principals atomic.Int64
	tenants    atomic.Int64
	pictures   atomic.Int64
}

type grant struct {
	user, sid                    uuid.UUID
	nonce, challenge, redirectTo string
}

func newIDService(t testing.TB) *idService {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	s := &idService{
		t: t, key: key, codes: map[string]grant{}, magic: map[string]uuid.UUID{},
		accounts: map[uuid.UUID]*account{
			member: newAccount(aef), second: newAccount(aef), guest: newAccount(gaming),
		},
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", s.discovery)
	mux.HandleFunc("GET /jwks", s.jwks)
	mux.HandleFunc("POST /oauth/token", s.token)
	mux.HandleFunc("GET /internal/v1/tenants/{slug}", s.signed(s.tenant))
	mux.HandleFunc("GET /internal/v1/tenants/{slug}/logo", s.signed(s.picture))
	mux.HandleFunc("PATCH /api/v1/tenant", s.signed(func(w http.ResponseWriter, _ *http.Request, rc reqctx.Context) {
		require.Equal(s.t, member, rc.UserID)
		answer(w, http.StatusOK, map[string]any{})
	}))
	mux.HandleFunc("GET /internal/v1/principal", s.signed(s.principal))
	mux.HandleFunc("DELETE /internal/v1/sessions/{session_id}", s.signed(s.endSession))
	mux.HandleFunc("GET /api/v1/me", s.signed(s.me))
	mux.HandleFunc("POST /api/v1/auth/magic-link/request", s.signed(s.requestLink))
	mux.HandleFunc("POST /api/v1/auth/magic-link/preview", s.signed(s.preview))
	mux.HandleFunc("POST /api/v1/auth/exchange", s.signed(s.exchange))
	mux.HandleFunc("GET /api/v1/account/sessions", s.signed(func(w http.ResponseWriter, _ *http.Request, rc reqctx.Context) {
		answer(w, http.StatusOK, []map[string]any{{"user": rc.UserID}})
	}))
	mux.HandleFunc("POST /api/v1/invite/preview", s.signed(s.previewInvitation))
	mux.HandleFunc("POST /api/v1/invite/activate", s.signed(s.acceptInvitation))
	mux.HandleFunc("/api/v1/portal/applications", s.signed(s.application))
	mux.HandleFunc("/api/v1/portal/applications/", s.signed(s.application))
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if s.away.Load() {
			answer(w, http.StatusServiceUnavailable, envelope("SERVICE_UNAVAILABLE"))
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(s.server.Close)
	return s
}

func newAccount(tenant uuid.UUID) *account {
	return &account{
		flags:     map[string]any{"suspended": false, "banned": false, "system_admin": false, "email_verified": true, "status": "active"},
		tenants:   map[uuid.UUID]string{tenant: "active"},
		validFrom: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC),
	}
}

// change edits an account.
func (s *idService) change(user uuid.UUID, edit func(*account)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit(s.accounts[user])
}

// approve plays the ID service's pages: the user signs in and consents, and the
// browser is sent back with the returned query.
func (s *idService) approve(user uuid.UUID, authorize *url.URL) url.Values {
	return s.approveIn(uuid.New(), user, authorize)
}

// approveIn does so in a session of the ID host.
func (s *idService) approveIn(sid, user uuid.UUID, authorize *url.URL) url.Values {
	q := authorize.Query()
	require.Equal(s.t, "code", q.Get("response_type"))
	require.Equal(s.t, "portal", q.Get("client_id"))
	require.Equal(s.t, "S256", q.Get("code_challenge_method"))
	require.NotEmpty(s.t, q.Get("nonce"))
	require.Contains(s.t, strings.Fields(q.Get("scope")), "openid")
	code := uuid.NewString()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[code] = grant{user: user, sid: sid, nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), redirectTo: q.Get("redirect_uri")}
	return url.Values{"code": {code}, "state": {q.Get("state")}, "iss": {issuer}}
}

func (s *idService) discovery(w http.ResponseWriter, r *http.Request) {
	if "http://"+r.Host != issuer { // the back channel must keep the public name
		answer(w, http.StatusNotFound, envelope("NOT_FOUND"))
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"issuer": issuer, "authorization_endpoint": issuer + "/oauth/authorize",
		"token_endpoint": issuer + "/oauth/token", "jwks_uri": issuer + "/jwks",
		"id_token_signing_alg_values_supported": []string{"ES256"}, "authorization_response_iss_parameter_supported": true,
	})
}

func (s *idService) jwks(w http.ResponseWriter, _ *http.Request) {
	if s.keysAway.Load() {
		answer(w, http.StatusServiceUnavailable, envelope("SERVICE_UNAVAILABLE"))
		return
	}
	answer(w, http.StatusOK, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: s.key.Public(), KeyID: "k1", Algorithm: "ES256", Use: "sig"}}})
}

func (s *idService) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	s.mu.Lock()
	g, ok := s.codes[r.FormValue("code")]
	delete(s.codes, r.FormValue("code"))
	spoil := s.idToken
	s.mu.Unlock()
	sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !ok || id != "portal" || secret != clientSecret || r.FormValue("redirect_uri") != g.redirectTo ||
		base64.RawURLEncoding.EncodeToString(sum[:]) != g.challenge {
		answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
		return
	}
	claims := map[string]any{
		"iss": issuer, "sub": g.user.String(), "sid": g.sid.String(), "aud": "portal", "nonce": g.nonce,
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
	}
	if spoil != nil {
		spoil(claims)
	}
	answer(w, http.StatusOK, map[string]any{"access_token": "at", "token_type": "Bearer", "id_token": s.sign(claims)})
}

// endSession is the gateway's sign-out.
func (s *idService) endSession(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
	require.Equal(s.t, uuid.Nil, rc.UserID, "a sign-in belongs to no tenant")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ended = append(s.ended, uuid.MustParse(r.PathValue("session_id")))
	w.WriteHeader(http.StatusNoContent)
}

// logoutToken is what the ID service sends when a session ends there.
func (s *idService) logoutToken(sid uuid.UUID, spoil func(claims map[string]any)) string {
	claims := map[string]any{
		"iss": issuer, "aud": "portal", "sid": sid.String(), "jti": uuid.NewString(),
		"iat": time.Now().Unix(), "exp": time.Now().Add(2 * time.Minute).Unix(),
		"events": map[string]any{"http://schemas.openid.net/event/backchannel-logout": map[string]any{}},
	}
	if spoil != nil {
		spoil(claims)
	}
	return s.signAs("logout+jwt", claims)
}

func (s *idService) sign(claims map[string]any) string { return s.signAs("JWT", claims) }

func (s *idService) signAs(kind jose.ContentType, claims map[string]any) string {
	s.mu.Lock()
	key := cmp.Or(s.forger, s.key)
	s.mu.Unlock()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: jose.JSONWebKey{Key: key, KeyID: "k1"}},
		(&jose.SignerOptions{}).WithType(kind))
	require.NoError(s.t, err)
	payload, err := json.Marshal(claims)
	require.NoError(s.t, err)
	signed, err := signer.Sign(payload)
	require.NoError(s.t, err)
	compact, err := signed.CompactSerialize()
	require.NoError(s.t, err)
	return compact
}

func (s *idService) signed(next func(http.ResponseWriter, *http.Request, reqctx.Context)) http.HandlerFunc {
	return verified("identity", next)
}

func (s *idService) tenant(w http.ResponseWriter, r *http.Request, _ reqctx.Context) {
	s.tenants.Add(1)
	if r.PathValue("slug") == "closed" {
		answer(w, http.StatusGone, envelope("TENANT_CLOSED"))
		return
	}
	id, ok := map[string]uuid.UUID{"aef": aef, "gaming": gaming}[r.PathValue("slug")]
	if !ok {
		answer(w, http.StatusNotFound, envelope("NOT_FOUND"))
		return
	}
	card := map[string]any{
		"id": id, "slug": r.PathValue("slug"), "name": strings.ToUpper(r.PathValue("slug")), "description": "A community.", "hue": 210, "chroma": 0.12,
		"logo_url": "/api/v1/tenant/logo?v=7", "cover_url": nil, "languages": []string{"en", "ru"}, "default_language": "ru",
		"membership": "open", "version": 3,
	}
	s.mu.Lock()
	maps.Copy(card, s.card)
	s.mu.Unlock()
	answer(w, http.StatusOK, card)
}

// show changes what every tenant shows of itself.
func (s *idService) show(change map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.card = change
}

func (s *idService) picture(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
	require.Equal(s.t, uuid.Nil, rc.UserID)
	s.pictures.Add(1)
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write([]byte("picture of " + r.PathValue("slug")))
}

func (s *idService) principal(w http.ResponseWriter, _ *http.Request, rc reqctx.Context) {
	s.principals.Add(1)
	s.mu.Lock()
	defer s.mu.Unlock()
	a, ok := s.accounts[rc.UserID]
	if !ok {
		answer(w, http.StatusNotFound, envelope("NOT_FOUND"))
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"user_id": rc.UserID, "master_flags": a.flags, "membership": membership(a, rc), "sessions_valid_from": a.validFrom,
	})
}

func membership(a *account, rc reqctx.Context) any {
	status, ok := a.tenants[rc.TenantID]
	if !ok {
		return nil
	}
	return map[string]any{"tenant_id": rc.TenantID, "tenant_slug": rc.TenantSlug, "status": status, "base_role": "member"}
}

func (s *idService) me(w http.ResponseWriter, _ *http.Request, rc reqctx.Context) {
	s.mu.Lock()
	defer s.mu.Unlock()
	answer(w, http.StatusOK, map[string]any{
		"user":        map[string]any{"user_id": rc.UserID, "username": "member", "not_in_the_spec": 1},
		"memberships": []any{membership(s.accounts[rc.UserID], rc)},
	})
}

func (s *idService) requestLink(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
	var in struct {
		RedirectTo string `json:"redirect_to"`
		Browser    string
	}
	require.NoError(s.t, json.NewDecoder(r.Body).Decode(&in))
	require.NotEqual(s.t, uuid.Nil, rc.TenantID)
	require.Equal(s.t, uuid.Nil, rc.UserID)
	s.mu.Lock()
	s.links, s.asked = append(s.links, in.RedirectTo), in.Browser
	s.mu.Unlock()
	link, err := url.Parse(in.RedirectTo)
	require.NoError(s.t, err)
	q := link.Query()
	q.Set("code", "t")
	link.RawQuery = q.Encode()
	answer(w, http.StatusOK, map[string]any{"ok": true, "sent": true, "dev_magic_link": link.String()})
}

func (s *idService) preview(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
	var in struct{ Code, Browser string }
	require.NoError(s.t, json.NewDecoder(r.Body).Decode(&in))
	require.NotEqual(s.t, uuid.Nil, rc.TenantID)
	s.mu.Lock()
	defer s.mu.Unlock()
	user, ok := s.magic[in.Code]
	if !ok {
		answer(w, http.StatusNotFound, envelope("TOKEN_NOT_FOUND"))
		return
	}
	if in.Browser != s.asked {
		answer(w, http.StatusForbidden, envelope("OTHER_BROWSER"))
		return
	}
	answer(w, http.StatusOK, map[string]any{"user_id": user, "display_name": "Mika Member", "email": "member@aef.test"})
}

func (s *idService) exchange(w http.ResponseWriter, r *http.Request, _ reqctx.Context) {
	var in struct{ Code, Browser string }
	require.NoError(s.t, json.NewDecoder(r.Body).Decode(&in))
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.Browser != s.asked {
		answer(w, http.StatusForbidden, envelope("OTHER_BROWSER"))
		return
	}
	user, ok := s.magic[in.Code]
	delete(s.magic, in.Code)
	if !ok {
		answer(w, http.StatusUnauthorized, envelope("UNAUTHORIZED"))
		return
	}
	answer(w, http.StatusOK, map[string]any{"ok": true, "user_id": user, "master_flags": s.accounts[user].flags, "ttl_seconds": 1209600, "session_id": linkSID})
}

// previewInvitation knows the invitations that are signed for a tenant and for no user.
func (s *idService) previewInvitation(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
	var in struct{ Token string }
	require.NoError(s.t, json.NewDecoder(r.Body).Decode(&in))
	require.Equal(s.t, aef, rc.TenantID)
	require.Equal(s.t, uuid.Nil, rc.UserID)
	if in.Token == "used" {
		answer(w, http.StatusConflict, envelope("TOKEN_USED"))
		return
	}
	answer(w, http.StatusOK, map[string]any{
		"email": "new@player.test", "display_name": "New", "kind": "application", "has_account": in.Token == "known", "expires_at": "2026-03-08T12:00:00Z",
	})
}

func (s *idService) acceptInvitation(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
	var in struct{ Token, Username string }
	require.NoError(s.t, json.NewDecoder(r.Body).Decode(&in))
	require.Equal(s.t, aef, rc.TenantID)
	require.Equal(s.t, uuid.Nil, rc.UserID)
	switch in.Token {
	case "used":
		answer(w, http.StatusConflict, envelope("TOKEN_USED"))
	case "known":
		answer(w, http.StatusOK, map[string]any{"ok": true, "user_id": member, "session_id": nil})
	default:
		require.Equal(s.t, "player", in.Username)
		answer(w, http.StatusOK, map[string]any{"ok": true, "user_id": second, "session_id": linkSID})
	}
}

// application answers with whom the request is signed for.
func (s *idService) application(w http.ResponseWriter, _ *http.Request, rc reqctx.Context) {
	answer(w, http.StatusOK, map[string]any{"user": rc.UserID, "tenant": rc.TenantID})
}

// verified lets only genuinely signed requests through.
func verified(audience string, next func(http.ResponseWriter, *http.Request, reqctx.Context)) http.HandlerFunc {
	verifier := testkit.Keyring().Verifier(audience)
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			answer(w, http.StatusBadRequest, envelope("BAD_REQUEST"))
			return
		}
		rc, err := verifier.Verify(r, body)
		if err != nil || rc.Caller != "bff" {
			answer(w, http.StatusUnauthorized, envelope("UNAUTHORIZED"))
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		next(w, r, rc)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func envelope(code string) map[string]any {
	return map[string]any{"error": map[string]any{"code": code, "message": "As it says.", "details": map[string]any{}, "request_id": "r"}}
}
