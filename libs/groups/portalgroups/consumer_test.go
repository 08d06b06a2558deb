package portalgroups_test

import (
	"context"
	"testing"

	"github.com/cloudevents/sdk-go/v2/event"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/groups"
	"go.updspace.com/libs/groups/portalgroups"
)

// Eight events change the state of a community or a team. The others are passed over.
func TestEventsChangeTheStateOfAGroup(t *testing.T) {
	t.Parallel()
	community, team, actor := uuid.New(), uuid.New(), uuid.New()
	ofCommunity := portalevents.Community{
		CommunityID: community, Name: "Chess", JoinPolicy: "open", ScopeType: portalevents.CommunityScopeTypeCommunity, ScopeID: community,
		Visibility: "public", CreatedBy: actor, ActorID: actor, SourceRef: "community:" + community.String(),
	}
	ofTeam := portalevents.Team{
		TeamID: team, CommunityID: community, Name: "First", JoinPolicy: "open", ScopeType: portalevents.TeamScopeTypeTeam, ScopeID: team,
		Visibility: "public", CreatedBy: actor, ActorID: actor, SourceRef: "team:" + team.String(),
	}
	for _, c := range []struct {
		kind  string
		data  any
		scope authz.Scope
		state groups.State // empty: nothing changes
	}{
		{portalevents.TypeCommunityCreated, ofCommunity, authz.CommunityScope(community), groups.Active},
		{portalevents.TypeCommunityArchived, ofCommunity, authz.CommunityScope(community), groups.Archived},
		{portalevents.TypeCommunityRestored, ofCommunity, authz.CommunityScope(community), groups.Active},
		{portalevents.TypeCommunityDeleted, ofCommunity, authz.CommunityScope(community), groups.Deleted},
		{portalevents.TypeCommunityUpdated, ofCommunity, authz.Scope{}, ""},
		{portalevents.TypeTeamCreated, ofTeam, authz.TeamScope(team), groups.Active},
		{portalevents.TypeTeamArchived, ofTeam, authz.TeamScope(team), groups.Archived},
		{portalevents.TypeTeamRestored, ofTeam, authz.TeamScope(team), groups.Active},
		{portalevents.TypeTeamDeleted, ofTeam, authz.TeamScope(team), groups.Deleted},
		{portalevents.TypeTeamUpdated, ofTeam, authz.Scope{}, ""},
	} {
		e := event.New()
		e.SetType(c.kind)
		require.NoError(t, e.SetData(event.ApplicationJSON, c.data))
		var changed []groups.Group
		handle := portalgroups.Handler(func(_ context.Context, group groups.Group) error {
			changed = append(changed, group)
			return nil
		})
		require.NoError(t, handle(t.Context(), e), c.kind)
		if c.state == "" {
			require.Empty(t, changed, c.kind)
			continue
		}
		require.Equal(t, []groups.Group{{Scope: c.scope, Community: community, State: c.state}}, changed, c.kind)
	}
}
