package arch

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// fileRules look at one file each.
var fileRules = []func(Tree, File) []string{
	modulesKeepApart, domainIsPure, insideKnowsNoOutside, adaptersKeepApart, wiringStaysInPlace, filesHaveOneSubject, packagesAreNamed, generatedCodeLivesInAPI,
	testsPublishValidEvents,
}

// modulesKeepApart: services meet in api, never in each other; the foundations know no service. tools and deploy run them.
func modulesKeepApart(tree Tree, file File) []string {
	var found []string
	for _, imported := range file.Imports {
		module, ours := moduleOf(imported)
		if !ours || module == file.Module {
			continue
		}
		service := slices.Contains(tree.Services(), module)
		switch {
		case service && slices.Contains(tree.Services(), file.Module):
			found = append(found, "a service imports another service, "+imported)
		case module == devkit && (file.Test || file.Module == "tools" || testSupport(file.Path)):
		case service && file.Module != "tools" && file.Module != "deploy", module == "tools", module == "deploy", module == devkit:
			found = append(found, fmt.Sprintf("%s imports %s", file.Module, imported))
		case file.Module == "api":
			found = append(found, "api stands on nothing of ours and imports "+imported)
		}
	}
	return found
}

// The parts of the standard library that reach outside; a rule that needs one belongs behind a port.
var impureStandard = []string{"net/http", "database/sql", "encoding/json", "encoding/xml", "log", "log/slog", "net", "os", "os/exec", "io/ioutil", "html/template", "text/template"}

// pureLibs are the packages of libs that a domain may import, each with what it may import besides: modules that compute
// and do no I/O.
var pureLibs = map[string][]string{
	"libs/authz":      nil,
	"libs/errs":       nil,
	"libs/errs/why":   nil,
	"libs/groups":     nil,
	"libs/recurrence": {"github.com/teambition/rrule-go"},
	"libs/valid":      {"go.mau.fi/util/confusable", "golang.org/x/text"},
}

// domainIsPure: types and rules, with nothing of the wire, the database or the clock in them. The packages of libs that a
// domain may import follow the same rule.
func domainIsPure(tree Tree, file File) []string {
	domain := file.Layer == "domain" && slices.Contains(tree.Services(), file.Module)
	besides, pure := pureLibs[path.Dir(file.Path)]
	if file.Test || !domain && !pure {
		return nil
	}
	var found []string
	for _, imported := range file.Imports {
		standard := !strings.Contains(strings.Split(imported, "/")[0], ".")
		_, allowed := pureLibs[strings.TrimPrefix(imported, modulePrefix)]
		allowed = allowed || imported == "github.com/google/uuid" || layerOf(imported, file.Module) == "domain" ||
			slices.ContainsFunc(besides, func(module string) bool { return within(imported, module) })
		if standard && slices.Contains(impureStandard, imported) || !standard && !allowed {
			found = append(found, "domain imports "+imported)
		}
	}
	ast.Inspect(file.Syntax, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.Field:
			if node.Tag != nil {
				found = append(found, "a domain type carries the tag "+node.Tag.Value)
			}
		case *ast.SelectorExpr:
			if pkg, ok := node.X.(*ast.Ident); ok && pkg.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, node.Sel.Name) {
				found = append(found, "domain reads the clock; take the time as an argument")
			}
		}
		return true
	})
	return found
}

// What belongs to adapters and to the wiring.
var outside = []string{
	"net/http", "database/sql", "github.com/uptrace/bun", "github.com/jackc/pgx", "github.com/redis/rueidis", "github.com/nats-io",
	"go.uber.org/fx", "github.com/getkin/kin-openapi", "github.com/oapi-codegen",
	modulePrefix + "libs/pg", modulePrefix + "libs/groups/portalgroups", modulePrefix + "libs/httpx", modulePrefix + "libs/fx", modulePrefix + "api",
}

// insideKnowsNoOutside: ports import domain, app imports domain and ports, and neither knows what is plugged in.
func insideKnowsNoOutside(tree Tree, file File) []string {
	if file.Layer != "ports" && file.Layer != "app" || file.Test || !slices.Contains(tree.Services(), file.Module) {
		return nil
	}
	var found []string
	for _, imported := range file.Imports {
		if slices.ContainsFunc(outside, func(banned string) bool { return within(imported, banned) }) {
			found = append(found, file.Layer+" imports "+imported)
		}
		if file.Layer == "ports" && layerOf(imported, file.Module) == "app" {
			found = append(found, "ports imports "+imported)
		}
	}
	return found
}

