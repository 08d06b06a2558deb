package notices

import (
	"context"
	"time"

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

// linkedLately is how old a link is at most of which a person is told: who becomes a member has known of it for long.
const linkedLately = time.Hour

// accountLinked tells a person that an account of another service belongs to theirs now, in case it was linked by another person. The event may
// come more than once.
func accountLinked(o occasion, a identityevents.ExternalIdentity) domain.Told {
	if o.at.Sub(a.LinkedAt) > linkedLately {
		return domain.Told{}
	}
	return one(securityNotice(a.UserID, a.Provider, "linked", a.LinkedAt.UTC().Format(time.RFC3339Nano)))
}

// accountUnlinked tells the same of an account that was unlinked. Those who have left the tenant are not told.
func accountUnlinked(o occasion, a identityevents.ExternalIdentityUnlinked) domain.Told {
	return one(securityNotice(a.UserID, a.Provider, "unlinked", o.event.String()))
}

func securityNotice(person uuid.UUID, provider, change, occasion string) domain.Notice {
	name, known := map[string]string{"steam": "Steam", "discord": "Discord", "github": "GitHub"}[provider]
	if !known {
		name = provider
	}
	return domain.Notice{
		Cause: "security:" + change + ":" + provider + ":" + occasion, Kind: domain.KindSecurity, Subject: "account:" + provider, To: domain.Named,
		Persons: []uuid.UUID{person}, Title: name, Details: domain.Details{Change: change}, Link: "/settings",
	}
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
