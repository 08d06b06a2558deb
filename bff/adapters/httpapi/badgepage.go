package httpapi

import (
	"cmp"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"

	"go.updspace.com/bff/domain"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/web"
)

// badgePages are the pages of badges that their recipients show to everybody.
const badgePages = "/badges/"

// badgeImages are the pictures of such badges: the token of the page stands between.
const badgeImages = "/api/v1/gamification/badges/shared/"

// badge gives the page of a shared badge its card. Without the service the page shows itself all the same, and says what is wrong.
func (p *portalPage) badge(r *http.Request, tenant domain.Tenant, page *web.Page) {
	token, ok := strings.CutPrefix(r.URL.Path, badgePages)
	if !ok || token == "" || strings.Contains(token, "/") || p.badges == nil {
		return
	}
	badge, err := p.badges.SharedBadge(r.Context(), tenant, token)
	var known *errs.Error
	switch {
	case errors.As(err, &known) && known.Kind == errs.NotFound:
		page.Status = http.StatusNotFound
		return
	case err != nil:
		p.log.WarnContext(r.Context(), "the page of a badge goes without its card", "request_id", httpx.RequestID(r.Context()), "error", err)
		return
	}
	origin := p.middleware.origins.origin.Of(tenant)
	name := inLanguage(badge.Names, page.Lang)
	page.Title, page.Description = name+" · "+badge.Issuer, cmp.Or(badge.Descriptions[page.Lang], badge.Description, name)
	page.Card = &web.Card{
		URL: origin + badgePages + token, Site: badge.Issuer, Image: origin + badgeImages + token + "/image", ImageAlt: name,
	}
}

// inLanguage is a text in a language, else in the first that it has.
func inLanguage(texts map[string]string, language string) string {
	if text, ok := texts[language]; ok {
		return text
	}
	for _, language := range slices.Sorted(maps.Keys(texts)) {
		return texts[language]
	}
	return ""
}
