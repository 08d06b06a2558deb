package httpx_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

const document = `
openapi: 3.0.3
info: {title: toy, version: "1"}
paths:
  /toys/{toy_id}:
    get:
      operationId: getToy
      parameters:
        - {name: toy_id, in: path, required: true, schema: {type: string, format: uuid}}
        - {name: limit, in: query, schema: {type: integer, minimum: 1, maximum: 100}}
      responses: {"200": {description: ok}}
  /toys:
    post:
      operationId: createToy
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [title, owner]
              properties:
                title: {type: string, minLength: 1, maxLength: 8}
                owner: {type: string, format: email}
                tags: {type: array, maxItems: 2, items: {type: string, maxLength: 3}}
      responses: {"201": {description: ok}}
  /open:
    get:
      operationId: open
      responses: {"200": {description: ok}}
  /job:
    post:
      operationId: job
      responses: {"204": {description: ok}}
`

var operations = contract.Set{
	"getToy":    {Method: "GET", Path: "/toys/{toy_id}", Permission: "toy.read"},
	"createToy": {Method: "POST", Path: "/toys", Authenticated: contract.AuthenticatedUser},
	"open":      {Method: "GET", Path: "/open", Public: true},
	"job":       {Method: "POST", Path: "/job", Authenticated: contract.AuthenticatedService},
}

type toy struct {
	server *httptest.Server
	log    *bytes.Buffer
	signer *signing.Signer
	seen   reqctx.Context
	handle http.HandlerFunc // answers GET /open
}

func start(t *testing.T, checks ...httpx.Check) *toy {
	t.Helper()
	keyring, err := signing.NewKeyring(signing.Config{Secret: strings.Repeat("s", 32)})
	require.NoError(t, err)
	s := &toy{log: &bytes.Buffer{}}
	s.signer, err = keyring.Signer("bff", "toy")
	require.NoError(t, err)
	spec, err := openapi3.NewLoader().LoadFromData([]byte(document))
	require.NoError(t, err)
	kit := httpx.New(httpx.Options{
		Logger:       slog.New(slog.NewJSONHandler(s.log, nil)),
		Authenticate: httpx.Signed(keyring.Verifier("toy")),
		Registerer:   prometheus.NewRegistry(),
		MaxBody:      256,
		Checks:       checks,
	})
	mux := http.NewServeMux()
	record := func(w http.ResponseWriter, r *http.Request) {
		s.seen = reqctx.From(r.Context())
		httpx.WriteJSON(w, http.StatusOK, map[string]string{"id": r.PathValue("toy_id")})
	}
	mux.HandleFunc("GET /toys/{toy_id}", record)
	mux.HandleFunc("POST /toys", record)
	mux.HandleFunc("POST /job", record)
	mux.HandleFunc("GET /open", func(w http.ResponseWriter, r *http.Request) { s.handle(w, r) })
	handler, err := kit.Handler(mux, spec, operations)
	require.NoError(t, err)
	s.server = httptest.NewServer(handler)
	t.Cleanup(s.server.Close)
	return s
}

var member = reqctx.Context{RequestID: "req-7", TenantID: uuid.New(), TenantSlug: "aef", UserID: uuid.New()}

// call sends a request, signed when rc is given, and returns the answer.
func (s *toy) call(t *testing.T, method, target, body string, rc *reqctx.Context, headers ...string) (int, http.Header, []byte) {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, s.server.URL+target, reader)
	require.NoError(t, err)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	if rc != nil {
		s.signer.Sign(r, *rc, []byte(body))
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Do(r)
	require.NoError(t, err)
	defer func() { require.NoError(t, resp.Body.Close()) }()
	b, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return resp.StatusCode, resp.Header, b
}

// refused asserts that the answer is the envelope and returns its error.
func refused(t *testing.T, status int, code string, gotStatus int, h http.Header, body []byte) httpx.EnvelopeError {
	t.Helper()
	require.Equal(t, status, gotStatus, string(body))
	require.Equal(t, "application/json; charset=utf-8", h.Get("Content-Type"))
	var e httpx.Envelope
	require.NoError(t, json.Unmarshal(body, &e), string(body))
	require.Equal(t, code, e.Error.Code)
	require.NotEmpty(t, e.Error.Message)
	require.NotNil(t, e.Error.Details)
	require.Equal(t, h.Get("X-Request-Id"), e.Error.RequestID)
	return e.Error
}

