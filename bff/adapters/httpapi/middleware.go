package httpapi

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"go.updspace.com/api/contract"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/libs/reqctx"
)

// middleware checks every request under /api/v1, in this order: the form of its path, the tenant of its host, the session
// of its cookie, the rate limits, and for unsafe methods that it was not forged. Then the request is answered here or
// forwarded to a service.
type middleware struct {
	tenants   *app.Tenants
	sessions  *app.Sessions
	streams   *app.Streams
	limiter   *ratelimit.Limiter
	proxy     Proxy
	own       http.Handler
	cookies   cookies
	origins   origins
	addresses *httpx.ClientAddresses
}

// requestState is what the middleware has learned about a request. The gateway's own operations find it in the request's
// context.
type requestState struct {
	middleware *middleware
	answer     http.Header // of the answer, for cookies
	tenant     domain.Tenant
	token      domain.Secret    // of the session cookie, whether or not there is a session; empty if none
	session    domain.Session   // if signedIn
	signedIn   bool             // there is a session, in whatever tenant
	browser    domain.Secret    // never empty
	csrf       string           // valid for this browser and session
	principal  domain.Principal // after authorize
	forwarded  reqctx.Context   // what the request is forwarded in
	languages  string           // Accept-Language
	next       string           // where a failed sign-in should have led
}

const previewPath = app.MagicCallbackPath + "/preview"

type requestStateKey struct{}

func stateOf(ctx context.Context) *requestState {
	state, _ := ctx.Value(requestStateKey{}).(*requestState)
	return state
}

// rules are how a request of one of the gateway's own operations is checked.
type rules struct {
	auth      bool // counts as signing in
	tokenFree bool // may be sent before a page has its CSRF token
	read      bool // is the gateway's own for reading only: changes are forwarded
	link      bool // is opened by following a link, also by programs that only look: HEAD does nothing there
}

var ownPaths = map[string]rules{
	loginPath:                     {auth: true, link: true},
	app.CallbackPath:              {auth: true, link: true},
	app.MagicCallbackPath:         {auth: true, link: true},
	previewPath:                   {auth: true},
	"/api/v1/session/login":       {auth: true, tokenFree: true},
	"/api/v1/session/me":          {},
	"/api/v1/session/logout":      {},
	"/api/v1/logout":              {},
	"/api/v1/csrf":                {},
	publicCardPath:                {},
	invitationsPath + "/preview":  {auth: true},
	invitationsPath + "/activate": {auth: true},
	tenantPath:                    {read: true},
	tenantPath + "/logo":          {read: true},
	tenantPath + "/cover":         {read: true},

	"/api/v1/bff/openapi.yaml": {}, // libs/httpx answers it
}

func (m *middleware) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	state := &requestState{middleware: m, answer: w.Header(), languages: r.Header.Get("Accept-Language")}
	r = r.WithContext(context.WithValue(r.Context(), requestStateKey{}, state))
	forward, err := m.check(r, state)
	switch {
	case err != nil:
		fail(w, r, err)
	case forward != nil:
		forward(w, r, state.forwarded)
	default:
		m.own.ServeHTTP(w, r)
	}
}

