package idempotency

import (
	"context"
	"fmt"
	"time"

	"go.updspace.com/libs/pg"
)

// retention is far longer than clients repeat a request.
const retention = 7 * 24 * time.Hour

// Prune deletes old results. Any number of instances may run it at once.
func Prune(ctx context.Context, db *pg.DB, now time.Time) error {
	if _, err := db.Prune(pg.AcrossTenants(ctx, "idempotency pruning"), "idempotency", "created_at", now.Add(-retention)); err != nil {
		return fmt.Errorf("pruning idempotency: %w", err)
	}
	return nil
}
