// Command newservice adds a service to the workspace: a module that builds, with one resource, its API, events,
// permissions, personal data, demo data and tests.
//
//	make new-service NAME=quests
//
// It copies the files of template/ and adds one entry to each table that lists the services. No scaffolding library does
// that; the templates are plain files in which __name__, __Name__, __NAME__ and __port__ are replaced.
package main

import (
	"context"
	"embed"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

//go:embed all:template
var templates embed.FS

func main() {
	root := flag.String("root", ".", "the root of the workspace")
	flag.Parse()
	if err := add(context.Background(), *root, flag.Arg(0)); err != nil {
		fmt.Fprintln(os.Stderr, "newservice:", err)
		os.Exit(1)
	}
	fmt.Printf("%s is there. `make test` tests it, `make up` runs it; %s/README.md describes it.\n", flag.Arg(0), flag.Arg(0))
}

// validName leaves out what Go, SQL or a path could take for something else.
var validName = regexp.MustCompile(`^[a-z][a-z0-9]{2,30}$`)

// add creates the service in the workspace at root.
func add(ctx context.Context, root, name string) error {
	if !validName.MatchString(name) {
		return fmt.Errorf("NAME=%q: a name is 3 to 31 lower-case letters and digits and begins with a letter", name)
	}
	if _, err := os.Stat(filepath.Join(root, name)); err == nil {
		return fmt.Errorf("./%s exists", name)
	}
	port, err := freePort(root)
	if err != nil {
		return err
	}
	stamp := strings.NewReplacer(
		"__name__", name, "__Name__", strings.ToUpper(name[:1])+name[1:], "__NAME__", strings.ToUpper(name), "__port__", strconv.Itoa(port),
	)
	if err := copyTemplates(root, stamp, name); err != nil {
		return err
	}
	for _, e := range entries {
		if err := e.insert(root, stamp); err != nil {
			return err
		}
	}
	for _, command := range [][]string{
		{"go", "-C", "tools", "run", "./gen", name},
		{"go", "-C", name, "mod", "tidy"},
		{"go", "-C", "tools", "mod", "tidy"},
		{"gofmt", "-w", name, "tools/services", "tools/contract", "access/domain", "bff"},
	} {
		cmd := exec.CommandContext(ctx, command[0], command[1:]...)
		cmd.Dir, cmd.Stdout, cmd.Stderr = root, os.Stderr, os.Stderr
		if command[len(command)-1] == "tidy" {
			cmd.Env = append(os.Environ(), "GOWORK=off")
		}
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("%s: %w", strings.Join(command, " "), err)
		}
	}
	return nil
}

// copyTemplates writes the files. Those of template/service go into the service's folder, the others into api.
func copyTemplates(root string, stamp *strings.Replacer, name string) error {
	return fs.WalkDir(templates, "template", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := templates.ReadFile(path)
		if err != nil {
			return err
		}
		target := strings.TrimSuffix(strings.TrimPrefix(path, "template/"), ".tmpl")
		switch target {
		case "openapi.yaml":
			target = "api/openapi/" + name + ".yaml"
		case "events.yaml":
			target = "api/events/" + name + ".yaml"
		case "service/cmd/main.go":
			target = name + "/cmd/" + name + "/main.go"
		default:
			target = name + strings.TrimPrefix(target, "service")
		}
		target = filepath.Join(root, filepath.FromSlash(stamp.Replace(target)))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		return os.WriteFile(target, []byte(stamp.Replace(string(text))), 0o644) //nolint:gosec // source code is readable by all
	})
}

var (
	servicePort = regexp.MustCompile(`service\("\w+", (\d+),`)
	// reservedPorts belong to services of the platform that may not be built yet.
	reservedPorts = []int{8001, 8002, 8003, 8004, 8005, 8006, 8007, 8080}
)

func freePort(root string) (int, error) {
	text, err := os.ReadFile(filepath.Join(root, "tools", "platform", "services.go"))
	if err != nil {
		return 0, err
	}
	taken := slices.Clone(reservedPorts)
	for _, match := range servicePort.FindAllStringSubmatch(string(text), -1) {
		port, err := strconv.Atoi(match[1])
		if err != nil {
			return 0, err
		}
		taken = append(taken, port)
	}
	for port := 8008; port < 8080; port++ {
		if !slices.Contains(taken, port) {
			return port, nil
		}
	}
	return 0, errors.New("no port from 8008 to 8079 is free")
}
