package httpapi

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

//go:embed pages
var pageFiles embed.FS

var pageTemplates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// pagePolicy lets our own pages use their own files and send their own forms, and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

// fail answers with the envelope, or with a page to a browser that followed a link.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	if !ownPaths[r.URL.Path].link || !wantsPage(r) {
		httpx.WriteError(w, r, err)
		return
	}
	// The envelope is made as always, for the status, the headers and the log, and a page is sent in its place.
	e := httpx.Public(err)
	text := textsFor(r.Header.Get("Accept-Language"))
	next := domain.SafeNext(r.URL.Query().Get("next"))
	if state := stateOf(r.Context()); state != nil && state.next != "" {
		next = state.next
	}
	httpx.WriteError(&pageWriter{ResponseWriter: w, page: render("failed.html", map[string]any{
		"Text": text, "Message": text.message(e), "Code": e.Code, "RequestID": httpx.RequestID(r.Context()), "Next": next,
		// The ID service would sign the same account in again, which this tenant refuses.
		"OtherAccount": e.Kind == errs.Forbidden,
	})}, r, err)
}

// wantsPage reports whether the request comes from a browser that shows the answer.
func wantsPage(r *http.Request) bool { return strings.Contains(r.Header.Get("Accept"), "text/html") }

func render(name string, data any) bytes.Buffer {
	var page bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&page, name, data); err != nil {
		panic(err) // a template of our own that does not fit its data
	}
	return page
}

func pageHeaders(h http.Header) {
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", "no-store")
	h.Add("Vary", "Accept-Language")
}

// pageWriter sends a page instead of the body it is given.
type pageWriter struct {
	http.ResponseWriter
	page bytes.Buffer
}

func (p *pageWriter) WriteHeader(status int) {
	pageHeaders(p.Header())
	p.ResponseWriter.WriteHeader(status)
}

func (p *pageWriter) Write(body []byte) (int, error) {
	if _, err := p.page.WriteTo(p.ResponseWriter); err != nil {
		return 0, err
	}
	return len(body), nil
}
