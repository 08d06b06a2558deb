package httpapi

import (
	"net/http"
	"strings"

	"go.updspace.com/bff/domain"
)

// The names that the frontends know. The browser's own secret is of the gateway alone, so it can carry the prefix that makes
// browsers enforce what the other two keep by their attributes: https, no Domain, the whole host.
const (
	cookieSession = "updspace_session"
	cookieCSRF    = "updspace_csrf"
	cookieBrowser = "updspace_browser"
	hostPrefix    = "__Host-"
)

// cookies writes the gateway's cookies. All of them belong to one host only: no Domain, so no tenant and no other service
// ever sees another's.
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

func (c cookies) setSession(answer http.Header, token domain.Secret) {
	c.set(answer, cookieSession, string(token), true, int(domain.SessionTTL.Seconds()))
}

func (c cookies) clearSession(answer http.Header) { c.set(answer, cookieSession, "", true, -1) }

// setCSRF is readable by scripts: that is how it gets into the header.
func (c cookies) setCSRF(answer http.Header, token string) {
	c.set(answer, cookieCSRF, token, false, 0)
}

func (c cookies) setBrowser(answer http.Header, secret domain.Secret) {
	c.set(answer, c.browser, string(secret), true, 0)
}

// set replaces what the answer said about the cookie before: two values for one name would leave the choice to the browser.
func (c cookies) set(answer http.Header, name, value string, httpOnly bool, maxAge int) {
	kept := answer["Set-Cookie"][:0:0]
	for _, line := range answer["Set-Cookie"] {
		if !strings.HasPrefix(line, name+"=") {
			kept = append(kept, line)
		}
	}
	cookie := http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: httpOnly, Secure: c.secure, SameSite: http.SameSiteLaxMode,
	}
	answer["Set-Cookie"] = append(kept, cookie.String())
}

// requestCookies are the cookies of a request.
type requestCookies struct{ session, csrf, browser string }

// readCookies picks the gateway's cookies out of the Cookie header. Of several with one name the first counts, which browsers
// order by the most specific path.
func readCookies(r *http.Request, c *cookies) (found requestCookies) {
	fields := [...]struct {
		name  string
		value *string
	}{{cookieSession, &found.session}, {cookieCSRF, &found.csrf}, {c.browser, &found.browser}}
	for _, line := range r.Header["Cookie"] {
		for part := range strings.SplitSeq(line, ";") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			for _, field := range fields {
				if field.name == name && *field.value == "" {
					*field.value = value
				}
			}
		}
	}
	return found
}
