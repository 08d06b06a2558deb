// Package mail sends mails: through a mail server ([NewSMTP]), or, in development, into a mailbox that a page shows
// ([NewMailbox]).
package mail

import "context"

// Message is a mail to one person.
type Message struct {
	To      string
	Subject string
	Text    string
}

// Sender sends messages.
type Sender interface {
	Send(ctx context.Context, m Message) error
}
