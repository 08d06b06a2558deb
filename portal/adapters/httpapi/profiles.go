package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/blob/blobhttp"
	"go.updspace.com/libs/wire"
	contentapp "go.updspace.com/portal/content/app"
)

type profiles struct{ app contentapp.Profiles }

func (s profiles) GetMyProfile(ctx context.Context, _ portalapi.GetMyProfileRequestObject) (portalapi.GetMyProfileResponseObject, error) {
	profile, err := s.app.Mine(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	return portalapi.GetMyProfile200JSONResponse(ToAPIProfile(profile)), nil
}

func (s profiles) UpdateMyProfile(ctx context.Context, r portalapi.UpdateMyProfileRequestObject) (portalapi.UpdateMyProfileResponseObject, error) {
	profile, err := s.app.Edit(ctx, actor(ctx), FromAPIProfileUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.UpdateMyProfile200JSONResponse(ToAPIProfile(profile)), nil
}

func (s profiles) SetMyAvatar(ctx context.Context, r portalapi.SetMyAvatarRequestObject) (portalapi.SetMyAvatarResponseObject, error) {
	profile, err := s.app.SetAvatar(ctx, actor(ctx), r.Body)
	if err != nil {
		return nil, err
	}
	return portalapi.SetMyAvatar200JSONResponse(ToAPIProfile(profile)), nil
}

func (s profiles) RemoveMyAvatar(ctx context.Context, _ portalapi.RemoveMyAvatarRequestObject) (portalapi.RemoveMyAvatarResponseObject, error) {
	profile, err := s.app.RemoveAvatar(ctx, actor(ctx))
	if err != nil {
		return nil, err
	}
	return portalapi.RemoveMyAvatar200JSONResponse(ToAPIProfile(profile)), nil
}

func (s profiles) ListProfiles(ctx context.Context, r portalapi.ListProfilesRequestObject) (portalapi.ListProfilesResponseObject, error) {
	page, err := s.app.List(ctx, actor(ctx), FromAPIListProfiles(r.Params))
	if err != nil {
		return nil, err
	}
	return portalapi.ListProfiles200JSONResponse{
		Body: wire.Each(page.Items, ToAPIProfile), Headers: portalapi.ListProfiles200ResponseHeaders{XNextCursor: next(page.Next)},
	}, nil
}

func (s profiles) GetProfile(ctx context.Context, r portalapi.GetProfileRequestObject) (portalapi.GetProfileResponseObject, error) {
	profile, err := s.app.Of(ctx, actor(ctx), r.UserID)
	if err != nil {
		return nil, err
	}
	return portalapi.GetProfile200JSONResponse(ToAPIProfile(profile)), nil
}

func (s profiles) GetAvatar(ctx context.Context, r portalapi.GetAvatarRequestObject) (portalapi.GetAvatarResponseObject, error) {
	file, content, err := s.app.Avatar(ctx, actor(ctx), r.UserID)
	if err != nil {
		return nil, err
	}
	p := r.Params
	conditions := blobhttp.Conditions{Range: p.Range, IfRange: p.IfRange, IfNoneMatch: p.IfNoneMatch, IfModifiedSince: p.IfModifiedSince}
	return fileContent{ctx, file, content, conditions}, nil
}

func (s profiles) BatchProfiles(ctx context.Context, r portalapi.BatchProfilesRequestObject) (portalapi.BatchProfilesResponseObject, error) {
	profiles, err := s.app.Each(ctx, r.Body.UserIds)
	if err != nil {
		return nil, err
	}
	return portalapi.BatchProfiles200JSONResponse(wire.Each(profiles, ToAPIProfile)), nil
}
