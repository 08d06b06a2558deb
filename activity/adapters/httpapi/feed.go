package httpapi

import (
	"context"
	"strings"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// feed serves the section "feed".
type feed struct{ app *app.Feed }

func (s feed) ListFeed(ctx context.Context, r activityapi.ListFeedRequestObject) (activityapi.ListFeedResponseObject, error) {
	found, err := s.app.List(ctx, reqctx.From(ctx).Actor(), app.ListFeed{
		Types: names(wire.Value(r.Params.Types)), From: wire.Value(r.Params.From), To: wire.Value(r.Params.To),
		ScopeType: wire.Value(r.Params.ScopeType), ScopeID: wire.Value(r.Params.ScopeID),
		Page: page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)},
	})
	if err != nil {
		return nil, err
	}
	return activityapi.ListFeed200JSONResponse{
		Items: wire.Each(found.Items, ToAPIItem), NextCursor: wire.OrNull(found.Next), HasMore: found.Next != "",
	}, nil
}

// names are the names in a list with commas.
func names(list string) []string {
	var found []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			found = append(found, name)
		}
	}
	return found
}

// ToAPIItem converts an item.
func ToAPIItem(item domain.Item) activityapi.FeedItem {
	d := item.Data()
	return activityapi.FeedItem{
		ID: d.ID, TenantID: d.TenantID, ActorUserID: wire.OrNull(d.Actor), TargetUserID: wire.OrNull(d.Target), Type: string(d.Type),
		OccurredAt: d.OccurredAt, Title: d.Title, PayloadJSON: d.Payload, Visibility: activityapi.FeedItemVisibility(d.Visibility),
		ScopeType: activityapi.FeedItemScopeType(d.Scope.Type), ScopeID: d.Scope.ID, SourceRef: d.SourceRef,
		ActorProfile: nullable.NewNullNullable[activityapi.ActorProfile](), Link: wire.OrNull(d.Link),
	}
}
