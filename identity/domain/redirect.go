package domain

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.updspace.com/libs/valid"
)

// TenantPlaceholder may stand for the whole first label of a registered
// redirect URI's host: it matches the slug of any tenant.
const TenantPlaceholder = "{tenant}"

// RedirectRule is one registered redirect URI: an exact one, or one per tenant.
type RedirectRule string

// Valid reports whether the rule is an absolute http(s) URI without fragment
// and user info, with the placeholder nowhere but in its place.
func (r RedirectRule) Valid() bool {
	s := string(r)
	if r.perTenant() {
		s = strings.Replace(s, "://"+TenantPlaceholder+".", "://t.", 1)
	}
	if strings.ContainsAny(s, "{}") {
		return false
	}
	_, ok := parseTarget(s)
	return ok
}

func (r RedirectRule) perTenant() bool {
	return strings.Contains(string(r), "://"+TenantPlaceholder+".")
}

// Match reports whether uri is allowed by the rule, compared byte by byte. For
// a rule per tenant it returns the slug, which the caller must find to exist.
func (r RedirectRule) Match(uri string) (slug string, ok bool) {
	if !r.perTenant() {
		return "", string(r) == uri
	}
	return matchTenant(string(r), uri)
}

// MatchOrigin reports whether target, an absolute URI, has the origin of the rule.
func (r RedirectRule) MatchOrigin(target string) (slug string, ok bool) {
	u, valid := parseTarget(target)
	if !valid {
		return "", false
	}
	origin := originOf(u)
	rule := string(r)
	if i := strings.Index(rule, "://"); i >= 0 {
		if end := strings.IndexAny(rule[i+3:], "/?#"); end >= 0 {
			rule = rule[:i+3+end]
		}
	}
	if !r.perTenant() {
		return "", rule == origin
	}
	return matchTenant(rule, origin)
}

func matchTenant(rule, uri string) (slug string, ok bool) {
	before, after, _ := strings.Cut(rule, TenantPlaceholder)
	rest, ok := strings.CutPrefix(uri, before)
	if !ok {
		return "", false
	}
	slug, ok = strings.CutSuffix(rest, after)
	if !ok || !valid.Slug(slug) {
		return "", false
	}
	return slug, true
}

// originOf is scheme and host of u as browsers write an origin.
func originOf(u *url.URL) string { return u.Scheme + "://" + u.Host }

func parseTarget(s string) (*url.URL, bool) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Hostname() == "" ||
		u.User != nil || u.Fragment != "" || strings.Contains(s, "#") || u.Opaque != "" || len(s) > 2048 || hasControl(s) ||
		strings.Contains(s, "\\") {
		return nil, false
	}
	return u, true
}

// SafeNext returns next when it is a path of this site, else fallback. Browsers
// read backslashes as slashes and drop control characters, so neither may be in it.
func SafeNext(next, fallback string) string {
	if len(next) > 8192 || !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, "\\") || hasControl(next) {
		return fallback
	}
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" {
		return fallback
	}
	return next
}

// hasControl also finds what is no text at all: neither can be stored.
func hasControl(s string) bool {
	return !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl)
}

// WithQuery adds parameters to an address, and replaces those that are there.
func WithQuery(target string, add url.Values) (string, error) {
	if len(add) == 0 {
		return target, nil
	}
	u, err := url.Parse(target)
	if err != nil {
		return "", ErrRedirectTarget.Wrap(err)
	}
	q := u.Query()
	for name, values := range add {
		q[name] = values
	}
	u.RawQuery = q.Encode()
	return u.String(), nil
}
