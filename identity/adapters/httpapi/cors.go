package httpapi

import (
	"net/http"

	"go.updspace.com/identity/app"
	"go.updspace.com/libs/httpx"
)

// corsMaxAge is how long a browser remembers what it may send, in seconds.
const corsMaxAge = "600"

// cors lets pages of other sites call the provider: every page may read what is published, and pages of the origins of public
// clients may redeem and revoke tokens and ask for claims. No answer allows credentials, so no cookie is read.
func (s server) cors(next http.Handler) http.Handler {
	public := map[string]bool{"/.well-known/openid-configuration": true, "/.well-known/oauth-authorization-server": true, "/.well-known/jwks.json": true, "/oauth/jwks": true}
	called := map[string]bool{app.PathToken: true, pathUserinfo: true, "/oauth/revoke": true}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		origin := r.Header.Get("Origin")
		switch {
		case public[r.URL.Path]:
			w.Header().Set("Access-Control-Allow-Origin", "*")
		case called[r.URL.Path]:
			w.Header().Add("Vary", "Origin")
			if origin == "" || origin == s.issuer {
				break
			}
			ok, err := s.Clients.AllowsOrigin(r.Context(), origin)
			if err != nil {
				httpx.WriteError(w, r, err)
				return
			}
			if ok {
				w.Header().Set("Access-Control-Allow-Origin", origin)
				w.Header().Set("Access-Control-Expose-Headers", "WWW-Authenticate")
			}
		}
		if r.Method == http.MethodOptions && r.Header.Get("Access-Control-Request-Method") != "" && w.Header().Get("Access-Control-Allow-Origin") != "" {
			w.Header().Set("Access-Control-Allow-Methods", "GET, POST")
			w.Header().Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
			w.Header().Set("Access-Control-Max-Age", corsMaxAge)
			w.WriteHeader(http.StatusNoContent)
			return
		}
		next.ServeHTTP(w, r)
	})
}
