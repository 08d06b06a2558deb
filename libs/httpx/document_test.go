package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/accessapi"
	"go.updspace.com/api/bffapi"
	"go.updspace.com/api/contract"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/api/portalapi"
	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/httpx"
)

// A stranger can read the document of every service without other files, and finds every operation in it that a person may
// call and none that is for services.
func TestDocumentsArePublishedWhole(t *testing.T) {
	for service, of := range map[string]struct {
		load       func() (*openapi3.T, error)
		operations contract.Set
	}{
		"access":   {accessapi.GetSpec, accessapi.Operations},
		"bff":      {bffapi.GetSpec, bffapi.Operations},
		"identity": {identityapi.GetSpec, identityapi.Operations},
		"portal":   {portalapi.GetSpec, portalapi.Operations},
		"voting":   {votingapi.GetSpec, votingapi.Operations},
	} {
		spec, err := of.load()
		require.NoError(t, err)
		api, err := httpx.New(httpx.Options{Service: service}).API(http.NewServeMux(), spec, of.operations)
		require.NoError(t, err)
		get := func(method, etag string) *httptest.ResponseRecorder {
			r := httptest.NewRequestWithContext(t.Context(), method, "/api/v1/"+service+"/openapi.yaml", nil)
			if etag != "" {
				r.Header.Set("If-None-Match", etag)
			}
			w := httptest.NewRecorder()
			api.ServeHTTP(w, r)
			return w
		}
		w := get(http.MethodGet, "")
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		require.Equal(t, "application/yaml", w.Header().Get("Content-Type"))
		require.Equal(t, http.StatusNotModified, get(http.MethodGet, w.Header().Get("ETag")).Code)
		require.Equal(t, http.StatusMethodNotAllowed, get(http.MethodPost, "").Code)
		require.Empty(t, get(http.MethodHead, "").Body.String())

		text := w.Body.String()
		require.True(t, strings.HasPrefix(text, "openapi: 3.0.3\n"), text[:100])
		require.NotContains(t, text, "common.yaml#")
		require.NotContains(t, text, "/internal/v1/personal-data")
		read, err := openapi3.NewLoader().LoadFromData(w.Body.Bytes()) // without external references
		require.NoError(t, err)
		require.NoError(t, read.Validate(t.Context(), openapi3.EnableExamplesValidation()))
		found := map[string]bool{}
		for _, item := range read.Paths.Map() {
			for _, op := range item.Operations() {
				found[op.OperationID] = true
			}
		}
		for id, op := range of.operations {
			require.Equal(t, !strings.HasPrefix(op.Path, "/internal/"), found[id], id)
		}
	}
}
