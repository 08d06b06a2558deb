package httpx

import (
	"context"
	"io"
	"net/http"
	"strings"
)

// BodyScanner decodes the JSON body of an operation by one scan of its bytes: see libs/jsonscan. False leaves the body to
// kin-openapi, which also says what is wrong with it, and to the generated code. A scanner must accept only what the document
// allows.
//
// It is for operations that every request calls: kin-openapi decodes a body into maps, and encoding/json decodes it again.
// Both together took two thirds of the time of a batch of checks.
type BodyScanner func(body []byte) (value any, ok bool)

type scannedKey struct{}

// ScannedBody returns what the operation's [BodyScanner] made of the body, if it accepted it. The body that the generated code
// decodes is an empty object then.
func ScannedBody[T any](ctx context.Context) (value T, ok bool) {
	value, ok = ctx.Value(scannedKey{}).(T)
	return value, ok
}

// scan returns the request with its scanned body, or false.
func (rt *route) scan(r *http.Request, body []byte) (*http.Request, bool) {
	if rt.scanner == nil || !plainJSON(r.Header) {
		return r, false
	}
	value, ok := rt.scanner(body)
	if !ok {
		return r, false
	}
	r = r.WithContext(context.WithValue(r.Context(), scannedKey{}, value))
	r.Body = io.NopCloser(strings.NewReader("{}"))
	return r, true
}

// plainJSON tells whether the content type is exactly application/json, as our own services send it.
func plainJSON(h http.Header) bool {
	types := h["Content-Type"]
	return len(types) == 1 && types[0] == "application/json"
}
