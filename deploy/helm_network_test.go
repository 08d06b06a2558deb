package deploy

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
)

// flow is one thing that a NetworkPolicy allows: who or what is at the other end, and the port there.
type flow struct{ peer, port string }

// flowsOf turns rules into flows. named tells what a peer is.
func flowsOf(t *testing.T, peers []networking.NetworkPolicyPeer, ports []networking.NetworkPolicyPort) (flows []flow) {
	t.Helper()
	require.NotEmpty(t, ports, "a rule without ports allows all of them")
	ends := []string{}
	for _, p := range peers {
		ends = append(ends, peerOf(t, p))
	}
	if len(peers) == 0 {
		ends = []string{"anywhere"}
	}
	for _, end := range ends {
		for _, port := range ports {
			require.Nil(t, port.EndPort)
			flows = append(flows, flow{end, fmt.Sprintf("%s/%s", port.Port.String(), *port.Protocol)})
		}
	}
	return flows
}

func peerOf(t *testing.T, p networking.NetworkPolicyPeer) string {
	t.Helper()
	switch {
	case p.IPBlock != nil && p.IPBlock.CIDR == "0.0.0.0/0":
		require.Subset(t, p.IPBlock.Except, []string{"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8"})
		return "internet"
	case p.IPBlock != nil:
		require.Equal(t, "2000::/3", p.IPBlock.CIDR)
		return "internet6"
	case p.NamespaceSelector != nil:
		return "namespace " + p.NamespaceSelector.MatchLabels["kubernetes.io/metadata.name"]
	}
	labels := p.PodSelector.MatchLabels
	if cluster := labels["cnpg.io/cluster"]; cluster != "" {
		require.Len(t, labels, 1)
		return "cluster " + cluster
	}
	require.Equal(t, selector(labels["app.kubernetes.io/name"], "service"), labels)
	return labels["app.kubernetes.io/name"]
}

func selector(name, component string) map[string]string {
	return map[string]string{"app.kubernetes.io/name": name, "app.kubernetes.io/instance": "updspace", "app.kubernetes.io/component": component}
}

func allowed(t *testing.T, p *networking.NetworkPolicy) (in, out []flow) {
	t.Helper()
	for _, rule := range p.Spec.Ingress {
		in = append(in, flowsOf(t, rule.From, rule.Ports)...)
	}
	for _, rule := range p.Spec.Egress {
		out = append(out, flowsOf(t, rule.To, rule.Ports)...)
	}
	return in, out
}

// NetworkPolicies allow the calls of the table and nothing else, at both ends.
func TestNetworkPoliciesAreTheListOfCalls(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		values, database string
		traces           bool
	}{{"", "anywhere", false}, {everything, "cluster updspace-db", true}} {
		policies := all[networking.NetworkPolicy](render(t, c.values))
		require.Len(t, policies, len(services)+1)
		dns := []flow{{"namespace kube-system", "53/UDP"}, {"namespace kube-system", "53/TCP"}}
		for _, name := range names() {
			s := services[name]
			own := port(s.port) + "/TCP"
			in := []flow{{"namespace monitoring", "9090/TCP"}}
			if name == "bff" || name == "identity" {
				in = append(in, flow{"namespace ingress-nginx", own})
			}
			for _, caller := range names() {
				if slices.Contains(services[caller].calls, name) {
					in = append(in, flow{caller, own})
				}
			}
			out := append(slices.Clone(dns), flow{c.database, "5432/TCP"}, flow{"anywhere", "4222/TCP"})
			for _, callee := range s.calls {
				out = append(out, flow{callee, port(services[callee].port) + "/TCP"})
			}
			if s.redis {
				out = append(out, flow{"anywhere", "6379/TCP"})
			}
			if s.files {
				out = append(out, flow{"anywhere", "443/TCP"})
			}
			if s.internet {
				out = append(out, flow{"internet", "80/TCP"}, flow{"internet", "443/TCP"}, flow{"internet6", "80/TCP"}, flow{"internet6", "443/TCP"})
			}
			if name == "identity" {
				out = append(out, flow{"anywhere", "587/TCP"})
			}
			if c.traces {
				out = append(out, flow{"anywhere", "4318/TCP"})
			}
			p := policies["updspace-"+name]
			require.Equal(t, selector(name, "service"), p.Spec.PodSelector.MatchLabels)
			requireBothWays(t, p)
			gotIn, gotOut := allowed(t, p)
			require.ElementsMatch(t, in, gotIn, name)
			require.ElementsMatch(t, out, gotOut, name)
		}
		jobs := policies["updspace-migrations"]
		require.Equal(t, map[string]string{"app.kubernetes.io/instance": "updspace", "app.kubernetes.io/component": "migration"}, jobs.Spec.PodSelector.MatchLabels)
		requireBothWays(t, jobs)
		in, out := allowed(t, jobs)
		require.Empty(t, in)
		require.ElementsMatch(t, append(slices.Clone(dns), flow{c.database, "5432/TCP"}), out)
	}
}

func requireBothWays(t *testing.T, p *networking.NetworkPolicy) {
	t.Helper()
	require.Equal(t, []networking.PolicyType{networking.PolicyTypeIngress, networking.PolicyTypeEgress}, p.Spec.PolicyTypes)
}

// What services call is there: the address in each setting is that of a Service with that port.
func TestAddressesAreThoseOfServices(t *testing.T) {
	t.Parallel()
	r := render(t)
	for _, name := range names() {
		target := all[core.Service](r)["updspace-"+name]
		require.Equal(t, []int32{int32(services[name].port), 9090}, []int32{target.Spec.Ports[0].Port, target.Spec.Ports[1].Port}) //nolint:gosec // a port
		require.Equal(t, core.ServiceType(""), target.Spec.Type)
	}
	for _, name := range names() {
		requireCalls(t, r, name)
	}
}

// requireCalls checks that a service is given the addresses of those that it calls, and of no others.
func requireCalls(t *testing.T, r rendered, name string) {
	t.Helper()
	environment := settingsOf(t, name, all[apps.Deployment](r)["updspace-"+name].Spec.Template.Spec.Containers[0].Env)
	for _, other := range names() {
		address := fmt.Sprintf("http://updspace-%s:%d", other, services[other].port)
		given := slices.ContainsFunc(slices.Collect(maps.Values(environment)), func(v string) bool { return v == address || strings.HasPrefix(v, address+"/") })
		require.Equal(t, slices.Contains(services[name].calls, other), given, "%s to %s", name, other)
	}
}
