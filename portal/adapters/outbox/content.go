package outbox

import (
	"context"

	"github.com/google/uuid"

	"go.updspace.com/api/portalevents"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/outbox"
	contentdomain "go.updspace.com/portal/content/domain"
	contentports "go.updspace.com/portal/content/ports"
)

// Events is contentports.Events.
type Events struct {
	publisher *outbox.Publisher
}

var _ contentports.Events = (*Events)(nil)

// New publishes through publisher.
func New(publisher *outbox.Publisher) *Events { return &Events{publisher: publisher} }

// Publish writes events into the outbox, in the transaction of the change they report.
func (e *Events) Publish(ctx context.Context, events ...contentdomain.Event) error {
	wire := make([]outbox.Event, len(events))
	for i, event := range events {
		wire[i] = contentEvent(event)
	}
	return e.publisher.Publish(ctx, wire...)
}

func contentEvent(event contentdomain.Event) outbox.Event {
	if event, ok := event.(contentdomain.PostEvent); ok {
		return postEvent(event)
	}
	return profileEvent(event.(contentdomain.ProfileUpdated)) // there is no third event
}

// postEvent leaves the title of a private post out: the stream has more readers than the post.
func postEvent(e contentdomain.PostEvent) outbox.Event {
	d := e.Post.Data()
	scope := e.Post.AuthzScope()
	data := portalevents.Post{
		PostID: d.ID, CommunityID: orNil(d.Scope.CommunityID), TeamID: orNil(d.Scope.TeamID), Title: d.Title,
		ScopeType: string(scope.Type), ScopeID: scope.ID, Visibility: string(d.Visibility),
		CreatedBy: d.CreatedBy, ActorID: e.By, SourceRef: "post:" + d.ID.String(), CreatedAt: &d.CreatedAt,
	}
	if d.Visibility == authz.VisibilityPrivate {
		data.Title = ""
	}
	return outbox.Event{Type: "portal.post." + string(e.Happened), Subject: data.Subject(), Data: data}
}

// profileEvent sets the tenant itself, because a change of an account updates its profiles across tenants.
func profileEvent(e contentdomain.ProfileUpdated) outbox.Event {
	d := e.Profile.Data()
	changed := e.Changed
	if changed == nil {
		changed = []string{}
	}
	data := portalevents.Profile{
		UserID: d.UserID, Title: e.Profile.Name(), Username: d.Username, DisplayName: d.DisplayName, FirstName: d.FirstName, LastName: d.LastName,
		Changed: changed, ScopeType: string(authz.ScopeTenant), ScopeID: d.TenantID, Visibility: string(authz.VisibilityPublic),
		ActorID: orNil(e.By), SourceRef: "profile:" + d.UserID.String(),
	}
	return outbox.Event{Type: portalevents.TypeProfileUpdated, Subject: data.Subject(), TenantID: d.TenantID, Data: data}
}

func orNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
