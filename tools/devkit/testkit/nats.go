package testkit

import (
	"fmt"
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
