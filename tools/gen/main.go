// Command gen generates the Go packages under api/ from api/openapi/*.yaml and api/events/*.yaml, and lists of codes, operations
// and events for TypeScript.
//
//	go -C tools run ./gen            # every document
//	go -C tools run ./gen voting     # the documents of one service
//
// It refuses a spec that does not declare for every operation who may call it: see check.go. It imports no service, so a
// contract can be generated before it is implemented.
package main

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"go.updspace.com/api/contract"
)

func main() {
	if err := run(context.Background(), os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "gen:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, names []string) error {
	root, err := workspaceRoot()
	if err != nil {
		return err
	}
	if len(names) == 0 {
		if names, err = documentNames(root); err != nil {
			return err
		}
	}
	for _, name := range names {
		if _, err := os.Stat(filepath.Join(root, "api", "openapi", name+".yaml")); err == nil { // shared events have no service
			if err := generate(ctx, root, name); err != nil {
				return fmt.Errorf("api/openapi/%s.yaml: %w", name, err)
			}
		}
		document := filepath.Join(root, "api", "events", name+".yaml")
		if _, err := os.Stat(document); err != nil {
			continue // a service without events
		}
		if err := generateEvents(root, document); err != nil {
			return fmt.Errorf("api/events/%s.yaml: %w", name, err)
		}
	}
	services, err := operationsOf(ctx, root)
	if err != nil {
		return err
	}
	return generateTypeScript(root, services)
}

// operationsOf reads the operations of every service.
func operationsOf(ctx context.Context, root string) (map[string]contract.Set, error) {
	names, err := specNames(root)
	if err != nil {
		return nil, err
	}
	services := map[string]contract.Set{}
	for _, name := range names {
		spec, err := load(ctx, filepath.Join(root, "api", "openapi", name+".yaml"))
		if err != nil {
			return nil, err
		}
		if services[name], err = check(spec); err != nil {
			return nil, err
		}
	}
	return services, nil
}

// generate checks one OpenAPI document and writes its package.
func generate(ctx context.Context, root, name string) error {
	path := filepath.Join(root, "api", "openapi", name+".yaml")
	spec, err := load(ctx, path)
	if err != nil {
		return err
	}
	operations, err := check(spec)
	if err != nil {
		return err
	}
	pkg := name + "api"
	dir := filepath.Join(root, "api", pkg)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	code := filepath.Join(dir, pkg+".gen.go")
	if err := oapiCodegen(ctx, root, pkg, path, code); err != nil {
		return err
	}
	if len(operations) == 0 { // common.yaml
		return nil
	}
	if err := nameHandlers(operations, code); err != nil {
		return err
	}
	table, err := operationsFile(pkg, name, operations)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, "operations.gen.go"), table, 0o644)
}

// oapiCodegen runs the generator that tools/go.mod pins.
func oapiCodegen(ctx context.Context, root, pkg, spec, out string) error {
	config := filepath.Join(root, "tools", "gen", "oapi-codegen.yaml")
	if pkg == "commonapi" {
		config = filepath.Join(root, "tools", "gen", "oapi-codegen.common.yaml")
	}
	cmd := exec.CommandContext(ctx, "go", "tool", "oapi-codegen", "-config", config, "-package", pkg, "-o", out, spec)
	cmd.Dir = filepath.Join(root, "tools")
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Run(); err != nil {
		return err
	}
	code, err := os.ReadFile(out)
	if err != nil {
		return err
	}
	if code, err = format.Source(dropRepeatedImports(code)); err != nil {
		return err
	}
	return os.WriteFile(out, code, 0o644)
}

// dropRepeatedImports removes repeated imports: the generator writes an import twice when an x-go-type-import names a
// package that it imports anyway, which does not compile.
func dropRepeatedImports(code []byte) []byte {
	head, rest, found := bytes.Cut(code, []byte("\nimport (\n"))
	block, body, closed := bytes.Cut(rest, []byte("\n)\n"))
	if !found || !closed {
		return code
	}
	var kept []string
	for line := range strings.Lines(string(block) + "\n") {
		if strings.TrimSpace(line) == "" || !slices.Contains(kept, line) {
			kept = append(kept, line)
		}
	}
	return fmt.Appendf(nil, "%s\nimport (\n%s)\n%s", head, strings.Join(kept, ""), body)
}

// documentNames lists the specs and the event documents without a spec.
func documentNames(root string) ([]string, error) {
	names, err := specNames(root)
	if err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(root, "api", "events", "*.yaml"))
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".yaml"); !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names, err
}

// specNames lists the specs in api/openapi, common first because the others refer to it.
func specNames(root string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(root, "api", "openapi", "*.yaml"))
	if err != nil {
		return nil, err
	}
	names := []string{"common"}
	for _, file := range files {
		if name := strings.TrimSuffix(filepath.Base(file), ".yaml"); name != "common" {
			names = append(names, name)
		}
	}
	return names, nil
}

// workspaceRoot finds the folder of go.work above the working directory.
func workspaceRoot() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.work")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", fmt.Errorf("no go.work above the working directory")
		}
		dir = parent
	}
}
