package httpapi

import (
	"net/http"
	"net/url"
	"strings"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/app"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/wire"
	"go.updspace.com/web"
)

// pages are the addresses of the ID host that people open. Where a browser goes is decided here; the frontend shows a page only
// when its user must see or answer something, and starts with the question.
type pages struct {
	server
	frontend *web.App
}

// boot is what the frontend starts with.
type boot struct {
	Tenant      *commonapi.TenantCard    `json:"tenant"`      // the community that a sign-in is for, if it is known
	Account     *identityapi.AuthUser    `json:"account"`     // null for a guest
	Preferences *identityapi.Preferences `json:"preferences"` // of the account
	Lang        string                   `json:"lang"`
	Theme       string                   `json:"theme"`
	Version     string                   `json:"version"`
	Forms       forms                    `json:"forms"`
}

// forms are what was prepared for the page of one address.
type forms struct {
	Next      string                           `json:"next,omitempty"`
	Again     bool                             `json:"again,omitempty"`
	Email     string                           `json:"email,omitempty"`
	FormToken string                           `json:"form_token,omitempty"`
	Providers []identityapi.ExternalProvider   `json:"providers,omitempty"`
	Client    *clientCard                      `json:"client,omitempty"`
	Authorize *identityapi.AuthorizationPrompt `json:"authorize,omitempty"`
	Logout    *logoutQuestion                  `json:"logout,omitempty"`
	Back      *wayBack                         `json:"back,omitempty"`
	Mails     *mailQuestion                    `json:"mails,omitempty"`
	Error     *pageError                       `json:"error,omitempty"`
}

// clientCard is the application that sent the browser here.
type clientCard struct {
	ClientID string  `json:"client_id"`
	Name     string  `json:"name"`
	LogoURL  *string `json:"logo_url"`
	Host     string  `json:"host"` // where the browser goes afterwards
}

// logoutQuestion is who asks for a sign-out, if it is known, and where the browser goes afterwards.
type logoutQuestion struct {
	Client *string `json:"client"`
	Host   *string `json:"host"`
}

// wayBack is the community that sent its member to the account, and the address of its pages.
type wayBack struct {
	Tenant commonapi.TenantCard `json:"tenant"`
	URL    string               `json:"url"`
}

type pageError struct {
	Status    int    `json:"status"`
	Code      string `json:"code"`
	Message   string `json:"message"`
	RequestID string `json:"request_id"`
}

// visit is what is known when a page is shown.
type visit struct {
	status int // 0 is 200
	user   *domain.User
	tenant *domain.Tenant
	forms  forms
}

// maxForm is more than any request of an OAuth client takes.
const maxForm = 64 << 10

// redirectPolicy is for answers that have nothing to show.
const redirectPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// handler serves the pages and the files of the frontend, and hands everything else to next.
func (p pages) handler(next http.Handler) http.Handler {
	mux := http.NewServeMux()
	handle := func(pattern, operation string, answer func(http.ResponseWriter, *http.Request) error) {
		mux.Handle(pattern, p.page(operation, answer))
	}
	handle("GET /{$}", "pageHome", p.home)
	handle("GET /login", "pageLogin", p.login)
	handle("GET /signup", "pageSignUp", p.signup)
	handle("GET "+app.PathVerify, "pageVerify", p.verify)
	handle("GET /authorize", "pageAuthorize", p.authorize)
	handle("GET /logout", "pageLogout", p.logout)
	handle("GET /signed-out", "pageSignedOut", p.open)
	handle("GET "+app.PathUnsubscribe, "pageUnsubscribe", p.unsubscribe)
	handle("POST "+app.PathUnsubscribe, "unsubscribe", p.unsubscribe)
	handle("GET /account", "pageAccount", p.account)
	handle("GET /account/", "pageAccount", p.account)
	handle("GET /admin", "pageAdmin", p.admin)
	handle("GET /admin/", "pageAdmin", p.admin)
	handle("GET "+domain.ProviderCallbackPath+"{provider}", "externalCallback", p.callback)
	handle("GET /oauth/authorize", "authorize", p.authorizeEndpoint)
	handle("POST /oauth/authorize", "authorize", p.authorizeEndpoint)
	handle("GET /oauth/end_session", "endSession", p.endSession)
	handle("POST /oauth/end_session", "endSession", p.endSession)
	others := p.frontend.Handler(p.page("page", p.open), next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		others.ServeHTTP(w, r)
	})
}

// page answers with the page of an error when answer fails.
func (p pages) page(operation string, answer func(http.ResponseWriter, *http.Request) error) http.Handler {
	return p.gate.Middleware(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpx.SetOperation(r.Context(), operation)
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", redirectPolicy)
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		var err error
		if r.Method == http.MethodPost {
			err = r.ParseForm()
		}
		if err != nil {
			err = domain.ErrOAuthRequest.WithMessage("The form cannot be read, or is too large.").Wrap(err)
		} else {
			err = answer(w, r)
		}
		if err != nil {
			p.refuse(w, r, err)
		}
	}))
}

// current finds the session of the browser; user is nil for a guest.
func (p pages) current(r *http.Request) (who app.Current, user *domain.User, err error) {
	who, found, err := p.Sessions.FindOrGuest(r.Context(), browserauth.From(r.Context()).Cookie)
	if found {
		user = &who.User
	}
	return who, user, err
}

