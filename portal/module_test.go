package portal_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/fx"

	"go.updspace.com/libs/accessclient"
	"go.updspace.com/libs/blob/s3"
	"go.updspace.com/libs/fx/blobfx"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/signing"
	"go.updspace.com/portal"
	"go.updspace.com/tools/devkit/testkit"
)

func config() portal.Config {
	return portal.Config{
		ServiceConfig: servicefx.ServiceConfig{
			Config:   servicefx.Config{Mode: servicefx.Production, Addr: ":8003", Signing: signing.Config{Secret: testkit.Secret}},
			Database: pg.Config{URL: "postgres://localhost/portal"}, Access: accessclient.Config{URL: "http://localhost:8002"},
		},
		ReconcileInterval: time.Hour,
		Blobs:             blobfx.Config{S3: s3.Config{Endpoint: "https://s3.example.com", Bucket: "portal"}},
	}
}

func TestTheGraphIsComplete(t *testing.T) {
	require.NoError(t, fx.ValidateApp(portal.Module(config())))
}

func TestRequiredSettings(t *testing.T) {
	for want, remove := range map[string]func(*portal.Config){
		"DATABASE_URL":              func(c *portal.Config) { c.Database.URL = "" },
		"ACCESS_URL":                func(c *portal.Config) { c.Access.URL = "" },
		"PORTAL_RECONCILE_INTERVAL": func(c *portal.Config) { c.ReconcileInterval = 0 },
		"UPDSPACE_MODE":             func(c *portal.Config) { c.Mode = "" },
		"BLOB_S3_ENDPOINT":          func(c *portal.Config) { c.Blobs = blobfx.Config{} },
		"BLOB_S3_BUCKET":            func(c *portal.Config) { c.Blobs.S3.Bucket = "" },
		"BLOB_DIR":                  func(c *portal.Config) { c.Blobs.Dir = "/data" },
	} {
		cfg := config()
		require.NoError(t, cfg.Validate())
		remove(&cfg)
		require.ErrorContains(t, cfg.Validate(), want)
		require.ErrorContains(t, fx.New(fx.NopLogger, portal.Module(cfg)).Err(), want)
	}
	dev := config()
	dev.Mode, dev.Access.URL = servicefx.Development, ""
	require.ErrorContains(t, dev.Validate(), "ACCESS_URL", "development asks access, too")
}
