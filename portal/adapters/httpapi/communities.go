package httpapi

import (
	"context"

	"go.updspace.com/api/portalapi"
	"go.updspace.com/portal/app"
)

type communities struct{ app *app.Groups }

func (s communities) ListCommunities(ctx context.Context, r portalapi.ListCommunitiesRequestObject) (portalapi.ListCommunitiesResponseObject, error) {
	page, err := s.app.Communities(ctx, actor(ctx), app.ListGroups{
		Words: value(r.Params.Q), Status: FromAPIListed(r.Params.Status), Limit: int(valueOr(r.Params.Limit, defaultList)), Cursor: value(r.Params.Cursor),
	})
	if err != nil {
		return nil, err
	}
	return portalapi.ListCommunities200JSONResponse{Body: each(page.Items, ToAPICommunity), Headers: portalapi.ListCommunities200ResponseHeaders{XNextCursor: next(page.Next)}}, nil
}
