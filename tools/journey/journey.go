// Package journey walks through the platform as its users do: over HTTP only, each with a browser of their own. `updspace demo` prints it, the
// end-to-end tests run it.
package journey

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// Place is a running platform with the demo data in it.
type Place struct {
	Portal func(tenant string) string // the origin of a tenant
	ID     string                     // the origin of the ID service
}

// Local is the platform `updspace up` runs.
func Local() Place {
	return Place{
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
	transport *http.Transport
	browsers  map[string]*Browser
	steps     int

	pollID  string
	choices []choice // of the poll: the nominations and their options

	community community
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
	w := &Walk{Place: place, transport: Transport(), browsers: map[string]*Browser{}}
	defer w.transport.CloseIdleConnections()
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

// SignIn walks from the portal's sign-in address over the ID service's pages back to the portal, filling in the form on the way, and ends on
// the page it was asked to end on.
func SignIn(ctx context.Context, b *Browser, account, password string) error {
	page, err := signInPage(ctx, b)
	if err != nil {
		return err
	}
	end, err := fillIn(ctx, b, page, account, password)
	if err != nil {
		return err
	}
	// A first visit may be asked to consent.
	for range 3 {
		consent := consentForm(end.Body)
		if consent == nil || origin(end.Request.URL) == b.Home {
			break
		}
		end = b.Submit(ctx, end, consent)
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
	return page, nil
}

func fillIn(ctx context.Context, b *Browser, page *Answer, account, password string) (*Answer, error) {
	for _, form := range Forms(page.Body) {
		if form.Has("email") && form.Has("password") {
			form.Values.Set("email", account)
			form.Values.Set("password", password)
			return b.Submit(ctx, page, form), nil
		}
	}
	return nil, errors.New("the sign-in page has no form for e-mail and password")
}

func consentForm(page []byte) *Form {
	for _, form := range Forms(page) {
		if form.Has("request_id") && form.Method == http.MethodPost {
			return form
		}
	}
	return nil
}
