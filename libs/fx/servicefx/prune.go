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

const pruneInterval = time.Minute

// prune deletes what the kit's tables need no longer. It belongs to the database and not to the outbox: services without a
// relay, and relays without a broker, fill them as well.
func prune(lc fx.Lifecycle, log *slog.Logger, db *pg.DB) {
	for name, job := range map[string]func(context.Context, *pg.DB, time.Time) error{
		"outbox pruning": outbox.Prune, "idempotency pruning": idempotency.Prune,
	} {
		Background(lc, log, name, func(ctx context.Context) error {
			return repeat(ctx, log, name, pruneInterval, nil, func(ctx context.Context) error { return job(ctx, db, time.Now()) })
		})
	}
}
