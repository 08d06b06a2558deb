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

// Linked are the use cases of linked accounts: those of games, and those at Discord, by which roles follow one another.
type Linked struct {
	Games   AccountChanges
	Discord interface {
		Linked(ctx context.Context, user uuid.UUID, discordID string) error
		Unlinked(ctx context.Context, user uuid.UUID) error
	}
}

const discordProvider domain.Provider = "discord"

// Linked implements AccountChanges.
func (l Linked) Linked(ctx context.Context, user uuid.UUID, provider domain.Provider, externalID string, at time.Time) error {
	if provider == discordProvider {
		return l.Discord.Linked(ctx, user, externalID)
	}
	return l.Games.Linked(ctx, user, provider, externalID, at)
}

// Unlinked implements AccountChanges.
func (l Linked) Unlinked(ctx context.Context, user uuid.UUID, provider domain.Provider) error {
	if provider == discordProvider {
		return l.Discord.Unlinked(ctx, user)
	}
	return l.Games.Unlinked(ctx, user, provider)
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
