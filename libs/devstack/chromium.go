package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// Chromium is a headless-capable browser, for tests that need a real one.
type Chromium struct {
	Path string
	Env  []string // what it needs besides the environment
}

// CanInstall names the package manager that missing programs would be installed with, "" when there is none to be used.
func CanInstall(ctx context.Context) string {
	if pm, ok := findPackageManager(ctx); ok {
		return pm.String()
	}
	return ""
}

// LocalChromium finds Chromium or Chrome on this machine, "" when there is none.
func LocalChromium() string {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "headless_shell"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// FindChromium finds a browser, or installs Debian's, or unpacks it beside us: the same chain as for the servers.
func FindChromium(ctx context.Context, o Options) (Chromium, error) {
	if path := LocalChromium(); path != "" {
		return Chromium{Path: path}, nil
	}
	var failures []error
	if pm, ok := findPackageManager(ctx); ok {
		o.log().Info("installing Chromium with " + pm.String())
		if err := pm.install(ctx, o, "chromium"); err != nil {
			failures = append(failures, err)
		} else if path := LocalChromium(); path != "" {
			return Chromium{Path: path}, nil
		}
	}
	o.log().Info("fetching a private copy of Chromium")
	root, err := unpackDebian(ctx, o, account{uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, "chromium")
	if err != nil {
		return Chromium{}, fmt.Errorf("devstack: no Chromium found or fetched: %w", errors.Join(append(failures, err)...))
	}
	// The start script of the package knows absolute places; the program itself does not mind where it is.
	return Chromium{
		Path: filepath.Join(root, "usr", "lib", "chromium", "chromium"),
		Env:  []string{libraryPath(root), "FONTCONFIG_PATH=" + filepath.Join(root, "etc", "fonts")},
	}, nil
}