// check returns what forwards the request, or nil for one of the gateway's own.
func (m *middleware) check(r *http.Request, state *requestState) (Forward, error) {
	if !plainPath(r.URL) {
		return nil, errs.BadRequestf("This address is not written in its plain form.")
	}
	if r.URL.Path == app.BackChannelPath { // sent by the ID service, for no tenant
		return nil, m.take(r, ports.RuleAnonymous, m.addresses.Of(r))
	}
	if r.URL.Path == app.InboundMailPath { // sent by a mail server, for no tenant
		state.forwarded.RequestID = httpx.RequestID(r.Context())
		forward, _, _ := m.proxy.Match(r.Method, r.URL.Path)
		return forward, m.take(r, ports.RuleAnonymous, m.addresses.Of(r))
	}
	if err := m.lookUp(r, m.tenants.Cached(r.Host), domain.ErrTenantNotFound, func() (err error) {
		state.tenant, err = m.tenants.ByHost(r.Context(), r.Host)
		return err
	}); err != nil {
		return nil, err
	}
	sent := readCookies(r, &m.cookies)
	if err := m.identify(r, state, sent); err != nil {
		return nil, err
	}
	rules, own := ownPaths[r.URL.Path]
	own = own && !(rules.read && unsafe(r.Method))
	if err := m.count(r, state, rules.auth); err != nil {
		return nil, err
	}
	if rules.link && r.Method == http.MethodHead {
		state.answer.Set("Allow", http.MethodGet)
		return nil, httpx.ErrNoMethod
	}
	switch forward, whom, _ := m.proxy.Match(r.Method, r.URL.Path); whom {
	case ports.ForEverybody:
		return forward, m.forEverybody(r, state)
	case ports.ForPrograms: // a session that a browser sends along counts for nothing
		state.forwarded = ofTenant(r, state.tenant)
		return forward, nil
	}
	m.ensureCookies(state, sent, own || unsafe(r.Method))
	if unsafe(r.Method) {
		if err := m.origins.check(r, state.tenant); err != nil {
			return nil, err
		}
		if !rules.tokenFree && !uploadAddress(r) && !domain.ValidCSRFToken(state.csrfKey(), r.Header.Get(headerCSRF)) {
			return nil, domain.ErrCSRF
		}
	}
	if own {
		state.answer.Set("Cache-Control", "no-store")
		return nil, nil
	}
	return m.forward(r, state)
}

// ofTenant is the context of a request to a tenant on no user's behalf.
func ofTenant(r *http.Request, tenant domain.Tenant) reqctx.Context {
	return reqctx.Context{RequestID: httpx.RequestID(r.Context()), TenantID: tenant.ID, TenantSlug: tenant.Slug}
}

// newsUploads are the addresses that pictures of news are sent to.
const newsUploads = "/api/v1/activity/news-uploads/"

// uploadAddress reports whether a request sends a file to an address that was made for it. Other pages cannot guess the address, and
// the former frontends send such requests without a token, because they sent them to a store of files.
func uploadAddress(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, newsUploads)
}

// forward returns what sends the request to the service that answers its path.
func (m *middleware) forward(r *http.Request, state *requestState) (forward Forward, err error) {
	forward, whom, ok := m.proxy.Match(r.Method, r.URL.Path)
	if unsafe(r.Method) && strings.HasPrefix(r.URL.Path, tenantPath) { // its next reader sees the change
		to := forward
		forward = func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
			defer m.tenants.Forget(rc.TenantSlug)
			to(w, r, rc)
		}
	}
	switch {
	case !ok:
		return nil, httpx.ErrNoRoute
	case whom == ports.ForAnyone:
		state.forwarded.RequestID = httpx.RequestID(r.Context())
		return forward, nil
	case whom == ports.ForTenant:
		state.forwarded = ofTenant(r, state.tenant)
		return forward, m.take(r, ports.RuleCalendars, fingerprint(r.URL.Path))
	case whom == ports.ForGuest:
		state.forwarded = ofTenant(r, state.tenant)
		if unsafe(r.Method) && r.URL.Path == applicationsPath {
			return forward, m.take(r, ports.RuleApplications, m.addresses.Of(r))
		}
		return forward, nil
	}
	if state.forwarded, err = m.authorize(r.Context(), state); err != nil {
		return nil, err
	}
	if m.proxy.StaysOpen(r) {
		forward = m.held(forward, state)
	}
	if r.URL.Path == accountSessions {
		forward = namingSession(forward, state)
	}
	return forward, nil
}

// accountSessions is the list of a user's sessions at the ID host.
const accountSessions = "/api/v1/account/sessions"

// namingSession says which of the sessions the request belongs to, whatever the client has asked for: the signature covers it.
func namingSession(forward Forward, state *requestState) Forward {
	return func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
		named := r.Clone(r.Context())
		named.URL.RawQuery = url.Values{"current": {state.session.SID.String()}}.Encode()
		forward(w, named, rc)
	}
}

