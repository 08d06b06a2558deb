package httpapi

import (
	"net/http"
	"strings"

	"go.updspace.com/bff/domain"
)

// The names the frontends know. The browser's own secret is ours alone, so it
// can carry the prefix that makes browsers enforce what the other two keep by
// their attributes: https, no Domain, the whole host.
const (
	cookieSession = "updspace_session"
	cookieCSRF    = "updspace_csrf"
	cookieBrowser = "updspace_browser"
	hostPrefix    = "__Host-"
)

// cookies writes the gateway's cookies. All of them belong to one host only:
// no Domain, so no tenant and no other service ever sees another's.
type cookies struct {
	secure  bool
	browser string
}

func newCookies(secure bool) cookies {
	c := cookies{secure: secure, browser: cookieBrowser}
	if secure {
		c.browser = hostPrefix + cookieBrowser
	}
	return c
}

func (c cookies) setSession(w http.ResponseWriter, token domain.Secret) {
	c.set(w, cookieSession, string(token), true, int(domain.SessionTTL.Seconds()))
}

func (c cookies) clearSession(w http.ResponseWriter) { c.set(w, cookieSession, "", true, -1) }

// setCSRF is readable by scripts: that is how it gets into the header.
func (c cookies) setCSRF(w http.ResponseWriter, token string) { c.set(w, cookieCSRF, token, false, 0) }

func (c cookies) setBrowser(w http.ResponseWriter, secret domain.Secret) {
	c.set(w, c.browser, string(secret), true, 0)
}

// set replaces what this answer said about the cookie before: two values for
// one name in one answer would leave the choice to the browser.
func (c cookies) set(w http.ResponseWriter, name, value string, httpOnly bool, maxAge int) {
	h := w.Header()
	kept := h["Set-Cookie"][:0:0]
	for _, line := range h["Set-Cookie"] {
		if !strings.HasPrefix(line, name+"=") {
			kept = append(kept, line)
		}
	}
	cookie := http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: httpOnly, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	}
	h["Set-Cookie"] = append(kept, cookie.String())
}

// jar is what a request brought.
type jar struct{ session, csrf, browser string }

// readCookies picks our cookies out of the Cookie header. Of several with one
// name the first counts, which browsers order by the most specific path.
func readCookies(r *http.Request, c *cookies) jar {
	var j jar
	for _, line := range r.Header["Cookie"] {
		for part := range strings.SplitSeq(line, ";") {
			name, value, ok := strings.Cut(strings.TrimSpace(part), "=")
			if !ok {
				continue
			}
			switch name {
			case cookieSession:
				first(&j.session, value)
			case cookieCSRF:
				first(&j.csrf, value)
			case c.browser:
				first(&j.browser, value)
			}
		}
	}
	return j
}

func first(field *string, value string) {
	if *field == "" {
		*field = value
	}
}
