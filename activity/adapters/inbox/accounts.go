package inbox

import (
	"context"
	"time"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/activity/games/domain"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/libs/outbox"
)

// AccountTypes are the events that Accounts is for.
func AccountTypes() []string {
	return []string{identityevents.TypeExternalIdentityLinked, identityevents.TypeExternalIdentityUnlinked}
}

// AccountChanges are what these events change.
type AccountChanges interface {
	Linked(ctx context.Context, user uuid.UUID, provider domain.Provider, externalID string, at time.Time) error
	Unlinked(ctx context.Context, user uuid.UUID, provider domain.Provider) error
}

// Accounts follows which accounts of other systems the members of a tenant have linked.
func Accounts(changes AccountChanges) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		switch e.Type() {
		case identityevents.TypeExternalIdentityLinked:
			data, err := outbox.Decode(e, identityevents.DecodeExternalIdentity)
			if err != nil || data.ExternalID == nil {
				return err
			}
			return changes.Linked(ctx, data.UserID, domain.Provider(data.Provider), *data.ExternalID, data.LinkedAt)
		case identityevents.TypeExternalIdentityUnlinked:
			data, err := outbox.Decode(e, identityevents.DecodeExternalIdentityUnlinked)
			if err != nil {
				return err
			}
			return changes.Unlinked(ctx, data.UserID, domain.Provider(data.Provider))
		}
		return nil
	}
}
