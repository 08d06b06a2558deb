package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.updspace.com/libs/pg"
)

const (
	publishedRetention = 7 * 24 * time.Hour
	// inboxRetention is longer than the stream keeps events, so an event is not delivered again after its inbox entry is
	// deleted.
	inboxRetention = eventsMaxAge + 7*24*time.Hour
)

// Prune deletes events that were published long ago, and inbox entries of events that the stream no longer has. Any
// number of instances may run it at once.
func Prune(ctx context.Context, db *pg.DB, now time.Time) error {
	ctx = pg.AcrossTenants(ctx, "outbox pruning")
	_, err := db.Prune(ctx, "outbox", "published_at", now.Add(-publishedRetention))
	_, inboxErr := db.Prune(ctx, "inbox", "handled_at", now.Add(-inboxRetention))
	if err = errors.Join(err, inboxErr); err != nil {
		return fmt.Errorf("pruning outbox and inbox: %w", err)
	}
	return nil
}
