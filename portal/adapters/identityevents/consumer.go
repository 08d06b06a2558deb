// Package identityevents consumes identity's events about accounts and tenant memberships.
package identityevents

import (
	"context"
	"fmt"

	"github.com/cloudevents/sdk-go/v2/event"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	contentapp "go.updspace.com/portal/content/app"
	contentdomain "go.updspace.com/portal/content/domain"
	groupsapp "go.updspace.com/portal/groups/app"
)

// The events that are consumed: of accounts across tenants, of memberships within their tenant.
var (
	AccountTypes    = []string{"identity.user.>"}
	MembershipTypes = []string{identityevents.TypeMembershipChanged}
)

// Accounts handles events about accounts: profiles follow the names of their account.
func Accounts(accounts contentapp.Accounts) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		if e.Type() != identityevents.TypeUserCreated && e.Type() != identityevents.TypeUserUpdated {
			return nil // the other events do not change names
		}
		data, err := outbox.Decode(e, identityevents.DecodeUser)
		if err != nil {
			return err
		}
		return accounts.Named(ctx, contentdomain.Account{
			UserID: data.UserID, Username: data.Username, DisplayName: data.DisplayName, FirstName: data.FirstName, LastName: data.LastName,
		})
	}
}

// Members are the use cases that follow tenant memberships.
type Members struct {
	Accounts   contentapp.Accounts
	Departures groupsapp.Departures
}

// Memberships handles the events of tenant memberships.
func Memberships(members Members) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		data, err := outbox.Decode(e, identityevents.DecodeMembership)
		if err != nil {
			return err
		}
		tenant := reqctx.From(ctx).TenantID
		if tenant != data.TenantID {
			return outbox.Poison(fmt.Errorf("an event of tenant %s about tenant %s", tenant, data.TenantID))
		}
		if data.Status != identityevents.MembershipStatusActive {
			// Groups first: every transaction locks communities before anything else.
			if err := members.Departures.LeaveTenant(ctx, data.UserID); err != nil {
				return err
			}
			return members.Accounts.Left(ctx, data.UserID)
		}
		return members.Accounts.Joined(ctx, tenant, data.UserID)
	}
}
