// Command duplicates finds code that two services share line by line. Such code belongs in libs.
//
//	go run ./tools/duplicates
//
// It reads the hand-written production Go files of every service. Blank lines, comments, import blocks and lines
// without a letter or digit do not count. A run of at least six equal lines is a finding.
package main

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// minRun is how many equal lines in a row make a finding.
const minRun = 6

func main() {
	findings, err := find(".")
	if err != nil {
		fmt.Fprintln(os.Stderr, "duplicates:", err)
		os.Exit(2)
	}
	for _, f := range findings {
		fmt.Printf("%s:%d and %s:%d share %d lines\n", f.a.path, f.a.line, f.b.path, f.b.line, f.lines)
	}
	if len(findings) > 0 {
		os.Exit(1)
	}
}

// file is one source file: its counted lines, and where each stands in the file.
type file struct {
	service, path string
	text          []string
	number        []int
}

type place struct {
	path string
	line int
}

type finding struct {
	a, b  place
	lines int
}

// find compares all services below root. A service is a folder with a go.mod and a module.go.
func find(root string) ([]finding, error) {
	modules, err := filepath.Glob(filepath.Join(root, "*", "module.go"))
	if err != nil {
		return nil, err
	}
	var files []file
	for _, m := range modules {
		service := filepath.Base(filepath.Dir(m))
		err := filepath.WalkDir(filepath.Dir(m), func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !production(name) {
				return err
			}
			text, err := os.ReadFile(name)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, name)
			files = append(files, read(service, filepath.ToSlash(rel), string(text)))
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	return compare(files), nil
}

// production reports whether a file is hand-written code that runs in production.
func production(name string) bool {
	folder := filepath.Base(filepath.Dir(name))
	return strings.HasSuffix(name, ".go") && !strings.HasSuffix(name, "_test.go") && !strings.HasSuffix(name, ".gen.go") &&
		!strings.HasSuffix(folder, "test")
}

var (
	spaces = regexp.MustCompile(`\s+`)
	word   = regexp.MustCompile(`[\pL\pN]`)
)

func read(service, path, text string) file {
	f := file{service: service, path: path}
	imports := false
	for i, line := range strings.Split(text, "\n") {
		line = strings.TrimSpace(spaces.ReplaceAllString(line, " "))
		switch {
		case line == "import (":
			imports = true
		case imports:
			imports = line != ")"
		case strings.HasPrefix(line, "import ") || strings.HasPrefix(line, "package ") || strings.HasPrefix(line, "//"):
		case word.MatchString(line):
			f.text = append(f.text, line)
			f.number = append(f.number, i+1)
		}
	}
	return f
}

// compare reports the longest run of every pair of files of two services.
func compare(files []file) []finding {
	type start struct{ file, line int }
	seen := map[string][]start{} // by the text of minRun lines
	longest := map[[2]int]finding{}
	for i, f := range files {
		for l := 0; l+minRun <= len(f.text); l++ {
			key := strings.Join(f.text[l:l+minRun], "\n")
			for _, earlier := range seen[key] {
				g := files[earlier.file]
				if g.service == f.service {
					continue
				}
				n := minRun
				for earlier.line+n < len(g.text) && l+n < len(f.text) && g.text[earlier.line+n] == f.text[l+n] {
					n++
				}
				if pair := [2]int{earlier.file, i}; n > longest[pair].lines {
					longest[pair] = finding{place{g.path, g.number[earlier.line]}, place{f.path, f.number[l]}, n}
				}
			}
			seen[key] = append(seen[key], start{i, l})
		}
	}
	findings := make([]finding, 0, len(longest))
	for _, f := range longest {
		findings = append(findings, f)
	}
	slices.SortFunc(findings, func(a, b finding) int { return strings.Compare(a.a.path+a.b.path, b.a.path+b.b.path) })
	return findings
}
