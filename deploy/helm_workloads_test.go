package deploy

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	batch "k8s.io/api/batch/v1"
	core "k8s.io/api/core/v1"
	policy "k8s.io/api/policy/v1"

	"go.updspace.com/libs/fx/servicefx"
)

// Every pod, of services and of jobs, is confined.
func TestPodsAreConfined(t *testing.T) {
	t.Parallel()
	r := render(t, everything)
	pods := map[string]core.PodSpec{}
	for name, d := range all[apps.Deployment](r) {
		pods[name] = d.Spec.Template.Spec
	}
	for name, j := range all[batch.Job](r) {
		pods[name] = j.Spec.Template.Spec
		require.Equal(t, core.RestartPolicyNever, j.Spec.Template.Spec.RestartPolicy, name)
		require.NotNil(t, j.Spec.ActiveDeadlineSeconds, name)
	}
	require.Len(t, pods, 3*len(services))
	for name, pod := range pods {
		require.False(t, *pod.AutomountServiceAccountToken, name)
		require.False(t, *pod.EnableServiceLinks, name)
		require.False(t, pod.HostNetwork || pod.HostPID || pod.HostIPC, name)
		require.True(t, *pod.SecurityContext.RunAsNonRoot, name)
		require.EqualValues(t, 65532, *pod.SecurityContext.RunAsUser, name)
		require.Equal(t, core.SeccompProfileTypeRuntimeDefault, pod.SecurityContext.SeccompProfile.Type, name)
		for _, v := range pod.Volumes {
			require.Nil(t, v.HostPath, name)
			require.True(t, v.EmptyDir != nil && !v.EmptyDir.SizeLimit.IsZero() || v.ConfigMap != nil, "%s: %s", name, v.Name)
		}
		require.Empty(t, pod.InitContainers, name)
		require.Len(t, pod.Containers, 1, name)
		c := pod.Containers[0]
		require.False(t, *c.SecurityContext.AllowPrivilegeEscalation, name)
		require.True(t, *c.SecurityContext.ReadOnlyRootFilesystem, name)
		require.True(t, *c.SecurityContext.RunAsNonRoot, name)
		require.Nil(t, c.SecurityContext.Privileged, name)
		require.Equal(t, []core.Capability{"ALL"}, c.SecurityContext.Capabilities.Drop, name)
		require.Empty(t, c.SecurityContext.Capabilities.Add, name)
		for _, amounts := range []core.ResourceList{c.Resources.Requests, c.Resources.Limits} {
			require.False(t, amounts.Cpu().IsZero(), name)
			require.False(t, amounts.Memory().IsZero(), name)
		}
		require.LessOrEqual(t, c.Resources.Requests.Memory().Cmp(*c.Resources.Limits.Memory()), 0, name)
		require.NotContains(t, c.Image, "latest", name)
		require.Empty(t, c.EnvFrom, "%s: a Secret is read key by key", name)
	}
}

// Services are probed, spread, scaled and drained.
func TestServicesStayAvailable(t *testing.T) {
	t.Parallel()
	r := render(t)
	for _, name := range names() {
		d := all[apps.Deployment](r)["updspace-"+name]
		pod := d.Spec.Template.Spec
		c := pod.Containers[0]
		require.Equal(t, "updspace/"+name+":0.1.0", c.Image)
		require.Equal(t, []string{"serve"}, c.Args)
		require.Equal(t, "/health/live", c.StartupProbe.HTTPGet.Path)
		require.Equal(t, "/health/live", c.LivenessProbe.HTTPGet.Path)
		require.Equal(t, "/health/ready", c.ReadinessProbe.HTTPGet.Path)
		require.Equal(t, []core.ContainerPort{{Name: "http", ContainerPort: int32(services[name].port)}, {Name: "admin", ContainerPort: 9090}}, c.Ports) //nolint:gosec // a port

		labels := d.Spec.Template.Labels
		require.Subset(t, labels, d.Spec.Selector.MatchLabels)
		keys := []string{}
		for _, constraint := range pod.TopologySpreadConstraints {
			keys = append(keys, constraint.TopologyKey)
			require.Equal(t, d.Spec.Selector.MatchLabels, constraint.LabelSelector.MatchLabels)
		}
		require.Equal(t, []string{"kubernetes.io/hostname", "topology.kubernetes.io/zone"}, keys)
		require.Zero(t, d.Spec.Strategy.RollingUpdate.MaxUnavailable.IntValue())

		budget := all[policy.PodDisruptionBudget](r)["updspace-"+name]
		require.Equal(t, d.Spec.Selector.MatchLabels, budget.Spec.Selector.MatchLabels)
		require.Equal(t, 1, budget.Spec.MaxUnavailable.IntValue())
		scaler := all[autoscaling.HorizontalPodAutoscaler](r)["updspace-"+name]
		require.Equal(t, d.Name, scaler.Spec.ScaleTargetRef.Name)
		require.GreaterOrEqual(t, *scaler.Spec.MinReplicas, int32(2))
		require.Greater(t, scaler.Spec.MaxReplicas, *scaler.Spec.MinReplicas)
		require.Nil(t, d.Spec.Replicas, "the autoscaler counts")
		require.Equal(t, d.Spec.Selector.MatchLabels, all[core.Service](r)[d.Name].Spec.Selector)

		drain, err := time.ParseDuration(settingsOf(t, name, c.Env)["DRAIN_DELAY"])
		require.NoError(t, err)
		require.Positive(t, drain)
		require.Less(t, drain, servicefx.StopTimeout)
		require.Greater(t, time.Duration(*pod.TerminationGracePeriodSeconds)*time.Second, servicefx.StopTimeout)
		notReady := time.Duration(c.ReadinessProbe.PeriodSeconds*c.ReadinessProbe.FailureThreshold) * time.Second
		require.Greater(t, drain, notReady, "a stopping pod accepts requests until Kubernetes has noticed")
	}
}

