package httpapi

import (
	"net/http"
	"net/url"
	"strings"

	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/libs/httpx"
)

// adminPrefix is where the operations for system administrators are.
const adminPrefix = "/api/v1/admin/"

// administration lets only system administrators through to what is below adminPrefix, before anything of their requests is read.
func (s server) administration(next http.Handler) http.Handler {
	guarded := s.gate.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		who := browserauth.From(r.Context())
		ctx, err := s.Administration.Enter(r.Context(), who.Token(), who.Origin, r.Method != http.MethodGet && r.Method != http.MethodHead)
		if err != nil {
			httpx.SetOperation(r.Context(), "administration")
			httpx.WriteError(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, adminPrefix) {
			noStore(guarded).ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// admin are the pages of system administrators. For everyone else they are pages that do not exist; a guest signs in first.
func (p pages) admin(w http.ResponseWriter, r *http.Request) error {
	_, user, err := p.current(r)
	switch {
	case err != nil:
		return err
	case user == nil:
		http.Redirect(w, r, "/login?"+url.Values{"next": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		return nil
	case !user.SystemAdmin:
		return p.show(w, r, visit{user: user, status: http.StatusNotFound})
	}
	return p.show(w, r, visit{user: user})
}
