package portalgroups

import (
	"context"
	"strings"

	"github.com/cloudevents/sdk-go/v2/event"

	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/outbox"
)

// Types are the events that Handler is for.
var Types = []string{"portal.community.>", "portal.team.>"}

// states are the states of a group after an event. The other events do not change it.
var states = map[string]groups.State{
	portalevents.TypeCommunityCreated: groups.Active, portalevents.TypeTeamCreated: groups.Active,
	portalevents.TypeCommunityRestored: groups.Active, portalevents.TypeTeamRestored: groups.Active,
	portalevents.TypeCommunityArchived: groups.Archived, portalevents.TypeTeamArchived: groups.Archived,
	portalevents.TypeCommunityDeleted: groups.Deleted, portalevents.TypeTeamDeleted: groups.Deleted,
}

// Handler calls changed with the group of every event that changes a group's state, in the transaction of the event.
// changed stores the group and changes what belongs to it.
func Handler(changed func(context.Context, groups.Group) error) outbox.Handler {
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
		return changed(ctx, group)
	}
}

func toGroup(e event.Event) (groups.Group, error) {
	if strings.HasPrefix(e.Type(), "portal.team.") {
		team, err := outbox.Decode(e, portalevents.DecodeTeam)
		return groups.Group{Scope: authz.TeamScope(team.TeamID), Community: team.CommunityID}, err
	}
	community, err := outbox.Decode(e, portalevents.DecodeCommunity)
	return groups.Group{Scope: authz.CommunityScope(community.CommunityID), Community: community.CommunityID}, err
}
