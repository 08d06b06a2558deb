package domain

import "github.com/google/uuid"

// What can happen to a post.
type (
	// PostCreated says that somebody wrote a post.
	PostCreated struct{ PostEvent }
	// PostUpdated says that a post was changed.
	PostUpdated struct{ PostEvent }
	// PostDeleted says that a post is gone.
	PostDeleted struct{ PostEvent }
)

// PostEvent is what the events of a post have in common: the post afterwards, and who did it.
type PostEvent struct {
	Post Post
	By   uuid.UUID
}

// ProfileUpdated says that a profile shows something else, by its owner's doing or because his account changed.
type ProfileUpdated struct {
	Profile Profile
	By      uuid.UUID // uuid.Nil when it followed the account
	Changed []string  // the fields, by their names on the wire
}

func (PostEvent) event()      {}
func (ProfileUpdated) event() {}
