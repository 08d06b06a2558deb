package arch

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// treeRules look at the workspace as a whole.
var treeRules = []func(Tree) []Finding{servicesAreAlike, modulesAreWorkspace}

// servicesAreAlike: all services have the same layout. A layer may be in the parts of the service: portal/groups/app.
func servicesAreAlike(tree Tree) []Finding {
	var findings []Finding
	for _, service := range tree.Services() {
		for _, want := range []string{
			service + "/README.md", service + "/Dockerfile", service + "/module.go", service + "/cmd/" + service + "/main.go",
			service + "/adapters/httpapi", "api/openapi/" + service + ".yaml",
		} {
			if _, err := os.Stat(filepath.Join(tree.Root, want)); err != nil {
				findings = append(findings, Finding{want, "missing"})
			}
		}
		for _, layer := range []string{"domain", "ports", "app"} {
			whole, _ := filepath.Glob(filepath.Join(tree.Root, service, layer))
			parts, _ := filepath.Glob(filepath.Join(tree.Root, service, "*", layer))
			if len(whole)+len(parts) == 0 {
				findings = append(findings, Finding{service + "/" + layer, "missing"})
			}
		}
	}
	return findings
}

var (
	workUse    = regexp.MustCompile(`(?m)^\s*(?:use\s+)?\./(\S+)`)
	moduleLine = regexp.MustCompile(`(?m)^module\s+(\S+)`)
	required   = regexp.MustCompile(`(?m)^\s*(?:require\s+)?go\.updspace\.com/(\S+)\s+v`)
	replaced   = regexp.MustCompile(`(?m)^\s*(?:replace\s+)?go\.updspace\.com/(\S+)\s+=>\s+\.{1,2}/(?:\.\./)*(\S+)`)
)

// modulesAreWorkspace: go.work names every module, and each module finds the others beside it, so that it builds alone.
func modulesAreWorkspace(tree Tree) []Finding {
	var findings []Finding
	work, err := os.ReadFile(filepath.Join(tree.Root, "go.work"))
	if err != nil {
		return []Finding{{"go.work", err.Error()}}
	}
	used := submatches(workUse, string(work))
	for _, module := range tree.Modules {
		file := module + "/go.mod"
		if !slices.Contains(used, module) {
			findings = append(findings, Finding{"go.work", "does not use ./" + module})
		}
		content, err := os.ReadFile(filepath.Join(tree.Root, file))
		if err != nil {
			findings = append(findings, Finding{file, err.Error()})
			continue
		}
		text := string(content)
		if names := submatches(moduleLine, text); !slices.Equal(names, []string{modulePrefix + module}) {
			findings = append(findings, Finding{file, "is not module " + modulePrefix + module})
		}
		replacements := submatches(replaced, text)
		for _, other := range submatches(required, text) {
			if !slices.Contains(replacements, path.Base(other)) && !slices.Contains(replacements, other) {
				findings = append(findings, Finding{file, "requires " + other + " without replacing it by ../" + other})
			}
		}
	}
	return findings
}

func submatches(pattern *regexp.Regexp, text string) []string {
	var found []string
	for _, match := range pattern.FindAllStringSubmatch(text, -1) {
		found = append(found, strings.TrimSuffix(match[1], "/"))
	}
	return found
}
