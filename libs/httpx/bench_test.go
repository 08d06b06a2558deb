package httpx_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/prometheus/client_golang/prometheus"

	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/signing"
)

// BenchmarkSignedRequest is what the kit itself adds to a request: signature,
// routing, validation, metrics.
func BenchmarkSignedRequest(b *testing.B) {
	keyring, err := signing.NewKeyring(signing.Config{Secret: strings.Repeat("s", 32)})
	if err != nil {
		b.Fatal(err)
	}
	signer, err := keyring.Signer("bff", "toy")
	if err != nil {
		b.Fatal(err)
	}
	spec, err := openapi3.NewLoader().LoadFromData([]byte(document))
	if err != nil {
		b.Fatal(err)
	}
	mux := http.NewServeMux()
	ok := func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }
	for _, pattern := range []string{"GET /toys/{toy_id}", "POST /toys", "POST /job", "GET /open"} {
		mux.HandleFunc(pattern, ok)
	}
	kit := httpx.New(httpx.Options{Authenticate: httpx.Signed(keyring.Verifier("toy")), Registerer: prometheus.NewRegistry()})
	handler, err := kit.Handler(mux, spec, operations)
	if err != nil {
		b.Fatal(err)
	}
	const body = `{"title":"poll","owner":"a@b.cc","tags":["x","y"]}`
	b.ReportAllocs()
	for b.Loop() {
		r := httptest.NewRequest(http.MethodPost, "/toys", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		signer.Sign(r, member, []byte(body))
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		if w.Code != http.StatusNoContent {
			b.Fatal(w.Body.String())
		}
	}
}