func (p pages) show(w http.ResponseWriter, r *http.Request, v visit) error {
	b := boot{Version: p.frontend.Version(), Forms: v.forms}
	page := web.Page{Status: v.status, Title: "UpdSpace ID", Hue: ownHue, Chroma: ownChroma, Images: []string{p.origin("*")}}
	var account domain.User
	if v.user != nil {
		account = *v.user
		shown, err := p.authUser(r.Context(), account)
		if err != nil {
			return err
		}
		b.Account, b.Preferences = &shown, new(toPreferences(account))
	}
	language := ""
	if v.tenant != nil {
		b.Tenant = new(p.toTenantCard(*v.tenant))
		language, page.Hue, page.Chroma = v.tenant.DefaultLanguage, v.tenant.Hue, v.tenant.Chroma
	}
	b.Lang = web.Language(r, account.Language, language, locales(r)...)
	b.Theme = web.Theme(r, string(account.Theme))
	page.Lang, page.Theme, page.Boot = b.Lang, b.Theme, b
	return p.frontend.Write(w, r, page)
}

// The colour of pages that belong to no community.
const (
	ownHue    = 262
	ownChroma = 0.075
)

// locales are the languages that the application asks for.
func locales(r *http.Request) []string {
	q := r.URL.Query()
	wanted := q.Get("ui_locales")
	if wanted == "" {
		wanted = queryOf(q.Get("next")).Get("ui_locales")
	}
	return strings.Fields(wanted)
}

// refuse is the page about something that went wrong.
func (p pages) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e := httpx.Public(err)
	httpx.RecordError(r.Context(), err)
	_, user, _ := p.current(r) // it is for the page's language alone
	status := httpx.Status(e.Kind)
	if err := p.show(w, r, visit{status: status, user: user, forms: forms{Error: &pageError{
		Status: status, Code: e.Code, Message: e.Message, RequestID: httpx.RequestID(r.Context()),
	}}}); err != nil {
		httpx.WriteError(w, r, err)
	}
}

// home leads on: the ID host has no page of its own.
func (p pages) home(w http.ResponseWriter, r *http.Request) error {
	_, user, err := p.current(r)
	if err != nil {
		return err
	}
	target := "/login"
	if user != nil {
		target = accountPath
	}
	http.Redirect(w, r, target, http.StatusSeeOther)
	return nil
}

const accountPath = domain.AccountPath

// account are the pages about a user's own account.
func (p pages) account(w http.ResponseWriter, r *http.Request) error {
	_, user, err := p.current(r)
	if err != nil {
		return err
	}
	if user == nil {
		http.Redirect(w, r, "/login?"+url.Values{"next": {r.URL.RequestURI()}}.Encode(), http.StatusSeeOther)
		return nil
	}
	v := visit{user: user}
	if from := p.tenant(r, r.URL.Query().Get("from")); from != nil {
		v.forms.Back = &wayBack{Tenant: p.toTenantCard(*from), URL: p.absolute(from.Slug, "/")}
	}
	return p.show(w, r, v)
}

// open is a page that needs no preparation; at an address that is no page, the frontend says so.
func (p pages) open(w http.ResponseWriter, r *http.Request) error {
	_, user, err := p.current(r)
	if err != nil {
		return err
	}
	return p.show(w, r, visit{user: user})
}

// login is the page that signs in.
func (p pages) login(w http.ResponseWriter, r *http.Request) error {
	next := domain.SafeNext(r.URL.Query().Get("next"), accountPath)
	_, user, err := p.current(r)
	if err != nil {
		return err
	}
	again := r.URL.Query().Get("again") != ""
	if user != nil && !again {
		http.Redirect(w, r, next, http.StatusSeeOther)
		return nil
	}
	token, err := p.SignIn.FormToken(app.PurposeLogin)
	if err != nil {
		return err
	}
	v := visit{user: user, forms: forms{
		Next: next, Again: user != nil, FormToken: token, Email: queryOf(next).Get("login_hint"),
		Providers: wire.Each(p.Linking.ListProviders(), toExternalProvider),
	}}
	p.arriving(r, &v, next)
	return p.show(w, r, v)
}

// describe says whose request it is: the client, and the community on whose host it runs.
func (p pages) describe(r *http.Request, v *visit, c domain.Client, target string) {
	v.forms.Client = &clientCard{ClientID: c.ID, Name: c.Name, LogoURL: c.LogoURL, Host: hostOf(target)}
	if slug, ok := c.MatchRedirect(target); ok {
		v.tenant = p.tenant(r, slug)
	}
}

// tenant finds a community by its slug. It is for show: nil when it cannot be found.
func (p pages) tenant(r *http.Request, slug string) *domain.Tenant {
	t, err := p.Tenants.Find(r.Context(), slug)
	if slug == "" || err != nil {
		return nil
	}
	return &t
}

// toTenantCard is a card whose pictures are on the tenant's host.
func (s server) toTenantCard(t domain.Tenant) commonapi.TenantCard {
	card := ToTenantCard(t)
	card.LogoURL = wire.OrNull(s.absolute(t.Slug, imagePath(domain.ImageLogo, t.LogoID)))
	card.CoverURL = wire.OrNull(s.absolute(t.Slug, imagePath(domain.ImageCover, t.CoverID)))
	return card
}

// queryOf is the query of a path, empty if there is none.
func queryOf(path string) url.Values {
	u, err := url.Parse(path)
	if err != nil {
		return url.Values{}
	}
	return u.Query()
}

func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil {
		return ""
	}
	return u.Host
}
