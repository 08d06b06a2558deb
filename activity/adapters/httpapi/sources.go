package httpapi

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"

	"github.com/google/uuid"
	"github.com/oapi-codegen/nullable"

	"go.updspace.com/activity/connectors/app"
	"go.updspace.com/activity/connectors/domain"
	"go.updspace.com/activity/discord"
	"go.updspace.com/api/activityapi"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/errs/why"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/libs/signature"
	"go.updspace.com/libs/wire"
)

// sources are the operations around outside systems.
type sources struct {
	sources app.Sources
	hooks   app.Hooks
	discord app.Interactions
}

func newSources(deps app.Deps) sources {
	return sources{app.Sources{Deps: deps}, app.Hooks{Deps: deps}, app.Interactions{Deps: deps}}
}

// hookPath is the path of the addresses that sources send messages to.
const hookPath = "/api/v1/activity/hooks/"

func (s sources) ReceiveHook(ctx context.Context, r activityapi.ReceiveHookRequestObject) (activityapi.ReceiveHookResponseObject, error) {
	body := httpx.KeptBody(ctx)
	accepted, err := s.hooks.Receive(ctx, r.SourceKey, signature.Message{
		ID: wire.Value(r.Params.WebhookID), Timestamp: wire.Value(r.Params.WebhookTimestamp), Signature: wire.Value(r.Params.WebhookSignature), Body: body,
	})
	if err != nil {
		return nil, err
	}
	answer := activityapi.ReceiveHook200JSONResponse{Ok: true, RawDeduped: 1}
	if accepted.New {
		answer.RawCreated, answer.RawDeduped = 1, 0
	}
	if accepted.Created {
		answer.ActivityCreated = 1
	}
	return answer, nil
}

func (s sources) ReceiveDiscordInteraction(
	ctx context.Context, r activityapi.ReceiveDiscordInteractionRequestObject,
) (activityapi.ReceiveDiscordInteractionResponseObject, error) {
	body := httpx.KeptBody(ctx)
	reply, err := s.discord.Answer(ctx, r.SourceKey, discord.Signed{
		Signature: wire.Value(r.Params.XSignatureEd25519), Timestamp: wire.Value(r.Params.XSignatureTimestamp), Body: body,
	})
	if err != nil {
		return nil, err
	}
	return discordReply(reply), nil
}

// discordReply is an answer in the words of Discord.
type discordReply discord.Reply

// VisitReceiveDiscordInteractionResponse writes the answer.
func (r discordReply) VisitReceiveDiscordInteractionResponse(w http.ResponseWriter) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(r)
}

