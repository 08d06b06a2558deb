package httpapi

import (
	"encoding/json"
	"log/slog"
	"math"
	"net/http"
	"strconv"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/bff/app"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/web"
)

// portalPage is the page that starts the portal's frontend, on the hosts of tenants.
type portalPage struct {
	middleware *middleware
	overview   *app.Overview
	badges     ports.SharedBadges
	idOrigin   string
	app        *web.App
	log        *slog.Logger
}

// boot is what the frontend starts with.
type boot struct {
	Tenant       commonapi.TenantCard `json:"tenant"`
	Session      *bffapi.Session      `json:"session"`                 // null for a guest
	SessionError string               `json:"session_error,omitempty"` // why there is none although the browser has a session
	Lang         string               `json:"lang"`
	Theme        string               `json:"theme"`
	IDURL        string               `json:"id_url"`
	Version      string               `json:"version"`
}

func (p *portalPage) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	httpx.SetOperation(r.Context(), "portal page")
	if err := p.serve(w, r); err != nil {
		p.refuse(w, r, err)
	}
}

func (p *portalPage) serve(w http.ResponseWriter, r *http.Request) error {
	if !plainPath(r.URL) {
		return httpx.ErrNoRoute
	}
	m := p.middleware
	state := &requestState{middleware: m, answer: w.Header()}
	if err := m.lookUp(r, m.tenants.Cached(r.Host), domain.ErrTenantNotFound, func() (err error) {
		state.tenant, err = m.tenants.ByHost(r.Context(), r.Host)
		return err
	}); err != nil {
		return err
	}
	sent := readCookies(r, &m.cookies)
	b := boot{Tenant: toTenantCard(state.tenant), IDURL: p.idOrigin, Version: p.app.Version()}
	identified := m.identify(r, state, sent)
	if err := m.count(r, state, false); err != nil {
		return err
	}
	m.ensureCookies(state, sent, true)
	var account preferences
	if identified == nil && state.signedIn {
		b.Session, identified = p.session(r, state)
		if b.Session != nil {
			account = preferencesOf(b.Session)
		}
	}
	if identified != nil { // the page shows itself all the same, and says so
		b.SessionError = httpx.Public(identified).Code
		p.log.WarnContext(r.Context(), "a page goes without its session", "request_id", httpx.RequestID(r.Context()), "error", identified)
	}
	b.Lang = web.Language(r, account.Language, state.tenant.Card.DefaultLanguage)
	b.Theme = web.Theme(r, account.Theme)
	page := web.Page{
		Lang: b.Lang, Theme: b.Theme, Title: state.tenant.Name, Description: state.tenant.Card.Description,
		Hue: state.tenant.Card.Hue, Chroma: state.tenant.Card.Chroma, Boot: b, SignedIn: b.Session != nil, Images: p.images(),
	}
	p.badge(r, state.tenant, &page)
	return p.app.Write(w, r, page)
}

// images are the origins of the pictures that the switch between communities shows: the hosts of all tenants.
func (p *portalPage) images() []string {
	return []string{p.middleware.origins.origin.Of(domain.Tenant{Slug: "*"})}
}

// session is what GET /api/v1/session/me would answer.
func (p *portalPage) session(r *http.Request, state *requestState) (*bffapi.Session, error) {
	rc, err := p.middleware.authorize(r.Context(), state)
	if err != nil {
		return nil, err
	}
	session := toSession(rc.RequestID, state, p.overview.Describe(reqctx.With(r.Context(), rc), state.tenant), p.idOrigin)
	return &session, nil
}

// preferences are what an account says about its pages.
type preferences struct {
	Language string `json:"language"`
	Theme    string `json:"theme"`
}

func preferencesOf(s *bffapi.Session) preferences {
	var profile struct {
		User preferences `json:"user"`
	}
	if raw, err := s.IDProfile.Get(); err == nil {
		_ = json.Unmarshal(raw, &profile) // of another form: the page goes without
	}
	return profile.User
}

// refuse answers with a page in both languages: whose host it is, or who asks, is not known.
func (p *portalPage) refuse(w http.ResponseWriter, r *http.Request, err error) {
	e := httpx.Public(err)
	httpx.RecordError(r.Context(), err)
	parts := []web.Part{
		{Lang: "en", Title: "The page cannot be shown right now", Text: e.Message},
		{Lang: "ru", Title: "Страницу сейчас нельзя показать", Text: russian.message(e)},
	}
	if e.Kind == errs.NotFound {
		parts[0].Title, parts[1].Title = "There is nothing here", "Здесь ничего нет"
	}
	if e.Code == domain.ErrTenantNotFound.Code {
		parts[0].Text = "There is no community at this address. Check how it is spelled, or ask for a link."
		parts[1].Text = "По этому адресу нет сообщества. Проверьте, нет ли опечатки, или попросите ссылку."
	}
	if e.Code == domain.ErrTenantClosed.Code {
		parts[0].Title, parts[1].Title = "This community is closed", "Сообщество закрыто"
		parts[0].Text = "Its administrators have closed it. What its members wrote is kept. Ask them if it should be open."
		parts[1].Text = "Его закрыла администрация. Всё, что писали участники, сохранено. Если это ошибка, обратитесь к ней."
	}
	if e.RetryAfter > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	if err := web.WritePlain(w, r, httpx.Status(e.Kind), parts...); err != nil {
		httpx.WriteError(w, r, err)
	}
}
