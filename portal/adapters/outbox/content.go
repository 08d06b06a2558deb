package outbox

import (
	"github.com/google/uuid"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/portal/domain"
)

// The types of events about what people write and show.
const (
	TypePostCreated    = "portal.post.created"
	TypePostUpdated    = "portal.post.updated"
	TypePostDeleted    = "portal.post.deleted"
	TypeProfileUpdated = "portal.profile.updated"
)

// toWireContent puts events about posts and profiles into words.
func toWireContent(event domain.Event) (outbox.Event, bool) {
	switch e := event.(type) {
	case domain.PostCreated:
		return postEvent(TypePostCreated, e.PostEvent), true
	case domain.PostUpdated:
		return postEvent(TypePostUpdated, e.PostEvent), true
	case domain.PostDeleted:
		return postEvent(TypePostDeleted, e.PostEvent), true
	case domain.ProfileUpdated:
		return profileEvent(e), true
	}
	return outbox.Event{}, false
}

type postData struct {
	PostID      uuid.UUID  `json:"post_id"`
	CommunityID *uuid.UUID `json:"community_id"`
	TeamID      *uuid.UUID `json:"team_id"`
	Title       string     `json:"title"`
	ScopeType   string     `json:"scope_type"`
	ScopeID     uuid.UUID  `json:"scope_id"`
	Visibility  string     `json:"visibility"`
	CreatedBy   uuid.UUID  `json:"created_by"`
	ActorID     uuid.UUID  `json:"actor_id"`
	SourceRef   string     `json:"source_ref"`
}

// postEvent says of a private post that it is there, and not what it is called: streams have more readers than posts.
func postEvent(kind string, e domain.PostEvent) outbox.Event {
	d := e.Post.Data()
	scope := e.Post.Scope()
	data := postData{
		PostID: d.ID, CommunityID: orNil(d.Place.CommunityID), TeamID: orNil(d.Place.TeamID), Title: d.Title,
		ScopeType: string(scope.Type), ScopeID: scope.ID, Visibility: string(d.Visibility),
		CreatedBy: d.CreatedBy, ActorID: e.By, SourceRef: "post:" + d.ID.String(),
	}
	if d.Visibility == domain.VisibilityPrivate {
		data.Title = ""
	}
	return outbox.Event{Type: kind, Subject: "post/" + d.ID.String(), Data: data}
}

type profileData struct {
	UserID      uuid.UUID  `json:"user_id"`
	Title       string     `json:"title"`
	Username    string     `json:"username"`
	DisplayName string     `json:"display_name"`
	FirstName   string     `json:"first_name"`
	LastName    string     `json:"last_name"`
	Changed     []string   `json:"changed"`
	ScopeType   string     `json:"scope_type"`
	ScopeID     uuid.UUID  `json:"scope_id"`
	Visibility  string     `json:"visibility"`
	ActorID     *uuid.UUID `json:"actor_id"`
	SourceRef   string     `json:"source_ref"`
}

// profileEvent names its tenant itself, because profiles that follow an account are changed across tenants.
func profileEvent(e domain.ProfileUpdated) outbox.Event {
	d := e.Profile.Data()
	changed := e.Changed
	if changed == nil {
		changed = []string{}
	}
	return outbox.Event{Type: TypeProfileUpdated, Subject: "profile/" + d.UserID.String(), TenantID: d.TenantID, Data: profileData{
		UserID: d.UserID, Title: e.Profile.Name(), Username: d.Username, DisplayName: d.DisplayName, FirstName: d.FirstName, LastName: d.LastName,
		Changed: changed, ScopeType: string(domain.ScopeTenant), ScopeID: d.TenantID, Visibility: string(domain.VisibilityPublic),
		ActorID: orNil(e.By), SourceRef: "profile:" + d.UserID.String(),
	}}
}

func orNil(id uuid.UUID) *uuid.UUID {
	if id == uuid.Nil {
		return nil
	}
	return &id
}
