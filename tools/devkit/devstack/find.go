package devstack

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// MinPostgres is the oldest PostgreSQL the services run on.
const MinPostgres = 14

// postgresPrograms is one installation of PostgreSQL.
type postgresPrograms struct {
	initdb, postgres string
	major            int
	source           string
}

// findPostgres walks the chain: this machine, the package manager, a private copy. Data that exists decides the major version, because
// PostgreSQL does not read another version's files.
func findPostgres(ctx context.Context, o Options, as account, dataMajor string) (postgresPrograms, error) {
	usable := func(p postgresPrograms) bool {
		return as.reaches(filepath.Dir(p.postgres)) && (dataMajor == "" || dataMajor == strconv.Itoa(p.major))
	}
	if p, ok := firstUsable(LocalPostgres(), usable); ok {
		return p, nil
	}
	var failures []error
	if pm, ok := findPackageManager(ctx); ok {
		o.log().Info("installing PostgreSQL with " + pm.String())
		if err := pm.installPostgres(ctx, o); err != nil {
			failures = append(failures, err)
		} else if p, ok := firstUsable(LocalPostgres(), usable); ok {
			p.source += " (installed by " + pm.String() + ")"
			return p, nil
		}
	}
	p, err := fetchPostgres(ctx, o, as)
	switch {
	case err != nil:
		failures = append(failures, err)
	case usable(p):
		return p, nil
	case dataMajor != "":
		failures = append(failures, fmt.Errorf("the data needs PostgreSQL %s, which is not installed; `make clean` forgets the data", dataMajor))
	}
	return postgresPrograms{}, fmt.Errorf("no usable PostgreSQL found or fetched (set %s to use your own): %w", EnvPostgresURL, errors.Join(failures...))
}

func firstUsable(all []postgresPrograms, usable func(postgresPrograms) bool) (postgresPrograms, bool) {
	i := slices.IndexFunc(all, usable)
	if i < 0 {
		return postgresPrograms{}, false
	}
	return all[i], true
}

// LocalPostgres lists the installations on this machine that are new enough, newest first.
func LocalPostgres() []postgresPrograms {
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // Debian keeps them off the PATH
	more, _ := filepath.Glob("/usr/pgsql-*/bin")
	dirs = append(dirs, more...)
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if real, err := filepath.EvalSymlinks(filepath.Join(dir, "postgres")); err == nil {
			dirs = append(dirs, filepath.Dir(real))
		}
	}
	var found []postgresPrograms
	for _, dir := range dirs {
		p := postgresPrograms{initdb: filepath.Join(dir, "initdb"), postgres: filepath.Join(dir, "postgres"), source: dir}
		if !exists(p.initdb) || slices.ContainsFunc(found, func(f postgresPrograms) bool { return f.postgres == p.postgres }) {
			continue
		}
		if p.major = postgresMajor(p.postgres); p.major >= MinPostgres {
			found = append(found, p)
		}
	}
	slices.SortStableFunc(found, func(a, b postgresPrograms) int { return b.major - a.major })
	return found
}

// String names the installation for people.
func (p postgresPrograms) String() string {
	return fmt.Sprintf("PostgreSQL %d in %s", p.major, p.source)
}

func postgresMajor(binary string) int {
	out, err := exec.Command(binary, "--version").Output() // "postgres (PostgreSQL) 15.18 (Debian ...)"
	if err != nil {
		return 0
	}
	_, version, _ := strings.Cut(string(out), ") ")
	number := strings.TrimSpace(version)
	if end := strings.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' }); end >= 0 {
		number = number[:end]
	}
	major, _ := strconv.Atoi(number)
	return major
}

// redisProgram is a way to run a Redis server.
type redisProgram struct {
	path   string
	env    []string
	source string
}

// LocalRedis finds redis-server on this machine, "" when there is none. Debian's redis-tools alone is enough: its redis-check-rdb is the very
// same program, which looks at its name to know what to be, and installing only that brings no daemon with it.
func LocalRedis() string {
	for _, name := range []string{"redis-server", "valkey-server", "redis-check-rdb"} {
		if path, err := exec.LookPath(name); err == nil && isRedisServer(path, nil) {
			return path
		}
	}
	return ""
}

// describeRedis names a Redis server for people, whatever its file is called.
func describeRedis(path string) string {
	cmd := exec.Command(path, "--version")
	cmd.Args[0] = "redis-server"
	out, _ := cmd.Output() // it has been run like this before
	version := "redis-server"
	for word := range strings.FieldsSeq(string(out)) {
		if v, ok := strings.CutPrefix(word, "v="); ok {
			version += " " + v
		}
	}
	return version + " in " + filepath.Dir(path) // Debian's redis-tools has the server under another name
}

func isRedisServer(path string, env []string) bool {
	cmd := exec.Command(path, "--version")
	cmd.Args[0] = "redis-server"
	cmd.Env = env
	out, err := cmd.Output()
	return err == nil && strings.Contains(string(out), "server")
}

// findRedis walks the chain. No program and no error means: use the in-process stand-in.
func findRedis(ctx context.Context, o Options, as account) (*redisProgram, string) {
	if path := LocalRedis(); path != "" {
		return &redisProgram{path: path, source: describeRedis(path)}, ""
	}
	var why []string
	if pm, ok := findPackageManager(ctx); ok {
		o.log().Info("installing Redis with " + pm.String())
		if err := pm.installRedis(ctx, o); err != nil {
			why = append(why, err.Error())
		} else if path := LocalRedis(); path != "" {
			return &redisProgram{path: path, source: describeRedis(path) + ", installed by " + pm.String()}, ""
		}
	}
	p, err := fetchRedis(ctx, o, as)
	if err == nil {
		return p, ""
	}
	return nil, strings.Join(append(why, err.Error()), "; ")
}
