package httpapi

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"

	"go.updspace.com/api/contract"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
)

// gate is what every request under /api/v1 passes, in this order: a path that
// means what it says, the tenant of the host, the session of the cookie, the
// rate limit, protection against forged requests. Then the request is answered
// here or passed on.
type gate struct {
	tenants  *app.Tenants
	sessions *app.Sessions
	limiter  ports.Limiter
	proxy    Proxy
	own      http.Handler
	cookies  cookies
	origins  origins
	clients  clients
}

// visit is what the gate learned about a request. The gateway's own operations
// find it in the request's context.
type visit struct {
	gate      *gate
	tenant    domain.Tenant
	token     domain.Secret    // of the session cookie, live or not; empty if none
	session   domain.Session   // if signedIn
	signedIn  bool             // there is a live session, in whatever tenant
	browser   domain.Secret    // never empty
	csrf      string           // valid for this browser and session
	principal domain.Principal // once admitted
}

type visitKey struct{}

func visitOf(ctx context.Context) *visit {
	v, _ := ctx.Value(visitKey{}).(*visit)
	return v
}

// ownPaths are the gateway's operations that are treated in a way of their own.
var ownPaths = map[string]struct {
	auth      bool // counts as signing in
	tokenFree bool // may be sent before a page has got its CSRF token
}{
	"/api/v1/auth/login":     {auth: true},
	app.CallbackPath:         {auth: true},
	app.MagicCallbackPath:    {auth: true},
	"/api/v1/session/login":  {auth: true, tokenFree: true},
	"/api/v1/session/me":     {},
	"/api/v1/session/logout": {},
	"/api/v1/logout":         {},
	"/api/v1/csrf":           {},
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !plainPath(r.URL) {
		httpx.WriteError(w, r, errs.BadRequestf("This address is not written in its plain form."))
		return
	}
	tenant, err := g.tenants.ByHost(r.Context(), r.Host)
	if err != nil {
		fail(w, r, err)
		return
	}
	v := visit{gate: g, tenant: tenant}
	jar := readCookies(r, &g.cookies)
	if err := g.identify(r.Context(), &v, jar); err != nil {
		fail(w, r, err)
		return
	}
	rules, own := ownPaths[r.URL.Path]
	if err := g.count(r, &v, rules.auth); err != nil {
		fail(w, r, err)
		return
	}
	g.equip(w, &v, jar)
	if unsafe(r.Method) {
		if err := g.origins.check(r, tenant); err != nil {
			fail(w, r, err)
			return
		}
		if !rules.tokenFree && !domain.ValidCSRFToken(v.owner(), r.Header.Get(headerCSRF)) {
			fail(w, r, domain.ErrCSRF)
			return
		}
	}
	if own {
		w.Header().Set("Cache-Control", "no-store")
		g.own.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), visitKey{}, &v)))
		return
	}
	g.forward(w, r, &v)
}

// forward passes the request on to the service that answers its path.
func (g *gate) forward(w http.ResponseWriter, r *http.Request, v *visit) {
	pass, public, ok := g.proxy.Match(r.URL.Path)
	if !ok {
		notFound(w, r)
		return
	}
	rc := reqctx.Context{RequestID: httpx.RequestID(r.Context())}
	if !public {
		var err error
		if rc, err = g.admit(r.Context(), v); err != nil {
			fail(w, r, err)
			return
		}
	}
	pass(w, r, rc)
}

// identify finds the session of the cookie, if there is one.
func (g *gate) identify(ctx context.Context, v *visit, jar jar) error {
	v.browser, _ = domain.ParseSecret(jar.browser)
	token, ok := domain.ParseSecret(jar.session)
	if !ok {
		return nil
	}
	v.token = token
	session, err := g.sessions.Find(ctx, token)
	if errors.Is(err, domain.ErrUnauthenticated) {
		return nil
	}
	v.session, v.signedIn = session, err == nil
	return err
}

// count holds the request against the limits: of its session if it has one,
// else of its address; signing in always counts by address.
func (g *gate) count(r *http.Request, v *visit, auth bool) error {
	bucket, key := ports.BucketAnonymous, ""
	switch {
	case auth:
		bucket = ports.BucketAuth
	case v.signedIn && unsafe(r.Method):
		bucket, key = ports.BucketWrite, sessionKey(v.session)
	case v.signedIn:
		bucket, key = ports.BucketRead, sessionKey(v.session)
	}
	if key == "" {
		key = g.clients.address(r)
	}
	verdict := g.limiter.Take(r.Context(), bucket, key)
	if verdict.Allowed {
		return nil
	}
	return domain.ErrRateLimited.WithRetryAfter(verdict.RetryAfter).WithDetails(map[string]any{
		"limit": verdict.Limit, "window": int(verdict.Window.Seconds()),
	})
}

func sessionKey(s domain.Session) string { return hex.EncodeToString(s.ID[:16]) }

// equip gives the browser the cookies it lacks.
func (g *gate) equip(w http.ResponseWriter, v *visit, jar jar) {
	if v.browser == "" {
		v.browser = domain.NewSecret()
		g.cookies.setBrowser(w, v.browser)
	}
	if v.csrf = jar.csrf; !domain.ValidCSRFToken(v.owner(), v.csrf) {
		v.csrf = domain.NewCSRFToken(v.owner())
		g.cookies.setCSRF(w, v.csrf)
	}
}

// owner is the secret CSRF tokens of this visitor are made with.
func (v *visit) owner() domain.Secret {
	if v.signedIn {
		return v.token
	}
	return v.browser
}

// admit lets the session act in the tenant of the host, and returns the
// context that goes with everything it does there.
func (g *gate) admit(ctx context.Context, v *visit) (reqctx.Context, error) {
	if !v.signedIn {
		return reqctx.Context{}, domain.ErrUnauthenticated
	}
	principal, err := g.sessions.Admit(ctx, v.session, v.tenant)
	if err != nil {
		return reqctx.Context{}, err
	}
	v.principal = principal
	rc := toContext(httpx.RequestID(ctx), v.tenant, principal)
	rc.UserID = v.session.UserID
	httpx.SetSubject(ctx, rc)
	return rc, nil
}

// Authenticate is the kit's authentication for the gateway's own operations:
// by the session that the gate found, not by a signature. Signing out needs a
// session and nothing else, so that it always works.
func Authenticate(r *http.Request, op contract.Operation, _ []byte) (reqctx.Context, error) {
	v := visitOf(r.Context())
	if v == nil {
		return reqctx.Context{}, errs.Internalf("%s was reached past the gate", op.Handler)
	}
	if op.Handler != "Logout" && op.Handler != "LogoutAlias" {
		return v.gate.admit(r.Context(), v)
	}
	if !v.signedIn {
		return reqctx.Context{}, domain.ErrUnauthenticated
	}
	return reqctx.Context{TenantID: v.tenant.ID, TenantSlug: v.tenant.Slug, UserID: v.session.UserID}, nil
}

func unsafe(method string) bool {
	return method != http.MethodGet && method != http.MethodHead && method != http.MethodOptions
}
