package httpx_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/contract"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signing"
)

const streamDocument = `
openapi: 3.0.3
info: {title: Toys, version: "1"}
paths:
  /bytes:
    post:
      operationId: putBytes
      requestBody:
        required: true
        content: {%s}
      responses: {"200": {description: ok}}
`

var streamOperations = contract.Set{"putBytes": {Method: "POST", Path: "/bytes", Authenticated: contract.AuthenticatedUser}}

func streamServer(t *testing.T, content string, handle http.HandlerFunc) (http.Handler, *signing.Signer, error) {
	t.Helper()
	keyring, err := signing.NewKeyring(signing.Config{Secret: strings.Repeat("s", 32)})
	require.NoError(t, err)
	signer, err := keyring.Signer("bff", "toy")
	require.NoError(t, err)
	spec, err := openapi3.NewLoader().LoadFromData(fmt.Appendf(nil, streamDocument, content))
	require.NoError(t, err)
	kit := httpx.New(httpx.Options{
		Authenticate: httpx.Signed(keyring.Verifier("toy")), HeaderAuthenticator: httpx.SignedHeader(keyring.Verifier("toy")),
		Registerer: prometheus.NewRegistry(), MaxBody: 64,
	})
	mux := http.NewServeMux()
	mux.HandleFunc("POST /bytes", handle)
	h, err := kit.Handler(mux, spec, streamOperations)
	return h, signer, err
}

// A body that was signed by its digest reaches the handler as it comes, and what is wrong with it shows at its end.
func TestAStreamIsCheckedWhileItIsRead(t *testing.T) {
	var got []byte
	var failure error
	handler, signer, err := streamServer(t, `application/octet-stream: {schema: {type: string, format: binary, maxLength: 1000}}`, func(w http.ResponseWriter, r *http.Request) {
		if got, failure = io.ReadAll(r.Body); failure != nil {
			httpx.WriteError(w, r, failure)
		}
	})
	require.NoError(t, err)
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	full := bytes.Repeat([]byte("x"), 1000)
	for name, c := range map[string]struct {
		sent, announced []byte
		kind            string
		chunked         bool
		spoil           func(http.Header)
		status          int
	}{
		"what was announced":         {sent: full, announced: full, status: 200},
		"without a length":           {sent: full, announced: full, chunked: true, status: 200},
		"nothing, as announced":      {status: 200},
		"something else":             {sent: full, announced: full[1:], status: 400},
		"less":                       {sent: full[1:], announced: full, status: 400},
		"too much":                   {sent: append(full, 'x'), announced: append(full, 'x'), status: 413},
		"too much, without a length": {sent: append(full, 'x'), announced: append(full, 'x'), chunked: true, status: 413},
		"of another kind":            {sent: full, announced: full, kind: "image/png", status: 415},
		"under another digest":       {sent: full, announced: full, spoil: func(h http.Header) { h.Set(signing.HeaderBodyDigest, strings.Repeat("a", 64)) }, status: 401},
		"under a malformed digest":   {sent: full, announced: full, spoil: func(h http.Header) { h.Set(signing.HeaderBodyDigest, "x") }, status: 401},
		"under two digests":          {sent: full, announced: full, spoil: func(h http.Header) { h.Add(signing.HeaderBodyDigest, strings.Repeat("a", 64)) }, status: 401},
		"large, and signed as small": {sent: full, announced: full, spoil: func(h http.Header) { h.Del(signing.HeaderBodyDigest) }, status: 413},
		"small, and signed as it is": {sent: full[:10], announced: full[:10], spoil: func(h http.Header) { h.Del(signing.HeaderBodyDigest) }, status: 200},
		"without a user, before":     {sent: full, announced: full, spoil: func(h http.Header) { h.Del(signing.HeaderUserID) }, status: 401},
	} {
		t.Run(name, func(t *testing.T) {
			got, failure = nil, nil
			var body io.Reader = bytes.NewReader(c.sent)
			if c.chunked {
				body = struct{ io.Reader }{body}
			}
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/bytes", body)
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/octet-stream")
			if c.kind != "" {
				r.Header.Set("Content-Type", c.kind)
			}
			signer.SignDigest(r, member, sha256.Sum256(c.announced))
			if c.spoil != nil {
				c.spoil(r.Header)
			}
			resp, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			answer, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			require.NoError(t, resp.Body.Close())
			require.Equal(t, c.status, resp.StatusCode, "%s", answer)
			if c.status == http.StatusOK {
				require.Equal(t, string(c.sent), string(got))
			}
		})
	}
}

func TestAStreamIsBoundedByItsDocument(t *testing.T) {
	for content, why := range map[string]string{
		`application/octet-stream: {schema: {type: string, format: binary}}`:                                           "maxLength",
		`application/octet-stream: {}`:                                                                                 "maxLength",
		`application/octet-stream: {schema: {type: string, maxLength: 9}}, application/json: {schema: {type: object}}`: "something else",
	} {
		_, _, err := streamServer(t, content, http.NotFound)
		require.ErrorContains(t, err, why)
	}
}

// The digest is no way around the signature where bodies are signed themselves.
func TestADigestIsIgnoredElsewhere(t *testing.T) {
	s := start(t)
	status, h, body := s.call(t, "POST", "/toys", `{"title":"x","owner":"00000000-0000-0000-0000-000000000001"}`, &reqctx.Context{}, signing.HeaderBodyDigest, strings.Repeat("a", 64))
	refused(t, 400, "MISSING_TENANT_CONTEXT", status, h, body)
}
