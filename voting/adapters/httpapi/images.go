package httpapi

import (
	"context"
	"io"
	"net/http"

	"go.updspace.com/api/votingapi"
	"go.updspace.com/libs/blob/blobhttp"
	"go.updspace.com/voting/domain"
)

func (s *server) UploadImage(ctx context.Context, r votingapi.UploadImageRequestObject) (votingapi.UploadImageResponseObject, error) {
	image, err := s.images.Upload(ctx, actor(ctx), r.PollID, r.Body)
	if err != nil {
		return nil, err
	}
	return votingapi.UploadImage201JSONResponse{URL: image.URL()}, nil
}

func (s *server) GetImage(ctx context.Context, r votingapi.GetImageRequestObject) (votingapi.GetImageResponseObject, error) {
	image, content, err := s.images.Open(ctx, actor(ctx), r.PollID, r.ImageID)
	if err != nil {
		return nil, err
	}
	return imageContent{ctx, image.Data(), content, blobhttp.Conditions{IfNoneMatch: r.Params.IfNoneMatch}}, nil
}

// imageContent answers with a picture.
type imageContent struct {
	ctx        context.Context
	image      domain.ImageData
	body       io.ReadSeekCloser
	conditions blobhttp.Conditions
}

func (c imageContent) VisitGetImageResponse(w http.ResponseWriter) error {
	blobhttp.Content{
		Name: "picture", ContentType: c.image.ContentType, Digest: c.image.Digest, Inline: true, Modified: c.image.CreatedAt, Body: c.body,
	}.Serve(c.ctx, w, c.conditions)
	return nil
}
