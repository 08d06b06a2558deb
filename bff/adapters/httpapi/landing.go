package httpapi

import (
	"bytes"
	"net/http"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

// landing stands where the portal will be, in development mode: a page that
// says who is signed in and lets people in and out.
type landing struct {
	gate *gate
	next http.Handler
	id   string
}

func newLanding(g *gate, id string, next http.Handler) *landing {
	return &landing{gate: g, id: id, next: next}
}

var assets = map[string]struct{ file, kind string }{
	"/assets/landing.css": {"pages/assets/landing.css", "text/css; charset=utf-8"},
	"/assets/landing.js":  {"pages/assets/landing.js", "text/javascript; charset=utf-8"},
	"/favicon.ico":        {"pages/assets/favicon.svg", "image/svg+xml"},
}

func (l *landing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	asset, isAsset := assets[r.URL.Path]
	if !isAsset && r.URL.Path != "/" {
		l.next.ServeHTTP(w, r)
		return
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		httpx.WriteError(w, r, errs.New(errs.NotAllowed, "", "This address does not take this method."))
		return
	}
	if isAsset {
		httpx.SetOperation(r.Context(), "asset")
		content, err := pageFiles.ReadFile(asset.file)
		if err != nil {
			httpx.WriteError(w, r, err)
			return
		}
		w.Header().Set("Content-Type", asset.kind)
		_, _ = w.Write(content) // the client is gone; nobody is left to tell
		return
	}
	httpx.SetOperation(r.Context(), "landing")
	l.page(w, r)
}

func (l *landing) page(w http.ResponseWriter, r *http.Request) {
	tenant, err := l.gate.tenants.ByHost(r.Context(), r.Host)
	if err != nil {
		httpx.WriteError(w, r, err)
		return
	}
	v := visit{gate: l.gate, tenant: tenant}
	jar := readCookies(r, &l.gate.cookies)
	if err := l.gate.identify(r.Context(), &v, jar); err != nil {
		httpx.WriteError(w, r, err)
		return
	}
	l.gate.equip(w, &v, jar)
	data := struct {
		Tenant                        domain.Tenant
		User, Role, Problem, IDOrigin string
	}{Tenant: tenant, IDOrigin: l.id}
	if v.signedIn {
		if _, err := l.gate.admit(r.Context(), &v); err != nil {
			data.Problem = httpx.Public(err).Message
		} else {
			data.User, data.Role = v.session.UserID.String(), v.principal.Membership.BaseRole
		}
	}
	var page bytes.Buffer
	if err := pageTemplates.ExecuteTemplate(&page, "landing.html", data); err != nil {
		httpx.WriteError(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cache-Control", "no-store")
	_, _ = page.WriteTo(w) // the client is gone; nobody is left to tell
}
