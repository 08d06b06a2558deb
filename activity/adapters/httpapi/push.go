package httpapi

import (
	"context"
	"encoding/base64"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

func (s notifications) GetPush(ctx context.Context, _ activityapi.GetPushRequestObject) (activityapi.GetPushResponseObject, error) {
	key, browsers, err := s.push.List(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.GetPush200JSONResponse{PublicKey: key, Subscriptions: wire.Each(browsers, ToAPIBrowser)}, nil
}

func (s notifications) SubscribeToPush(ctx context.Context, r activityapi.SubscribeToPushRequestObject) (activityapi.SubscribeToPushResponseObject, error) {
	fields := errs.Fields{}
	bytes := func(field, text string) []byte {
		raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
		if err != nil {
			fields.Add(field, why.InvalidFormat("must be base64url"))
		}
		return raw
	}
	browser := domain.Browser{
		Endpoint: r.Body.Endpoint, Key: bytes("p256dh", r.Body.P256Dh), Auth: bytes("auth", r.Body.Auth), Language: string(r.Body.Language), Name: wire.Value(r.Body.Browser),
	}
	if err := fields.Err(); err != nil {
		return nil, err
	}
	browser, err := s.push.Subscribe(ctx, reqctx.From(ctx).Actor(), browser)
	if err != nil {
		return nil, err
	}
	return activityapi.SubscribeToPush201JSONResponse(ToAPIBrowser(browser)), nil
}

func (s notifications) UnsubscribeFromPush(ctx context.Context, r activityapi.UnsubscribeFromPushRequestObject) (activityapi.UnsubscribeFromPushResponseObject, error) {
	if err := s.push.Unsubscribe(ctx, reqctx.From(ctx).Actor(), r.SubscriptionID); err != nil {
		return nil, err
	}
	return activityapi.UnsubscribeFromPush204Response{}, nil
}

// ToAPIBrowser converts a browser.
func ToAPIBrowser(b domain.Browser) activityapi.PushSubscription {
	return activityapi.PushSubscription{ID: b.ID, Browser: b.Name, CreatedAt: b.Created}
}
