package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/libs/wire"
	contentapp "go.updspace.com/portal/content/app"
)

type posts struct {
	app   contentapp.Posts
	files contentapp.Files
}

func (s posts) ListPosts(ctx context.Context, r portalapi.ListPostsRequestObject) (portalapi.ListPostsResponseObject, error) {
	page, err := s.app.List(ctx, actor(ctx), FromAPIListPosts(r.Params))
	if err != nil {
		return nil, err
	}
	return portalapi.ListPosts200JSONResponse{Items: wire.Each(page.Items, ToAPIPostSummary), NextCursor: wire.OrNull(page.Next)}, nil
}

func (s posts) CreatePost(ctx context.Context, r portalapi.CreatePostRequestObject) (portalapi.CreatePostResponseObject, error) {
	post, err := s.app.Create(ctx, actor(ctx), FromAPIPostCreate(*r.Body))
	if err != nil {
		return nil, err
	}
	return portalapi.CreatePost201JSONResponse(ToAPIPost(post)), nil
}

func (s posts) PreviewPost(ctx context.Context, r portalapi.PreviewPostRequestObject) (portalapi.PreviewPostResponseObject, error) {
	html, err := s.app.Preview(ctx, actor(ctx), r.Body.Body)
	if err != nil {
		return nil, err
	}
	return portalapi.PreviewPost200JSONResponse{BodyHTML: html}, nil
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
