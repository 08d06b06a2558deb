package httpapi

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/valid"
	"go.updspace.com/libs/wire"
)

type overrides struct{ app app.Overrides }

func (s overrides) ListPolicyOverrides(ctx context.Context, r accessapi.ListPolicyOverridesRequestObject) (accessapi.ListPolicyOverridesResponseObject, error) {
	p := r.Params
	found, err := s.app.List(ctx, ports.OverrideSearch{
		Effect: domain.Effect(wire.Value(p.Action)), User: wire.Value(p.UserID), Permission: wire.Value(p.PermissionKey), Active: p.Active,
	}, page.Request{Limit: wire.Value(p.Limit), Cursor: wire.Value(p.Cursor)})
	if err != nil {
		return nil, err
	}
	return accessapi.ListPolicyOverrides200JSONResponse{Items: wire.Each(found.Items, toAPIOverride), NextCursor: wire.OrNull(found.Next)}, nil
}

func (s overrides) CreatePolicyOverride(ctx context.Context, r accessapi.CreatePolicyOverrideRequestObject) (accessapi.CreatePolicyOverrideResponseObject, error) {
	b := *r.Body
	record, err := s.app.Create(ctx, app.OverrideInput{Tenant: b.TenantID, User: b.UserID, Override: domain.Override{
		Effect: domain.Effect(b.Action), Permission: wire.Get(b.PermissionKey), Reason: wire.Value(b.Reason), Expires: valid.Instant(wire.Get(b.ExpiresAt)),
	}})
	if err != nil {
		return nil, err
	}
	return accessapi.CreatePolicyOverride201JSONResponse(toAPIOverride(record)), nil
}

func (s overrides) UpdatePolicyOverride(ctx context.Context, r accessapi.UpdatePolicyOverrideRequestObject) (accessapi.UpdatePolicyOverrideResponseObject, error) {
	edit := app.OverrideEdit{
		Effect: (*domain.Effect)(r.Body.Action), Permission: wire.Edit(r.Body.PermissionKey), Reason: r.Body.Reason, Expires: wire.Edit(r.Body.ExpiresAt),
	}
	if edit.Expires != nil {
		*edit.Expires = valid.Instant(*edit.Expires)
	}
	record, err := s.app.Update(ctx, overrideID(r.OverrideID), edit)
	if err != nil {
		return nil, err
	}
	return accessapi.UpdatePolicyOverride200JSONResponse(toAPIOverride(record)), nil
}

func (s overrides) DeletePolicyOverride(ctx context.Context, r accessapi.DeletePolicyOverrideRequestObject) (accessapi.DeletePolicyOverrideResponseObject, error) {
	return accessapi.DeletePolicyOverride204Response{}, s.app.Delete(ctx, overrideID(r.OverrideID))
}

// overrideID is the zero UUID, which no override has, for a malformed id: the caller's permission is checked first.
func overrideID(text string) uuid.UUID {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil
	}
	return id
}

func toAPIOverride(o domain.OverrideRecord) accessapi.Override {
	return accessapi.Override{
		ID: o.ID, TenantID: o.Tenant, UserID: o.User, Action: accessapi.OverrideAction(o.Effect), PermissionKey: wire.OrNull(o.Permission),
		Reason: o.Reason, ExpiresAt: wire.TimeOrNull(o.Expires), CreatedAt: o.CreatedAt, CreatedBy: wire.OrNull(o.By),
	}
}
