package testkit

import (
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// natsPatience bounds the start of the embedded server, which takes
// milliseconds.
const natsPatience = 20 * time.Second

// NATS starts a NATS server with JetStream for the length of the test and
// returns its URL.
func NATS(t testing.TB) string {
	t.Helper()
	return NATSServer(t).URL
}

// Broker is a NATS server that a test may stop and start again.
type Broker struct {
	URL string

	t      testing.TB
	dir    string
	port   int
	server *server.Server
}

// NATSServer is NATS for tests of what happens while it is away.
func NATSServer(t testing.TB) *Broker {
	t.Helper()
	b := &Broker{t: t, dir: t.TempDir(), port: server.RANDOM_PORT}
	b.Start()
	t.Cleanup(b.Stop)
	return b
}

// Start brings the server up, with what it had stored, at the same address.
func (b *Broker) Start() {
	b.t.Helper()
	s, err := server.NewServer(&server.Options{
		Host: "127.0.0.1", Port: b.port, JetStream: true, StoreDir: b.dir, NoLog: true, NoSigs: true,
	})
	if err != nil {
		b.t.Fatalf("testkit: NATS: %v", err)
	}
	s.Start()
	if !s.ReadyForConnections(natsPatience) {
		b.t.Fatal("testkit: NATS does not start")
	}
	b.server = s
	b.URL = s.ClientURL()
	if _, err := fmt.Sscanf(b.URL, "nats://127.0.0.1:%d", &b.port); err != nil {
		b.t.Fatalf("testkit: NATS at %s: %v", b.URL, err)
	}
}

// Stop takes the server away. Stopping twice is fine.
func (b *Broker) Stop() {
	if b.server != nil {
		b.server.Shutdown()
		b.server.WaitForShutdown()
		b.server = nil
	}
}

// Cluster is a NATS cluster of three servers.
type Cluster struct {
	URL string // of all servers

	t       testing.TB
	options []*server.Options
	servers []*server.Server
}

const (
	clusterSize = 3
	// clusterPatience bounds the election of a leader, which takes seconds.
	clusterPatience = 2 * time.Minute
)

// NATSCluster starts a cluster for the length of the test.
func NATSCluster(t testing.TB) *Cluster {
	t.Helper()
	c := &Cluster{t: t, servers: make([]*server.Server, clusterSize)}
	var routes, urls []string
	for range clusterSize {
		client, route := freePort(t), freePort(t)
		urls, routes = append(urls, fmt.Sprintf("nats://127.0.0.1:%d", client)), append(routes, fmt.Sprintf("nats://127.0.0.1:%d", route))
		c.options = append(c.options, &server.Options{
			ServerName: fmt.Sprintf("n%d", len(urls)), Host: "127.0.0.1", Port: client, JetStream: true, StoreDir: t.TempDir(), NoLog: true, NoSigs: true,
			Cluster: server.ClusterOpts{Name: "test", Host: "127.0.0.1", Port: route},
		})
	}
	c.URL = strings.Join(urls, ",")
	for i, o := range c.options {
		o.Routes = server.RoutesFromStr(strings.Join(routes, ","))
		c.Start(i)
	}
	t.Cleanup(func() {
		for i := range c.servers {
			c.Kill(i)
		}
	})
	c.Await()
	return c
}

// Await waits until every server says that it is healthy, as a probe of Kubernetes asks it: its streams and consumers have a leader and
// all that the server missed. Before that, the loss of another server may be the loss of the quorum.
func (c *Cluster) Await() {
	c.t.Helper()
	look, late := time.NewTicker(20*time.Millisecond), time.After(clusterPatience)
	defer look.Stop()
	for !c.healthy() {
		select {
		case <-look.C:
		case <-late:
			c.t.Fatal("testkit: the NATS cluster is not healthy")
		}
	}
}

func (c *Cluster) healthy() bool {
	for _, s := range c.servers {
		answer := httptest.NewRecorder()
		s.HandleHealthz(answer, httptest.NewRequestWithContext(c.t.Context(), http.MethodGet, "/healthz", http.NoBody))
		if answer.Code != http.StatusOK || !s.JetStreamIsCurrent() {
			return false
		}
	}
	return true
}

// Start brings a server up, with what it had stored.
func (c *Cluster) Start(i int) {
	c.t.Helper()
	s, err := server.NewServer(c.options[i].Clone())
	if err != nil {
		c.t.Fatalf("testkit: NATS: %v", err)
	}
	s.Start()
	if !s.ReadyForConnections(natsPatience) {
		c.t.Fatal("testkit: NATS does not start")
	}
	c.servers[i] = s
}

// Kill takes a server away. The rest of the cluster goes on.
func (c *Cluster) Kill(i int) {
	if s := c.servers[i]; s != nil {
		s.Shutdown()
		s.WaitForShutdown()
		c.servers[i] = nil
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
