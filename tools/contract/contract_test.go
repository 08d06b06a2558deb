package contract

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	decided "go.updspace.com/api/contract"
	"go.updspace.com/libs/reqctx"
)

func toy(t *testing.T) (*openapi3.T, map[string]Operation) {
	t.Helper()
	spec, err := openapi3.NewLoader().LoadFromFile("testdata/toy.yaml")
	require.NoError(t, err)
	operations := map[string]Operation{}
	for _, op := range Operations(spec, decided.Set{"listThings": {Public: true}}) {
		operations[op.ID] = op
	}
	return spec, operations
}

func TestEveryOperationIsTriedInManyWays(t *testing.T) {
	_, operations := toy(t)
	for id, op := range operations {
		requests := Requests(op, nil)
		require.GreaterOrEqual(t, len(requests), 50, id)
		names := map[string]bool{}
		for _, r := range requests {
			require.False(t, names[r.Name], "%s: %q twice", id, r.Name)
			names[r.Name] = true
		}
		require.Len(t, Requests(op, nil), len(requests), "the same every time")
	}
}

func TestTheValidRequestIsValid(t *testing.T) {
	_, operations := toy(t)
	valid := Valid(operations["putThing"], map[string]string{"thing_id": "11111111-1111-4111-8111-111111111111"})
	require.Equal(t, "/api/v1/toy/things/11111111-1111-4111-8111-111111111111", valid.Path)
	require.JSONEq(t, `{"title":"A thing","owner":{"id":"01890a5d-ac96-774b-bcce-b302099a8057"},"tags":["one"]}`, string(valid.Body))
	form := Valid(operations["issueToken"], nil)
	require.Equal(t, "application/x-www-form-urlencoded", form.Header.Get("Content-Type"))
	require.Equal(t, "grant_type=client_credentials", string(form.Body))
}

func TestRequestsReachEveryPartOfTheSpec(t *testing.T) {
	_, operations := toy(t)
	names := func(id string) []string {
		var all []string
		for _, r := range Requests(operations[id], nil) {
			all = append(all, r.Name)
		}
		return all
	}
	put := names("putThing")
	for _, want := range []string{
		"method GET", "path with an escaped slash", "path thing_id a NUL", "path thing_id uuid x", "header with a foreign origin", "signature without X-Updspace-Signature",
		"body empty", "body deep arrays", "body too large", "content type text/plain", "content type left out",
		"body title left out", "body title twice", "body title null", "body title half a surrogate pair", "body title a character too long", "body title NaN",
		"body at date-time yesterday", "body kind an object", "body owner.id a NUL", "body tags ten thousand nulls", "body tags.0 zero",
	} {
		require.Contains(t, put, want)
	}
	require.Contains(t, names("listThings"), "query limit number 9223372036854775808")
	require.Contains(t, names("issueToken"), "form grant_type left out")
}

func TestOnlyTheValueUnderTestChanges(t *testing.T) {
	_, operations := toy(t)
	for _, r := range Requests(operations["putThing"], nil) {
		switch r.Name {
		case "body owner.id null":
			require.JSONEq(t, `{"title":"A thing","owner":{"id":null},"tags":["one"]}`, string(r.Body))
		case "body owner.id left out":
			require.JSONEq(t, `{"title":"A thing","owner":{},"tags":["one"]}`, string(r.Body))
		case "body at zero": // not in the example
			require.JSONEq(t, `{"title":"A thing","at":0,"owner":{"id":"01890a5d-ac96-774b-bcce-b302099a8057"},"tags":["one"]}`, string(r.Body))
		case "body title NaN":
			require.Contains(t, string(r.Body), `"title":NaN`)
		case "method GET", "path in capitals":
			require.True(t, r.Elsewhere, r.Name)
		}
	}
}

func TestSignaturesAreExpectedWhereTheSpecWantsThem(t *testing.T) {
	_, operations := toy(t)
	refused := func(id string) (n int) {
		for _, r := range Requests(operations[id], nil) {
			if r.Tamper != nil && r.Refused {
				n++
			}
		}
		return n
	}
	require.Positive(t, refused("putThing"))
	require.Zero(t, refused("listThings"), "it is public")
}

