// Command baseline records what a release promises, and checks that the migrations since then keep it.
//
//	go run ./tools/baseline record v0.1.0
//	go run ./tools/baseline check
//
// The base line is in tools/baseline/recorded: the name of the release, its specs, with which `make contract` compares, and the
// sums of its migrations. A released migration never changes. A new one must leave a database on which instances of the release
// still run (see rules.go). Files hold it, and not the tag of the release, because a shallow clone has no tags.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

// recorded is where the base line is, below the root of the repository.
const recorded = "tools/baseline/recorded"

var versionName = regexp.MustCompile(`^v\d+\.\d+\.\d+$`)

func main() {
	if err := run(context.Background(), ".", os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "baseline:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, root string, args []string) error {
	switch {
	case len(args) == 2 && args[0] == "record":
		return record(ctx, root, args[1])
	case len(args) == 1 && args[0] == "check":
		return check(ctx, root)
	}
	return errors.New("say `record VERSION` or `check`")
}

// record makes the present specs and migrations the base line. It refuses when they break the former one.
func record(ctx context.Context, root, version string) error {
	if !versionName.MatchString(version) {
		return fmt.Errorf("%q is no version such as v0.1.0", version)
	}
	if err := check(ctx, root); err != nil {
		return err
	}
	now, err := readMigrations(root)
	if err != nil {
		return err
	}
	dir := filepath.Join(root, recorded)
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Join(dir, "openapi"), 0o750); err != nil {
		return err
	}
	specs, err := filepath.Glob(filepath.Join(root, "api/openapi/*.yaml"))
	if err != nil {
		return err
	}
	for _, spec := range specs {
		content, err := os.ReadFile(spec)
		if err != nil {
			return err
		}
		if err := write(filepath.Join(dir, "openapi", filepath.Base(spec)), string(content)); err != nil {
			return err
		}
	}
	if err := write(filepath.Join(dir, "migrations.sha256"), now.String()); err != nil {
		return err
	}
	if err := write(filepath.Join(dir, "version"), version+"\n"); err != nil {
		return err
	}
	fmt.Printf("baseline: %s has %d specs and %d migrations\n", version, len(specs), len(now))
	return nil
}

func write(path, content string) error {
	return os.WriteFile(path, []byte(content), 0o600)
}
