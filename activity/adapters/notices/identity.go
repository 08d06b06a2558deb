package notices

import (
	"context"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
	"go.updspace.com/api/identityevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
)

func tenantMembershipChanged(_ occasion, m identityevents.Membership) domain.Told {
	return domain.Told{Members: []domain.Membership{{
		Scope: authz.TenantScope(m.TenantID), Person: m.UserID, Member: m.Status == identityevents.MembershipStatusActive,
	}}}
}

// tenantChanged keeps the slug, for the links in mails.
func tenantChanged(_ occasion, t identityevents.Tenant) domain.Told { return domain.Told{Slug: t.Slug} }

// AccountChanges are what events about accounts change.
type AccountChanges interface {
	BlockAccount(ctx context.Context, account uuid.UUID, blocked bool) error
	RenameAccount(ctx context.Context, account uuid.UUID, username string) error
}

// Accounts handles the events of AccountTypes, across tenants.
func Accounts(changes AccountChanges) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		switch e.Type() {
		case identityevents.TypeUserCreated, identityevents.TypeUserUpdated:
			data, err := outbox.Decode(e, identityevents.DecodeUser)
			if err != nil {
				return err
			}
			return changes.RenameAccount(ctx, data.UserID, data.Username)
		case identityevents.TypeUserSuspended, identityevents.TypeUserBanned, identityevents.TypeUserActivated:
			data, err := outbox.Decode(e, identityevents.DecodeUserStatus)
			if err != nil {
				return err
			}
			return changes.BlockAccount(ctx, data.UserID, e.Type() != identityevents.TypeUserActivated)
		}
		return nil
	}
}
