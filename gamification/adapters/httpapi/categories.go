package httpapi

import (
	"context"

	"go.updspace.com/api/gamificationapi"
	"go.updspace.com/gamification/app"
	"go.updspace.com/gamification/domain"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s *server) ListCategories(ctx context.Context, _ gamificationapi.ListCategoriesRequestObject) (gamificationapi.ListCategoriesResponseObject, error) {
	all, err := s.categories.List(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return gamificationapi.ListCategories200JSONResponse{Items: wire.Each(all, ToAPICategory)}, nil
}

func (s *server) CreateCategory(ctx context.Context, r gamificationapi.CreateCategoryRequestObject) (gamificationapi.CreateCategoryResponseObject, error) {
	category, err := s.categories.Create(ctx, reqctx.From(ctx).Actor(), domain.CategoryDraft{
		Slug: r.Body.ID, Names: domain.Texts(r.Body.NameI18N), Order: int(wire.Value(r.Body.Order)), Retired: !wire.ValueOr(r.Body.IsActive, true),
	})
	if err != nil {
		return nil, err
	}
	return gamificationapi.CreateCategory201JSONResponse{
		Headers: gamificationapi.CreateCategory201ResponseHeaders{ETag: wire.ETag(category.Data().Version)}, Body: ToAPICategory(category),
	}, nil
}

func (s *server) UpdateCategory(ctx context.Context, r gamificationapi.UpdateCategoryRequestObject) (gamificationapi.UpdateCategoryResponseObject, error) {
	in := app.ChangeCategory{Slug: r.CategoryID, Version: wire.IfMatch(r.Params.IfMatch)}
	edit := domain.CategoryEdit{Names: wire.Get(r.Body.NameI18N), Active: wire.Given(r.Body.IsActive)}
	if order := wire.Given(r.Body.Order); order != nil {
		edit.Order = new(int(*order))
	}
	category, err := s.categories.Update(ctx, reqctx.From(ctx).Actor(), in, edit)
	if err != nil {
		return nil, err
	}
	return gamificationapi.UpdateCategory200JSONResponse{
		Headers: gamificationapi.UpdateCategory200ResponseHeaders{ETag: wire.ETag(category.Data().Version)}, Body: ToAPICategory(category),
	}, nil
}

func (s *server) DeleteCategory(ctx context.Context, r gamificationapi.DeleteCategoryRequestObject) (gamificationapi.DeleteCategoryResponseObject, error) {
	in := app.ChangeCategory{Slug: r.CategoryID, Version: wire.IfMatch(r.Params.IfMatch)}
	if err := s.categories.Delete(ctx, reqctx.From(ctx).Actor(), in); err != nil {
		return nil, err
	}
	return gamificationapi.DeleteCategory204Response{}, nil
}

func (s *server) OrderCategories(ctx context.Context, r gamificationapi.OrderCategoriesRequestObject) (gamificationapi.OrderCategoriesResponseObject, error) {
	ordered, err := s.categories.Order(ctx, reqctx.From(ctx).Actor(), r.Body.Ids)
	if err != nil {
		return nil, err
	}
	return gamificationapi.OrderCategories200JSONResponse{Items: wire.Each(ordered, ToAPICategory)}, nil
}

func (s *server) MergeCategory(ctx context.Context, r gamificationapi.MergeCategoryRequestObject) (gamificationapi.MergeCategoryResponseObject, error) {
	target, err := s.categories.Merge(ctx, reqctx.From(ctx).Actor(), r.CategoryID, r.Body.Into)
	if err != nil {
		return nil, err
	}
	return gamificationapi.MergeCategory200JSONResponse(ToAPICategory(target)), nil
}

// ToAPICategory converts a category.
func ToAPICategory(c domain.Category) gamificationapi.Category {
	d := c.Data()
	return gamificationapi.Category{
		ID: d.Slug, NameI18N: gamificationapi.Names(d.Names), Order: int32(d.Order), IsActive: d.Active, //nolint:gosec // the domain bounds it
		CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt, Version: d.Version,
	}
}
