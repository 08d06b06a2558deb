package devstack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

// packageManager installs system packages: apt-get, as root or with a sudo that asks for no password.
type packageManager struct{ prefix []string }

func findPackageManager(ctx context.Context) (packageManager, bool) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return packageManager{}, false
	}
	if os.Geteuid() == 0 {
		return packageManager{}, true
	}
	if _, err := exec.LookPath("sudo"); err != nil {
		return packageManager{}, false
	}
	if exec.CommandContext(ctx, "sudo", "-n", "true").Run() != nil {
		return packageManager{}, false
	}
	return packageManager{prefix: []string{"sudo", "-n"}}, true
}

func (pm packageManager) String() string {
	return strings.Join(append(slices.Clone(pm.prefix), "apt-get"), " ")
}

func (pm packageManager) run(ctx context.Context, stdin string, args ...string) error {
	args = append(slices.Clone(pm.prefix), args...)
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin = strings.NewReader(stdin)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, lastLines(out))
	}
	return nil
}

// install installs packages, refreshing the package lists only when the ones on the machine are missing or out of date.
func (pm packageManager) install(ctx context.Context, o Options, packages ...string) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cache, err := o.cache()
	if err != nil {
		return err
	}
	lock, err := lockDir(cache, true) // one installation at a time: several test packages may ask together
	if err != nil {
		return err
	}
	defer lock.release()

	install := append([]string{"env", "DEBIAN_FRONTEND=noninteractive",
		"apt-get", "-o", "DPkg::Lock::Timeout=120", "install", "-y", "-q", "--no-install-recommends"}, packages...)
	if pm.run(ctx, "", install...) == nil {
		return nil
	}
	if err := pm.run(ctx, "", "apt-get", "-o", "DPkg::Lock::Timeout=120", "update", "-q"); err != nil {
		return err
	}
	return pm.run(ctx, "", install...)
}

// installPostgres brings the programs only. Left alone, Debian's package would also create and start a server on port 5432.
func (pm packageManager) installPostgres(ctx context.Context, o Options) error {
	if err := pm.install(ctx, o, "postgresql-common"); err != nil {
		return err
	}
	const dropIn = "/etc/postgresql-common/createcluster.d/updspace.conf"
	if !exists("/etc/postgresql") || isEmpty("/etc/postgresql") {
		text := "# UpdSpace's development stack runs its own server on its own data.\ncreate_main_cluster = false\n"
		if err := pm.run(ctx, text, "sh", "-c", "mkdir -p "+filepath.Dir(dropIn)+" && cat >"+dropIn); err != nil {
			return err
		}
		defer func() { _ = pm.run(ctx, "", "rm", "-f", dropIn) }()
	}
	return pm.install(ctx, o, "postgresql")
}

func isEmpty(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err != nil || len(entries) == 0
}

// installRedis brings the server's program without its daemon: see LocalRedis.
func (pm packageManager) installRedis(ctx context.Context, o Options) error {
	return pm.install(ctx, o, "redis-tools")
}

