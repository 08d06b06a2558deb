// Package outbox publishes the events of api/events/portal.yaml through the outbox.
package outbox

import (
	"context"
	"strings"

	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
	groupsdomain "go.updspace.com/portal/groups/domain"
	groupsports "go.updspace.com/portal/groups/ports"
)

// GroupEvents is groupsports.Events.
type GroupEvents struct {
	publisher *outbox.Publisher
}

var _ groupsports.Events = (*GroupEvents)(nil)

// NewGroupEvents publishes through publisher.
func NewGroupEvents(publisher *outbox.Publisher) *GroupEvents {
	return &GroupEvents{publisher: publisher}
}

// Publish writes events into the outbox, in the transaction of the change they report.
func (e *GroupEvents) Publish(ctx context.Context, events ...groupsdomain.Event) error {
	wire := make([]outbox.Event, len(events))
	for i, event := range events {
		switch event := event.(type) {
		case groupsdomain.GroupEvent:
			wire[i] = groupEvent(event)
		case groupsdomain.MembershipEvent:
			wire[i] = membershipEvent(event)
		}
	}
	return e.publisher.Publish(ctx, wire...)
}

// groupEvent publishes a change of a community or team. Communities are public in their tenant; a team is shown to the
// members of its community.
func groupEvent(e groupsdomain.GroupEvent) outbox.Event {
	d := e.Group.Data()
	if d.Kind == authz.ScopeTeam {
		data := portalevents.Team{
			TeamID: d.ID, CommunityID: d.CommunityID, Name: d.Name, JoinPolicy: string(d.JoinPolicy), ScopeType: string(d.Kind), ScopeID: d.ID,
			Visibility: string(authz.VisibilityCommunity), CreatedBy: d.CreatedBy, ActorID: e.By, SourceRef: sourceRef(e.Group),
		}
		return outbox.Event{Type: "portal.team." + string(e.Happened), Subject: data.Subject(), Data: data}
	}
	data := portalevents.Community{
		CommunityID: d.ID, Name: d.Name, JoinPolicy: string(d.JoinPolicy), ScopeType: string(d.Kind), ScopeID: d.ID,
		Visibility: string(authz.VisibilityPublic), CreatedBy: d.CreatedBy, ActorID: e.By, SourceRef: sourceRef(e.Group),
	}
	return outbox.Event{Type: "portal.community." + string(e.Happened), Subject: data.Subject(), Data: data}
}

// membershipEvent publishes a change of a membership, which is shown to the other members.
func membershipEvent(e groupsdomain.MembershipEvent) outbox.Event {
	d := e.Membership.Data()
	visibility := authz.VisibilityCommunity
	if d.Scope.Type == authz.ScopeTeam {
		visibility = authz.VisibilityTeam
	}
	data := portalevents.Membership{
		CommunityID: e.Group.Data().CommunityID, ScopeType: string(d.Scope.Type), ScopeID: d.Scope.ID, ScopeName: e.Group.Data().Name,
		Visibility: string(visibility), UserID: d.UserID, Role: string(d.Role), Version: d.Version, ActorID: e.By, SourceRef: sourceRef(e.Group),
	}
	return outbox.Event{Type: "portal.membership." + string(e.Happened), Subject: data.Subject(), Data: data}
}

// sourceRef stays the same in all events about one group.
func sourceRef(g groupsdomain.Group) string {
	return strings.ToLower(string(g.Data().Kind)) + ":" + g.ID().String()
}
