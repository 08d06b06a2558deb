// Package accounts hears from identity who people are and where they are members.
package accounts

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/portal/app"
	"go.updspace.com/portal/domain"
)

// The events that tell of names, and of memberships. Accounts are the platform's and memberships a tenant's, so the two
// are heard apart: one across tenants, the other within its own.
const (
	UserTypes       = "identity.user.>"
	MembershipTypes = "identity.membership.changed"
)

const (
	userCreated = "identity.user.created"
	userUpdated = "identity.user.updated"
)

// Named hears of names.
func Named(accounts *app.Accounts) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		if e.Type() != userCreated && e.Type() != userUpdated {
			return nil // what became of an account does not change its names
		}
		var data struct {
			UserID      uuid.UUID `json:"user_id"`
			Username    string    `json:"username"`
			DisplayName string    `json:"display_name"`
			FirstName   string    `json:"first_name"`
			LastName    string    `json:"last_name"`
		}
		if err := decode(e, &data); err != nil {
			return err
		}
		if data.UserID == uuid.Nil {
			return outbox.Poison(fmt.Errorf("%s names nobody", e.Type()))
		}
		return accounts.Named(ctx, domain.Account{
			UserID: data.UserID, Username: data.Username, DisplayName: data.DisplayName, FirstName: data.FirstName, LastName: data.LastName,
		})
	}
}

// Memberships hears of memberships.
func Memberships(accounts *app.Accounts) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		var data struct {
			UserID uuid.UUID `json:"user_id"`
			Status string    `json:"status"`
		}
		if err := decode(e, &data); err != nil {
			return err
		}
		tenant := reqctx.From(ctx).TenantID
		if data.UserID == uuid.Nil || tenant == uuid.Nil {
			return outbox.Poison(fmt.Errorf("%s names nobody", e.Type()))
		}
		if data.Status != "active" {
			return accounts.Left(ctx, data.UserID)
		}
		return accounts.Joined(ctx, tenant, data.UserID)
	}
}

func decode(e event.Event, data any) error {
	if err := json.Unmarshal(e.Data(), data); err != nil {
		return outbox.Poison(fmt.Errorf("reading %s: %w", e.Type(), err))
	}
	return nil
}
