package httpapi

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/blob/blobhttp"
	"go.updspace.com/libs/wire"
)

// tagOf is the ETag of a tenant's card.
func tagOf(t domain.Tenant) *string { return new(`"` + strconv.FormatInt(t.Version, 10) + `"`) }

// versionOf reads an ETag of a tenant's card; one that is none is no version that there is.
func versionOf(tag string) int64 {
	version, err := strconv.ParseInt(strings.Trim(strings.TrimPrefix(strings.TrimSpace(tag), "W/"), `"`), 10, 64)
	if err != nil {
		return 0
	}
	return version
}

func (s server) UpdateTenant(ctx context.Context, r identityapi.UpdateTenantRequestObject) (identityapi.UpdateTenantResponseObject, error) {
	b := r.Body
	t, err := s.TenantCards.Edit(ctx, versionOf(r.Params.IfMatch), domain.TenantEdit{
		Name: b.Name, Description: b.Description, Hue: b.Hue, Chroma: b.Chroma, Languages: fromLanguages(b.Languages),
		DefaultLanguage: wire.As[string](b.DefaultLanguage), Admission: wire.As[domain.Admission](b.Membership),
	})
	if errors.Is(err, domain.ErrTenantChanged) {
		err = domain.ErrTenantChanged.WithDetails(map[string]any{"tenant": ToTenantCard(t)})
	}
	return identityapi.UpdateTenant200JSONResponse{
		Headers: identityapi.UpdateTenant200ResponseHeaders{ETag: tagOf(t)}, Body: ToTenantCard(t),
	}, err
}

func (s server) SetTenantImage(ctx context.Context, r identityapi.SetTenantImageRequestObject) (identityapi.SetTenantImageResponseObject, error) {
	t, err := s.TenantCards.SetImage(ctx, domain.ImageKind(r.Image), r.Body)
	return identityapi.SetTenantImage200JSONResponse{
		Headers: identityapi.SetTenantImage200ResponseHeaders{ETag: tagOf(t)}, Body: ToTenantCard(t),
	}, err
}

func (s server) RemoveTenantImage(ctx context.Context, r identityapi.RemoveTenantImageRequestObject) (identityapi.RemoveTenantImageResponseObject, error) {
	t, err := s.TenantCards.RemoveImage(ctx, domain.ImageKind(r.Image))
	return identityapi.RemoveTenantImage200JSONResponse{
		Headers: identityapi.RemoveTenantImage200ResponseHeaders{ETag: tagOf(t)}, Body: ToTenantCard(t),
	}, err
}

func (s server) GetTenantImage(ctx context.Context, r identityapi.GetTenantImageRequestObject) (identityapi.GetTenantImageResponseObject, error) {
	image, content, err := s.TenantCards.Image(ctx, r.Slug, domain.ImageKind(r.Image))
	if err != nil {
		return nil, err
	}
	return picture{ctx, image, content}, nil
}

// picture answers with a picture.
type picture struct {
	ctx     context.Context
	image   domain.TenantImage
	content io.ReadSeekCloser
}

// VisitGetTenantImageResponse implements the generated interface.
func (p picture) VisitGetTenantImageResponse(w http.ResponseWriter) error {
	blobhttp.Content{
		Name: string(p.image.Kind), ContentType: p.image.ContentType, Digest: p.image.Digest, Inline: true, Modified: p.image.CreatedAt, Body: p.content,
	}.Serve(p.ctx, w, blobhttp.Conditions{})
	return nil
}
