// Package browserauth knows who stands behind a request that no service has signed: which session token came and how,
// from where, and whether another site made the browser send it.
package browserauth

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/web"
)

// The names by which a session token travels.
const (
	CookieName   = "sessionid"
	knownName    = "known_browser"
	flowName     = "external_sign_in"
	headerToken  = "X-Session-Token"
	bearerPrefix = "Bearer "
)

// Request is who stands behind a request that no service has signed.
type Request struct {
	Cookie domain.Secret // session token in the cookie
	Header domain.Secret // session token in X-Session-Token, else in Authorization
	Bearer string        // Authorization: Bearer, whatever it is
	Basic  *url.Userinfo // Authorization: Basic, decoded as RFC 6749 has it
	// BasicBroken is an Authorization: Basic that cannot be decoded.
	BasicBroken bool
	Query       string
	// Known marks a browser that has signed an account in before.
	Known string
	// Flow is the secret of a browser that signs in with an account at another service.
	Flow   domain.Secret
	Origin domain.Origin
	// Foreign marks what another site made a browser send. Middleware lets it pass when no cookie came with it.
	Foreign bool
}

// Token is the session token that counts: what a script sent on purpose before what the browser added.
func (r Request) Token() domain.Secret {
	if r.Header != "" {
		return r.Header
	}
	return r.Cookie
}

type key struct{}

// From returns what Middleware found.
func From(ctx context.Context) Request {
	r, _ := ctx.Value(key{}).(Request)
	return r
}

// Gate reads who stands behind a request, and guards against other sites making a browser send one.
type Gate struct {
	Site      string // scheme and host of this service, as browsers see it
	Secure    bool   // cookies over https only
	Addresses *httpx.ClientAddresses
	Limiter   ports.Limiter
}

// Read puts the Request into the context, and what entries of the audit log say of it.
func (b *Gate) Read(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := b.read(r)
		ctx := app.At(context.WithValue(r.Context(), key{}, who), who.Origin.IP)
		if rc := reqctx.From(ctx); rc.RequestID == "" { // a page, or a form of a standard client
			rc.RequestID = httpx.RequestID(ctx)
			ctx = reqctx.With(ctx, rc)
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

// Middleware is Read that refuses what another site has made a browser send with its cookie, and, before anything is looked
// up, requests beyond the limit of their address. Signed requests of other services have no such limit. What it has let pass it lets pass again.
func (b *Gate) Middleware(next http.Handler) http.Handler {
	checked := b.Read(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := From(r.Context())
		if who.Header == "" && who.Cookie != "" && who.Foreign {
			httpx.WriteError(w, r, domain.ErrCrossSite)
			return
		}
		if reqctx.From(r.Context()).Caller == "" {
			if err := app.Limited(b.Limiter.Take(r.Context(), app.LimitRequests, who.Origin.IP, 1), domain.ErrRateLimited); err != nil {
				httpx.WriteError(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, passed := r.Context().Value(key{}).(Request); passed {
			next.ServeHTTP(w, r)
			return
		}
		checked.ServeHTTP(w, r)
	})
}

func (b *Gate) read(r *http.Request) Request {
	who := Request{
		Header: domain.Secret(r.Header.Get(headerToken)), Query: r.URL.RawQuery,
		Origin: domain.Origin{IP: b.Addresses.Of(r), UserAgent: r.UserAgent(), Language: web.Language(r, "", "")}, Foreign: !b.SameSite(r),
	}
	if c, err := r.Cookie(CookieName); err == nil {
		who.Cookie = domain.Secret(c.Value)
	}
	if c, err := r.Cookie(knownName); err == nil {
		who.Known = c.Value
	}
	if c, err := r.Cookie(flowName); err == nil {
		who.Flow = domain.Secret(c.Value)
	}
	authorization := r.Header.Get("Authorization")
	if len(authorization) > len(bearerPrefix) && strings.EqualFold(authorization[:len(bearerPrefix)], bearerPrefix) {
		who.Bearer = authorization[len(bearerPrefix):]
		if who.Header == "" {
			who.Header = domain.Secret(who.Bearer)
		}
	}
	if scheme, _, _ := strings.Cut(authorization, " "); strings.EqualFold(scheme, "Basic") {
		id, secret, ok := r.BasicAuth()
		id, err1 := url.QueryUnescape(id)
		secret, err2 := url.QueryUnescape(secret)
		if who.BasicBroken = !ok || err1 != nil || err2 != nil; !who.BasicBroken {
			who.Basic = url.UserPassword(id, secret)
		}
	}
	return who
}

// SameSite reports whether a request that changes something was sent by a page of ours, as far as the browser says. Programs
// that are no browsers say nothing, and another site cannot make them send a cookie.
func (b *Gate) SameSite(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin" || site == "none"
	}
	origin := r.Header.Get("Origin")
	return origin == "" || origin == b.Site
}

// SessionCookie is the cookie that carries a session token until it ends.
func (b *Gate) SessionCookie(token domain.Secret, expires, now time.Time) *http.Cookie {
	// Lax and not Strict: the way to /authorize begins on another site.
	return &http.Cookie{
		Name: CookieName, Value: string(token), Path: "/", HttpOnly: true, Secure: b.Secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int(expires.Sub(now) / time.Second),
	}
}

const knownLifetime = 180 * 24 * time.Hour

// KnownCookie is the cookie that marks a browser as known to an account, for its limit of wrong passwords.
func (b *Gate) KnownCookie(mark string) *http.Cookie {
	return &http.Cookie{
		Name: knownName, Value: mark, Path: "/", HttpOnly: true, Secure: b.Secure, SameSite: http.SameSiteStrictMode, MaxAge: int(knownLifetime / time.Second),
	}
}

// FlowCookie is the cookie that ties a sign-in with an account at another service to the browser; without a secret, the browser forgets it.
func (b *Gate) FlowCookie(secret domain.Secret) *http.Cookie {
	c := &http.Cookie{
		// Lax and not Strict: the way back begins on the provider's site.
		Name: flowName, Value: string(secret), Path: flowPath, HttpOnly: true, Secure: b.Secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int(domain.ProviderFlowLifetime / time.Second),
	}
	if secret == "" {
		c.MaxAge = -1
	}
	return c
}

const flowPath = "/api/v1/auth/oauth"

// NoSessionCookie makes a browser forget the session.
func (b *Gate) NoSessionCookie() *http.Cookie {
	return &http.Cookie{Name: CookieName, Path: "/", HttpOnly: true, Secure: b.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1}
}