// adaptersKeepApart: an adapter never imports another one, and only module.go knows them at all.
func adaptersKeepApart(tree Tree, file File) []string {
	if !slices.Contains(tree.Services(), file.Module) {
		return nil
	}
	var found []string
	for _, imported := range file.Imports {
		adapters := modulePrefix + file.Module + "/adapters/"
		name, isAdapter := strings.CutPrefix(imported, adapters)
		if !isAdapter || file.Test && file.Layer != "adapters" {
			continue
		}
		switch {
		case file.Layer == "adapters":
			if mine := strings.Split(file.Path, "/")[2]; mine != strings.Split(name, "/")[0] {
				found = append(found, "an adapter imports another, "+imported)
			}
		case path.Base(file.Path) != "module.go" || file.Layer != "":
			found = append(found, "only module.go imports adapters, not "+imported+" here")
		}
	}
	return found
}

// wiringStaysInPlace: fx in a service's root package and in libs/fx, nowhere else.
func wiringStaysInPlace(_ Tree, file File) []string {
	allowed := file.Module == "tools" || file.Module == devkit || strings.HasPrefix(file.Path, "libs/fx/") || file.Layer == "" || file.Layer == "cmd"
	if allowed || file.Test {
		return nil
	}
	var found []string
	for _, imported := range file.Imports {
		if within(imported, "go.uber.org/fx") {
			found = append(found, "wiring outside module.go and libs/fx: imports "+imported)
		}
	}
	return found
}

const (
	mostLines     = 400
	mostTestLines = 600
)

// filesHaveOneSubject: a file past this size is probably two.
func filesHaveOneSubject(_ Tree, file File) []string {
	most := mostLines
	if file.Test {
		most = mostTestLines
	}
	if file.Generated || file.Lines <= most {
		return nil
	}
	return []string{fmt.Sprintf("%d lines, more than %d: probably two subjects", file.Lines, most)}
}

var nothingNames = []string{"util", "utils", "common", "helper", "helpers", "misc", "shared", "base", "lib"}

// packagesAreNamed: a package is a noun of the domain, not a drawer.
func packagesAreNamed(_ Tree, file File) []string {
	for _, part := range strings.Split(path.Dir(file.Path), "/") {
		if slices.Contains(nothingNames, part) {
			return []string{"a package named for nothing: " + part}
		}
	}
	return nil
}

// generatedCodeLivesInAPI: what is generated is the contract, and the suffix says so.
func generatedCodeLivesInAPI(_ Tree, file File) []string {
	suffix := strings.HasSuffix(file.Path, ".gen.go")
	switch {
	case suffix != file.Generated:
		return []string{"generated files, and only they, end in .gen.go"}
	case suffix && file.Module != "api":
		return []string{"generated code outside api"}
	}
	return nil
}

// layerOf names the layer of a module that a package belongs to: go.updspace.com/portal/groups/domain is of domain.
func layerOf(imported, module string) string {
	rest, ours := strings.CutPrefix(imported, modulePrefix+module+"/")
	if !ours {
		return ""
	}
	parts := strings.Split(rest, "/")
	if len(parts) > 1 && slices.Contains([]string{"domain", "ports", "app"}, parts[1]) {
		return parts[1]
	}
	return parts[0]
}

// within reports whether a package is the given one or below it.
func within(imported, prefix string) bool {
	return imported == prefix || strings.HasPrefix(imported, prefix+"/")
}

// moduleOf names the module of ours that a package belongs to.
func moduleOf(imported string) (string, bool) {
	rest, ours := strings.CutPrefix(imported, modulePrefix)
	return moduleFolder(rest), ours
}

// moduleFolder names the folder of the module that a path, relative to the root, belongs to.
func moduleFolder(rel string) string {
	if within(rel, devkit) {
		return devkit
	}
	return strings.Split(rel, "/")[0]
}

// testSupport reports whether a file belongs to a package that only tests import, such as ports/portstest.
func testSupport(rel string) bool { return strings.HasSuffix(path.Base(path.Dir(rel)), "test") }
