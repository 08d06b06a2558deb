package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"go.updspace.com/tools/platform"
)

func TestDemoAccountsHaveShortNames(t *testing.T) {
	require.Equal(t, "member@aef.test", demoAccount("member"))
	require.Equal(t, "root@updspace.test", demoAccount("root"))
	require.Equal(t, "mem", demoAccount("mem"))
	require.Equal(t, "someone@else.test", demoAccount("someone@else.test"))
}

func TestStackPassesTheExitCodeOn(t *testing.T) {
	t.Setenv("UPDSPACE_TEST_POSTGRES_URL", "postgres://given")
	t.Setenv("UPDSPACE_TEST_REDIS_ADDR", "given:1")
	run := func(command ...string) error { return (&stackCmd{Command: command}).Run(t.Context()) }
	require.NoError(t, run("--", "true"))
	require.Equal(t, exit(7), run("sh", "-c", "exit 7"))
	require.Equal(t, exit(137), run("sh", "-c", "kill -9 $$"))
	require.NoError(t, run("sh", "-c", `test "$UPDSPACE_TEST_POSTGRES_URL" = postgres://given`))
	require.Error(t, run("/does/not/exist"))
	require.Error(t, run("--"))
}

func TestStackPassesSignalsOn(t *testing.T) {
	t.Setenv("UPDSPACE_TEST_POSTGRES_URL", "postgres://given")
	t.Setenv("UPDSPACE_TEST_REDIS_ADDR", "given:1")
	started := filepath.Join(t.TempDir(), "started")
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		for range time.Tick(5 * time.Millisecond) {
			if _, err := os.Stat(started); err == nil {
				cancel()
				return
			}
		}
	}()
	require.Equal(t, exit(9), (&stackCmd{Command: []string{"sh", "-c", `trap "exit 9" TERM; : >"$0"; while :; do sleep 0.05; done`, started}}).Run(ctx))
}

func TestDemoTellsAPlatformThatIsNotUpFromOneThatIsWrong(t *testing.T) {
	refused := fmt.Errorf("step 1: %w", &url.Error{Op: "Get", URL: "http://x", Err: &net.OpError{Op: "dial", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}})
	require.Contains(t, demoCmd{}.failure(refused), "`make up`")
	wrong := demoCmd{}.failure(errors.New("step 3, this: answered 500, not 200"))
	require.Contains(t, wrong, "step 3, this: answered 500, not 200")
	require.NotContains(t, wrong, "make up")
}

func TestDoctorsVerdict(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, report(&out, []finding{{"go", good, ""}, {"make", lesser, "not found"}, {"Redis", fetched, ""}}))
	require.Contains(t, out.String(), "`make up` can work")
	for _, s := range []state{bad, old, busy} {
		require.Equal(t, exit(1), report(&out, []finding{{"go", s, ""}}))
	}
}

func TestDoctorReadsVersions(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("PATH", dir)
	script := func(name, says string) {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\necho '"+says+"'\n"), 0o755))
	}
	script("go", "go version go1.25.9 linux/amd64")
	script("node", "v20.20.2")
	require.Equal(t, old, program(t.Context(), "go", nil, []int{1, 26}, bad, "").state)
	require.Equal(t, good, program(t.Context(), "go", nil, []int{1, 25}, bad, "").state)
	require.Equal(t, good, program(t.Context(), "node", nil, []int{20, 0}, lesser, "").state)
	require.Equal(t, lesser, program(t.Context(), "node", nil, []int{22, 0}, lesser, "").state)
	require.Equal(t, bad, program(t.Context(), "gone", nil, []int{1, 0}, bad, "").state)
}

func TestDoctorNamesWhoHoldsAPort(t *testing.T) {
	port := platform.FixedPorts()[0]
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: port.Port})
	if err == nil { // otherwise another process holds it, which serves as well
		defer l.Close()
	}
	for _, f := range portFindings(t.TempDir()) {
		if f.what == "port 8001" {
			require.Equal(t, busy, f.state)
			require.Contains(t, f.note, "held by")
			return
		}
	}
	t.Fatal("no finding for the port")
}

func TestEnvFlagsAreRead(t *testing.T) {
	env, err := settings([]string{"A=1", "bff:B=x=y", "bff:C="})
	require.NoError(t, err)
	require.Equal(t, map[string]map[string]string{"": {"A": "1"}, "bff": {"B": "x=y", "C": ""}}, env)
	for _, wrong := range []string{"A", "=1", "nothing:A=1", "bff:=1"} {
		_, err := settings([]string{wrong})
		require.ErrorContains(t, err, "--env", wrong)
	}
}

func TestDirIsTheWorkspaces(t *testing.T) {
	root := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(root, "go.work"), nil, 0o644))
	deep := filepath.Join(root, "a", "b")
	require.NoError(t, os.MkdirAll(deep, 0o755))
	t.Chdir(deep)
	dir, err := (&cli{}).dir()
	require.NoError(t, err)
	require.Equal(t, filepath.Join(root, ".dev"), dir)
	t.Chdir(t.TempDir())
	_, err = (&cli{}).dir()
	require.ErrorContains(t, err, "go.work")
}
