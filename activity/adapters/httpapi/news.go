package httpapi

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// news serves the section "news".
type news struct{ app *app.News }

// newsID reads the id of a post. What is no id names no post.
func newsID(text string) (uuid.UUID, error) {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil, domain.ErrNewsNotFound
	}
	return id, nil
}

func (s news) ListNews(ctx context.Context, r activityapi.ListNewsRequestObject) (activityapi.ListNewsResponseObject, error) {
	p := r.Params
	found, err := s.app.List(ctx, reqctx.From(ctx).Actor(), app.ListNews{
		Query: wire.Value(p.Q), Tag: wire.Value(p.Tag), Author: wire.Value(p.AuthorID), ScopeType: wire.Value(p.ScopeType), ScopeID: wire.Value(p.ScopeID),
		Pinned: wire.Value(p.Pinned), Best: wire.Value(p.Sort) == activityapi.ListNewsParamsSortBest, Page: page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)},
	})
	if err != nil {
		return nil, err
	}
	return activityapi.ListNews200JSONResponse{Items: wire.Each(found.Items, ToAPINews), NextCursor: wire.OrNull(found.Next), HasMore: found.Next != ""}, nil
}

func (s news) ListNewsDrafts(ctx context.Context, r activityapi.ListNewsDraftsRequestObject) (activityapi.ListNewsDraftsResponseObject, error) {
	status := domain.NewsStatus(wire.ValueOr(r.Params.Status, activityapi.ListNewsDraftsParamsStatusDraft))
	found, err := s.app.Unpublished(ctx, reqctx.From(ctx).Actor(), status, wire.ValueOr(r.Params.Limit, 20))
	if err != nil {
		return nil, err
	}
	return activityapi.ListNewsDrafts200JSONResponse(wire.Each(found, ToAPINews)), nil
}

func (s news) GetNews(ctx context.Context, r activityapi.GetNewsRequestObject) (activityapi.GetNewsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	post, err := s.app.Get(ctx, reqctx.From(ctx).Actor(), id)
	if err != nil {
		return nil, err
	}
	return activityapi.GetNews200JSONResponse(ToAPINews(post)), nil
}

func (s news) CreateNews(ctx context.Context, r activityapi.CreateNewsRequestObject) (activityapi.CreateNewsResponseObject, error) {
	b := r.Body
	media, err := fromAPIMedia(wire.Get(b.Media))
	if err != nil {
		return nil, err
	}
	post, err := s.app.Create(ctx, reqctx.From(ctx).Actor(), domain.NewsDraftInput{
		Title: wire.Get(b.Title), Body: b.Body, Tags: wire.Get(b.Tags), Media: media, Visibility: visibility(wire.Get(b.Visibility)),
		ScopeType: scopeType(wire.Get(b.ScopeType)), ScopeID: wire.Get(b.ScopeID), Status: domain.NewsStatus(wire.Get(b.Status)), PublishAt: wire.Get(b.PublishAt),
	})
	if err != nil {
		return nil, err
	}
	return activityapi.CreateNews200JSONResponse(ToAPINews(post)), nil
}

func (s news) UpdateNews(ctx context.Context, r activityapi.UpdateNewsRequestObject) (activityapi.UpdateNewsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	b := r.Body
	edit := domain.NewsEdit{Title: wire.Given(b.Title), Body: wire.Given(b.Body), Tags: wire.Given(b.Tags), PublishAt: wire.Given(b.PublishAt), Seen: wire.Get(b.Version)}
	if v := wire.Given(b.Visibility); v != nil {
		edit.Visibility = new(visibility(*v))
	}
	if v := wire.Given(b.Status); v != nil {
		edit.Status = new(domain.NewsStatus(*v))
	}
	if given := wire.Given(b.Media); given != nil {
		media, err := fromAPIMedia(*given)
		if err != nil {
			return nil, err
		}
		edit.Media = &media
	}
	post, err := s.app.Update(ctx, reqctx.From(ctx).Actor(), id, edit)
	if err != nil {
		return nil, err
	}
	return activityapi.UpdateNews200JSONResponse(ToAPINews(post)), nil
}

func (s news) DeleteNews(ctx context.Context, r activityapi.DeleteNewsRequestObject) (activityapi.DeleteNewsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err == nil {
		err = s.app.Delete(ctx, reqctx.From(ctx).Actor(), id, wire.Value(r.Params.Reason))
	}
	if err != nil {
		return nil, err
	}
	return activityapi.DeleteNews204Response{}, nil
}

func (s news) ModerateNews(ctx context.Context, r activityapi.ModerateNewsRequestObject) (activityapi.ModerateNewsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	post, err := s.app.Moderate(ctx, reqctx.From(ctx).Actor(), id, domain.NewsModerationEdit{
		Pinned: r.Body.Pinned, CommentsLocked: r.Body.CommentsLocked, Hidden: r.Body.Hidden, Reason: wire.Value(r.Body.Reason),
	})
	if err != nil {
		return nil, err
	}
	return activityapi.ModerateNews200JSONResponse(ToAPINews(post)), nil
}

func (s news) PreviewNews(ctx context.Context, r activityapi.PreviewNewsRequestObject) (activityapi.PreviewNewsResponseObject, error) {
	html, err := s.app.Preview(ctx, reqctx.From(ctx).Actor(), r.Body.Body)
	if err != nil {
		return nil, err
	}
	return activityapi.PreviewNews200JSONResponse{BodyHTML: html}, nil
}

func (s news) ReactToNews(ctx context.Context, r activityapi.ReactToNewsRequestObject) (activityapi.ReactToNewsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	reactions, err := s.app.React(ctx, reqctx.From(ctx).Actor(), id, r.Body.Emoji, wire.Value(r.Body.Action) != activityapi.NewsActionRemove)
	if err != nil {
		return nil, err
	}
	return activityapi.ReactToNews200JSONResponse(wire.Each(reactions, toAPIReactionCount)), nil
}

func (s news) ListNewsReactions(ctx context.Context, r activityapi.ListNewsReactionsRequestObject) (activityapi.ListNewsReactionsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	found, err := s.app.Given(ctx, reqctx.From(ctx).Actor(), id, wire.Value(r.Params.Offset), wire.ValueOr(r.Params.Limit, 50))
	if err != nil {
		return nil, err
	}
	return activityapi.ListNewsReactions200JSONResponse(wire.Each(found, toAPIGivenReaction)), nil
}

func (s news) ViewNews(ctx context.Context, r activityapi.ViewNewsRequestObject) (activityapi.ViewNewsResponseObject, error) {
	id, err := newsID(r.NewsID)
	if err != nil {
		return nil, err
	}
	views, counted, err := s.app.View(ctx, reqctx.From(ctx).Actor(), id)
	if err != nil {
		return nil, err
	}
	return activityapi.ViewNews200JSONResponse{ViewsCount: views, Counted: counted}, nil
}
