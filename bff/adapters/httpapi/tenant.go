package httpapi

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"go.updspace.com/api/bffapi"
	"go.updspace.com/api/commonapi"
	"go.updspace.com/bff/domain"
	"go.updspace.com/bff/ports"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/wire"
)

const tenantPath = "/api/v1/tenant"

// Pictures finds the logos and covers of tenants.
type Pictures interface {
	TenantPicture(ctx context.Context, slug, image string) (ports.Picture, error)
}

// tenantHandlers answers the operations tagged tenant.
type tenantHandlers struct{ pictures Pictures }

func toTenantCard(t domain.Tenant) commonapi.TenantCard {
	return commonapi.TenantCard{
		ID: t.ID, Slug: t.Slug, Name: t.Name, Description: t.Card.Description, Hue: t.Card.Hue, Chroma: t.Card.Chroma,
		LogoURL: wire.OrNull(t.Card.LogoURL), CoverURL: wire.OrNull(t.Card.CoverURL),
		Languages:       wire.Each(t.Card.Languages, func(l string) commonapi.Language { return commonapi.Language(l) }),
		DefaultLanguage: commonapi.Language(t.Card.DefaultLanguage), Membership: commonapi.TenantCardMembership(t.Card.Admission),
		Version: t.Card.Version,
	}
}

// GetTenantCard answers with what the tenant of the host shows of itself.
func (h tenantHandlers) GetTenantCard(ctx context.Context, r bffapi.GetTenantCardRequestObject) (bffapi.GetTenantCardResponseObject, error) {
	tenant := stateOf(ctx).tenant
	tag, fresh := `"`+strconv.Itoa(tenant.Card.Version)+`"`, "no-cache" // kept, and asked for again
	if has(r.Params.IfNoneMatch, tag) {
		return notModified{tag, fresh}, nil
	}
	return bffapi.GetTenantCard200JSONResponse{
		Headers: bffapi.GetTenantCard200ResponseHeaders{ETag: &tag, CacheControl: &fresh}, Body: toTenantCard(tenant),
	}, nil
}

var errNoPicture = errs.New(errs.NotFound, "", "There is no such picture.")

// GetTenantPicture answers with the logo or the cover. The card names it: what is not there is not looked for.
func (h tenantHandlers) GetTenantPicture(ctx context.Context, r bffapi.GetTenantPictureRequestObject) (bffapi.GetTenantPictureResponseObject, error) {
	tenant := stateOf(ctx).tenant
	address := tenant.Card.CoverURL
	if r.Image == bffapi.GetTenantPictureParamsImageLogo {
		address = tenant.Card.LogoURL
	}
	u, err := url.Parse(address)
	if address == "" || err != nil {
		return nil, errNoPicture.Wrap(err)
	}
	version := u.Query().Get("v")
	tag, fresh := `"`+version+`"`, "public, no-cache"
	if wire.Value(r.Params.V) == version {
		fresh = "public, max-age=31536000, immutable"
	}
	if has(r.Params.IfNoneMatch, tag) {
		return notModified{tag, fresh}, nil
	}
	found, err := h.pictures.TenantPicture(ctx, tenant.Slug, string(r.Image))
	if err != nil {
		return nil, err
	}
	return picture{found, tag, fresh}, nil
}

func has(header *string, tag string) bool {
	for one := range strings.SplitSeq(wire.Value(header), ",") {
		if one = strings.TrimPrefix(strings.TrimSpace(one), "W/"); one == tag || one == "*" {
			return true
		}
	}
	return false
}

// notModified tells a browser that it has the answer.
type notModified struct{ tag, fresh string }

func (n notModified) write(w http.ResponseWriter) error {
	w.Header().Set("ETag", n.tag)
	w.Header().Set("Cache-Control", n.fresh)
	w.WriteHeader(http.StatusNotModified)
	return nil
}

// VisitGetTenantCardResponse implements the generated interface.
func (n notModified) VisitGetTenantCardResponse(w http.ResponseWriter) error { return n.write(w) }

// VisitGetTenantPictureResponse implements the generated interface.
func (n notModified) VisitGetTenantPictureResponse(w http.ResponseWriter) error { return n.write(w) }

// picture answers with a picture that pages of other hosts may show, and that runs nothing when it is opened itself.
type picture struct {
	ports.Picture
	tag, fresh string
}

// VisitGetTenantPictureResponse implements the generated interface.
func (p picture) VisitGetTenantPictureResponse(w http.ResponseWriter) error {
	defer p.Content.Close()
	h := w.Header()
	h.Set("Content-Type", p.ContentType)
	h.Set("Content-Disposition", "inline")
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
	h.Set("ETag", p.tag)
	h.Set("Cache-Control", p.fresh)
	_, err := io.Copy(w, p.Content)
	return err
}
