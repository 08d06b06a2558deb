package main

import (
	"context"
	"net/http"
	"strconv"
)

// payload is about as large as a small resource of the platform.
var payload = []byte(`{"id":"0190a0b0-0000-7000-8000-000000000001","title":"Which map next?","status":"published",` +
	`"scope":{"type":"TENANT","id":"00000000-0000-0000-0000-000000000001"},"created_at":"2026-01-01T00:00:00Z","votes":12}`)

// bare answers every request with the same body: the cost of net/http itself. It is also what both gateways stand before.
func bare(context.Context, settings) (http.Handler, error) {
	length := strconv.Itoa(len(payload))
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("Content-Length", length)
		_, _ = w.Write(payload)
	}), nil
}
