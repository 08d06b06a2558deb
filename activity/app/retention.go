package app

import (
	"context"
	"time"

	"go.updspace.com/activity/ports"
)

// retractedFor is how long retractions are remembered, for changes that arrive late. It is longer than the
// broker keeps dead letters, which an operator may have told again.
const retractedFor = 100 * 24 * time.Hour

// Retention deletes what is too old for the feed.
type Retention struct {
	items ports.Items
	clock ports.Clock
	keep  time.Duration
}

// NewRetention keeps items for a time.
func NewRetention(items ports.Items, clock ports.Clock, keep time.Duration) *Retention {
	return &Retention{items, clock, keep}
}

// Forget deletes what is too old now.
func (r *Retention) Forget(ctx context.Context) error {
	now := r.clock.Now()
	return r.items.Forget(ctx, now.Add(-r.keep), now.Add(-retractedFor))
}
