package servicefx

import (
	"context"
	"log/slog"
	"time"

	"go.uber.org/fx"

	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
)

const upkeepPause = time.Minute

// upkeep keeps the kit's tables small. It belongs to the database and not to
// the outbox: services without a relay, and relays without a broker, fill them
// all the same.
func upkeep(lc fx.Lifecycle, log *slog.Logger, db *pg.DB) {
	Background(lc, log, "upkeep of the database", func(ctx context.Context) error {
		tick := time.NewTicker(upkeepPause)
		defer tick.Stop()
		for {
			now := time.Now()
			for _, prune := range []func(context.Context, *pg.DB, time.Time) error{outbox.Prune, idempotency.Prune} {
				if err := prune(ctx, db, now); err != nil && ctx.Err() == nil {
					log.Warn("old entries cannot be deleted", "error", err)
				}
			}
			select {
			case <-ctx.Done():
				return nil
			case <-tick.C:
			}
		}
	})
}
