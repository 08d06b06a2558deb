package identityevents

import (
	"context"
	"fmt"

	"github.com/cloudevents/sdk-go/v2/event"

	"go.updspace.com/api/identityevents"
	"go.updspace.com/events/app"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// MembershipTypes are the events of memberships, within their tenant.
var MembershipTypes = []string{identityevents.TypeMembershipChanged}

// Memberships passes on who is a member.
func Memberships(lifecycle *app.Lifecycle) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		data, err := outbox.Decode(e, identityevents.DecodeMembership)
		if err != nil {
			return err
		}
		if tenant := reqctx.From(ctx).TenantID; tenant != data.TenantID {
			return outbox.Poison(fmt.Errorf("an event of tenant %s about tenant %s", tenant, data.TenantID))
		}
		return lifecycle.MemberChanged(ctx, data.UserID, data.Status == identityevents.MembershipStatusActive)
	}
}