// unpackDebian fetches a Debian package, with whatever it needs that the machine lacks, and unpacks it all into a private directory:
// no privileges, nothing installed. It returns that directory.
func unpackDebian(ctx context.Context, o Options, as account, name string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	for _, tool := range []string{"apt-get", "dpkg"} {
		if _, err := exec.LookPath(tool); err != nil {
			return "", err
		}
	}
	cache, err := o.cache()
	if err != nil {
		return "", err
	}
	root := as.reachable(filepath.Join(cache, "debian-"+name))
	if err := os.MkdirAll(filepath.Dir(root), 0o755); err != nil {
		return "", err
	}
	lock, err := lockDir(filepath.Dir(root), true)
	if err != nil {
		return "", err
	}
	defer lock.release()
	if exists(root) {
		return root, nil
	}
	work, err := os.MkdirTemp(filepath.Dir(root), "unpack-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	apt := aptAsUser{dir: work}
	packages, err := apt.missing(ctx, name)
	if err != nil {
		return "", err
	}
	if err := apt.download(ctx, packages); err != nil {
		return "", err
	}
	debs, _ := filepath.Glob(filepath.Join(work, "*.deb"))
	if len(debs) == 0 {
		return "", fmt.Errorf("apt-get downloaded nothing for %s", name)
	}
	unpacked := filepath.Join(work, "root")
	for _, deb := range debs {
		if out, err := exec.CommandContext(ctx, "dpkg", "-x", deb, unpacked).CombinedOutput(); err != nil {
			return "", fmt.Errorf("dpkg -x %s: %w: %s", filepath.Base(deb), err, lastLines(out))
		}
	}
	if err := os.Chmod(unpacked, 0o755); err != nil {
		return "", err
	}
	return root, os.Rename(unpacked, root)
}

// aptAsUser runs the parts of apt-get that need no privileges, on package lists of its own when the machine's are missing.
type aptAsUser struct {
	dir     string
	ownList bool
}

func (a *aptAsUser) run(ctx context.Context, args ...string) ([]byte, error) {
	options := []string{"-o", "Dir::Cache=" + filepath.Join(a.dir, "cache"), "-o", "APT::Sandbox::User=", "-o", "Debug::NoLocking=1"}
	if err := os.MkdirAll(filepath.Join(a.dir, "cache", "archives", "partial"), 0o755); err != nil {
		return nil, err
	}
	if a.ownList {
		lists := filepath.Join(a.dir, "lists")
		if err := os.MkdirAll(filepath.Join(lists, "partial"), 0o755); err != nil {
			return nil, err
		}
		options = append(options, "-o", "Dir::State::Lists="+lists)
	}
	cmd := exec.CommandContext(ctx, "apt-get", append(options, args...)...)
	cmd.Dir = a.dir
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("apt-get %s: %w: %s", args[0], err, lastLines(stderr.Bytes()))
	}
	return out, nil
}

var aptWouldInstall = regexp.MustCompile(`(?m)^Inst (\S+) `)

// missing asks apt-get, by simulation, what installing the package would bring.
func (a *aptAsUser) missing(ctx context.Context, name string) ([]string, error) {
	out, err := a.run(ctx, "-s", "--no-install-recommends", "install", name)
	if err != nil { // no lists, or stale ones
		if out, err = a.refreshed(ctx, "-s", "--no-install-recommends", "install", name); err != nil {
			return nil, err
		}
	}
	packages := []string{}
	for _, m := range aptWouldInstall.FindAllStringSubmatch(string(out), -1) {
		packages = append(packages, m[1])
	}
	if !slices.Contains(packages, name) {
		packages = append(packages, name) // installed, but not as we need it
	}
	return packages, nil
}

func (a *aptAsUser) download(ctx context.Context, packages []string) error {
	args := append([]string{"download"}, packages...)
	_, err := a.run(ctx, args...)
	if err != nil {
		_, err = a.refreshed(ctx, args...)
	}
	return err
}

func (a *aptAsUser) refreshed(ctx context.Context, args ...string) ([]byte, error) {
	if a.ownList {
		return nil, errors.New("apt-get: the package is not available")
	}
	a.ownList = true
	if _, err := a.run(ctx, "update"); err != nil {
		return nil, err
	}
	return a.run(ctx, args...)
}

// libraryPath makes the loader find the libraries unpacked under root before the machine's own. Some lie a level deeper, where their users
// look for them at an absolute place.
func libraryPath(root string) string {
	var dirs []string
	for _, pattern := range []string{"usr/lib/*-linux-*", "lib/*-linux-*", "usr/lib", "usr/lib/*-linux-*/*"} {
		found, _ := filepath.Glob(filepath.Join(root, pattern))
		for _, dir := range found {
			if libraries, _ := filepath.Glob(filepath.Join(dir, "lib*.so*")); len(libraries) > 0 {
				dirs = append(dirs, dir)
			}
		}
	}
	return "LD_LIBRARY_PATH=" + strings.Join(dirs, ":")
}
