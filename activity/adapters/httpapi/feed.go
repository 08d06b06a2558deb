package httpapi

import (
	"context"
	"strings"
	"time"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/activity/app"
	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// feed serves the sections "feed" and "subscriptions".
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
		Items: wire.Each(found.Items, ToAPIFeedItem), NextCursor: wire.OrNull(found.Next), HasMore: found.Next != "",
	}, nil
}

func (s feed) ListFeedItems(ctx context.Context, r activityapi.ListFeedItemsRequestObject) (activityapi.ListFeedItemsResponseObject, error) {
	found, err := s.app.ListItems(ctx, reqctx.From(ctx).Actor(), app.ListFeed{
		Types: names(wire.Value(r.Params.Types)), From: wire.Value(r.Params.From), To: wire.Value(r.Params.To),
		ScopeType: wire.Value(r.Params.ScopeType), ScopeID: wire.Value(r.Params.ScopeID),
		Page: page.Request{Limit: wire.ValueOr(r.Params.Limit, defaultItems)},
	})
	if err != nil {
		return nil, err
	}
	return activityapi.ListFeedItems200JSONResponse{Items: wire.Each(found, ToAPIFeedItem)}, nil
}

const (
	defaultItems = 100
	defaultWait  = 25 // seconds
	maxWait      = 30
)

func (s feed) GetUnreadCount(ctx context.Context, _ activityapi.GetUnreadCountRequestObject) (activityapi.GetUnreadCountResponseObject, error) {
	count, err := s.app.Unread(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.GetUnreadCount200JSONResponse{Count: count}, nil
}

func (s feed) AwaitUnreadCount(ctx context.Context, r activityapi.AwaitUnreadCountRequestObject) (activityapi.AwaitUnreadCountResponseObject, error) {
	wait := time.Duration(min(wire.ValueOr(r.Params.Timeout, defaultWait), maxWait)) * time.Second
	got, err := s.app.AwaitUnread(ctx, reqctx.From(ctx).Actor(), app.AwaitUnread{Known: r.Params.Last, For: wait})
	if err != nil {
		return nil, err
	}
	return activityapi.AwaitUnreadCount200JSONResponse{Count: got.Count, Changed: got.Changed, WaitedMs: got.Waited.Milliseconds(), ServerTime: got.At}, nil
}

func (s feed) MarkFeedRead(ctx context.Context, _ activityapi.MarkFeedReadRequestObject) (activityapi.MarkFeedReadResponseObject, error) {
	if err := s.app.MarkRead(ctx, reqctx.From(ctx).Actor()); err != nil {
		return nil, err
	}
	return activityapi.MarkFeedRead204Response{}, nil
}

func (s feed) ListSubscriptions(ctx context.Context, _ activityapi.ListSubscriptionsRequestObject) (activityapi.ListSubscriptionsResponseObject, error) {
	found, ok, err := s.app.Subscription(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	items := []activityapi.Subscription{}
	if ok {
		items = append(items, toAPISubscription(found))
	}
	return activityapi.ListSubscriptions200JSONResponse{Items: items}, nil
}

func (s feed) PutSubscription(ctx context.Context, r activityapi.PutSubscriptionRequestObject) (activityapi.PutSubscriptionResponseObject, error) {
	stored, err := s.app.Subscribe(ctx, reqctx.From(ctx).Actor(), wire.Each(r.Body.Scopes, func(s activityapi.SubscriptionScope) domain.ScopeName {
		return domain.ScopeName{Type: s.ScopeType, ID: s.ScopeID}
	}))
	if err != nil {
		return nil, err
	}
	return activityapi.PutSubscription200JSONResponse(toAPISubscription(stored)), nil
}

func toAPISubscription(s domain.Subscription) activityapi.Subscription {
	return activityapi.Subscription{ID: s.ID, TenantID: s.Tenant, UserID: s.User, RulesJSON: activityapi.SubscriptionRules{
		Scopes: wire.Each(s.Scopes, func(scope authz.Scope) activityapi.SubscriptionScope {
			return activityapi.SubscriptionScope{ScopeType: string(scope.Type), ScopeID: scope.ID.String()}
		}),
	}}
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

// ToAPIFeedItem converts an item with the profile of its actor.
func ToAPIFeedItem(item app.FeedItem) activityapi.FeedItem {
	return ToAPIItem(item.Item, item.Actor)
}

// ToAPIItem converts an item. actor may be nil.
func ToAPIItem(item domain.Item, actor *domain.Profile) activityapi.FeedItem {
	d := item.Data()
	profile := nullable.NewNullNullable[activityapi.ActorProfile]()
	if actor != nil {
		profile = nullable.NewNullableWithValue(ToAPIProfile(*actor))
	}
	return activityapi.FeedItem{
		ID: d.ID, TenantID: d.TenantID, ActorUserID: wire.OrNull(d.Actor), TargetUserID: wire.OrNull(d.Target), Type: string(d.Type),
		OccurredAt: d.OccurredAt, Title: d.Title, PayloadJSON: d.Payload, Visibility: activityapi.FeedItemVisibility(d.Visibility),
		ScopeType: activityapi.FeedItemScopeType(d.Scope.Type), ScopeID: d.Scope.ID, SourceRef: d.SourceRef,
		ActorProfile: profile, Link: wire.OrNull(d.Link),
	}
}

// ToAPIProfile converts a profile.
func ToAPIProfile(p domain.Profile) activityapi.ActorProfile {
	return activityapi.ActorProfile{
		UserID: p.User, Username: p.Username, DisplayName: p.DisplayName, FirstName: p.FirstName, LastName: p.LastName, AvatarURL: wire.OrNull(p.AvatarURL),
	}
}
