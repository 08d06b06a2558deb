package proxy

import (
	"net/http"

	"go.updspace.com/bff/domain"
)

// Both directions list what passes, so that a header that is in no list (a forged context header, a cookie, a token, an
// internal detail) does not. Names are in canonical form.

var requestHeaders = []string{
	"Accept", "Accept-Language", "Content-Type", "User-Agent",
	"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since",
	"Range", "If-Range",
	"Last-Event-Id",                        // an event stream picked up again
	"X-Mail-Timestamp", "X-Mail-Signature", // of a mail server that passes on a mail
	"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature", // of a source that sends a message (Standard Webhooks)
	"X-Signature-Ed25519", "X-Signature-Timestamp", // of Discord, which passes on a command
}

var responseHeaders = map[string]bool{
	"Content-Type": true, "Content-Length": true, "Content-Disposition": true, "Content-Language": true,
	"Content-Range": true, "Accept-Ranges": true,
	"Cache-Control": true, "Etag": true, "Last-Modified": true, "Expires": true, "Vary": true,
	"Location": true, "Retry-After": true, "Allow": true,
	"X-Accel-Buffering": true,
	"X-Next-Cursor":     true, // how lists that are bare arrays go on
}

// requestHeader copies what a service may see of a browser's request.
func requestHeader(in http.Header) http.Header {
	out := make(http.Header, usualHeaders)
	for _, name := range requestHeaders {
		if values, ok := in[name]; ok {
			out[name] = values
		}
	}
	return out
}

// usualHeaders is room for what browsers usually send of them, and for the signed context.
const usualHeaders = 14

// filterResponse removes what a browser may not see of a service's answer.
func filterResponse(h http.Header) {
	for name := range h {
		if !responseHeaders[name] {
			delete(h, name)
		}
	}
	if location, ok := h["Location"]; ok && (len(location) != 1 || domain.SafeNext(location[0]) != location[0]) {
		delete(h, "Location") // services answer with paths; anything else would lead away
	}
	if _, ok := h["Cache-Control"]; !ok {
		h["Cache-Control"] = personal
	}
}

// personal is for answers that say nothing about caching: they were made for one user, but may be revalidated by their ETag.
var personal = []string{"private, no-cache"}
