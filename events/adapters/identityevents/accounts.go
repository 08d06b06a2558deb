// Package identityevents consumes identity's events about accounts and about memberships of tenants.
package identityevents

import (
	"context"

	"github.com/cloudevents/sdk-go/v2/event"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/events/app"
	"go.updspace.com/libs/outbox"
)

// Types are the events that are consumed, across tenants: an account belongs to none.
var Types = []string{
	identityevents.TypeUserCreated, identityevents.TypeUserUpdated, identityevents.TypeUserSuspended, identityevents.TypeUserBanned, identityevents.TypeUserActivated,
	identityevents.TypeUserDeleted,
}

// Handler passes on whether an account is suspended or banned, and whether it is a system administrator's.
func Handler(l *app.Lifecycle) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		if e.Type() == identityevents.TypeUserCreated || e.Type() == identityevents.TypeUserUpdated {
			data, err := outbox.Decode(e, identityevents.DecodeUser)
			if err != nil || data.SystemAdmin == nil {
				return err
			}
			return l.SystemAdminChanged(ctx, data.UserID, *data.SystemAdmin)
		}
		if e.Type() == identityevents.TypeUserDeleted {
			data, err := outbox.Decode(e, identityevents.DecodeUserDeleted)
			if err != nil {
				return err
			}
			return l.AccountDeleted(ctx, data.UserID)
		}
		data, err := outbox.Decode(e, identityevents.DecodeUserStatus)
		if err != nil {
			return err
		}
		return l.AccountSuspended(ctx, data.UserID, e.Type() != identityevents.TypeUserActivated)
	}
}
