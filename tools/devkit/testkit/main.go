package testkit

import (
	"fmt"
	"log/slog"
	"os"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

// The environment variables that name servers for the tests of many packages.
const (
	EnvPostgresURL = "UPDSPACE_TEST_POSTGRES_URL" // of a superuser; used instead of one of our own
	EnvRedisAddr   = "UPDSPACE_TEST_REDIS_ADDR"   // host:port; used where we cannot start one
)

// quiet is where the servers' own news goes; what is wrong comes back as an error.
var quiet = slog.New(slog.DiscardHandler)

// process is what the tests of one package share.
var process struct {
	mu      sync.Mutex
	running bool     // inside Main
	stops   []func() // in the order of starting
}

// atEnd registers what Main must undo.
func atEnd(stop func()) {
	process.mu.Lock()
	defer process.mu.Unlock()
	process.stops = append(process.stops, stop)
}

// AtEnd registers what [Main] undoes after the tests of the package, the latest first: for what they share.
func AtEnd(stop func()) { atEnd(stop) }

func requireMain(t testing.TB) {
	t.Helper()
	process.mu.Lock()
	defer process.mu.Unlock()
	if !process.running {
		t.Fatal("testkit: the package needs `func TestMain(m *testing.M) { testkit.Main(m) }` to stop the servers it starts")
	}
}

// Main runs a package's tests, stops the servers they asked for and fails when
// a goroutine is left behind.
func Main(m *testing.M, leaks ...goleak.Option) {
	os.Exit(run(m, leaks))
}

func run(m *testing.M, leaks []goleak.Option) int {
	process.mu.Lock()
	process.running = true
	process.mu.Unlock()
	defer stopAll()

	code := m.Run()
	stopAll()
	if code != 0 {
		return code
	}
	if err := goleak.Find(append(leaks, LeftByNATS()...)...); err != nil {
		fmt.Fprintf(os.Stderr, "testkit: goroutines left behind: %v\n", err)
		return 1
	}
	return 0
}

// LeftByNATS are the goroutines that an embedded NATS server may leave behind: one that stops while it stores an atomic batch
// keeps the batch, to finish it when it starts again, and its loops with it; and one that overwrites messages in an old block may keep the loop
// which it starts to write there.
func LeftByNATS() []goleak.Option {
	const server = "github.com/nats-io/nats-server/v2/server"
	return []goleak.Option{
		goleak.IgnoreTopFunction(server + ".(*fileStore).flushStreamStateLoop"),
		goleak.IgnoreTopFunction(server + "/ats.Register.func1"),
		goleak.IgnoreTopFunction(server + ".(*msgBlock).flushLoop"),
	}
}

func stopAll() {
	process.mu.Lock()
	stops := process.stops
	process.stops = nil
	process.mu.Unlock()
	for i := len(stops) - 1; i >= 0; i-- {
		stops[i]()
	}
}
