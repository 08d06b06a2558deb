package deploy

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"
	"github.com/stretchr/testify/require"
	sigsyaml "sigs.k8s.io/yaml"
)

// rules is a file of rules of Prometheus.
type rules struct {
	Groups []struct {
		Name  string `json:"name"`
		Rules []rule `json:"rules"`
	} `json:"groups"`
}

type rule struct {
	Record      string            `json:"record"`
	Alert       string            `json:"alert"`
	Expr        string            `json:"expr"`
	For         string            `json:"for"`
	Labels      map[string]string `json:"labels"`
	Annotations map[string]string `json:"annotations"`
}

func allRules(t *testing.T) (found []rule) {
	t.Helper()
	var file rules
	require.NoError(t, sigsyaml.UnmarshalStrict([]byte(read(t, "deploy", "observability", "rules.yaml")), &file))
	for _, group := range file.Groups {
		found = append(found, group.Rules...)
	}
	require.NotEmpty(t, found)
	return found
}

// dashboard is what the tests read of a dashboard.
type dashboard struct {
	UID    string `json:"uid"`
	Panels []struct {
		ID      int    `json:"id"`
		Title   string `json:"title"`
		Targets []struct {
			Expr string `json:"expr"`
		} `json:"targets"`
	} `json:"panels"`
}

// ofGrafana replaces Grafana's variables by what they may be.
var ofGrafana = strings.NewReplacer("$__rate_interval", "5m", "$service", "voting")

// queries are all expressions of the rules and dashboards, by where they stand.
func queries(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, r := range allRules(t) {
		found["rules.yaml: "+r.Record+r.Alert+" "+r.Labels["slo"]] = r.Expr
	}
	files, err := filepath.Glob(filepath.Join("observability", "dashboards", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	uids := map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var d dashboard
		require.NoError(t, json.NewDecoder(bytes.NewReader(text)).Decode(&d), file)
		require.False(t, uids[d.UID], "two dashboards have the id %s", d.UID)
		uids[d.UID] = true
		for _, p := range d.Panels {
			require.NotEmpty(t, p.Targets, "%s: %s", file, p.Title)
			for i, target := range p.Targets {
				found[filepath.Base(file)+": "+p.Title+port(i)] = ofGrafana.Replace(target.Expr)
			}
		}
	}
	return found
}

// selectors are the series that an expression reads.
func selectors(t *testing.T, where, expr string) (found []*parser.VectorSelector) {
	t.Helper()
	parsed, err := parser.NewParser(parser.Options{}).ParseExpr(expr)
	require.NoError(t, err, where)
	parser.Inspect(parsed, func(node parser.Node, _ []parser.Node) error {
		if v, ok := node.(*parser.VectorSelector); ok {
			found = append(found, v)
		}
		return nil
	})
	return found
}

// familyOf is the name under which a service exports a series.
func familyOf(series string) string {
	for _, suffix := range []string{"_bucket", "_count", "_sum"} {
		if family, ok := strings.CutSuffix(series, suffix); ok {
			return family
		}
	}
	return series
}

// Every query parses, and reads series that metrics.txt lists, that a rule records, or that are Prometheus' own. TestQueriedMetricsAreExported in
// tools/e2e holds metrics.txt against the running platform.
func TestQueriesReadWhatIsExported(t *testing.T) {
	t.Parallel()
	recorded := map[string]bool{}
	for _, r := range allRules(t) {
		recorded[r.Record] = r.Record != ""
	}
	used := map[string]bool{}
	for where, expr := range queries(t) {
		read := selectors(t, where, expr)
		for _, s := range read {
			if !recorded[s.Name] && s.Name != "up" {
				used[familyOf(s.Name)] = true
			}
		}
	}
	require.Equal(t, slices.Sorted(maps.Keys(used)), strings.Fields(read(t, "deploy", "observability", "metrics.txt")))
}

// A matcher names services, operations and consumers that there are: a name that has changed would leave an alert silent.
func TestQueriesNameWhatThereIs(t *testing.T) {
	t.Parallel()
	operations := []string{"portal page"} // the gateway's own
	for _, spec := range []string{"identity", "voting"} {
		for _, m := range regexp.MustCompile(`operationId: (\w+)`).FindAllStringSubmatch(read(t, "api", "openapi", spec+".yaml"), -1) {
			operations = append(operations, m[1])
		}
	}
	require.Contains(t, read(t, "bff", "adapters", "httpapi", "portalpage.go"), `"portal page"`)
	known := map[string][]string{
		"service": names(), "operation": operations, "consumer": {"activity-feed"}, "slo": {"sign-in", "page", "vote", "feed"},
		"outcome": {"handled", "repeated", "failed", "dead", "hit", "miss", "bypass"},
	}
	require.Contains(t, read(t, "activity", "module.go"), `Consumer("activity-feed"`)
	for where, expr := range queries(t) {
		for _, s := range selectors(t, where, expr) {
			for _, m := range s.LabelMatchers {
				if values, ok := known[m.Name]; ok && (m.Type == labels.MatchEqual || m.Type == labels.MatchRegexp) {
					for value := range strings.SplitSeq(m.Value, "|") {
						require.Contains(t, values, value, where)
					}
				}
			}
		}
	}
}

// Each alert says how urgent it is and what to do, and each page of what to do belongs to an alert.
func TestAlertsHaveRunbooks(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(at("docs", "operate", "runbooks", "*.md"))
	require.NoError(t, err)
	named := map[string][]string{}
	for _, r := range allRules(t) {
		if r.Alert == "" {
			continue
		}
		require.Contains(t, []string{"page", "ticket"}, r.Labels["severity"], r.Alert)
		require.NotEmpty(t, r.Annotations["summary"], r.Alert)
		named[at(r.Annotations["runbook"])] = append(named[at(r.Annotations["runbook"])], r.Alert)
	}
	require.ElementsMatch(t, pages, slices.Collect(maps.Keys(named)))
	for page, alerts := range named {
		text, err := os.ReadFile(page)
		require.NoError(t, err)
		for _, alert := range alerts {
			require.Contains(t, string(text), "`"+alert+"`", page)
		}
		for _, section := range []string{"## What it means", "## What to look at", "## What to do"} {
			require.Contains(t, string(text), section, page)
		}
	}
}

// Each objective is recorded over every window, has a budget, and is explained.
func TestObjectivesAreComplete(t *testing.T) {
	t.Parallel()
	have := map[string][]string{}
	for _, r := range allRules(t) {
		if r.Record != "" {
			have[r.Labels["slo"]] = append(have[r.Labels["slo"]], r.Record)
		}
	}
	text := read(t, "docs", "operate", "observability.md")
	require.Len(t, have, 4)
	for slo, records := range have {
		require.ElementsMatch(t, []string{"slo:error_budget", "slo:error_ratio:5m", "slo:error_ratio:30m", "slo:error_ratio:1h", "slo:error_ratio:6h"}, records, slo)
		require.Contains(t, text, "| "+slo+" |")
	}
}
