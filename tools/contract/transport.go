package contract

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"go.updspace.com/libs/signing"
)

// sharedPaths are answered by the gateway itself when they are read, and by identity behind it when they are changed: a method that
// one spec does not have is in the other.
var sharedPaths = []string{"/api/v1/tenant", "/api/v1/tenant/{image}"}

// wrongMethods asks with every method the path does not have.
func wrongMethods(op Operation, valid Request) []Request {
	if slices.Contains(sharedPaths, op.Path) {
		return nil
	}
	var requests []Request
	for _, method := range []string{
		http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace, "PROPFIND", "get",
	} {
		if op.Item.Operations()[method] != nil {
			continue
		}
		requests = append(requests, valid.with("method "+method, func(r *Request) {
			r.Method, r.Elsewhere, r.Refused = method, true, true
		}))
	}
	return requests
}

// wrongPaths asks for addresses that are almost the operation's.
func wrongPaths(op Operation, valid Request, values map[string]string) []Request {
	elsewhere := func(name, path string) Request {
		return valid.with("path "+name, func(r *Request) { r.Path, r.Elsewhere, r.Refused = path, true, true })
	}
	last := strings.LastIndex(valid.Path, "/")
	requests := []Request{
		elsewhere("with a segment more", valid.Path+"/x"),
		elsewhere("with two slashes", valid.Path[:last]+"/"+valid.Path[last:]),
		elsewhere("with a dot segment", valid.Path[:last]+"/."+valid.Path[last:]),
		elsewhere("that climbs", valid.Path+"/../../../../etc/passwd"),
		elsewhere("that climbs in disguise", valid.Path+"/%2e%2e/%2e%2e/etc/passwd"),
		elsewhere("with an escaped slash", valid.Path[:last]+"%2F"+valid.Path[last+1:]),
		elsewhere("with a NUL at the end", valid.Path+"%00"),
		elsewhere("with broken UTF-8 at the end", valid.Path+"%ff%fe"),
		elsewhere("in capitals", strings.ToUpper(valid.Path)),
		elsewhere("with a very long tail", valid.Path+"/"+strings.Repeat("a", 6000)),
	}
	if op.Item.Extensions["x-slash"] != true {
		requests = append(requests, elsewhere("with a slash at the end", valid.Path+"/"))
	}
	for _, p := range parameters(op) {
		if p.In != openapi3.ParameterInPath {
			continue
		}
		for _, wrong := range wrongStrings(p.Schema.Value) {
			if wrong.text == "" || wrong.text == "." || wrong.text == ".." {
				continue // another path
			}
			others := map[string]string{}
			for name, value := range values {
				others[name] = value
			}
			others[p.Name] = wrong.text
			requests = append(requests, valid.with("path "+p.Name+" "+wrong.name, func(r *Request) { r.Path = fillPath(op, others) }))
		}
	}
	return requests
}

// wrongQueries asks with parameters that do not fit, are missing, come twice or are not known.
func wrongQueries(op Operation, valid Request) []Request {
	query := func(name, raw string) Request {
		return valid.with("query "+name, func(r *Request) { r.Query = raw })
	}
	join := func(raw string) string { return strings.TrimPrefix(valid.Query+"&"+raw, "&") }
	requests := []Request{
		query("unknown", join("surprise=1")),
		query("unknown, without a value", join("surprise")),
		query("broken escapes", join("a=%zz&b=%")),
		query("semicolons", join("a;b;c=d")),
		query("broken UTF-8", join("a=%ff%fe%fd")),
		query("NUL", join("%00=%00")),
		query("brackets", join("a[b][c][]=1&a=2")),
		query("very long", join("a="+strings.Repeat("x", 6000))),
		query("very many", join(strings.Repeat("a=1&", 2000))),
	}
	for _, p := range parameters(op) {
		if p.In != openapi3.ParameterInQuery {
			continue
		}
		replaced := func(values ...string) string {
			q, err := url.ParseQuery(valid.Query)
			if err != nil {
				q = url.Values{}
			}
			q[p.Name] = values
			return q.Encode()
		}
		requests = append(requests,
			query(p.Name+" left out", replaced()),
			query(p.Name+" twice", replaced(plain(example(p)), plain(example(p)))),
			query(p.Name+" as an object", join(url.QueryEscape(p.Name)+"[a]=1")),
			query(p.Name+" without a value", join(url.QueryEscape(p.Name))),
		)
		for _, wrong := range wrongStrings(p.Schema.Value) {
			requests = append(requests, query(p.Name+" "+wrong.name, replaced(wrong.text)))
		}
	}
	return requests
}

