package outbox

import (
	"context"
	"fmt"
	"time"

	"go.updspace.com/libs/pg"
)

const settledPoll = 10 * time.Millisecond

// Settled waits until the broker has every event of the service, relayed by
// whichever instance runs. It is for commands whose effect on other services
// is expected once they have returned. It fails when ctx ends before; the
// events are not lost then.
func Settled(ctx context.Context, db *pg.DB) error {
	tick := time.NewTicker(settledPoll)
	defer tick.Stop()
	across := pg.AcrossTenants(ctx, "outbox settled")
	for {
		var waiting bool
		err := db.Read(across, func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT EXISTS (SELECT FROM outbox WHERE published_at IS NULL)").Scan(ctx, &waiting)
		})
		if err != nil {
			return fmt.Errorf("looking for events that wait: %w", pg.Error(err))
		}
		if !waiting {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("events wait for a relay or a broker: %w", context.Cause(ctx))
		case <-tick.C:
		}
	}
}
