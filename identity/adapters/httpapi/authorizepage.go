package httpapi

import (
	"net/http"
	"net/url"

	"go.updspace.com/identity/app"
)

// authorizeEndpoint sends a browser on to the page, with the request as it came, as a query or as a form, and a stamp of the
// time.
func (p pages) authorizeEndpoint(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if r.Method == http.MethodPost {
		q = r.PostForm
	}
	q.Set(app.DemandParam, p.Authorizations.Stamp(app.ParseAuthorizationParams(q)))
	http.Redirect(w, r, "/authorize?"+q.Encode(), http.StatusSeeOther)
	return nil
}

// authorize is where clients send browsers. It is shown only when the user must be asked something.
func (p pages) authorize(w http.ResponseWriter, r *http.Request) error {
	params := app.ParseAuthorizationParams(r.URL.Query())
	checked, deliverable, err := p.Authorizations.Check(r.Context(), params)
	if err != nil {
		if !deliverable { // the address is not known to be the client's
			return err
		}
		return p.answerClient(w, r, checked, err)
	}
	who, user, err := p.current(r)
	if err != nil {
		return err
	}
	needed, err := p.Authorizations.NeedsSignIn(r.Context(), checked, params, who, user != nil)
	if err != nil {
		return p.answerClient(w, r, checked, err)
	}
	if needed {
		p.toLogin(w, r, params, user != nil)
		return nil
	}
	prompt, target, err := p.Authorizations.Begin(r.Context(), who, checked, params)
	if err != nil {
		return err
	}
	if target != "" {
		http.Redirect(w, r, target, http.StatusFound)
		return nil
	}
	v := visit{user: user, forms: forms{Authorize: new(toPrompt(prompt))}}
	p.describe(r, &v, prompt.Client, prompt.Request.RedirectURI)
	return p.show(w, r, v)
}

// answerClient tells the client what is wrong with its request.
func (p pages) answerClient(w http.ResponseWriter, r *http.Request, c app.Checked, why error) error {
	target, err := p.Authorizations.Refuse(c.Request, why)
	if err != nil {
		return err
	}
	http.Redirect(w, r, target, http.StatusFound)
	return nil
}

// toLogin sends the browser to sign in and come back. What the client demands stays in the way back, with a stamp: a sign-in
// after it meets the demand.
func (p pages) toLogin(w http.ResponseWriter, r *http.Request, params app.AuthorizationParams, again bool) {
	q := r.URL.Query()
	q.Set(app.DemandParam, p.Authorizations.Stamp(params))
	login := url.Values{"next": {"/authorize?" + q.Encode()}}
	if again {
		login.Set("again", "1")
	}
	http.Redirect(w, r, "/login?"+login.Encode(), http.StatusSeeOther)
}
