// Package contract tries every operation of every spec with requests that are wrong in every way the spec makes
// possible: bodies that are no JSON, types that do not fit, values past their bounds, strings no database stores, missing
// and foreign headers, wrong methods, paths that almost match. Whatever comes, a service must answer with something its
// spec describes, and a failure must come in the envelope; never a 5xx.
//
// Requests makes them, Judge looks at the answers. The tests send them to the real services.
package contract

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	decided "go.updspace.com/api/contract"
)

// Operation is one operation of a spec with all that is known about it.
type Operation struct {
	ID     string
	Method string
	Path   string // the template
	Item   *openapi3.PathItem
	Spec   *openapi3.Operation
	// Signed operations want a signed context. The gateway's want a browser's session instead.
	Signed bool
}

// Operations lists the operations of a spec, sorted by id.
func Operations(spec *openapi3.T, decisions decided.Set) []Operation {
	var operations []Operation
	for path, item := range spec.Paths.Map() {
		for method, op := range item.Operations() {
			operations = append(operations, Operation{
				ID: op.OperationID, Method: method, Path: path, Item: item, Spec: op,
				Signed: decisions[op.OperationID].NeedsSignature(),
			})
		}
	}
	slices.SortFunc(operations, func(a, b Operation) int { return cmp.Compare(a.ID, b.ID) })
	return operations
}

// Request is one request to send.
type Request struct {
	Name   string // what is wrong with it
	Method string
	Path   string // escaped
	Query  string // raw
	Header http.Header
	Body   []byte

	// Elsewhere marks a request that does not reach the operation: another method, another path.
	Elsewhere bool
	// Tamper changes the headers after signing, so that the signature no longer holds.
	Tamper func(http.Header)
	// Refused marks a request that must not succeed, whatever the spec says about it.
	Refused bool
}

// with returns a copy that can be changed without changing the original.
func (r Request) with(name string, change func(*Request)) Request {
	r.Name = name
	r.Header = r.Header.Clone()
	change(&r)
	return r
}

// Requests makes the requests for one operation. values gives things that exist by the names of the path parameters and
// body fields that refer to them, so that a request gets past "not found"; what it does not name is made up.
func Requests(op Operation, values map[string]string) []Request {
	valid := Valid(op, values)
	return slices.Concat(
		[]Request{valid},
		wrongMethods(op, valid),
		wrongPaths(op, valid, values),
		wrongQueries(op, valid),
		wrongHeaders(op, valid),
		wrongSignatures(op, valid),
		wrongBodies(op, valid, values),
	)
}

// Valid makes a request that the spec allows.
func Valid(op Operation, values map[string]string) Request {
	r := Request{Name: "valid", Method: op.Method, Header: http.Header{"Accept": {"application/json"}}}
	r.Path = fillPath(op, values)
	query := url.Values{}
	for _, p := range parameters(op) {
		if !p.Required {
			continue
		}
		switch p.In {
		case openapi3.ParameterInQuery:
			query.Set(p.Name, plain(example(p)))
		case openapi3.ParameterInHeader:
			r.Header.Set(p.Name, plain(example(p)))
		case openapi3.ParameterInCookie:
			r.Header.Set("Cookie", (&http.Cookie{Name: p.Name, Value: plain(example(p))}).String())
		}
	}
	r.Query = query.Encode()
	if bodies := requestBodies(op, values); len(bodies) > 0 {
		r.Header.Set("Content-Type", bodies[0].mediaType)
		r.Body = encode(bodies[0].mediaType, bodies[0].value)
	}
	return r
}

// parameters are those of the path item and of the operation, which go first.
func parameters(op Operation) []*openapi3.Parameter {
	var all []*openapi3.Parameter
	for _, ref := range slices.Concat(op.Spec.Parameters, op.Item.Parameters) {
		known := func(p *openapi3.Parameter) bool { return p.Name == ref.Value.Name && p.In == ref.Value.In }
		if !slices.ContainsFunc(all, known) {
			all = append(all, ref.Value)
		}
	}
	return all
}

func fillPath(op Operation, values map[string]string) string {
	path := op.Path
	for _, p := range parameters(op) {
		if p.In != openapi3.ParameterInPath {
			continue
		}
		value, ok := values[p.Name]
		if !ok {
			value = plain(example(p))
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(value))
	}
	return path
}
