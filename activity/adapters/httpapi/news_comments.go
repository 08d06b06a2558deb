package httpapi

import (
	"context"
	"strconv"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s news) ListNewsComments(ctx context.Context, r activityapi.ListNewsCommentsRequestObject) (activityapi.ListNewsCommentsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	found, err := s.app.FirstComments(ctx, reqctx.From(ctx).Actor(), id, wire.ValueOr(r.Params.Limit, 50))
	if err != nil {
		return nil, err
	}
	return activityapi.ListNewsComments200JSONResponse(wire.Each(found, toAPIComment)), nil
}

func (s news) PageNewsComments(ctx context.Context, r activityapi.PageNewsCommentsRequestObject) (activityapi.PageNewsCommentsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	filter := ports.CommentFilter{Post: id, Parent: wire.Value(r.Params.ParentID)}
	if cursor := wire.Value(r.Params.Cursor); cursor != "" {
		if filter.After, err = strconv.ParseInt(cursor, 10, 64); err != nil || filter.After < 0 {
			return nil, errs.Field("cursor", why.InvalidFormat("is not the next_cursor of a page of this list"))
		}
	}
	found, err := s.app.Thread(ctx, reqctx.From(ctx).Actor(), filter, wire.Value(r.Params.Limit))
	if err != nil {
		return nil, err
	}
	return activityapi.PageNewsComments200JSONResponse{
		Items: wire.Each(found.Items, toAPIComment), NextCursor: wire.OrNull(found.Next), HasMore: found.Next != "", ParentID: wire.OrNull(filter.Parent),
	}, nil
}

func (s news) CreateNewsComment(ctx context.Context, r activityapi.CreateNewsCommentRequestObject) (activityapi.CreateNewsCommentResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	comment, err := s.app.Comment(ctx, reqctx.From(ctx).Actor(), id, app.AddComment{Body: r.Body.Body, Parent: wire.Get(r.Body.ParentID)})
	if err != nil {
		return nil, err
	}
	return activityapi.CreateNewsComment200JSONResponse(toAPIComment(comment)), nil
}

func (s news) UpdateNewsComment(ctx context.Context, r activityapi.UpdateNewsCommentRequestObject) (activityapi.UpdateNewsCommentResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	comment, err := s.app.EditComment(ctx, reqctx.From(ctx).Actor(), id, r.CommentID, r.Body.Body)
	if err != nil {
		return nil, err
	}
	return activityapi.UpdateNewsComment200JSONResponse(toAPIComment(comment)), nil
}

func (s news) DeleteNewsComment(ctx context.Context, r activityapi.DeleteNewsCommentRequestObject) (activityapi.DeleteNewsCommentResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	comment, err := s.app.DeleteComment(ctx, reqctx.From(ctx).Actor(), id, r.CommentID, wire.Value(r.Params.Reason))
	if err != nil {
		return nil, err
	}
	return activityapi.DeleteNewsComment200JSONResponse(toAPIComment(comment)), nil
}

func (s news) LikeNewsComment(ctx context.Context, r activityapi.LikeNewsCommentRequestObject) (activityapi.LikeNewsCommentResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	comment, err := s.app.LikeComment(ctx, reqctx.From(ctx).Actor(), id, r.CommentID, wire.Value(r.Body.Action) != activityapi.NewsActionRemove)
	if err != nil {
		return nil, err
	}
	return activityapi.LikeNewsComment200JSONResponse{LikesCount: comment.Data().Likes, MyLiked: comment.Data().Liked}, nil
}
