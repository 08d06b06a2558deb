package ports

import (
	"context"
	"time"

	"github.com/google/uuid"

	"go.updspace.com/activity/domain"
)

// Readers stores what readers of the feed have chosen and how far they have read.
type Readers interface {
	// Subscription returns the subscription of a user. ok is false when there is none.
	Subscription(ctx context.Context, user uuid.UUID) (s domain.Subscription, ok bool, err error)
	// PutSubscription stores a subscription in the place of the one that the user has, and returns it with its id.
	PutSubscription(ctx context.Context, s domain.Subscription) (domain.Subscription, error)
	// ReadTo returns until when a user has read the feed: the zero time for never.
	ReadTo(ctx context.Context, user uuid.UUID) (time.Time, error)
	// MarkRead stores until when a user has read the feed. It never moves back.
	MarkRead(ctx context.Context, user uuid.UUID, to time.Time) error
}
