package devstack

import (
	"bytes"
	"context"
	"encoding/xml"
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
	fonts, err := fontsOf(root)
	if err != nil {
		return Chromium{}, fmt.Errorf("devstack: Chromium's fonts: %w", err)
	}
	// The start script of the package knows absolute places; the program itself does not mind where it is.
	return Chromium{
		Path: filepath.Join(root, "usr", "lib", "chromium", "chromium"),
		Env:  []string{libraryPath(root), "FONTCONFIG_FILE=" + fonts},
	}, nil
}

// fontsOf tells of the fonts unpacked under root, because the package's own configuration names absolute places. Chromium aborts when it
// has none at all, and a machine without a desktop has none.
func fontsOf(root string) (file string, err error) {
	var text bytes.Buffer
	text.WriteString("<?xml version=\"1.0\"?>\n<!DOCTYPE fontconfig SYSTEM \"fonts.dtd\">\n<fontconfig>\n")
	for _, place := range []struct{ element, path string }{
		{"dir", filepath.Join(root, "usr", "share", "fonts")}, {"dir", "/usr/share/fonts"},
		{"cachedir", filepath.Join(root, "var", "cache", "fontconfig")},
	} {
		fmt.Fprintf(&text, "  <%s>", place.element)
		if err := xml.EscapeText(&text, []byte(place.path)); err != nil {
			return "", err
		}
		fmt.Fprintf(&text, "</%s>\n", place.element)
	}
	text.WriteString("</fontconfig>\n")
	file = filepath.Join(root, "fonts.conf")
	return file, os.WriteFile(file, text.Bytes(), 0o644)
}
