package web

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strings"
)

// Page is what the server says on the page that starts a frontend.
type Page struct {
	Status      int // 0 is 200
	Lang, Theme string
	Title       string
	Description string
	Hue         int      // of the tenant's colour, in degrees
	Chroma      float64  // of the tenant's colour in OKLCH
	Boot        any      // what the frontend starts with; it becomes JSON
	SignedIn    bool     // the page may ask for the user's data at once
	Images      []string // origins, besides its own, from which the page shows pictures
	Card        *Card    // how the page looks where its address is shared; nil for the title and the description alone
}

// Card is what programs show of a page whose address is shared (Open Graph). Such a page is for those who have its address: search
// engines leave it out.
type Card struct {
	URL, Site       string
	Image, ImageAlt string
}

var cardTags = template.Must(template.New("card").Parse(
	`<meta name="robots" content="noindex"><meta property="og:type" content="website"><meta property="og:url" content="{{.URL}}">` +
		`<meta property="og:site_name" content="{{.Site}}"><meta property="og:image" content="{{.Image}}">` +
		`<meta property="og:image:alt" content="{{.ImageAlt}}"><meta name="twitter:card" content="summary">`))

// tags are those of the card for the head of the page.
func (c *Card) tags() (template.HTML, error) {
	if c == nil {
		return "", nil
	}
	var b strings.Builder
	err := cardTags.Execute(&b, c)
	return template.HTML(b.String()), err //nolint:gosec // the template has escaped it
}

// Write answers with the page. Nothing of it is kept by a cache: it is about one user, at one moment.
func (a *App) Write(w http.ResponseWriter, r *http.Request, p Page) error {
	if p.Status == 0 {
		p.Status = http.StatusOK
	}
	if !a.Built() {
		return writeUnbuilt(w, r, p)
	}
	nonce := newNonce()
	boot, err := json.Marshal(p.Boot) // escapes <, > and &, so that it cannot end its script
	if err != nil {
		return fmt.Errorf("writing what a frontend starts with: %w", err)
	}
	card, err := p.Card.tags()
	if err != nil {
		return fmt.Errorf("writing the card of a page: %w", err)
	}
	known := a.preload.page(r.URL)
	var b bytes.Buffer
	if err := a.index.Execute(&b, struct {
		Page
		Nonce   string
		Boot    template.JS
		Preload template.HTML
		Card    template.HTML
	}{p, nonce, template.JS(boot), known.tags(p.Lang, p.SignedIn), card}); err != nil { //nolint:gosec // JSON is JavaScript
		return fmt.Errorf("writing the page of a frontend: %w", err)
	}
	h := w.Header()
	secure(h, known.Camera)
	h.Set("Content-Security-Policy", policy(nonce, p.Images))
	send(w, r, p.Status, b.Bytes())
	return nil
}

func newNonce() string {
	var raw [18]byte
	_, _ = rand.Read(raw[:]) // it never fails
	return base64.RawURLEncoding.EncodeToString(raw[:])
}

// secure keeps browsers from doing more with a page than it is meant for; camera lets it ask the reader for the camera. Pop-ups stay
// connected: signing in again uses one.
func secure(h http.Header, camera bool) {
	mayUse := "camera=()"
	if camera {
		mayUse = "camera=(self)"
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "same-origin")
	h.Set("Permissions-Policy", mayUse+", geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=(), publickey-credentials-get=(self), publickey-credentials-create=(self)")
	h.Set("Cross-Origin-Opener-Policy", "same-origin-allow-popups")
}

// policy is the content security policy of a page. The nonce is for style elements that the components insert; the one policy
// of Trusted Types is for HTML that the server has sanitised.
func policy(nonce string, images []string) string {
	own := ""
	if len(images) > 0 {
		own = " " + strings.Join(images, " ")
	}
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self' 'nonce-" + nonce + "'", "img-src 'self' data: blob:" + own,
		"font-src 'self'", "connect-src 'self'", "manifest-src 'self'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
		"require-trusted-types-for 'script'", "trusted-types server-html push-worker",
	}, "; ")
}

func send(w http.ResponseWriter, r *http.Request, status int, body []byte) {
	w.Header().Set("Content-Length", fmt.Sprint(len(body)))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the browser is gone
	}
}
