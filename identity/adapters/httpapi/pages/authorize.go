package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"

	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
)

// authorize is where clients send browsers. Somebody who is signed in and need
// not be asked anything passes through without seeing it.
func (p *Pages) authorize(w http.ResponseWriter, r *http.Request) {
	params := app.ParseAuthorizationParams(r.URL.Query())
	checked, deliverable, err := p.Authorizations.Check(r.Context(), params)
	if err != nil {
		if !deliverable { // the address to answer at may be anybody's
			p.Error(w, r, err)
			return
		}
		p.refuse(w, r, checked, app.OAuthError(err))
		return
	}
	who, found, err := p.current(r)
	if err != nil {
		p.Error(w, r, err)
		return
	}
	again := params.Prompts("login") || (found && params.TooOld(who.Session.CreatedAt, p.Authorizations.Clock.Now()))
	if !found || again {
		if params.Prompts("none") {
			p.refuse(w, r, checked, "login_required")
			return
		}
		p.toLogin(w, r, again)
		return
	}
	prompt, target, err := p.Authorizations.Begin(r.Context(), who, checked, params)
	if err != nil {
		p.Error(w, r, err)
		return
	}
	if target != "" {
		http.Redirect(w, r, target, http.StatusFound)
		return
	}
	p.ask(w, r, who, prompt)
}

func (p *Pages) ask(w http.ResponseWriter, r *http.Request, who app.Current, prompt app.Prompt) {
	t := words(languageOf(r))
	type item struct{ Name, Text string }
	var scopes []item
	for _, name := range prompt.Request.Scopes {
		scopes = append(scopes, item{name, t.scope(name)})
	}
	w.Header().Set("Content-Security-Policy", policy(origin(prompt.Request.RedirectURI)))
	p.render(w, r, http.StatusOK, "authorize", map[string]any{
		"Client": prompt.Client, "Scopes": scopes, "RequestID": prompt.Request.ID, "User": who.User, "Name": who.User.FullName(),
		"Host": hostOf(prompt.Request.RedirectURI),
	})
}

// answer takes what the user has decided.
func (p *Pages) answer(w http.ResponseWriter, r *http.Request) {
	who, found, err := p.current(r)
	if err == nil && !found {
		err = domain.ErrNotSignedIn
	}
	if err != nil {
		p.Error(w, r, err)
		return
	}
	var target string
	if id := r.PostForm.Get("request_id"); r.PostForm.Get("decision") == "approve" {
		target, err = p.Authorizations.Approve(r.Context(), who, id, nil, true)
	} else {
		target, err = p.Authorizations.Deny(r.Context(), who, id)
	}
	if err != nil {
		p.Error(w, r, err)
		return
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
}

func (p *Pages) refuse(w http.ResponseWriter, r *http.Request, c app.Checked, code string) {
	target, err := p.Authorizations.Refuse(c.Request, code)
	if err != nil {
		p.Error(w, r, err)
		return
	}
	http.Redirect(w, r, target, http.StatusFound)
}

// toLogin sends the browser to sign in and come back. What asked for a new
// sign-in is taken out of the way back, or it would ask for ever.
func (p *Pages) toLogin(w http.ResponseWriter, r *http.Request, again bool) {
	q := r.URL.Query()
	login := url.Values{}
	if again {
		login.Set("again", "1")
		prompts := slices.DeleteFunc(strings.Fields(q.Get("prompt")), func(s string) bool { return s == "login" })
		if q.Del("prompt"); len(prompts) > 0 {
			q.Set("prompt", strings.Join(prompts, " "))
		}
	}
	login.Set("next", "/authorize?"+q.Encode())
	http.Redirect(w, r, "/login?"+login.Encode(), http.StatusSeeOther)
}

func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Host
}
