package httpapi

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/blob/blobhttp"
	contentapp "go.updspace.com/portal/content/app"
)

func (s posts) UploadAttachment(ctx context.Context, r portalapi.UploadAttachmentRequestObject) (portalapi.UploadAttachmentResponseObject, error) {
	file, err := s.files.Upload(ctx, actor(ctx), contentapp.UploadFile{Name: r.Params.FileName, Content: r.Body})
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

func (s posts) GetAttachmentContent(ctx context.Context, r portalapi.GetAttachmentContentRequestObject) (portalapi.GetAttachmentContentResponseObject, error) {
	file, content, err := s.files.Open(ctx, actor(ctx), r.AttachmentID)
	if err != nil {
		return nil, err
	}
	return fileContent{ctx, file, content, blobhttp.Conditions(r.Params)}, nil
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
