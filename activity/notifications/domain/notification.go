package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/authz"
)

// MaxActors is how many of those who did it a notification names. Their number has no bound.
const MaxActors = 3

// Notification is what a person is told.
type Notification struct {
	ID       uuid.UUID
	Person   uuid.UUID
	Kind     Kind
	Subject  string
	Group    string
	Actors   []uuid.UUID // the latest first, at most MaxActors
	Count    int         // of different actors
	Sight    Sight
	Scope    authz.Scope
	Title    string
	Details  Details
	Link     string
	Created  time.Time
	ToldAt   time.Time // the latest cause
	ReadAt   time.Time // zero: unread
	Shown    bool      // in the inbox; else it waits for a digest only
	InDigest bool      // waits for the next digest
}

// NewNotification tells a person of a notice.
func (n Notice) NewNotification(id, person uuid.UUID, by Channels, digest bool, now time.Time) Notification {
	out := Notification{
		ID: id, Person: person, Kind: n.Kind, Subject: n.Subject, Group: n.Group, Sight: n.Sight, Scope: n.Scope, Title: n.Title,
		Details: n.Details, Link: n.Link, Created: now, ToldAt: now, Shown: by.InApp, InDigest: by.Email && digest,
	}
	if n.Actor != uuid.Nil {
		out.Actors, out.Count = []uuid.UUID{n.Actor}, 1
	}
	return out
}

// Key is the place of a notification in the inbox.
type Key struct {
	ToldAt time.Time
	ID     uuid.UUID
}

// Key returns the place of the notification.
func (n Notification) Key() Key { return Key{n.ToldAt, n.ID} }
