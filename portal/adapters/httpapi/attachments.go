package httpapi

import (
	"context"
	"mime"
	"time"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

func (s posts) UploadAttachment(ctx context.Context, r portalapi.UploadAttachmentRequestObject) (portalapi.UploadAttachmentResponseObject, error) {
	file, err := s.files.Upload(ctx, actor(ctx), app.UploadFile{Name: r.Params.FileName, Content: r.Body})
	if err != nil {
		return nil, err
	}
	return portalapi.UploadAttachment201JSONResponse(ToAPIAttachment(file)), nil
}

func (s posts) DeleteAttachment(ctx context.Context, r portalapi.DeleteAttachmentRequestObject) (portalapi.DeleteAttachmentResponseObject, error) {
	if err := s.files.Drop(ctx, actor(ctx), r.AttachmentID); err != nil {
		return nil, err
	}
	return portalapi.DeleteAttachment204Response{}, nil
}

// What goes with the content of every file. It was looked into when it came, and still nobody's browser shall guess
// what it is, run what may be in it, or let it reach for anything.
const (
	noGuessing = "nosniff"
	sandbox    = "default-src 'none'; sandbox"
	// The content behind an address never changes, but who may see it does: a browser keeps it and asks again.
	askAgain = "private, no-cache"
)

func (s posts) GetAttachmentContent(ctx context.Context, r portalapi.GetAttachmentContentRequestObject) (portalapi.GetAttachmentContentResponseObject, error) {
	file, content, err := s.files.Open(ctx, actor(ctx), r.AttachmentID)
	if err != nil {
		return nil, err
	}
	d := file.Data()
	return portalapi.GetAttachmentContent200AsteriskResponse{
		Body: content, ContentType: d.ContentType, ContentLength: d.Size,
		Headers: portalapi.GetAttachmentContent200ResponseHeaders{
			ContentDisposition: new(disposition(file)), ContentSecurityPolicy: new(sandbox), XContentTypeOptions: new(noGuessing),
			CacheControl: new(askAgain), ETag: new(etag(file)),
		},
	}, nil
}

func (s posts) GetAttachmentLink(ctx context.Context, r portalapi.GetAttachmentLinkRequestObject) (portalapi.GetAttachmentLinkResponseObject, error) {
	file, url, until, err := s.files.Link(ctx, actor(ctx), r.AttachmentID)
	if err != nil {
		return nil, err
	}
	if url == "" {
		return portalapi.GetAttachmentLink200JSONResponse{URL: contentURL(file), ExpiresAt: nullable.NewNullNullable[time.Time]()}, nil
	}
	return portalapi.GetAttachmentLink200JSONResponse{URL: url, ExpiresAt: nullable.NewNullableWithValue(until)}, nil
}

func disposition(file domain.File) string {
	how := "attachment"
	if file.Inline() {
		how = "inline"
	}
	return mime.FormatMediaType(how, map[string]string{"filename": file.Data().Name})
}

func etag(file domain.File) string { return `"` + file.Data().Digest + `"` }
