package live

import (
	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
	"go.updspace.com/api/activityevents"
	"go.updspace.com/libs/authz"
)

func toFeedUpdated(tenant uuid.UUID, updates []domain.Update) activityevents.FeedUpdated {
	event := activityevents.FeedUpdated{TenantID: tenant, Updates: make([]activityevents.FeedUpdate, len(updates))}
	for i, u := range updates {
		event.Updates[i] = activityevents.FeedUpdate{
			SourceRef: u.SourceRef, ItemID: u.ItemID, Type: string(u.Type), OccurredAt: u.OccurredAt, Before: each(u.Before, toSight), After: each(u.After, toSight), Fields: u.Fields,
		}
	}
	return event
}

func fromFeedUpdate(u activityevents.FeedUpdate) domain.Update {
	return domain.Update{
		SourceRef: u.SourceRef, ItemID: u.ItemID, Type: domain.ItemType(u.Type), OccurredAt: u.OccurredAt, Before: each(u.Before, fromSight), After: each(u.After, fromSight), Fields: u.Fields,
	}
}

func toSight(s domain.Sight) activityevents.Sight {
	return activityevents.Sight{
		Type: string(s.Type), Visibility: string(s.Visibility), ScopeType: string(s.Scope.Type), ScopeID: s.Scope.ID, CommunityID: orNull(s.Community),
		ActorID: orNull(s.Actor), TargetID: orNull(s.Target),
	}
}

func fromSight(s activityevents.Sight) domain.Sight {
	return domain.Sight{
		Type: domain.ItemType(s.Type), Visibility: authz.Visibility(s.Visibility), Scope: authz.Scope{Type: authz.ScopeType(s.ScopeType), ID: s.ScopeID},
		Community: orNil(s.CommunityID), Actor: orNil(s.ActorID), Target: orNil(s.TargetID),
	}
}

func each[A, B any](all []A, convert func(A) B) []B {
	var converted []B // none stay none
	for _, a := range all {
		converted = append(converted, convert(a))
	}
	return converted
}

func orNull(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}

func orNil(id *uuid.UUID) uuid.UUID {
	if id == nil {
		return uuid.Nil
	}
	return *id
}
