package servicefx_test

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/audit"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/outbox"
	"go.updspace.com/libs/pg"
	"go.updspace.com/tools/devkit/testkit"
)

func TestOfflineRunsBetweenStartAndStop(t *testing.T) {
	t.Parallel()
	var order []string
	failed := errors.New("the command failed")
	module := fx.Options(
		fx.Supply("part"),
		fx.Invoke(func(lc fx.Lifecycle) {
			lc.Append(fx.StartStopHook(func() { order = append(order, "start") }, func() { order = append(order, "stop") }))
		}),
	)
	err := servicefx.Offline(t.Context(), func(_ context.Context, part string) error {
		order = append(order, part)
		return failed
	}, module)
	require.ErrorIs(t, err, failed)
	require.Equal(t, []string{"start", "part", "stop"}, order)
}

func TestOfflineReportsAnIncompleteModule(t *testing.T) {
	t.Parallel()
	err := servicefx.Offline(t.Context(), func(context.Context, string) error { return nil })
	require.ErrorContains(t, err, "assembling")
}

func TestOfflineServiceServesNothing(t *testing.T) {
	cfg := servicefx.ServiceConfig{Config: kitConfig(t), Database: testkit.Postgres(t), Access: accessclient.Config{URL: "http://access"}}
	require.NoError(t, cfg.Listener.Close())
	cfg.Listener, cfg.Addr = nil, "nowhere" // serving would fail
	require.NoError(t, servicefx.Offline(t.Context(), func(ctx context.Context, db *pg.DB) error {
		return db.Ping(ctx)
	}, servicefx.OfflineService("voting", cfg, pg.Kit()), fx.Invoke(func(*outbox.Publisher, *audit.Log, *accessclient.Client) {})))
	cfg.Access.URL = ""
	err := servicefx.Offline(t.Context(), func(context.Context, *pg.DB) error { return nil }, servicefx.OfflineService("voting", cfg, pg.Kit()))
	require.ErrorContains(t, err, "ACCESS_URL")
}
