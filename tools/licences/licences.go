// Command licences checks that every Go module and npm package in what we ship is under a licence of the list, and writes their
// texts.
//
//	go run ./tools/licences           # names each that is not allowed
//	go run ./tools/licences -notice   # prints the third-party notices of a release
//	go run ./tools/licences -sbom v0.1.0   # prints the bill of materials of that release
//
// Shipped are the modules that the programs are linked with and the packages that the frontends depend on, development aside.
package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/google/licensecheck"
)

// allowed are the SPDX names of licences that ask for no more than a notice, or, as MPL-2.0 and OFL-1.1 do, bind their own files only.
var allowed = []string{"Apache-2.0", "MIT", "MIT-0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "0BSD", "MPL-2.0", "Unlicense", "CC0-1.0", "BlueOak-1.0.0", "OFL-1.1"}

// absent are packages that are installed with one that is shipped and are in no frontend, with the reason.
var absent = map[string]string{"argparse": "only the command of js-yaml uses it"}

// enough is which share of a licence file, in percent, must be text of known licences.
const enough = 75

// part is something of others that is in what we ship.
type part struct {
	name, version string
	// declared is the licence that an npm package states; Go modules state none.
	declared string
	texts    []text
}

type text struct{ file, content string }

func main() {
	notice := flag.Bool("notice", false, "print the notices of a release")
	bill := flag.String("sbom", "", "print the bill of materials of the release of that `version`")
	flag.Parse()
	if err := run(os.Stdout, *notice, *bill); err != nil {
		fmt.Fprintln(os.Stderr, "licences:", err)
		os.Exit(1)
	}
}

func run(out io.Writer, notice bool, bill string) error {
	modules, err := goModules()
	if err != nil {
		return err
	}
	packages, err := npmPackages(".")
	if err != nil {
		return err
	}
	parts := append(modules, packages...)
	if notice {
		return writeNotice(out, parts)
	}
	if bill != "" {
		return writeSBOM(out, bill, parts)
	}
	bad := 0
	for _, p := range parts {
		for _, why := range examine(p) {
			fmt.Fprintf(out, "%s %s: %s\n", p.name, p.version, why)
			bad++
		}
	}
	if bad > 0 {
		return fmt.Errorf("%d licences are not allowed", bad)
	}
	fmt.Fprintf(out, "licences: %d Go modules and %d npm packages are allowed\n", len(modules), len(packages))
	return nil
}

// examine says what is wrong with the licence of a part.
func examine(p part) []string {
	var wrong []string
	if p.declared != "" && !permits(p.declared) {
		wrong = append(wrong, p.declared+" is not allowed")
	}
	if len(p.texts) == 0 && p.declared == "" {
		return append(wrong, "it has no licence file")
	}
	known := false
	for _, t := range p.texts {
		if strings.HasPrefix(strings.ToUpper(t.file), "NOTICE") {
			continue
		}
		coverage := licensecheck.Scan([]byte(t.content))
		known = known || coverage.Percent >= enough
		for _, match := range coverage.Match {
			if !match.IsURL && !slices.Contains(allowed, match.ID) {
				wrong = append(wrong, fmt.Sprintf("%s has %s, which is not allowed", t.file, match.ID))
			}
		}
	}
	if !known && p.declared == "" {
		wrong = append(wrong, "no licence file is of a known licence")
	}
	return wrong
}

// identified are the licences of the files, each once.
func (p part) identified() []string {
	var found []string
	for _, t := range p.texts {
		for _, match := range licensecheck.Scan([]byte(t.content)).Match {
			if !match.IsURL && !slices.Contains(found, match.ID) {
				found = append(found, match.ID)
			}
		}
	}
	return found
}

// permits reads an SPDX expression without nesting: of an OR one must be allowed, of an AND all.
func permits(expression string) bool {
	expression = strings.Trim(expression, "()")
	return slices.ContainsFunc(strings.Split(expression, " OR "), func(choice string) bool {
		return !slices.ContainsFunc(strings.Split(choice, " AND "), func(name string) bool { return !slices.Contains(allowed, strings.TrimSpace(name)) })
	})
}

// goModules are the modules of others that packages of the programs come from.
func goModules() ([]part, error) {
	list := exec.Command("go", "list", "-deps", "-json=Module", "go.updspace.com/tools/cmd/updspace",
		"go.updspace.com/access/cmd/access", "go.updspace.com/activity/cmd/activity", "go.updspace.com/bff/cmd/bff", "go.updspace.com/events/cmd/events",
		"go.updspace.com/gamification/cmd/gamification", "go.updspace.com/identity/cmd/identity", "go.updspace.com/portal/cmd/portal", "go.updspace.com/voting/cmd/voting")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	type module struct {
		Path, Version, Dir string
		Main               bool
		Replace            *module
	}
	found := map[string]part{}
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct{ Module *module }
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, err
		}
		m := p.Module
		if m == nil || m.Main || found[m.Path].name != "" {
			continue
		}
		texts, err := readTexts(m.Dir)
		if err != nil {
			return nil, err
		}
		found[m.Path] = part{name: m.Path, version: m.Version, texts: texts}
	}
	return sorted(found), nil
}

// npmPackages are the packages of the lock file that are not for development only, and neither links to our own.
func npmPackages(root string) ([]part, error) {
	content, err := os.ReadFile(filepath.Join(root, "package-lock.json"))
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version, License    string
			Dev, Optional, Link bool
			DevOptional         bool `json:"devOptional"`
		}
	}
	if err := json.Unmarshal(content, &lock); err != nil {
		return nil, err
	}
	found := map[string]part{}
	for path, p := range lock.Packages {
		at := strings.LastIndex(path, "node_modules/")
		if at < 0 || p.Dev || p.DevOptional || p.Optional || p.Link {
			continue
		}
		name := path[at+len("node_modules/"):]
		if absent[name] != "" {
			continue
		}
		texts, err := readTexts(filepath.Join(root, path))
		if err != nil {
			return nil, err
		}
		found[path] = part{name: name, version: p.Version, declared: cmp.Or(p.License, "no licence"), texts: texts}
	}
	return sorted(found), nil
}

var textName = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|unlicense)([.-].*)?$`)

// readTexts reads the licence files of a folder. Programs in a language are not among them: license.go is source.
func readTexts(dir string) ([]text, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var texts []text
	for _, e := range entries {
		if e.IsDir() || !textName.MatchString(e.Name()) || slices.Contains([]string{".go", ".js", ".ts", ".mjs"}, filepath.Ext(e.Name())) {
			continue
		}
		content, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, text{e.Name(), string(content)})
	}
	return texts, nil
}

func sorted(found map[string]part) []part {
	parts := make([]part, 0, len(found))
	for _, p := range found {
		parts = append(parts, p)
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.version, b.version)) })
	return parts
}

func writeNotice(out io.Writer, parts []part) error {
	var b strings.Builder
	b.WriteString("UpdSpace contains the following works of others.\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "\n%s\n%s %s\n", strings.Repeat("-", 80), p.name, p.version)
		if len(p.texts) == 0 {
			fmt.Fprintf(&b, "Licence: %s\n", p.declared)
		}
		for _, t := range p.texts {
			fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(t.content))
		}
	}
	_, err := io.WriteString(out, b.String())
	return err
}
