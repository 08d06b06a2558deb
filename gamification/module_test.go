package gamification_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/gamification"
	store "go.updspace.com/gamification/adapters/pg"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func config() gamification.Config {
	return gamification.Config{
		ServiceConfig: blobfx.ServiceConfig{ServiceConfig: service.Config(), Blobs: blobfx.Config{Dir: "blobs"}},
		PublicOrigin:  "https://{tenant}.updspace.com", SealKeys: seal.NewKey("test"),
	}
}

func TestTheServiceStartsWithItsSettingsOnly(t *testing.T) {
	t.Parallel()
	service.Module(t, config, gamification.Module, map[string]func(*gamification.Config){
		"DATABASE_URL":           func(c *gamification.Config) { c.Database.URL = "" },
		"ACCESS_URL":             func(c *gamification.Config) { c.Access.URL = "" },
		"PUBLIC_ORIGIN":          func(c *gamification.Config) { c.PublicOrigin = "https://updspace.com" },
		"GAMIFICATION_SEAL_KEYS": func(c *gamification.Config) { c.SealKeys = "" },
		"BLOB_DIR":               func(c *gamification.Config) { c.Blobs.Dir = "" },
	})
}

// The demo data is made once, and only in development.
func TestDemoDataIsMadeOnce(t *testing.T) {
	t.Parallel()
	cfg := config()
	cfg.Blobs.Dir = t.TempDir()
	require.Error(t, gamification.SeedDemo(t.Context(), cfg))
	cfg.Mode, cfg.Database = servicefx.Development, testkit.Postgres(t, store.Migrations())
	db := testkit.OpenDB(t, cfg.Database)
	for range 2 {
		require.NoError(t, gamification.SeedDemo(t.Context(), cfg))
		var made [6]int
		require.NoError(t, db.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw(`SELECT (SELECT count(*) FROM categories), (SELECT count(*) FROM achievements), (SELECT count(*) FROM grants),
				(SELECT count(*) FROM rules), (SELECT count(*) FROM nominations), (SELECT count(*) FROM images)`).Scan(ctx, &made[0], &made[1], &made[2], &made[3], &made[4], &made[5])
		}))
		require.Equal(t, [6]int{3, 6, 39, 1, 1, 1}, made)
	}
}
