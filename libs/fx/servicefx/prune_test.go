package servicefx_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx/fxtest"

	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/idempotency"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// A service without an outbox relay forgets old requests, too, and keeps the
// ones that may still be repeated.
func TestEveryDatabaseIsKeptSmall(t *testing.T) {
	cfg := testkit.Postgres(t)
	db := testkit.OpenDB(t, cfg)
	store := idempotency.NewStore(db)
	rc := reqctx.Context{TenantID: uuid.New(), UserID: uuid.New()}
	for _, rc.RequestID = range []string{"old", "new"} {
		_, err := store.Once(reqctx.With(t.Context(), rc), "create", nil, func(context.Context) (uuid.UUID, error) { return uuid.New(), nil })
		require.NoError(t, err)
	}
	across := pg.AcrossTenants(t.Context(), "test")
	require.NoError(t, db.Do(across, func(ctx context.Context) error {
		_, err := db.Conn(ctx).NewRaw("UPDATE idempotency SET created_at = now() - interval '8 days' WHERE request_id = 'old'").Exec(ctx)
		return err
	}))

	app := fxtest.New(t, servicefx.Kit("toy", kitConfig(t)), servicefx.Postgres(cfg), handler(func(http.ResponseWriter, *http.Request) {}))
	app.RequireStart()
	defer app.RequireStop()
	var left []string
	require.Eventually(t, func() bool {
		require.NoError(t, db.Read(across, func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT request_id FROM idempotency").Scan(ctx, &left)
		}))
		return len(left) == 1
	}, 30*time.Second, 5*time.Millisecond)
	require.Equal(t, []string{"new"}, left)
}
