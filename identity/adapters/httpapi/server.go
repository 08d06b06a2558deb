// Package httpapi serves api/openapi/identity.yaml: convert in, call the use case, convert out.
package httpapi

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/go-jose/go-jose/v4"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/web"
)

// KeySet is the public half of the signing keys.
type KeySet interface{ KeySet() jose.JSONWebKeySet }

// server implements every operation: one file per tag of the document.
type server struct {
	*app.App
	gate    *browserauth.Gate
	keys    KeySet
	signing *app.Keys
	issuer  string
	origin  func(slug string) string // of a tenant's pages
	dev     bool
}

var _ identityapi.StrictServerInterface = server{}

const pathUserinfo = "/oauth/userinfo"

// Config is what the handler is told.
type Config struct {
	Issuer string
	Origin func(slug string) string // of a tenant's pages
	Dev    bool                     // answers contain the links that are mailed
}

// Deps is what the handler stands on.
type Deps struct {
	Kit      *httpx.Server
	App      *app.App
	Gate     *browserauth.Gate
	Keys     KeySet
	Signing  *app.Keys
	Frontend *web.App
}

// New returns the handler of the pages and of the document's operations.
func New(cfg Config, d Deps) (http.Handler, error) {
	spec, err := identityapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded document: %w", err)
	}
	s, kit := server{d.App, d.Gate, d.Keys, d.Signing, cfg.Issuer, cfg.Origin, cfg.Dev}, d.Kit
	strict := identityapi.NewStrictHandlerWithOptions(s, nil, identityapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: fail,
	})
	mux := http.NewServeMux()
	identityapi.HandlerWithOptions(strict, identityapi.StdHTTPServerOptions{
		BaseRouter: mux, ErrorHandlerFunc: kit.RequestError, Middlewares: []identityapi.MiddlewareFunc{d.Gate.Middleware, noStore, httpx.KeepBody(reportsPath)},
	})
	api, err := kit.API(mux, spec, identityapi.Operations)
	if err != nil {
		return nil, err
	}
	return s.cors(pages{s, d.Frontend}.handler(s.forms(s.administration(api)))), nil
}

// fail answers an error of a use case.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	switch {
	case errors.Is(err, domain.ErrInvalidClient):
		w.Header().Set("WWW-Authenticate", challenge)
	case r.URL.Path == pathUserinfo && errs.KindOf(err) == errs.Unauthenticated:
		w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
	}
	httpx.WriteError(w, r, err)
}

// noStore keeps answers out of caches: nearly all of them are about one user.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		w.Header().Set("Referrer-Policy", "same-origin")
		next.ServeHTTP(w, r)
	})
}