// Every way of answering wrongly that the judge exists for, in a server that does it.
func TestJudge(t *testing.T) {
	spec, operations := toy(t)
	good := `{"error":{"code":"NOPE","message":"No.","details":{},"request_id":"r"}}`
	for _, c := range []struct {
		name, operation string
		request         Request
		status          int
		contentType     string
		body            string
		want            string // empty: nothing to complain about
	}{
		{"fine", "putThing", Request{}, 200, "application/json", `{"ok":true}`, ""},
		{"refused", "putThing", Request{}, 422, "application/json", good, ""},
		{"refused with a code of the kit", "putThing", Request{}, 422, "application/json", strings.Replace(good, "NOPE", "VALIDATION_ERROR", 1), ""},
		{"refused with a code that the operation does not list", "putThing", Request{}, 422, "application/json", strings.Replace(good, "NOPE", "NEVER", 1), "does not list the code NEVER"},
		{"a crash", "putThing", Request{}, 500, "application/json", good, "must never cause"},
		{"unavailable", "putThing", Request{}, 503, "application/json", good, "must never cause"},
		{"text", "putThing", Request{}, 404, "text/plain", "404 page not found", "not the envelope"},
		{"HTML", "putThing", Request{}, 400, "text/html", "<h1>Bad Request</h1>", "not the envelope"},
		{"JSON of another shape", "putThing", Request{}, 400, "application/json", `{"detail":"no"}`, "no error in it"},
		{"details null", "putThing", Request{}, 400, "application/json", strings.Replace(good, "{},", "null,", 1), "details"},
		{"no code", "putThing", Request{}, 400, "application/json", strings.Replace(good, "NOPE", "", 1), "code"},
		{"no message", "putThing", Request{}, 400, "application/json", strings.Replace(good, "No.", "", 1), "message"},
		{"another request id", "putThing", Request{}, 400, "application/json", strings.Replace(good, `"r"`, `"other"`, 1), "request id"},
		{"half a body", "putThing", Request{}, 400, "application/json", good[:20], "not the envelope"},
		{"accepted what must be refused", "putThing", Request{Refused: true}, 200, "application/json", `{"ok":true}`, "must be refused"},
		{"an answer of the wrong type", "putThing", Request{}, 200, "application/json", `{"ok":"yes"}`, "ok"},
		{"an answer with a part missing", "putThing", Request{}, 200, "application/json", `{}`, "ok"},
		{"an undocumented success", "issueToken", Request{}, 202, "application/json", `{"ok":true}`, "does not know"},
		{"an undocumented failure", "issueToken", Request{}, 404, "application/json", good, "status is not supported"},
		{"OAuth's own form", "issueToken", Request{}, 400, "application/json", `{"error":"invalid_grant"}`, ""},
		{"OAuth's own form where the spec does not have it", "putThing", Request{}, 400, "application/json", `{"error":"invalid_grant"}`, "not the envelope"},
		{"wrong method in the envelope", "issueToken", Request{Elsewhere: true}, 405, "application/json", good, ""},
		{"wrong method as text", "issueToken", Request{Elsewhere: true}, 405, "text/plain", "Method Not Allowed", "not the envelope"},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := Answer{c.status, http.Header{"Content-Type": {c.contentType}, "X-Request-Id": {"r"}}, []byte(c.body)}
			err := Judge(t.Context(), spec, operations[c.operation], c.request, answer)
			if c.want == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, c.want)
			}
		})
	}
}

// A request arrives as it was made: path, query, body and headers untouched, the signature put on before tampering.
func TestSendMendsNothing(t *testing.T) {
	var got *http.Request
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got = r
		w.WriteHeader(http.StatusFound)
	}))
	defer server.Close()
	target := Target{URL: server.URL, Client: NewClient(1), Sign: func(r *http.Request, _ reqctx.Context, _ []byte) {
		r.Header.Set("X-Signed", r.URL.EscapedPath())
	}}
	defer target.Client.CloseIdleConnections()
	answer, err := target.Send(context.WithoutCancel(t.Context()), Request{
		Method: "PROPFIND", Path: "/a%2Fb/../%00/", Query: "x=%zz;y", Header: http.Header{"X-Odd": {"\xff"}},
		Tamper: func(h http.Header) { h.Set("X-Tampered", h.Get("X-Signed")) },
	}, reqctx.Context{})
	require.NoError(t, err)
	require.Equal(t, http.StatusFound, answer.Status)
	require.Equal(t, "PROPFIND", got.Method)
	require.Equal(t, "/a%2Fb/../%00/?x=%zz;y", got.RequestURI)
	require.Equal(t, "\xff", got.Header.Get("X-Odd"))
	require.Equal(t, "/a%2Fb/../%00/", got.Header.Get("X-Tampered"))
}

func TestSamplesFitTheirSchemas(t *testing.T) {
	spec, operations := toy(t)
	for _, id := range slices.Sorted(maps.Keys(operations)) {
		op := operations[id]
		if op.Spec.RequestBody == nil {
			continue
		}
		for mediaType, media := range op.Spec.RequestBody.Value.Content {
			encoded := encode("application/json", sample(media.Schema))
			var value any
			require.NoError(t, json.Unmarshal(encoded, &value))
			require.NoError(t, media.Schema.Value.VisitJSON(value), "%s %s: %s", id, mediaType, encoded)
		}
	}
	require.NotNil(t, spec)
}
