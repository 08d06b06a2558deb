package domain

import "github.com/google/uuid"

// Event is an event of posts and profiles. The implementations are events of api/events/portal.yaml.
type Event interface{ contentEvent() }

// Happened says what happened to a post.
type Happened string

// What happens to posts.
const (
	Created Happened = "created"
	Updated Happened = "updated"
	Deleted Happened = "deleted"
)

// PostEvent: something happened to a post.
type PostEvent struct {
	Happened Happened
	Post     Post      // afterwards
	By       uuid.UUID // uuid.Nil when an author was erased
}

// ProfileUpdated: a profile was changed, by its user or because the account changed.
type ProfileUpdated struct {
	Profile Profile
	By      uuid.UUID // uuid.Nil when the account changed
	Changed []string  // the fields, by their names on the wire
}

func (PostEvent) contentEvent()      {}
func (ProfileUpdated) contentEvent() {}
