package httpapi

import (
	"context"
	"io"
	"net/http"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/blob/blobhttp"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) UploadImage(ctx context.Context, r gamificationapi.UploadImageRequestObject) (gamificationapi.UploadImageResponseObject, error) {
	in := app.UploadImage{ScopeType: authz.ScopeType(wire.Value(r.Params.ScopeType)), Content: r.Body}
	if r.Params.ScopeID != nil {
		in.ScopeID = r.Params.ScopeID.String()
	}
	image, err := s.images.Upload(ctx, reqctx.From(ctx).Actor(), in)
	if err != nil {
		return nil, err
	}
	return gamificationapi.UploadImage201JSONResponse(ToAPIImages(image.Addresses())), nil
}

func (s *server) GetImage(ctx context.Context, r gamificationapi.GetImageRequestObject) (gamificationapi.GetImageResponseObject, error) {
	size := domain.ImageSize(r.Size)
	image, content, err := s.images.Open(ctx, r.ImageID, size)
	if err != nil {
		return nil, err
	}
	return imageContent{ctx, image.Data(), size, content, blobhttp.Conditions{IfNoneMatch: r.Params.IfNoneMatch}}, nil
}

// imageContent answers with a picture.
type imageContent struct {
	ctx        context.Context
	image      domain.ImageData
	size       domain.ImageSize
	body       io.ReadSeekCloser
	conditions blobhttp.Conditions
}

func (c imageContent) VisitGetImageResponse(w http.ResponseWriter) error {
	blobhttp.Content{
		Name: "picture", ContentType: c.image.ContentType, Digest: c.image.ID.String() + "-" + string(c.size), Inline: true, Modified: c.image.CreatedAt,
		Immutable: true, Body: c.body,
	}.Serve(c.ctx, w, c.conditions)
	return nil
}

// ToAPIImages converts the addresses of a picture.
func ToAPIImages(i domain.Images) gamificationapi.Images {
	return gamificationapi.Images{Small: wire.OrNull(i.Small), Medium: wire.OrNull(i.Medium), Large: wire.OrNull(i.Large)}
}