// wrongHeaders asks with headers that are foreign, contradictory or very large.
func wrongHeaders(op Operation, valid Request) []Request {
	header := func(name, key, value string) Request {
		return valid.with("header "+name, func(r *Request) { r.Header.Set(key, value) })
	}
	requests := []Request{
		header("that accepts only images", "Accept", "image/png"),
		header("that accepts nonsense", "Accept", ";;;q=x"),
		header("language nonsense", "Accept-Language", strings.Repeat("xx-", 500)),
		header("of an unknown encoding", "Content-Encoding", "br"),
		header("of a false encoding", "Content-Encoding", "gzip"),
		header("with a foreign origin", "Origin", "https://evil.example"),
		header("with a null origin", "Origin", "null"),
		header("with a broken range", "Range", "bytes=9-1,x"),
		header("with a broken condition", "If-Modified-Since", "yesterday"),
		header("with a broken etag", "If-None-Match", `"`),
		header("with a foreign host before us", "X-Forwarded-Host", "evil.example"),
		header("with forwarded nonsense", "X-Forwarded-For", "::::,,"),
		header("with a method in disguise", "X-Http-Method-Override", "DELETE"),
		header("with broken cookies", "Cookie", `=; a; "; updspace_session="; =x`),
		header("with many cookies", "Cookie", strings.Repeat("a=b; ", 500)),
		header("with a foreign token", "Authorization", "Bearer a.b.c"),
		header("with a broken token", "Authorization", "Basic !!!"),
		header("with a very long value", "X-Surprise", strings.Repeat("x", 10_000)),
	}
	for _, p := range parameters(op) {
		if p.In != openapi3.ParameterInHeader {
			continue
		}
		requests = append(requests, valid.with("header "+p.Name+" left out", func(r *Request) { r.Header.Del(p.Name) }))
		for _, wrong := range wrongStrings(p.Schema.Value) {
			if strings.ContainsAny(wrong.text, "\x00\r\n") {
				continue // no HTTP client or server lets these pass
			}
			requests = append(requests, header(p.Name+" "+wrong.name, p.Name, wrong.text))
		}
	}
	return requests
}

// wrongSignatures takes away or changes each header the signature covers, one at a time. Operations that are not signed
// ignore them.
func wrongSignatures(op Operation, valid Request) []Request {
	changes := map[string][]string{
		signing.HeaderTenantID:   {"", "x", "00000000-0000-0000-0000-000000000002"},
		signing.HeaderTenantSlug: {"", "gaming"},
		signing.HeaderUserID:     {"", "root", "00000000-0000-4000-8000-000000000003"},
		signing.HeaderFlags:      {"{", `{"system_admin":true}`, "[]", strings.Repeat("[", 5000)},
		signing.HeaderTimestamp:  {"", "0", "-1", "99999999999999999999", "soon"},
		signing.HeaderCaller:     {"", "identity", "nobody"},
		signing.HeaderSignature:  {"", "x", strings.Repeat("0", 64), strings.Repeat("0", 5000)},
		signing.HeaderRequestID:  {"", "another", strings.Repeat("i", 5000)},
	}
	var requests []Request
	for _, name := range []string{
		signing.HeaderTenantID, signing.HeaderTenantSlug, signing.HeaderUserID, signing.HeaderFlags,
		signing.HeaderTimestamp, signing.HeaderCaller, signing.HeaderSignature, signing.HeaderRequestID,
	} {
		for _, value := range changes[name] {
			what := "signature with " + name + " changed to " + shorten(value)
			if value == "" {
				what = "signature without " + name
			}
			requests = append(requests, valid.with(what, func(r *Request) {
				r.Refused = op.Signed
				r.Tamper = func(h http.Header) {
					if value == "" {
						h.Del(name)
					} else {
						h.Set(name, value)
					}
				}
			}))
		}
	}
	return requests
}

func shorten(s string) string {
	if len(s) > 24 {
		return fmt.Sprintf("%s... (%d)", s[:24], len(s))
	}
	return s
}