func TestEveryWrongRequestGetsTheEnvelope(t *testing.T) {
	s := start(t)
	toyPath := "/toys/" + uuid.NewString()
	noUser, noTenant := member, member
	noUser.UserID, noTenant.TenantID = uuid.Nil, uuid.Nil
	for name, c := range map[string]struct {
		method, target, body string
		rc                   *reqctx.Context
		headers              []string
		status               int
		code                 string
		fields               []string
	}{
		"unknown path":          {"GET", "/nothing", "", &member, nil, 404, "NOT_FOUND", nil},
		"wrong method":          {"DELETE", "/toys", "", &member, nil, 405, "METHOD_NOT_ALLOWED", nil},
		"double slash":          {"POST", "//toys", "{}", &member, nil, 404, "NOT_FOUND", nil},
		"dot segment":           {"GET", "/x/../open", "", nil, nil, 404, "NOT_FOUND", nil},
		"unsigned":              {"GET", toyPath, "", nil, nil, 401, "UNAUTHORIZED", nil},
		"unsigned and invalid":  {"POST", "/toys", "{", nil, nil, 401, "UNAUTHORIZED", nil},
		"no user":               {"GET", toyPath, "", &noUser, nil, 401, "UNAUTHORIZED", nil},
		"no tenant":             {"GET", toyPath, "", &noTenant, nil, 400, "MISSING_TENANT_CONTEXT", nil},
		"bad path parameter":    {"GET", "/toys/7", "", &member, nil, 422, "VALIDATION_ERROR", []string{"toy_id"}},
		"bad query":             {"GET", toyPath + "?limit=1000", "", &member, nil, 422, "VALIDATION_ERROR", []string{"limit"}},
		"query of wrong type":   {"GET", toyPath + "?limit=many", "", &member, nil, 422, "VALIDATION_ERROR", []string{"limit"}},
		"NUL in the query":      {"GET", toyPath + "?limit=1&q=a%00b", "", &member, nil, 422, "VALIDATION_ERROR", []string{"q"}},
		"query that is no text": {"GET", toyPath + "?q=%ff", "", &member, nil, 422, "VALIDATION_ERROR", []string{"q"}},
		"broken query":          {"GET", toyPath + "?q=%zz", "", &member, nil, 400, "BAD_REQUEST", nil},
		"NUL in the path":       {"GET", "/toys/a%00b", "", &member, nil, 404, "NOT_FOUND", nil},
		"no body":               {"POST", "/toys", "", &member, nil, 422, "VALIDATION_ERROR", []string{"body"}},
		"missing fields":        {"POST", "/toys", "{}", &member, nil, 422, "VALIDATION_ERROR", []string{"owner", "title"}},
		"every wrong field":     {"POST", "/toys", `{"title":"","owner":"x","tags":["long-one"]}`, &member, nil, 422, "VALIDATION_ERROR", []string{"owner", "tags.0", "title"}},
		"not JSON":              {"POST", "/toys", "{", &member, nil, 400, "BAD_REQUEST", nil},
		"body of wrong type":    {"POST", "/toys", "[]", &member, nil, 422, "VALIDATION_ERROR", []string{"body"}},
		"foreign media type":    {"POST", "/toys", "a=b", &member, []string{"Content-Type", "text/plain"}, 415, "UNSUPPORTED_MEDIA_TYPE", nil},
		"too large":             {"POST", "/toys", `{"title":"` + strings.Repeat("x", 300) + `"}`, &member, nil, 413, "PAYLOAD_TOO_LARGE", nil},
	} {
		t.Run(name, func(t *testing.T) {
			status, h, body := s.call(t, c.method, c.target, c.body, c.rc, c.headers...)
			e := refused(t, c.status, c.code, status, h, body)
			fields, _ := e.Details["fields"].(map[string]any)
			require.Len(t, fields, len(c.fields), "%v", fields)
			for _, name := range c.fields {
				require.Contains(t, fields, name)
			}
			reasons, _ := e.Details["reasons"].([]any)
			require.Len(t, reasons, len(c.fields))
			for i, reason := range reasons {
				require.Equal(t, c.fields[i], reason.(map[string]any)["field"], "in the order of the names")
			}
			if c.status == http.StatusMethodNotAllowed {
				require.Equal(t, "POST", h.Get("Allow"))
			}
		})
	}
}

