// Package outbox tells other services what happened in portal, in the words of api/events/portal.yaml.
package outbox

import (
	"context"
	"strings"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/portal/domain"
	"go.updspace.com/portal/ports"
)

// Events is ports.Events.
type Events struct {
	publisher *outbox.Publisher
}

var _ ports.Events = (*Events)(nil)

// New writes events through publisher.
func New(publisher *outbox.Publisher) *Events { return &Events{publisher: publisher} }

// Publish writes events into the outbox, with the change they tell of.
func (e *Events) Publish(ctx context.Context, events ...domain.Event) error {
	wire := make([]outbox.Event, 0, len(events))
	for _, event := range events {
		w, err := toWire(event)
		if err != nil {
			return err
		}
		wire = append(wire, w)
	}
	return e.publisher.Publish(ctx, wire...)
}

func toWire(event domain.Event) (outbox.Event, error) {
	switch e := event.(type) {
	case domain.GroupCreated:
		return groupEvent("created", e.GroupEvent), nil
	case domain.GroupUpdated:
		return groupEvent("updated", e.GroupEvent), nil
	case domain.GroupArchived:
		return groupEvent("archived", e.GroupEvent), nil
	case domain.GroupRestored:
		return groupEvent("restored", e.GroupEvent), nil
	case domain.GroupDeleted:
		return groupEvent("deleted", e.GroupEvent), nil
	case domain.MembershipAdded:
		return membershipEvent("added", e.MembershipEvent), nil
	case domain.MembershipChanged:
		return membershipEvent("changed", e.MembershipEvent), nil
	case domain.MembershipRemoved:
		return membershipEvent("removed", e.MembershipEvent), nil
	}
	if wire, ok := toWireContent(event); ok {
		return wire, nil
	}
	return outbox.Event{}, errs.Internalf("portal: no wire form of %T", event)
}

// about is what every event says of its group: enough for a feed to show it to the right people without asking back.
type about struct {
	CommunityID uuid.UUID `json:"community_id"`
	ScopeType   string    `json:"scope_type"`
	ScopeID     uuid.UUID `json:"scope_id"`
	Visibility  string    `json:"visibility"`
	ActorID     uuid.UUID `json:"actor_id"`
	SourceRef   string    `json:"source_ref"`
}

func aboutGroup(g domain.Group, by uuid.UUID, visibility domain.Visibility) about {
	d := g.Data()
	return about{
		CommunityID: d.CommunityID, ScopeType: string(d.Kind), ScopeID: d.ID, Visibility: string(visibility),
		ActorID: by, SourceRef: kind(g) + ":" + d.ID.String(),
	}
}

// kind is what a group is called in the names of events.
func kind(g domain.Group) string { return strings.ToLower(string(g.Data().Kind)) }

type groupData struct {
	about
	TeamID     *uuid.UUID `json:"team_id,omitempty"`
	Name       string     `json:"name"`
	JoinPolicy string     `json:"join_policy"`
	CreatedBy  uuid.UUID  `json:"created_by"`
}

// groupEvent tells of a group. Communities are for everybody in the tenant to know of, teams for their community.
func groupEvent(happened string, e domain.GroupEvent) outbox.Event {
	d := e.Group.Data()
	data := groupData{
		about: aboutGroup(e.Group, e.By, domain.VisibilityPublic), Name: d.Name, JoinPolicy: string(d.JoinPolicy), CreatedBy: d.CreatedBy,
	}
	if d.Kind == domain.ScopeTeam {
		data.TeamID, data.Visibility = &d.ID, string(domain.VisibilityCommunity)
	}
	return outbox.Event{Type: "portal." + kind(e.Group) + "." + happened, Subject: kind(e.Group) + "/" + d.ID.String(), Data: data}
}

type membershipData struct {
	about
	ScopeName string    `json:"scope_name"`
	UserID    uuid.UUID `json:"user_id"`
	Role      string    `json:"role"`
	Version   int64     `json:"version"`
}

// membershipEvent tells of a membership, which is for the other members to know of.
func membershipEvent(happened string, e domain.MembershipEvent) outbox.Event {
	d := e.Membership.Data()
	visibility := domain.VisibilityCommunity
	if d.Scope.Type == domain.ScopeTeam {
		visibility = domain.VisibilityTeam
	}
	return outbox.Event{
		Type: "portal.membership." + happened, Subject: "membership/" + d.Scope.ID.String() + "/" + d.UserID.String(),
		Data: membershipData{
			about: aboutGroup(e.Group, e.By, visibility), ScopeName: e.Group.Data().Name,
			UserID: d.UserID, Role: string(d.Role), Version: d.Version,
		},
	}
}
