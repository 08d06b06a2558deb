// Package httpapi is the door: what every browser request passes before it is
// answered here or passed on to a service, and the gateway's own operations.
package httpapi

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
)

const apiPrefix = "/api/v1/"

// Proxy passes requests on to the services.
type Proxy interface {
	// Match finds who answers a path and whether it may be asked without a session.
	Match(path string) (forward func(http.ResponseWriter, *http.Request, reqctx.Context), public, ok bool)
}

// Config is what the door must know about its surroundings.
type Config struct {
	Dev            bool
	Origin         app.Origin // of each tenant's pages
	AllowedOrigins []string   // that may send unsafe requests besides
	TrustedProxies []string   // CIDRs whose X-Forwarded-For is believed
	IDOrigin       string     // of the ID service's pages
}

// Deps are the parts of the door.
type Deps struct {
	Kit      *httpx.Kit
	Tenants  *app.Tenants
	Sessions *app.Sessions
	Logins   *app.Logins
	Overview *app.Overview
	Limiter  ports.Limiter
	Proxy    Proxy
	Log      *slog.Logger
}

// New makes the handler of the service.
func New(cfg Config, d Deps) (http.Handler, error) {
	trusted, err := parsePrefixes(cfg.TrustedProxies)
	if err != nil {
		return nil, err
	}
	g := &gate{
		tenants: d.Tenants, sessions: d.Sessions, limiter: d.Limiter, proxy: d.Proxy,
		cookies: newCookies(!cfg.Dev),
		origins: origins{origin: cfg.Origin, extra: cfg.AllowedOrigins, dev: cfg.Dev},
		clients: clients{trusted: trusted},
	}
	if g.own, err = ownAPI(cfg, d, g.cookies); err != nil {
		return nil, err
	}
	var pages http.Handler = http.HandlerFunc(notFound)
	if cfg.Dev {
		pages = newLanding(g, cfg.IDOrigin, pages)
	}
	root := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, apiPrefix) {
			g.ServeHTTP(w, r)
			return
		}
		pages.ServeHTTP(w, r)
	})
	return d.Kit.Edge(secure(!cfg.Dev, d.Kit.WithHealth(root))), nil
}

// ownAPI is the generated server of bff.yaml.
func ownAPI(cfg Config, d Deps, c cookies) (http.Handler, error) {
	spec, err := bffapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the OpenAPI document: %w", err)
	}
	handlers := &handlers{
		loginHandlers:   loginHandlers{logins: d.Logins, cookies: c},
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
	loginHandlers
	sessionHandlers
}

var _ bffapi.StrictServerInterface = (*handlers)(nil)

func notFound(w http.ResponseWriter, r *http.Request) {
	httpx.WriteError(w, r, errs.NotFoundf("There is nothing at this address."))
}

// The values are shared between requests; net/http does not change them.
var (
	nosniff     = []string{"nosniff"}
	sameOrigin  = []string{"same-origin"}
	deny        = []string{"DENY"}
	apiPolicy   = []string{"default-src 'none'; frame-ancestors 'none'"}
	strictHTTPS = []string{"max-age=31536000; includeSubDomains"}
)

// secure sets the headers that keep browsers from doing more with an answer
// than it is meant for.
func secure(https bool, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h["X-Content-Type-Options"] = nosniff
		h["Referrer-Policy"] = sameOrigin
		h["Cross-Origin-Opener-Policy"] = sameOrigin
		h["X-Frame-Options"] = deny
		h["Content-Security-Policy"] = apiPolicy
		if https {
			h["Strict-Transport-Security"] = strictHTTPS
		}
		next.ServeHTTP(w, r)
	})
}
