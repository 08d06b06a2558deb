package e2e

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/platform"
)

// TestFrontends runs the tests of web/: rules and components by themselves, then every page and every journey in a browser. These have a
// platform of their own, with the demo data as it was made.
func TestFrontends(t *testing.T) {
	root, err := filepath.Abs("../..")
	require.NoError(t, err)
	chromium, err := devstack.FindChromium(t.Context(), devstack.Options{Log: slog.Default(), Cache: filepath.Join(root, ".dev", "cache")})
	require.NoError(t, err)
	own, err := platform.Start(t.Context(), options())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, own.Stop(context.WithoutCancel(t.Context()))) })
	npx := func(t *testing.T, args ...string) {
		t.Helper()
		ctx, cancel := context.WithTimeout(t.Context(), 25*time.Minute)
		defer cancel()
		var output bytes.Buffer
		c := exec.CommandContext(ctx, "npx", args...)
		c.Dir = root
		c.Env = append(os.Environ(), chromium.Env...)
		c.Env = append(c.Env, "CHROMIUM="+chromium.Path, "PORTAL_ORIGIN="+own.Origin("aef"), "ID_ORIGIN="+own.IDOrigin(), "NO_COLOR=1")
		c.Stdout, c.Stderr = &output, io.MultiWriter(&output, os.Stderr)
		require.NoError(t, c.Run(), "%s", output.String())
		t.Log(output.String()[max(0, output.Len()-400):])
	}
	t.Run("components", func(t *testing.T) { npx(t, "vitest", "run", "--root", "web") })
	for _, project := range []string{"pages", "journeys"} {
		t.Run(project, func(t *testing.T) {
			npx(t, "playwright", "test", "--config", "web/e2e/playwright.config.ts", "--project", project)
		})
	}
}
