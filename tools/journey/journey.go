// Package journey walks through the platform as its users do: over HTTP only, each with a browser of their own. `updspace demo` prints it, the
// end-to-end tests run it.
package journey

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Place is a running platform with the demo data in it.
type Place struct {
	Portal func(tenant string) string // the origin of a tenant
	ID     string                     // the origin of the ID service
	Bind   string                     // where *.localhost leads; Loopback unless said

	Watch func(http.RoundTripper) http.RoundTripper // sees all that the browsers send and get; nil: nothing does
}

// Local is the platform that `updspace up` runs at an address.
func Local(bind string) Place {
	return Place{
		Bind:   bind,
		Portal: func(tenant string) string { return "http://" + tenant + ".localhost:8080" },
		ID:     "http://id.localhost:8001",
	}
}

// The demo accounts.
const (
	Password  = "updspace-demo"
	Admin     = "admin@aef.test"
	Member    = "member@aef.test"
	Second    = "second@aef.test"
	Suspended = "suspended@aef.test"
	Root      = "root@updspace.test"
	Outsider  = "outsider@gaming.test"
)

// Walk is one journey under way.
type Walk struct {
	Place
	log       *Log
	transport http.RoundTripper
	browsers  map[string]*Browser
	steps     int

	pollID  string
	choices []choice // of the poll: the nominations and their options

	community community
	eventID   string
	newsID    string

	applicant   applicant
	recognition recognition
	scene       scene
}

type choice struct {
	nomination string
	options    []string
}

// step is one thing that must go right.
type step struct {
	title string
	run   func(context.Context, *Walk) error
}

// Run walks the whole journey, printing to out, and stops at the first thing that is wrong. It leaves a closed poll behind and may be run
// again and again.
func Run(ctx context.Context, place Place, out io.Writer) error {
	transport := TransportTo(cmp.Or(place.Bind, Loopback))
	defer transport.CloseIdleConnections()
	w := &Walk{Place: place, transport: transport, browsers: map[string]*Browser{}}
	if place.Watch != nil {
		w.transport = place.Watch(transport)
	}
	defer func() {
		if w.scene.page != nil {
			w.scene.page.Close()
		}
	}()
	if out != nil {
		w.log = NewLog(out)
	}
	began := time.Now()
	for _, s := range steps {
		w.steps++
		w.log.printf("\n%2d. %s\n", w.steps, s.title)
		if err := s.run(ctx, w); err != nil {
			w.log.printf("    WRONG: %v\n", err)
			return fmt.Errorf("step %d, %s: %w", w.steps, strings.ToLower(s.title[:1])+s.title[1:], err)
		}
		w.log.printf("    ok\n")
	}
	w.log.printf("\nAll %d steps went right in %s.\n", w.steps, time.Since(began).Round(10*time.Millisecond))
	return nil
}

// browser is the browser of an account in a tenant, opened on first use.
func (w *Walk) browser(account, tenant string) *Browser {
	key := account + " at " + tenant
	b := w.browsers[key]
	if b == nil {
		b = NewBrowser(w.Portal(tenant), w.transport, w.log.of(account))
		w.browsers[key] = b
	}
	return b
}

func (w *Walk) as(account string) *Browser { return w.browser(account, "aef") }

// SignIn walks from the portal's sign-in address to the ID service, sends there what its page sends, and goes on to the portal, to
// the page it was asked to end on.
func SignIn(ctx context.Context, b *Browser, account, password string) error {
	page, err := signInPage(ctx, b)
	if err != nil {
		return err
	}
	if err := enter(ctx, b, page, account, password).Expect(http.StatusOK); err != nil {
		return err
	}
	end := b.Open(ctx, onOrigin(page, page.Request.URL.Query().Get("next"))) // a full navigation, as the page does
	if end.Err == nil && origin(end.Request.URL) == origin(page.Request.URL) && end.Request.URL.Path == "/authorize" {
		end = consent(ctx, b, end) // an application that asks for it, the first time
	}
	if end.Err != nil {
		return end.Err
	}
	if got := origin(end.Request.URL); got != b.Home {
		return fmt.Errorf("signing in ended at %s with %d: %s", end.Request.URL.Redacted(), end.Status, shorten(end.Body))
	}
	if b.Cookie(sessionCookie) == "" {
		return fmt.Errorf("signing in set no %s cookie; it ended with %d: %s", sessionCookie, end.Status, shorten(end.Body))
	}
	return nil
}

