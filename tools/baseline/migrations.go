package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// sums are the SHA-256 sums of migrations by their paths, which are relative to the root and have slashes.
type sums map[string]string

// readMigrations reads every migration of the services and of the kit.
func readMigrations(root string) (sums, error) {
	found := sums{}
	for _, pattern := range []string{"*/adapters/pg/migrations/*.sql", "libs/pg/migrations/*.sql"} {
		files, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			rel, err := filepath.Rel(root, file)
			if err != nil {
				return nil, err
			}
			sum := sha256.Sum256(content)
			found[filepath.ToSlash(rel)] = hex.EncodeToString(sum[:])
		}
	}
	return found, nil
}

// String is the form that sha256sum writes and checks.
func (s sums) String() string {
	var out strings.Builder
	for _, file := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&out, "%s  %s\n", s[file], file)
	}
	return out.String()
}

func parseSums(text string) (sums, error) {
	parsed := sums{}
	for line := range strings.Lines(text) {
		sum, file, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
		if !ok {
			return nil, fmt.Errorf("%q is no line of sums", line)
		}
		parsed[file] = sum
	}
	return parsed, nil
}

// check compares the migrations with those of the base line. Without a base line everything may change.
func check(ctx context.Context, root string) error {
	version, err := os.ReadFile(filepath.Join(root, recorded, "version"))
	if errors.Is(err, fs.ErrNotExist) {
		fmt.Println("baseline: none is recorded; migrations may change")
		return nil
	}
	if err != nil {
		return err
	}
	release := strings.TrimSpace(string(version))
	content, err := os.ReadFile(filepath.Join(root, recorded, "migrations.sha256"))
	if err != nil {
		return err
	}
	before, err := parseSums(string(content))
	if err != nil {
		return err
	}
	now, err := readMigrations(root)
	if err != nil {
		return err
	}
	findings, added := compare(before, now)
	broken, err := examine(ctx, root, added)
	if err != nil {
		return err
	}
	findings = append(findings, broken...)
	for _, f := range findings {
		fmt.Println(f)
	}
	if len(findings) > 0 {
		return fmt.Errorf("%d findings; instances of %s must run on the new tables, see docs/operate/upgrade.md", len(findings), release)
	}
	fmt.Printf("baseline: %d migrations are those of %s, %d are new\n", len(before), release, len(added))
	return nil
}

// compare says which released migrations changed and which new ones would run before a released one, and lists the new ones.
func compare(before, now sums) (findings, added []string) {
	last := map[string]int{}
	for file := range before {
		last[path.Dir(file)] = max(last[path.Dir(file)], number(file))
	}
	for _, file := range slices.Sorted(maps.Keys(before)) {
		switch now[file] {
		case before[file]:
		case "":
			findings = append(findings, file+": a released migration is gone")
		default:
			findings = append(findings, file+": a released migration changed; write a new one")
		}
	}
	for _, file := range slices.Sorted(maps.Keys(now)) {
		if before[file] != "" {
			continue
		}
		added = append(added, file)
		if n := number(file); n <= last[path.Dir(file)] {
			findings = append(findings, fmt.Sprintf("%s: its number must be above %d, the last released one", file, last[path.Dir(file)]))
		}
	}
	return findings, added
}

// number is the version of a migration: the digits that its name begins with.
func number(file string) int {
	digits, _, _ := strings.Cut(path.Base(file), "_")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}
