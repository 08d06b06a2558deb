// Package devmail is the mail server of development: it keeps what would have
// been sent where the mailbox page shows it.
package devmail

import (
	"context"
	"sync"

	"github.com/google/uuid"

	"go.updspace.com/identity/domain"
	"go.updspace.com/identity/ports"
)

// kept bounds the mailbox; older mails fall out.
const kept = 200

// Mailbox implements ports.Mailer.
type Mailbox struct {
	clock    ports.Clock
	mu       sync.Mutex
	messages []domain.DeliveredMail // oldest first
}

// New returns an empty mailbox.
func New(clock ports.Clock) *Mailbox { return &Mailbox{clock: clock} }

// Send implements ports.Mailer.
func (b *Mailbox) Send(_ context.Context, m domain.Mail) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.messages = append(b.messages, domain.DeliveredMail{ID: uuid.New(), At: b.clock.Now(), Mail: m})
	if over := len(b.messages) - kept; over > 0 {
		b.messages = append([]domain.DeliveredMail(nil), b.messages[over:]...)
	}
	return nil
}

// All lists the messages, newest first.
func (b *Mailbox) All() []domain.DeliveredMail {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]domain.DeliveredMail, 0, len(b.messages))
	for i := len(b.messages) - 1; i >= 0; i-- {
		out = append(out, b.messages[i])
	}
	return out
}

// Find returns one message.
func (b *Mailbox) Find(id uuid.UUID) (domain.DeliveredMail, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.messages {
		if m.ID == id {
			return m, true
		}
	}
	return domain.DeliveredMail{}, false
}
