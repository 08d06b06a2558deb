package httpapi

import (
	"context"
	"time"

	"github.com/oapi-codegen/nullable"

	"go.updspace.com/activity/webhooks/app"
	"go.updspace.com/activity/webhooks/domain"
	"go.updspace.com/activity/webhooks/ports"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/wire"
)

// webhooks are the operations under /api/v1/activity/webhooks.
type webhooks struct {
	endpoints  app.Endpoints
	deliveries app.Deliveries
}

func newWebhooks(deps app.Deps) webhooks {
	return webhooks{app.Endpoints{Deps: deps}, app.Deliveries{Deps: deps}}
}

func (s webhooks) ListWebhooks(ctx context.Context, _ activityapi.ListWebhooksRequestObject) (activityapi.ListWebhooksResponseObject, error) {
	endpoints, err := s.endpoints.List(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.ListWebhooks200JSONResponse{Items: wire.Each(endpoints, ToAPIWebhook)}, nil
}

func (s webhooks) ListWebhookEventTypes(ctx context.Context, _ activityapi.ListWebhookEventTypesRequestObject) (activityapi.ListWebhookEventTypesResponseObject, error) {
	types, err := s.endpoints.Types(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.ListWebhookEventTypes200JSONResponse{Items: wire.Each(types, func(t domain.EventType) activityapi.WebhookEventType {
		return activityapi.WebhookEventType{Type: t.Type, Fields: t.Fields}
	})}, nil
}

func (s webhooks) CreateWebhook(ctx context.Context, r activityapi.CreateWebhookRequestObject) (activityapi.CreateWebhookResponseObject, error) {
	actor := reqctx.From(ctx).Actor()
	edit := domain.Edit{Name: &r.Body.Name, URL: &r.Body.URL, Types: &r.Body.Types, Language: wire.As[domain.Language](r.Body.Language)}
	var err error
	if edit.Scope, err = scopeOf(actor, r.Body.ScopeType, r.Body.ScopeID); err != nil {
		return nil, err
	}
	format := domain.Standard
	if r.Body.Format != nil {
		format = domain.Format(*r.Body.Format)
	}
	made, err := s.endpoints.Create(ctx, actor, format, edit)
	if err != nil {
		return nil, err
	}
	return activityapi.CreateWebhook201JSONResponse(toAPIWebhookSecret(made)), nil
}

func (s webhooks) GetWebhook(ctx context.Context, r activityapi.GetWebhookRequestObject) (activityapi.GetWebhookResponseObject, error) {
	endpoint, err := s.endpoints.Get(ctx, reqctx.From(ctx).Actor(), r.WebhookID)
	if err != nil {
		return nil, err
	}
	return activityapi.GetWebhook200JSONResponse(ToAPIWebhook(endpoint)), nil
}

func (s webhooks) UpdateWebhook(ctx context.Context, r activityapi.UpdateWebhookRequestObject) (activityapi.UpdateWebhookResponseObject, error) {
	actor := reqctx.From(ctx).Actor()
	edit := domain.Edit{Name: r.Body.Name, URL: r.Body.URL, Types: r.Body.Types, Language: wire.As[domain.Language](r.Body.Language), Active: r.Body.Active}
	var err error
	if edit.Scope, err = scopeOf(actor, r.Body.ScopeType, r.Body.ScopeID); err != nil {
		return nil, err
	}
	endpoint, err := s.endpoints.Update(ctx, actor, r.WebhookID, edit)
	if err != nil {
		return nil, err
	}
	return activityapi.UpdateWebhook200JSONResponse(ToAPIWebhook(endpoint)), nil
}

func (s webhooks) DeleteWebhook(ctx context.Context, r activityapi.DeleteWebhookRequestObject) (activityapi.DeleteWebhookResponseObject, error) {
	if err := s.endpoints.Delete(ctx, reqctx.From(ctx).Actor(), r.WebhookID); err != nil {
		return nil, err
	}
	return activityapi.DeleteWebhook204Response{}, nil
}

func (s webhooks) RotateWebhookSecret(ctx context.Context, r activityapi.RotateWebhookSecretRequestObject) (activityapi.RotateWebhookSecretResponseObject, error) {
	rotated, err := s.endpoints.RotateSecret(ctx, reqctx.From(ctx).Actor(), r.WebhookID)
	if err != nil {
		return nil, err
	}
	return activityapi.RotateWebhookSecret200JSONResponse(toAPIWebhookSecret(rotated)), nil
}

func (s webhooks) TestWebhook(ctx context.Context, r activityapi.TestWebhookRequestObject) (activityapi.TestWebhookResponseObject, error) {
	delivery, err := s.deliveries.Try(ctx, reqctx.From(ctx).Actor(), r.WebhookID)
	if err != nil {
		return nil, err
	}
	return activityapi.TestWebhook202JSONResponse(ToAPIDelivery(delivery)), nil
}

func (s webhooks) ReplayDeadWebhookDeliveries(
	ctx context.Context, r activityapi.ReplayDeadWebhookDeliveriesRequestObject,
) (activityapi.ReplayDeadWebhookDeliveriesResponseObject, error) {
	count, err := s.deliveries.ReplayDead(ctx, reqctx.From(ctx).Actor(), r.WebhookID, r.Body.Since)
	if err != nil {
		return nil, err
	}
	return activityapi.ReplayDeadWebhookDeliveries202JSONResponse{Count: count}, nil
}

func (s webhooks) ListWebhookDeliveries(ctx context.Context, r activityapi.ListWebhookDeliveriesRequestObject) (activityapi.ListWebhookDeliveriesResponseObject, error) {
	filter := ports.Filter{State: domain.DeliveryState(wire.Value(r.Params.State)), Type: wire.Value(r.Params.Type)}
	p := page.Request{Limit: wire.Value(r.Params.Limit), Cursor: wire.Value(r.Params.Cursor)}
	list, err := s.deliveries.List(ctx, reqctx.From(ctx).Actor(), r.WebhookID, filter, p)
	if err != nil {
		return nil, err
	}
	return activityapi.ListWebhookDeliveries200JSONResponse{Items: wire.Each(list.Items, ToAPIDelivery), NextCursor: wire.OrNull(list.Next)}, nil
}

func (s webhooks) GetWebhookDelivery(ctx context.Context, r activityapi.GetWebhookDeliveryRequestObject) (activityapi.GetWebhookDeliveryResponseObject, error) {
	found, err := s.deliveries.Get(ctx, reqctx.From(ctx).Actor(), r.WebhookID, r.DeliveryID)
	if err != nil {
		return nil, err
	}
	return activityapi.GetWebhookDelivery200JSONResponse{
		Delivery: ToAPIDelivery(found.Delivery), Body: string(found.Body), Attempts: wire.Each(found.Log, toAPIAttempt),
	}, nil
}

func (s webhooks) ReplayWebhookDelivery(ctx context.Context, r activityapi.ReplayWebhookDeliveryRequestObject) (activityapi.ReplayWebhookDeliveryResponseObject, error) {
	delivery, err := s.deliveries.Replay(ctx, reqctx.From(ctx).Actor(), r.WebhookID, r.DeliveryID)
	if err != nil {
		return nil, err
	}
	return activityapi.ReplayWebhookDelivery202JSONResponse(ToAPIDelivery(delivery)), nil
}

// ToAPIWebhook converts an endpoint.
func ToAPIWebhook(e domain.Endpoint) activityapi.Webhook {
	d := e.Data()
	return activityapi.Webhook{
		ID: d.ID, Name: d.Name, URL: e.ShownURL(), Types: d.Types, Format: activityapi.WebhookFormat(d.Format),
		Language: activityapi.WebhookLanguage(d.Language), ScopeType: activityapi.WebhookScope(d.Scope.Type), ScopeID: d.Scope.ID, State: activityapi.WebhookState(d.State),
		DisabledReason: wire.OrNull(activityapi.WebhookDisabledReason(d.DisabledReason)), Failures: d.Failures,
		FailingSince: wire.TimeOrNull(d.FailingSince), CreatedBy: wire.OrNull(d.CreatedBy), CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

func toAPIWebhookSecret(w app.WithSecret) activityapi.WebhookSecret {
	shown := activityapi.WebhookSecret{
		Webhook: ToAPIWebhook(w.Endpoint), Secret: nullable.NewNullNullable[string](), PreviousUntil: wire.TimeOrNull(w.Secrets.PreviousUntil),
	}
	if !w.Secrets.Current.Zero() {
		shown.Secret.Set(w.Secrets.Current.Text())
	}
	return shown
}

// ToAPIDelivery converts a delivery.
func ToAPIDelivery(d domain.Delivery) activityapi.WebhookDelivery {
	next := nullable.NewNullNullable[time.Time]()
	if d.State == domain.Waiting {
		next = wire.TimeOrNull(d.DueAt)
	}
	return activityapi.WebhookDelivery{
		ID: d.ID, MessageID: d.MessageID(), Type: d.Type, State: activityapi.WebhookDeliveryState(d.State), Attempts: d.Attempts,
		LastStatus: wire.OrNull(d.LastStatus), LastReason: wire.OrNull(activityapi.WebhookFailure(d.LastReason)),
		LastAt: wire.TimeOrNull(d.LastAt), NextAt: next, CreatedAt: d.CreatedAt,
	}
}

func toAPIAttempt(a domain.Attempt) activityapi.WebhookAttempt {
	return activityapi.WebhookAttempt{
		Number: a.Number, At: a.At, Status: wire.OrNull(a.Result.Status), Reason: wire.OrNull(activityapi.WebhookFailure(a.Result.Reason)),
		TookMs: a.Result.Took.Milliseconds(),
	}
}
