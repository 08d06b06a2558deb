// Package mail sends mails: through a mail server ([NewSMTP]), or, in development, into a mailbox that a page shows
// ([NewMailbox]).
package mail

import "context"

// Message is a mail to one person.
type Message struct {
	To          string
	ReplyTo     string `json:",omitempty"` // where answers go; empty: to the sender
	Subject     string
	Text        string
	HTML        string       `json:",omitempty"` // the same as a page; empty: the text alone
	Attachments []Attachment `json:",omitempty"`
	// Unsubscribe is the address at which a POST ends mails of this kind (RFC 8058); empty: there is none.
	Unsubscribe string `json:",omitempty"`
	// ID names the message in what mail servers tell of it later; empty: one is drawn. It has letters, digits, ".", "-" and "_" alone.
	ID string `json:",omitempty"`
}

// Attachment is a file that comes with a message.
type Attachment struct {
	Name        string
	ContentType string // without a charset; text is UTF-8
	Content     []byte
	Alternative bool // also shown in place of the text by programs that know the type, such as an invitation (RFC 6047)
}

// Sender sends messages.
type Sender interface {
	Send(ctx context.Context, m Message) error
}
