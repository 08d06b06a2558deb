// Package blobhttp answers requests with the content of files.
package blobhttp

import (
	"context"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"time"

	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
)

// Content is a file as an answer. Serve answers ranges and conditions, and sends headers that keep a browser from guessing
// the type of the content, running it, or loading anything for it.
type Content struct {
	Name        string
	ContentType string
	Digest      string // of the content, for the ETag
	Inline      bool   // shown in a page; other content is downloaded
	Modified    time.Time
	Immutable   bool              // the address cannot be guessed, and a browser need not ask again whether it may show the content
	Body        io.ReadSeekCloser // Serve closes it
}

// Conditions are the headers of a request that select what is answered, as generated API code has them. Nil means absent.
type Conditions struct {
	Range           *string
	IfRange         *string
	IfNoneMatch     *string
	IfModifiedSince *string
}

func (c Conditions) header() http.Header {
	header := http.Header{}
	for name, value := range map[string]*string{
		"Range": c.Range, "If-Range": c.IfRange, "If-None-Match": c.IfNoneMatch, "If-Modified-Since": c.IfModifiedSince,
	} {
		if value != nil {
			header.Set(name, *value)
		}
	}
	return header
}

// Serve answers a GET request. Its context names the request in error answers.
func (c Content) Serve(ctx context.Context, w http.ResponseWriter, conditions Conditions) {
	defer func() { _ = c.Body.Close() }() // it was only read
	disposition := "attachment"
	if c.Inline {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", c.ContentType)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": c.Name}))
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("X-Content-Type-Options", "nosniff")
	// The content of an address never changes, but who may read it does: a browser keeps it and asks again.
	h.Set("Cache-Control", "private, no-cache")
	if c.Immutable {
		h.Set("Cache-Control", "private, max-age=31536000, immutable")
	}
	h.Set("ETag", `"`+c.Digest+`"`)
	r := (&http.Request{Method: http.MethodGet, Header: conditions.header()}).WithContext(ctx)
	http.ServeContent(&envelopes{ResponseWriter: w, ctx: ctx}, r, "", c.Modified, c.Body)
}

// envelopes turns the plain text that http.ServeContent answers failures with into the platform's error body.
type envelopes struct {
	http.ResponseWriter
	ctx    context.Context
	failed bool
}

func (e *envelopes) WriteHeader(status int) {
	e.failed = status >= http.StatusBadRequest
	if !e.failed {
		e.ResponseWriter.WriteHeader(status)
		return
	}
	body := httpx.Envelope{Error: httpx.EnvelopeError{
		Code: "INTERNAL_ERROR", Message: "The file could not be read.", Details: map[string]any{}, RequestID: reqctx.From(e.ctx).RequestID,
	}}
	if status == http.StatusRequestedRangeNotSatisfiable {
		body.Error.Code, body.Error.Message = "RANGE_NOT_SATISFIABLE", "The file has no such bytes."
	}
	e.Header().Set("Content-Type", "application/json")
	e.ResponseWriter.WriteHeader(status)
	_ = json.NewEncoder(e.ResponseWriter).Encode(body) // the client may be gone
}

func (e *envelopes) Write(p []byte) (int, error) {
	if e.failed {
		return len(p), nil
	}
	return e.ResponseWriter.Write(p)
}
