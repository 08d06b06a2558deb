package httpapi

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strings"

	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/httpx"
)

//go:embed pages
var pageFiles embed.FS

var pageTemplates = template.Must(template.ParseFS(pageFiles, "pages/*.html"))

// pagePolicy lets our own pages use their own files and nothing else.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// navigations are the addresses people arrive at by following a link. What
// goes wrong there is shown as a page.
var navigations = map[string]bool{"/api/v1/auth/login": true, app.CallbackPath: true, app.MagicCallbackPath: true}

// fail answers with the envelope, or with a page to a browser that navigates.
func fail(w http.ResponseWriter, r *http.Request, err error) {
	if !navigations[r.URL.Path] || !strings.Contains(r.Header.Get("Accept"), "text/html") {
		httpx.WriteError(w, r, err)
		return
	}
	// The envelope is made as always, for the status, the headers and the log,
	// and then a page goes out in its place.
	e := httpx.Public(err)
	pw := &pageWriter{ResponseWriter: w}
	pw.render("failed.html", map[string]any{
		"Code": e.Code, "Message": e.Message, "RequestID": httpx.RequestID(r.Context()),
		"Next": domain.SafeNext(r.URL.Query().Get("next")),
	})
	httpx.WriteError(pw, r, err)
}

// pageWriter sends a page instead of the body it is given.
type pageWriter struct {
	http.ResponseWriter
	page bytes.Buffer
}

func (p *pageWriter) render(name string, data any) {
	if err := pageTemplates.ExecuteTemplate(&p.page, name, data); err != nil {
		panic(err) // a template of our own that does not fit its data
	}
}

func (p *pageWriter) WriteHeader(status int) {
	h := p.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	p.ResponseWriter.WriteHeader(status)
}

func (p *pageWriter) Write(body []byte) (int, error) {
	if _, err := p.page.WriteTo(p.ResponseWriter); err != nil {
		return 0, err
	}
	return len(body), nil
}