func signInPage(ctx context.Context, b *Browser) (*Answer, error) {
	page := b.Open(ctx, "/api/v1/auth/login?next=/")
	if page.Err != nil {
		return nil, page.Err
	}
	if err := page.Page(); err != nil {
		return nil, fmt.Errorf("the way to the sign-in page: %w", err)
	}
	if origin(page.Request.URL) == b.Home || !AsksForPassword(page) {
		return nil, fmt.Errorf("the way to the sign-in page ended at %s", page.Request.URL.Redacted())
	}
	return page, nil
}

// AsksForPassword reports whether a page is the ID service's sign-in page. A browser that is signed in is redirected from there.
func AsksForPassword(page *Answer) bool {
	return page.Page() == nil && page.Request.URL.Path == "/login"
}

// enter is what the sign-in page sends.
func enter(ctx context.Context, b *Browser, page *Answer, account, password string) *Answer {
	var form struct {
		Token string `json:"form_token"`
	}
	token := b.Send(ctx, http.MethodGet, onOrigin(page, "/api/v1/auth/form_token?purpose=login"), nil)
	if err := token.JSON(http.StatusOK, &form); err != nil {
		return &Answer{Err: err}
	}
	login := map[string]string{"email": account, "password": password, "form_token": form.Token}
	return b.Send(ctx, http.MethodPost, onOrigin(page, "/api/v1/auth/login"), login)
}

// consent is what the page of an application's request sends, when the user allows it.
func consent(ctx context.Context, b *Browser, page *Answer) *Answer {
	var prompt struct {
		RequestID string `json:"request_id"`
	}
	prepared := b.Send(ctx, http.MethodGet, onOrigin(page, "/oauth/authorize/prepare?"+page.Request.URL.RawQuery), nil)
	if err := prepared.JSON(http.StatusOK, &prompt); err != nil {
		return &Answer{Err: err}
	}
	var target struct {
		RedirectURI string `json:"redirect_uri"`
	}
	approved := b.Send(ctx, http.MethodPost, onOrigin(page, "/oauth/authorize/approve"), prompt)
	if err := approved.JSON(http.StatusOK, &target); err != nil {
		return &Answer{Err: err}
	}
	return b.Open(ctx, target.RedirectURI)
}

// onOrigin is an address on the origin of a page.
func onOrigin(page *Answer, path string) string { return origin(page.Request.URL) + path }

// FollowLink opens the link of a mail, sends what the button of its page sends, and goes where that leads.
func FollowLink(ctx context.Context, b *Browser, link string) *Answer {
	opened, err := openLink(ctx, b, link)
	if err != nil {
		return &Answer{Err: err}
	}
	var to struct{ Next string }
	pressed := b.Send(ctx, http.MethodPost, "/api/v1/session/callback", map[string]string{"code": opened.Get("code"), "next": opened.Get("next")})
	if err := pressed.JSON(http.StatusOK, &to); err != nil {
		return &Answer{Err: err}
	}
	return b.Open(ctx, to.Next)
}

// PreviewLink opens the link of a mail and asks, as its page does, whom it signs in.
func PreviewLink(ctx context.Context, b *Browser, link string) *Answer {
	opened, err := openLink(ctx, b, link)
	if err != nil {
		return &Answer{Err: err}
	}
	return b.Send(ctx, http.MethodPost, "/api/v1/session/callback/preview", map[string]string{"code": opened.Get("code")})
}

// openLink returns what the page of a link finds in the fragment of its address.
func openLink(ctx context.Context, b *Browser, link string) (url.Values, error) {
	page := b.Open(ctx, link)
	if page.Err != nil {
		return nil, page.Err
	}
	if err := page.Page(); err != nil {
		return nil, err
	}
	if page.Request.URL.Path != "/link" {
		return nil, fmt.Errorf("the link leads to %s", page.Request.URL.Redacted())
	}
	return url.ParseQuery(page.Request.URL.EscapedFragment())
}
