package domain

import (
	"time"

	"github.com/google/uuid"
)

// Mail is a message to one person.
type Mail struct {
	To      string
	Subject string
	Text    string
}

// The queue's patience with a mail server that fails.
const (
	MailMaxAttempts = 8
	mailFirstRetry  = 15 * time.Second
	mailMaxRetry    = 30 * time.Minute
)

// QueuedMail is a Mail that waits to be sent. ExpiresAt is when it is of no
// more use: a link that has expired is not worth sending.
type QueuedMail struct {
	ID        uuid.UUID
	Mail      Mail
	Attempts  int
	ExpiresAt time.Time
}

// MailRetry is how long to wait after the given number of failed attempts.
func MailRetry(attempts int) time.Duration {
	d := mailFirstRetry
	for range attempts - 1 {
		if d *= 2; d >= mailMaxRetry {
			return mailMaxRetry
		}
	}
	return d
}

// DeliveredMail is a mail where its recipient can read it.
type DeliveredMail struct {
	ID uuid.UUID
	At time.Time
	Mail
}
