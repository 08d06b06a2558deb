// Package app holds the use cases of notifications: what people are told, and how they want to be told.
package app

import (
	"go.updspace.com/activity/notifications/ports"
	"go.updspace.com/libs/authz"
)

// Deps are what the use cases are built on.
type Deps struct {
	Checker     authz.Checker // about the caller
	Access      ports.Access  // about many people
	Inbox       ports.Inbox
	Notices     ports.Notices
	People      ports.People
	Preferences ports.Preferences
	Mails       ports.Mails
	Browsers    ports.Browsers
	Pusher      ports.Pusher
	Texts       ports.Texts
	Tx          ports.Tx
	Clock       ports.Clock
	Wake        func() // makes the job look for due notices
}
