package oidc

import (
	"fmt"
	"net/http"
	"net/url"
)

// backChannel sends what is meant for the issuer to where this process reaches it. The issuer's name is for browsers;
// in a cluster, and on a developer's machine, the service itself is somewhere else. The request keeps its Host, so the
// ID service answers under its public name and the issuer in the discovery document and the tokens is checked as usual.
type backChannel struct {
	issuer, target *url.URL
	base           http.RoundTripper
}

func newBackChannel(issuer, target string, base http.RoundTripper) (http.RoundTripper, error) {
	i, err := url.Parse(issuer)
	if err != nil || i.Host == "" {
		return nil, fmt.Errorf("the issuer %q is not a URL", issuer)
	}
	t, err := url.Parse(target)
	if err != nil || t.Host == "" {
		return nil, fmt.Errorf("the identity address %q is not a URL", target)
	}
	return &backChannel{issuer: i, target: t, base: base}, nil
}

// RoundTrip implements http.RoundTripper.
func (b *backChannel) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != b.issuer.Scheme || r.URL.Host != b.issuer.Host {
		return nil, fmt.Errorf("oidc: the discovery document points outside of the issuer, at %s", r.URL.Host)
	}
	r = r.Clone(r.Context())
	r.Host = b.issuer.Host
	r.URL.Scheme, r.URL.Host = b.target.Scheme, b.target.Host
	return b.base.RoundTrip(r)
}
