// Package arch holds the rules of the house and finds where the tree breaks them. Its test runs them over this
// workspace; ARCHITECTURE.md says why they are as they are.
package arch

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// modulePrefix is what our module paths begin with.
const modulePrefix = "go.updspace.com/"

// foundations are the modules that are no services.
var foundations = []string{"api", "libs", "tools", "web", "deploy", devkit}

// devkit is the module for development and tests only.
const devkit = "tools/devkit"

// Finding is one place where a rule is broken.
type Finding struct {
	Path string // relative to the root
	What string
}

func (f Finding) String() string { return f.Path + ": " + f.What }

// File is one Go file as the rules see it.
type File struct {
	Path      string // slash-separated, relative to the root
	Module    string // its first folder, or tools/devkit
	Layer     string // domain, ports, app, adapters or cmd: below the module, or below a part of it; empty in the module's root
	Test      bool
	Generated bool
	Lines     int
	Imports   []string
	Syntax    *ast.File
}

// Package is the import path of the file's package.
func (f File) Package() string { return modulePrefix + path.Dir(f.Path) }

// Tree is the workspace as the rules see it.
type Tree struct {
	Root    string
	Modules []string // folders that have a go.mod
	Files   []File
}

// Services are the modules that are services.
func (t Tree) Services() []string {
	return slices.DeleteFunc(slices.Clone(t.Modules), func(m string) bool { return slices.Contains(foundations, m) })
}

// Check reads the workspace at root and applies every rule.
func Check(root string) ([]Finding, error) {
	tree, err := read(root)
	if err != nil {
		return nil, err
	}
	var findings []Finding
	for _, rule := range treeRules {
		findings = append(findings, rule(tree)...)
	}
	for _, file := range tree.Files {
		for _, rule := range fileRules {
			for _, what := range rule(tree, file) {
				findings = append(findings, Finding{file.Path, what})
			}
		}
	}
	slices.SortFunc(findings, func(a, b Finding) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.What, b.What))
	})
	return findings, nil
}

func read(root string) (Tree, error) {
	tree := Tree{Root: root}
	err := filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() {
			if base := entry.Name(); rel != "." && (strings.HasPrefix(base, ".") || base == "node_modules" || base == "bin" || base == "testdata") {
				return filepath.SkipDir
			}
			return nil
		}
		if entry.Name() == "go.mod" && rel != "go.mod" {
			tree.Modules = append(tree.Modules, path.Dir(rel))
		}
		if strings.HasSuffix(rel, ".go") {
			file, err := readFile(name, rel)
			if err != nil {
				return err
			}
			tree.Files = append(tree.Files, file)
		}
		return nil
	})
	return tree, err
}

func readFile(name, rel string) (File, error) {
	source, err := os.ReadFile(name)
	if err != nil {
		return File{}, err
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), name, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return File{}, fmt.Errorf("reading %s: %w", rel, err)
	}
	parts := strings.Split(rel, "/")
	file := File{
		Path: rel, Module: moduleFolder(rel), Syntax: syntax,
		Test:      strings.HasSuffix(rel, "_test.go"),
		Generated: ast.IsGenerated(syntax),
		Lines:     strings.Count(string(source), "\n"),
	}
	if len(parts) > 2 {
		file.Layer = parts[1]
		if len(parts) > 3 && slices.Contains([]string{"domain", "ports", "app"}, parts[2]) {
			file.Layer = parts[2] // a service in parts: portal/groups/domain
		}
	}
	for _, spec := range syntax.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return File{}, err
		}
		file.Imports = append(file.Imports, imported)
	}
	return file, nil
}
