package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"text/tabwriter"

	"go.updspace.com/tools/devkit/devstack"
	"go.updspace.com/tools/installation"
	"go.updspace.com/tools/internal/tcpport"
	"go.updspace.com/tools/platform"
)

type doctorCmd struct {
	Config string `help:"Look at the installation with the settings in this directory, instead of the development machine." type:"path" placeholder:"DIR"`
}

// finding is one line of the doctor's report.
type finding struct {
	what  string
	state state
	note  string
}

type state string

const (
	good    state = "ok"
	fetched state = "fetch"   // missing, and `up` brings it by itself
	lesser  state = "note"    // `up` works, something else does not
	bad     state = "MISSING" // `up` cannot work
	old     state = "TOO OLD"
	busy    state = "IN USE"
	wrong   state = "WRONG" // of an installation
)

func (s state) fatal() bool { return s == bad || s == old || s == busy || s == wrong }

func (d doctorCmd) Run(ctx context.Context, c *cli) error {
	if d.Config != "" {
		return d.production(ctx)
	}
	dir, err := c.dir()
	if err != nil {
		return err
	}
	findings := []finding{
		program(ctx, "go", []string{"version"}, []int{1, 26}, bad, "https://go.dev/dl"),
		program(ctx, "git", []string{"--version"}, []int{2, 0}, lesser, "cloning and releasing need it"),
		program(ctx, "make", []string{"--version"}, []int{3, 81}, lesser, "`go run ./tools/cmd/updspace up` works without"),
		program(ctx, "node", []string{"--version"}, []int{20, 0}, lesser, "the TypeScript clients, the linter of the specs and the private copy of PostgreSQL need it"),
		program(ctx, "npm", []string{"--version"}, []int{9, 0}, lesser, "comes with node"),
	}
	brings := devstack.CanInstall(ctx)
	findings = append(findings, postgres(brings), redis(brings), chromium(brings))
	findings = append(findings, portFindings(dir)...)
	findings = append(findings, disk(dir), workingCopy(dir))
	return report(os.Stdout, findings)
}

// production looks at an installation.
func (d doctorCmd) production(ctx context.Context) error {
	s, err := installation.Read(d.Config)
	if err != nil {
		return err
	}
	var findings []finding
	for _, f := range installation.Examine(ctx, s) {
		one := finding{f.What, good, f.Note}
		if f.Problem != nil {
			one.state, one.note = wrong, strings.ReplaceAll(f.Problem.Error(), "\n", "; ")
		}
		findings = append(findings, one)
	}
	if err := printFindings(os.Stdout, findings); err != nil {
		return err
	}
	if slices.ContainsFunc(findings, func(f finding) bool { return f.state.fatal() }) {
		return exit(1)
	}
	return nil
}

func report(w io.Writer, findings []finding) error {
	if err := printFindings(w, findings); err != nil {
		return err
	}
	failed := slices.ContainsFunc(findings, func(f finding) bool { return f.state.fatal() })
	if failed {
		fmt.Fprintln(w, "\n`make up` cannot work until what is in capitals is put right.")
		return exit(1)
	}
	fmt.Fprintln(w, "\n`make up` can work.")
	return nil
}

func printFindings(w io.Writer, findings []finding) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, f := range findings {
		fmt.Fprintf(out, "  %s\t%s\t%s\n", f.what, f.state, f.note)
	}
	return out.Flush()
}

var versionNumber = regexp.MustCompile(`(\d+)\.(\d+)`)

