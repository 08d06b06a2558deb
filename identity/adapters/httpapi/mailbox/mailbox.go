// Package mailbox shows the mails of a development server, which sends none.
package mailbox

import (
	"bytes"
	"crypto/rand"
	_ "embed"
	"fmt"
	"html/template"
	"net/http"
	"regexp"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/mail"
)

//go:embed mailbox.html
var source string

var templates = template.Must(template.New("").Parse(source))

// Handler serves the mails of a box below /dev/mail and hands everything else to next.
func Handler(box *mail.Mailbox, next http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /dev/mail", func(w http.ResponseWriter, r *http.Request) {
		httpx.SetOperation(r.Context(), "mailbox")
		write(w, r, "list", map[string]any{"Title": "Mailbox", "Messages": box.All()})
	})
	mux.HandleFunc("GET /dev/mail/{id}", func(w http.ResponseWriter, r *http.Request) {
		httpx.SetOperation(r.Context(), "mail")
		id, _ := uuid.Parse(r.PathValue("id")) // no mail has the zero id
		message, found := box.Find(id)
		if !found {
			httpx.WriteError(w, r, errs.NotFoundf("There is no such mail."))
			return
		}
		write(w, r, "mail", map[string]any{"Title": message.Subject, "Message": message, "Parts": parse(message.Text)})
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func write(w http.ResponseWriter, r *http.Request, name string, data map[string]any) {
	nonce := rand.Text()
	data["Nonce"] = nonce
	var page bytes.Buffer
	if err := templates.ExecuteTemplate(&page, name, data); err != nil {
		httpx.WriteError(w, r, fmt.Errorf("writing the page %s: %w", name, err))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'nonce-"+nonce+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("Cache-Control", "no-store")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	_, _ = page.WriteTo(w) // an error means that the browser is gone
}

// part is a piece of a mail's text; one with a link is shown as such.
type part struct{ Text, Link string }

var link = regexp.MustCompile(`https?://[^\s<>"]+`)

func parse(text string) (parts []part) {
	at := 0
	for _, span := range link.FindAllStringIndex(text, -1) {
		parts = append(parts, part{Text: text[at:span[0]]}, part{Link: text[span[0]:span[1]]})
		at = span[1]
	}
	return append(parts, part{Text: text[at:]})
}
