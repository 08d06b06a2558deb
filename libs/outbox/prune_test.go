package outbox_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

// Unpublished events are never pruned.
func TestPruneKeepsUnpublishedAndRecentEvents(t *testing.T) {
	t.Parallel()
	db := testkit.DB(t)
	p := outbox.NewPublisher(db, "voting")
	for n := range 3 {
		publish(t, db, p, subject(n), n)
	}
	across := pg.AcrossTenants(t.Context(), "test")
	exec := func(query string, args ...any) {
		t.Helper()
		require.NoError(t, db.Do(across, func(ctx context.Context) error {
			_, err := db.Conn(ctx).NewRaw(query, args...).Exec(ctx)
			return err
		}))
	}
	now := time.Now()
	exec("UPDATE outbox SET published_at = ? WHERE subject = ?", now.Add(-8*24*time.Hour), subject(0))
	exec("UPDATE outbox SET published_at = ? WHERE subject = ?", now.Add(-6*24*time.Hour), subject(1))
	exec("INSERT INTO inbox (consumer, event_id, handled_at) VALUES ('c', 'old', ?), ('c', 'new', ?)", now.Add(-22*24*time.Hour), now.Add(-20*24*time.Hour))
	require.NoError(t, outbox.Prune(t.Context(), db, now))

	var events, entries []string
	require.NoError(t, db.Read(across, func(ctx context.Context) error {
		if err := db.Conn(ctx).NewRaw("SELECT subject FROM outbox ORDER BY seq").Scan(ctx, &events); err != nil {
			return err
		}
		return db.Conn(ctx).NewRaw("SELECT event_id FROM inbox").Scan(ctx, &entries)
	}))
	require.Equal(t, []string{subject(1), subject(2)}, events)
	require.Equal(t, []string{"new"}, entries)
}