func program(ctx context.Context, name string, args []string, least []int, missing state, hint string) finding {
	path, err := exec.LookPath(name)
	if err != nil {
		return finding{name, missing, "not found; " + hint}
	}
	out, err := exec.CommandContext(ctx, path, args...).Output()
	if err != nil {
		return finding{name, missing, fmt.Sprintf("%s does not run: %v", path, err)}
	}
	m := versionNumber.FindStringSubmatch(string(out))
	if m == nil {
		return finding{name, lesser, "of unknown version in " + path}
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	if major < least[0] || major == least[0] && minor < least[1] {
		state := old
		if missing != bad {
			state = lesser
		}
		return finding{name, state, fmt.Sprintf("%s in %s; needs %d.%d; %s", m[0], path, least[0], least[1], hint)}
	}
	return finding{name, good, m[0] + " in " + path}
}

func postgres(brings string) finding {
	if os.Getenv(devstack.EnvPostgresURL) != "" {
		return finding{"PostgreSQL", good, "yours, from " + devstack.EnvPostgresURL}
	}
	if found := devstack.LocalPostgres(); len(found) > 0 {
		return finding{"PostgreSQL", good, found[0].String()}
	}
	if brings != "" {
		return finding{"PostgreSQL", fetched, "not found; the first start installs it with " + brings}
	}
	if _, err := exec.LookPath("npm"); err != nil {
		return finding{"PostgreSQL", bad, fmt.Sprintf("%d or newer not found, and no npm to fetch a private copy with", devstack.MinPostgres)}
	}
	return finding{"PostgreSQL", fetched, "not found; the first start fetches a private copy"}
}

func redis(brings string) finding {
	if os.Getenv(devstack.EnvRedisAddr) != "" {
		return finding{"Redis", good, "yours, from " + devstack.EnvRedisAddr}
	}
	if path := devstack.LocalRedis(); path != "" {
		return finding{"Redis", good, path}
	}
	if brings != "" {
		return finding{"Redis", fetched, "not found; the first start installs it with " + brings}
	}
	return finding{"Redis", fetched, "not found; the first start fetches a private copy, or uses a stand-in"}
}

func chromium(brings string) finding {
	if path := devstack.LocalChromium(); path != "" {
		return finding{"Chromium", good, path}
	}
	note := "not found; the browser test fetches a private copy"
	if brings != "" {
		note = "not found; the browser test installs it with " + brings
	}
	return finding{"Chromium", fetched, note}
}

func portFindings(dir string) []finding {
	if pid := platform.RunningPID(dir); pid != 0 {
		return []finding{{"ports", good, fmt.Sprintf("in use by this very platform, which is up (process %d)", pid)}}
	}
	var found []finding
	for _, s := range platform.FixedPorts() {
		f := finding{fmt.Sprintf("port %d", s.Port), good, "free, for " + s.Name}
		if holder := tcpport.Holder(s.Port); holder != "" {
			f.state, f.note = busy, fmt.Sprintf("%s needs it; held by %s", s.Name, holder)
		}
		found = append(found, f)
	}
	return found
}

const (
	leastDisk  = 2 << 30 // build cache, module cache, a database
	littleDisk = 5 << 30
)

func disk(dir string) finding {
	at := dir
	for {
		if _, err := os.Stat(at); err == nil || at == filepath.Dir(at) {
			break
		}
		at = filepath.Dir(at)
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(at, &fs); err != nil {
		return finding{"disk", lesser, err.Error()}
	}
	free := fs.Bavail * uint64(fs.Bsize)
	note := fmt.Sprintf("%.1f GB free in %s", float64(free)/(1<<30), at)
	switch {
	case free < leastDisk:
		return finding{"disk", bad, note + "; 2 GB are needed"}
	case free < littleDisk:
		return finding{"disk", lesser, note}
	}
	return finding{"disk", good, note}
}

func workingCopy(dir string) finding {
	probe := dir
	if _, err := os.Stat(dir); err != nil {
		probe = filepath.Dir(dir)
	}
	f, err := os.CreateTemp(probe, ".doctor-")
	if err != nil {
		return finding{"data", bad, "cannot write: " + strings.TrimSpace(err.Error())}
	}
	f.Close()
	os.Remove(f.Name())
	if probe != dir {
		return finding{"data", good, "none yet; will be in " + dir}
	}
	return finding{"data", good, "in " + dir}
}
