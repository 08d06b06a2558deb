package voting_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
	"go.updspace.com/voting"
	store "go.updspace.com/voting/adapters/pg"
)

func TestTheServiceStartsWithItsSettingsOnly(t *testing.T) {
	t.Parallel()
	service.Module(t, config, voting.Module, map[string]func(*voting.Config){
		"DATABASE_URL":  func(c *voting.Config) { c.Database.URL = "" },
		"ACCESS_URL":    func(c *voting.Config) { c.Access.URL = "" },
		"BLOB_DIR":      func(c *voting.Config) { c.Blobs.Dir = "" },
		"UPDSPACE_MODE": func(c *voting.Config) { c.Mode = "" },
	})
}

// The demo data is made once, and only in development.
func TestDemoDataIsMadeOnce(t *testing.T) {
	t.Parallel()
	cfg := config()
	cfg.Blobs.Dir = t.TempDir()
	require.Error(t, voting.SeedDemo(t.Context(), cfg))
	cfg.Mode, cfg.Database = servicefx.Development, testkit.Postgres(t, store.Migrations())
	db := testkit.OpenDB(t, cfg.Database)
	for range 2 {
		require.NoError(t, voting.SeedDemo(t.Context(), cfg))
		var rows [3]int
		require.NoError(t, db.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT (SELECT count(*) FROM polls), (SELECT count(*) FROM ballots), (SELECT count(*) FROM images WHERE content_type = 'image/png')").
				Scan(ctx, &rows[0], &rows[1], &rows[2])
		}))
		require.Equal(t, [3]int{4, 73, 4}, rows)
	}
}

func config() voting.Config {
	return voting.Config{ServiceConfig: service.Config(), Blobs: blobfx.Config{Dir: "blobs"}}
}
