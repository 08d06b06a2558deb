package httpapi

import (
	"context"
	"io"
	"net/http"

	"go.updspace.com/libs/blob/blobhttp"
	contentdomain "go.updspace.com/portal/content/domain"
)

// fileContent answers with the content of a file.
type fileContent struct {
	ctx        context.Context
	file       contentdomain.File
	body       io.ReadSeekCloser
	conditions blobhttp.Conditions
}

func (f fileContent) VisitGetAttachmentContentResponse(w http.ResponseWriter) error {
	d := f.file.Data()
	blobhttp.Content{
		Name: d.Name, ContentType: d.ContentType, Digest: d.Digest, Inline: f.file.Inline(), Modified: d.CreatedAt, Body: f.body,
	}.Serve(f.ctx, w, f.conditions)
	return nil
}

func (f fileContent) VisitGetAvatarResponse(w http.ResponseWriter) error {
	return f.VisitGetAttachmentContentResponse(w)
}
