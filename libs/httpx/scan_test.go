package httpx_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
)

func TestScannedBodies(t *testing.T) {
	t.Parallel()
	const known = `{"title":"poll","owner":"a@b.cc"}`
	spec, err := openapi3.NewLoader().LoadFromData([]byte(document))
	require.NoError(t, err)
	authenticated := true
	kit := httpx.New(httpx.Options{
		Registerer: prometheus.NewRegistry(),
		Authenticate: func(*http.Request, contract.Operation, []byte) (reqctx.Context, error) {
			if !authenticated {
				return reqctx.Context{}, errs.Unauthenticatedf("no")
			}
			return member, nil
		},
		BodyScanners: map[string]httpx.BodyScanner{"createToy": func(body []byte) (any, bool) { return len(body), string(body) == known }},
	})
	mux := http.NewServeMux()
	var scanned int
	var ok bool
	var left string
	for _, pattern := range []string{"GET /toys/{toy_id}", "POST /toys", "POST /job", "GET /open"} {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			scanned, ok = httpx.ScannedBody[int](r.Context())
			body, _ := io.ReadAll(r.Body)
			left = string(body)
			w.WriteHeader(http.StatusNoContent)
		})
	}
	handler, err := kit.Handler(mux, spec, operations)
	require.NoError(t, err)
	post := func(path, kind, body string) int {
		scanned, ok, left = 0, false, ""
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Code
	}

	require.Equal(t, 204, post("/toys", "application/json", known))
	require.True(t, ok)
	require.Equal(t, len(known), scanned)
	require.Equal(t, "{}", left)

	other := strings.Replace(known, "poll", "vote", 1)
	require.Equal(t, 204, post("/toys", "application/json", other), "a body that the scanner refuses is decoded")
	require.False(t, ok)
	require.Equal(t, other, left)
	require.Equal(t, 422, post("/toys", "application/json", `{"title":"poll"}`), "and validated")

	require.Equal(t, 204, post("/toys", "application/json; charset=utf-8", known), "so is any other media type")
	require.False(t, ok)
	require.Equal(t, 415, post("/toys", "text/plain", known))

	require.Equal(t, 204, post("/job", "application/json", known), "and the body of an operation without a scanner")
	require.False(t, ok)

	authenticated = false
	require.Equal(t, 401, post("/toys", "application/json", known))
}
