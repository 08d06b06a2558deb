package pages

import (
	"errors"
	"net/http"
	"net/url"

	"go.updspace.com/identity/adapters/httpapi/browser"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
)

// current finds the session of the browser; found is false for a guest.
func (p *Pages) current(r *http.Request) (who app.Current, found bool, err error) {
	who, err = p.Sessions.Find(r.Context(), browser.From(r.Context()).Cookie)
	if errors.Is(err, domain.ErrNotSignedIn) || errors.Is(err, domain.ErrInvalidSession) {
		return app.Current{}, false, nil
	}
	return who, err == nil, err
}

func (p *Pages) home(w http.ResponseWriter, r *http.Request) {
	who, found, err := p.current(r)
	if err != nil {
		p.Error(w, r, err)
		return
	}
	p.render(w, r, http.StatusOK, "home", map[string]any{"SignedIn": found, "User": who.User, "Name": who.User.FullName()})
}

func (p *Pages) loginForm(w http.ResponseWriter, r *http.Request) {
	next := domain.SafeNext(r.URL.Query().Get("next"), "/")
	_, found, err := p.current(r)
	if err != nil {
		p.Error(w, r, err)
		return
	}
	if found && r.URL.Query().Get("again") == "" {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return
	}
	p.showLogin(w, r, http.StatusOK, next, "", nil)
}

func (p *Pages) showLogin(w http.ResponseWriter, r *http.Request, status int, next, email string, problem error) {
	token, err := p.SignIn.FormToken(app.PurposeLogin)
	if err != nil {
		p.Error(w, r, err)
		return
	}
	data := map[string]any{"Next": next, "Email": email, "FormToken": token, "Client": "", "Problem": ""}
	if c, ok := p.leadsTo(r, next); ok {
		data["Client"] = c.Client.Name
		w.Header().Set("Content-Security-Policy", policy(origin(c.Request.RedirectURI)))
	}
	if problem != nil {
		data["Problem"] = words(languageOf(r)).of(httpx.Public(problem))
	}
	p.render(w, r, status, "login", data)
}

// leadsTo finds the client that a sign-in is for.
func (p *Pages) leadsTo(r *http.Request, next string) (app.Checked, bool) {
	u, err := url.Parse(next)
	if err != nil || u.Path != "/authorize" {
		return app.Checked{}, false
	}
	c, deliverable, _ := p.Authorizations.Check(r.Context(), app.ParseAuthorizationParams(u.Query()))
	return c, deliverable
}

func (p *Pages) login(w http.ResponseWriter, r *http.Request) {
	next := domain.SafeNext(r.PostForm.Get("next"), "/")
	email := r.PostForm.Get("email")
	in, err := p.SignIn.WithPassword(r.Context(), app.Credentials{
		Email: email, Password: r.PostForm.Get("password"), FormToken: r.PostForm.Get("form_token"),
	}, browser.From(r.Context()).Origin)
	if err != nil {
		public := httpx.Public(err)
		if public.Kind == errs.Internal {
			p.Error(w, r, err)
			return
		}
		p.report(r, public, err)
		p.showLogin(w, r, httpx.Status(public.Kind), next, email, err)
		return
	}
	http.SetCookie(w, p.Gate.SessionCookie(in.Token, in.Session.ExpiresAt, in.Session.CreatedAt))
	http.Redirect(w, r, next, http.StatusSeeOther)
}

func (p *Pages) logout(w http.ResponseWriter, r *http.Request) {
	who := browser.From(r.Context())
	err := p.Sessions.End(r.Context(), who.Origin, who.Cookie)
	if err != nil && !errors.Is(err, domain.ErrNotSignedIn) {
		p.Error(w, r, err)
		return
	}
	http.SetCookie(w, p.Gate.NoSessionCookie())
	http.Redirect(w, r, domain.SafeNext(r.PostForm.Get("next"), "/login"), http.StatusSeeOther)
}

func origin(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}
