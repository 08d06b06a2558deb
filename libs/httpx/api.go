// Package httpx is the HTTP side of every service: the path of a request from the socket to the generated handler, and the
// error body of every failure.
//
// A request passes, in this order: request id, metrics and access log, panic recovery, routing (404 and 405), body limit,
// authentication, validation against the OpenAPI document, and then the generated strict handler. The caller is authenticated
// before the body is looked at.
package httpx

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

// Defaults of a Server.
const (
	DefaultMaxBody = 1 << 20
	DefaultTimeout = 15 * time.Second
	// DefaultWriteTimeout ends the answer to a client that stops reading.
	DefaultWriteTimeout = 30 * time.Second
)

// Authenticate returns who sends a request for a non-public operation.
type Authenticate func(r *http.Request, op contract.Operation, body []byte) (reqctx.Context, error)

// Server builds the handler of one service.
type Server struct {
	log                *slog.Logger
	authenticate       Authenticate
	authenticateHeader HeaderAuthenticator
	checks             []Check
	metrics            *metrics
	maxBody            int64
	timeout            time.Duration
	writeTimeout       time.Duration
	debugLog           map[string]bool
	scanners           map[string]BodyScanner
	service            string
}

// Options configure a Server; zero values mean the defaults.
type Options struct {
	Service             string // its name, under which API publishes the OpenAPI document
	Logger              *slog.Logger
	Authenticate        Authenticate        // usually Signed(verifier)
	HeaderAuthenticator HeaderAuthenticator // usually SignedHeader(verifier); without it no body is streamed
	Checks              []Check             // what /health/ready asks
	Registerer          prometheus.Registerer
	MaxBody             int64
	Timeout             time.Duration // deadline of one request
	WriteTimeout        time.Duration // how long the client may take to receive a piece of the answer
	// DebugLogOperations are operations whose success is logged at debug level only, because other services call them many
	// times for each request of theirs, which has its own line under the same request id.
	DebugLogOperations []string
	BodyScanners       map[string]BodyScanner // by operation
}

// New makes a Server.
func New(o Options) *Server {
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.WriteTimeout == 0 {
		o.WriteTimeout = DefaultWriteTimeout
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	debugLog := make(map[string]bool, len(o.DebugLogOperations))
	for _, operation := range o.DebugLogOperations {
		debugLog[operation] = true
	}
	return &Server{
		log: o.Logger, authenticate: o.Authenticate, authenticateHeader: o.HeaderAuthenticator, checks: o.Checks,
		metrics: newMetrics(o.Registerer), maxBody: o.MaxBody, timeout: o.Timeout, writeTimeout: o.WriteTimeout, debugLog: debugLog, scanners: o.BodyScanners, service: o.Service,
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

// complete refuses a request whose context lacks the tenant or the user that the operation needs, and a user who is
// suspended or banned. Internal operations accept such a user: the calling service makes the request, access must answer
// its checks, and a suspended person may still have their data.
func complete(rc reqctx.Context, op contract.Operation) error {
	switch {
	case !op.NeedsUser():
		return nil
	case rc.TenantID == uuid.Nil:
		return errs.New(errs.BadRequest, "MISSING_TENANT_CONTEXT", "The request names no tenant.")
	case rc.UserID == uuid.Nil:
		return errs.Unauthenticatedf("Sign in to continue.")
	case rc.Flags.Blocked() && !strings.HasPrefix(op.Path, "/internal/"):
		return errs.Forbiddenf("Your account is suspended.")
	}
	return nil
}

// Handler is the whole handler of a service: health probes, and the generated routes of mux behind everything that the package
// comment lists. It fails unless the document and the table have the same operations.
func (s *Server) Handler(mux *http.ServeMux, spec *openapi3.T, operations contract.Set) (http.Handler, error) {
	api, err := s.API(mux, spec, operations)
	if err != nil {
		return nil, err
	}
	return s.Observe(s.WithHealth(api)), nil
}

// API serves the generated routes: routing, limits, authentication and validation, without what Observe adds. To every caller it
// gives the document of the routes, at /api/v1/<service>/openapi.yaml.
func (s *Server) API(mux *http.ServeMux, spec *openapi3.T, operations contract.Set) (http.Handler, error) {
	routes, err := newRoutes(spec, operations, s.scanners)
	if err != nil {
		return nil, err
	}
	routes.serveSlashes(mux)
	document := newPublished(s.service, spec)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if document.serve(w, r) {
			return
		}
		route, err := routes.find(mux, w, r)
		if err != nil {
			WriteError(w, r, err)
			return
		}
		recordOf(r.Context()).operation = route.id
		ctx, cancel := s.limited(r, route)
		defer cancel()
		r = r.WithContext(ctx)

		rc, body, err := s.admit(w, r, route)
		if err != nil {
			WriteError(w, r, err)
			return
		}
		rc.Operation = route.id
		r, scanned := route.scan(r.WithContext(reqctx.With(ctx, rc)), body)
		if err := route.validate(r, body, scanned); err != nil {
			WriteError(w, r, err)
			return
		}
		mux.ServeHTTP(w, r)
	}), nil
}

const (
	// longPollSuffix is the end of the paths of operations that hold a request until there is news.
	longPollSuffix = "/long-poll"
	// longPollTimeout is more than they wait, and less than the gateway does.
	longPollTimeout = 38 * time.Second
)

// limited bounds how long an operation may take. One that answers with a stream of events takes as long as its reader stays.
func (s *Server) limited(r *http.Request, route *route) (context.Context, context.CancelFunc) {
	if route.events {
		return context.WithCancel(r.Context())
	}
	return context.WithTimeout(r.Context(), s.deadline(r))
}

func (s *Server) deadline(r *http.Request) time.Duration {
	if strings.HasSuffix(r.URL.Path, longPollSuffix) {
		return max(s.timeout, longPollTimeout)
	}
	return s.timeout
}

// admit reads the body and authenticates the caller. A body that comes as a stream stays one: it is checked while the handler
// reads it.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, route *route) (rc reqctx.Context, body []byte, err error) {
	id := RequestID(r.Context())
	if s.authenticateHeader != nil && route.streamed(r) {
		if rc, err = s.stream(w, r, route); err != nil {
			return rc, nil, err
		}
	} else {
		if body, err = ReadBody(w, r, s.maxBody); err != nil {
			return rc, nil, err
		}
		if !route.operation.NeedsSignature() {
			return reqctx.Context{RequestID: id}, body, nil
		}
		if rc, err = s.authenticate(r, route.operation, body); err != nil {
			return rc, nil, err
		}
	}
	rc.RequestID = id
	recordOf(r.Context()).subject = rc
	return rc, body, nil
}

// RequestError is the hook for errors of the generated code before a handler runs. Validation has answered the mistakes of
// clients, so what arrives here is a form that the document allows and the generated types do not.
func (s *Server) RequestError(w http.ResponseWriter, r *http.Request, err error) {
	WriteError(w, r, errs.BadRequestf("The request could not be read.").Wrap(fmt.Errorf("decoding the request: %w", err)))
}

// ResponseError is the hook for errors returned by strict handlers.
func (s *Server) ResponseError(w http.ResponseWriter, r *http.Request, err error) {
	WriteError(w, r, err)
}
