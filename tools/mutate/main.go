// Command mutate changes the domain and application code in small ways and counts how many changes the tests notice.
//
//	make mutate                          # every service
//	make mutate ARGS='-v voting'         # one, with the changes that no test noticed
//	make mutate ARGS='-v voting/domain'  # one package
//
// No mutation tool for Go compiles a package once for all its mutants, and one build a mutant takes hours here. So this
// command builds each package once, with every mutant in it behind a switch (go build -overlay, the tree stays as it
// is), and runs the test binaries once a mutant: the package's own tests, then those of app, then those of the service.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/go/packages"
)

func main() {
	most := flag.Int("n", 60, "mutants to try per package")
	seed := flag.Uint64("seed", 1, "which mutants are drawn: equal seeds draw the same ones from the same code")
	least := flag.Float64("min", 85, "percent that must be noticed, per service and layer")
	verbose := flag.Bool("v", false, "print the mutants that no test noticed")
	flag.Parse()
	if err := run(context.Background(), flag.Args(), draw{*most, *seed}, *least, *verbose); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, only []string, d draw, least float64, verbose bool) error {
	targets, err := targets(only)
	if err != nil {
		return err
	}
	failed := false
	for _, target := range targets {
		tried, survivors, err := target.try(ctx, d)
		if err != nil {
			return fmt.Errorf("%s: %w", target.pkg, err)
		}
		if tried == 0 { // the package has nothing to change
			continue
		}
		share := 100 * float64(tried-len(survivors)) / float64(tried)
		fmt.Printf("%-30s %4d of %4d noticed  %5.1f %%\n", target.pkg, tried-len(survivors), tried, share)
		failed = failed || share < least
		for _, m := range survivors {
			if verbose {
				fmt.Printf("    %s:%d  %s\n", filepath.Base(m.where.Filename), m.where.Line, m.what)
			}
		}
	}
	if failed {
		return fmt.Errorf("less than %v %% of the mutants of a package were noticed", least)
	}
	return nil
}

// draw says which mutants of a package are tried.
type draw struct {
	most int
	seed uint64
}

// target is a package to change, and the packages whose tests should notice, the fastest first.
type target struct {
	pkg   string
	tests []string
}

// targets lists the domain, rule and app packages of the services, and the signing package.
func targets(only []string) ([]target, error) {
	modules, err := filepath.Glob("*/module.go")
	if err != nil {
		return nil, err
	}
	wanted := func(names ...string) bool {
		return len(only) == 0 || slices.ContainsFunc(names, func(name string) bool { return slices.Contains(only, name) })
	}
	var list []target
	for _, m := range modules {
		service := filepath.Dir(m)
		for _, pattern := range []string{"/domain", "/rule", "/openbadge", "/app", "/*/domain", "/*/app"} {
			folders, err := filepath.Glob(service + pattern)
			if err != nil {
				return nil, err
			}
			for _, folder := range folders {
				if !wanted(service, folder) {
					continue
				}
				tests := []string{folder}
				if app := filepath.Join(filepath.Dir(folder), "app"); app != folder {
					tests = append(tests, app)
				}
				list = append(list, target{folder, append(tests, service)})
			}
		}
	}
	if wanted("signing") {
		list = append(list, target{"libs/signing", []string{"libs/signing"}})
	}
	return list, nil
}

// try runs the tests once for each of the drawn mutants and returns those that no test noticed.
func (t target) try(ctx context.Context, d draw) (tried int, survivors []mutant, err error) {
	dir, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return 0, nil, err
	}
	defer os.RemoveAll(dir)
	code, overlay, err := t.prepare(ctx, dir)
	if err != nil {
		return 0, nil, err
	}
	random := rand.New(rand.NewPCG(d.seed, d.seed))
	drawn := code.mutants
	random.Shuffle(len(drawn), func(i, j int) { drawn[i], drawn[j] = drawn[j], drawn[i] })
	drawn = drawn[:min(d.most, len(drawn))]
	survivors = drawn
	for _, pkg := range t.tests {
		if len(survivors) == 0 {
			break
		}
		suite, err := build(ctx, dir, overlay, pkg)
		if err != nil {
			return 0, nil, err
		}
		if suite == nil { // no tests
			continue
		}
		var left []mutant
		for _, m := range survivors {
			if !suite.notices(ctx, m) {
				left = append(left, m)
			}
		}
		survivors = left
	}
	slices.SortFunc(survivors, func(a, b mutant) int {
		return cmp.Or(strings.Compare(a.where.Filename, b.where.Filename), cmp.Compare(a.where.Line, b.where.Line))
	})
	return len(drawn), survivors, nil
}

