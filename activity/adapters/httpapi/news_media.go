package httpapi

import (
	"context"
	"io"
	"net/http"

	"github.com/google/uuid"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/blob/blobhttp"
	"go.updspace.com/libs/reqctx"
)

const uploadPath = "/api/v1/activity/news-uploads/"

func (s news) RequestNewsUpload(ctx context.Context, r activityapi.RequestNewsUploadRequestObject) (activityapi.RequestNewsUploadResponseObject, error) {
	image, err := s.app.RequestUpload(ctx, reqctx.From(ctx).Actor(), app.RequestUpload{FileName: r.Body.Filename, ContentType: r.Body.ContentType, Size: r.Body.SizeBytes})
	if err != nil {
		return nil, err
	}
	return activityapi.RequestNewsUpload200JSONResponse{
		Key: image.Key(), UploadURL: uploadPath + image.ID().String(), UploadHeaders: map[string]string{"Content-Type": "application/octet-stream"},
		ExpiresIn: int(domain.UploadLife.Seconds()),
	}, nil
}

// mediaID reads the id of a picture. What is no id names no picture.
func mediaID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, domain.ErrMediaNotFound
	}
	return id, nil
}

func (s news) UploadNewsMedia(ctx context.Context, r activityapi.UploadNewsMediaRequestObject) (activityapi.UploadNewsMediaResponseObject, error) {
	id, err := mediaID(r.MediaID)
	if err == nil {
		err = s.app.Upload(ctx, reqctx.From(ctx).Actor(), id, r.Body)
	}
	if err != nil {
		return nil, err
	}
	return activityapi.UploadNewsMedia204Response{}, nil
}

func (s news) GetNewsMedia(ctx context.Context, r activityapi.GetNewsMediaRequestObject) (activityapi.GetNewsMediaResponseObject, error) {
	id, err := mediaID(r.MediaID)
	if err != nil {
		return nil, err
	}
	size := domain.MediaSize(r.Size)
	image, content, err := s.app.OpenImage(ctx, reqctx.From(ctx).Actor(), id, size)
	if err != nil {
		return nil, err
	}
	return mediaContent{ctx, image, size, content, blobhttp.Conditions{IfNoneMatch: r.Params.IfNoneMatch}}, nil
}

// mediaContent answers with a picture.
type mediaContent struct {
	ctx        context.Context
	image      domain.NewsImage
	size       domain.MediaSize
	body       io.ReadSeekCloser
	conditions blobhttp.Conditions
}

func (c mediaContent) VisitGetNewsMediaResponse(w http.ResponseWriter) error {
	blobhttp.Content{
		Name: c.image.Data().FileName, ContentType: c.image.ContentType(c.size), Digest: c.image.Data().Content.Digest + "-" + string(c.size), Inline: true,
		Modified: c.image.Data().CreatedAt, Body: c.body,
	}.Serve(c.ctx, w, c.conditions)
	return nil
}