func TestTheSchemaErrorsHaveCodes(t *testing.T) {
	min, max, two := 1.0, 9.0, uint64(2)
	list := &openapi3.Schema{Type: &openapi3.Types{"array"}, MinItems: 1, MaxItems: &two, UniqueItems: true, Items: openapi3.NewStringSchema().NewRef()}
	object := &openapi3.Schema{
		Type: &openapi3.Types{"object"}, Required: []string{"a"}, AdditionalProperties: openapi3.AdditionalProperties{Has: new(bool)},
		Properties: openapi3.Schemas{"a": openapi3.NewStringSchema().NewRef()},
	}
	for _, c := range []struct {
		schema *openapi3.Schema
		value  any
		want   string
	}{
		{object, map[string]any{}, `REQUIRED {}`},
		{object, map[string]any{"a": nil}, `REQUIRED {}`},
		{object, map[string]any{"a": "x", "c": 1, "b": 2}, `UNKNOWN_FIELD {"name":"b"}`},
		{object, "x", `WRONG_TYPE {}`},
		{openapi3.NewStringSchema().WithMinLength(1), "", `REQUIRED {}`},
		{openapi3.NewStringSchema().WithMinLength(2), "a", `TOO_SHORT {"min":2}`},
		{openapi3.NewStringSchema().WithMaxLength(2), "abc", `TOO_LONG {"max":2}`},
		{list, []any{}, `TOO_FEW {"min":1}`},
		{list, []any{"a", "b", "c"}, `TOO_MANY {"max":2}`},
		{list, []any{"a", "a"}, `DUPLICATE {}`},
		{&openapi3.Schema{Type: &openapi3.Types{"integer"}, Min: &min, Max: &max}, 10.0, `OUT_OF_RANGE {"max":9,"min":1}`},
		{&openapi3.Schema{Type: &openapi3.Types{"integer"}, Min: &min}, 0.0, `OUT_OF_RANGE {"min":1}`},
		{&openapi3.Schema{Type: &openapi3.Types{"integer"}, Max: &max}, 10.0, `OUT_OF_RANGE {"max":9}`},
		{openapi3.NewStringSchema().WithEnum("a"), "b", `NOT_ALLOWED {}`},
		{openapi3.NewStringSchema().WithPattern("^a$"), "b", `INVALID_FORMAT {}`},
		{openapi3.NewStringSchema().WithFormat("date-time"), "b", `INVALID_FORMAT {"format":"date-time"}`},
		{&openapi3.Schema{OneOf: openapi3.SchemaRefs{openapi3.NewStringSchema().NewRef()}}, 1.0, `INVALID_FORMAT {}`},
	} {
		var refused *openapi3.SchemaError
		err := c.schema.VisitJSON(c.value, openapi3.MultiErrors())
		require.ErrorAs(t, err, &refused)
		reason := httpx.SchemaReason(refused)
		params, err := json.Marshal(reason.Params())
		require.NoError(t, err)
		require.Equal(t, c.want, string(reason.Code())+" "+string(params))
		if refused.SchemaField != "pattern" && refused.SchemaField != "format" {
			require.Equal(t, refused.Reason, reason.String())
		}
	}
}

// What a text must look like is said in words: a regular expression is none.
func TestFormsAreSaidInWords(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		schema *openapi3.Schema
		want   string
	}{
		{openapi3.NewStringSchema().WithFormat("date-time"), "must be a date and time of RFC 3339, such as 2026-01-02T15:04:05Z"},
		{openapi3.NewStringSchema().WithFormat("date"), "must be a date such as 2026-01-02"},
		{openapi3.NewStringSchema().WithFormat("uuid"), "must be a UUID such as 01890a5d-ac96-774b-bcce-b302099a8057"},
		{openapi3.NewStringSchema().WithFormat("email"), "must be an e-mail address such as ann@example.com"},
		{openapi3.NewStringSchema().WithFormat("toy"), "must have the format toy"},
		{openapi3.NewStringSchema().WithPattern("^a$"), "does not have the form that its description asks for"},
	} {
		require.Equal(t, c.want, httpx.SchemaReason(&openapi3.SchemaError{Schema: c.schema, SchemaField: fieldOf(c.schema)}).String())
	}
	for format, value := range map[string]any{"date-time": "nonsense", "date": "nonsense", "uuid": "nonsense", "email": "nonsense", "int32": 1e10} {
		schema := openapi3.NewStringSchema().WithFormat(format)
		if format == "int32" {
			schema = openapi3.NewIntegerSchema().WithFormat(format)
		}
		var refused *openapi3.SchemaError
		require.ErrorAs(t, schema.VisitJSON(value), &refused, format)
		require.Contains(t, httpx.SchemaReason(refused).String(), "must be ", format)
	}
}

