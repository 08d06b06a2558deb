package httpx

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
)

type keptBodyKey struct{}

// KeepBody is a middleware that keeps the bytes of requests below a path, because a signature is about them. The kit has bounded the body.
func KeepBody(path string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, path) {
				body, err := io.ReadAll(r.Body)
				if err != nil {
					body = nil // the handler answers for it: no signature is right
				}
				r = r.WithContext(context.WithValue(r.Context(), keptBodyKey{}, body))
				r.Body = io.NopCloser(bytes.NewReader(body))
			}
			next.ServeHTTP(w, r)
		})
	}
}

// KeptBody is what KeepBody has kept of the request.
func KeptBody(ctx context.Context) []byte {
	body, _ := ctx.Value(keptBodyKey{}).([]byte)
	return body
}
