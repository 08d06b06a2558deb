// Package domain holds the rules of the gateway: which tenant a host belongs to, what a session is and when it ends, which
// users may act in a tenant, where a sign-in may lead. It reads no clock and does no I/O.
package domain

import (
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/valid"
)

// Tenant is one community, addressed by its slug in the host name.
type Tenant struct {
	ID   uuid.UUID
	Slug string
	Name string
	Card Card
}

// Card is what a tenant shows of itself besides its name. The addresses of pictures are paths of its host, or empty.
type Card struct {
	Description       string
	Hue               int
	Chroma            float64
	LogoURL, CoverURL string
	Languages         []string
	DefaultLanguage   string
	Admission         string // how users become members
	Version           int    // counts its changes
}

// HostRule maps host names to tenant slugs: <slug>.<suffix>, and
// <api>.<slug>.<suffix> for those who keep the API on a host of its own.
type HostRule struct {
	Suffix    string // updspace.com, localhost
	APIPrefix string // api
}

// Slug returns the tenant a Host header names. Labels beyond the one that is the tenant are refused rather than
// ignored, so that a tenant has exactly the hosts its cookies belong to.
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
	if !valid.Slug(name) {
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
