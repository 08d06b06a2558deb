// Package httpapi is the HTTP side of the gateway: the checks that every request of a browser passes before it is
// answered here or forwarded to a service, and the gateway's own operations.
package httpapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/ratelimit"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/web"
)

const (
	apiPrefix = "/api/v1/"
	loginPath = "/api/v1/auth/login"
)

// Forward sends a request on to a service, in a request context.
type Forward = func(http.ResponseWriter, *http.Request, reqctx.Context)

// Proxy forwards requests to the services.
type Proxy interface {
	// Match finds the service that answers a request, and for whom it is asked.
	Match(method, path string) (forward Forward, whom ports.Whom, ok bool)
	// StaysOpen reports whether the answer may take as long as its reader stays, or until there is news.
	StaysOpen(r *http.Request) bool
}

// Config is what the gateway must know about its surroundings.
type Config struct {
	Dev            bool
	Origin         app.Origin // of each tenant's pages
	AllowedOrigins []string   // that may send unsafe requests besides
	TrustedProxies []string   // CIDRs whose X-Forwarded-For is believed
	IDOrigin       string     // of the ID service's pages
}

// Deps are the parts of the gateway.
type Deps struct {
	Kit         *httpx.Server
	Tenants     *app.Tenants
	Sessions    *app.Sessions
	Streams     *app.Streams
	Logins      *app.Logins
	Overview    *app.Overview
	PublicCards *app.PublicCards
	Badges      ports.SharedBadges // nil without gamification
	Identity    Pictures
	Limiter     *ratelimit.Limiter
	Proxy       Proxy
	Pages       *web.App
	Log         *slog.Logger
}

// New makes the handler of the service.
func New(cfg Config, d Deps) (http.Handler, error) {
	log := d.Log
	if cfg.Dev {
		log = nil // the dev server of the frontends is a proxy that needs no setting
	}
	addresses, err := httpx.NewClientAddresses(cfg.TrustedProxies, log)
	if err != nil {
		return nil, err
	}
	m := &middleware{
		tenants: d.Tenants, sessions: d.Sessions, streams: d.Streams, limiter: d.Limiter, proxy: d.Proxy,
		cookies:   newCookies(!cfg.Dev),
		origins:   origins{origin: cfg.Origin, extra: cfg.AllowedOrigins, dev: cfg.Dev},
		addresses: addresses,
	}
	if m.own, err = ownAPI(cfg, d, m.cookies); err != nil {
		return nil, err
	}
	none := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { httpx.WriteError(w, r, httpx.ErrNoRoute) })
	pages := d.Pages.Handler(&portalPage{middleware: m, overview: d.Overview, badges: d.Badges, idOrigin: cfg.IDOrigin, app: d.Pages, log: d.Log}, none)
	root := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, apiPrefix) || r.URL.Path == app.DIDDocumentPath {
			m.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
	return d.Kit.Observe(secure(!cfg.Dev, d.Kit.WithHealth(root))), nil
}

// ownAPI is the generated server of bff.yaml.
func ownAPI(cfg Config, d Deps, c cookies) (http.Handler, error) {
	spec, err := bffapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	handlers := &handlers{
		loginHandlers:   loginHandlers{logins: d.Logins, sessions: d.Sessions, cookies: c},
		publicHandlers:  publicHandlers{cards: d.PublicCards},
		tenantHandlers:  tenantHandlers{pictures: d.Identity},
		sessionHandlers: sessionHandlers{sessions: d.Sessions, overview: d.Overview, cookies: c, idOrigin: cfg.IDOrigin},
	}
	strict := bffapi.NewStrictHandlerWithOptions(handlers, nil, bffapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: d.Kit.RequestError, ResponseErrorHandlerFunc: fail,
	})
	mux := http.NewServeMux()
	bffapi.HandlerWithOptions(strict, bffapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: d.Kit.RequestError})
	return d.Kit.API(mux, spec, bffapi.Operations)
}

// handlers implements the generated interface, one embedded struct per tag.
type handlers struct {
	tenantHandlers
	loginHandlers
	sessionHandlers
	publicHandlers
}

var _ bffapi.StrictServerInterface = (*handlers)(nil)

// The values are shared between requests; net/http does not change them.
var (
	sameOrigin  = []string{"same-origin"}
	apiPolicy   = []string{"default-src 'none'; frame-ancestors 'none'"}
	strictHTTPS = []string{"max-age=31536000; includeSubDomains"}
)

// secure sets the headers that keep browsers from doing more with an answer than it is meant for, besides those that the kit
// sets on every answer.
func secure(https bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["Cross-Origin-Opener-Policy"] = sameOrigin
		h["Content-Security-Policy"] = apiPolicy
		if https {
			h["Strict-Transport-Security"] = strictHTTPS
		}
		next.ServeHTTP(w, r)
	})
}
