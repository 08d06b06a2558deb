package httpx

import (
	"fmt"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
)

// routes maps the patterns of a generated ServeMux to the operations of its document, so that a request is routed once, by
// net/http, and validated without a second router.
type routes map[string]*route // by ServeMux pattern

type route struct {
	id        string // operationId
	operation contract.Operation
	params    []param // of the path template
	stream    int64   // the largest body of an operation that takes a stream of bytes, else 0
	events    bool    // it answers with a stream of events
	spec      routers.Route
	scanner   BodyScanner // nil unless the operation has one
}

type param struct {
	segment int
	name    string
}

func newRoutes(spec *openapi3.T, operations contract.Set, scanners map[string]BodyScanner) (routes, error) {
	defineFormats()
	var err error
	found, described := make(routes, len(operations)), 0
	for path, item := range spec.Paths.Map() {
		for method, operation := range item.Operations() {
			decided, ok := operations[operation.OperationID]
			if !ok {
				return nil, fmt.Errorf("httpx: %s %s has no entry in the operation table", method, path)
			}
			rt := &route{id: operation.OperationID, operation: decided, scanner: scanners[operation.OperationID], spec: routers.Route{Spec: spec, Path: path, PathItem: item, Method: method, Operation: operation}}
			for i, segment := range strings.Split(path, "/") {
				if name, ok := strings.CutPrefix(segment, "{"); ok {
					rt.params = append(rt.params, param{segment: i, name: strings.TrimSuffix(name, "}")})
				}
			}
			if rt.stream, err = streamLimit(operation); err != nil {
				return nil, fmt.Errorf("httpx: %s %s: %w", method, path, err)
			}
			if ok := operation.Responses.Status(http.StatusOK); ok != nil && ok.Value != nil {
				rt.events = ok.Value.Content[eventsType] != nil
			}
			found[method+" "+path] = rt
			if item.Extensions[extSlash] == true {
				if len(rt.params) > 0 {
					return nil, fmt.Errorf("httpx: %s has parameters, so it cannot have %s", path, extSlash)
				}
				found[method+" "+path+slash] = rt
			}
			described++
		}
	}
	if described != len(operations) {
		return nil, fmt.Errorf("httpx: the document has %d operations, the table %d", described, len(operations))
	}
	return found, nil
}

// eventsType is the type of streams of events (HTML standard, 9.2).
const eventsType = "text/event-stream"

// A path of the document with the extension x-slash is also served with a slash at its end: former clients use both forms. It must
// have no parameters.
const (
	extSlash = "x-slash"
	slash    = "/{$}"
)

// serveSlashes registers the forms with a slash at the end.
func (rs routes) serveSlashes(mux *http.ServeMux) {
	for pattern, rt := range rs {
		if strings.HasSuffix(pattern, slash) {
			mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
				plain := r.Clone(r.Context())
				plain.URL.Path, plain.URL.RawPath = rt.spec.Path, ""
				mux.ServeHTTP(w, plain)
			})
		}
	}
}

// The errors for addresses that do not exist or do not take a method. With the second one the Allow header must be set.
var (
	ErrNoRoute  = errs.New(errs.NotFound, "", "There is nothing at this address.")
	ErrNoMethod = errs.New(errs.NotAllowed, "", "This address does not take this method.")
)

func (rs routes) find(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) (*route, error) {
	if unclean(r.URL.Path) { // ServeMux would answer with a redirect
		return nil, ErrNoRoute
	}
	handler, pattern := mux.Handler(r)
	if rt, ok := rs[pattern]; ok {
		return rt, nil
	}
	// ServeMux knows whether the path takes another method, and says so only in an answer.
	probe := probe{header: http.Header{}}
	handler.ServeHTTP(&probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		return nil, ErrNoMethod
	}
	return nil, ErrNoRoute
}

// probe is a ResponseWriter that keeps only the status and headers.
type probe struct {
	header http.Header
	status int
}

func (p *probe) Header() http.Header         { return p.header }
func (p *probe) WriteHeader(status int)      { p.status = status }
func (p *probe) Write(b []byte) (int, error) { return len(b), nil }

func unclean(path string) bool {
	return path == "" || path[0] != '/' || strings.Contains(path, "//") ||
		strings.Contains(path+"/", "/./") || strings.Contains(path+"/", "/../")
}

// validate checks the request, whose body has been read, against its operation in the document. A scanned body is valid.
func (rt *route) validate(r *http.Request, body []byte, scanned bool) error {
	if err := storable(r.URL); err != nil {
		return err
	}
	if rt.stream > 0 && !isBytes(r) {
		return errs.New(errs.Unsupported, "", "The body has a media type that this address does not take.")
	}
	if isJSON(r) && !utf8.Valid(body) { // encoding/json would replace what is not
		return errs.BadRequestf("The request body is not valid UTF-8.")
	}
	params := make(map[string]string, len(rt.params))
	segments := strings.Split(r.URL.EscapedPath(), "/")
	for _, p := range rt.params {
		value, err := url.PathUnescape(segments[p.segment])
		if err != nil {
			return ErrNoRoute
		}
		params[p.name] = value
	}
	err := openapi3filter.ValidateRequest(r.Context(), &openapi3filter.RequestValidationInput{
		Request:    r,
		PathParams: params,
		Route:      &rt.spec,
		Options: &openapi3filter.Options{
			MultiError:          true,
			AuthenticationFunc:  openapi3filter.NoopAuthenticationFunc,
			SkipSettingDefaults: true, // the generated code sets them
			ExcludeRequestBody:  rt.stream > 0 || scanned,
		},
	})
	if err == nil {
		return nil
	}
	return invalid(err)
}

func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && strings.HasSuffix(kind, "json")
}

// storable refuses addresses with text that a database cannot store: null characters, and bytes that are not UTF-8.
func storable(u *url.URL) error {
	if !storableText(u.Path) {
		return ErrNoRoute
	}
	if u.RawQuery == "" {
		return nil
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return errs.BadRequestf("The query could not be read.").Wrap(err)
	}
	fields := errs.Fields{}
	for name, values := range query {
		for _, value := range values {
			if !storableText(name) {
				fields.Add("query", why.InvalidCharacters("must be text"))
			} else if !storableText(value) {
				fields.Add(name, why.InvalidCharacters("must be text"))
			}
		}
	}
	return fields.Err()
}

func storableText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// kin-openapi keeps format validators in a table of the process and does not check uuid and email by itself; a value that it
// accepts would fail in the generated code.
var defineFormats = sync.OnceFunc(func() {
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(contract.UUIDPattern))
	openapi3.DefineStringFormatValidator("email", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail))
	openapi3filter.RegisterBodyDecoder("message/rfc822", openapi3filter.FileBodyDecoder) // a mail, as its bytes
})
