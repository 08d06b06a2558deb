package deploy

import (
	"fmt"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// flat lists the values of an object by their path.
func flat(prefix string, value any, into map[string]string) {
	switch v := value.(type) {
	case map[string]any:
		for key, child := range v {
			flat(prefix+"."+key, child, into)
		}
	case []any:
		for i, child := range v {
			at := fmt.Sprint(i)
			if named, ok := child.(map[string]any); ok && named["name"] != nil {
				at = fmt.Sprint(named["name"])
			}
			flat(prefix+"."+at, child, into)
		}
	default:
		into[prefix] = fmt.Sprint(v)
	}
}

// changes are the paths at which two releases differ.
func changes(a, b rendered) (paths []string) {
	before, after := map[string]string{}, map[string]string{}
	for key, object := range a.plain {
		flat(key, object, before)
	}
	for key, object := range b.plain {
		flat(key, object, after)
	}
	for path, value := range before {
		if other, ok := after[path]; !ok || other != value {
			paths = append(paths, path)
		}
	}
	for path := range after {
		if _, ok := before[path]; !ok {
			paths = append(paths, path)
		}
	}
	slices.Sort(paths)
	return paths
}

// A value changes what it names, everywhere where it should, and nothing else.
func TestAValueChangesWhatItNames(t *testing.T) {
	t.Parallel()
	before := render(t)
	eachEnv := func(name string) string {
		return `(Deployment/updspace-\w+|Job/updspace-\w+-migrate)\.spec\.template\.spec\.containers\.\w+\.env\.` + name + `\.\w+`
	}
	for _, c := range []struct {
		values string
		only   string // the paths that differ match
		times  int    // and are so many
	}{
		{"logLevel: DEBUG", eachEnv("LOG_LEVEL"), 16},
		{"drainDelay: 10s", eachEnv("DRAIN_DELAY"), 16},
		{"terminationGracePeriodSeconds: 60", `Deployment/updspace-\w+\.spec\.template\.spec\.terminationGracePeriodSeconds`, 8},
		{"mail: { port: 465 }", `(Deployment/updspace-identity|Job/updspace-identity-migrate)\..*\.env\.SMTP_PORT\.value|NetworkPolicy/updspace-identity\.spec\.egress\.\d+\.ports\.0\.port`, 3},
		{"mail: { username: me }", `(Deployment/updspace-identity|Job/updspace-identity-migrate)\..*\.env\.SMTP_USERNAME\.\w+`, 4},
		{"files: { bucket: other }", eachEnv("BLOB_S3_BUCKET"), 10},
		{"trustedProxies: [10.9.0.0/16]", `(Deployment/updspace-(bff|identity)|Job/updspace-(bff|identity)-migrate)\..*\.env\.TRUSTED_PROXIES\.value`, 4},
		{"image: { registry: example.org }", `(Deployment|Job)/updspace-[\w-]+\.spec\.template\.spec\.containers\.\w+\.image`, 16},
		{"services: { voting: { autoscaling: { maxReplicas: 20 } } }", `HorizontalPodAutoscaler/updspace-voting\.spec\.maxReplicas`, 1},
		{"services: { voting: { resources: { limits: { memory: 1Gi } } } }", `Deployment/updspace-voting\.spec\.template\.spec\.containers\.voting\.resources\.limits\.memory`, 1},
		{"services: { voting: { existingSecret: theirs } }", `(Deployment/updspace-voting|Job/updspace-voting-migrate)\..*\.env\.\w+\.valueFrom\.secretKeyRef\.name`, 15},
		{"services: { voting: { env: { DATABASE_MAX_CONNS: '8' } } }", `(Deployment/updspace-voting|Job/updspace-voting-migrate)\..*\.env\.DATABASE_MAX_CONNS\.\w+`, 4},
		{"services: { voting: { autoscaling: { enabled: false }, replicas: 3 } }", `HorizontalPodAutoscaler/updspace-voting\..*|Deployment/updspace-voting\.spec\.replicas`, 0},
		{"defaults: { scratch: 128Mi }", `Deployment/updspace-\w+\..*\.emptyDir\.sizeLimit`, 7}, // bff has its own
		{"networkPolicy: { nats: { port: 4333 } }", `NetworkPolicy/updspace-\w+\.spec\.egress\.\d+\.ports\.0\.port`, 8},
		{"networkPolicy: { redis: { to: [{ ipBlock: { cidr: 10.1.2.3/32 } }] } }", `NetworkPolicy/updspace-(bff|identity)\.spec\.egress\.\d+\.to\.0\.ipBlock\.cidr`, 2},
		{"networkPolicy: { enabled: false }", `NetworkPolicy/.*`, 0},
		{"ingress: { className: traefik }", `Ingress/updspace\.spec\.ingressClassName`, 1},
		{"ingress: { enabled: false }", `Ingress/.*`, 0},
		{"migrations: { backoffLimit: 9 }", `Job/updspace-\w+-migrate\.spec\.backoffLimit`, 8},
		{"serviceMonitor: { enabled: true }", `ServiceMonitor/updspace\..*`, 0},
		{"postgresql: { provision: { enabled: true } }", `Job/updspace-\w+-provision\..*|ConfigMap/updspace-provision\..*`, 0},
	} {
		paths := changes(before, render(t, c.values))
		require.NotEmpty(t, paths, c.values)
		only := regexp.MustCompile("^(" + c.only + ")$")
		for _, path := range paths {
			require.Regexp(t, only, path, c.values)
		}
		if c.times > 0 {
			require.Len(t, paths, c.times, "%s: %v", c.values, paths)
		}
	}
}

// A wrong value is refused before anything is installed.
func TestWrongValuesAreRefused(t *testing.T) {
	t.Parallel()
	_, err := templates(t, least)
	require.NoError(t, err)
	_, err = templates(t)
	require.ErrorContains(t, err, "values don't meet the specifications of the schema")
	for _, wrong := range []string{
		"domain: ''", "domain: https://example.org", "trustedProxies: []", "trustedProxies: [everyone]", "mail: { tls: maybe }", "mail: { port: 0 }", "files: { endpoint: s3 }",
		"logLevel: LOUD", "drainDelay: 60s", "drainDelay: 5m", "terminationGracePeriodSeconds: 20", "replicas: 3", "spread: []",
		"services: { votes: {} }", "services: { voting: { replica: 3 } }", "services: { voting: { autoscaling: { minReplicas: 1 } } }",
		"services: { voting: { resources: { limits: { cpu: lots } } } }", "services: { voting: { env: { DATABASE_URL: postgres:// } } }",
		"services: { identity: { env: { SMTP_PASSWORD: hunter2 } } }", "defaults: { env: { UPDSPACE_SIGNING_SECRET: x } }",
		"networkPolicy: { ingress: { from: [] } }", "networkPolicy: { internet: { to: [] } }", "postgresql: { cluster: { instances: 0 } }", "image: { pullPolicy: Sometimes }",
	} {
		_, err := templates(t, least, wrong)
		require.ErrorContains(t, err, "values don't meet the specifications of the schema", wrong)
	}
}
