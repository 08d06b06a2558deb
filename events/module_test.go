package events_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"go.updspace.com/events"
	store "go.updspace.com/events/adapters/pg"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/seal"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func config() events.Config {
	return events.Config{ServiceConfig: service.Config(), PublicOrigin: "https://{tenant}.updspace.com", SealKeys: seal.NewKey("test")}
}

func TestTheServiceStartsWithItsSettingsOnly(t *testing.T) {
	t.Parallel()
	service.Module(t, config, events.Module, map[string]func(*events.Config){
		"DATABASE_URL":        func(c *events.Config) { c.Database.URL = "" },
		"ACCESS_URL":          func(c *events.Config) { c.Access.URL = "" },
		"PUBLIC_ORIGIN":       func(c *events.Config) { c.PublicOrigin = "https://updspace.com" },
		"EVENTS_SEAL_KEYS":    func(c *events.Config) { c.SealKeys = "" },
		"INBOUND_MAIL_DOMAIN": func(c *events.Config) { c.ReplySecret = "secret" },
		"INBOUND_MAIL_SECRET": func(c *events.Config) { c.ReplyDomain, c.ReplySecret = "reply.example.com", "secret" },
	})
}

// The demo data is made once, and only in development.
func TestDemoDataIsMadeOnce(t *testing.T) {
	t.Parallel()
	cfg := config()
	require.Error(t, events.SeedDemo(t.Context(), cfg))
	cfg.Mode, cfg.Database = servicefx.Development, testkit.Postgres(t, store.Migrations())
	db := testkit.OpenDB(t, cfg.Database)
	for range 2 {
		require.NoError(t, events.SeedDemo(t.Context(), cfg))
		var made int
		require.NoError(t, db.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT count(*) FROM events").Scan(ctx, &made)
		}))
		require.Equal(t, 7, made)
		var invited []string
		require.NoError(t, db.Read(pg.AcrossTenants(t.Context(), "test"), func(ctx context.Context) error {
			return db.Conn(ctx).NewRaw("SELECT i.address || ' ' || a.status FROM invitations AS i JOIN answers AS a ON a.user_id = i.user_id "+
				"JOIN occurrences AS o ON o.id = a.occurrence_id AND o.event_id = i.event_id ORDER BY 1").Scan(ctx, &invited)
		}))
		require.Equal(t, []string{" going", "nadya@example.com interested"}, invited, "a member, and an address that has answered by its link")
	}
}
