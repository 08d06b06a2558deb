package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/notifications/domain"
)

// Browsers stores the browsers that get notifications, and the messages that wait.
type Browsers interface {
	// PrivateKey returns the key of the tenant, or nil. SetPrivateKey stores one unless there is one.
	PrivateKey(ctx context.Context) ([]byte, error)
	SetPrivateKey(ctx context.Context, key []byte) error
	List(ctx context.Context, person uuid.UUID) ([]domain.Browser, error)
	// Add stores a browser, in the place of one with the same endpoint, also of another person. More than most are domain.ErrTooManyBrowsers.
	Add(ctx context.Context, b domain.Browser, most int) error
	// Remove removes a browser of a person, or returns domain.ErrSubscriptionNotFound. Forget removes one that takes no more messages.
	Remove(ctx context.Context, person, id uuid.UUID) error
	Forget(ctx context.Context, id uuid.UUID) error
	// Queue stores a message for each browser of a person, in its language.
	Queue(ctx context.Context, person uuid.UUID, byLanguage map[string]domain.Message, due, expires time.Time) error
	// Due lists the messages of all tenants that are due. Claim puts one off, and reports whether no other instance has.
	Due(ctx context.Context, now time.Time, limit int) ([]domain.PushMessage, error)
	Claim(ctx context.Context, m domain.PushMessage, until time.Time) (bool, error)
	// PutOff stores when a message is tried again. Done removes it.
	PutOff(ctx context.Context, id uuid.UUID, until time.Time) error
	Done(ctx context.Context, id uuid.UUID) error
}

// Pusher sends messages to browsers.
type Pusher interface {
	// NewKey makes a private key. Public is its public half, in base64url.
	NewKey() ([]byte, error)
	Public(key []byte) (string, error)
	// Check refuses subscriptions that cannot be sent to, by field.
	Check(b domain.Browser) error
	// Push sends a message. after is what the push service asks to wait.
	Push(ctx context.Context, key []byte, m domain.PushMessage) (outcome domain.PushOutcome, after time.Duration)
}

// Texts writes what a browser shows, by language.
type Texts interface {
	Message(n domain.Notification) map[string]domain.Message
}
