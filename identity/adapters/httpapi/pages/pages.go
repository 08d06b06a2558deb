// Package pages are what people see of the ID service: sign-in, consent, who
// they are, and in development the mailbox. They work without scripts.
package pages

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/identity/adapters/httpapi/browser"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

var (
	//go:embed templates/*.html
	templateFiles embed.FS
	//go:embed assets/*
	assetFiles embed.FS
)

const maxForm = 64 << 10 // no form of ours is larger

// Mailbox is where the mails of development are.
type Mailbox interface {
	All() []domain.DeliveredMail
	Find(id uuid.UUID) (domain.DeliveredMail, bool)
}

// Pages serves the pages.
type Pages struct {
	Gate           *browser.Gate
	SignIn         *app.SignIn
	Sessions       *app.Sessions
	Authorizations *app.Authorizations
	Log            *slog.Logger
	Mailbox        Mailbox // nil outside development: then there is no such page

	templates map[string]*template.Template
	assets    fs.FS
}

// Parse reads the templates. It must have succeeded before anything is served.
func (p *Pages) Parse() error {
	p.templates = map[string]*template.Template{}
	for _, name := range []string{"home", "login", "authorize", "error", "mailbox", "mail"} {
		t, err := template.ParseFS(templateFiles, "templates/layout.html", "templates/"+name+".html")
		if err != nil {
			return fmt.Errorf("reading the page %s: %w", name, err)
		}
		p.templates[name] = t
	}
	var err error
	if p.assets, err = fs.Sub(assetFiles, "assets"); err != nil {
		return fmt.Errorf("reading the assets: %w", err)
	}
	return nil
}

// Handler serves the pages and hands everything else to next.
func (p *Pages) Handler(next http.Handler) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern, operation string, h http.HandlerFunc) {
		mux.Handle(pattern, p.page(operation, h))
	}
	handle("GET /{$}", "pageHome", p.home)
	handle("GET /login", "pageLogin", p.loginForm)
	handle("POST /login", "pageLogin", p.login)
	handle("POST /logout", "pageLogout", p.logout)
	handle("GET /authorize", "pageAuthorize", p.authorize)
	handle("POST /authorize", "pageAuthorize", p.answer)
	if p.Mailbox != nil {
		handle("GET /dev/mail", "pageMailbox", p.mailbox)
		handle("GET /dev/mail/{id}", "pageMail", p.mail)
	}
	handle("GET /favicon.ico", "asset", func(w http.ResponseWriter, r *http.Request) {
		serveAsset(w, r, p.assets, "favicon.svg")
	})
	handle("GET /assets/{name}", "asset", func(w http.ResponseWriter, r *http.Request) {
		serveAsset(w, r, p.assets, r.PathValue("name"))
	})
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func serveAsset(w http.ResponseWriter, r *http.Request, assets fs.FS, name string) {
	w.Header().Set("Cache-Control", "public, max-age=3600")
	http.ServeFileFS(w, r, assets, name)
}

// page wraps a handler with what every page needs.
func (p *Pages) page(operation string, h http.HandlerFunc) http.Handler {
	return p.Gate.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpx.SetOperation(r.Context(), operation)
		header := w.Header()
		header.Set("Cache-Control", "no-store")
		header.Set("Content-Security-Policy", policy(""))
		header.Set("Referrer-Policy", "same-origin") // "no-referrer" would make Origin null in our own forms
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("X-Frame-Options", "DENY")
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		if r.Method == http.MethodPost {
			if !p.Gate.SameSite(r) { // also without a cookie: nobody signs somebody in from elsewhere
				p.Error(w, r, domain.ErrCrossSite)
				return
			}
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
			if err := r.ParseForm(); err != nil {
				p.Error(w, r, domain.ErrInvalidFormToken.Wrap(err))
				return
			}
		}
		h(w, r)
	}))
}

// policy is the content security policy of a page. Browsers hold the way that
// a form's answer leads to against form-action, redirect by redirect, so a page
// whose form ends at a client names the client's origin.
func policy(formTarget string) string {
	return strings.TrimSpace("default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' " + formTarget)
}

func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, name string, data map[string]any) {
	lang := languageOf(r)
	data["Lang"], data["T"] = lang, words(lang)
	var b bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&b, "layout", data); err != nil {
		httpx.WriteError(w, r, fmt.Errorf("rendering %s: %w", name, err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Vary", "Accept-Language")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // the browser is gone; nobody is left to tell
}

// Error is the page about something that went wrong.
func (p *Pages) Error(w http.ResponseWriter, r *http.Request, err error) {
	public := httpx.Public(err)
	p.report(r, public, err)
	w.Header().Set("Content-Security-Policy", policy(""))
	w.Header().Set("Cache-Control", "no-store")
	p.render(w, r, httpx.Status(public.Kind), "error", map[string]any{
		"Message": words(languageOf(r)).of(public), "RequestID": httpx.RequestID(r.Context()),
	})
}

// report leaves the cause of a page about an error in the log, which the page
// itself does not show.
func (p *Pages) report(r *http.Request, public *errs.Error, err error) {
	level := slog.LevelInfo
	if httpx.Status(public.Kind) >= http.StatusInternalServerError {
		level = slog.LevelError
	}
	p.Log.Log(r.Context(), level, "page", "request_id", httpx.RequestID(r.Context()), "path", r.URL.Path, "error", err)
}
