// Package browser knows who stands behind a request that no service has signed:
// which session token came and how, from where, and whether another site made
// the browser send it.
package browser

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/httpx"
)

// The names by which a session token travels.
const (
	CookieName   = "sessionid"
	headerToken  = "X-Session-Token"
	bearerPrefix = "Bearer "
)

// Request is who stands behind a request that no service has signed.
type Request struct {
	Cookie domain.Secret // session token in the cookie
	Header domain.Secret // session token in X-Session-Token, else in Authorization
	Bearer string        // Authorization: Bearer, whatever it is
	Basic  *url.Userinfo // Authorization: Basic, decoded as RFC 6749 has it
	Query  string
	Origin domain.Origin
}

// Token is the session token that counts: what a script sent on purpose before
// what the browser added.
func (r Request) Token() domain.Secret {
	if r.Header != "" {
		return r.Header
	}
	return r.Cookie
}

type key struct{}

// From returns what Middleware found.
func From(ctx context.Context) Request {
	r, _ := ctx.Value(key{}).(Request)
	return r
}

// Gate reads who stands behind a request, and guards against other sites
// making a browser send one.
type Gate struct {
	Site    string         // scheme and host of this service, as browsers see it
	Secure  bool           // cookies over https only
	Proxies []netip.Prefix // ours, in front: their X-Forwarded-For is believed
}

// ParseProxies reads a list of networks.
func ParseProxies(cidrs []string) ([]netip.Prefix, error) {
	prefixes := make([]netip.Prefix, 0, len(cidrs))
	for _, cidr := range cidrs {
		p, err := netip.ParsePrefix(strings.TrimSpace(cidr))
		if err != nil {
			return nil, fmt.Errorf("TRUSTED_PROXIES: %w", err)
		}
		prefixes = append(prefixes, p.Masked())
	}
	return prefixes, nil
}

// Middleware puts the Request into the context and refuses what another site
// has made it send with its cookie.
func (b *Gate) Middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := b.read(r)
		if who.Header == "" && who.Cookie != "" && !b.SameSite(r) {
			httpx.WriteError(w, r, domain.ErrCrossSite)
			return
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, who)))
	})
}

func (b *Gate) read(r *http.Request) Request {
	who := Request{
		Header: domain.Secret(r.Header.Get(headerToken)), Query: r.URL.RawQuery,
		Origin: domain.Origin{IP: b.address(r), UserAgent: r.UserAgent()},
	}
	if c, err := r.Cookie(CookieName); err == nil {
		who.Cookie = domain.Secret(c.Value)
	}
	authorization := r.Header.Get("Authorization")
	if len(authorization) > len(bearerPrefix) && strings.EqualFold(authorization[:len(bearerPrefix)], bearerPrefix) {
		who.Bearer = authorization[len(bearerPrefix):]
		if who.Header == "" {
			who.Header = domain.Secret(who.Bearer)
		}
	}
	if id, secret, ok := r.BasicAuth(); ok {
		id, err1 := url.QueryUnescape(id)
		secret, err2 := url.QueryUnescape(secret)
		if err1 == nil && err2 == nil {
			who.Basic = url.UserPassword(id, secret)
		}
	}
	return who
}

// SameSite reports whether a request that changes something was sent by a page
// of ours, as far as a browser tells. Programs that are no browsers tell
// nothing, and nobody can make them send a cookie.
func (b *Gate) SameSite(r *http.Request) bool {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
		return true
	}
	if site := r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin" || site == "none"
	}
	origin := r.Header.Get("Origin")
	return origin == "" || origin == b.Site
}

// address is the peer, or, when that is a proxy of ours, the last address in
// X-Forwarded-For that is not: what lies beyond was written by the client. An
// IPv6 client counts by its /64, of which it has all addresses.
func (b *Gate) address(r *http.Request) string {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return ""
	}
	addr := peer.Addr().Unmap()
	hops := strings.Split(strings.Join(r.Header["X-Forwarded-For"], ","), ",")
	for i := len(hops) - 1; i >= 0 && b.ours(addr); i-- {
		hop, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
		if err != nil {
			break
		}
		addr = hop.Unmap()
	}
	if addr.Is6() {
		if p, err := addr.WithZone("").Prefix(64); err == nil {
			return p.String()
		}
	}
	return addr.String()
}

func (b *Gate) ours(addr netip.Addr) bool {
	for _, p := range b.Proxies {
		if p.Contains(addr) {
			return true
		}
	}
	return false
}

// SessionCookie is the cookie that carries a session token until it ends.
func (b *Gate) SessionCookie(token domain.Secret, expires, now time.Time) *http.Cookie {
	// Lax and not Strict: the way to /authorize begins on another site.
	return &http.Cookie{
		Name: CookieName, Value: string(token), Path: "/", HttpOnly: true, Secure: b.Secure, SameSite: http.SameSiteLaxMode,
		MaxAge: int(expires.Sub(now) / time.Second),
	}
}

// NoSessionCookie makes a browser forget the session.
func (b *Gate) NoSessionCookie() *http.Cookie {
	return &http.Cookie{Name: CookieName, Path: "/", HttpOnly: true, Secure: b.Secure, SameSite: http.SameSiteLaxMode, MaxAge: -1}
}
