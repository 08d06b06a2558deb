package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
)

type posts struct {
	app   *app.Posts
	files *app.Files
}

func (s posts) ListPosts(ctx context.Context, r portalapi.ListPostsRequestObject) (portalapi.ListPostsResponseObject, error) {
	page, err := s.app.List(ctx, actor(ctx), FromAPIListPosts(r.Params))
	if err != nil {
		return nil, err
	}
	return portalapi.ListPosts200JSONResponse{
		Body: each(page.Items, ToAPIPost), Headers: portalapi.ListPosts200ResponseHeaders{XNextCursor: next(page.Next)},
	}, nil
}

func (s posts) CreatePost(ctx context.Context, r portalapi.CreatePostRequestObject) (portalapi.CreatePostResponseObject, error) {
	post, err := s.app.Create(ctx, actor(ctx), FromAPIPostCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.CreatePost201JSONResponse(ToAPIPost(post)), nil
}

func (s posts) GetPost(ctx context.Context, r portalapi.GetPostRequestObject) (portalapi.GetPostResponseObject, error) {
	post, err := s.app.Get(ctx, actor(ctx), r.PostID)
	if err != nil {
		return nil, err
	}
	return portalapi.GetPost200JSONResponse(ToAPIPost(post)), nil
}

func (s posts) UpdatePost(ctx context.Context, r portalapi.UpdatePostRequestObject) (portalapi.UpdatePostResponseObject, error) {
	post, err := s.app.Edit(ctx, actor(ctx), r.PostID, FromAPIPostUpdate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.UpdatePost200JSONResponse(ToAPIPost(post)), nil
}

func (s posts) DeletePost(ctx context.Context, r portalapi.DeletePostRequestObject) (portalapi.DeletePostResponseObject, error) {
	if err := s.app.Delete(ctx, actor(ctx), r.PostID); err != nil {
		return nil, err
	}
	return portalapi.DeletePost204Response{}, nil
}
