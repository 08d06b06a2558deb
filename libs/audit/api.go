package audit

import (
	"github.com/google/uuid"

	"go.updspace.com/api/commonapi"
	"go.updspace.com/libs/page"
	"go.updspace.com/libs/wire"
)

// ToAPI converts a page of entries to the response that all specs share.
func ToAPI(p page.Page[Entry]) commonapi.AuditJSONResponse {
	return commonapi.AuditJSONResponse{Items: wire.Each(p.Items, toAPI), NextCursor: wire.OrNull(p.Next)}
}

func toAPI(e Entry) commonapi.AuditEntry {
	return commonapi.AuditEntry{
		ID: e.ID, CreatedAt: e.At.UTC(), ActorType: commonapi.AuditEntryActorType(e.Actor.Type), ActorID: wire.OrNull(e.Actor.ID),
		ActorName: e.Actor.Name, Action: e.Action, TargetType: e.TargetType, TargetID: e.TargetID, Reason: e.Reason, IP: e.IP,
		RequestID: e.RequestID, Metadata: e.Metadata,
	}
}

// FromAPI makes a filter of the query parameters Audit* of common.yaml.
func FromAPI(
	actor *uuid.UUID, action *commonapi.AuditAction, targetType *commonapi.AuditTargetType, targetID *commonapi.AuditTargetID,
	from *commonapi.AuditFrom, to *commonapi.AuditTo,
) Filter {
	return Filter{
		Actor: wire.Value(actor), Action: wire.Value(action), TargetType: wire.Value(targetType), TargetID: wire.Value(targetID),
		From: wire.Value(from), To: wire.Value(to),
	}
}