func fieldOf(s *openapi3.Schema) string {
	if s.Pattern != "" {
		return "pattern"
	}
	return "format"
}

func TestASignedRequestReachesTheHandlerWithItsContext(t *testing.T) {
	s := start(t)
	id := uuid.NewString()
	status, h, body := s.call(t, "GET", "/toys/"+id+"?limit=5", "", &member)
	require.Equal(t, http.StatusOK, status, string(body))
	require.JSONEq(t, `{"id":"`+id+`"}`, string(body))
	require.Equal(t, "req-7", h.Get("X-Request-Id"))
	require.Equal(t, member.UserID, s.seen.UserID)
	require.Equal(t, "bff", s.seen.Caller)
	require.Equal(t, "getToy", s.seen.Operation)

	status, _, body = s.call(t, "GET", "/toys/00000000-0000-0000-0000-000000000001", "", &member)
	require.Equal(t, http.StatusOK, status, "a UUID of no version is one: %s", body)

	status, _, _ = s.call(t, "POST", "/job", "", &reqctx.Context{RequestID: "r"})
	require.Equal(t, http.StatusOK, status, "a service operation needs neither tenant nor user")
}

func TestErrorsOfHandlers(t *testing.T) {
	s := start(t)
	for name, c := range map[string]struct {
		err    error
		status int
		code   string
	}{
		"own code": {errs.New(errs.Conflict, "ALREADY_VOTED", "You have already voted."), 409, "ALREADY_VOTED"},
		"deadline": {context.DeadlineExceeded, 504, "TIMEOUT"},
		"unknown":  {errors.New("dsn=secret"), 500, "INTERNAL_ERROR"},
	} {
		t.Run(name, func(t *testing.T) {
			s.handle = func(w http.ResponseWriter, r *http.Request) { httpx.WriteError(w, r, c.err) }
			status, h, body := s.call(t, "GET", "/open", "", nil)
			refused(t, c.status, c.code, status, h, body)
			require.NotContains(t, string(body), "secret")
		})
	}
	require.Equal(t, 1, strings.Count(s.log.String(), "dsn=secret"), "the cause is logged once")

	s.handle = func(w http.ResponseWriter, r *http.Request) {
		httpx.WriteError(w, r, errs.New(errs.Unavailable, "", "The service cannot reach its data right now."))
	}
	_, h, _ := s.call(t, "GET", "/open", "", nil)
	require.Equal(t, "1", h.Get("Retry-After"))
}

func TestRateLimitSaysWhenToReturn(t *testing.T) {
	s := start(t)
	s.handle = func(w http.ResponseWriter, r *http.Request) {
		httpx.WriteError(w, r, errs.New(errs.RateLimited, "", "Too many.").WithRetryAfter(1500*time.Millisecond).WithDetails(map[string]any{"limit": 10, "window": 60}))
	}
	status, h, body := s.call(t, "GET", "/open", "", nil)
	require.Equal(t, http.StatusTooManyRequests, status)
	require.Equal(t, "2", h.Get("Retry-After"))
	var e httpx.Envelope
	require.NoError(t, json.Unmarshal(body, &e))
	require.Equal(t, 2, e.RetryAfter)
	require.InDelta(t, 10, e.Limit, 0)
	require.InDelta(t, 60, e.Window, 0)
}

func TestPanics(t *testing.T) {
	s := start(t)
	s.handle = func(http.ResponseWriter, *http.Request) { panic("secret state") }
	status, h, body := s.call(t, "GET", "/open", "", nil)
	refused(t, 500, "INTERNAL_ERROR", status, h, body)
	require.NotContains(t, string(body), "secret")
	require.Contains(t, s.log.String(), "api_test.go", "the stack is in the log")

	// Once the answer has begun only a broken connection is honest.
	s.handle = func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		_ = http.NewResponseController(w).Flush()
		panic("late")
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.server.URL+"/open", nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	_, err = io.ReadAll(resp.Body)
	require.Error(t, err)
	require.NoError(t, resp.Body.Close())
}

func TestRequestIDIsBounded(t *testing.T) {
	s := start(t)
	s.handle = func(w http.ResponseWriter, r *http.Request) { httpx.WriteJSON(w, 200, httpx.RequestID(r.Context())) }
	for given, kept := range map[string]bool{
		"req_1700000000000_ab12": true, uuid.NewString(): true,
		"": false, strings.Repeat("a", 129): false, "a b": false, `{"x":1}`: false, "é": false,
	} {
		_, h, _ := s.call(t, "GET", "/open", "", nil, "X-Request-Id", given)
		require.Equal(t, kept, h.Get("X-Request-Id") == given, given)
		require.NotEmpty(t, h.Get("X-Request-Id"))
	}
}

