package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
)

type profiles struct{ app *app.Profiles }

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
		Body: each(page.Items, ToAPIProfile), Headers: portalapi.ListProfiles200ResponseHeaders{XNextCursor: next(page.Next)},
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
	d := file.Data()
	return portalapi.GetAvatar200AsteriskResponse{
		Body: content, ContentType: d.ContentType, ContentLength: d.Size,
		Headers: portalapi.GetAvatar200ResponseHeaders{
			ContentSecurityPolicy: new(sandbox), XContentTypeOptions: new(noGuessing), CacheControl: new(askAgain), ETag: new(etag(file)),
		},
	}, nil
}

func (s profiles) BatchProfiles(ctx context.Context, r portalapi.BatchProfilesRequestObject) (portalapi.BatchProfilesResponseObject, error) {
	profiles, err := s.app.Each(ctx, r.Body.UserIds)
	if err != nil {
		return nil, err
	}
	return portalapi.BatchProfiles200JSONResponse(each(profiles, ToAPIProfile)), nil
}
