package pg_test

import (
	"context"
	"encoding/json"
	"strconv"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/uptrace/bun/dialect/pgdialect"

	"go.updspace.com/activity/adapters/pg"
	"go.updspace.com/activity/domain"
	"go.updspace.com/libs/authz"
	"go.updspace.com/libs/reqctx"
	"go.updspace.com/tools/devkit/testkit"
)

// What a change reads does not grow with the items that there are, also while PostgreSQL has no statistics of them.
func TestSourcesAreLookedUpInTheirIndex(t *testing.T) {
	t.Parallel()
	db, tenant := testkit.DB(t, pg.Migrations()), uuid.New()
	ctx := reqctx.With(t.Context(), reqctx.Context{TenantID: tenant})
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		for batch := range 20 {
			changes := make([]domain.Change, 500)
			for i := range changes {
				item, err := domain.NewItem(domain.ItemData{
					TenantID: tenant, SourceRef: "vote:" + strconv.Itoa(batch) + ":" + strconv.Itoa(i), Type: domain.VoteCast,
					OccurredAt: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), Visibility: authz.VisibilityPublic, Scope: authz.TenantScope(tenant),
				})
				require.NoError(t, err)
				changes[i] = domain.Put(item)
			}
			if err := pg.NewItems(db).Apply(ctx, changes...); err != nil {
				return err
			}
		}
		return nil
	}))
	var plan string
	require.NoError(t, db.Do(ctx, func(ctx context.Context) error {
		return db.Conn(ctx).NewRaw("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) "+pg.RowsOfSources, tenant, pgdialect.Array([]string{"vote:1:1", "vote:19:499", "none"})).
			Scan(ctx, &plan)
	}))
	var read []struct {
		Plan struct {
			Rows float64 `json:"Actual Rows"`
			Hit  int     `json:"Shared Hit Blocks"`
			Read int     `json:"Shared Read Blocks"`
		}
	}
	require.NoError(t, json.Unmarshal([]byte(plan), &read))
	require.InDelta(t, 2, read[0].Plan.Rows, 0)
	require.Less(t, read[0].Plan.Hit+read[0].Plan.Read, 30, "of hundreds that the items fill: %s", plan)
}