func TestHealth(t *testing.T) {
	broken := errors.New("host db-1 is down")
	s := start(t, httpx.Check{Name: "database", Probe: func(context.Context) error { return broken }})
	status, _, body := s.call(t, "GET", "/health/ready", "", nil)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.JSONEq(t, `{"status":"not_ready","checks":{"database":"unavailable"}}`, string(body))
	broken = nil
	status, _, _ = s.call(t, "GET", "/health/ready", "", nil)
	require.Equal(t, http.StatusOK, status)
	for _, path := range []string{"/health", "/health/live"} {
		status, _, body = s.call(t, "GET", path, "", nil)
		require.Equal(t, http.StatusOK, status)
		require.JSONEq(t, `{"status":"ok"}`, string(body))
	}
}

func TestHandlerRefusesAnUndecidedOperation(t *testing.T) {
	spec, err := openapi3.NewLoader().LoadFromData([]byte(document))
	require.NoError(t, err)
	kit := httpx.New(httpx.Options{})
	_, err = kit.Handler(http.NewServeMux(), spec, contract.Set{"open": operations["open"]})
	require.Error(t, err)
	more := contract.Set{"unknown": {}}
	for id, op := range operations {
		more[id] = op
	}
	_, err = kit.Handler(http.NewServeMux(), spec, more)
	require.Error(t, err)
}

// A path with x-slash is served in both forms; the other paths only in their own.
func TestPathsWithASlashAtTheEnd(t *testing.T) {
	load := func(document string) *openapi3.T {
		spec, err := openapi3.NewLoader().LoadFromData([]byte(document))
		require.NoError(t, err)
		return spec
	}
	const toys = `
openapi: 3.0.3
info: {title: toy, version: "1"}
paths:
  /toys:
    x-slash: true
    get: {operationId: toys, responses: {"200": {description: ok}}}
  /games:
    get: {operationId: games, responses: {"200": {description: ok}}}
`
	mux := http.NewServeMux()
	for _, path := range []string{"/toys", "/games"} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(r.URL.Path)) })
	}
	kit := httpx.New(httpx.Options{})
	handler, err := kit.Handler(mux, load(toys), contract.Set{"toys": {Public: true}, "games": {Public: true}})
	require.NoError(t, err)
	for path, want := range map[string]int{"/toys": 200, "/toys/": 200, "/toys/x": 404, "/games": 200, "/games/": 404} {
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
		require.Equal(t, want, answer.Code, path)
		if want == 200 {
			require.Equal(t, strings.TrimSuffix(path, "/"), answer.Body.String())
		}
	}
	const withParameter = `
openapi: 3.0.3
info: {title: toy, version: "1"}
paths:
  /toys/{toy_id}:
    x-slash: true
    parameters: [{name: toy_id, in: path, required: true, schema: {type: string}}]
    get: {operationId: toys, responses: {"200": {description: ok}}}
`
	_, err = kit.Handler(http.NewServeMux(), load(withParameter), contract.Set{"toys": {Public: true}})
	require.ErrorContains(t, err, "x-slash")
}

func TestTheLogHoldsNoQuery(t *testing.T) {
	s := start(t)
	s.handle = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	s.call(t, "GET", "/open?code=one-time", "", nil)
	require.Contains(t, s.log.String(), `"path":"/open"`)
	require.NotContains(t, s.log.String(), "one-time")
}

// A client that leaves is no failure of the service: of the log, or of what metrics are watched for.
func TestAClientThatLeavesIsNoFailure(t *testing.T) {
	s := start(t)
	s.handle = func(w http.ResponseWriter, r *http.Request) {
		httpx.WriteError(w, r, errs.New(errs.Timeout, "", "The service took too long.").Wrap(context.Canceled))
	}
	left, leave := context.WithCancel(t.Context())
	leave()
	for ctx, logged := range map[context.Context]string{left: `"level":"INFO"`, t.Context(): `"level":"ERROR"`} {
		s.log.Reset()
		s.server.Config.Handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(ctx, http.MethodGet, "/open", nil))
		require.Contains(t, s.log.String(), logged)
		require.Equal(t, ctx == left, strings.Contains(s.log.String(), `"status":499`), s.log.String())
	}
}
