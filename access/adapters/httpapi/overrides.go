package httpapi

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
)

type overrides struct{ app *app.Overrides }

func (s overrides) ListPolicyOverrides(ctx context.Context, r accessapi.ListPolicyOverridesRequestObject) (accessapi.ListPolicyOverridesResponseObject, error) {
	after, err := fromAPIPosition(r.Params.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.app.List(ctx, ports.OverrideSearch{
		Effect: domain.Effect(value(r.Params.Action)), User: value(r.Params.UserID), Permission: value(r.Params.PermissionKey),
		Active: r.Params.Active, After: after, Limit: valueOr(r.Params.Limit, 500),
	})
	if err != nil {
		return nil, err
	}
	next := nextOf(page, func(o domain.OverrideRecord) *string { return positionOf(o.CreatedAt, o.ID) })
	return accessapi.ListPolicyOverrides200JSONResponse{
		Body:    each(page.Items, toAPIOverride),
		Headers: accessapi.ListPolicyOverrides200ResponseHeaders{XNextCursor: next},
	}, nil
}

func (s overrides) CreatePolicyOverride(ctx context.Context, r accessapi.CreatePolicyOverrideRequestObject) (accessapi.CreatePolicyOverrideResponseObject, error) {
	b := *r.Body
	record, err := s.app.Create(ctx, app.OverrideInput{Tenant: b.TenantID, User: b.UserID, Override: domain.Override{
		Effect: domain.Effect(b.Action), Permission: get(b.PermissionKey), Reason: value(b.Reason), Expires: instant(get(b.ExpiresAt)),
	}})
	if err != nil {
		return nil, err
	}
	return accessapi.CreatePolicyOverride201JSONResponse(toAPIOverride(record)), nil
}

func (s overrides) UpdatePolicyOverride(ctx context.Context, r accessapi.UpdatePolicyOverrideRequestObject) (accessapi.UpdatePolicyOverrideResponseObject, error) {
	change := app.OverrideEdit{Permission: edit(r.Body.PermissionKey), Reason: r.Body.Reason}
	if r.Body.Action != nil {
		effect := domain.Effect(*r.Body.Action)
		change.Effect = &effect
	}
	if expires := edit(r.Body.ExpiresAt); expires != nil {
		at := instant(*expires)
		change.Expires = &at
	}
	record, err := s.app.Update(ctx, overrideID(r.OverrideID), change)
	if err != nil {
		return nil, err
	}
	return accessapi.UpdatePolicyOverride200JSONResponse(toAPIOverride(record)), nil
}

func (s overrides) DeletePolicyOverride(ctx context.Context, r accessapi.DeletePolicyOverrideRequestObject) (accessapi.DeletePolicyOverrideResponseObject, error) {
	if err := s.app.Delete(ctx, overrideID(r.OverrideID)); err != nil {
		return nil, err
	}
	return accessapi.DeletePolicyOverride200JSONResponse{DoneJSONResponse: done}, nil
}

// overrideID is the zero UUID for what is none: it names no override either,
// and whoever may not delete any is still told so first.
func overrideID(text string) uuid.UUID {
	id, err := uuid.Parse(text)
	if err != nil {
		return uuid.Nil
	}
	return id
}

func toAPIOverride(o domain.OverrideRecord) accessapi.Override {
	return accessapi.Override{
		ID: o.ID, TenantID: o.Tenant, UserID: o.User, Action: accessapi.OverrideAction(o.Effect), PermissionKey: orNull(o.Permission),
		Reason: o.Reason, ExpiresAt: timeOrNull(o.Expires), CreatedAt: o.CreatedAt, CreatedBy: orNull(o.By),
	}
}