func (s sources) ListSources(ctx context.Context, _ activityapi.ListSourcesRequestObject) (activityapi.ListSourcesResponseObject, error) {
	list, err := s.sources.List(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.ListSources200JSONResponse{Items: wire.Each(list, func(source domain.Source) activityapi.SourceSummary {
		d := source.Data()
		return activityapi.SourceSummary{ID: d.ID, TenantID: d.TenantID, Type: activityapi.SourceKind(d.Kind), Name: d.Name, CreatedAt: d.CreatedAt}
	})}, nil
}

func (s sources) ListConnectors(ctx context.Context, _ activityapi.ListConnectorsRequestObject) (activityapi.ListConnectorsResponseObject, error) {
	connectors, err := s.sources.Connectors(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.ListConnectors200JSONResponse{Items: wire.Each(connectors, func(c domain.Connector) activityapi.Connector {
		return activityapi.Connector{
			Kind: activityapi.SourceKind(c.Kind), Receives: c.Receives, Polls: c.Polls, Answers: c.Answers, Types: wire.Each(c.Types, func(t string) string { return t }), MaxRate: wire.OrNull(c.MaxRate),
		}
	})}, nil
}

func (s sources) ListAdminSources(ctx context.Context, _ activityapi.ListAdminSourcesRequestObject) (activityapi.ListAdminSourcesResponseObject, error) {
	list, err := s.sources.Managed(ctx, reqctx.From(ctx).Actor())
	if err != nil {
		return nil, err
	}
	return activityapi.ListAdminSources200JSONResponse{Items: wire.Each(list, ToAPISource)}, nil
}

func (s sources) GetAdminSource(ctx context.Context, r activityapi.GetAdminSourceRequestObject) (activityapi.GetAdminSourceResponseObject, error) {
	source, err := s.sources.Get(ctx, reqctx.From(ctx).Actor(), r.SourceID)
	if err != nil {
		return nil, err
	}
	return activityapi.GetAdminSource200JSONResponse(ToAPISource(source)), nil
}

func (s sources) CreateSource(ctx context.Context, r activityapi.CreateSourceRequestObject) (activityapi.CreateSourceResponseObject, error) {
	actor := reqctx.From(ctx).Actor()
	edit := domain.Edit{Name: &r.Body.Name, URL: r.Body.URL, PublicKey: r.Body.PublicKey, Types: r.Body.Types, Visibility: wire.As[authz.Visibility](r.Body.Visibility)}
	var err error
	if edit.Scope, err = scopeOf(actor, r.Body.ScopeType, r.Body.ScopeID); err != nil {
		return nil, err
	}
	made, err := s.sources.Create(ctx, actor, domain.Kind(r.Body.Kind), edit)
	if err != nil {
		return nil, err
	}
	return activityapi.CreateSource201JSONResponse(toAPISourceSecret(made)), nil
}

func (s sources) UpdateSource(ctx context.Context, r activityapi.UpdateSourceRequestObject) (activityapi.UpdateSourceResponseObject, error) {
	actor := reqctx.From(ctx).Actor()
	edit := domain.Edit{
		Name: r.Body.Name, URL: r.Body.URL, PublicKey: r.Body.PublicKey, Types: r.Body.Types, Active: r.Body.Active,
		Visibility: wire.As[authz.Visibility](r.Body.Visibility),
	}
	var err error
	if edit.Scope, err = scopeOf(actor, r.Body.ScopeType, r.Body.ScopeID); err != nil {
		return nil, err
	}
	source, err := s.sources.Update(ctx, actor, r.SourceID, edit)
	if err != nil {
		return nil, err
	}
	return activityapi.UpdateSource200JSONResponse(ToAPISource(source)), nil
}

func (s sources) DeleteSource(ctx context.Context, r activityapi.DeleteSourceRequestObject) (activityapi.DeleteSourceResponseObject, error) {
	if err := s.sources.Delete(ctx, reqctx.From(ctx).Actor(), r.SourceID); err != nil {
		return nil, err
	}
	return activityapi.DeleteSource204Response{}, nil
}

func (s sources) RotateSourceSecret(ctx context.Context, r activityapi.RotateSourceSecretRequestObject) (activityapi.RotateSourceSecretResponseObject, error) {
	rotated, err := s.sources.RotateSecret(ctx, reqctx.From(ctx).Actor(), r.SourceID)
	if err != nil {
		return nil, err
	}
	return activityapi.RotateSourceSecret200JSONResponse(toAPISourceSecret(rotated)), nil
}

// scopeOf reads a scope whose id is that of the tenant when it is left out.
func scopeOf[T ~string](actor authz.Actor, kind *T, id *uuid.UUID) (*authz.Scope, error) {
	switch {
	case kind == nil && id == nil:
		return nil, nil
	case kind == nil:
		return nil, errs.Field("scope_type", why.Required)
	case id == nil && authz.ScopeType(*kind) == authz.ScopeTenant:
		return new(authz.TenantScope(actor.Tenant)), nil
	case id == nil:
		return nil, errs.Field("scope_id", why.Required)
	}
	return &authz.Scope{Type: authz.ScopeType(*kind), ID: *id}, nil
}

// ToAPISource converts a source. Of the address that is asked it shows the host.
func ToAPISource(source domain.Source) activityapi.Source {
	d := source.Data()
	path, host := nullable.NewNullNullable[string](), nullable.NewNullNullable[string]()
	switch {
	case source.Receives():
		path = nullable.NewNullableWithValue(hookPath + d.Key.String())
	case source.Answers():
		path = nullable.NewNullableWithValue(hookPath + d.Key.String() + "/discord")
	}
	if address, err := url.Parse(d.URL); err == nil {
		host = wire.OrNull(address.Host)
	}
	return activityapi.Source{
		ID: d.ID, Kind: activityapi.SourceKind(d.Kind), Name: d.Name, Path: path, Host: host, PublicKey: wire.OrNull(d.PublicKey), Types: wire.Each(d.Types, func(t string) string { return t }),
		ScopeType: activityapi.SourceScope(d.Scope.Type), ScopeID: d.Scope.ID, Visibility: activityapi.SourceVisibility(d.Visibility), Active: d.Active,
		LastAt: wire.TimeOrNull(d.LastAt), LastError: wire.OrNull(d.LastError), ErrorAt: wire.TimeOrNull(d.ErrorAt), Failures: d.Failures,
		NextAt: wire.TimeOrNull(d.NextAt), CreatedBy: wire.OrNull(d.CreatedBy), CreatedAt: d.CreatedAt, UpdatedAt: d.UpdatedAt,
	}
}

func toAPISourceSecret(w app.WithSecret) activityapi.SourceSecret {
	made := activityapi.SourceSecret{
		Source: ToAPISource(w.Source), Secret: nullable.NewNullNullable[string](), SecretHex: nullable.NewNullNullable[string](),
		PreviousUntil: wire.TimeOrNull(w.Secrets.PreviousUntil),
	}
	if !w.Secrets.Current.Zero() {
		made.Secret.Set(w.Secrets.Current.Text())
		made.SecretHex.Set(w.Secrets.Current.Hex())
	}
	return made
}
