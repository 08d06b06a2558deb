// Package portalevents consumes portal's events about communities and teams, which polls belong to.
package portalevents

import (
	"context"

	"github.com/cloudevents/sdk-go/v2/event"

	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/voting/app"
	"go.updspace.com/voting/domain"
)

// Types are the events that Handler is for.
var Types = []string{"portal.community.>", "portal.team.>"}

// states are the states of a group after an event. The other events do not change it.
var states = map[string]domain.GroupState{
	portalevents.TypeCommunityCreated: domain.GroupActive, portalevents.TypeTeamCreated: domain.GroupActive,
	portalevents.TypeCommunityRestored: domain.GroupActive, portalevents.TypeTeamRestored: domain.GroupActive,
	portalevents.TypeCommunityArchived: domain.GroupArchived, portalevents.TypeTeamArchived: domain.GroupArchived,
	portalevents.TypeCommunityDeleted: domain.GroupDeleted, portalevents.TypeTeamDeleted: domain.GroupDeleted,
}

// Handler passes the events to the use case.
func Handler(lifecycle *app.Lifecycle) outbox.Handler {
	return func(ctx context.Context, e event.Event) error {
		state, ok := states[e.Type()]
		if !ok {
			return nil
		}
		group, err := toGroup(e)
		if err != nil {
			return err
		}
		group.State = state
		return lifecycle.GroupChanged(ctx, group)
	}
}

func toGroup(e event.Event) (domain.Group, error) {
	switch e.Type() {
	case portalevents.TypeTeamCreated, portalevents.TypeTeamRestored, portalevents.TypeTeamArchived, portalevents.TypeTeamDeleted:
		team, err := outbox.Decode(e, portalevents.DecodeTeam)
		return domain.Group{Scope: authz.TeamScope(team.TeamID), Community: team.CommunityID}, err
	}
	community, err := outbox.Decode(e, portalevents.DecodeCommunity)
	return domain.Group{Scope: authz.CommunityScope(community.CommunityID), Community: community.CommunityID}, err
}
