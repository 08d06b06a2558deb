package httpapi

import (
	"context"

	"go.updspace.com/access/app"
	"go.updspace.com/access/domain"
	"go.updspace.com/access/ports"
	"go.updspace.com/api/accessapi"
)

type journal struct{ app *app.History }

func (s journal) ListAdminEvents(ctx context.Context, r accessapi.ListAdminEventsRequestObject) (accessapi.ListAdminEventsResponseObject, error) {
	p := r.Params
	after, err := fromAPIPosition(p.Cursor)
	if err != nil {
		return nil, err
	}
	page, err := s.app.List(ctx, ports.EntrySearch{
		Actor: p.Actor, Action: value(p.Action), TargetType: value(p.TargetType), TargetID: value(p.TargetID),
		From: value(p.From), To: value(p.To), After: after, Limit: valueOr(p.Limit, 50),
	})
	if err != nil {
		return nil, err
	}
	next := nextOf(page, func(e domain.Recorded) *string { return positionOf(e.At, e.ID) })
	return accessapi.ListAdminEvents200JSONResponse{
		Body:    each(page.Items, toAPIEvent),
		Headers: accessapi.ListAdminEvents200ResponseHeaders{XNextCursor: next},
	}, nil
}

func toAPIEvent(e domain.Recorded) accessapi.AuditEvent {
	metadata := make(map[string]any, len(e.Metadata)+1)
	for name, text := range e.Metadata {
		metadata[name] = text
	}
	if e.Keys != nil {
		metadata["permission_keys"] = e.Keys
	}
	return accessapi.AuditEvent{
		ID: e.ID, Action: e.Action, TargetType: e.TargetType, TargetID: orNull(e.TargetID),
		Metadata: metadata, PerformedBy: e.PerformedBy, CreatedAt: e.At,
	}
}
