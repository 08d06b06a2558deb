package mail

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
)

// kept bounds the mailbox; older mails fall out.
const kept = 200

// Delivered is a message in a [Mailbox].
type Delivered struct {
	ID uuid.UUID
	At time.Time
	Message
}

// Mailbox is a [Sender] for development: it keeps in memory what a mail server would have been given.
type Mailbox struct {
	now      func() time.Time
	mu       sync.Mutex
	messages []Delivered // oldest first
}

// NewMailbox returns an empty mailbox.
func NewMailbox(now func() time.Time) *Mailbox { return &Mailbox{now: now} }

// Send keeps a message.
func (b *Mailbox) Send(_ context.Context, m Message) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, Delivered{ID: uuid.New(), At: b.now(), Message: m})
	b.messages = slices.Delete(b.messages, 0, max(0, len(b.messages)-kept))
	return nil
}

// All lists the messages, newest first.
func (b *Mailbox) All() []Delivered {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := slices.Clone(b.messages)
	slices.Reverse(all)
	return all
}

// Find returns one message.
func (b *Mailbox) Find(id uuid.UUID) (Delivered, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	i := slices.IndexFunc(b.messages, func(m Delivered) bool { return m.ID == id })
	if i < 0 {
		return Delivered{}, false
	}
	return b.messages[i], true
}
