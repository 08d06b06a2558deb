package httpx

import (
	"errors"
	"fmt"
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
)

// routes ties the patterns of a generated ServeMux to the operations of its
// document, so that a request is routed once, by net/http, and validated
// without a second router.
type routes map[string]*route // by ServeMux pattern

type route struct {
	id        string // operationId
	operation contract.Operation
	params    []param // of the path template
	stream    int64   // the largest body of an operation that takes a stream of bytes, else 0
	spec      routers.Route
	body      glance
}

type param struct {
	segment int
	name    string
}

func newRoutes(spec *openapi3.T, operations contract.Set) (routes, error) {
	defineFormats()
	var err error
	found := make(routes, len(operations))
	for path, item := range spec.Paths.Map() {
		for method, operation := range item.Operations() {
			decided, ok := operations[operation.OperationID]
			if !ok {
				return nil, fmt.Errorf("httpx: %s %s has no entry in the operation table", method, path)
			}
			rt := &route{id: operation.OperationID, operation: decided, spec: routers.Route{Spec: spec, Path: path, PathItem: item, Method: method, Operation: operation}, body: glanceAt(operation)}
			for i, segment := range strings.Split(path, "/") {
				if name, ok := strings.CutPrefix(segment, "{"); ok {
					rt.params = append(rt.params, param{segment: i, name: strings.TrimSuffix(name, "}")})
				}
			}
			if rt.stream, err = streamLimit(operation); err != nil {
				return nil, fmt.Errorf("httpx: %s %s: %w", method, path, err)
			}
			found[method+" "+path] = rt
		}
	}
	if len(found) != len(operations) {
		return nil, fmt.Errorf("httpx: the document has %d operations, the table %d", len(found), len(operations))
	}
	return found, nil
}

var (
	errNoRoute  = errs.New(errs.NotFound, "", "There is nothing at this address.")
	errNoMethod = errs.New(errs.NotAllowed, "", "This address does not take this method.")
)

func (rs routes) find(mux *http.ServeMux, w http.ResponseWriter, r *http.Request) (*route, error) {
	if unclean(r.URL.Path) { // ServeMux would answer with a redirect
		return nil, errNoRoute
	}
	handler, pattern := mux.Handler(r)
	if rt, ok := rs[pattern]; ok {
		return rt, nil
	}
	// ServeMux knows whether another method would do, and tells only by answering.
	probe := probe{header: http.Header{}}
	handler.ServeHTTP(&probe, r)
	if probe.status == http.StatusMethodNotAllowed {
		w.Header().Set("Allow", probe.header.Get("Allow"))
		return nil, errNoMethod
	}
	return nil, errNoRoute
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

// validate checks the request, whose body has been read, against its operation
// in the document.
func (rt *route) validate(r *http.Request, body []byte) error {
	if err := storable(r.URL); err != nil {
		return err
	}
	if rt.stream > 0 && !isBytes(r) {
		return errs.New(errs.Unsupported, "", "The body has a media type that this address does not take.")
	}
	params := make(map[string]string, len(rt.params))
	segments := strings.Split(r.URL.EscapedPath(), "/")
	for _, p := range rt.params {
		value, err := url.PathUnescape(segments[p.segment])
		if err != nil {
			return errNoRoute
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
			ExcludeRequestBody:  rt.stream > 0 || plainJSON(r.Header) && rt.body.allows(body),
		},
	})
	if err == nil {
		return nil
	}
	return invalid(err)
}

// plainJSON tells whether a body is JSON in so many words, as our own services
// send it.
func plainJSON(h http.Header) bool {
	types := h["Content-Type"]
	return len(types) == 1 && types[0] == jsonType
}

// storable refuses addresses with text that no document mentions and no
// database keeps: NUL, and bytes that are not UTF-8.
func storable(u *url.URL) error {
	if !storableText(u.Path) {
		return errNoRoute
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
				fields.Add("query", "must be text")
			} else if !storableText(value) {
				fields.Add(name, "must be text")
			}
		}
	}
	return fields.Err()
}

func storableText(s string) bool { return utf8.ValidString(s) && !strings.Contains(s, "\x00") }

// invalid turns the validator's findings into one VALIDATION_ERROR that names
// every field, or into the status that a broken or foreign body deserves.
func invalid(err error) error {
	fields := errs.Fields{}
	var special error
	walk(err, func(e error) {
		var request *openapi3filter.RequestError
		if !errors.As(e, &request) {
			fields.Add("request", "is not valid")
			return
		}
		var parse *openapi3filter.ParseError
		if request.Parameter != nil {
			name := request.Parameter.Name
			if schemaErrors(request.Err, name, fields) == 0 {
				fields.Add(name, reason(request))
			}
			return
		}
		switch {
		case strings.Contains(request.Reason, "Content-Type"):
			special = errs.New(errs.Unsupported, "", "The body has a media type that this address does not take.").Wrap(e)
		case errors.As(request.Err, &parse) && parse.Kind == openapi3filter.KindUnsupportedFormat:
			special = errs.New(errs.Unsupported, "", "The body has a media type that this address does not take.").Wrap(e)
		case errors.As(request.Err, &parse):
			special = errs.BadRequestf("The body is not what its media type says.").Wrap(e)
		case schemaErrors(request.Err, "", fields) == 0:
			fields.Add("body", reason(request))
		}
	})
	if special != nil {
		return special
	}
	return fields.Err()
}

// schemaErrors adds every schema finding under err and says how many there were.
func schemaErrors(err error, prefix string, fields errs.Fields) int {
	n := 0
	walk(err, func(e error) {
		var schema *openapi3.SchemaError
		if !errors.As(e, &schema) {
			return
		}
		name := strings.Join(schema.JSONPointer(), ".")
		switch {
		case name == "" && prefix == "":
			name = "body"
		case prefix != "":
			name = strings.TrimSuffix(prefix+"."+name, ".")
		}
		fields.Add(name, schema.Reason)
		n++
	})
	return n
}

// walk visits the leaves of nested multi-errors.
func walk(err error, visit func(error)) {
	var many openapi3.MultiError
	if errors.As(err, &many) {
		// a RequestError wraps the MultiError of its schema: that one is a leaf here
		var request *openapi3filter.RequestError
		if !errors.As(err, &request) || isMulti(err) {
			for _, e := range many {
				walk(e, visit)
			}
			return
		}
	}
	if err != nil {
		visit(err)
	}
}

func isMulti(err error) bool {
	_, ok := err.(openapi3.MultiError) //nolint:errorlint // the outermost type is the question
	return ok
}

func reason(e *openapi3filter.RequestError) string {
	var parse *openapi3filter.ParseError
	if errors.As(e.Err, &parse) && parse.Reason != "" {
		return parse.Reason
	}
	if e.Reason != "" {
		return e.Reason
	}
	if errors.Is(e.Err, openapi3filter.ErrInvalidRequired) {
		return "is required"
	}
	return "is not valid"
}

// kin-openapi keeps format validators in a process-wide table and leaves uuid
// and email unchecked; a value it let through would fail in the generated code
// instead.
var defineFormats = sync.OnceFunc(func() {
	openapi3.DefineStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(contract.UUIDPattern))
	openapi3.DefineStringFormatValidator("email", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForEmail))
})
