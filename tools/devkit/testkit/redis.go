package testkit

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"go.updspace.com/tools/devkit/devstack"
)

// redisServer is the Redis of this package's tests.
type redisServer struct {
	addr string
	ours bool // started by this process, so it may be emptied
}

var redis = sync.OnceValues(func() (redisServer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
	defer cancel()
	own, err := devstack.StartRedis(ctx, devstack.Options{Log: quiet})
	given := os.Getenv(EnvRedisAddr)
	switch {
	case err != nil && given != "":
		return redisServer{addr: given}, nil
	case err != nil:
		return redisServer{}, err
	}
	atEnd(own.Stop)
	if own.StandIn && given != "" {
		return redisServer{addr: given}, nil
	}
	return redisServer{addr: own.Addr, ours: os.Getenv(devstack.EnvRedisAddr) == ""}, nil
})

// Redis returns host:port of a real Redis. It is started for the tests of the
// package alone, which takes milliseconds, and emptied before and after the
// test, so tests that use it must not run in parallel. Where no Redis can be
// started, one that is named by UPDSPACE_TEST_REDIS_ADDR serves; it is shared
// with others and not emptied. A test that stops or kills Redis starts its own
// with [devstack.StartRedis].
func Redis(t testing.TB) string {
	t.Helper()
	requireMain(t)
	server, err := redis()
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	if server.ours {
		empty := func() {
			if err := redisCommand(server.addr, "FLUSHALL"); err != nil {
				t.Errorf("testkit: emptying Redis: %v", err)
			}
		}
		empty()
		t.Cleanup(empty)
	}
	return server.addr
}

// redisCommand sends one command without arguments and expects +OK.
func redisCommand(addr, command string) error {
	dialer := net.Dialer{Timeout: 5 * time.Second}
	c, err := dialer.DialContext(context.Background(), "tcp", addr)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := c.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c, "%s\r\n", command); err != nil {
		return err
	}
	line, err := bufio.NewReader(c).ReadString('\n')
	if err != nil {
		return err
	}
	if !strings.HasPrefix(line, "+OK") {
		return fmt.Errorf("%s: %s", command, strings.TrimSpace(line))
	}
	return nil
}
