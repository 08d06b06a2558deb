package testkit

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/google/uuid"

	"go.updspace.com/libs/reqctx"
)

// clientTimeout is far beyond what any answer takes, so that a hanging server
// fails its test and not the whole run.
const clientTimeout = 30 * time.Second

// Client returns an HTTP client that calls the service named audience as the
// gateway does: signed as "bff", for the user and tenant of rc, each request
// under a request id of its own unless rc or the request's context has one. A
// request context in the context of a request goes before rc. The caller is
// rc's, or the gateway.
//
// Every exchange is checked against spec: an answer with an undocumented status, a body that does not match or an error code
// that the operation does not list (x-error-codes) fails the test, and so does a service that accepts a request its own
// document forbids. Redirects are not followed.
func Client(t testing.TB, baseURL, audience string, rc reqctx.Context, spec *openapi3.T) *http.Client {
	t.Helper()
	signer, err := Keyring().Signer(cmp.Or(rc.Caller, "bff"), audience)
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	base := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(base.CloseIdleConnections)
	return &http.Client{
		Timeout:       clientTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: identify{rc: rc, next: Validating(t, baseURL, spec,
			signer.Transport(base))},
	}
}

// identify puts the request context in.
type identify struct {
	rc   reqctx.Context
	next http.RoundTripper
}

func (i identify) RoundTrip(r *http.Request) (*http.Response, error) {
	rc := reqctx.From(r.Context())
	if rc == (reqctx.Context{}) {
		rc = i.rc
	}
	if rc.RequestID == "" {
		rc.RequestID = uuid.NewString()
	}
	return i.next.RoundTrip(r.WithContext(reqctx.With(r.Context(), rc)))
}

// Validating returns a transport that holds every exchange with the service at
// baseURL against spec. See [Client], which uses it.
func Validating(t testing.TB, baseURL string, spec *openapi3.T, next http.RoundTripper) http.RoundTripper {
	t.Helper()
	ReadCalendars()
	router, err := routerFor(baseURL, spec)
	if err != nil {
		t.Fatalf("testkit: the OpenAPI document: %v", err)
	}
	return &validating{t: t, router: router, next: next, codes: listsErrorCodes(spec)}
}

// ReadCalendars lets kin-openapi read answers that are calendars. It keeps decoders in a table of the process.
var ReadCalendars = sync.OnceFunc(func() {
	openapi3filter.RegisterBodyDecoder("text/calendar", openapi3filter.FileBodyDecoder)
})

var routersMade sync.Map // by routerKey

type routerKey struct {
	baseURL string
	spec    *openapi3.T
}

// routerFor makes the router of a document once for all clients of a service: that takes long.
func routerFor(baseURL string, spec *openapi3.T) (routers.Router, error) {
	key := routerKey{baseURL, spec}
	if made, ok := routersMade.Load(key); ok {
		return made.(routers.Router), nil
	}
	here := *spec // the document's own servers are those of production
	here.Servers = openapi3.Servers{{URL: strings.TrimSuffix(baseURL, "/") + basePath(spec)}}
	router, err := gorillamux.NewRouter(&here)
	if err == nil {
		routersMade.Store(key, router)
	}
	return router, err
}

// basePath is the path of a relative server URL such as "/" or "/prefix".
func basePath(spec *openapi3.T) string {
	if len(spec.Servers) == 0 {
		return ""
	}
	u, err := url.Parse(spec.Servers[0].URL)
	if err != nil || u.IsAbs() {
		return ""
	}
	return strings.TrimSuffix(u.Path, "/")
}

type validating struct {
	t      testing.TB
	router routers.Router
	next   http.RoundTripper
	codes  bool // the document lists error codes
}

func (v *validating) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := drain(&r.Body)
	if err != nil {
		return nil, fmt.Errorf("testkit: reading the request body: %w", err)
	}
	copied := r.Clone(r.Context())
	copied.Body = io.NopCloser(bytes.NewReader(body))

	response, err := v.next.RoundTrip(r)
	if err != nil || streaming(response) {
		return response, err
	}
	answer, err := drain(&response.Body)
	if err != nil {
		return nil, fmt.Errorf("testkit: reading the response body: %w", err)
	}
	if why := v.judge(copied, response, answer); why != nil {
		v.t.Errorf("testkit: %s %s answered %d, which its OpenAPI document does not allow: %v\nbody: %s",
			r.Method, r.URL, response.StatusCode, why, answer)
	}
	return response, nil
}

// judge returns what is wrong with an exchange.
func (v *validating) judge(r *http.Request, response *http.Response, answer []byte) error {
	route, params, err := v.router.FindRoute(r)
	if err != nil && strings.HasSuffix(r.URL.Path, "/") { // a second form of the address (x-slash)
		r.URL.Path = strings.TrimSuffix(r.URL.Path, "/")
		if route, params, err = v.router.FindRoute(r); err == nil && route.PathItem.Extensions["x-slash"] != true {
			err = routers.ErrPathNotFound
		}
	}
	if err != nil {
		if response.StatusCode == http.StatusNotFound || response.StatusCode == http.StatusMethodNotAllowed {
			return nil
		}
		return fmt.Errorf("no operation: %w", err)
	}
	options := &openapi3filter.Options{
		MultiError:            true,
		IncludeResponseStatus: true,
		AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
		SkipSettingDefaults:   true,
	}
	input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route, Options: options}
	// a validation may outlive the request's own deadline
	ctx := context.WithoutCancel(r.Context())
	if err := openapi3filter.ValidateRequest(ctx, input); err != nil && response.StatusCode < http.StatusBadRequest {
		return fmt.Errorf("the request is invalid: %w", err)
	}
	if v.codes {
		if err := CheckErrorCode(route.Operation, response.StatusCode, answer); err != nil {
			return err
		}
	}
	return openapi3filter.ValidateResponse(ctx, &openapi3filter.ResponseValidationInput{
		RequestValidationInput: input,
		Status:                 response.StatusCode,
		Header:                 response.Header,
		Body:                   io.NopCloser(bytes.NewReader(answer)),
		Options:                options,
	})
}

// drain reads a body to its end and puts a fresh one in its place.
func drain(body *io.ReadCloser) ([]byte, error) {
	if *body == nil || *body == http.NoBody {
		return nil, nil
	}
	b, err := io.ReadAll(*body)
	if closeErr := (*body).Close(); err == nil {
		err = closeErr
	}
	*body = io.NopCloser(bytes.NewReader(b))
	return b, err
}

func streaming(response *http.Response) bool {
	kind, _, _ := mime.ParseMediaType(response.Header.Get("Content-Type"))
	return kind == "text/event-stream"
}
