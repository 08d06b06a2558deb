package domain

import (
	"time"

	"github.com/google/uuid"

	"go.updspace.com/libs/errs"
	"go.updspace.com/libs/valid"
)

// MaxBrowsers is how many browsers of a person get notifications.
const MaxBrowsers = 10

// Browser is a browser that gets notifications. Endpoint, Key and Auth are its push subscription (RFC 8291).
type Browser struct {
	ID, Person uuid.UUID
	Endpoint   string
	Key, Auth  []byte
	Language   string
	Name       string
	Created    time.Time
}

const maxBrowserName = 120 // characters

// NewBrowser makes a browser of a person. What its subscription says is checked by the port that sends.
func NewBrowser(b Browser, now time.Time) (Browser, error) {
	fields := errs.Fields{}
	b.Name = valid.Line(fields, "browser", b.Name, 0, maxBrowserName)
	b.ID, b.Created = valid.NewID(), now
	return b, fields.Err()
}

// Message is what a browser shows.
type Message struct{ Title, Body, Link, Tag string }

// PushMessage waits to be sent to a browser.
type PushMessage struct {
	Tenant, ID uuid.UUID
	Browser    Browser
	Message    Message
	Expires    time.Time
	Attempts   int
}

// PushOutcome is what the attempt to send a message has come to.
type PushOutcome int

// The outcomes.
const (
	Pushed    PushOutcome = iota // the push service has it
	PushGone                     // the browser takes no more messages
	PushFails                    // another attempt may help
)

// MaxPushAttempts is after how many attempts a message is given up.
const MaxPushAttempts = 6

// NextPush is when a message is tried again after a number of attempts.
func NextPush(attempts int, after time.Duration, now time.Time) time.Time {
	pause := min(30*time.Second<<min(attempts, 8), time.Hour)
	return now.Add(max(pause, min(after, time.Hour)))
}
