// Package httpx is the HTTP side every service shares: the path a request
// takes from the socket to the generated handler, and the one error body that
// every failure leaves in.
//
// A request passes, in this order: request id, metrics and access log, panic
// recovery, routing (404 and 405), body limit, authentication, validation
// against the OpenAPI document, and then the generated strict handler. Who is
// asking is settled before what they sent is looked at.
package httpx

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

// Defaults of a Kit.
const (
	DefaultMaxBody = 1 << 20
	DefaultTimeout = 15 * time.Second
)

// Authenticate settles who sends a request for a non-public operation.
type Authenticate func(r *http.Request, op contract.Operation, body []byte) (reqctx.Context, error)

// Kit builds the handler of one service.
type Kit struct {
	log          *slog.Logger
	authenticate Authenticate
	ahead        Ahead
	checks       []Check
	metrics      *metrics
	maxBody      int64
	timeout      time.Duration
	quiet        map[string]bool
}

// Options configure a Kit; zero values mean the defaults.
type Options struct {
	Logger       *slog.Logger
	Authenticate Authenticate // usually Signed(verifier)
	Ahead        Ahead        // usually SignedAhead(verifier); without it no body is streamed
	Checks       []Check      // what /health/ready asks
	Registerer   prometheus.Registerer
	MaxBody      int64
	Timeout      time.Duration // deadline of one request
	// Quiet names operations whose success is logged at debug level only: those
	// that other services call many times for each request of theirs, which has
	// its own line under the same request id.
	Quiet []string
}

// New makes a Kit.
func New(o Options) *Kit {
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	quiet := make(map[string]bool, len(o.Quiet))
	for _, operation := range o.Quiet {
		quiet[operation] = true
	}
	return &Kit{
		log: o.Logger, authenticate: o.Authenticate, ahead: o.Ahead, checks: o.Checks,
		metrics: newMetrics(o.Registerer), maxBody: o.MaxBody, timeout: o.Timeout, quiet: quiet,
	}
}

// Signed authenticates by the signature of the calling service.
func Signed(v *signing.Verifier) Authenticate {
	return func(r *http.Request, op contract.Operation, body []byte) (reqctx.Context, error) {
		rc, err := v.Verify(r, body)
		if err != nil {
			return reqctx.Context{}, err
		}
		return rc, complete(rc, op)
	}
}

// complete refuses a call that does not say what its operation needs to know.
func complete(rc reqctx.Context, op contract.Operation) error {
	switch {
	case !op.NeedsUser():
		return nil
	case rc.TenantID == uuid.Nil:
		return errs.New(errs.BadRequest, "MISSING_TENANT_CONTEXT", "The request names no tenant.")
	case rc.UserID == uuid.Nil:
		return errs.New(errs.Unauthenticated, "UNAUTHENTICATED", "Sign in to continue.")
	}
	return nil
}

// Handler is the whole handler of a service: health probes, and the generated
// routes of mux behind everything the package comment lists. It fails when an
// operation of the document has no decision in operations, or the other way round.
func (k *Kit) Handler(mux *http.ServeMux, spec *openapi3.T, operations contract.Set) (http.Handler, error) {
	api, err := k.API(mux, spec, operations)
	if err != nil {
		return nil, err
	}
	return k.Edge(k.WithHealth(api)), nil
}

// API serves the generated routes: routing, limits, authentication and
// validation, without the outer parts that Edge adds.
func (k *Kit) API(mux *http.ServeMux, spec *openapi3.T, operations contract.Set) (http.Handler, error) {
	routes, err := newRoutes(spec, operations)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		route, err := routes.find(mux, w, r)
		if err != nil {
			WriteError(w, r, err)
			return
		}
		recordOf(r.Context()).operation = route.id
		ctx, cancel := context.WithTimeout(r.Context(), k.timeout)
		defer cancel()
		r = r.WithContext(ctx)

		rc, body, err := k.admit(w, r, route)
		if err != nil {
			WriteError(w, r, err)
			return
		}
		rc.Operation = route.id
		r = r.WithContext(reqctx.With(ctx, rc))
		if err := route.validate(r, body); err != nil {
			WriteError(w, r, err)
			return
		}
		mux.ServeHTTP(w, r)
	}), nil
}

// admit takes the body in and settles who is asking. A body that comes as a
// stream stays one: it is checked while the handler reads it.
func (k *Kit) admit(w http.ResponseWriter, r *http.Request, route *route) (rc reqctx.Context, body []byte, err error) {
	id := RequestID(r.Context())
	if k.ahead != nil && route.streamed(r) {
		if rc, err = k.stream(w, r, route); err != nil {
			return rc, nil, err
		}
	} else {
		if body, err = ReadBody(w, r, k.maxBody); err != nil {
			return rc, nil, err
		}
		if !route.operation.NeedsSignature() {
			return reqctx.Context{RequestID: id}, body, nil
		}
		if rc, err = k.authenticate(r, route.operation, body); err != nil {
			return rc, nil, err
		}
	}
	rc.RequestID = id
	recordOf(r.Context()).subject = rc
	return rc, body, nil
}

// RequestError is the hook for errors of the generated code before a handler
// runs. Validation has already answered what a client can get wrong, so what
// arrives here is a shape the document allows and the generated types do not.
func (k *Kit) RequestError(w http.ResponseWriter, r *http.Request, err error) {
	WriteError(w, r, errs.BadRequestf("The request could not be read.").Wrap(fmt.Errorf("decoding the request: %w", err)))
}

// ResponseError is the hook for errors returned by strict handlers.
func (k *Kit) ResponseError(w http.ResponseWriter, r *http.Request, err error) {
	WriteError(w, r, err)
}
