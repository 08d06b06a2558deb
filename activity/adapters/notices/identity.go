package notices

import (
	"context"
	"strings"
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
	ForgetAccount(ctx context.Context, account uuid.UUID) error
	// RecordForAccount stores a notice in every tenant that the account belongs to.
	RecordForAccount(ctx context.Context, account uuid.UUID, n domain.Notice) error
}

// Changes of an account of which its owner is told, in case another person made them. Identity mails of most of them, so they have no mail here
// unless the person chooses.
const (
	newDevice       = "new_device"
	passwordChanged = "password_changed"
	emailChanged    = "email_changed"
	factorAdded     = "factor_added"
	factorRemoved   = "factor_removed"
	codeUsed        = "recovery_code_used"
	passkeyAdded    = "passkey_added"
	passkeyRemoved  = "passkey_removed"
)

// ofAccount is whom an event about an account concerns, and what it is about.
type ofAccount struct {
	person        uuid.UUID
	change, title string
}

func about[T any](decode func(kind string, data []byte) (T, error), means func(data T) ofAccount) func(e event.Event) (ofAccount, error) {
	return func(e event.Event) (ofAccount, error) {
		data, err := outbox.Decode(e, decode)
		if err != nil {
			return ofAccount{}, err
		}
		return means(data), nil
	}
}

func factor(change string) func(e event.Event) (ofAccount, error) {
	return about(identityevents.DecodeFactor, func(f identityevents.Factor) ofAccount { return ofAccount{f.UserID, change, ""} })
}

func passkey(change string) func(e event.Event) (ofAccount, error) {
	return about(identityevents.DecodePasskey, func(p identityevents.Passkey) ofAccount { return ofAccount{p.UserID, change, p.Name} })
}

// security are the notices of security by the events about accounts.
var security = map[string]func(e event.Event) (ofAccount, error){
	identityevents.TypeSessionNewDevice: about(identityevents.DecodeNewDevice, func(d identityevents.NewDevice) ofAccount {
		return ofAccount{d.UserID, newDevice, strings.TrimSpace(d.Browser + " " + d.Os)}
	}),
	identityevents.TypePasswordChanged: about(identityevents.DecodePasswordChanged, func(p identityevents.PasswordChanged) ofAccount {
		return ofAccount{p.UserID, passwordChanged, ""}
	}),
	identityevents.TypeEmailChanged: about(identityevents.DecodeEmailChanged, func(e identityevents.EmailChanged) ofAccount {
		return ofAccount{e.UserID, emailChanged, ""}
	}),
	identityevents.TypeFactorAdded: factor(factorAdded), identityevents.TypeFactorRemoved: factor(factorRemoved), identityevents.TypeFactorUsed: factor(codeUsed),
	identityevents.TypePasskeyAdded: passkey(passkeyAdded), identityevents.TypePasskeyRemoved: passkey(passkeyRemoved),
}

// Accounts handles the events of AccountTypes, across tenants.
func Accounts(changes AccountChanges) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		if read := security[e.Type()]; read != nil {
			of, err := read(e)
			if err != nil {
				return err
			}
			return changes.RecordForAccount(ctx, of.person, domain.Notice{
				Cause: "security:" + of.change + ":" + e.ID(), Kind: domain.KindSecurity, Subject: "security:" + e.ID(), Title: of.title,
				Details: domain.Details{Change: of.change}, Link: "/settings",
			})
		}
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
		case identityevents.TypeUserDeleted:
			data, err := outbox.Decode(e, identityevents.DecodeUserDeleted)
			if err != nil {
				return err
			}
			return changes.ForgetAccount(ctx, data.UserID)
		}
		return nil
	}
}
