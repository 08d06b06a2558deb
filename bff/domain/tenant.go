// Package domain holds what the gateway knows and decides: which tenant a host
// belongs to, what a session is and when it is over, who may pass, where a
// login may lead. It reads no clock and does no I/O.
package domain

import (
	"strings"

	"github.com/google/uuid"
)

// Tenant is one community, addressed by its slug in the host name.
type Tenant struct {
	ID   uuid.UUID
	Slug string
	Name string
}

// HostRule maps host names to tenant slugs: <slug>.<suffix>, and
// <api>.<slug>.<suffix> for those who keep the API on a host of its own.
type HostRule struct {
	Suffix    string // updspace.com, localhost
	APIPrefix string // api
}

// reserved names are hosts of the platform itself, never of a community.
var reserved = map[string]bool{
	"id": true, "api": true, "www": true, "portal": true, "app": true, "admin": true,
	"static": true, "media": true, "mail": true, "status": true, "docs": true,
}

// Slug returns the tenant a Host header names. Labels beyond the one that is
// the tenant are refused rather than ignored, so that a tenant has exactly the
// hosts its cookies belong to.
func (h HostRule) Slug(host string) (string, bool) {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.Contains(host[i:], "]") {
		host = host[:i]
	}
	name, ok := cutSuffixFold(host, h.Suffix)
	if !ok {
		return "", false
	}
	name = strings.ToLower(name)
	if h.APIPrefix != "" {
		name = strings.TrimPrefix(name, h.APIPrefix+".")
	}
	if !ValidSlug(name) || reserved[name] {
		return "", false
	}
	return name, true
}

// cutSuffixFold removes ".suffix" from the end, ignoring case.
func cutSuffixFold(host, suffix string) (string, bool) {
	n := len(host) - len(suffix)
	if suffix == "" || n < 2 || host[n-1] != '.' || !strings.EqualFold(host[n:], suffix) {
		return "", false
	}
	return host[:n-1], true
}

// ValidSlug reports whether s can be a tenant's slug: a DNS label of letters,
// digits and inner hyphens. Asking identity about anything else is pointless.
func ValidSlug(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '-':
		default:
			return false
		}
	}
	return true
}