// held ends a request that stays open with its session, and with the standing of its user.
func (m *middleware) held(forward Forward, state *requestState) Forward {
	return func(w http.ResponseWriter, r *http.Request, rc reqctx.Context) {
		ctx, release, err := m.streams.Hold(r.Context(), state.session, state.tenant)
		if err != nil {
			fail(w, r, err)
			return
		}
		defer release()
		forward(w, r.WithContext(ctx), rc)
	}
}

// forEverybody prepares a request whose answer is the same for everybody: no cookie goes with it, and pages elsewhere may read it.
// Nothing can be changed there.
func (m *middleware) forEverybody(r *http.Request, state *requestState) error {
	if unsafe(r.Method) {
		state.answer.Set("Allow", "GET, HEAD")
		return httpx.ErrNoMethod
	}
	state.forwarded = ofTenant(r, state.tenant)
	state.answer.Set("Access-Control-Allow-Origin", "*")
	return m.take(r, ports.RuleBadges, m.addresses.Of(r))
}

// identify finds the session of the cookie, if there is one.
func (m *middleware) identify(r *http.Request, state *requestState, sent requestCookies) error {
	state.browser, _ = domain.ParseSecret(sent.browser)
	token, ok := domain.ParseSecret(sent.session)
	if !ok {
		return nil
	}
	state.token = token
	id := token.Hash()
	err := m.lookUp(r, m.sessions.Cached(id), domain.ErrUnauthenticated, func() (err error) {
		state.session, err = m.sessions.Find(r.Context(), id)
		return err
	})
	if state.signedIn = err == nil; errors.Is(err, domain.ErrUnauthenticated) {
		return nil
	}
	return err
}

// ensureCookies gives the browser the cookies it lacks. A CSRF token that the request does not need is not verified.
func (m *middleware) ensureCookies(state *requestState, sent requestCookies, verify bool) {
	if state.browser == "" {
		state.browser = domain.NewSecret()
		m.cookies.setBrowser(state.answer, state.browser)
	}
	if state.csrf = sent.csrf; state.csrf == "" || verify && !domain.ValidCSRFToken(state.csrfKey(), state.csrf) {
		state.csrf = domain.NewCSRFToken(state.csrfKey())
		m.cookies.setCSRF(state.answer, state.csrf)
	}
}

// csrfKey is the secret that the CSRF tokens of this browser are made with.
func (s *requestState) csrfKey() domain.Secret {
	if s.signedIn {
		return s.token
	}
	return s.browser
}

// authorize lets the session act in the tenant of the host, and returns the context that is signed onto what it sends.
func (m *middleware) authorize(ctx context.Context, state *requestState) (reqctx.Context, error) {
	if !state.signedIn {
		return reqctx.Context{}, domain.ErrUnauthenticated
	}
	principal, err := m.sessions.Authorize(ctx, state.session, state.tenant)
	if err != nil {
		return reqctx.Context{}, err
	}
	state.principal = principal
	rc := toContext(httpx.RequestID(ctx), state.tenant, principal)
	rc.UserID = state.session.UserID
	httpx.SetSubject(ctx, rc)
	return rc, nil
}

// Authenticate is the kit's authentication for the gateway's own operations: by the session that the middleware found,
// not by a signature. Signing out needs the token of a session and nothing else, so that it works whatever the standing
// and can be repeated.
func Authenticate(r *http.Request, op contract.Operation, _ []byte) (reqctx.Context, error) {
	state := stateOf(r.Context())
	if state == nil {
		return reqctx.Context{}, errs.Internalf("%s was reached past the middleware", op.Handler)
	}
	if op.Handler != "Logout" && op.Handler != "LogoutAlias" {
		return state.middleware.authorize(r.Context(), state)
	}
	if state.token == "" {
		return reqctx.Context{}, domain.ErrUnauthenticated
	}
	return reqctx.Context{TenantID: state.tenant.ID, TenantSlug: state.tenant.Slug, UserID: state.session.UserID}, nil
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}
