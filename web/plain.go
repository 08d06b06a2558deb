package web

import (
	"bytes"
	"html/template"
	"net/http"
)

// plain is the one page that needs no build.
var plain = template.Must(template.New("plain").Parse(`<!doctype html>
<html lang="{{.Lang}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{{.Title}}</title>
<style nonce="{{.Nonce}}">body { margin: 15vh auto; max-width: 34rem; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif } code { font-size: 1.1em }</style>
</head>
<body>
<main>
{{range .Parts}}<section lang="{{.Lang}}">
<h1>{{.Title}}</h1>
<p>{{.Text}}{{with .Code}} <code>{{.}}</code>{{end}}</p>
</section>
{{end}}</main>
</body>
</html>
`))

// Part is a title and a sentence of a plain page, in one language.
type Part struct{ Lang, Title, Text, Code string }

// WritePlain answers with a page of words alone, for what can be said without a frontend. The languages follow one another.
func WritePlain(w http.ResponseWriter, r *http.Request, status int, parts ...Part) error {
	var b bytes.Buffer
	nonce := newNonce()
	if err := plain.Execute(&b, map[string]any{"Lang": parts[0].Lang, "Title": parts[0].Title, "Parts": parts, "Nonce": nonce}); err != nil {
		return err
	}
	h := w.Header()
	secure(h, false)
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	send(w, r, status, b.Bytes())
	return nil
}

// writeUnbuilt says that the binary has no frontend. The status is the page's own: the service itself works.
func writeUnbuilt(w http.ResponseWriter, r *http.Request, p Page) error {
	w.Header().Set("X-Frontend", "missing")
	return WritePlain(w, r, p.Status,
		Part{Lang: "en", Title: "The pages are not built", Text: "This binary was built without its frontends. The APIs work. To build the pages:", Code: "make web"},
		Part{Lang: "ru", Title: "Страницы не собраны", Text: "Эта программа собрана без интерфейса. API работают. Чтобы собрать страницы:", Code: "make web"},
	)
}
