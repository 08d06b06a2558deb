package deploy

import (
	"bufio"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	monitoring "github.com/prometheus-operator/prometheus-operator/pkg/apis/monitoring/v1"
	"github.com/stretchr/testify/require"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/yaml"
	sigsyaml "sigs.k8s.io/yaml"
)

// databaseCluster is what the chart sets of a Cluster of CloudNativePG, whose types are no module of their own.
type databaseCluster struct {
	meta.TypeMeta   `json:",inline"`
	meta.ObjectMeta `json:"metadata"`
	Spec            struct {
		Instances             int    `json:"instances"`
		ImageName             string `json:"imageName"`
		EnableSuperuserAccess bool   `json:"enableSuperuserAccess"`
		Storage               struct {
			Size         string `json:"size"`
			StorageClass string `json:"storageClass"`
		} `json:"storage"`
		Resources  core.ResourceRequirements `json:"resources"`
		PostgreSQL struct {
			Synchronous struct {
				Method string `json:"method"`
				Number int    `json:"number"`
			} `json:"synchronous"`
			Parameters map[string]string `json:"parameters"`
		} `json:"postgresql"`
		Backup map[string]any `json:"backup"`
	} `json:"spec"`
}

// kinds are the types of what the chart makes.
var kinds = map[string]func() any{
	"apps/v1/Deployment":                      func() any { return new(apps.Deployment) },
	"v1/Service":                              func() any { return new(core.Service) },
	"v1/ConfigMap":                            func() any { return new(core.ConfigMap) },
	"policy/v1/PodDisruptionBudget":           func() any { return new(policy.PodDisruptionBudget) },
	"autoscaling/v2/HorizontalPodAutoscaler":  func() any { return new(autoscaling.HorizontalPodAutoscaler) },
	"batch/v1/Job":                            func() any { return new(batch.Job) },
	"networking.k8s.io/v1/NetworkPolicy":      func() any { return new(networking.NetworkPolicy) },
	"networking.k8s.io/v1/Ingress":            func() any { return new(networking.Ingress) },
	"postgresql.cnpg.io/v1/Cluster":           func() any { return new(databaseCluster) },
	"monitoring.coreos.com/v1/ServiceMonitor": func() any { return new(monitoring.ServiceMonitor) },
}

// rendered are the objects of a release, by Kind/name, and the same as plain data.
type rendered struct {
	objects map[string]any
	plain   map[string]map[string]any
}

// least are the values that an operator must give.
const least = `
domain: example.org
trustedProxies: [10.42.0.0/16]
mail: { host: mail.example.org, from: "UpdSpace <noreply@example.org>" }
files: { endpoint: https://s3.example.org, bucket: updspace }
`

// everything also makes what is off by default.
const everything = `
otlpEndpoint: http://collector.monitoring:4318
postgresql: { cluster: { enabled: true }, provision: { enabled: true } }
serviceMonitor: { enabled: true }
`

func loadChart(t *testing.T) *chart.Chart {
	t.Helper()
	c, err := loader.Load(filepath.Join("helm", "updspace"))
	require.NoError(t, err)
	require.NoError(t, c.Validate())
	return c
}

func values(t *testing.T, texts ...string) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, text := range texts {
		var some map[string]any
		require.NoError(t, sigsyaml.UnmarshalStrict([]byte(text), &some))
		all = chartutil.MergeTables(some, all)
	}
	return all
}

// templates renders the chart as helm does, schema and all.
func templates(t *testing.T, texts ...string) (map[string]string, error) {
	t.Helper()
	c := loadChart(t)
	v, err := chartutil.ToRenderValues(c, values(t, texts...), chartutil.ReleaseOptions{Name: "updspace", Namespace: "updspace", IsInstall: true}, chartutil.DefaultCapabilities)
	if err != nil {
		return nil, err
	}
	return engine.Render(c, v)
}

// render decodes every object strictly: a field that Kubernetes does not know fails.
func render(t *testing.T, texts ...string) rendered {
	t.Helper()
	files, err := templates(t, append([]string{least}, texts...)...)
	require.NoError(t, err)
	r := rendered{map[string]any{}, map[string]map[string]any{}}
	for _, file := range slices.Sorted(maps.Keys(files)) {
		if !strings.HasSuffix(file, ".yaml") {
			continue
		}
		reader := yaml.NewYAMLReader(bufio.NewReader(strings.NewReader(files[file])))
		for {
			document, err := reader.Read()
			if err != nil {
				break
			}
			var plain map[string]any
			require.NoError(t, sigsyaml.UnmarshalStrict(document, &plain), "%s\n%s", file, document)
			if plain == nil {
				continue
			}
			make, ok := kinds[fmt.Sprintf("%s/%s", plain["apiVersion"], plain["kind"])]
			require.True(t, ok, "%s: unknown kind %s", file, plain["kind"])
			object := make()
			require.NoError(t, sigsyaml.UnmarshalStrict(document, object), "%s\n%s", file, document)
			key := fmt.Sprintf("%s/%s", plain["kind"], plain["metadata"].(map[string]any)["name"])
			require.NotContains(t, r.objects, key)
			r.objects[key], r.plain[key] = object, plain
		}
	}
	return r
}

// all are the objects of one type, by name.
func all[O any](r rendered) map[string]*O {
	found := map[string]*O{}
	for key, object := range r.objects {
		if o, ok := object.(*O); ok {
			_, name, _ := strings.Cut(key, "/")
			found[name] = o
		}
	}
	return found
}

func TestTheChartMakesWhatEachServiceNeeds(t *testing.T) {
	t.Parallel()
	r := render(t, everything)
	for _, name := range names() {
		for _, kind := range []string{"Deployment", "Service", "PodDisruptionBudget", "HorizontalPodAutoscaler", "NetworkPolicy"} {
			require.Contains(t, r.objects, kind+"/updspace-"+name)
		}
		require.Contains(t, r.objects, "Job/updspace-"+name+"-migrate")
		require.Contains(t, r.objects, "Job/updspace-"+name+"-provision")
	}
	for _, key := range []string{"Ingress/updspace", "NetworkPolicy/updspace-migrations", "Cluster/updspace-db", "ServiceMonitor/updspace", "ConfigMap/updspace-provision"} {
		require.Contains(t, r.objects, key)
	}
	require.Len(t, r.objects, 7*len(services)+5)
	require.Len(t, render(t).objects, 6*len(services)+2)
	require.Equal(t, read(t, "deploy", "postgres", "database.sql"), read(t, "deploy", "helm", "updspace", "files", "database.sql"),
		"the chart has a copy of database.sql")
	require.Equal(t, read(t, "deploy", "postgres", "database.sql"), all[core.ConfigMap](r)["updspace-provision"].Data["database.sql"])
}

func TestIngressLeadsToGatewayAndIdentity(t *testing.T) {
	t.Parallel()
	r := render(t)
	ingress := all[networking.Ingress](r)["updspace"]
	hosts := map[string]string{}
	for _, rule := range ingress.Spec.Rules {
		backend := rule.HTTP.Paths[0].Backend.Service
		hosts[rule.Host] = backend.Name
		target := all[core.Service](r)[backend.Name]
		require.True(t, slices.ContainsFunc(target.Spec.Ports, func(p core.ServicePort) bool { return p.Name == backend.Port.Name }))
	}
	require.Equal(t, map[string]string{"id.example.org": "updspace-identity", "*.example.org": "updspace-bff"}, hosts)
	require.ElementsMatch(t, slices.Collect(maps.Keys(hosts)), ingress.Spec.TLS[0].Hosts)
}
