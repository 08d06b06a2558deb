package httpapi

import (
	"net/http"
	"net/url"

	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
)

const signedOutPath = "/signed-out"

// endSession is where clients send browsers to sign out (OpenID Connect RP-Initiated Logout 1.0). The user is asked, unless the
// client shows an ID token of the session that the browser has.
func (p pages) endSession(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodPost { // a client's form comes without our cookie: the browser sends it along with a link
		http.Redirect(w, r, r.URL.Path+logoutQuery(r.PostForm), http.StatusSeeOther)
		return nil
	}
	request, err := p.checkLogout(r)
	if err != nil {
		return err
	}
	who, user, err := p.current(r)
	if err != nil {
		return err
	}
	if user != nil && (r.Method == http.MethodHead || !request.Confirmed(who)) {
		http.Redirect(w, r, "/logout"+logoutQuery(r.URL.Query()), http.StatusSeeOther)
		return nil
	}
	if user != nil {
		from := browserauth.From(r.Context())
		if err := p.Sessions.EndQuietly(r.Context(), from.Origin, from.Cookie); err != nil {
			return err
		}
		http.SetCookie(w, p.gate.NoSessionCookie())
	}
	p.goodbye(w, r, request)
	return nil
}

// logout is the page that asks.
func (p pages) logout(w http.ResponseWriter, r *http.Request) error {
	request, err := p.checkLogout(r)
	if err != nil {
		return err
	}
	_, user, err := p.current(r)
	if err != nil {
		return err
	}
	if user == nil {
		p.goodbye(w, r, request)
		return nil
	}
	v := visit{user: user, forms: forms{Logout: &logoutQuestion{}}}
	if request.Target != "" {
		v.forms.Logout = &logoutQuestion{Client: &request.Client.Name, Host: new(hostOf(request.Target))}
		if slug, ok := request.Client.MatchPostLogout(r.URL.Query().Get("post_logout_redirect_uri")); ok {
			v.tenant = p.tenant(r, slug)
		}
	}
	return p.show(w, r, v)
}

func (p pages) checkLogout(r *http.Request) (app.LogoutRequest, error) {
	q := r.URL.Query()
	return p.SignOut.CheckLogout(r.Context(), app.LogoutParams{
		IDTokenHint: q.Get("id_token_hint"), ClientID: q.Get("client_id"), RedirectURI: q.Get("post_logout_redirect_uri"), State: q.Get("state"),
	})
}

// goodbye is where a browser goes that is signed out.
func (p pages) goodbye(w http.ResponseWriter, r *http.Request, request app.LogoutRequest) {
	target := request.Target
	if target == "" {
		target = signedOutPath
		if locales := r.URL.Query().Get("ui_locales"); locales != "" {
			target += "?" + url.Values{"ui_locales": {locales}}.Encode()
		}
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}

// logoutQuery is the query of a logout request with the parameters that count.
func logoutQuery(sent url.Values) string {
	q := url.Values{}
	for _, name := range []string{"id_token_hint", "client_id", "post_logout_redirect_uri", "state", "ui_locales"} {
		if v := sent.Get(name); v != "" {
			q.Set(name, v)
		}
	}
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}
