package httpapi

import (
	"context"
	"net/http"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/api/identityapi"
	"go.updspace.com/identity/adapters/httpapi/browserauth"
	"go.updspace.com/identity/domain"
	"go.updspace.com/libs/blob/blobhttp"
	"go.updspace.com/libs/wire"
)

// avatarURL is the address of the picture of an account; "" when there is none.
func (s server) avatarURL(u domain.User) string {
	if u.AvatarID == nil {
		return ""
	}
	return s.issuer + domain.AvatarPath + u.AvatarID.String()
}

func avatarOf[Source ~string](s server, u domain.User) (nullable.Nullable[string], Source) {
	if u.AvatarID == nil {
		return wire.OrNull(""), "none"
	}
	return wire.OrNull(s.avatarURL(u)), "upload"
}

func (s server) toAvatar(u domain.User, message string) identityapi.AvatarChanged {
	out := identityapi.AvatarChanged{Ok: true, Message: message}
	out.AvatarURL, out.AvatarSource = avatarOf[identityapi.AvatarChangedAvatarSource](s, u)
	return out
}

func (s server) SetAvatar(ctx context.Context, r identityapi.SetAvatarRequestObject) (identityapi.SetAvatarResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	user, err := s.Avatars.Set(ctx, who, r.Body, browserauth.From(ctx).Origin.IP)
	return identityapi.SetAvatar200JSONResponse{Body: s.toAvatar(user, "Saved.")}, err
}

func (s server) RemoveAvatar(ctx context.Context, _ identityapi.RemoveAvatarRequestObject) (identityapi.RemoveAvatarResponseObject, error) {
	who, err := s.current(ctx)
	if err != nil {
		return nil, err
	}
	user, err := s.Avatars.Remove(ctx, who, browserauth.From(ctx).Origin.IP)
	return identityapi.RemoveAvatar200JSONResponse{Body: s.toAvatar(user, "Removed.")}, err
}

func (s server) GetAvatar(ctx context.Context, r identityapi.GetAvatarRequestObject) (identityapi.GetAvatarResponseObject, error) {
	avatar, content, err := s.Avatars.Open(ctx, r.ID)
	if err != nil {
		return nil, err
	}
	return avatarPicture{ctx, blobhttp.Content{
		Name: "avatar", ContentType: avatar.ContentType, Digest: avatar.Digest, Inline: true, Immutable: true, Modified: avatar.CreatedAt, Body: content,
	}}, nil
}

// avatarPicture answers with a picture, which pages of applications show, too.
type avatarPicture struct {
	ctx     context.Context
	content blobhttp.Content
}

// VisitGetAvatarResponse implements the generated interface.
func (p avatarPicture) VisitGetAvatarResponse(w http.ResponseWriter) error {
	w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	p.content.Serve(p.ctx, w, blobhttp.Conditions{})
	return nil
}
