// Package httpapi serves api/openapi/identity.yaml: convert in, call the use
// case, convert out.
package httpapi

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browser"
	"go.updspace.com/identity/app"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

// Config is what the handlers need to know besides the use cases.
type Config struct {
	PublicURL string // of this service, as browsers see it; also the issuer
	Dev       bool   // cookies over plain http, links in answers
	Gate      *browser.Gate
	// Forms answers OAuth requests with a form body, in the shapes of the RFCs.
	Forms http.Handler
	// ErrorPage answers a browser that followed a link to something broken.
	ErrorPage func(w http.ResponseWriter, r *http.Request, err error)
}

// server implements every operation: one part per tag of the document.
type server struct {
	signIn
	magicLinks
	authorization
	provider
	accounts
}

var _ identityapi.StrictServerInterface = server{}

// UseCases are what the operations call.
type UseCases struct {
	SignIn         *app.SignIn
	Sessions       *app.Sessions
	MagicLinks     *app.MagicLinks
	Authorizations *app.Authorizations
	Clients        *app.Clients
	Tokens         *app.Tokens
	Accounts       *app.Accounts
	Tenants        *app.Tenants
	KeySet         KeySet
}

const (
	pathConsume  = "/api/v1/auth/magic-link/consume"
	pathUserinfo = "/oauth/userinfo"
)

// formPaths are the addresses at which standard clients send forms.
var formPaths = map[string]bool{"/oauth/token": true, "/oauth/revoke": true, "/oauth/introspect": true}

// New returns the handler of the document's operations.
func New(kit *httpx.Kit, cfg Config, use UseCases) (http.Handler, error) {
	spec, err := identityapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded document: %w", err)
	}
	s := server{
		signIn{use.SignIn, use.Sessions, cfg.Gate},
		magicLinks{use.MagicLinks, cfg.Dev},
		authorization{use.Authorizations, use.Sessions},
		provider{cfg.PublicURL, use.Clients, use.Tokens, use.KeySet},
		accounts{use.Accounts, use.Tenants},
	}
	strict := identityapi.NewStrictHandlerWithOptions(s, nil, identityapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: cfg.fail,
	})
	mux := http.NewServeMux()
	identityapi.HandlerWithOptions(strict, identityapi.StdHTTPServerOptions{
		BaseRouter: mux, ErrorHandlerFunc: kit.RequestError, Middlewares: []identityapi.MiddlewareFunc{cfg.forms, cfg.Gate.Middleware, noStore},
	})
	return kit.API(mux, spec, identityapi.Operations)
}

// fail answers an error of a use case.
func (c Config) fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case r.URL.Path == pathConsume && wantsPage(r):
		c.ErrorPage(w, r, err)
		return
	case r.URL.Path == pathUserinfo && errs.KindOf(err) == errs.Unauthenticated:
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	httpx.WriteError(w, r, err)
}

func wantsPage(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

// noStore keeps answers out of caches: nearly all of them are about somebody.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "same-origin")
		// net/http hands HEAD to the handlers of GET. Scanners of mail send it
		// to every link, and must not use one up.
		if r.Method == http.MethodHead && r.URL.Path == pathConsume {
			h.Set("Allow", http.MethodGet)
			httpx.WriteError(w, r, errs.New(errs.NotAllowed, "", "This address does not take this method."))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// forms sends OAuth requests with a form body to the provider's own handler.
func (c Config) forms(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
		if err == nil && kind == "application/x-www-form-urlencoded" && formPaths[r.URL.Path] {
			c.Forms.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

var errNoBody = errors.New("a request that passed validation has no body")
