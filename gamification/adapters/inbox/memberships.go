package inbox

import (
	"context"
	"errors"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"

	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/reqctx"
)

// MembershipTypes are the events that Memberships is for.
var MembershipTypes = []string{portalevents.TypeMembershipAdded, portalevents.TypeMembershipRemoved}

// Memberships passes on who became a member of a community or a team, or is none any more, with the version of the membership.
func Memberships(changed func(ctx context.Context, user, scope uuid.UUID, version int64, active bool) error) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		data, err := outbox.Decode(e, portalevents.DecodeMembership)
		if err != nil {
			return err
		}
		if reqctx.From(ctx).TenantID == uuid.Nil {
			return outbox.Poison(errors.New("an event without a tenant"))
		}
		return changed(ctx, data.UserID, data.ScopeID, data.Version, e.Type() == portalevents.TypeMembershipAdded)
	}
}
