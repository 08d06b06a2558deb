// Package portalevents consumes portal's events about the members of communities and teams.
package portalevents

import (
	"context"

	"github.com/cloudevents/sdk-go/v2/event"

	"go.updspace.com/api/portalevents"
	"go.updspace.com/events/app"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
)

// Types are the events that Handler is for.
var Types = []string{portalevents.TypeMembershipAdded, portalevents.TypeMembershipRemoved}

// Handler stores who is a member.
func Handler(l *app.Lifecycle) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		m, err := outbox.Decode(e, portalevents.DecodeMembership)
		if err != nil {
			return err
		}
		group := authz.Scope{Type: authz.ScopeType(m.ScopeType), ID: m.ScopeID}
		return l.MembershipChanged(ctx, group, m.UserID, e.Type() == portalevents.TypeMembershipAdded)
	}
}
