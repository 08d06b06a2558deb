// Package blobfx provides the blob.Store of a service that keeps files.
package blobfx

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"go.uber.org/fx"

	"go.updspace.com/libs/blob"
	"go.updspace.com/libs/blob/s3"
	"go.updspace.com/libs/fx/servicefx"
	"go.updspace.com/libs/httpx"
	"go.updspace.com/libs/pg"
	"go.updspace.com/libs/telemetry"
)

// Config says where the content of files is kept: in a folder, or in an S3-compatible store.
type Config struct {
	Dir string `env:"BLOB_DIR"` // a folder, for a single machine
	S3  s3.Config
}

// Validate reports every setting that is wrong. A folder is found without a setting in development only: in production,
// each instance would find another one.
func (c Config) Validate(dev bool) error {
	problems := []error{c.S3.Validate()}
	if c.Dir != "" && c.S3.Set() {
		problems = append(problems, errors.New("BLOB_DIR and BLOB_S3_ENDPOINT cannot both be set"))
	}
	if c.Dir == "" && !c.S3.Set() && !dev {
		problems = append(problems, errors.New("BLOB_S3_ENDPOINT must be set, or BLOB_DIR on a single node"))
	}
	return errors.Join(problems...)
}

// ServiceConfig is the configuration of a service that keeps files.
type ServiceConfig struct {
	servicefx.ServiceConfig
	Blobs Config
}

// Validate reports every setting that is wrong.
func (c ServiceConfig) Validate() error {
	return errors.Join(c.ServiceConfig.Validate(), c.Blobs.Validate(c.Dev()))
}

// Service is servicefx.Service of a service that keeps files, and its Store.
func Service(name string, cfg ServiceConfig, migrations pg.Migrations, options ...func(*httpx.Options)) fx.Option {
	if wrong := cfg.Validate(); wrong != nil {
		return fx.Error(wrong)
	}
	return fx.Options(servicefx.Service(name, cfg.ServiceConfig, migrations, options...), Store(name, cfg.Blobs))
}

// Store provides the blob.Store that the configuration names.
func Store(service string, cfg Config) fx.Option {
	return fx.Provide(func(lc fx.Lifecycle, t *telemetry.Tracing) (blob.Store, error) {
		store, closeStore, err := Open(service, cfg, t.Transport(http.DefaultTransport))
		if err == nil {
			lc.Append(fx.StopHook(closeStore))
		}
		return store, err
	})
}

// Open opens the store that the configuration names, for what runs outside a service. The caller closes it.
func Open(service string, cfg Config, transport http.RoundTripper) (store blob.Store, closeStore func() error, err error) {
	if cfg.S3.Set() {
		store, err = s3.New(cfg.S3, transport)
		return store, func() error { return nil }, err
	}
	dir := cfg.Dir
	if dir == "" { // development: see Validate
		dir = filepath.Join(os.TempDir(), fmt.Sprintf("updspace-%s-blobs-%d", service, os.Getuid()))
	}
	folder, err := blob.OpenFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	return folder, folder.Close, nil
}
