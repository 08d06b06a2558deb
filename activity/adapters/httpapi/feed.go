package httpapi

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"github.com/google/uuid"
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
type feed struct {
	app   *app.Feed
	posts *app.News
}

func (s feed) ListFeed(ctx context.Context, r activityapi.ListFeedRequestObject) (activityapi.ListFeedResponseObject, error) {
	found, err := s.app.List(ctx, reqctx.From(ctx).Actor(), app.ListFeed{
		Types: names(wire.Value(r.Params.Types)), From: wire.Value(r.Params.From), To: wire.Value(r.Params.To),
		ScopeType: wire.Value(r.Params.ScopeType), ScopeID: wire.Value(r.Params.ScopeID), Grouped: wire.Value(r.Params.Grouped),
		Page: page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)},
	})
	if err != nil {
		return nil, err
	}
	items, err := s.items(ctx, found.Items)
	if err != nil {
		return nil, err
	}
	return activityapi.ListFeed200JSONResponse{
		Items: items, NextCursor: wire.OrNull(found.Next), HasMore: found.Next != "",
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
	items, err := s.items(ctx, found)
	if err != nil {
		return nil, err
	}
	return activityapi.ListFeedItems200JSONResponse{Items: items}, nil
}

// items converts items. The payload of news is what the posts are now: the items have only their ids.
func (s feed) items(ctx context.Context, found []app.FeedItem) ([]activityapi.FeedItem, error) {
	items := wire.Each(found, ToAPIFeedItem)
	var ids []uuid.UUID
	for _, item := range found {
		if id, ok := domain.NewsOf(item.Item); ok {
			ids = append(ids, id)
		}
	}
	posts, err := s.posts.Shown(ctx, reqctx.From(ctx).Actor(), ids)
	if err != nil {
		return nil, err
	}
	for i, item := range found {
		id, _ := domain.NewsOf(item.Item)
		if post, ok := posts[id]; ok {
			if items[i].PayloadJSON, err = payloadOf(ToAPINewsPayload(post)); err != nil {
				return nil, err
			}
		}
	}
	return items, nil
}

// payloadOf is a payload as the JSON object of an item.
func payloadOf(payload activityapi.NewsPayload) (object map[string]any, err error) {
	text, err := json.Marshal(payload)
	if err == nil {
		err = json.Unmarshal(text, &object)
	}
	return object, err
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
	converted := ToAPIItem(item.Item, item.Actor)
	if item.Group != nil {
		converted.Group = &activityapi.FeedGroup{Count: item.Group.Count, Actors: wire.Each(item.Group.Actors, toAPIProfileOf)}
	}
	return converted
}

// ToAPIItem converts an item. actor may be nil.
func ToAPIItem(item domain.Item, actor *domain.Profile) activityapi.FeedItem {
	d := item.Data()
	return activityapi.FeedItem{
		ID: d.ID, TenantID: d.TenantID, ActorUserID: wire.OrNull(d.Actor), TargetUserID: wire.OrNull(d.Target), Type: string(d.Type),
		OccurredAt: d.OccurredAt, Title: d.Title, PayloadJSON: d.Payload, Visibility: activityapi.FeedItemVisibility(d.Visibility),
		ScopeType: activityapi.FeedItemScopeType(d.Scope.Type), ScopeID: d.Scope.ID, SourceRef: d.SourceRef,
		ActorProfile: toAPIProfile(actor), Link: wire.OrNull(d.Link),
	}
}

// toAPIProfile converts a profile; nil while it is not known.
func toAPIProfile(p *domain.Profile) nullable.Nullable[activityapi.ActorProfile] {
	if p == nil {
		return nullable.NewNullNullable[activityapi.ActorProfile]()
	}
	return nullable.NewNullableWithValue(toAPIProfileOf(*p))
}

func toAPIProfileOf(p domain.Profile) activityapi.ActorProfile {
	return activityapi.ActorProfile{
		UserID: p.User, Username: p.Username, DisplayName: p.DisplayName, FirstName: p.FirstName, LastName: p.LastName, AvatarURL: wire.OrNull(p.AvatarURL),
	}
}
