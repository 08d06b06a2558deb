// Package httpapi serves api/openapi/activity.yaml: convert in, call the use case, convert out.
package httpapi

import (
	"context"
	"fmt"
	"net/http"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/personaldata"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

type server struct {
	items        *app.Items
	personalData *personaldata.Store
}

var _ activityapi.StrictServerInterface = server{}

// New returns the handler of the service.
func New(kit *httpx.Server, items *app.Items, personalData *personaldata.Store) (http.Handler, error) {
	spec, err := activityapi.GetSpec()
	if err != nil {
		return nil, fmt.Errorf("reading the embedded spec: %w", err)
	}
	strict := activityapi.NewStrictHandlerWithOptions(server{items, personalData}, nil, activityapi.StrictHTTPServerOptions{
		RequestErrorHandlerFunc: kit.RequestError, ResponseErrorHandlerFunc: kit.ResponseError,
	})
	mux := http.NewServeMux()
	activityapi.HandlerWithOptions(strict, activityapi.StdHTTPServerOptions{BaseRouter: mux, ErrorHandlerFunc: kit.RequestError})
	return kit.Handler(mux, spec, activityapi.Operations)
}

func (s server) ListItems(ctx context.Context, r activityapi.ListItemsRequestObject) (activityapi.ListItemsResponseObject, error) {
	items, err := s.items.List(ctx, reqctx.From(ctx).Actor(), page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return activityapi.ListItems200JSONResponse{Items: wire.Each(items.Items, ToAPIItem), NextCursor: wire.OrNull(items.Next)}, nil
}

func (s server) GetItem(ctx context.Context, r activityapi.GetItemRequestObject) (activityapi.GetItemResponseObject, error) {
	item, err := s.items.Get(ctx, reqctx.From(ctx).Actor(), r.ItemID)
	if err != nil {
		return nil, err
	}
	return activityapi.GetItem200JSONResponse(ToAPIItem(item)), nil
}

func (s server) CreateItem(ctx context.Context, r activityapi.CreateItemRequestObject) (activityapi.CreateItemResponseObject, error) {
	item, err := s.items.Create(ctx, reqctx.From(ctx).Actor(), domain.ItemDraft{Title: r.Body.Title, Text: wire.Value(r.Body.Text)})
	if err != nil {
		return nil, err
	}
	return activityapi.CreateItem201JSONResponse(ToAPIItem(item)), nil
}

func (s server) UpdateItem(ctx context.Context, r activityapi.UpdateItemRequestObject) (activityapi.UpdateItemResponseObject, error) {
	item, err := s.items.Update(ctx, reqctx.From(ctx).Actor(), r.ItemID, domain.ItemEdit{Title: r.Body.Title, Text: r.Body.Text})
	if err != nil {
		return nil, err
	}
	return activityapi.UpdateItem200JSONResponse(ToAPIItem(item)), nil
}

func (s server) DeleteItem(ctx context.Context, r activityapi.DeleteItemRequestObject) (activityapi.DeleteItemResponseObject, error) {
	if err := s.items.Delete(ctx, reqctx.From(ctx).Actor(), r.ItemID); err != nil {
		return nil, err
	}
	return activityapi.DeleteItem204Response{}, nil
}

func (s server) ExportPersonalData(ctx context.Context, r activityapi.ExportPersonalDataRequestObject) (activityapi.ExportPersonalDataResponseObject, error) {
	export, err := s.personalData.Export(ctx, r.UserID, page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)})
	if err != nil {
		return nil, err
	}
	return activityapi.ExportPersonalData200JSONResponse{PersonalDataJSONResponse: export.ToAPI()}, nil
}

func (s server) ErasePersonalData(ctx context.Context, r activityapi.ErasePersonalDataRequestObject) (activityapi.ErasePersonalDataResponseObject, error) {
	receipt, err := s.personalData.Erase(ctx, r.UserID)
	if err != nil {
		return nil, err
	}
	return activityapi.ErasePersonalData200JSONResponse{ErasureJSONResponse: receipt.ToAPI()}, nil
}

// ToAPIItem converts an item.
func ToAPIItem(item domain.Item) activityapi.Item {
	d := item.Data()
	return activityapi.Item{ID: d.ID, Title: d.Title, Text: d.Text, CreatedBy: d.CreatedBy, CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt}
}
