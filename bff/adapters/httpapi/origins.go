package httpapi

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
)

const headerCSRF = "X-Csrf-Token" // as net/http spells X-CSRF-Token

// origins says which pages may send unsafe requests. Browsers state the page's origin; programs that are not browsers
// say nothing and have no cookies that anyone could ride on.
type origins struct {
	origin app.Origin
	extra  []string
	dev    bool
}

func (o origins) check(r *http.Request, tenant domain.Tenant) error {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "none", "same-origin", "same-site": // same-site is for Origin to decide
	default:
		return domain.ErrCSRF
	}
	values := r.Header["Origin"]
	if len(values) == 0 {
		if r.Header.Get("Sec-Fetch-Site") == "same-site" {
			return domain.ErrCSRF
		}
		return nil
	}
	if len(values) == 1 && o.allowed(values[0], tenant) {
		return nil
	}
	return domain.ErrCSRF
}

func (o origins) allowed(origin string, tenant domain.Tenant) bool {
	own := o.origin.Of(tenant)
	if origin == own || slices.Contains(o.extra, origin) {
		return true
	}
	// In development the pages come from a dev server on another port of the host.
	return o.dev && sameHost(origin, own)
}

func sameHost(a, b string) bool {
	ua, errA := url.Parse(a)
	ub, errB := url.Parse(b)
	return errA == nil && errB == nil && ua.Hostname() != "" && strings.EqualFold(ua.Hostname(), ub.Hostname())
}
