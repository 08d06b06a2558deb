// Package tenantmembers consumes identity's events about who is a member of a tenant, for services that keep a copy.
package tenantmembers

import (
	"context"
	"fmt"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// Types are the events of memberships, within their tenant.
var Types = []string{identityevents.TypeMembershipChanged}

// Handler passes on who became a member of the tenant, or is none any more.
func Handler(changed func(ctx context.Context, user uuid.UUID, active bool) error) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		data, err := outbox.Decode(e, identityevents.DecodeMembership)
		if err != nil {
			return err
		}
		if tenant := reqctx.From(ctx).TenantID; tenant != data.TenantID {
			return outbox.Poison(fmt.Errorf("an event of tenant %s about tenant %s", tenant, data.TenantID))
		}
		return changed(ctx, data.UserID, data.Status == identityevents.MembershipStatusActive)
	}
}
