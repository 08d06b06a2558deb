package service

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/signing"
	"go.updspace.com/tools/devkit/testkit"
)

// Config is a complete configuration of a service in production, for [Module]. Nothing behind it is reached.
func Config() servicefx.ServiceConfig {
	return servicefx.ServiceConfig{
		Config:   servicefx.Config{Mode: servicefx.Production, Addr: ":8080", Signing: signing.Config{Secret: testkit.Secret}},
		Database: pg.Config{URL: "postgres://localhost/service"}, Access: accessclient.Config{URL: "http://localhost:8002"},
	}
}

// Module tests a service's graph: it is complete with a good configuration, and each change in spoil makes the service refuse
// to start with an error that contains the key, which is the name of a setting.
func Module[C interface{ Validate() error }](t *testing.T, good func() C, module func(C) fx.Option, spoil map[string]func(*C)) {
	require.NoError(t, good().Validate())
	require.NoError(t, fx.ValidateApp(module(good())))
	for setting, change := range spoil {
		cfg := good()
		change(&cfg)
		require.ErrorContains(t, cfg.Validate(), setting)
		require.ErrorContains(t, fx.New(fx.NopLogger, module(cfg)).Err(), setting)
	}
}
