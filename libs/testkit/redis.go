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

	"go.updspace.com/libs/devstack"
)

var redis = sync.OnceValues(func() (string, error) {
	if addr := os.Getenv(EnvRedisAddr); addr != "" {
		return addr, nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), serverPatience)
	defer cancel()
	own, err := devstack.StartRedis(ctx, devstack.Options{Log: quiet})
	if err != nil {
		return "", err
	}
	atEnd(own.Stop)
	return own.Addr, nil
})

// Redis returns host:port of a real Redis. The server belongs to the tests of
// the package alone unless UPDSPACE_TEST_REDIS_ADDR names one; it is emptied
// before and after the test, so tests that use it must not run in parallel. A
// test that stops or kills Redis starts its own with [devstack.StartRedis].
func Redis(t testing.TB) string {
	t.Helper()
	requireMain(t)
	addr, err := redis()
	if err != nil {
		t.Fatalf("testkit: %v", err)
	}
	flush := func() {
		if err := redisCommand(addr, "FLUSHALL"); err != nil {
			t.Errorf("testkit: emptying Redis: %v", err)
		}
	}
	flush()
	t.Cleanup(flush)
	return addr
}

// redisCommand sends one command without arguments and expects +OK.
func redisCommand(addr, command string) error {
	c, err := net.DialTimeout("tcp", addr, 5*time.Second)
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
