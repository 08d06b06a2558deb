package access_test

import (
	"context"
	"io"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/access"
	accesspg "go.updspace.com/access/adapters/pg"
	"go.updspace.com/access/domain"
	"go.updspace.com/libs/config"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/tools/devkit/testkit"
	"go.updspace.com/tools/devkit/testkit/service"
)

func TestTheServiceStartsWithItsSettingsOnly(t *testing.T) {
	t.Parallel()
	good := func() access.Config {
		cfg := service.Config()
		return access.Config{Config: cfg.Config, Database: cfg.Database}
	}
	service.Module(t, good, access.Module, map[string]func(*access.Config){
		"DATABASE_URL":  func(c *access.Config) { c.Database.URL = "" },
		"UPDSPACE_MODE": func(c *access.Config) { c.Mode = "" },
	})
	_, err := config.Parse[access.Config](map[string]string{"LISTEN_ADDR": ":1", "UPDSPACE_MODE": "production"})
	require.ErrorContains(t, err, "DATABASE_URL")
	require.Error(t, fx.New(access.Module(access.Config{}), fx.NopLogger).Err(), "nothing starts on a wrong configuration")
	cfg, err := config.Parse[access.Config](map[string]string{"DATABASE_URL": "postgres://x/y", "LISTEN_ADDR": ":1"})
	require.NoError(t, err)
	require.False(t, cfg.Dev())
}

// settings are for commands that need no server.
func settings(t *testing.T, mode string) access.Config {
	return access.Config{Config: servicefx.Config{Mode: mode, Log: io.Discard}, Database: testkit.Postgres(t, accesspg.Migrations())}
}

func TestMigrateLeavesADatabaseThatIsReady(t *testing.T) {
	t.Parallel()
	cfg := settings(t, servicefx.Production)
	require.NoError(t, access.Migrate(t.Context(), cfg))
	require.NoError(t, access.Migrate(t.Context(), cfg), "again")
	_, err := accesspg.NewRoles(testkit.OpenDB(t, cfg.Database)).Template(t.Context(), domain.Voting, domain.RoleAdmin)
	require.NoError(t, err)
}

func TestTheBootstrapCommand(t *testing.T) {
	t.Parallel()
	cfg := settings(t, servicefx.Production)
	user := uuid.New()
	for _, wrong := range [][]string{
		nil, {"--tenant", aef.String()}, {"--user", user.String()}, {"--tenant", "aef", "--user", user.String()},
		{"--tenant", aef.String(), "--user", user.String(), "more"}, {"--tenant", aef.String(), "--user", uuid.Nil.String()}, {"--help"},
	} {
		require.ErrorContains(t, access.BootstrapCommand(t.Context(), cfg, wrong), "usage", "%v", wrong)
	}
	for range 2 {
		require.NoError(t, access.BootstrapCommand(t.Context(), cfg, []string{"--tenant", aef.String(), "--user", user.String()}))
	}
	s := domain.Subject{Tenant: aef, User: user}
	f, err := accesspg.NewFacts(testkit.OpenDB(t, cfg.Database)).Load(person{tenant: aef, user: user}.in(), s, testkit.NewClock().Now())
	require.NoError(t, err)
	require.Len(t, f.Bindings, len(domain.Services()))
	require.Len(t, domain.Platform.Effective(s, domain.TenantScope(aef), f).Keys, len(domain.Platform.All()))
}

func TestDemoDataIsForDevelopment(t *testing.T) {
	t.Parallel()
	production := settings(t, servicefx.Production)
	require.ErrorContains(t, access.SeedDemo(t.Context(), production), "development")

	s := start(t)
	for range 2 {
		require.NoError(t, access.SeedDemo(context.Background(), s.cfg))
	}
	admin := person{tenant: aef, user: uuid.MustParse("00000000-0000-4000-8000-000000000001")}
	outsider := person{tenant: gaming, user: uuid.MustParse("00000000-0000-4000-8000-000000000006")}
	for _, p := range []person{admin, outsider} {
		require.True(t, s.decide(p, inTenant("voting.poll.create", p)).Allowed)
	}
	for _, p := range []person{{tenant: gaming, user: admin.user}, {tenant: aef, user: outsider.user}} {
		require.False(t, s.decide(p, inTenant("voting.poll.create", p)).Allowed)
	}
}
