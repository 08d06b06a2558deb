package outbox

import (
	"context"
	"fmt"
	"time"

	"go.updspace.com/libs/pg"
)

const publishedPoll = 10 * time.Millisecond

// WaitPublished waits until the broker has acknowledged every event of the service, relayed by any instance. It is for
// commands that other services must have heard of when they return. It fails when ctx ends first; the events are then
// still in the outbox.
func WaitPublished(ctx context.Context, db *pg.DB) error {
	tick := time.NewTicker(publishedPoll)
	defer tick.Stop()
	across := pg.AcrossTenants(ctx, "waiting for published events")
	for {
		var waiting bool
		err := db.Read(across, func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)").Scan(ctx, &waiting)
		})
		if err != nil {
			return fmt.Errorf("looking for unpublished events: %w", pg.Error(err))
		}
		if !waiting {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("events are not published yet: %w", context.Cause(ctx))
		case <-tick.C:
		}
	}
}
