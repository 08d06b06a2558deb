package standins

import (
	"net/http"
	"strconv"
)

// gitHub signs people in as GitHub does: errors of the token endpoint have status 200, and ids are numbers
// (https://docs.github.com/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps).
type gitHub struct{ oauth }

func newGitHub() *gitHub { return &gitHub{oauth{system: "GitHub", accounts: GitHubAccounts}} }

func (g *gitHub) routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /github/login/oauth/authorize", g.page)
	mux.HandleFunc("POST /github/login/oauth/authorize", g.answer)
	mux.HandleFunc("POST /github/login/oauth/access_token", func(w http.ResponseWriter, r *http.Request) {
		if _, token, ok := g.redeem(w, r, http.StatusOK); ok {
			writeJSON(w, http.StatusOK, map[string]any{"access_token": token, "token_type": "bearer", "scope": ""})
		}
	})
	mux.HandleFunc("GET /github/api/user", func(w http.ResponseWriter, r *http.Request) {
		id, ok := g.bearer(w, r)
		if !ok {
			return
		}
		number, err := strconv.ParseInt(id, 10, 64)
		if err != nil {
			writeJSON(w, http.StatusNotFound, map[string]string{"message": "Not Found"})
			return
		}
		writeJSON(w, http.StatusOK, map[string]any{"login": nameOf(GitHubAccounts, id), "id": number, "type": "User"})
	})
}