// prepare writes the instrumented source and the overlay file that puts it in place of the real one.
func (t target) prepare(ctx context.Context, dir string) (instrumented, string, error) {
	loaded, err := packages.Load(&packages.Config{
		Context: ctx,
		Mode: packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedSyntax | packages.NeedTypes |
			packages.NeedTypesInfo | packages.NeedImports | packages.NeedDeps | packages.NeedExportFile,
	}, "./"+t.pkg)
	if err != nil {
		return instrumented{}, "", err
	}
	if packages.PrintErrors(loaded) > 0 {
		return instrumented{}, "", fmt.Errorf("does not compile")
	}
	pkg := loaded[0]
	sources := map[string][]byte{}
	for _, name := range pkg.CompiledGoFiles {
		if sources[name], err = os.ReadFile(name); err != nil {
			return instrumented{}, "", err
		}
	}
	code := instrument(pkg, sources, 0)
	code.files[filepath.Join(filepath.Dir(pkg.CompiledGoFiles[0]), "zz_mutant.go")] = fmt.Sprintf(switchFile, pkg.Name)
	replace := map[string]string{}
	for name, text := range code.files {
		copied := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(copied, []byte(text), 0o600); err != nil {
			return instrumented{}, "", err
		}
		replace[name] = copied
	}
	overlay := filepath.Join(dir, "overlay.json")
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return instrumented{}, "", err
	}
	return code, overlay, os.WriteFile(overlay, text, 0o600)
}

// suite is the test binary of one package.
type suite struct {
	binary, dir string
	patience    time.Duration
	reached     map[int]bool
}

// build compiles the tests of a package against the mutants, and runs them once with all mutants off.
func build(ctx context.Context, dir, overlay, pkg string) (*suite, error) {
	s := &suite{binary: filepath.Join(dir, strings.ReplaceAll(pkg, "/", "_")+".test"), dir: pkg, reached: map[int]bool{}}
	compile := exec.CommandContext(ctx, "go", "test", "-c", "-overlay", overlay, "-o", s.binary, "./"+pkg)
	if out, err := compile.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("compiling the tests of %s: %w\n%s", pkg, err, out)
	}
	if _, err := os.Stat(s.binary); err != nil {
		return nil, nil
	}
	log := filepath.Join(dir, "reached")
	_ = os.Remove(log)
	start := time.Now()
	s.patience = 10 * time.Minute
	if out, ok := s.run(ctx, "MUTANT_LOG="+log); !ok {
		return nil, fmt.Errorf("the tests of %s fail without a mutant:\n%s", pkg, out)
	}
	s.patience = 10*time.Second + 5*time.Since(start)
	text, err := os.ReadFile(log)
	if err != nil && !os.IsNotExist(err) {
		return nil, err
	}
	for id := range strings.FieldsSeq(string(text)) {
		n, err := strconv.Atoi(id)
		if err != nil {
			return nil, err
		}
		s.reached[n] = true
	}
	return s, nil
}

// notices reports whether a test fails, panics or does not end while the mutant is on.
func (s *suite) notices(ctx context.Context, m mutant) bool {
	if !s.reached[m.id] {
		return false
	}
	_, ok := s.run(ctx, "MUTANT="+strconv.Itoa(m.id))
	return !ok
}

func (s *suite) run(ctx context.Context, env string) (string, bool) {
	cmd := exec.CommandContext(ctx, s.binary, "-test.failfast", "-test.timeout="+s.patience.String())
	cmd.Dir, cmd.Env = s.dir, append(os.Environ(), env)
	out, err := cmd.CombinedOutput()
	return string(out), err == nil
}