// samples are values of the keys of Secrets.
var samples = map[string]string{
	"DATABASE_URL":            "postgres://db_app:p@a:5432,b:5432/db?target_session_attrs=read-write",
	"DATABASE_MIGRATE_URL":    "postgres://db_owner:p@a:5432/db",
	"NATS_URL":                "nats://token@nats-0:4222,nats://token@nats-1:4222",
	"REDIS_URL":               "redis://:p@redis:6379/0",
	"UPDSPACE_SIGNING_SECRET": strings.Repeat("s", 44),
	"OIDC_CLIENT_SECRET":      strings.Repeat("c", 44),
	"BLOB_S3_ACCESS_KEY":      "access",
	"BLOB_S3_SECRET_KEY":      "secret",
}

const sealKey = "k1:MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE="

// settingsOf is the environment of a container as its process sees it, when its Secret has what is required.
func settingsOf(t *testing.T, name string, variables []core.EnvVar) map[string]string {
	t.Helper()
	environment := map[string]string{}
	for _, v := range variables {
		require.NotContains(t, environment, v.Name)
		switch {
		case v.ValueFrom == nil:
			environment[v.Name] = v.Value
		case v.ValueFrom.ResourceFieldRef != nil:
			environment[v.Name] = "536870912"
		default:
			ref := v.ValueFrom.SecretKeyRef
			require.Equal(t, "updspace-"+name, ref.Name)
			require.Equal(t, v.Name, ref.Key)
			value, ok := samples[ref.Key]
			if strings.HasSuffix(ref.Key, "_SEAL_KEYS") {
				value, ok = sealKey, true
			}
			optional := ref.Optional != nil && *ref.Optional
			require.True(t, ok || optional, "no sample of %s", ref.Key)
			if ok {
				environment[v.Name] = value
			}
		}
	}
	return environment
}

// secretKeys are the keys that containers read from the Secret of a service, without those that may be missing.
func secretKeys(variables []core.EnvVar, optional bool) (keys []string) {
	for _, v := range variables {
		if v.ValueFrom != nil && v.ValueFrom.SecretKeyRef != nil && (v.ValueFrom.SecretKeyRef.Optional != nil) == optional {
			keys = append(keys, v.Name)
		}
	}
	return keys
}

// Services and their migrations start with what the chart gives them. Only migrations get the role that owns the tables.
func TestTheChartGivesEachServiceItsSettings(t *testing.T) {
	t.Parallel()
	for _, more := range []string{"", everything, "mail: { username: me }\nfiles: { publicEndpoint: https://files.example.org }\n"} {
		r := render(t, more)
		for _, name := range names() {
			served := all[apps.Deployment](r)["updspace-"+name].Spec.Template.Spec.Containers[0]
			migrated := all[batch.Job](r)["updspace-"+name+"-migrate"].Spec.Template.Spec.Containers[0]
			environment, migrations := settingsOf(t, name, served.Env), settingsOf(t, name, migrated.Env)
			requireSettings(t, name, environment)
			requireSettings(t, name, migrations)
			require.Equal(t, samples["DATABASE_MIGRATE_URL"], migrations["DATABASE_MIGRATE_URL"])
			require.NotContains(t, environment, "DATABASE_MIGRATE_URL")
			require.Equal(t, []string{"migrate"}, migrated.Args)
			require.Equal(t, served.Image, migrated.Image)
			require.Equal(t, services[name].files, slices.Contains(secretKeys(served.Env, false), "BLOB_S3_SECRET_KEY"), name)
			require.Equal(t, services[name].redis, slices.Contains(secretKeys(served.Env, true), "REDIS_URL"), name)
		}
	}
}

// Every setting of a service that holds a secret can be given by its Secret.
func TestSecretsAreGivenByReference(t *testing.T) {
	t.Parallel()
	r := render(t)
	secret := regexp.MustCompile(`SECRET|PASSWORD$|TOKEN|_KEYS?$|(DATABASE|REDIS|NATS)_URL$`)
	readme := read(t, "deploy", "helm", "updspace", "README.md")
	for _, name := range names() {
		params, err := services[name].settings()
		require.NoError(t, err)
		variables := all[apps.Deployment](r)["updspace-"+name].Spec.Template.Spec.Containers[0].Env
		referred := append(secretKeys(variables, false), secretKeys(variables, true)...)
		for _, p := range params {
			if secret.MatchString(p.Key) {
				require.Contains(t, referred, p.Key, name)
			}
		}
		for _, key := range referred {
			require.Contains(t, readme, "`"+key+"`")
		}
		for _, v := range variables {
			require.False(t, v.Value != "" && secret.MatchString(v.Name), "%s of %s is given in clear", v.Name, name)
		}
	}
}

// Migrations run before the new version serves, or after the cluster that this release makes.
func TestMigrationsRunFirst(t *testing.T) {
	t.Parallel()
	for more, hook := range map[string]string{"": "pre-install,pre-upgrade", everything: "post-install,pre-upgrade"} {
		for name, job := range all[batch.Job](render(t, more)) {
			require.Equal(t, hook, job.Annotations["helm.sh/hook"], name)
			weight := "0"
			if strings.HasSuffix(name, "-provision") {
				weight = "-5"
			}
			require.Equal(t, weight, job.Annotations["helm.sh/hook-weight"], name)
		}
	}
}
